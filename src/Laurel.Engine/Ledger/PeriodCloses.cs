using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>The periods that a program closes while its log grows: those whose closes are moments of a rule, at which money is paid or a rank is taken, or of obligations where rules or states read what follows for a member.</summary>
/// <param name="editions">The editions.</param>
/// <param name="zone">The program's zone.</param>
/// <param name="last">Until when closes were told before; <see cref="Instant.Ever"/> where nothing was recorded yet.</param>
public sealed class PeriodCloses(IReadOnlyList<Edition> editions, Zone zone, Instant last)
{
    private readonly IReadOnlyList<WindowKind> _periods =
        [.. editions.SelectMany(e => e.Rules).SelectMany(r => r.When).Select(t => t.Each).OfType<WindowKind>()
            .Concat(editions.SelectMany(e => e.Payouts).Select(p => p.Each))
            .Concat(editions.Where(e => e.Stages > 0).SelectMany(e => e.Obligations).Select(o => o.Each)).Distinct()];
    private readonly IReadOnlyList<Review> _ranks = Reviews.OfRanks(editions);
    private Instant _last = last;

    /// <summary>The closes after those told before, until an instant, that instant included. Periods before the first fact are none.</summary>
    public IEnumerable<Instant> Until(Instant recorded)
    {
        if (_periods.Count + _ranks.Count == 0 || !recorded.IsReal) { yield break; }
        if (_last == Instant.Ever) { _last = recorded; }
        for (var next = After(_last); next <= recorded; next = After(next)) { yield return _last = next; }
        _last = recorded;
    }

    private Instant After(Instant at)
    {
        var next = Reviews.NextAfter(_ranks, at, zone);
        foreach (var period in _periods) { next = Instant.Min(next, Windows.EndOf(period, null, at, zone)); }
        return next;
    }
}
