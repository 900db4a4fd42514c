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
    private readonly MetricKeys _keys;
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
        _keys = new(plan.Book, plan.History);
    }

    /// <summary>A member's standing over all of time, the known future included.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <param name="credits">All its credits, settled.</param>
    /// <param name="keys">The values that metrics group by, where the credits point.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public MemberTimeline Assess(int member, IReadOnlyList<Credit> credits, IReadOnlyList<long> keys, int upTo)
    {
        try { return new(member, Sweep(member, credits, keys, upTo, only: null).Standings); }
        catch (OverflowException inner) { throw new AmountOverflowException(_history.NameOf(member), inner); }
    }

    /// <summary>A member's standing at one instant, and what its conditions read there: the same sweep, which ends there and keeps nothing before.</summary>
    /// <returns>The standing, from some instant on since which it is so; and the frame.</returns>
    /// <inheritdoc cref="Assess"/>
    internal (MemberStanding Standing, MemberFrame Frame) AssessAt(int member, IReadOnlyList<Credit> credits, IReadOnlyList<long> keys, int upTo, Instant at)
    {
        try
        {
            var (standings, last) = Sweep(member, credits, keys, upTo, only: at);
            last.At = at;
            return (standings[^1], last);
        }
        catch (OverflowException inner) { throw new AmountOverflowException(_history.NameOf(member), inner); }
    }

    private (List<MemberStanding> Standings, MemberFrame Last) Sweep(int member, IReadOnlyList<Credit> credits, IReadOnlyList<long> keys, int upTo, Instant? only)
    {
        var standings = new List<MemberStanding>();
        var enrolled = _enrolment.Of(member);
        Run? before = null;
        for (var e = 0; e < _plans.Length; e++)
        {
            if (e > 0 && only < _book.Editions[e].InForce.Starts) { break; }
            var own = _plans[e].ReadsOwn ? _states.Of(e, member, upTo) : [];
            var run = new Run(this, e, member, credits, keys, enrolled, own, before, standings, only);
            run.Sweep();
            before = run;
        }
        return (standings, before!.Frame);
    }

    /// <summary>The amount that a span has in a metric's window, and until when.</summary>
    private Span Counted(Metric metric, in Credit credit) =>
        new(credit.Starts, metric.In is null ? credit.Ends : Instant.Min(credit.Ends, Windows.Leaves(metric.In, credit.Moment, _zone)));

    private Number Whole(int unit, long amount) => Number.Of(amount, Scales.Of(_history.Vocabulary.Units[unit]));
}
