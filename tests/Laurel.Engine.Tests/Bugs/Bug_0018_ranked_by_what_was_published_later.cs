using Laurel.Engine.Expressions;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>A rank goes by what was known on its date; by an edition that was published later it was taken anew.</summary>
public sealed class Bug_0018_ranked_by_what_was_published_later
{
    private static readonly Told Told = Told.Of(
        """
        program: maple
        units: { points: {}, hours: {} }
        ---
        edition: e1
        effective: 2024-01-01
        metrics: { top: { rank: points, at: quarter } }
        ---
        edition: e2
        effective: 2024-03-01
        published: 2024-05-05
        metrics: { top: { rank: hours, at: quarter } }
        """,
        "2024-01-10 member.joined member/ada", "2024-01-10 member.adjusted member/ada unit=points amount=10 reason=start by=kim",
        "2024-01-10 member.joined member/ben", "2024-01-10 member.adjusted member/ben unit=hours amount=10 reason=start by=kim");

    [Theory]
    [InlineData("2024-04-01", "1", "e1 was known, and ranks by points")]
    [InlineData("2024-07-01", "2", "e2 was known, and ranks by hours")]
    public void By_the_edition_that_was_known(string at, string place, string why) =>
        Assert.True(Told.At("ada", at).MetricOf("top")!.Value.AsMap[Value.Of("place")].ToString() == place, why);
}
