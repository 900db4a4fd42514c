namespace Laurel.Engine.Tests.Bugs;

/// <summary>A level that falls at once to the best of a window stayed for good where nothing else happened: what was met left the window unseen.</summary>
public sealed class Bug_0020_best_of_a_window_at_once
{
    [Theory]
    // window           still high    low
    [InlineData("last 30 days", "2024-03-15T23:59:59Z", "2024-03-16")]
    [InlineData("this month", "2024-02-29T23:59:59Z", "2024-03-01")]
    [InlineData("these 2 months", "2024-03-31T23:59:59Z", "2024-04-01")]
    public void The_level_falls_when_what_was_met_has_left_the_window(string window, string still, string then)
    {
        var told = Told.Of(
            $$"""
            program: maple
            units: { points: {} }
            facts: { sale.made: { about: member } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { sale: { give: 10 points, when: sale.made, for: 14 days } }
            ladders: { level: { rungs: [low, high: points >= 10], down: { best: {{window}} } } }
            """,
            "2024-01-01 member.joined member/ada", "2024-02-01 sale.made member/ada");
        Assert.Equal(1, told.At("ada", "2024-02-20").Levels[0]);
        Assert.Equal(1, told.At("ada", still).Levels[0]);
        Assert.Equal(0, told.At("ada", then).Levels[0]);
    }
}
