using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Obligations: period by period, how much of how much, and why one was not counted.</content>
public sealed partial class Explainer
{
    /// <summary>So many closed periods are told one by one.</summary>
    private const int PeriodsTold = 12;

    /// <summary>An obligation: what the present period still needs and by when, and what became of those before, the newest first.</summary>
    public Explanation Obligation(Obligation obligation)
    {
        ArgumentNullException.ThrowIfNull(obligation);
        var closed = ClosedOf(obligation).ToList();
        var lines = new List<Explanation> { Present(obligation) };
        lines.AddRange(closed.Take(PeriodsTold).Select(Closed));
        if (closed.Count > PeriodsTold) { lines.Add(Earlier([.. closed.Skip(PeriodsTold)])); }
        return Head(obligation) with { Because = lines };
    }

    /// <summary>In one line: what the periods in a row say.</summary>
    private Explanation Head(Obligation obligation)
    {
        var standing = _standing.Obligations[obligation.Index];
        var (key, mark) = standing switch
        {
            { Period: null } => ("obligation.not-asked", Mark.None),
            { Missed: > 0 } => ("obligation.is-missed", Mark.No),
            { Kept: > 0 } => ("obligation.is-kept", Mark.Yes),
            _ => ("obligation.is-new", Mark.None),
        };
        return new(
            Message.Of(
                key, ("says", Words(obligation.Doc.Says, obligation.Name)), ("strength", Message.Of($"obligation.{obligation.Strength.ToString().ToLowerInvariant()}")),
                ("missed", new Number(standing.Missed)), ("kept", new Number(standing.Kept))),
            mark, []);
    }

    private Explanation Present(Obligation obligation)
    {
        var standing = _standing.Obligations[obligation.Index];
        if (standing.Period is not { } period)
        {
            return Explanation.Of(Message.Of("obligation.no-period"), _standing.Enrolled ? FailingAt(obligation.Name, _at) : [NotEnrolled()]);
        }
        var (key, missing) = standing switch
        {
            { Counts: false } => ("obligation.now-aside", 0L),
            _ when obligation.AtLeast == 0 => ("obligation.now-free", 0L),
            _ when standing.Amount >= obligation.AtLeast => ("obligation.now-enough", 0L),
            _ => ("obligation.now", obligation.AtLeast - standing.Amount),
        };
        var lines = DoneIn(obligation, period, _at).ToList();
        if (!standing.Counts) { lines.InsertRange(0, WhyNotCounted(_edition, obligation, standing.Failed)); }
        return Explanation.Of(Message.Of(key, [.. Figures(obligation, period, standing.Amount), ("missing", AmountOf(obligation, missing)), ("until", period.Ends)]), lines);
    }

    private Explanation Closed(ClosedPeriod closed)
    {
        var obligation = closed.Obligation;
        var (key, mark) = closed switch
        {
            { IsCounted: false } => ("obligation.aside", Mark.None),
            { IsMissed: true } => ("obligation.missed", Mark.No),
            { IsLate: true } => ("obligation.late", Mark.Yes),
            _ when obligation.AtLeast == 0 => ("obligation.done", Mark.None),
            _ => ("obligation.met", Mark.Yes),
        };
        var lines = DoneIn(obligation, closed.Period, closed.Period.Ends.JustBefore).ToList();
        if (!closed.IsCounted) { lines.InsertRange(0, WhyNotCounted(closed.Edition, obligation, closed.Failed)); }
        return new(Message.Of(key, [.. Figures(obligation, closed.Period, closed.Amount), ("row", new Number(closed.InARow)), ("ends", closed.Period.Ends)]), mark, lines);
    }

    private static Explanation Earlier(List<ClosedPeriod> closed) => Explanation.Of(Message.Of(
        "obligation.earlier", ("count", new Number(closed.Count)), ("met", new Number(closed.Count(c => c.IsMet))), ("missed", new Number(closed.Count(c => c.IsMissed))),
        ("aside", new Number(closed.Count(c => !c.IsCounted)))));

    /// <summary>What closes next, and what it comes to if nothing more is done.</summary>
    private IEnumerable<Explanation> NextPeriods(MemberStanding then) => then.Edition.Obligations
        .Where(o => _standing.ObligationOf(o.Name) is { Period: { } now } && then.Obligations[o.Index].Period != now)
        .Select(o => Explanation.Of(Message.Of(
            then.Obligations[o.Index] switch { { Missed: var missed } when missed > _standing.ObligationOf(o.Name)!.Value.Missed => "obligation.next-missed", { Kept: var kept } when kept > _standing.ObligationOf(o.Name)!.Value.Kept => "obligation.next-kept", _ => "obligation.next" },
            ("says", Words(o.Doc.Says, o.Name)))));

    /// <summary>The closed periods of an obligation, the newest first.</summary>
    private IEnumerable<ClosedPeriod> ClosedOf(Obligation obligation) =>
        _timeline.Closed.Reverse().Where(c => c.Obligation.Name == obligation.Name && c.Period.Ends <= _at);

    /// <summary>Obligations that a condition reads, by itself or through numbers, and that were missed: the reason why a level is not met.</summary>
    private IEnumerable<Explanation> Missed(Ladder ladder)
    {
        var read = new HashSet<int>();
        var metrics = new HashSet<int>();
        foreach (var rung in ladder.Rungs) { Read(rung.Condition); }
        return _edition.Obligations.Where(o => read.Contains(o.Index) && _standing.Obligations[o.Index].Missed > 0)
            .Select(o => Head(o) with { Because = [.. ClosedOf(o).Take(1).Select(Closed)] });

        void Read(Expression? expression)
        {
            if (expression is null) { return; }
            read.UnionWith(expression.Bindings.Values.OfType<ObligationBinding>().Select(b => b.Obligation));
            foreach (var metric in expression.Bindings.Values.OfType<MetricBinding>().Where(b => metrics.Add(b.Metric))) { Read(_edition.Metrics[metric.Metric].Formula); }
        }
    }

    private (string, Argument)[] Figures(Obligation obligation, Span period, long amount) =>
    [
        ("period", new Argument.Period(obligation.Each, period.Starts)), ("amount", AmountOf(obligation, amount).Value), ("done", AmountOf(obligation, amount)),
        ("needed", AmountOf(obligation, obligation.AtLeast)),
    ];

    private Argument.Amount AmountOf(Obligation obligation, long parts) => Argument.Amount.Of(_vocabulary.Units[obligation.Unit], parts);

    /// <summary>The credits of a period, as an instant sees them.</summary>
    private IEnumerable<Explanation> DoneIn(Obligation obligation, Span period, Instant at) => _credits
        .Where(c => c.Status == CreditStatus.Active && c.Counted != 0 && _book.UnitOf(c.Rule) == obligation.Unit && period.Contains(c.Moment) && c.Holds(at))
        .OrderBy(c => c.Moment).Select(c => CreditLine(c, null));

    /// <summary>Why a period is not counted, by the first end of a day that was not.</summary>
    private List<Explanation> WhyNotCounted(Edition edition, Obligation obligation, Instant failed)
    {
        if (!_scoring.Enrolment.Holds(_member, failed)) { return [Explanation.Of(Message.Of("obligation.before-joining"))]; }
        var lines = FailingAt(obligation.Name, failed);
        return lines.Count > 0 ? lines : [Explanation.Of(Message.Of("obligation.before-edition", ("edition", edition.Name), ("since", _book.Editions[PlaceOf(edition)].InForce.Starts)))];
    }

    /// <summary>What of the term and of the days that count does not hold at an instant.</summary>
    private List<Explanation> FailingAt(string name, Instant at)
    {
        var lines = new List<Explanation>();
        var standing = _timeline.At(at);
        if (standing.Edition.Obligations.FirstOrDefault(o => o.Name == name) is not { } obligation) { return lines; }
        foreach (var isTerm in new[] { true, false })
        {
            if ((isTerm ? obligation.Term : obligation.During) is not { } condition) { continue; }
            var evaluation = EvaluateMember((plan, frame, trace) => (isTerm ? plan.Obligations[obligation.Index].Term : plan.Obligations[obligation.Index].During)!.Test(frame, ref trace), obligation.Index, standing, at);
            lines.AddRange(ConditionsOf(standing.Edition, _member).Lines(condition, evaluation).Where(l => l.Mark == Mark.No));
        }
        return lines;
    }
}
