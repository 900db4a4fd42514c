using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Deriving;

public sealed class ReleasesTests
{
    [Theory]
    // day, rolls, covers, moment, release, why
    [InlineData(15, false, "", "2024-06-15", "2024-06-15", "a run covers its own instant")]
    [InlineData(15, false, "", "2024-06-15T00:01Z", "2024-07-15", "and nothing later")]
    [InlineData(15, true, "", "2024-06-15T00:01Z", "2024-06-17", "put off to Monday, it covers the weekend")]
    [InlineData(15, true, "2 days", "2024-06-15", "2024-06-17", "two days before the day that it is on")]
    [InlineData(15, true, "2 days", "2024-06-15T00:01Z", "2024-07-15", "later waits for the next")]
    [InlineData(15, true, "2 business days", "2024-06-13", "2024-06-17", "two business days before")]
    [InlineData(15, true, "2 business days", "2024-06-13T00:01Z", "2024-07-15", "and a minute")]
    [InlineData(31, false, "", "2024-02-10", "2024-02-29", "a shorter month's last day")]
    [InlineData(31, true, "", "2024-03-31", "2024-04-01", "in a later month than it is due in")]
    [InlineData(31, true, "", "2024-04-01", "2024-04-01", "and asked about from there")]
    [InlineData(31, true, "", "2024-12-31T00:01Z", "2025-01-31", "over the year")]
    public void Is_the_first_run_that_covers_the_moment(int day, bool rolls, string covers, string moment, string release, string why) =>
        Assert.True(Some.At(release) == Release(WindowKind.ThisMonth, day, rolls, covers, moment), $"{why}: {Release(WindowKind.ThisMonth, day, rolls, covers, moment)}");

    [Theory]
    [InlineData("2024-01-31", "2024-01-31")]
    [InlineData("2024-02-01", "2024-04-30")]
    [InlineData("9999-12-01", "never")]
    public void Comes_once_a_quarter(string moment, string release) =>
        Assert.Equal(release == "never" ? Instant.Never : Some.At(release), Release(WindowKind.ThisQuarter, release.EndsWith("30", StringComparison.Ordinal) ? 30 : 31, rolls: false, "", moment));

    private static Instant Release(WindowKind each, int day, bool rolls, string covers, string moment)
    {
        var before = Duration.Zero;
        Assert.True(covers.Length == 0 || Duration.TryParse(covers, out before));
        var run = new ScheduledRun("awards", each, day, rolls, before, new(null, null, default));
        return Releases.RunFor(run, Some.At(moment), Calendar.Of(Zone.Utc)).At;
    }
}
