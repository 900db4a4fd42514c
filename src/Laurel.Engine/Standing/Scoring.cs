using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>
/// A question to a history: under which rules, as known when. Derives all credits, in parts that a caller may divide among its
/// cores, and assesses members from them.
/// </summary>
public sealed class Scoring
{
    private readonly History _history;
    private readonly Lazy<Ranks> _ranks;

    /// <summary>Prepares the question.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force by date.</param>
    /// <param name="known">What was learnt later is left out, editions included.</param>
    public Scoring(PartnerProgram program, History history, Edition? under, Instant known)
        : this(program, history, under is null ? RuleBook.InForce(program, known) : RuleBook.Under(program, under), known)
    {
    }

    /// <summary>Prepares the question for any rules.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="book">The rules that count, with when.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="asOf">As of when it is known that nothing else was learnt, where somebody has a clock; null for the last known fact.</param>
    public Scoring(PartnerProgram program, History history, RuleBook book, Instant known, Instant? asOf = null)
    {
        _history = history;
        Program = program;
        UpTo = history.KnownUpTo(known);
        Plan = new(book, history);
        Enrolment = new(history, UpTo);
        _ranks = new(() => Ranks.Of(this));
        Horizon = UpTo == 0 ? Instant.Ever : history.Vocabulary.Zone.Move(Instant.Max(history.RecordedAt(UpTo - 1), asOf ?? Instant.Ever), new(12, 0, 0));
    }

    /// <summary>The same question as known earlier.</summary>
    /// <param name="of">The question.</param>
    /// <param name="book">The rules that were known then.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="ranks">The ranks taken by then.</param>
    internal Scoring(Scoring of, RuleBook book, int upTo, Ranks ranks)
    {
        (_history, Program, Plan, Horizon, UpTo, Enrolment) = (of._history, of.Program, book == of.Plan.Book ? of.Plan : new(book, of._history), of.Horizon, upTo, new(of._history, upTo));
        _ranks = new(ranks);
    }

    /// <summary>Where members stood among their peers: taken when first asked for.</summary>
    internal Ranks Ranks => _ranks.Value;

    /// <summary>The program.</summary>
    public PartnerProgram Program { get; }

    /// <summary>How many positions of the log are known.</summary>
    public int UpTo { get; }

    /// <summary>No period that closes later is looked at: a year after the last known fact was learnt, or after as of when it is asked, as nothing is known of what comes later.</summary>
    public Instant Horizon { get; init; }

    /// <summary>The rules, compiled.</summary>
    public DerivingPlan Plan { get; }

    /// <summary>When members are enrolled.</summary>
    public Enrolment Enrolment { get; }

    /// <summary>The members that were ever enrolled, in the order in which they were first told.</summary>
    public IEnumerable<int> Members => _history.SubjectsOf(Vocabulary.MemberKind).Where(m => Enrolment.Of(m).Count > 0);

    /// <summary>Derives the credits of a range of subjects. Several threads may each derive a range of their own.</summary>
    /// <param name="first">The first subject's number.</param>
    /// <param name="end">The number after the last one's.</param>
    public CreditList Derive(int first, int end)
    {
        var deriver = new Deriver(Plan, Enrolment) { Horizon = Horizon };
        var credits = new CreditList(end - first);
        for (var subject = first; subject < end; subject++) { deriver.Derive(subject, UpTo, credits); }
        return credits;
    }

    /// <summary>Derives everything and gathers it by member.</summary>
    public MemberCredits Derive() => Gather([Derive(0, _history.SubjectCount)]);

    /// <summary>Gathers derived parts by member.</summary>
    /// <param name="parts">The parts, in the order of their subjects.</param>
    public MemberCredits Gather(IReadOnlyList<CreditList> parts) => new(this, parts, _history.SubjectCount);
}
