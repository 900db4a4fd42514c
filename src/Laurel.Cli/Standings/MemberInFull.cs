using Laurel.Cli.Writing;
using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>One member with all that holds at the instant of the question.</summary>
/// <param name="Row">Its standing.</param>
/// <param name="Edition">The edition that says so.</param>
/// <param name="Credits">Its credits, in the order of subjects.</param>
internal sealed record MemberInFull(StandingRow Row, Edition Edition, IReadOnlyList<CreditLine> Credits)
{
    /// <summary>What counts, by rule and unit: the most first.</summary>
    public IEnumerable<(string Name, Unit Unit, int Credits, long Counted)> ByRule() => Grouped(credit => credit.Rule);

    /// <summary>What counts, by kind of subject and unit: the most first.</summary>
    public IEnumerable<(string Name, Unit Unit, int Credits, long Counted)> ByKind() => Grouped(credit => credit.Kind);

    private IEnumerable<(string Name, Unit Unit, int Credits, long Counted)> Grouped(Func<CreditLine, string> by) => Credits
        .Where(credit => credit.Status == CreditStatus.Active && credit.Counted != 0)
        .GroupBy(credit => (Name: by(credit), credit.Unit))
        .Select(group => (group.Key.Name, group.Key.Unit, group.Count(), group.Sum(credit => credit.Counted)))
        .OrderByDescending(group => group.Item4).ThenBy(group => group.Name, StringComparer.Ordinal);
}

/// <summary>A credit as people and scripts read it.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Edition">The edition whose rule it is; empty for adjustments and migrations.</param>
/// <param name="Kind">The subject's kind.</param>
/// <param name="Subject">The subject: "site/s1".</param>
/// <param name="Unit">What it gives.</param>
/// <param name="Amount">What the rule gives, in smallest parts.</param>
/// <param name="Counted">What is left of it after the limits.</param>
/// <param name="Span">From when to when.</param>
/// <param name="Status">Pending or active.</param>
/// <param name="Limit">The limit that set it aside or cut it; null for none.</param>
internal sealed record CreditLine(
    string Rule, string Edition, string Kind, string Subject, Unit Unit, long Amount, long Counted, Span Span, CreditStatus Status, string? Limit)
{
    /// <summary>One word for scripts: pending, active, set-aside.</summary>
    public string Word => Counted == 0 && Limit is not null ? "set-aside" : Status == CreditStatus.Pending ? "pending" : "active";

    /// <summary>The word, and the limit where there is one.</summary>
    public string Described => Limit is null ? Word
        : Counted == 0 ? $"set aside: {Limit}"
        : $"{Word}, cut to {Shown.Amount(Counted, Unit)}: {Limit}";
}
