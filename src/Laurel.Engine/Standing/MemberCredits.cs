using System.Runtime.InteropServices;
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
    private readonly Dictionary<int, List<int>> _later = [];
    private readonly Lazy<BudgetShares> _shares;

    internal MemberCredits(Scoring scoring, IReadOnlyList<CreditList> parts, int subjects)
    {
        _scoring = scoring;
        _parts = parts;
        _shares = new(Spend);
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
            foreach (var (member, subject) in parts[p].Later)
            {
                if (!_later.TryGetValue(member, out var own)) { _later[member] = own = []; }
                own.Add(subject);
            }
        }
    }

    /// <summary>How many credits there are, of all members.</summary>
    public int Count => _credits.Length;

    /// <summary>A member's credits before the limits that need all of them, in the order of subjects.</summary>
    /// <param name="member">The member's subject number.</param>
    internal (List<Credit> Credits, List<long> Keys) Of(int member)
    {
        var credits = new List<Credit>(_first[member + 1] - _first[member]);
        var keys = new List<long>();
        for (var i = _first[member]; i < _first[member + 1]; i++)
        {
            LookAhead(i);
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
        return (credits, keys);
    }

    /// <summary>A member's credits lie about: those that come next are asked of memory before their turn, and then their keys.</summary>
    private void LookAhead(int i)
    {
        const int Step = 8;
        if (i + (2 * Step) < _credits.Length)
        {
            var (part, index) = _credits[i + (2 * Step)];
            Prefetch.Of(_parts[part].Items, index);
        }
        if (i + Step < _credits.Length)
        {
            var (part, index) = _credits[i + Step];
            Prefetch.Of(CollectionsMarshal.AsSpan(_parts[part].Keys), _parts[part].Items[index].Key);
        }
    }

    /// <summary>The subjects that may give a member more once it was assessed, in order.</summary>
    internal IReadOnlyList<int> LaterOf(int member) => _later.GetValueOrDefault(member) ?? [];

    /// <summary>Settles and assesses, for one thread.</summary>
    /// <exception cref="AmountOverflowException">Members are compared, and the amounts of one are too large to add.</exception>
    public Assessing ForThread() => new(_scoring.Plan, _scoring.Enrolment, Of, LaterOf) { UpTo = _scoring.UpTo, Horizon = _scoring.Horizon, Ranks = _scoring.Ranks, Shares = _shares.Value };

    /// <summary>Settles budgets, among all members.</summary>
    private BudgetShares Spend()
    {
        var budgets = new Budgets(_scoring.Plan.Book, _scoring.Plan.History);
        if (!budgets.Any) { return BudgetShares.None; }
        var assessing = new Assessing(_scoring.Plan, _scoring.Enrolment, Of, LaterOf) { UpTo = _scoring.UpTo, Horizon = _scoring.Horizon, Ranks = _scoring.Ranks };
        return budgets.Settle(_scoring.Plan.History.SubjectsOf(Programs.Vocabulary.MemberKind).SelectMany(member =>
        {
            var (credits, keys) = assessing.BeforeBudgets(member);
            return budgets.Claims(credits, keys);
        }));
    }
}
