using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Standing;

public sealed class TallyTests
{
    [Theory]
    // what counts, by amount; what it comes to
    [InlineData(MetricKind.Sum, "4")]
    [InlineData(MetricKind.Count, "3")]
    [InlineData(MetricKind.Median, "2")]
    public void What_ends_counts_no_more(MetricKind kind, string value)
    {
        var tally = new Tally(Metric(kind), scale: 1);
        foreach (var amount in new long[] { 5, 3, 0, 1 }) { tally.Apply(Credit(amount), begins: true); }
        tally.Apply(Credit(5), begins: false);
        if (kind == MetricKind.Median) { tally.Apply(Credit(0), begins: false); }
        Assert.Equal(value, tally.Read().ToString());
    }

    [Theory]
    [InlineData("2.5", 5L, 1L, 2L, 3L)]
    [InlineData("3", 5L, 1L, 3L)]
    [InlineData("7", 7L)]
    public void The_median_is_the_middle_one_or_between_the_middle_two(string median, params long[] amounts)
    {
        var tally = new Tally(Metric(MetricKind.Median), scale: 1);
        foreach (var amount in amounts) { tally.Apply(Credit(amount), begins: true); }
        Assert.Equal(median, tally.Read().ToString());
    }

    [Fact]
    public void Nothing_has_no_middle() => Assert.Equal(ValueKind.NotTold, new Tally(Metric(MetricKind.Median), scale: 1).Read().Kind);

    [Fact]
    public void An_amount_is_in_whole_units()
    {
        var tally = new Tally(Metric(MetricKind.Sum), scale: 100);
        tally.Apply(Credit(250), begins: true);
        Assert.Equal("2.5", tally.Read().ToString());
    }

    [Theory]
    // days in order, x breaks; how many runs of three
    [InlineData("..", "0")]
    [InlineData("...", "1")]
    [InlineData(".....", "1")]
    [InlineData("......", "2")]
    [InlineData("..x.", "0")]
    [InlineData("..x...", "1")]
    [InlineData("...x...", "2")]
    public void A_run_is_so_many_in_a_row_each_counted_once(string days, string runs)
    {
        var tally = new Tally(Metric(MetricKind.Runs) with { Length = 3 }, scale: 1);
        foreach (var day in Enumerable.Range(0, days.Length).Reverse()) { tally.Apply(Credit(1, day, days[day] == 'x'), begins: true); }
        Assert.Equal(runs, tally.Read().ToString());
    }

    [Fact]
    public void Of_one_moment_what_breaks_a_run_comes_last()
    {
        var tally = new Tally(Metric(MetricKind.Runs) with { Length = 2 }, scale: 1);
        tally.Apply(Credit(1, day: 2, breaks: true), begins: true);
        tally.Apply(Credit(1, day: 2), begins: true);
        tally.Apply(Credit(1, day: 1), begins: true);
        Assert.Equal("1", tally.Read().ToString());
    }

    [Fact]
    public void A_key_whose_credits_come_to_nothing_is_no_key()
    {
        var keyed = Metric(MetricKind.Sum) with { Per = new LimitKey.Rule() };
        var tally = new Tally(keyed, scale: 1);
        tally.Apply(Credit(5, key: "b"), begins: true);
        tally.Apply(Credit(2, key: "a"), begins: true);
        tally.Apply(Credit(3, key: "c"), begins: true);
        tally.Apply(Credit(5, key: "b"), begins: false);
        Assert.Equal(["a", "c"], tally.Read().AsMap.Keys.Select(k => k.AsText));
        var middle = new Tally(keyed with { Kind = MetricKind.Median }, scale: 1);
        middle.Apply(Credit(0, key: "a"), begins: true);
        middle.Apply(Credit(0, key: "b"), begins: true);
        middle.Apply(Credit(0, key: "b"), begins: false);
        Assert.Equal(["a"], middle.Read().AsMap.Keys.Select(k => k.AsText));
    }

    private static Counted Credit(long amount, int day = 1, bool breaks = false, string key = "") => new(new(day * Instant.MicrosPerDay), breaks, amount, Value.Of(key));

    private static Metric Metric(MetricKind kind) => new("points", 0, kind, 0, null, null, null, new(null, null, default));
}
