using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel backtest: what a draft would change, and for whom.</summary>
public sealed class BacktestTests
{
    private static readonly string[] Asked = ["backtest", "wix-partner", CliRun.Demo, "--draft", "W6", "--at", "2025-12-31", "--known", "2025-12-31"];

    [Fact]
    public void The_tour_s_example_is_what_comes_out()
    {
        var readme = File.ReadAllText(Path.Combine(CliRun.Root, "README.md"));
        var start = readme.IndexOf("$ ./laurel backtest ", StringComparison.Ordinal);
        var block = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)].Split('\n');
        var run = CliRun.Of(block[0].Split(' ')[2..]).Expect(0);
        Assert.Equal(string.Join('\n', block[2..]), string.Join('\n', run.Output.Split('\n')[2..]));
    }

    [Theory]
    // what else is asked, what is said, what comes out
    [InlineData("", "draft W6 against edition W5, each as if it alone", "points: 2,050 → 1,950 (-100); 1 would have more, 1 fewer")]
    [InlineData("--against W5", "draft W6 against edition W5, each as if it alone", "level: 0 would rise, 1 fall")]
    [InlineData("--against in-force", "against the editions in force", "of 6 members would stand differently")]
    [InlineData("--against W6-upgraded", "draft W6 against draft W6-upgraded", "No amount, level or benefit would change for any of 6 members.")]
    [InlineData("--group size", "draft W6", "2–5 subjects        2        2         0     1    -100")]
    [InlineData("--top 1", "draft W6", "ada (50 more), cleo")]
    public void Compares_a_draft_with_what_is_asked(string more, string says, string comesOut)
    {
        var run = CliRun.Of([.. Asked, .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Expect(0);
        Assert.Contains(says, run.Lines[0], StringComparison.Ordinal);
        Assert.Contains(comesOut, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_takes_over_on_a_day_with_its_transition_and_is_asked_for_then()
    {
        var kept = CliRun.Of("backtest", "wix-partner", CliRun.Demo, "--draft", "W6", "--from", "2026-01-01", "--known", "2025-12-31", "--at", "2026-01-01").Expect(0);
        Assert.Contains("No amount, level or benefit would change for any of 6 members.", kept.Output, StringComparison.Ordinal);
        var upgraded = CliRun.Of("backtest", "wix-partner", CliRun.Demo, "--draft", "W6-upgraded", "--from", "2026-01-01", "--known", "2025-12-31", "--at", "2026-01-01").Expect(0);
        Assert.Contains("cleo", upgraded.Output, StringComparison.Ordinal);
        var ahead = CliRun.Of("backtest", "wix-partner", CliRun.Demo, "--draft", "W6", "--from", "2999-01-01").Expect(0);
        Assert.StartsWith("wix-partner at 2999-01-01", ahead.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edition_against_itself_says_so()
    {
        var run = CliRun.Of("backtest", "wix-partner", CliRun.Demo, "--draft", "W5", "--at", "2025-12-31").Expect(0);
        Assert.Contains("W5 is compared with itself", run.Error, StringComparison.Ordinal);
        Assert.Contains("No amount, level or benefit would change for any of 6 members.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_facts_there_are_no_members()
    {
        var run = CliRun.With("", "backtest", "wix-partner", "--draft", "W6").Expect(0);
        Assert.Contains("there are no facts", run.Error, StringComparison.Ordinal);
        Assert.Contains("There are no members.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_fact_is_left_out_and_makes_the_run_wrong()
    {
        var run = CliRun.With("{}\n", "backtest", "wix-partner", "--draft", "W6").Expect(1);
        Assert.Contains("1 fact refused: the answer is without them", run.Error, StringComparison.Ordinal);
        CliRun.With("{}\n", "backtest", "wix-partner", "--draft", "W6", "--strict").Expect(1);
    }

    [Fact]
    public void One_member_is_explained_by_both_sides()
    {
        var run = CliRun.Of([.. Asked, "--explain", "cleo"]).Expect(0);
        Assert.Contains("200 points by W5, 400 points by W6", run.Output, StringComparison.Ordinal);
        Assert.Contains("By W6: 300 points for certification pia-web-designer", run.Output, StringComparison.Ordinal);
        Assert.Contains("nach W5", CliRun.Of([.. Asked, "--explain", "cleo", "--language", "de"]).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing differs", CliRun.Of([.. Asked, "--explain", "member/dan"]).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_changed_member_is_explained_where_that_is_asked()
    {
        var text = CliRun.Of([.. Asked, "--explain-all"]).Expect(0).Output;
        Assert.StartsWith(CliRun.Of(Asked).Expect(0).Output, text, StringComparison.Ordinal);
        Assert.Equal(["ada on 31 December 2025, by W5 and by W6", "cleo on 31 December 2025, by W5 and by W6"], text.Split('\n').Where(l => l.EndsWith("by W5 and by W6", StringComparison.Ordinal)));
        using var document = JsonDocument.Parse(CliRun.Of([.. Asked, "--explain-all", "--format", "json"]).Expect(0).Output);
        Assert.All(document.RootElement.GetProperty("members").EnumerateArray(), m => Assert.Equal("backtest", m.GetProperty("explanation").GetProperty("key").GetString()));
    }

    [Fact]
    public void Json_and_csv_have_every_member_that_changed()
    {
        using var document = JsonDocument.Parse(CliRun.Of([.. Asked, "--format", "json", "--group", "tenure"]).Expect(0).Output);
        var root = document.RootElement;
        Assert.Equal(["ada", "cleo"], root.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("member").GetString()));
        Assert.Equal("-100", root.GetProperty("totals").GetProperty("units").GetProperty("points").GetProperty("difference").GetString());
        Assert.Equal("W6", root.GetProperty("draft")[0].GetProperty("edition").GetString());
        Assert.Equal(6, root.GetProperty("groups").EnumerateArray().Sum(g => g.GetProperty("members").GetInt32()));
        Assert.Equal("50", root.GetProperty("near_misses")[0].GetProperty("members")[0].GetProperty("missing").GetString());
        var csv = CliRun.Of([.. Asked, "--format", "csv"]).Expect(0).Output.Split("\r\n");
        Assert.Equal("member,enrolled,points_against,points_draft,points_pending_against,points_pending_draft,usd_against,usd_draft,usd_pending_against,usd_pending_draft,level_against,level_draft,level_way,benefits_gained,benefits_lost,tenure,size", csv[0]);
        Assert.Equal(["ada,true,1250,950,0,0,0,0,0,0,creator,pioneer,down,,partner_badge,5,2–5", "cleo,true,200,400,0,0,0,0,0,0,pioneer,pioneer,same,,,1,2–5", ""], csv[1..]);
    }

    [Fact]
    public void The_order_of_cores_changes_nothing()
    {
        var facts = CliRun.Of("sample", "wix-partner", "--facts", "20000", "--members", "3000").Expect(0).Output;
        string[] asked = ["backtest", "wix-partner", "--draft", "W6", "--at", "2025-06-30", "--known", "2026-01-01", "--format", "json", "--explain-all"];
        Assert.Equal(CliRun.With(facts, asked).Expect(0), CliRun.With(facts, asked));
    }
}
