using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>
/// Assesses members: folds a member's settled credits into metrics, levels and benefits, over all of time. For one thread;
/// what it is made from can be shared.
/// </summary>
public sealed partial class Assessor
{
    private readonly RuleBook _book;
    private readonly History _history;
    private readonly Enrolment _enrolment;
    private readonly Zone _zone;
    private readonly MemberPlan<NoTrace>[] _plans;
    private readonly MemberStates _states;
    private NoTrace _trace;

    /// <summary>Makes an assessor.</summary>
    public Assessor(DerivingPlan plan, Enrolment enrolment)
    {
        _book = plan.Book;
        _history = plan.History;
        _enrolment = enrolment;
        _zone = plan.History.Vocabulary.Zone;
        _plans = [.. plan.Book.Editions.Select(e => new MemberPlan<NoTrace>(e.Edition, plan.History))];
        _states = new(plan, enrolment);
    }

    /// <summary>A member's standing over all of time, the known future included.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <param name="credits">All its credits, settled.</param>
    /// <param name="keys">The values that metrics group by, where the credits point.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public MemberTimeline Assess(int member, IReadOnlyList<Credit> credits, IReadOnlyList<long> keys, int upTo)
    {
        try { return Sweep(member, credits, keys, upTo); }
        catch (OverflowException inner) { throw new AmountOverflowException(_history.NameOf(member), inner); }
    }

    private MemberTimeline Sweep(int member, IReadOnlyList<Credit> credits, IReadOnlyList<long> keys, int upTo)
    {
        var standings = new List<MemberStanding>();
        var enrolled = _enrolment.Of(member);
        Run? before = null;
        for (var e = 0; e < _plans.Length; e++)
        {
            var own = _plans[e].ReadsOwn ? _states.Of(e, member, upTo) : [];
            var run = new Run(this, e, member, credits, keys, enrolled, own, before, standings);
            run.Sweep();
            before = run;
        }
        return new(member, standings);
    }

    /// <summary>The amount that a span has in a metric's window, and until when.</summary>
    private Span Counted(Metric metric, in Credit credit) =>
        new(credit.Starts, metric.In is null ? credit.Ends : Instant.Min(credit.Ends, Windows.Leaves(metric.In, credit.Moment, _zone)));

    private Number Whole(int unit, long amount) => Number.Of(amount, Scales.Of(_history.Vocabulary.Units[unit]));

    /// <summary>The key under which a metric with <c>per</c> counts a credit.</summary>
    private Value KeyOf(Metric metric, in Credit credit, IReadOnlyList<long> keys) => metric.Per switch
    {
        LimitKey.Rule => Value.Of(_book.NameOf(credit.Rule)),
        LimitKey.Period period => Value.Of(Periods.Name(period.Kind, credit.Moment, _zone)),
        LimitKey.Path path => PathKey(path, credit, keys),
        _ => Value.Of(""),
    };

    private Value PathKey(LimitKey.Path path, in Credit credit, IReadOnlyList<long> keys)
    {
        var place = credit.Key < 0 ? -1 : _book.KeyPlace(credit.Rule, path.Text);
        if (place < 0) { return Value.Of(""); }
        var bits = keys[credit.Key + place];
        if (bits <= long.MinValue + int.MaxValue) { return Value.Of(""); }
        var type = KeyReader.TypeOf(path, _book.Rule(credit.Rule)!.Kind, _history.Vocabulary);
        return type is null or FieldType.Reference ? Value.Of(_history.NameOf((int)bits)) : FactValues.Of(bits, type, _history);
    }
}
