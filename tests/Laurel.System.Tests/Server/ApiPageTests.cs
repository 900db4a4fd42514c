using System.Diagnostics;
using System.Text.RegularExpressions;
using Laurel.Server.Refusing;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>docs/api.md says what is so.</summary>
public sealed partial class ApiPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(CliRun.Root, "docs", "api.md"));

    [Fact]
    public void Every_type_of_problem_stands_in_the_page_with_its_status() => Assert.Equal(
        ProblemType.All.Select(t => (t.Address, t.Status)), Problem().Matches(Page).Select(m => (m.Groups[1].Value, int.Parse(m.Groups[2].Value, global::System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public async Task Every_call_of_the_page_works_as_printed()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await using (var facts = File.OpenRead(Path.Combine(CliRun.Root, CliRun.Demo))) { Assert.Equal(0, await server.Serving.Tell("wix-partner", facts, default)); }
        var calls = Block().Matches(Page).SelectMany(block => Call().Matches(block.Groups[1].Value)).Select(m => m.Value).ToList();
        Assert.True(calls.Count >= 15, $"{calls.Count}");
        foreach (var call in calls)
        {
            var start = new ProcessStartInfo("sh", ["-c", call.Replace("curl ", "curl -sS --fail-with-body ", StringComparison.Ordinal)]) { WorkingDirectory = CliRun.Root, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["LAUREL"] = server.Address.ToString().TrimEnd('/');
            start.Environment["LAUREL_KEY"] = server.Key;
            using var curl = Process.Start(start)!;
            var (said, error) = (await curl.StandardOutput.ReadToEndAsync(), await curl.StandardError.ReadToEndAsync());
            await curl.WaitForExitAsync();
            Assert.True(curl.ExitCode == 0, $"{call}\n{said}{error}");
        }
    }

    [GeneratedRegex(@"^\| `(/problems/[a-z-]+)` \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Problem();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    // With the lines that follow a backslash.
    [GeneratedRegex(@"^curl (?:.*\\\n)*.*$", RegexOptions.Multiline)]
    private static partial Regex Call();
}
