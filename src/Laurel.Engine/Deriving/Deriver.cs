using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Derives credits from facts, subject by subject, and settles each member's. One deriver serves one thread; what it is made
/// from can be shared, so that a caller may divide the subjects, and then the members, among all cores.
/// </summary>
public sealed class Deriver
{
    private readonly SubjectDeriver<Untraced> _subjects;
    private readonly Settlement _settlement;

    /// <summary>Makes a deriver.</summary>
    /// <param name="plan">The rules, compiled against the history.</param>
    /// <param name="enrolment">When members are enrolled, as known at the same position.</param>
    public Deriver(DerivingPlan plan, Enrolment enrolment)
    {
        _subjects = new(plan.Book, plan.Giving, plan.History, enrolment, _ => default);
        _settlement = new(plan.Book, plan.History);
    }

    /// <summary>Derives one subject's credits, settled by the limits that concern one subject at a time.</summary>
    /// <param name="subject">The subject's number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="into">Where to add the credits.</param>
    public void Derive(int subject, int upTo, CreditList into) => _subjects.Derive(subject, upTo, into);

    /// <inheritdoc cref="SubjectDeriver{TTrace}.Derive(int, int, CreditList, Trail)"/>
    internal (int Credits, int Keys) Derive(int subject, int upTo, CreditList into, Trail trail) => _subjects.Derive(subject, upTo, into, trail);

    /// <summary>Derives a subject once more for a member that was assessed, now also by the rules that read what was found of it.</summary>
    /// <param name="subject">The subject's number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="found">What was found.</param>
    /// <param name="into">Where to add the credits, of all members.</param>
    internal void Derive(int subject, int upTo, Found found, CreditList into)
    {
        foreach (var fold in _subjects.Folds) { found.Tell(fold); }
        _subjects.Derive(subject, upTo, into);
        foreach (var fold in _subjects.Folds) { Found.Nothing(found.Horizon).Tell(fold); }
    }

    /// <summary>No period that closes later is looked at.</summary>
    internal Instant Horizon
    {
        get => _subjects.Folds.Count == 0 ? Instant.Ever : _subjects.Folds[0].Horizon;
        set
        {
            foreach (var fold in _subjects.Folds) { fold.Horizon = value; }
        }
    }

    /// <summary>Settles the limits that need all of a member's credits.</summary>
    /// <param name="credits">All credits of one member, in order of subjects; changed in place.</param>
    /// <param name="keys">The values that limits group by, where the credits point.</param>
    internal void SettleMember(List<Credit> credits, List<long> keys)
    {
        if (_settlement.HasCross && _settlement.Matters(credits.Count)) { _settlement.SettleMember(credits, keys); }
    }

    /// <summary>The groups in which a credit competes under limits that need all of a member's credits.</summary>
    internal List<Settlement.CrossGroup> CrossGroupsOf(in Credit credit, ReadOnlySpan<long> keys) => _settlement.CrossGroupsOf(credit, keys);

    /// <summary>True where a limit needs all of a member's credits of this rule.</summary>
    internal bool IsCross(int rule) => _settlement.IsCross(rule);
}

/// <summary>What was found of a member by assessing it, for the rules and states that read that.</summary>
/// <param name="Stage">How often it was assessed.</param>
/// <param name="Read">Reads it; null before the first assessment.</param>
/// <param name="Turns">The instants, rising, at which anything about it turns.</param>
/// <param name="Horizon">No period that closes later is looked at.</param>
internal sealed record Found(int Stage, ReadStanding? Read, IReadOnlyList<Instant> Turns, Instant Horizon)
{
    /// <summary>Before the first assessment.</summary>
    public static Found Nothing(Instant horizon) => new(0, null, [], horizon);

    /// <summary>Tells a fold.</summary>
    public void Tell<TTrace>(SubjectFold<TTrace> fold)
        where TTrace : struct, IFoldTrace => (fold.Stage, fold.Standing, fold.Turns, fold.Horizon) = (Stage, Read, Turns, Horizon);
}

/// <summary>The rules of a rule book compiled against a history; shared by all derivers.</summary>
public sealed class DerivingPlan
{
    private readonly Lazy<EditionPlan<Untraced>>[] _editions;

    /// <summary>Compiles.</summary>
    public DerivingPlan(RuleBook book, History history)
    {
        Book = book;
        History = history;
        // Not every question asks more than what is given.
        _editions = [.. book.Editions.Select((_, e) => new Lazy<EditionPlan<Untraced>>(() => new(book, e, history)))];
        Giving = [.. book.Editions.Select((_, e) => new EditionPlan<Untraced>(book, e, history, forGiving: true))];
    }

    /// <summary>The rules.</summary>
    public RuleBook Book { get; }

    /// <summary>The facts.</summary>
    public History History { get; }

    /// <summary>True where a condition about another subject follows a reference to a member, and reads what is told of it.</summary>
    internal bool ReadsMembers => Editions.Any(plan => plan.Kinds.Any(kind => kind.Passed.Any(slot => kind.Kind.Fields[slot].Type is FieldType.Reference { Kind: Vocabulary.MemberKind })));

    /// <summary>By edition: all that it says of subjects.</summary>
    internal IReadOnlyList<EditionPlan<Untraced>> Editions => [.. _editions.Select(e => e.Value)];

    /// <summary>All that the edition at a place says of subjects.</summary>
    internal EditionPlan<Untraced> EditionAt(int place) => _editions[place].Value;

    /// <summary>By edition: what of that its rules need.</summary>
    internal IReadOnlyList<EditionPlan<Untraced>> Giving { get; }

    /// <summary>How often a member has to be assessed again, because rules or states read what was found of it.</summary>
    internal int Stages => Book.Editions.Select(e => e.Edition.Stages).DefaultIfEmpty(0).Max();

    /// <summary>The same where no rule that reads such things may give it anything.</summary>
    internal int StagesOfStates => Book.Editions.SelectMany(e => e.Edition.States).Select(s => s.Stage).DefaultIfEmpty(0).Max();
}
