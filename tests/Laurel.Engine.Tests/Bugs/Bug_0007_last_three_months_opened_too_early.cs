using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>
/// Three months back from 31 May was the last of February, which a month that is too short clamps to. But a moment of 29 February
/// leaves "last 3 months" on 29 May.
/// </summary>
public sealed class Bug_0007_last_three_months_opened_too_early
{
    [Theory]
    [InlineData("UTC", "2024-05-31", "3 months", "2024-03-01")]
    [InlineData("UTC", "2024-05-30", "3 months", "2024-03-01")]
    [InlineData("UTC", "2024-05-29", "3 months", "2024-02-29")]
    [InlineData("UTC", "2024-05-31", "90 days", "2024-03-02")]
    [InlineData("UTC", "2024-05-31T10:00Z", "36 hours", "2024-05-29T22:00Z")]
    [InlineData("America/New_York", "2024-04-01T04:00Z", "1 month", "2024-03-01T05:00Z")]
    public void Opens_with_the_first_moment_that_has_not_left(string zone, string before, string length, string opens)
    {
        Assert.True(Duration.TryParse(length, out var last));
        Assert.Equal(Some.At(opens), Engine.Deriving.Windows.Opens(new(WindowKind.Last, last), Some.At(before), Calendar.Of(Zone.Find(zone)!)));
    }
}
