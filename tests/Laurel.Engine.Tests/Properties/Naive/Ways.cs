using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>A part of what a member has: an amount over a span.</summary>
internal sealed record Piece(Having Of, Span Span, long Amount, long Counted, bool Pending);

/// <summary>What one rule gives one member for one subject by one moment.</summary>
/// <param name="Edition">The place of the edition that gives it; -1 for adjustments and migrations.</param>
/// <param name="Place">The rule's place in its edition; the unit's for adjustments and migrations.</param>
/// <param name="Rule">Its name.</param>
/// <param name="Keys">The values that limits and metrics group by, by path.</param>
internal sealed record Having(int Edition, int Place, string Rule, Unit Unit, SubjectName Member, SubjectName Subject, Instant Moment, Func<LimitKey.Path, object> Keys);

/// <summary>What the editions give one after the other, each within its dates, and what becomes of what was given before.</summary>
internal sealed class Ways
{
    private readonly World _world;
    private readonly IReadOnlyList<(Edition Edition, Span InForce)> _editions;
    private readonly List<Giving> _giving;

    public Ways(World world, IReadOnlyList<(Edition Edition, Span InForce)> editions)
    {
        _world = world;
        _editions = editions;
        _giving = [.. editions.Select(e => new Giving(world, e.Edition))];
    }

    /// <summary>What is true of subjects under an edition, by its place.</summary>
    public Holdings HoldingsOf(int edition) => _giving[edition].Holdings;

    /// <summary>A gift within the dates of its edition.</summary>
    /// <param name="Moment">The moment by which it counts.</param>
    /// <param name="Cut">From when on it is no more, whatever its own end.</param>
    private sealed record Way(int Edition, Gift Gift, Instant Moment, Instant From, Instant Cut)
    {
        public Instant Ends => Instant.Min(Gift.Ends, Cut);
    }

    /// <summary>What all members have for a subject, before limits.</summary>
    public IEnumerable<Piece> For(SubjectName subject)
    {
        var ways = new List<Way>();
        for (var e = 0; e < _editions.Count; e++)
        {
            var gifts = _giving[e].For(subject).ToList();
            ways.AddRange(gifts.Select(gift => gift.Rule.When.Count > 0 ? OfMoment(e, gift, ways) : OfStretch(e, gift, ways)).OfType<Way>().ToList());
        }
        return ways.SelectMany(Enrolled).Concat(BuiltIn(subject));
    }

    private Way? OfMoment(int edition, Gift gift, List<Way> before)
    {
        var inForce = _editions[edition].InForce;
        var cut = EndedFrom(edition + 1, gift.Rule.Name);
        if (inForce.Contains(gift.Moment)) { return new(edition, gift, gift.Moment, gift.Begins, cut); }
        var taken = Transitions(edition, TransitionKind.As).Where(t => t.As == gift.Rule.Index).Select(t => t.Rule).ToList();
        var goesOn = before.Any(w => w.Gift.Member == gift.Member && w.Moment == gift.Moment && taken.Contains(w.Gift.Rule.Name) && w.Gift.Ends > inForce.Starts && w.Cut == inForce.Starts);
        return goesOn ? new(edition, gift, gift.Moment, Instant.Max(gift.Begins, inForce.Starts), cut) : null;
    }

    private Way? OfStretch(int edition, Gift gift, List<Way> before)
    {
        var inForce = _editions[edition].InForce;
        if (gift.Moment >= inForce.Ends || gift.Ends <= inForce.Starts) { return null; }
        var kept = edition + 1 < _editions.Count && Transitions(edition + 1, TransitionKind.Keep).Any(t => t.Rule == gift.Rule.Name);
        var cut = kept ? EndedFrom(edition + 2, gift.Rule.Name) : inForce.Ends;
        if (gift.Moment >= inForce.Starts) { return new(edition, gift, gift.Moment, gift.Moment, cut); }
        var names = Transitions(edition, TransitionKind.As).Where(t => t.As == gift.Rule.Index).Select(t => t.Rule).Append(gift.Rule.Name).ToList();
        var old = before.FirstOrDefault(w => w.Gift.Member == gift.Member && w.Ends == inForce.Starts && names.Contains(w.Gift.Rule.Name));
        return new(edition, gift, old?.Moment ?? inForce.Starts, inForce.Starts, cut);
    }

    /// <summary>The first edition from a place on that ends a rule's credits, or gives them on to another.</summary>
    private Instant EndedFrom(int edition, string rule)
    {
        for (; edition < _editions.Count; edition++)
        {
            if (_editions[edition].Edition.Transitions.Any(t => t.Rule == rule && t.Kind != TransitionKind.Keep)) { return _editions[edition].InForce.Starts; }
        }
        return Instant.Never;
    }

    private IEnumerable<Transition> Transitions(int edition, TransitionKind kind) => _editions[edition].Edition.Transitions.Where(t => t.Kind == kind);

    private IEnumerable<Piece> Enrolled(Way way)
    {
        var rule = way.Gift.Rule;
        if (_world.Vocabulary.Units[rule.Unit].Money) { return Pieces(way, Span.Always); }
        return _world.Enrolled[way.Gift.Member].Where(span => !IsKeptAndMissed(way, span)).SelectMany(span => Pieces(way, span));
    }

    /// <summary>A stretch that goes on by an edition before does not begin again for who joins later; one that its successor gives does.</summary>
    private bool IsKeptAndMissed(Way way, Span enrolled) => way.Gift.Rule.When.Count == 0 && enrolled.Starts >= _editions[way.Edition].InForce.Ends;

    private IEnumerable<Piece> Pieces(Way way, Span enrolled)
    {
        var rule = way.Gift.Rule;
        var moment = rule.When.Count > 0 ? way.Moment : Instant.Max(way.Moment, enrolled.Starts);
        var (release, ends) = (way.Gift.Release, way.Cut);
        if (rule.When.Count == 0)
        {
            release = Calendar.Release(_editions[way.Edition].Edition, rule, moment);
            if (rule.For is { } length) { ends = Instant.Min(ends, Calendar.Add(_editions[way.Edition].Edition, moment, length)); }
        }
        var having = new Having(way.Edition, rule.Index, rule.Name, _world.Vocabulary.Units[rule.Unit], way.Gift.Member, way.Gift.Subject, moment, path => KeyOf(way, path));
        foreach (var (span, amount) in way.Gift.Parts)
        {
            var counts = span.Intersect(new(way.From, ends)).Intersect(enrolled);
            var waits = counts.Intersect(new(Instant.Ever, release));
            var active = counts.Intersect(new(release, Instant.Never));
            if (!waits.IsEmpty) { yield return new(having, waits, amount, amount, Pending: true); }
            if (!active.IsEmpty) { yield return new(having, active, amount, amount, Pending: false); }
        }
    }

    /// <summary>As when it began; what nobody told is a group of its own.</summary>
    private object KeyOf(Way way, LimitKey.Path path) =>
        _giving[way.Edition].Evaluator.Value(path.Paths[way.Gift.Rule.Kind], new(way.Gift.Subject, null, _world.CompleteAt(way.Gift.Begins))) ?? ("not told", way.Gift.Subject);

    private IEnumerable<Piece> BuiltIn(SubjectName member)
    {
        foreach (var fact in _world.Of(member).Select(f => _world.Facts[f]).Where(f => f.Type.BuiltIn is Engine.Programs.BuiltIn.Adjusted or Engine.Programs.BuiltIn.Migrated))
        {
            var unit = _world.Vocabulary.Units.Single(u => u.Name == ((FactValue.Text)fact["unit"]!).Value);
            var amount = (((FactValue.Number)fact["amount"]!).Value * (long)Math.Pow(10, unit.Decimals)).Round();
            var having = new Having(-1, unit.Index, fact.Type.BuiltIn == Engine.Programs.BuiltIn.Adjusted ? "adjusted" : "migrated", unit, member, member, fact.Time, _ => "");
            foreach (var span in unit.Money ? [Span.Always] : _world.Enrolled[member])
            {
                var counts = span.Intersect(new(fact.Time, Instant.Never));
                if (!counts.IsEmpty) { yield return new(having, counts, amount, amount, Pending: false); }
            }
        }
    }
}
