using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Laurel.Cli;
using Laurel.Cli.Calling;

namespace Laurel.System.Tests.Guide;

/// <summary>Plays pages of the guide in a folder: writes their files, runs their commands.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A block of <c>yaml</c> is a file, named in its first line: <c># club/program.yaml</c>.</item>
/// <item>A block of <c>json</c> or <c>csv</c> is a file, named at the end of the line above it: <c>`facts.jsonl`:</c>.</item>
/// <item>A block of <c>diff</c> changes a file, named in its first line: <c># in club/program.yaml</c>. Other lines begin with a space, a minus or a plus.</item>
/// <item>A block of <c>console</c> has commands after <c>$ </c>, each with what it prints.</item>
/// </list>
/// </remarks>
/// <param name="folder">Where the reader of the page stands.</param>
internal sealed partial class GuidePlayer(string folder)
{
    /// <summary>What is printed depends on when it is asked for.</summary>
    private static readonly TimeProvider Clock = new Stopped();

    /// <summary>Plays a page. Gives it back with what its commands really print; it is the same where the page is right.</summary>
    /// <exception cref="InvalidOperationException">A block can't be played.</exception>
    public string Play(string page) => Block().Replace(page, block =>
    {
        var text = block.Groups["text"].Value;
        switch (block.Groups["language"].Value)
        {
            case "yaml": Write(NameOf(text, "# "), text); return block.Value;
            case "json" or "csv": Write(block.Groups["above"].Value, text); return block.Value;
            case "diff": Change(NameOf(text, "# in "), text.Split('\n')[1..^1]); return block.Value;
            case "console": return $"{block.Groups["before"].Value}```console\n{Run(text)}```";
            case var other: throw new InvalidOperationException($"a block of `{other}` can't be played:\n{text}");
        }
    });

    /// <summary>The words of a command as a shell reads them: what stands in quotes is one, and a line goes on after a backslash.</summary>
    public static string[] Words(string command) =>
        [.. Word().Matches(command.Replace("\\\n", " ", StringComparison.Ordinal)).Select(word => word.Groups["quoted"].Success ? word.Groups["quoted"].Value : word.Value)];

    private static string NameOf(string text, string mark)
    {
        var first = text.Split('\n')[0];
        return first.StartsWith(mark, StringComparison.Ordinal) ? first[mark.Length..] : throw new InvalidOperationException($"the first line names no file after `{mark}`:\n{text}");
    }

    private void Write(string file, string text)
    {
        if (file.Length == 0) { throw new InvalidOperationException($"the line above names no file:\n{text}"); }
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Change(string file, string[] lines)
    {
        var path = Path.Combine(folder, file);
        var text = File.ReadAllText(path);
        var before = Side(lines, '-');
        var at = text.IndexOf(before, StringComparison.Ordinal);
        if (at < 0) { throw new InvalidOperationException($"{file} has no such lines:\n{before}"); }
        File.WriteAllText(path, text.Remove(at, before.Length).Insert(at, Side(lines, '+')));
    }

    private static string Side(string[] lines, char mark) =>
        string.Concat(lines.Where(line => line[0] == ' ' || line[0] == mark).Select(line => line[1..] + "\n"));

    private string Run(string session)
    {
        var said = new StringBuilder();
        foreach (var command in Command().Matches(session).Select(match => match.Groups["command"].Value))
        {
            if (said.Length > 0) { said.Append('\n'); }
            said.Append("$ ").Append(command).Append('\n').Append(Said(command));
        }
        return said.ToString();
    }

    /// <summary>What a command prints, without the empty lines at its end.</summary>
    private string Said(string command)
    {
        var said = Words(command) is ["laurel", .. var arguments] ? OfLaurel(arguments) : OfShell(command);
        return said.TrimEnd('\n') is { Length: > 0 } some ? some + "\n" : "";
    }

    private static string OfLaurel(string[] arguments)
    {
        var said = new MemoryStream();
        using (var terminal = Terminal.Into(said, Clock)) { _ = Host.Run(arguments, terminal); }
        return Encoding.UTF8.GetString(said.ToArray());
    }

    private string OfShell(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"{{ {command}\n}} 2>&1"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode == 0 ? said : throw new InvalidOperationException($"`{command}` ended with {shell.ExitCode}: {said}");
    }

    [GeneratedRegex(@"(?<before>(?:^[^\n]*`(?<above>[^`\n]+\.(?:jsonl|csv))`:\n+)?)^```(?<language>[a-z]*)[^\n]*\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\$ (?<command>(?:[^\n]*\\\n)*[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"'(?<quoted>[^']*)'|""(?<quoted>[^""]*)""|\S+")]
    private static partial Regex Word();

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 2, 2, 9, 0, 0, TimeSpan.Zero);
    }
}
