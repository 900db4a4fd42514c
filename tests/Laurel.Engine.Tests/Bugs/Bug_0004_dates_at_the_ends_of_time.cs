using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>The first hours of year 1 lie in year 0 west of Greenwich, the last ones of year 9999 in year 10000 east of it: asking for their date failed.</summary>
public sealed class Bug_0004_dates_at_the_ends_of_time
{
    [Theory]
    [InlineData("America/New_York")]
    [InlineData("UTC")]
    [InlineData("Asia/Tokyo")]
    public void Every_instant_has_a_date(string zone)
    {
        var there = Zone.Find(zone)!;
        Assert.Equal(new(1, 1, 1), there.DateOf(Instant.First));
        Assert.Equal(new(9999, 12, 31), there.DateOf(Instant.Last));
        Assert.Equal(new(2024, 2, 29), there.DateOf(Some.At("2024-02-29T12:00Z")));
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("UTC")]
    [InlineData("Asia/Tokyo")]
    public void To_every_instant_one_can_add(string zone)
    {
        var there = Calendar.Of(Zone.Find(zone)!);
        Assert.Equal(Instant.Never, there.Add(Instant.Last, new(0, 1, 0)));
        Assert.Equal(Instant.Never, there.Add(Instant.Last, new(1, 0, 0)));
        Assert.True(there.Add(Instant.First, new(0, 1, 0)).IsReal);
        Assert.True(there.Add(new(Instant.Last.Micros - Instant.MicrosPerDay), new(0, 1, 0)) is { } next && (next == Instant.Last || next == Instant.Never));
    }
}
