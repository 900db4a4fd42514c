using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>Settles the limits among one member's pieces, one after the other, at every instant anew.</summary>
internal sealed class Limits(IReadOnlyList<(Edition Edition, Span InForce)> editions, Vocabulary vocabulary)
{
    public IReadOnlyList<Piece> Settle(IEnumerable<Piece> pieces)
    {
        var settled = pieces.ToList();
        for (var e = 0; e < editions.Count; e++)
        {
            foreach (var limit in editions[e].Edition.Limits.Where(l => l.Kind != LimitKind.Budget)) { settled = Settle(settled, limit, e); }
        }
        return settled;
    }

    /// <summary>What budgets leave of the pieces of all members.</summary>
    public IReadOnlyList<Piece> Spend(IEnumerable<Piece> pieces)
    {
        var settled = pieces.ToList();
        for (var e = 0; e < editions.Count; e++)
        {
            foreach (var limit in editions[e].Edition.Limits.Where(l => l.Kind == LimitKind.Budget)) { settled = Settle(settled, limit, e); }
        }
        return settled;
    }

    private List<Piece> Settle(List<Piece> pieces, Limit limit, int edition)
    {
        var concerned = pieces.Where(p => Concerns(limit, edition, p.Of)).GroupBy(p => string.Join(" | ", limit.Per.Select(key => KeyOf(key, p.Of))));
        var settled = pieces.Where(p => !Concerns(limit, edition, p.Of)).ToList();
        foreach (var group in concerned) { settled.AddRange(Settle([.. group], limit, editions[edition].InForce)); }
        return settled;
    }

    private bool Concerns(Limit limit, int edition, Having having)
    {
        if (having.Edition < 0 || having.Edition > edition) { return false; }
        var rules = limit.Of.Select(of => editions[edition].Edition.Rules[of].Name).Concat(limit.OfKept);
        return rules.Contains(having.Rule) && limit.Per.OfType<LimitKey.Path>().All(p => p.Paths.ContainsKey(RuleOf(having).Kind));
    }

    private CreditRule RuleOf(Having having) => editions[having.Edition].Edition.Rules[having.Place];

    private string KeyOf(LimitKey key, Having having) => key switch
    {
        LimitKey.Rule => having.Rule,
        LimitKey.Period period => Calendar.FirstDay(period.Kind, period.Year, having.Moment, vocabulary.Zone).ToString("O"),
        LimitKey.Path path => having.Keys(path).ToString()!,
        _ => throw new NotSupportedException(key.ToString()),
    };

    private IEnumerable<Piece> Settle(List<Piece> group, Limit limit, Span inForce)
    {
        var instants = group.SelectMany(p => new[] { p.Span.Starts, p.Span.Ends }).Append(inForce.Starts).Append(inForce.Ends).Distinct().Order().ToList();
        var places = group.Select(p => (p.Of.Moment, p.Of.Subject, p.Of.Rule)).Distinct().OrderBy(p => p.Moment).ThenBy(p => KindOf(p.Subject)).ThenBy(p => p.Subject.Name, StringComparer.Ordinal)
            .ThenBy(p => group.Where(g => (g.Of.Moment, g.Of.Subject, g.Of.Rule) == p).Min(g => (g.Of.Edition, g.Of.Place))).ToList();
        for (var i = 0; i + 1 < instants.Count; i++)
        {
            var between = new Span(instants[i], instants[i + 1]);
            var there = group.Where(p => p.Span.Contains(between.Starts)).Select(p => p with { Span = between }).ToList();
            if (!inForce.Contains(between.Starts))
            {
                foreach (var piece in there) { yield return piece; }
                continue;
            }
            var left = limit.Number;
            foreach (var piece in Ordered(there, limit))
            {
                var place = places.IndexOf((piece.Of.Moment, piece.Of.Subject, piece.Of.Rule)) + 1;
                yield return piece with { Counted = Counted(piece.Counted, limit, place, ref left) };
            }
        }
    }

    /// <summary>What is active comes before what is pending, which holds its place in a budget; then the biggest, or the earliest.</summary>
    private IEnumerable<Piece> Ordered(IEnumerable<Piece> pieces, Limit limit) =>
        pieces.OrderBy(p => p.Pending && limit.Kind != LimitKind.Budget).ThenByDescending(p => limit.Kind == LimitKind.Best ? p.Counted : 0).ThenBy(p => p.Of.Moment)
            .ThenBy(p => KindOf(p.Of.Subject)).ThenBy(p => p.Of.Subject.Name, StringComparer.Ordinal).ThenBy(p => p.Of.Member.Name, StringComparer.Ordinal).ThenBy(p => (p.Of.Edition, p.Of.Place));

    private int KindOf(SubjectName subject) => vocabulary.Kinds.Single(k => k.Name == subject.Kind).Index;

    private static long Counted(long amount, Limit limit, int place, ref long left)
    {
        switch (limit.Kind)
        {
            case LimitKind.First: return place <= limit.Number ? amount : 0;
            case LimitKind.From: return place >= limit.Number ? amount : 0;
            case LimitKind.Best: return amount != 0 && left-- > 0 ? amount : 0;
            default:
                var counted = Math.Min(amount, Math.Max(left, 0));
                left -= counted;
                return counted;
        }
    }
}
