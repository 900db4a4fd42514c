using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Derives credits from facts, subject by subject, and settles each member's. One deriver serves one thread; what it is made
/// from can be shared, so that a caller may divide the subjects, and then the members, among all cores.
/// </summary>
public sealed class Deriver
{
    private readonly SubjectDeriver<Untraced> _subjects;
    private readonly Settlement _settlement;
    private readonly int _upTo;

    /// <summary>Makes a deriver.</summary>
    /// <param name="plan">The rules, compiled against the history.</param>
    /// <param name="enrolment">When members are enrolled, as known at the same position.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public Deriver(DerivingPlan plan, Enrolment enrolment, int upTo)
    {
        _subjects = new(plan.Book, plan.Editions, plan.History, enrolment, _ => default);
        _settlement = new(plan.Book, plan.History);
        _upTo = upTo;
    }

    /// <summary>Derives one subject's credits, settled by the limits that concern one subject at a time.</summary>
    public void Derive(int subject, CreditList into) => _subjects.Derive(subject, _upTo, into);

    /// <summary>Derives one subject's credits as known at another position of the log.</summary>
    internal void Derive(int subject, int upTo, CreditList into) => _subjects.Derive(subject, upTo, into);

    /// <summary>Settles the limits that need all of a member's credits.</summary>
    /// <param name="credits">All credits of one member, in order of subjects; changed in place.</param>
    /// <param name="keys">The values that limits group by, where the credits point.</param>
    internal void SettleMember(List<Credit> credits, List<long> keys)
    {
        if (_settlement.HasCross && _settlement.Matters(credits.Count)) { _settlement.SettleMember(credits, keys); }
    }

    /// <summary>True where a limit needs all of a member's credits of this rule.</summary>
    internal bool IsCross(int rule) => _settlement.IsCross(rule);
}

/// <summary>The rules of a rule book compiled against a history; shared by all derivers.</summary>
public sealed class DerivingPlan
{
    /// <summary>Compiles.</summary>
    public DerivingPlan(RuleBook book, History history)
    {
        Book = book;
        History = history;
        Editions = [.. book.Editions.Select((_, e) => new EditionPlan<Untraced>(book, e, history))];
    }

    /// <summary>The rules.</summary>
    public RuleBook Book { get; }

    /// <summary>The facts.</summary>
    public History History { get; }

    /// <summary>True where a condition about another subject follows a reference to a member, and reads what is told of it.</summary>
    internal bool ReadsMembers => Editions.Any(plan => plan.Kinds.Any(kind => kind.Passed.Any(slot => kind.Kind.Fields[slot].Type is FieldType.Reference { Kind: Vocabulary.MemberKind })));

    internal IReadOnlyList<EditionPlan<Untraced>> Editions { get; }
}
