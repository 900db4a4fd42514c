using System.Diagnostics;
using System.Text.RegularExpressions;
using Laurel.System.Tests.Cli;

namespace Laurel.System.Tests.Server;

/// <summary>laurel serve as a process.</summary>
public sealed partial class ServeTests
{
    [Fact]
    public async Task What_it_prints_first_works_as_printed_and_it_ends_cleanly()
    {
        using var scratch = new Scratch();
        using var process = CliRun.Start(["serve", "--port", "0", "--demo", "--database", $"Data Source={scratch["laurel.db"]}"]);
        var error = process.StandardError.ReadToEndAsync();
        var said = await Until(process, "timeline");
        var key = Key().Match(said).Groups[1].Value;
        Assert.True(key.Length > 40, said);
        var calls = said.Split('\n').Where(line => line.StartsWith("  curl ", StringComparison.Ordinal)).ToList();
        Assert.True(calls.Count >= 5, said);
        foreach (var call in calls)
        {
            using var curl = Process.Start(new ProcessStartInfo("sh", ["-c", call.Replace("curl ", "curl -sS --fail-with-body ", StringComparison.Ordinal)]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["LAUREL_KEY"] = key } })!;
            var answer = await curl.StandardOutput.ReadToEndAsync() + await curl.StandardError.ReadToEndAsync();
            await curl.WaitForExitAsync();
            Assert.True(curl.ExitCode == 0 && answer.Length > 10, $"{call}\n{answer}");
        }
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
        Assert.True(process.ExitCode == 0, await error);

        // Started anew it has what was told, and makes no other key.
        using var second = CliRun.Start(["serve", "--port", "0", "--database", $"Data Source={scratch["laurel.db"]}"]);
        said = await Until(second, "/v1/library");
        Assert.DoesNotContain("LAUREL_KEY=laurel_", said.Replace("LAUREL_KEY=laurel_…", "", StringComparison.Ordinal), StringComparison.Ordinal);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var zoe = await client.GetStringAsync(new Uri(Address().Match(said).Groups[1].Value + "/v1/programs/wix-partner/members/zoe/standing"));
        Assert.Contains("\"enrolled\":true", zoe, StringComparison.Ordinal);
        using var interrupt = Process.Start("kill", ["-INT", $"{second.Id}"]);
        Assert.True(second.WaitForExit(TimeSpan.FromSeconds(30)), "it still runs");
        Assert.Equal(0, second.ExitCode);

        var verified = CliRun.Of("verify", "--database", $"Data Source={scratch["laurel.db"]}").Expect(0);
        Assert.Matches(@"^wix-partner: \d+ commits, \d+ facts, \d+ entries, 7 standings: all as the log makes them\n$", verified.Output);
    }

    [Theory]
    [InlineData("serve --database nothing", "the database is not named by a connection string")]
    [InlineData("verify --database nothing", "the database is not named by a connection string")]
    [InlineData("verify --database Filename=/nowhere/laurel.db", "SQLite cannot open")]
    [InlineData("serve --database Host=127.0.0.1;Port=1;Database=x;Username=x", "PostgreSQL cannot be reached")]
    [InlineData("serve --port 70000", "is no port")]
    [InlineData("serve --port 1 --urls http://127.0.0.1:2", "can't both be asked")]
    [InlineData("serve --urls ftp://127.0.0.1", "is no address to listen on")]
    [InlineData("serve --address here", "is no address")]
    [InlineData("serve --programs nowhere", "there is no folder")]
    public void What_it_cannot_do_it_says(string call, string message)
    {
        var run = CliRun.Of(call.Split(' ')).Expect(2);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> Until(Process process, string word)
    {
        var said = "";
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            said += line + "\n";
            if (line.Contains(word, StringComparison.Ordinal)) { break; }
        }
        return said;
    }

    [GeneratedRegex("export LAUREL_KEY=(laurel_[^ …\n]+)")]
    private static partial Regex Key();

    [GeneratedRegex("listens on ([^ ,;]+)")]
    private static partial Regex Address();
}
