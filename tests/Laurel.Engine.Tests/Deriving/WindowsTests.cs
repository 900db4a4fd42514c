using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Deriving;

public sealed class WindowsTests
{
    [Theory]
    // period, moment, starts, ends, why
    [InlineData(WindowKind.ThisDay, "2024-02-29T12:00Z", "2024-02-29", "2024-03-01", "a leap day")]
    [InlineData(WindowKind.ThisWeek, "2024-06-10", "2024-06-10", "2024-06-17", "Monday begins it")]
    [InlineData(WindowKind.ThisWeek, "2024-06-16T23:59Z", "2024-06-10", "2024-06-17", "Sunday ends it")]
    [InlineData(WindowKind.ThisMonth, "2024-12-31T23:59Z", "2024-12-01", "2025-01-01", "the last of the year")]
    [InlineData(WindowKind.ThisQuarter, "2024-03-31", "2024-01-01", "2024-04-01", "the end of the first")]
    [InlineData(WindowKind.ThisQuarter, "2024-04-01", "2024-04-01", "2024-07-01", "the start of the second")]
    [InlineData(WindowKind.ThisQuarter, "2024-12-31", "2024-10-01", "2025-01-01", "the last")]
    [InlineData(WindowKind.ThisHalfYear, "2024-06-30T23:59Z", "2024-01-01", "2024-07-01", "the first")]
    [InlineData(WindowKind.ThisHalfYear, "2024-07-01", "2024-07-01", "2025-01-01", "the second")]
    [InlineData(WindowKind.ThisYear, "2024-12-31T23:59Z", "2024-01-01", "2025-01-01", "a year")]
    [InlineData(WindowKind.ThisMonth, "9999-03-10", "9999-03-01", "never", "those of the last year do not end")]
    public void Periods_begin_and_end(WindowKind period, string moment, string starts, string ends, string why)
    {
        Assert.True(At(starts) == Windows.StartOf(period, null, At(moment), Zone.Utc), why);
        Assert.True(At(ends) == Windows.EndOf(period, null, At(moment), Zone.Utc), why);
    }

    [Theory]
    // first day, cutoff, moment, starts, ends, why
    [InlineData(6, 1, "", "2024-05-31T23:59Z", "2023-06-01", "2024-06-01", "the year before")]
    [InlineData(6, 1, "", "2024-06-01", "2024-06-01", "2025-06-01", "its first day")]
    [InlineData(6, 1, "05-15", "2024-05-14T23:59Z", "2023-06-01", "2024-06-01", "before the cutoff")]
    [InlineData(6, 1, "05-15", "2024-05-15", "2024-06-01", "2025-06-01", "from the cutoff on for the next")]
    [InlineData(6, 1, "05-15", "2024-06-01", "2024-06-01", "2025-06-01", "and so until the next cutoff")]
    [InlineData(6, 1, "12-01", "2024-12-01", "2025-06-01", "2026-06-01", "a cutoff in the calendar year in which it begins")]
    [InlineData(6, 1, "12-01", "2024-11-30", "2024-06-01", "2025-06-01", "before that")]
    [InlineData(1, 1, "12-15", "2024-12-14", "2024-01-01", "2025-01-01", "a calendar year before its cutoff")]
    [InlineData(1, 1, "12-15", "2024-12-15", "2025-01-01", "2026-01-01", "and from it on")]
    [InlineData(6, 1, "", "0001-03-01", "0001-01-01", "0002-01-01", "nothing begins before the calendar")]
    [InlineData(1, 1, "12-15", "9999-12-20", "9999-01-01", "never", "nor after its last year")]
    public void A_year_of_its_own_begins_on_its_day_and_takes_what_follows_the_cutoff(int month, int day, string cutoff, string moment, string starts, string ends, string why)
    {
        var year = Year(month, day, cutoff);
        Assert.True(At(starts) == Windows.StartOf(WindowKind.ThisYear, year, At(moment), Zone.Utc), why);
        Assert.True(At(ends) == Windows.EndOf(WindowKind.ThisYear, year, At(moment), Zone.Utc), why);
    }

    [Theory]
    // window, length, moment, leaves, why
    [InlineData(WindowKind.Last, "1 month", "2024-01-31", "2024-02-29", "a length later")]
    [InlineData(WindowKind.These, "6 months", "2024-01-15", "2024-07-01", "when the fifth month after its own ends")]
    [InlineData(WindowKind.These, "1 month", "2024-01-15", "2024-02-01", "when its own ends")]
    [InlineData(WindowKind.These, "6 months", "9999-09-15", "never", "in the calendar's last months it stays")]
    [InlineData(WindowKind.ThisQuarter, "", "2024-02-10", "2024-04-01", "when the period ends")]
    [InlineData(WindowKind.Since, "", "2024-02-10", "never", "facts tell")]
    [InlineData(WindowKind.ThisQuarter, "", "ever", "never", "what has no time never leaves")]
    public void A_moment_leaves_a_window(WindowKind kind, string length, string moment, string leaves, string why) =>
        Assert.True(At(leaves) == Windows.Leaves(Window(kind, length), At(moment), Calendar.Of(Zone.Utc)), why);

    [Fact]
    public void A_moment_never_leaves_all_of_time() => Assert.Equal(Instant.Never, Windows.Leaves(null, At("2024-01-01"), Calendar.Of(Zone.Utc)));

    [Theory]
    // window, length, looked at just before, opens, why
    [InlineData(WindowKind.Last, "90 days", "2024-04-01", "2024-01-02", "what leaves at that instant is inside just before")]
    [InlineData(WindowKind.Last, "1 month", "2024-03-31", "2024-03-01", "a month after the end of February was before that")]
    [InlineData(WindowKind.Last, "36 hours", "2024-03-31", "2024-03-29T12:00Z", "hours")]
    [InlineData(WindowKind.Last, "2 business days", "2024-06-12", "2024-06-08", "what happened on Saturday has all of Monday and Tuesday")]
    [InlineData(WindowKind.These, "6 months", "2024-07-01", "2024-01-01", "the last of the months is that just before")]
    [InlineData(WindowKind.These, "6 months", "2024-07-02", "2024-02-01", "and then the one that has begun")]
    [InlineData(WindowKind.These, "12 months", "0001-03-01", "ever", "nothing was before the calendar")]
    [InlineData(WindowKind.These, "3 months", "0001-04-01", "0001-01-01", "its first months are all there")]
    [InlineData(WindowKind.ThisYear, "", "2025-01-01", "2024-01-01", "the year that ends there")]
    [InlineData(WindowKind.ThisQuarter, "", "2024-04-01T00:01Z", "2024-04-01", "the quarter that has begun")]
    public void A_window_opens(WindowKind kind, string length, string before, string opens, string why) =>
        Assert.True(At(opens) == Windows.Opens(Window(kind, length), At(before), Calendar.Of(Zone.Utc)), $"{why}: {Windows.Opens(Window(kind, length), At(before), Calendar.Of(Zone.Utc))}");

    [Fact]
    public void A_window_of_instants_has_no_cutoff() =>
        Assert.Equal(At("2023-06-01"), Windows.Opens(new(WindowKind.ThisYear, Duration.Zero) { Year = Year(6, 1, "05-15") }, At("2024-05-20"), Calendar.Of(Zone.Utc)));

    private static Window Window(WindowKind kind, string length) => new(kind, Duration.TryParse(length, out var read) ? read : Duration.Zero);

    private static NamedYear Year(int month, int day, string cutoff) =>
        new("program_year", month, day) { Cutoff = cutoff.Length == 0 ? null : (int.Parse(cutoff[..2], System.Globalization.CultureInfo.InvariantCulture), int.Parse(cutoff[3..], System.Globalization.CultureInfo.InvariantCulture)) };

    private static Instant At(string text) => text == "never" ? Instant.Never : text == "ever" ? Instant.Ever : Some.At(text);
}
