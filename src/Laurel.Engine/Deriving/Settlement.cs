using System.Runtime.InteropServices;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Settles the limits among one member's credits: in the order of the file, each within the dates of its edition. What loses
/// is set aside, or cut, with the limit named. Limits whose credits all come from one subject can be settled with the subject;
/// the others, and those after them that share a rule, with the member.
/// </summary>
internal sealed class Settlement
{
    /// <summary>So many credits are compared each with each.</summary>
    private const int FewMax = 12;

    private readonly RuleBook _book;
    private readonly Zone _zone;
    private readonly AppliedLimit[][] _limits;
    private readonly bool[] _isLocal;
    private readonly bool[] _isInOrder;
    private readonly bool[] _isCross;
    private readonly bool _oneCanLose;
    private readonly bool _onlyTogether;
    private readonly List<Credit> _work = [];
    private readonly Dictionary<GroupKey, List<int>> _groups = [];
    private readonly Stack<List<int>> _spare = [];
    private readonly List<int> _group = [];
    private readonly List<int> _contending = [];
    private readonly List<(Span Span, long Amount)> _amounts = [];
    private readonly Contest _contest = new();
    private readonly ByRank _byRank;

    public Settlement(RuleBook book, History history)
    {
        _book = book;
        _byRank = new(history);
        _zone = book.Vocabulary.Zone;
        _limits = book.Limits;
        _isLocal = [.. Enumerable.Range(0, book.Count).Select(rule => IsLimited(rule, local: true))];
        _isInOrder = [.. Enumerable.Range(0, book.Count).Select(rule => _limits.Any(edition => edition.Any(l => l.Local && l.Keys[rule] is not null && l.Limit.Kind is LimitKind.First or LimitKind.From)))];
        _isCross = [.. Enumerable.Range(0, book.Count).Select(rule => IsLimited(rule, local: false))];
        HasCross = _limits.Any(edition => edition.Any(l => !l.Local));
        _oneCanLose = _limits.Any(edition => edition.Any(l => l.Limit.Kind is LimitKind.From or LimitKind.AtMost));
        _onlyTogether = _limits.All(edition => edition.All(l => !l.Local || l.Limit is { Kind: LimitKind.Best, Number: > 0 }));
    }

    /// <summary>True where limits can matter to so many credits: one alone loses only where something is to be reached or not to be exceeded.</summary>
    public bool Matters(int credits) => credits > 1 || (credits == 1 && _oneCanLose);

    /// <summary>True where the limits that concern one subject can matter to its credits.</summary>
    public bool MattersToSubject(ReadOnlySpan<Credit> credits)
    {
        if (_onlyTogether && credits.Length <= FewMax) { return Meet(credits); }
        var limited = 0;
        foreach (ref readonly var credit in credits)
        {
            if (_isLocal[credit.Rule]) { limited++; }
        }
        return Matters(limited);
    }

    /// <summary>True where a member has two limited credits at one moment: only these can be better than one another.</summary>
    private bool Meet(ReadOnlySpan<Credit> credits)
    {
        for (var i = 1; i < credits.Length; i++)
        {
            ref readonly var credit = ref credits[i];
            if (!_isLocal[credit.Rule]) { continue; }
            foreach (ref readonly var other in credits[..i])
            {
                if (other.Member == credit.Member && other.Starts < credit.Ends && credit.Starts < other.Ends && _isLocal[other.Rule]) { return true; }
            }
        }
        return false;
    }

    /// <summary>True for a rule that limits which concern one subject are about.</summary>
    public bool IsLocal(int rule) => _isLocal[rule];

    /// <summary>True where one of these goes by the order of moments: otherwise what counts at an instant depends only on what is there at that instant.</summary>
    public bool IsInOrder(int rule) => _isInOrder[rule];

    /// <summary>True where some limit needs all of a member's credits.</summary>
    public bool HasCross { get; }

    /// <summary>The credits of a member that compete under one limit.</summary>
    internal readonly record struct GroupKey(int Member, long First, long Second, long Third, long Fourth);

    /// <summary>A group of a limit that is settled with the member.</summary>
    /// <param name="Limit">The limit, counted over all editions.</param>
    /// <param name="Key">The group.</param>
    internal readonly record struct CrossGroup(int Limit, GroupKey Key);

    /// <summary>The groups in which a credit competes with others of its member, under limits that are settled with the member.</summary>
    public List<CrossGroup> CrossGroupsOf(in Credit credit, ReadOnlySpan<long> keys)
    {
        var groups = new List<CrossGroup>(1);
        var number = 0;
        foreach (var limit in _limits.SelectMany(edition => edition))
        {
            if (!limit.Local && limit.Keys[credit.Rule] is not null) { groups.Add(new(number, KeyOf(credit, keys, limit))); }
            number++;
        }
        return groups;
    }

    /// <summary>True where a limit settled with the member is about this rule.</summary>
    public bool IsCross(int rule) => _isCross[rule];

    /// <summary>Settles what concerns one subject.</summary>
    public void SettleSubject(List<Credit> credits, List<long> keys) => Settle(credits, keys, local: true);

    /// <summary>Settles what concerns all credits of one member.</summary>
    public void SettleMember(List<Credit> credits, List<long> keys) => Settle(credits, keys, local: false);

    /// <summary>True where a limit lets two credits of one member compete.</summary>
    public bool ShareGroup(int edition, Limit limit, in Credit a, in Credit b, List<long> keys)
    {
        var applied = _limits[edition].First(l => l.Limit == limit);
        return applied.Keys[a.Rule] is not null && applied.Keys[b.Rule] is not null && KeyOf(a, CollectionsMarshal.AsSpan(keys), applied) == KeyOf(b, CollectionsMarshal.AsSpan(keys), applied);
    }

    private void Settle(List<Credit> credits, List<long> keys, bool local)
    {
        for (var e = 0; e < _limits.Length; e++)
        {
            foreach (var limit in _limits[e])
            {
                if (limit.Local == local) { Settle(credits, keys, limit, _book.Editions[e].InForce); }
            }
        }
    }

    private void Settle(List<Credit> credits, List<long> keys, AppliedLimit limit, Span inForce)
    {
        var changed = credits.Count <= FewMax ? SettleFew(credits, keys, limit, inForce) : SettleMany(credits, keys, limit, inForce);
        if (!changed) { return; }
        credits.RemoveAll(c => c.Starts >= c.Ends);
        credits.AddRange(_work);
        _work.Clear();
    }

    /// <summary>Finds groups by comparing each with each: of few, that is the fastest.</summary>
    private bool SettleFew(List<Credit> credits, List<long> keys, AppliedLimit limit, Span inForce)
    {
        var (changed, grouped, count) = (false, 0UL, credits.Count);
        for (var i = 0; i < count; i++)
        {
            if ((grouped >> i & 1) != 0 || limit.Keys[credits[i].Rule] is null) { continue; }
            var key = KeyOf(CollectionsMarshal.AsSpan(credits)[i], CollectionsMarshal.AsSpan(keys), limit);
            _group.Clear();
            _group.Add(i);
            for (var other = i + 1; other < count; other++)
            {
                ref readonly var credit = ref CollectionsMarshal.AsSpan(credits)[other];
                if (limit.Keys[credit.Rule] is null || credit.Member != key.Member || KeyOf(credit, CollectionsMarshal.AsSpan(keys), limit) != key) { continue; }
                _group.Add(other);
                grouped |= 1UL << other;
            }
            if (Settles(credits, limit.Limit, _group)) { changed |= Apply(credits, limit.Limit, _group, inForce); }
        }
        return changed;
    }

    private bool SettleMany(List<Credit> credits, List<long> keys, AppliedLimit limit, Span inForce)
    {
        var changed = false;
        for (var i = 0; i < credits.Count; i++)
        {
            ref readonly var credit = ref CollectionsMarshal.AsSpan(credits)[i];
            if (limit.Keys[credit.Rule] is null) { continue; }
            var key = KeyOf(credit, CollectionsMarshal.AsSpan(keys), limit);
            if (!_groups.TryGetValue(key, out var group)) { _groups[key] = group = _spare.TryPop(out var spare) ? spare : []; }
            group.Add(i);
        }
        foreach (var group in _groups.Values)
        {
            if (Settles(credits, limit.Limit, group)) { changed |= Apply(credits, limit.Limit, group, inForce); }
            group.Clear();
            _spare.Push(group);
        }
        _groups.Clear();
        return changed;
    }

    private GroupKey KeyOf(in Credit credit, ReadOnlySpan<long> keys, AppliedLimit limit)
    {
        if (limit.Local && limit.Limit.Per.Count == 1) { return new(credit.Member, keys[credit.Key + limit.Keys[credit.Rule]![0]], 0, 0, 0); }
        Span<long> values = [0, 0, 0, 0];
        var next = 0;
        for (var at = 0; at < limit.Limit.Per.Count; at++)
        {
            values[at] = limit.Limit.Per[at] switch
            {
                LimitKey.Rule => _book.NameNumber(credit.Rule),
                LimitKey.Period period => Windows.StartOf(period.Kind, period.Year, credit.Moment, _zone).Micros,
                _ => keys[credit.Key + limit.Keys[credit.Rule]![next++]],
            };
        }
        return new(credit.Member, values[0], values[1], values[2], values[3]);
    }

    /// <summary>A group too small to lose anything is left as it is.</summary>
    private static bool Settles(List<Credit> credits, Limit limit, List<int> group) => limit.Kind switch
    {
        LimitKind.Best or LimitKind.First => group.Count > limit.Number && (limit.Number == 0 || AnyCounts(credits, group)),
        LimitKind.AtMost => Exceed(credits, group, limit.Number),
        _ => true,
    };

    /// <summary>True where all together may be more than so much.</summary>
    private static bool Exceed(List<Credit> credits, List<int> group, long left)
    {
        foreach (var i in group)
        {
            if (credits[i].Counted > left) { return true; }
            left -= Math.Max(credits[i].Counted, 0);
        }
        return false;
    }

    private static bool AnyCounts(List<Credit> credits, List<int> group)
    {
        foreach (var i in group)
        {
            if (credits[i].Counted != 0) { return true; }
        }
        return false;
    }

    private bool Apply(List<Credit> credits, Limit limit, List<int> group, Span inForce)
    {
        _byRank.Credits = credits;
        _byRank.Biggest = limit.Kind == LimitKind.Best;
        Sort(group);
        if (limit.Kind is not (LimitKind.Best or LimitKind.AtMost)) { return ApplyInOrder(credits, limit, group, inForce); }
        return limit.Kind == LimitKind.Best && AreTogether(CollectionsMarshal.AsSpan(credits), group, inForce) ? ApplyAtOnce(credits, limit, group) : ApplyOverTime(credits, limit, group, inForce);
    }

    private void Sort(List<int> group)
    {
        // Most groups are pairs, and sorting one costs more than settling it.
        if (group.Count == 2)
        {
            if (_byRank.Compare(group[0], group[1]) > 0) { (group[0], group[1]) = (group[1], group[0]); }
        }
        else if (group.Count > 2) { group.Sort(_byRank); }
    }

    private bool IsLimited(int rule, bool local) => _limits.Any(edition => edition.Any(l => l.Local == local && l.Keys[rule] is not null));

    /// <summary>True where all are there for the same span, within the dates of the limit.</summary>
    private static bool AreTogether(ReadOnlySpan<Credit> credits, List<int> group, Span inForce)
    {
        ref readonly var first = ref credits[group[0]];
        if (first.Starts < inForce.Starts || first.Ends > inForce.Ends) { return false; }
        foreach (var i in group)
        {
            ref readonly var credit = ref credits[i];
            if (credit.Starts != first.Starts || credit.Ends != first.Ends || credit.Status != first.Status) { return false; }
        }
        return true;
    }

    /// <summary>Best of credits that are there together: what loses, loses all the time.</summary>
    private static bool ApplyAtOnce(List<Credit> credits, Limit limit, List<int> group)
    {
        var left = limit.Number;
        foreach (var i in group)
        {
            ref var credit = ref CollectionsMarshal.AsSpan(credits)[i];
            if (credit.Counted != 0 && left-- <= 0) { credit = credit with { Counted = 0, Limit = (short)limit.Index }; }
        }
        return false;
    }

    /// <summary>First and from: for good, by the order of moments; the spans of one credit share its place.</summary>
    private bool ApplyInOrder(List<Credit> credits, Limit limit, List<int> group, Span inForce)
    {
        var changed = false;
        var place = 0;
        for (var i = 0; i < group.Count; i++)
        {
            var credit = credits[group[i]];
            if (i == 0 || !IsSame(credits[group[i - 1]], credit)) { place++; }
            var loses = limit.Kind == LimitKind.First ? place > limit.Number : place < limit.Number;
            if (!loses || credit.Counted == 0 || credit.Span.Intersect(inForce).IsEmpty) { continue; }
            Replace(credits, group[i], inForce, limit, 0);
            changed = true;
        }
        return changed;
    }

    /// <summary>Best and at-most: at any moment, among those there at that moment. The pending ones come after the active.</summary>
    private bool ApplyOverTime(List<Credit> credits, Limit limit, List<int> group, Span inForce)
    {
        _contending.Clear();
        _amounts.Clear();
        for (var status = CreditStatus.Active; ; status = CreditStatus.Pending)
        {
            foreach (var i in group)
            {
                var credit = credits[i];
                if (credit.Status != status || credit.Span.Intersect(inForce).IsEmpty) { continue; }
                _contending.Add(i);
                _amounts.Add((credit.Span.Intersect(inForce), credit.Counted));
            }
            if (status == CreditStatus.Pending) { break; }
        }
        var pieces = _contest.Over(_amounts, limit.Number, whole: limit.Kind == LimitKind.Best);
        if (!pieces.Exists(piece => piece.Share != _amounts[piece.Place].Amount)) { return false; }
        foreach (var (place, span, share) in pieces)
        {
            var credit = credits[_contending[place]];
            _work.Add(credit with { Starts = span.Starts, Ends = span.Ends, Counted = share, Limit = share != credit.Counted ? (short)limit.Index : credit.Limit });
        }
        foreach (var i in _contending)
        {
            Outside(credits, i, inForce);
            credits[i] = credits[i] with { Ends = credits[i].Starts };
        }
        return true;
    }

    private void Replace(List<Credit> credits, int index, Span inForce, Limit limit, long counted)
    {
        var credit = credits[index];
        var span = credit.Span.Intersect(inForce);
        Outside(credits, index, inForce);
        _work.Add(credit with { Starts = span.Starts, Ends = span.Ends, Counted = counted, Limit = (short)limit.Index });
        credits[index] = credit with { Ends = credit.Starts };
    }

    /// <summary>What lies outside the edition's dates stays as it was.</summary>
    private void Outside(List<Credit> credits, int index, Span inForce)
    {
        var credit = credits[index];
        if (credit.Starts < inForce.Starts) { _work.Add(credit with { Ends = inForce.Starts }); }
        if (credit.Ends > inForce.Ends) { _work.Add(credit with { Starts = inForce.Ends }); }
    }

    /// <summary>
    /// By moment; for a limit that takes the best, by amount before that. Subjects of one moment go by kind and name: their numbers
    /// depend on what was told first.
    /// </summary>
    private sealed class ByRank(History history) : IComparer<int>
    {
        public List<Credit> Credits { get; set; } = [];

        public bool Biggest { get; set; }

        public int Compare(int x, int y)
        {
            ref readonly var a = ref CollectionsMarshal.AsSpan(Credits)[x];
            ref readonly var b = ref CollectionsMarshal.AsSpan(Credits)[y];
            var order = Biggest ? b.Counted.CompareTo(a.Counted) : 0;
            if (order == 0) { order = a.Moment.CompareTo(b.Moment); }
            if (order == 0 && a.Subject != b.Subject) { order = history.Subjects[a.Subject].SequenceCompareTo(history.Subjects[b.Subject]); }
            if (order == 0) { order = a.Rule.CompareTo(b.Rule); }
            if (order == 0) { order = a.Starts.CompareTo(b.Starts); }
            // Two of one fact type and instant: nothing else tells them apart.
            if (order == 0) { order = a.Ends.CompareTo(b.Ends); }
            return order != 0 ? order : a.Counted.CompareTo(b.Counted);
        }
    }

    private bool IsSame(in Credit a, in Credit b) =>
        a.Moment == b.Moment && a.Subject == b.Subject && _book.NameNumber(a.Rule) == _book.NameNumber(b.Rule);
}
