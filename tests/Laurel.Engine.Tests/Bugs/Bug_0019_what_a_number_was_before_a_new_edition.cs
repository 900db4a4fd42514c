namespace Laurel.Engine.Tests.Bugs;

/// <summary>What a number was, read across the date of a new edition, was nothing: everybody grew on that day.</summary>
public sealed class Bug_0019_what_a_number_was_before_a_new_edition
{
    private static readonly Told Told = Told.Of(
        """
        program: maple
        units: { points: {} }
        ---
        edition: e1
        effective: 2024-01-01
        metrics: { growth: 'points - ago(points, "1 month")' }
        ---
        edition: e2
        effective: 2024-06-01
        metrics: { doubled: points * 2, growth: 'points - ago(points, "1 month")', twice: 'doubled - ago(doubled, "2 weeks")' }
        """,
        "2024-01-10 member.joined member/ada", "2024-01-10 member.adjusted member/ada unit=points amount=100 reason=start by=kim",
        "2024-05-20 member.adjusted member/ada unit=points amount=7 reason=more by=kim");

    [Theory]
    [InlineData("2024-01-10", "growth", "100")]
    [InlineData("2024-05-31", "growth", "7")]
    [InlineData("2024-06-01", "growth", "7")]
    [InlineData("2024-06-20", "growth", "0")]
    [InlineData("2024-06-01", "twice", "214")]
    [InlineData("2024-06-15", "twice", "0")]
    public void It_is_what_it_was_by_the_edition_of_then(string at, string metric, string value) =>
        Assert.Equal(value, Told.At("ada", at).MetricOf(metric)!.Value.ToString());
}
