namespace Laurel.Engine.Tests.Bugs;

/// <summary>A condition about a member's numbers that was true all along became true at whatever was looked at first: a fact, or the date of a rank before it.</summary>
public sealed class Bug_0020_true_all_along_became_true
{
    private static readonly Told Told = Told.Of(
        """
        program: maple
        units: { points: {} }
        ---
        edition: e1
        effective: 2024-01-01
        states:
          member.quiet:  { starts: points < 100 for 1 month, ends: points >= 100 }
          member.silent: { starts: member.enrolled && points < 100 for 1 month, ends: points >= 100 }
        """,
        "2024-01-15 member.joined member/ada", "2024-03-05 member.adjusted member/ada unit=points amount=150 reason=start by=kim",
        "2024-04-05 member.adjusted member/ada unit=points amount=-100 reason=end by=kim");

    [Theory]
    [InlineData("2024-02-14", "")]
    [InlineData("2024-02-15", "member.silent")]
    [InlineData("2024-03-05", "")]
    [InlineData("2024-05-05", "member.quiet, member.silent")]
    public void It_becomes_true_when_it_was_not(string at, string states) =>
        Assert.Equal(states, string.Join(", ", Told.At("ada", at).States.Select(s => s.Name)));
}
