using Laurel.Engine.Deriving;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>An amount over a span by which one list of a member's credits is more than another, or (negative) less.</summary>
/// <param name="Rule">The rule, as its number in <see cref="RuleBook"/>.</param>
/// <param name="Subject">The subject's number.</param>
/// <param name="Status">Pending or active.</param>
/// <param name="Starts">The first instant of the span.</param>
/// <param name="Ends">The first instant after it; <see cref="Instant.Never"/> for an open end.</param>
/// <param name="Amount">In smallest parts of the rule's unit; not 0.</param>
public sealed record CreditDifference(int Rule, int Subject, CreditStatus Status, Instant Starts, Instant Ends, long Amount)
{
    /// <summary>What leads from the first list to the second, in the order of subjects and rules. By which moment a credit counts makes no difference here.</summary>
    public static IReadOnlyList<CreditDifference> Between(IEnumerable<Credit> from, IEnumerable<Credit> to) =>
        [.. Difference.Between([.. from.Select(Timeless)], [.. to.Select(Timeless)], Comparer<Difference.Line>.Default).Select(s => new CreditDifference(s.Line.Rule, s.Line.Subject, s.Line.Status, s.Starts, s.Ends, (long)s.Amount))];

    private static Credit Timeless(Credit credit) => credit with { Moment = Instant.Ever };
}
