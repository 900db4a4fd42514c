using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>The ledger over HTTP: as it grows, and as files.</summary>
public sealed class ServedLedgerTests
{
    [Theory, Stores]
    public async Task The_feed_gives_each_entry_and_each_change_once_in_order(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        await server.Tell("a4", "plan.ended", "site/s1", "2024-05-01");
        var (entries, changes, after, pages) = (new List<int>(), new List<int>(), "", 0);
        while (true)
        {
            var commits = (await server.Ask($"GET feed?limit=2{(after.Length > 0 ? $"&after={after}" : "")}")).Expect(200).Json["commits"]!.AsArray();
            if (commits.Count == 0) { break; }
            entries.AddRange(commits.SelectMany(c => c!["entries"]!.AsArray()).Select(e => (int)e!["position"]!));
            changes.AddRange(commits.SelectMany(c => c!["changes"]!.AsArray()).Select(e => (int)e!["number"]!));
            after = (string)commits[^1]!["position"]!;
            pages++;
        }
        Assert.True(pages > 1, $"{pages}");
        Assert.Equal(Enumerable.Range(0, (int)await store.Count("entries")), entries);
        Assert.Equal(Enumerable.Range(0, (int)await store.Count("changes")), changes);
        Assert.True(entries.Count >= 2 && changes.Count >= 2);
        (await server.Ask("GET feed?after=00000000.1")).ExpectProblem(412, "other-incarnation");
        (await server.Ask("GET feed?after=soon")).ExpectProblem(400, "invalid-parameter");
    }

    [HledgerFact]
    public async Task Hledger_agrees_on_the_balance_of_every_member_on_any_day()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await using (var facts = File.OpenRead(Path.Combine(CliRun.Root, CliRun.Demo))) { Assert.Equal(0, await server.Serving.Tell("wix-partner", facts, default)); }
        using var scratch = new Scratch();
        var journal = scratch.Write("ledger.journal", (await server.Ask("GET /v1/programs/wix-partner/ledger?format=hledger")).Expect(200).Body);
        var agreed = 0;
        foreach (var day in new[] { "2024-06-30", "2025-03-31", "2025-12-31" })
        {
            var said = Balances(journal, day);
            var lines = (await server.Ask($"GET /v1/programs/wix-partner/standings?at={day}")).Expect(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
            foreach (var standing in lines)
            {
                var member = (string)standing["member"]!;
                Assert.True(standing["metrics"]!["points"]!.ToString() == said.GetValueOrDefault($"member:{member}", "0"), $"{day} {member}: {standing["metrics"]!["points"]}, hledger {said.GetValueOrDefault($"member:{member}")}");
                Assert.Equal(standing["pending"]!["points"]!.ToString(), said.GetValueOrDefault($"pending:{member}", "0"));
                agreed++;
            }
        }
        Assert.True(agreed >= 15, $"{agreed}");
    }

    [Fact]
    public async Task Exports_have_a_line_for_each_entry_and_each_member()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        await server.Ask("POST facts", """{"id":"e1","source":"test","type":"member.joined","subject":"member/=1+1","time":"2024-03-01"}""");
        var csv = (await server.Ask("GET ledger?format=csv")).Expect(200).Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("position,recorded,source,id,member", csv[0], StringComparison.Ordinal);
        Assert.Equal(await store.Count("entries"), csv.Length - 1);
        Assert.Equal(await store.Count("entries"), (await server.Ask("GET ledger")).Expect(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var standings = (await server.Ask("GET standings?format=csv&at=2024-04-01")).Expect(200).Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("member,enrolled,level,points,pending_points,next_at", standings[0]);
        Assert.Equal("ada,true,bronze,100,0,", standings[1]);
        Assert.StartsWith("'=1+1,true", standings[2], StringComparison.Ordinal);
        (await server.Ask("GET ledger?format=xml")).ExpectProblem(400, "invalid-parameter");
    }

    /// <summary>What hledger says, by account, at the end of a day.</summary>
    private static Dictionary<string, string> Balances(string journal, string day)
    {
        var end = DateOnly.Parse(day, CultureInfo.InvariantCulture).AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        using var process = Process.Start(new ProcessStartInfo("hledger", ["-f", journal, "balance", "-e", end, "--flat", "--no-total", "-O", "csv", "cur:points"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, error) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Trim().Trim('"').Split("\",\"")).ToDictionary(c => c[0], c => c[1].Replace("\"\"", "\"", StringComparison.Ordinal).Split(' ')[0]);
    }
}

/// <summary>A test that needs hledger, which ./test installs: skipped where it is not there.</summary>
internal sealed class HledgerFactAttribute : FactAttribute
{
    public HledgerFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "hledger")))) { Skip = "hledger is not installed; ./test installs it"; }
    }
}
