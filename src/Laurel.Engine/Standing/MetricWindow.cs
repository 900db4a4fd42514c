using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>When a moment leaves the window of a metric of one member.</summary>
internal static class MetricWindow
{
    /// <summary>The first instant at which the moment does not count any more.</summary>
    /// <param name="window">The window; null for all of time.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="history">The facts.</param>
    /// <param name="member">The member's subject number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="calendar">That of the metric's edition.</param>
    public static Instant Leaves(Window? window, Instant moment, History history, int member, int upTo, Calendar calendar)
    {
        if (window is not { Kind: WindowKind.Since }) { return Windows.Leaves(window, moment, calendar); }
        foreach (var fact in history.FactsOf(member))
        {
            if (history.At[fact] > moment.Micros && history.TypeNumber(fact) == window.Fact && history.IsKnown(fact, upTo)) { return new(history.At[fact]); }
        }
        return Instant.Never;
    }
}
