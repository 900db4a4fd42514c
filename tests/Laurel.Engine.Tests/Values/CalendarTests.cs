using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Values;

public sealed class CalendarTests
{
    private static readonly string[] Holidays = ["2024-03-29", "2024-04-01", "2024-12-25", "2024-12-26"];

    [Theory]
    // from, length, to, why
    [InlineData("2024-06-03T15:00", "1 business day", "2024-06-04T15:00", "the same time of the next business day")]
    [InlineData("2024-06-07T15:00", "1 business day", "2024-06-10T15:00", "over a weekend")]
    [InlineData("2024-06-08T15:00", "1 business day", "2024-06-11T00:00", "on Saturday time stands still: the whole of Monday is left")]
    [InlineData("2024-06-09T23:59", "1 business day", "2024-06-11T00:00", "and on Sunday")]
    [InlineData("2024-06-10T00:00", "1 business day", "2024-06-11T00:00", "which is what the start of Monday has")]
    [InlineData("2024-03-28T09:30", "1 business day", "2024-04-02T09:30", "over a holiday, a weekend at whose end the clocks go forward, and a holiday")]
    [InlineData("2024-03-29T09:30", "1 business day", "2024-04-03T00:00", "from a holiday")]
    [InlineData("2024-10-25T09:30", "1 business day", "2024-10-28T09:30", "over the turn of the clocks back")]
    [InlineData("2024-12-24T12:00", "2 business days", "2024-12-30T12:00", "over two holidays and a weekend")]
    [InlineData("2024-06-03T15:00", "5 business days", "2024-06-10T15:00", "a week has five")]
    [InlineData("2024-06-03T15:00", "260 business days", "2025-06-04T15:00", "52 weeks have 260, and there are two holidays")]
    [InlineData("2024-05-03T15:00", "1 month 1 business day 2 hours", "2024-06-04T17:00", "months first, then business days, then hours")]
    [InlineData("2024-05-08T15:00", "1 month 1 business day", "2024-06-11T00:00", "what lies on a weekend after the month stands still")]
    [InlineData("2024-06-07T15:00", "1 day", "2024-06-08T15:00", "a day is any day")]
    public void Adds(string from, string length, string to, string why)
    {
        var calendar = Berlin();
        Assert.True(Duration.TryParse(length, out var duration));
        Assert.True(In(calendar, to) == calendar.Add(In(calendar, from), duration), $"{why}: {calendar.Add(In(calendar, from), duration)}");
    }

    [Theory]
    [InlineData("3 business days", 3)]
    [InlineData("1 business day", 1)]
    [InlineData("1 business day 1 business day", 2)]
    [InlineData("1 business", -1)]
    [InlineData("business day", -1)]
    [InlineData("1 business week", -1)]
    [InlineData("1 business day 2", -1)]
    public void Reads_business_days(string text, int days)
    {
        var read = Duration.TryParse(text, out var length);
        Assert.Equal(days, read ? length.BusinessDays : -1);
        if (read) { Assert.True(Duration.TryParse(length.ToString(), out var again) && again == length, length.ToString()); }
    }

    [Fact]
    public void What_comes_later_is_due_no_earlier_and_takes_its_business_days()
    {
        var calendar = Berlin();
        for (var days = 1; days < 8; days++)
        {
            var before = Instant.Ever;
            for (var at = In(calendar, "2024-03-20T00:00"); at < In(calendar, "2024-04-10T00:00"); at = new(at.Micros + (7 * 3600 * Instant.MicrosPerSecond)))
            {
                var due = calendar.Add(at, Duration.Zero with { BusinessDays = days });
                Assert.True(due >= before, $"{days} after {at}");
                var between = Enumerable.Range(calendar.Zone.DateOf(at).DayNumber + 1, calendar.Zone.DateOf(due).DayNumber - calendar.Zone.DateOf(at).DayNumber).Select(DateOnly.FromDayNumber).Count(calendar.IsBusinessDay);
                Assert.Equal(calendar.IsBusinessDay(calendar.Zone.DateOf(at)) ? days : days + 1, between);
                before = due;
            }
        }
    }

    [Fact]
    public void Beyond_the_calendar_is_never()
    {
        var calendar = Calendar.Of(Zone.Utc);
        var length = Duration.Zero with { BusinessDays = 3 };
        Assert.Equal(Instant.Never, calendar.Add(Instant.Last, length));
        Assert.Equal(Instant.Never, calendar.Add(Instant.Never, length));
        Assert.Equal(Instant.Ever, calendar.Add(Instant.Ever, length));
        Assert.Equal(Instant.Never, new Calendar(Zone.Utc, [DayOfWeek.Friday], [DateOnly.MaxValue]).Add(new(Instant.Last.Micros - Instant.MicrosPerDay), Duration.Zero with { BusinessDays = 1 }));
    }

    [Fact]
    public void Knows_where_the_list_of_holidays_ends()
    {
        var calendar = Berlin();
        Assert.Null(calendar.HolidaysEndBefore(In(calendar, "2024-12-26T23:59")));
        Assert.Equal(new DateOnly(2024, 12, 26), calendar.HolidaysEndBefore(In(calendar, "2024-12-27T00:00")));
        Assert.Null(Calendar.Of(Zone.Utc).HolidaysEndBefore(Instant.Last));
    }

    private static Calendar Berlin() => new(Zone.Find("Europe/Berlin")!, [DayOfWeek.Saturday, DayOfWeek.Sunday], Holidays.Select(h => DateOnly.Parse(h, System.Globalization.CultureInfo.InvariantCulture)));

    private static Instant In(Calendar calendar, string local)
    {
        Assert.True(calendar.Zone.TryParse(local[..10], out var day, out _));
        var time = TimeOnly.Parse(local[11..], System.Globalization.CultureInfo.InvariantCulture);
        // None of the days here turns the clocks.
        return new(day.Micros + (time.Ticks / 10));
    }
}
