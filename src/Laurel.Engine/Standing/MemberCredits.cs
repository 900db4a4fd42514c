using Laurel.Engine.Deriving;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>All credits of a scoring, by member. Several threads may read it.</summary>
public sealed class MemberCredits
{
    private readonly Scoring _scoring;
    private readonly IReadOnlyList<CreditList> _parts;
    private readonly int[] _first;
    private readonly (int Part, int Index)[] _credits;

    internal MemberCredits(Scoring scoring, IReadOnlyList<CreditList> parts, int subjects)
    {
        _scoring = scoring;
        _parts = parts;
        _first = new int[subjects + 1];
        foreach (var part in parts)
        {
            foreach (ref readonly var credit in part.Items) { _first[credit.Member + 1]++; }
        }
        for (var member = 0; member < subjects; member++) { _first[member + 1] += _first[member]; }
        _credits = new (int, int)[_first[subjects]];
        var next = _first[..^1];
        for (var p = 0; p < parts.Count; p++)
        {
            var items = parts[p].Items;
            for (var i = 0; i < items.Length; i++) { _credits[next[items[i].Member]++] = (p, i); }
        }
    }

    /// <summary>How many credits there are, of all members.</summary>
    public int Count => _credits.Length;

    /// <summary>A member's credits, settled by every limit, in the order of subjects.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <param name="settling">What settles them; one for each thread.</param>
    internal (IReadOnlyList<Credit> Credits, List<long> Keys) Of(int member, Deriver settling)
    {
        var credits = new List<Credit>(_first[member + 1] - _first[member]);
        var keys = new List<long>();
        for (var i = _first[member]; i < _first[member + 1]; i++)
        {
            var (part, index) = _credits[i];
            var credit = _parts[part].Items[index];
            var count = _scoring.Plan.Book.KeyPaths(credit.Rule).Count;
            if (credit.Key >= 0 && count > 0)
            {
                var first = keys.Count;
                for (var k = 0; k < count; k++) { keys.Add(_parts[part].Keys[credit.Key + k]); }
                credit = credit with { Key = first };
            }
            credits.Add(credit);
        }
        settling.SettleMember(credits, keys);
        return (credits, keys);
    }

    /// <summary>Settles and assesses, for one thread.</summary>
    public Assessing ForThread() => new(_scoring, this);
}

/// <summary>Settles and assesses members of a scoring, for one thread.</summary>
public sealed class Assessing
{
    private readonly Scoring _scoring;
    private readonly MemberCredits _credits;
    private readonly Deriver _deriver;
    private readonly Assessor _assessor;

    internal Assessing(Scoring scoring, MemberCredits credits)
    {
        _scoring = scoring;
        _credits = credits;
        _deriver = new(scoring.Plan, scoring.Enrolment, scoring.UpTo);
        _assessor = new(scoring.Plan, scoring.Enrolment);
    }

    /// <summary>A member's credits, settled by every limit, in the order of subjects.</summary>
    public IReadOnlyList<Credit> CreditsOf(int member) => _credits.Of(member, _deriver).Credits;

    /// <summary>The same, with the values that limits group by, and what follows from them.</summary>
    internal (IReadOnlyList<Credit> Credits, List<long> Keys, MemberTimeline Timeline) AllOf(int member)
    {
        var (credits, keys) = _credits.Of(member, _deriver);
        return (credits, keys, _assessor.Assess(member, credits, keys, _scoring.UpTo));
    }

    /// <summary>A member's standing over all of time, the known future included.</summary>
    public MemberTimeline TimelineOf(int member) => AllOf(member).Timeline;

    /// <summary>A member's credits, settled, and what is true of it at an instant.</summary>
    internal (IReadOnlyList<Credit> Credits, MemberAt Standing) StandingOf(int member, Instant at)
    {
        var (credits, keys) = _credits.Of(member, _deriver);
        return (credits, _assessor.AssessAt(member, credits, keys, _scoring.UpTo, at));
    }
}
