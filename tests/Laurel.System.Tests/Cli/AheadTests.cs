using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel forecast and laurel what-if: what lies ahead, and what would be different.</summary>
public sealed class AheadTests
{
    [Fact]
    public void A_forecast_is_two_lists_one_after_the_other()
    {
        var lines = CliRun.Of("forecast", "wix-partner", CliRun.Demo, "--member", "ada", "--at", "2025-12-31").Expect(0).Lines.ToList();
        var (will, would) = (lines.IndexOf("What will happen by itself until 31 December 2026"), lines.IndexOf("What would follow if what ends until 31 December 2026 is renewed"));
        Assert.InRange(will, 1, would);
        Assert.Contains(lines[will..would], l => l.StartsWith("  20 January 2026: points 1,250 → 950", StringComparison.Ordinal));
        Assert.Contains(lines[will..would], l => l.Contains("fact ada-10", StringComparison.Ordinal));
        Assert.DoesNotContain(lines[will..would], l => l.Contains("If ", StringComparison.Ordinal));
        Assert.Contains(lines[would..], l => l == "    points still 1,250 instead of 950");
        Assert.Contains(lines[would..], l => l == "  If all of them are renewed, on 31 December 2026");
    }

    [Fact]
    public void A_forecast_as_json_keeps_will_and_if_apart()
    {
        using var document = JsonDocument.Parse(CliRun.Of("forecast", "wix-partner", CliRun.Demo, "--member", "ada", "--at", "2025-12-31", "--format", "json").Expect(0).Output);
        var root = document.RootElement;
        Assert.Equal(["2026-01-20T00:00:00Z", "2026-05-10T00:00:00Z", "2026-06-01T00:00:00Z"], root.GetProperty("will").EnumerateArray().Select(s => s.GetProperty("at").GetString()));
        var renewal = root.GetProperty("if").GetProperty("renewals")[0];
        Assert.Equal("site/winery", renewal.GetProperty("subject").GetString());
        Assert.Equal("plan.renewed", renewal.GetProperty("facts")[0].GetProperty("type").GetString());
        Assert.Equal("1250", renewal.GetProperty("then")[0].GetProperty("to").GetString());
        Assert.Equal("950", renewal.GetProperty("missing")[0].GetProperty("to").GetString());
        Assert.Equal("if.renews", renewal.GetProperty("explanation").GetProperty("key").GetString());
    }

    [Theory]
    // for whom, what is supposed, what is said
    [InlineData("ada", "site.transferred site=cafe at=2025-12-01", "points 1,250 → 1,350")]
    [InlineData("finn", "member.adjusted unit=points amount=1000 reason=\"good will\" by=kim", "level pioneer → creator")]
    [InlineData("finn", "plan.expired site=skate-shop", "it ends nothing")]
    [InlineData("finn", "plan.expired site=none", "nothing else was told of site none")]
    [InlineData("ada", "plan.expired site=winery at=2020-05-01", "first spoken of on 15 January 2025")]
    [InlineData("finn", "site.created site=s9 editor=studio at=2025-01-01", "not in the program yet")]
    [InlineData("zed", "site.created site=s9 editor=studio", "never joined")]
    [InlineData("ada", "fact.retracted source=platform id=nothing", "no fact that it takes back")]
    [InlineData("finn", "site.transferred site=bakery", "Others are concerned too: ada")]
    public void Says_what_would_be_different_and_why_nothing_would(string member, string supposed, string says)
    {
        var output = CliRun.Of("what-if", "wix-partner", CliRun.Demo, "--at", "2025-12-31", "--member", member, "--suppose", supposed).Expect(0).Output;
        Assert.Contains(says.Replace("level pioneer → creator", "Pioneer → Creator", StringComparison.Ordinal), string.Join(' ', output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_what_was_supposed_gives_what_was_said()
    {
        const string line = """{"id":"x1","source":"platform","type":"plan.renewed","subject":"site/cafe","time":"2026-10-03","data":{"plan":"unlimited","plan_ends":"2027-10-03"}}""";
        using var scratch = new Scratch();
        var demo = File.ReadAllText(Path.Combine(CliRun.Root, CliRun.Demo));
        var supposed = scratch.Write("supposed.jsonl", line);
        using var whatIf = JsonDocument.Parse(CliRun.Of("what-if", "wix-partner", CliRun.Demo, "--at", "2026-12-31", "--member", "finn", "--suppose", supposed, "--format", "json").Expect(0).Output);
        var change = whatIf.RootElement.GetProperty("changes").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "points");
        using var scored = JsonDocument.Parse(CliRun.With($"{demo.TrimEnd()}\n{line}\n", "score", "wix-partner", "--at", "2026-12-31", "--member", "finn", "--format", "json").Expect(0).Output);
        Assert.Equal("0", change.GetProperty("from").GetString());
        Assert.Equal(change.GetProperty("to").GetString(), scored.RootElement.GetProperty("metrics").GetProperty("points").GetString());
        Assert.Equal("100", Assert.Single(whatIf.RootElement.GetProperty("entries").EnumerateArray()).GetProperty("amount").GetString());
    }

    [Fact]
    public void A_file_of_facts_that_is_wrong_ends_with_one_and_an_id_that_is_taken_too()
    {
        using var scratch = new Scratch();
        var unknown = scratch.Write("unknown.jsonl", """{"id":"x1","source":"platform","type":"plan.expird","subject":"site/cafe","time":"2025-12-01"}""");
        var taken = scratch.Write("taken.jsonl", """{"id":"finn-6","source":"platform","type":"plan.expired","subject":"site/cafe","time":"2025-12-01"}""");
        foreach (var (file, says) in new[] { (unknown, "plan.expird"), (taken, "is taken by a fact that says something else") })
        {
            var run = CliRun.Of("what-if", "wix-partner", CliRun.Demo, "--member", "finn", "--suppose", file).Expect(1);
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
            Assert.Equal("", run.Output);
        }
    }
}
