using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>One member with all that holds at an instant.</summary>
/// <param name="Member">Its name.</param>
/// <param name="Standing">Its standing.</param>
/// <param name="Next">What changes next by itself; null for nothing.</param>
/// <param name="Credits">Its credits, in the order of subjects.</param>
public sealed record MemberInFull(string Member, MemberStanding Standing, NextChange? Next, IReadOnlyList<CreditLine> Credits)
{
    /// <summary>Reads a member.</summary>
    /// <param name="scoring">Under which rules, as known when.</param>
    /// <param name="history">The facts.</param>
    /// <param name="assessing">Settles and assesses the scoring's members.</param>
    /// <param name="member">The member's subject number.</param>
    /// <param name="at">The instant.</param>
    /// <exception cref="AmountOverflowException">Its amounts are too large to add.</exception>
    public static MemberInFull Of(Scoring scoring, History history, Assessing assessing, int member, Instant at)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(assessing);
        var (book, vocabulary) = (scoring.Plan.Book, history.Vocabulary);
        var found = assessing.Of(member);
        var (credits, timeline) = (found.Credits, found.Timeline!);
        var bySubject = credits.ToLookup(credit => (credit.Subject, credit.Moment));
        return new(
            history.NameOf(member), timeline.At(at), NextChange.After(at, timeline, vocabulary),
            [.. credits.Where(credit => credit.Holds(at)).Select(credit => CreditLine.Of(credit, book.WholeSpanOf(credit, [.. bySubject[(credit.Subject, credit.Moment)]]), book, history))]);
    }

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
public sealed record CreditLine(
    string Rule, string Edition, string Kind, string Subject, Unit Unit, long Amount, long Counted, Span Span, CreditStatus Status, string? Limit)
{
    /// <summary>One word for scripts: pending, active, set-aside.</summary>
    public string Word => Counted == 0 && Limit is not null ? "set-aside" : Status == CreditStatus.Pending ? "pending" : "active";

    internal static CreditLine Of(in Credit credit, Span whole, RuleBook book, History history)
    {
        var vocabulary = history.Vocabulary;
        var limit = credit.Limit < 0 ? null : book.At(credit.Starts)!.Limits[credit.Limit].Name;
        var kind = vocabulary.Kinds[history.KindOf(credit.Subject)].Name;
        return new(
            book.NameOf(credit.Rule),
            book.EditionOf(credit.Rule) is >= 0 and var place ? book.Editions[place].Edition.Name : "",
            kind,
            $"{kind}/{history.NameOf(credit.Subject)}",
            vocabulary.Units[book.UnitOf(credit.Rule)],
            credit.Amount, credit.Counted, whole, credit.Status, limit);
    }
}
