using System.Runtime.InteropServices;
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
internal sealed partial class Assessor
{
    private readonly RuleBook _book;
    private readonly History _history;
    private readonly Enrolment _enrolment;
    private readonly MemberPlan<NoTrace>[] _plans;
    private readonly MetricKeys _keys;
    private readonly bool[] _adds;
    private readonly bool _looksBack;
    private readonly Lookback[][] _noLookbacks;
    private readonly Board?[] _boards;

    // A course has no obligations, and so no periods of theirs.
    private readonly List<ClosedPeriod> _noneClosed = [];
    private NoTrace _trace;

    // Filled anew by each sweep.
    private readonly List<Change> _changes = [];
    private readonly List<Counted> _counted = [];
    private readonly List<(Instant At, int Obligation, long Amount, bool Late)> _done = [];

    /// <summary>Makes an assessor.</summary>
    public Assessor(DerivingPlan plan, Enrolment enrolment)
    {
        _book = plan.Book;
        _history = plan.History;
        _enrolment = enrolment;
        _plans = [.. plan.Book.Editions.Select(e => new MemberPlan<NoTrace>(e.Edition, plan.History))];
        States = new(plan, enrolment);
        _keys = new(plan.Book, plan.History);
        _adds = [.. _plans.Select(p => p.Edition.Obligations.Count == 0 && p.Lookbacks.Length == 0 && p.Edition.Metrics.All(Adds))];
        _looksBack = _plans.Any(p => p.Lookbacks.Length > 0);
        _noLookbacks = [.. _plans.Select(_ => Array.Empty<Lookback>())];
        _boards = new Board?[_plans.Length];
    }

    /// <inheritdoc cref="Assessing.Reads"/>
    public bool Reads(int fact) =>
        Enumerable.Range(0, _plans.Length).Any(e => (_plans[e].ReadsOwn && States.Reads(e, fact)) || _plans[e].Edition.Metrics.Any(m => m.In is { Kind: WindowKind.Since } window && window.Fact == _history.TypeNumber(fact)));

    /// <summary>The facts.</summary>
    public History History => _history;

    /// <summary>What is true of members themselves.</summary>
    public MemberStates States { get; }

    /// <summary>Where members stood among their peers.</summary>
    public Ranks Ranks { get; set; } = new();

    /// <summary>A member's standing over all of time, the known future included.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <param name="credits">All its credits, settled.</param>
    /// <param name="keys">The values that metrics group by, where the credits point.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="found">What was found of the member so far.</param>
    /// <exception cref="OverflowException">The member's amounts are too large to add.</exception>
    public MemberTimeline Assess(int member, List<Credit> credits, IReadOnlyList<long> keys, int upTo, Found found)
    {
        var (standings, closed) = (new List<MemberStanding>(), new List<ClosedPeriod>());
        Run? before = null;
        for (var e = 0; e < _plans.Length; e++) { before = Sweep(e, member, credits, keys, upTo, found, before, standings, closed, Instant.Ever, only: null); }
        return new(member, standings) { Found = found, Closed = closed };
    }

    /// <summary>A member's standing over all of time, where it is known how it stood: only what may be otherwise is swept.</summary>
    /// <param name="before">How it stood, by the same rules and the same facts about the member itself.</param>
    /// <param name="from">Before this instant its credits are the same; never where all are.</param>
    /// <inheritdoc cref="Assess(int, List{Credit}, IReadOnlyList{long}, int, Found)"/>
    public MemberTimeline Assess(int member, List<Credit> credits, IReadOnlyList<long> keys, int upTo, Found found, MemberTimeline before, Instant from)
    {
        var first = EditionAt(from);
        var standings = before.Standings.TakeWhile(s => s.From < from).ToList();
        if (standings.Count == 0 || _plans[first..].Any(p => p.Remembers)) { return Assess(member, credits, keys, upTo, found); }
        if (from == Instant.Never) { return before with { Found = found }; }
        Run? run = null;
        for (var e = first; e < _plans.Length; e++) { run = Sweep(e, member, credits, keys, upTo, found, run, standings, [], e == first ? from : Instant.Ever, only: null); }
        return before with { Standings = standings, Found = found };
    }

    /// <summary>Whether all that the edition at an instant counts of a member's credits is added up, so that the member has a course.</summary>
    public bool CanGoOn(Instant at) => _adds.Length > 0 && _adds[EditionAt(at)];

    /// <summary>Begins a member's course at an instant.</summary>
    /// <returns>Null where its amounts are too large for one.</returns>
    /// <inheritdoc cref="Assess(int, List{Credit}, IReadOnlyList{long}, int, Found)"/>
    public Course? Begin(int member, List<Credit> credits, IReadOnlyList<long> keys, int upTo, Found found, Instant at)
    {
        var place = EditionAt(at);
        // Where an edition before counts otherwise than by adding up, how the member stood until the last such one is found once.
        var (first, standings) = (place, new List<MemberStanding>());
        while (first > 0 && _adds[first - 1]) { first--; }
        Run? before = null;
        for (var e = 0; e < first; e++) { before = Sweep(e, member, credits, keys, upTo, found, before, standings, [], Instant.Ever, only: null); }
        Course? course = null;
        for (var e = first; e <= place; e++) { course = new(e, InForce(e).Starts, course, e == first ? standings : []); }
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(credits)) { Count(course!, member, upTo, credit, times: 1); }
        if (!course!.IsLight) { return null; }
        Go(course, member, upTo, found, before, at);
        return course;
    }

    /// <summary>Counts a credit in a course some times more, or less.</summary>
    /// <exception cref="OverflowException">Its amounts are too large to add.</exception>
    public void Count(Course course, int member, int upTo, in Credit credit, int times)
    {
        if (credit.Counted == 0) { return; }
        if (course.Before is { } earlier) { Count(earlier, member, upTo, credit, times); }
        var (unit, inForce, edition) = (_book.UnitOf(credit.Rule), InForce(course.Edition), _plans[course.Edition].Edition);
        if (credit.Status == CreditStatus.Pending)
        {
            course.Add(-1 - unit, default, credit.Span.Intersect(inForce), times * credit.Counted);
            return;
        }
        foreach (var metric in edition.Metrics)
        {
            if (metric.Unit != unit) { continue; }
            var key = metric.Per is null ? default : _keys.Of(metric, credit, []);
            course.Add(metric.Index, key, CountedSpan(metric, credit, member, upTo, edition.Calendar).Intersect(inForce), times * (metric.Kind == MetricKind.Count ? 1 : credit.Counted));
        }
    }

    /// <summary>A member's standing from an instant until the first change after another.</summary>
    public MemberTimeline GoOn(Course course, int member, int upTo, Found found, Instant from, Instant at)
    {
        if (course.Seen <= at || course.Standings.Count == 0 || (course.Standings[^1].From <= at && course.Seen < InForce(course.Edition).Ends)) { Go(course, member, upTo, found, before: null, at); }
        return new(member, course.Slice(from, at)) { Until = InForce(course.Edition).Ends };
    }

    private void Go(Course course, int member, int upTo, Found found, Run? before, Instant at)
    {
        // A course that begins takes over from the end of the one before.
        if (course.Before is { AtEnd: null } earlier) { Go(earlier, member, upTo, found, before, Instant.Never); }
        course.Own ??= _plans[course.Edition].ReadsOwn ? States.Of(course.Edition, member, upTo, found) : [];
        new Run(this, course, member, upTo, _enrolment.SpansOf(member), course.Own, course.Before is null ? before : null).Sweep(course, at);
    }

    /// <summary>Whether an instant is within a course's edition.</summary>
    public bool Has(Course course, Instant at) => InForce(course.Edition).Contains(at);

    private static bool Adds(Metric metric) =>
        metric.Ranking is null && (metric.Unit < 0 || (metric.Kind is MetricKind.Sum or MetricKind.Count && metric.Per is null or LimitKey.Rule or LimitKey.Period));

    /// <summary>When an edition counts: the first one of them since ever.</summary>
    private Span InForce(int edition) => edition == 0 ? _book.Editions[0].InForce with { Starts = Instant.Ever } : _book.Editions[edition].InForce;

    private int EditionAt(Instant at)
    {
        var place = _book.Editions.Count - 1;
        while (place > 0 && _book.Editions[place].InForce.Starts > at) { place--; }
        return place;
    }

    /// <summary>What is true of a member at one instant: the same sweep, which ends there, keeps nothing before, and begins there where nothing remembers.</summary>
    /// <inheritdoc cref="Assess(int, List{Credit}, IReadOnlyList{long}, int, Found)"/>
    public MemberAt AssessAt(int member, List<Credit> credits, IReadOnlyList<long> keys, int upTo, Found found, Instant at)
    {
        var last = EditionAt(at);
        Run? run = null;
        for (var e = _plans[last].Remembers ? 0 : last; e <= last; e++)
        {
            // Nothing before matters where nothing remembers; an edition before may be one that a later ladder remembers.
            var from = e == last && at < _book.Editions[e].InForce.Ends && !_plans[e].Remembers ? at : Instant.Ever;
            run = Sweep(e, member, credits, keys, upTo, found, run, [], [], from, only: at);
        }
        return run!.Now(at);
    }

    /// <summary>The place of an edition among those that count.</summary>
    public int PlaceOf(Edition edition) => Array.FindIndex(_plans, p => p.Edition == edition);

    /// <summary>A state or field of a member by its frame.</summary>
    public Value OwnValue(Edition edition, StandingBinding binding, SubjectFrame? own) =>
        _plans[PlaceOf(edition)].ValueOf(binding, new(_history, edition) { Own = own });

    /// <summary>What one member's numbers were, by the edition that looks back.</summary>
    private Lookback[][] Lookbacks() => _looksBack ? [.. _plans.Select(p => p.Lookbacks.Select(l => new Lookback(l, p.Edition)).ToArray())] : _noLookbacks;

    private Run Sweep(
        int edition, int member, List<Credit> credits, IReadOnlyList<long> keys, int upTo, Found found, Run? before, List<MemberStanding> standings, List<ClosedPeriod> closed,
        Instant from, Instant? only)
    {
        var own = _plans[edition].ReadsOwn ? States.Of(edition, member, upTo, found) : [];
        var run = new Run(this, edition, member, upTo, found.Horizon, credits, keys, _enrolment.SpansOf(member), own, before, standings, closed, from, only);
        run.Sweep();
        return run;
    }

    /// <summary>When a credit counts for a metric.</summary>
    private Span CountedSpan(Metric metric, in Credit credit, int member, int upTo, Calendar calendar) =>
        new(credit.Starts, Instant.Min(credit.Ends, MetricWindow.Leaves(metric.In, credit.Moment, _history, member, upTo, calendar)));
}
