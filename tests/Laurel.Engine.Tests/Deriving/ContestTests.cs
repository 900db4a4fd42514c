using Laurel.Engine.Deriving;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Deriving;

/// <summary>What each has at each instant is what serving one after the other at that instant gives.</summary>
public sealed class ContestTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Shares_are_those_of_serving_one_after_the_other(bool whole)
    {
        var contest = new Contest();
        for (var seed = 1UL; seed <= 2000; seed++)
        {
            var chance = new Chance(seed);
            var amounts = new List<(Span Span, long Amount)>();
            for (var i = chance.Below(14); i >= 0; i--)
            {
                var starts = chance.Below(12);
                amounts.Add((new(new(starts), chance.Percent(20) ? Instant.Never : new(starts + chance.Below(8))), chance.One(0L, 1L, 5L, 5L, 20L, -3L, -30L)));
            }
            var number = chance.One(0L, 1L, 2L, 10L, 33L);
            var pieces = contest.Over(amounts, number, whole);
            for (var at = 0; at < 20; at++)
            {
                var expected = Served(amounts, number, whole, new(at));
                Assert.Equal(expected, pieces.Where(p => p.Span.Contains(new(at))).OrderBy(p => p.Place).Select(p => (p.Place, p.Share)));
            }
            Assert.DoesNotContain(pieces, p => p.Span.IsEmpty || pieces.Exists(q => q.Place == p.Place && q.Share == p.Share && q.Span.Starts == p.Span.Ends));
        }
    }

    [Fact]
    public void A_hundred_thousand_under_one_cap_are_settled_at_once()
    {
        const int Count = 100_000;
        var amounts = Enumerable.Range(0, Count).Select(i => (new Span(new(i), Instant.Never), 1L)).ToList();
        var pieces = new Contest().Over(amounts, 500, whole: false);
        Assert.Equal((Count, 500L), (pieces.Count, pieces.Sum(p => p.Share)));
    }

    [Fact]
    public void What_is_taken_back_makes_room_beyond_64_bits()
    {
        List<(Span, long)> amounts = [(Span.Always, -long.MaxValue), (Span.Always, -long.MaxValue), (Span.Always, long.MaxValue), (Span.Always, 7)];
        Assert.Equal([-long.MaxValue, -long.MaxValue, long.MaxValue, 7], new Contest().Over(amounts, 0, whole: false).OrderBy(p => p.Place).Select(p => p.Share));
    }

    private static List<(int, long)> Served(List<(Span Span, long Amount)> amounts, long left, bool whole, Instant at)
    {
        var served = new List<(int, long)>();
        for (var i = 0; i < amounts.Count; i++)
        {
            if (!amounts[i].Span.Contains(at)) { continue; }
            var share = whole ? amounts[i].Amount != 0 && left > 0 ? amounts[i].Amount : 0 : Math.Min(amounts[i].Amount, Math.Max(left, 0));
            left -= whole ? amounts[i].Amount != 0 ? 1 : 0 : share;
            served.Add((i, share));
        }
        return served;
    }
}
