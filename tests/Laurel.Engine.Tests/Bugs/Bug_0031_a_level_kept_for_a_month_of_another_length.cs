namespace Laurel.Engine.Tests.Bugs;

/// <summary>What was met until the end of a day was remembered for a month from the day after: a day too long, or too short, where the months' lengths differ.</summary>
public sealed class Bug_0031_a_level_kept_for_a_month_of_another_length
{
    [Theory]
    [InlineData("2024-07-01", "2024-07-30T23:59:59Z", "2024-07-31")]
    [InlineData("2024-03-31", "2024-04-30T23:59:59Z", "2024-05-01")]
    public void The_last_moment_at_which_it_was_met_leaves_the_window(string lost, string kept, string fallen)
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            ---
            edition: e1
            effective: 2024-01-01
            ladders: { level: { rungs: [low, high: points >= 100], down: { best: last 1 month } } }
            """,
            "2024-01-01 member.joined member/ada", "2024-02-01 member.adjusted member/ada unit=points amount=100 reason=news by=kim", $"{lost} member.adjusted member/ada unit=points amount=-100 reason=news by=kim");
        var ladder = told.Program.Editions[0].Ladders[0];
        Assert.Equal(("high", "low"), (told.At("ada", kept).LevelOn(ladder), told.At("ada", fallen).LevelOn(ladder)));
    }
}
