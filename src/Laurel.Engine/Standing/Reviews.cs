using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>When ladders are looked at.</summary>
internal static class Reviews
{
    /// <summary>The first review after an instant; <see cref="Instant.Never"/> for none.</summary>
    public static Instant NextAfter(IReadOnlyList<Review> reviews, Instant at, Zone zone)
    {
        var next = Instant.Never;
        if (!at.IsReal || reviews.Count == 0) { return next; }
        foreach (var review in reviews) { next = Instant.Min(next, review.Each is { } each ? Windows.EndOf(each, null, at, zone) : NextDay(review, at, zone)); }
        return next;
    }

    /// <summary>True at a review.</summary>
    public static bool IsDue(IReadOnlyList<Review> reviews, Instant at, Zone zone) => at.IsReal && NextAfter(reviews, at.JustBefore, zone) == at;

    /// <summary>The dates on which editions take ranks.</summary>
    public static IReadOnlyList<Review> OfRanks(IEnumerable<Edition> editions) => [.. editions.SelectMany(e => e.Metrics).SelectMany(m => m.Ranking?.At ?? []).Distinct()];

    /// <summary>A day that its month does not have in some year is that month's last.</summary>
    private static Instant NextDay(Review review, Instant at, Zone zone)
    {
        for (var year = zone.DateOf(at).Year; year <= 9999; year++)
        {
            var day = Math.Min(review.Day, DateTime.DaysInMonth(year, review.Month));
            var instant = zone.StartOfDay(new(year, review.Month, day));
            if (instant > at) { return instant; }
        }
        return Instant.Never;
    }
}
