namespace Laurel.Engine.Tests.Bugs;

/// <summary>A ladder that falls to the best level of a window was not looked at when that level left the window, unless it had reviews: the level stayed for ever.</summary>
public sealed class Bug_0014_best_of_a_window_without_reviews
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { partner: member } }
        facts:
          site.opened: { about: site, needs: [partner] }
          site.closed: { about: site }
        ---
        edition: e1
        effective: 2024-01-01
        states: { site.open: { starts: site.opened, ends: site.closed } }
        rules: { site: { give: 100 points, to: site.partner, while: site.open } }
        ladders: { level: { rungs: [low, middle: points >= 100, high: points >= 200], down: { best: WINDOW } } }
        """;

    [Theory]
    // window, the day before middle, the first of middle, the last of it
    [InlineData("last 90 days", "2024-06-28", "2024-06-29", "2024-07-29")]
    [InlineData("these 3 months", "2024-05-31", "2024-06-01", "2024-06-30")]
    [InlineData("this quarter", "2024-03-31", "2024-04-01", "2024-06-30")]
    public void The_level_falls_when_what_was_met_leaves_the_window(string window, string high, string middle, string last)
    {
        var told = Told.Of(
            Program.Replace("WINDOW", window, StringComparison.Ordinal),
            "2024-01-01 member.joined member/ada", "2024-02-01 site.opened site/s1 partner=ada", "2024-02-01 site.opened site/s2 partner=ada",
            "2024-03-31 site.closed site/s1", "2024-05-01 site.closed site/s2");
        Assert.Equal([2, 1, 1, 0], new[] { high, middle, last, "2025-01-01" }.Select(at => told.At("ada", at).Levels[0]));
    }
}
