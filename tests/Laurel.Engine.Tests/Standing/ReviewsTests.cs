using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Standing;

public sealed class ReviewsTests
{
    private static readonly Review Leap = new(null, 2, 29);
    private static readonly Review Quarterly = new(WindowKind.ThisQuarter, 0, 0);

    [Theory]
    [InlineData("2023-02-27", "2023-02-28", "the last day of a shorter month")]
    [InlineData("2023-02-28", "2024-02-29", "not the day itself again")]
    [InlineData("2024-02-28T23:59Z", "2024-02-29", "the start of the day")]
    [InlineData("9999-06-01", "never", "the calendar has no more")]
    public void The_next_is_the_day_of_a_year(string at, string next, string why) => Assert.True(At(next) == Reviews.NextAfter([Leap], At(at), Zone.Utc), why);

    [Theory]
    [InlineData("2024-01-01", "2024-02-29", "the day of the year comes first")]
    [InlineData("2024-02-29", "2024-04-01", "and then the quarter's end")]
    [InlineData("2024-04-01", "2024-07-01", "and the next one's")]
    public void The_next_of_several_is_the_first_of_them(string at, string next, string why) => Assert.True(At(next) == Reviews.NextAfter([Quarterly, Leap], At(at), Zone.Utc), why);

    [Theory]
    [InlineData("2024-04-01", true, "at its instant")]
    [InlineData("2024-04-01T00:01Z", false, "not later")]
    [InlineData("2024-03-31T23:59Z", false, "nor before")]
    public void Is_due_at_its_instant(string at, bool due, string why) => Assert.True(due == Reviews.IsDue([Quarterly, Leap], At(at), Zone.Utc), why);

    [Fact]
    public void None_is_due_outside_of_time()
    {
        Assert.Equal(Instant.Never, Reviews.NextAfter([Quarterly], Instant.Ever, Zone.Utc));
        Assert.False(Reviews.IsDue([Quarterly], Instant.Never, Zone.Utc));
        Assert.Equal(Instant.Never, Reviews.NextAfter([], At("2024-01-01"), Zone.Utc));
    }

    [Theory]
    [InlineData(WindowKind.ThisYear, "2020-12-31", "2020")]
    [InlineData(WindowKind.ThisHalfYear, "2020-06-30", "2020-H1")]
    [InlineData(WindowKind.ThisHalfYear, "2020-07-01", "2020-H2")]
    [InlineData(WindowKind.ThisQuarter, "2020-03-31", "2020-Q1")]
    [InlineData(WindowKind.ThisQuarter, "2020-04-01", "2020-Q2")]
    [InlineData(WindowKind.ThisQuarter, "2020-12-31", "2020-Q4")]
    [InlineData(WindowKind.ThisMonth, "2020-06-07", "2020-06")]
    [InlineData(WindowKind.ThisWeek, "2021-01-03", "2020-W53")]
    [InlineData(WindowKind.ThisWeek, "2021-01-04", "2021-W01")]
    [InlineData(WindowKind.ThisDay, "2020-06-07", "2020-06-07")]
    public void A_period_has_a_name(WindowKind kind, string at, string name) => Assert.Equal(name, Periods.Name(kind, null, At(at), Zone.Utc));

    [Fact]
    public void A_year_of_its_own_is_called_by_that_in_which_it_begins() => Assert.Equal("2019", Periods.Name(WindowKind.ThisYear, new("program_year", 6, 1), At("2020-05-31"), Zone.Utc));

    private static Instant At(string text) => text == "never" ? Instant.Never : Some.At(text);
}
