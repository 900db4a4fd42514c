using System.Diagnostics;
using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel ledger: the entries, and the roots that prove them.</summary>
public sealed class LedgerTests
{
    [Fact]
    public void The_roots_can_be_derived_again_from_the_lines_alone()
    {
        using var scratch = new Scratch();
        foreach (var facts in new[] { File.ReadAllText(Path.Combine(CliRun.Root, CliRun.Demo)), CliRun.Of("sample", "wix-partner", "--facts", "3000", "--members", "60", "--seed", "5").Expect(0).Output, "" })
        {
            var lines = CliRun.With(facts, "ledger", "wix-partner", "--format", "json", "--at", "2025-12-31").Expect(0).Output;
            var (exit, said) = RunRoots(scratch.Write("ledger.jsonl", lines));
            Assert.True(exit == 0 && said.StartsWith("The roots are equal: ", StringComparison.Ordinal), said);
            if (facts.Length == 0) { continue; }
            Assert.Equal(1, RunRoots(scratch.Write("ledger.jsonl", lines.Replace("\"amount\":\"300\"", "\"amount\":\"301\"", StringComparison.Ordinal))).Exit);
        }
    }

    [Theory]
    [InlineData("2022-04-08")]
    [InlineData("2024-06-30")]
    [InlineData("2025-06-03")]
    [InlineData("2025-12-31")]
    public void Balances_are_what_score_says(string at)
    {
        var facts = CliRun.Of("sample", "wix-partner", "--facts", "4000", "--members", "80", "--seed", "3").Expect(0).Output;
        var balances = CliRun.With(facts, "ledger", "wix-partner", "--format", "json", "--at", at, "--known", "2026-01-01").Expect(0).Lines
            .Where(l => l.StartsWith("{\"balance\"", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("balance"))
            .ToDictionary(b => b.GetProperty("member").GetString()!, b => b.GetProperty("counts").GetString()!);
        using var scored = JsonDocument.Parse(CliRun.With(facts, "score", "wix-partner", "--format", "json", "--at", at, "--known", "2026-01-01").Expect(0).Output);
        var members = scored.RootElement.GetProperty("members").EnumerateArray().ToList();
        Assert.NotEmpty(members);
        foreach (var member in members)
        {
            var name = member.GetProperty("member").GetString()!;
            Assert.True(member.GetProperty("metrics").GetProperty("points").GetString() == balances.GetValueOrDefault(name, "0"), $"{name} at {at}: {balances.GetValueOrDefault(name)} in the ledger");
        }
    }

    [Fact]
    public void A_line_says_when_why_who_what_from_where_to_where_how_much_and_how_long()
    {
        var run = CliRun.Of("ledger", "wix-partner", CliRun.Demo, "--at", "2025-12-31", "--known", "2025-12-31").Expect(0);
        Assert.Contains(run.Lines, l => l.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SequenceEqual(["2024-09-01", "site.transferred eve-2", "ben", "site/yoga", "studio_creator W4", "member → rule", "300 points", "2024-09-01", "2026-02-12"]));
        Assert.Contains(run.Lines, l => l.Contains("2025-06-06  plan.expired cleo-6", StringComparison.Ordinal));
        Assert.Contains(run.Lines, l => l.StartsWith("ada ", StringComparison.Ordinal) && l.Contains("1,250", StringComparison.Ordinal));
        Assert.Matches(@"^46 facts, \d+ entries$", run.Lines[^1]);
    }

    [Fact]
    public void A_member_s_part_has_no_roots_and_says_so()
    {
        var run = CliRun.Of("ledger", "wix-partner", CliRun.Demo, "--member", "finn", "--format", "json").Expect(0);
        Assert.Contains("can't prove the whole", run.Error, StringComparison.Ordinal);
        Assert.All(run.Lines, l => Assert.Equal("finn", JsonDocument.Parse(l).RootElement.GetProperty("entry").GetProperty("member").GetString()));
        Assert.Equal(3, run.Lines.Count);
    }

    [Fact]
    public void Known_cuts_the_log_where_it_was()
    {
        var whole = CliRun.Of("ledger", "wix-partner", CliRun.Demo, "--format", "csv").Expect(0).Lines;
        var cut = CliRun.Of("ledger", "wix-partner", CliRun.Demo, "--format", "csv", "--known", "2024-12-31").Expect(0).Lines;
        Assert.InRange(cut.Count, 2, whole.Count - 1);
        Assert.Equal(cut, whole.Take(cut.Count));
        Assert.StartsWith("position,recorded,type,source,id,member,subject,rule,edition,from,to,amount,unit,dated,starts,ends", whole[0], StringComparison.Ordinal);
    }

    private static (int Exit, string Said) RunRoots(string file)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Merkle", "roots.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using (var lines = File.OpenRead(file)) { lines.CopyTo(process.StandardInput.BaseStream); }
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
