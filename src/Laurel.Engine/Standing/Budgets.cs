using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A credit that a budget is about, with the values that budgets group it by.</summary>
/// <param name="Credit">The credit, as all that was settled before left it.</param>
/// <param name="Keys">The values, where the credit points.</param>
internal readonly record struct Claim(Credit Credit, IReadOnlyList<long> Keys);

/// <summary>What budgets leave of the claims of all members.</summary>
internal sealed class BudgetShares(IReadOnlyList<Claim> claims)
{
    /// <summary>Where there is no budget.</summary>
    public static readonly BudgetShares None = new([]);

    private readonly ILookup<int, Credit> _byMember = claims.ToLookup(c => c.Credit.Member, c => c.Credit);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Claim> Claims { get; } = claims;

    /// <summary>A member's.</summary>
    public IEnumerable<Credit> Of(int member) => _byMember[member];
}

/// <summary>
/// Settles what a program gives to all its members together: a stage over all members, after all that is settled with each. Who was
/// there first, by the moments, gets it first; of one moment the names of subject and member decide.
/// </summary>
internal sealed class Budgets
{
    private readonly RuleBook _book;
    private readonly History _history;
    private readonly IReadOnlyList<(Limit Limit, int Edition, Span InForce)> _budgets;
    private readonly bool[] _areAbout;
    private readonly Contest _contest = new();

    public Budgets(RuleBook book, History history)
    {
        (_book, _history) = (book, history);
        _budgets = [.. book.Editions.SelectMany((span, e) => span.Edition.Limits.Where(l => l.Kind == LimitKind.Budget).Select(l => (l, e, span.InForce)))];
        _areAbout = [.. Enumerable.Range(0, book.Count).Select(rule => _budgets.Any(b => book.Concerns(b.Limit, b.Edition, rule)))];
    }

    /// <summary>True where there is a budget.</summary>
    public bool Any => _budgets.Count > 0;

    /// <summary>True where a budget is about a rule.</summary>
    public bool AreAbout(int rule) => _areAbout[rule];

    /// <summary>What of a member's credits budgets are about.</summary>
    public IEnumerable<Claim> Claims(IEnumerable<Credit> credits, IReadOnlyList<long> keys) => credits.Where(c => AreAbout(c.Rule)).Select(c => new Claim(c, keys));

    /// <summary>What budgets leave of the claims of all members.</summary>
    public BudgetShares Settle(IEnumerable<Claim> claims)
    {
        List<Claim> left = [.. claims];
        foreach (var (limit, edition, inForce) in _budgets)
        {
            var settled = new List<Claim>(left.Count);
            var groups = new Dictionary<string, List<Claim>>(StringComparer.Ordinal);
            foreach (var claim in left)
            {
                if (!_book.Concerns(limit, edition, claim.Credit.Rule) || claim.Credit.Span.Intersect(inForce).IsEmpty) { settled.Add(claim); }
                else if (GroupOf(limit, claim) is var group && groups.TryGetValue(group, out var own)) { own.Add(claim); }
                else { groups[group] = [claim]; }
            }
            foreach (var group in groups.Values) { Spend(limit, inForce, Ordered(group), settled); }
            left = settled;
        }
        return new(left);
    }

    /// <summary>True where a budget lets two claims compete.</summary>
    public bool Compete(Limit limit, int edition, in Claim a, in Claim b) =>
        _book.Concerns(limit, edition, a.Credit.Rule) && _book.Concerns(limit, edition, b.Credit.Rule) && GroupOf(limit, a) == GroupOf(limit, b);

    /// <summary>Who comes first.</summary>
    public int Compare(in Credit a, in Credit b)
    {
        var order = a.Moment.CompareTo(b.Moment);
        if (order == 0 && a.Subject != b.Subject) { order = _history.Subjects[a.Subject].SequenceCompareTo(_history.Subjects[b.Subject]); }
        if (order == 0 && a.Member != b.Member) { order = _history.Subjects[a.Member].SequenceCompareTo(_history.Subjects[b.Member]); }
        if (order == 0) { order = a.Rule.CompareTo(b.Rule); }
        return order != 0 ? order : a.Starts.CompareTo(b.Starts);
    }

    private List<Claim> Ordered(List<Claim> group)
    {
        group.Sort((a, b) => Compare(a.Credit, b.Credit));
        return group;
    }

    private string GroupOf(Limit limit, Claim claim) => string.Join(' ', limit.Per.Select(key => key switch
    {
        LimitKey.Rule => _book.NameNumber(claim.Credit.Rule),
        LimitKey.Period period => Windows.StartOf(period.Kind, period.Year, claim.Credit.Moment, _book.Vocabulary.Zone).Micros,
        LimitKey.Path path => claim.Keys[claim.Credit.Key + _book.KeyPlace(claim.Credit.Rule, path.Text)],
        _ => 0L,
    }));

    /// <summary>Spends one budget on the claims of one group, in their order: at any moment until it is used up.</summary>
    private void Spend(Limit limit, Span inForce, List<Claim> claims, List<Claim> settled)
    {
        foreach (var (place, span, share) in _contest.Over([.. claims.Select(c => (c.Credit.Span.Intersect(inForce), c.Credit.Counted))], limit.Number, whole: false))
        {
            var credit = claims[place].Credit;
            settled.Add(claims[place] with { Credit = credit with { Starts = span.Starts, Ends = span.Ends, Counted = share, Limit = share != credit.Counted ? (short)limit.Index : credit.Limit } });
        }
        foreach (var claim in claims)
        {
            if (claim.Credit.Starts < inForce.Starts) { settled.Add(claim with { Credit = claim.Credit with { Ends = inForce.Starts } }); }
            if (claim.Credit.Ends > inForce.Ends) { settled.Add(claim with { Credit = claim.Credit with { Starts = inForce.Ends } }); }
        }
    }
}
