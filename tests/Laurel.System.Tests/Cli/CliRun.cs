using System.Diagnostics;
using System.Text;
using Laurel.Cli.Calling;

namespace Laurel.System.Tests.Cli;

/// <summary>One run of the command line as a process of its own, with nothing that is a terminal.</summary>
internal sealed record CliRun(int Exit, string Output, string Error)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The demo's facts.</summary>
    public const string Demo = "programs/wix-partner/demo.jsonl";

    /// <summary>The repository: runs start there.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs laurel.</summary>
    public static CliRun Of(params string[] arguments) => With("", arguments);

    /// <summary>Runs laurel with a text on its standard input.</summary>
    public static CliRun With(string input, params string[] arguments) => With(Utf8.GetBytes(input), arguments);

    /// <summary>Runs laurel with bytes on its standard input.</summary>
    public static CliRun With(byte[] input, params string[] arguments) => Ended(Start(arguments), input);

    /// <summary>Runs laurel where programs are found by name in a folder of its own.</summary>
    public static CliRun WithPrograms(string folder, params string[] arguments) => Ended(Start(arguments, folder), []);

    /// <summary>Runs laurel with variables of its environment; null leaves one out.</summary>
    public static CliRun WithVariables(IReadOnlyList<(string Name, string? Value)> variables, params string[] arguments)
    {
        var start = StartOf("dotnet", ["exec", typeof(CommandLine).Assembly.Location, .. arguments], programs: null);
        foreach (var (name, value) in variables) { start.Environment[name] = value; }
        return Ended(Process.Start(start)!, []);
    }

    /// <summary>Runs laurel with its standard output sent elsewhere by the shell.</summary>
    /// <param name="target">What follows ">".</param>
    /// <param name="arguments">The call.</param>
    public static CliRun Into(string target, params string[] arguments) =>
        Ended(Process.Start(StartOf("sh", ["-c", $"exec dotnet exec \"$0\" \"$@\" >{target}", typeof(CommandLine).Assembly.Location, .. arguments], programs: null))!, []);

    private static CliRun Ended(Process process, byte[] input)
    {
        using var running = process;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A run that was called wrongly ends without reading.
        }
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts laurel with all its streams redirected; it can be interrupted even where whoever runs the tests can't be.</summary>
    /// <param name="arguments">The call.</param>
    /// <param name="programs">Where programs are found by name; null for where they always are.</param>
    public static Process Start(string[] arguments, string? programs = null) =>
        Process.Start(StartOf("env", ["--default-signal", "dotnet", "exec", typeof(CommandLine).Assembly.Location, .. arguments], programs))!;

    private static ProcessStartInfo StartOf(string file, string[] arguments, string? programs)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        start.Environment["LAUREL_PROGRAMS"] = programs ?? "";
        return start;
    }

    /// <summary>Fails with everything that was said where the exit code is another.</summary>
    public CliRun Expect(int exit)
    {
        Assert.True(Exit == exit, $"exit {Exit}, not {exit}\n{Error}\n{Output}");
        return this;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Laurel.slnx"))) { folder = folder.Parent!; }
        return folder.FullName;
    }
}
