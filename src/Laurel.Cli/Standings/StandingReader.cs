using Laurel.Cli.Reading;
using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>Reads standings at the instant of a question.</summary>
internal sealed class StandingReader
{
    private readonly Asked _asked;
    private readonly Scored _scored;

    /// <summary>Reads the standings of a scored history.</summary>
    public StandingReader(Asked asked, Scored scored)
    {
        (_asked, _scored) = (asked, scored);
        Plain = [.. Edition.Metrics.Where(m => !m.IsMap).OrderBy(m => m.Unit >= 0 && Units[m.Unit].Name == m.Name ? m.Unit : int.MaxValue)];
    }

    /// <summary>The edition that says so.</summary>
    public Edition Edition => _scored.Edition;

    /// <summary>Its metrics that are one number: those of units first, in the order of the program.</summary>
    public IReadOnlyList<Metric> Plain { get; }

    /// <summary>The units of the program.</summary>
    public IReadOnlyList<Unit> Units => _asked.Program.Vocabulary.Units;

    /// <summary>Every member that was ever enrolled, in the order in which they were first told.</summary>
    public IEnumerable<StandingRow> All() => _scored.Each([.. _scored.Scoring.Members], RowOf);

    /// <summary>One member with its credits.</summary>
    public MemberInFull InFull(int member)
    {
        var book = _scored.Scoring.Plan.Book;
        var credits = _scored.CreditsOf(member);
        var bySubject = credits.ToLookup(credit => (credit.Subject, credit.Moment));
        return new(
            RowOf(_scored.TimelineOf(member)), Edition,
            [.. credits.Where(credit => credit.Holds(_asked.At)).Select(credit => Read(credit, book.WholeSpanOf(credit, [.. bySubject[(credit.Subject, credit.Moment)]]), book))]);
    }

    /// <summary>By the first plain metric, the highest first; then by name.</summary>
    public int ByRank(StandingRow a, StandingRow b)
    {
        var order = Plain.Count == 0 ? 0 : NumberOf(b.Metrics[Plain[0].Index]).CompareTo(NumberOf(a.Metrics[Plain[0].Index]));
        return order != 0 ? order : string.CompareOrdinal(a.Member, b.Member);
    }

    private static Number NumberOf(Value value) => value.Kind == ValueKind.Number ? value.AsNumber : 0;

    private StandingRow RowOf(MemberTimeline timeline) =>
        new(_asked.History.NameOf(timeline.Member), timeline.At(_asked.At), Changes.After(_asked.At, timeline, _asked.Program.Vocabulary));

    private CreditLine Read(in Credit credit, Span whole, RuleBook book)
    {
        var (history, vocabulary) = (_asked.History, _asked.Program.Vocabulary);
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
