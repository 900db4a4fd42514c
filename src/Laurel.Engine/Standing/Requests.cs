using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>Where a request stands.</summary>
public enum RequestStatus
{
    /// <summary>Never asked.</summary>
    None,

    /// <summary>Asked by somebody who may not ask: nothing follows.</summary>
    Refused,

    /// <summary>Asked, not answered.</summary>
    Open,

    /// <summary>Not answered for so long that one reminder went out; still open.</summary>
    Reminded,

    /// <summary>Not answered for so long that operators see it; still open.</summary>
    Escalated,

    /// <summary>Not answered for so long that it was closed.</summary>
    Expired,

    /// <summary>Answered with yes.</summary>
    Approved,

    /// <summary>Answered with no.</summary>
    Declined,

    /// <summary>A no was taken back: it is open again.</summary>
    Reopened,

    /// <summary>Taken back by whoever asked.</summary>
    Withdrawn,
}

/// <summary>Where a request stands from an instant on.</summary>
/// <param name="From">Since when.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Fact">The fact that made it so; -1 where time did.</param>
public sealed record RequestStep(Instant From, RequestStatus Status, int Fact)
{
    /// <summary>For one that was asked: the condition, as it was evaluated; null where there is none.</summary>
    internal Evaluation? Evaluation { get; init; }
}

/// <summary>Reads where requests stand: of one member, on one subject, over all of time. For one thread.</summary>
public sealed partial class Requests
{
    private readonly DerivingPlan _plan;
    private readonly Enrolment _enrolment;
    private readonly History _history;
    private readonly Dictionary<int, EditionPlan<Traced>> _plans = [];
    private readonly Dictionary<(int Place, int Request), Node<FoldFrame, Traced>> _conditions = [];
    private Assessor? _assessor;

    /// <summary>Reads requests of a scoring.</summary>
    public Requests(Scoring scoring, History history)
        : this((scoring ?? throw new ArgumentNullException(nameof(scoring))).Plan, scoring.Enrolment, history) => (UpTo, Horizon) = (scoring.UpTo, scoring.Horizon);

    internal Requests(DerivingPlan plan, Enrolment enrolment, History history) => (_plan, _enrolment, _history) = (plan, enrolment, history);

    /// <summary>How many positions of the log are known.</summary>
    internal int UpTo { get; set; }

    /// <summary>No period that closes later is looked at.</summary>
    internal Instant Horizon { get; set; }

    /// <summary>The steps of a request, in order; empty where it was never asked.</summary>
    /// <param name="request">The request's name.</param>
    /// <param name="member">Who asks.</param>
    /// <param name="subject">What about; the member itself for a request about members.</param>
    /// <param name="timeline">The member's standing, for conditions that read levels.</param>
    public IReadOnlyList<RequestStep> StepsOf(string request, int member, int subject, MemberTimeline timeline) => StepsOf(request, member, subject, new Lazy<MemberTimeline>(timeline));

    private List<RequestStep> StepsOf(string request, int member, int subject, Lazy<MemberTimeline> timeline)
    {
        var steps = new List<RequestStep>();
        foreach (var fact in _history.FactsOf(subject))
        {
            if (!_history.IsKnown(fact, UpTo)) { continue; }
            var at = new Instant(_history.At[fact]);
            var edition = _plan.Book.At(at);
            if (edition?.Requests.FirstOrDefault(r => r.Name == request) is not { } rule || !rule.Has(_history.TypeNumber(fact)) || MemberOf(fact, subject) != member) { continue; }
            PassTime(steps, request, at);
            Step(steps, rule, edition, fact, member, timeline);
        }
        PassTime(steps, request, Instant.Never);
        return steps;
    }

    /// <summary>Where it stands at an instant.</summary>
    public static RequestStatus StatusAt(IReadOnlyList<RequestStep> steps, Instant at) =>
        steps.LastOrDefault(s => s.From <= at)?.Status ?? RequestStatus.None;

    private void Step(List<RequestStep> steps, Request rule, Edition edition, int fact, int member, Lazy<MemberTimeline> timeline)
    {
        var type = _history.TypeNumber(fact);
        var at = new Instant(_history.At[fact]);
        var now = StatusAt(steps, at);
        if (type == rule.Submitted)
        {
            if (IsOpen(now)) { return; }
            var evaluation = rule.Where is null ? null : Evaluate(new(rule, edition, member, _history.AboutOf(fact), fact, at, _history.Position[fact] + 1), timeline);
            var holds = evaluation is null || evaluation.Results[rule.Where!.Root.Id].Truth == Truth.True;
            steps.Add(new(at, holds ? RequestStatus.Open : RequestStatus.Refused, fact) { Evaluation = evaluation });
        }
        else if (type == rule.Approved) { steps.Add(new(at, RequestStatus.Approved, fact)); }
        else if (type == rule.Declined) { steps.Add(new(at, RequestStatus.Declined, fact)); }
        else if (type == rule.Reopened && !IsOpen(now)) { steps.Add(new(at, RequestStatus.Reopened, fact)); }
        else if (type == rule.Withdrawn && IsOpen(now)) { steps.Add(new(at, RequestStatus.Withdrawn, fact)); }
    }

    internal static bool IsOpen(RequestStatus status) =>
        status is RequestStatus.Open or RequestStatus.Reminded or RequestStatus.Escalated or RequestStatus.Reopened;

    /// <summary>
    /// What happens by itself to an open request until an instant, by the edition in force then: one reminder in its life, the operators' queue, its
    /// end. What an edition before did stays done; what the edition would have done before its time it does when that begins.
    /// </summary>
    private void PassTime(List<RequestStep> steps, string request, Instant until)
    {
        var opened = steps.FindLastIndex(s => s.Status is RequestStatus.Open or RequestStatus.Reopened);
        if (opened < 0) { return; }
        var from = steps[opened].From;
        for (var place = 0; place < _plan.Book.Editions.Count; place++)
        {
            var (edition, inForce) = _plan.Book.Editions[place];
            if (inForce.Ends <= from || edition.Requests.FirstOrDefault(r => r.Name == request) is not { } rule) { continue; }
            var starts = place == 0 ? Instant.Ever : inForce.Starts;
            var due = Times(rule).Where(t => t.After is not null).Select(t => (At: Instant.Max(edition.Calendar.Add(from, t.After!.Value), starts), t.Status));
            foreach (var (at, status) in due.OrderBy(d => d.At).ThenByDescending(d => d.Status))
            {
                if (!IsOpen(steps[^1].Status)) { return; }
                var isDone = (status == RequestStatus.Reminded && steps[opened].Status == RequestStatus.Reopened) || steps.FindIndex(opened, s => s.Status == status) >= 0;
                if (!isDone && at > steps[^1].From && at < until && at < inForce.Ends) { steps.Add(new(at, status, -1)); }
            }
        }
    }

    private static (RequestStatus Status, Duration? After)[] Times(Request rule) =>
        [(RequestStatus.Reminded, rule.Remind), (RequestStatus.Escalated, rule.Escalate), (RequestStatus.Expired, rule.Expires)];

    /// <summary>Who asks by a fact: the member whom it names, or whom it is about; -1 for nobody.</summary>
    private int MemberOf(int fact, int subject)
    {
        if (_history.Kinds[subject] == Vocabulary.MemberKind) { return subject; }
        var shape = _history.Shapes[_history.Shape[fact]];
        var carries = _history.Vocabulary.FactTypes[shape.Type].Carries;
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            if (carries[shape.Fields[i]].Name == "member") { return (int)_history.Values[_history.FirstValue[fact] + i]; }
        }
        return -1;
    }

    /// <summary>Whether a member may ask at an instant: the request's condition, evaluated; null where it has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="edition">The edition that it is of.</param>
    /// <param name="member">Who would ask.</param>
    /// <param name="subject">What about; the member itself for a request about members.</param>
    /// <param name="at">When.</param>
    /// <param name="timeline">The member's standing.</param>
    internal Evaluation? MayAsk(Request request, Edition edition, int member, int subject, Instant at, MemberTimeline timeline) =>
        request.Where is null ? null : Evaluate(new(request, edition, member, subject, -1, at, UpTo), new(timeline));

    /// <summary>An asking: of what by whom, at a fact or without one, as known when.</summary>
    private readonly record struct Asking(Request Request, Edition Edition, int Member, int Subject, int Fact, Instant At, int UpTo);

    /// <summary>Evaluates who may ask: on the subject as the instant leaves it, or on the member's standing.</summary>
    private Evaluation Evaluate(Asking asking, Lazy<MemberTimeline> timeline)
    {
        var tape = new TraceTape();
        if (asking.Request.About == Vocabulary.MemberKind) { EvaluateMember(asking, timeline.Value, tape); }
        else { EvaluateSubject(asking, timeline, tape); }
        return tape.ReadLast();
    }

    private void EvaluateMember(Asking asking, MemberTimeline timeline, TraceTape tape)
    {
        var trace = new Traced(tape);
        trace.Begin(TracePart.Request, asking.Request.Index, asking.Member, asking.Fact, asking.At);
        new MemberPlan<Traced>(asking.Edition, _history).Compile(asking.Request.Where!).Test(FrameOf(asking, timeline), ref trace);
        trace.End();
    }

    private MemberFrame FrameOf(Asking asking, MemberTimeline timeline)
    {
        var standing = timeline.At(asking.At);
        var states = new MemberStates(_plan, _enrolment).Of(PlaceOf(asking.Edition), asking.Member, UpTo, timeline.Found);
        return MemberFrame.Of(timeline, standing, asking.At, states.LastOrDefault(s => s.From <= asking.At).Frame, _history);
    }

    private void EvaluateSubject(Asking asking, Lazy<MemberTimeline> timeline, TraceTape tape)
    {
        var place = PlaceOf(asking.Edition);
        if (!_plans.TryGetValue(place, out var plan)) { _plans[place] = plan = new(_plan.Book, place, _history); }
        if (!_conditions.TryGetValue((place, asking.Request.Index), out var condition)) { _conditions[(place, asking.Request.Index)] = condition = plan.Compile(asking.Request.Where!); }
        var fold = new SubjectFold<Traced>(plan, _history, _enrolment, new(tape)) { Asked = asking.Member };
        new MemberFound(_assessor ??= new(_plan, _enrolment), timeline, UpTo).At(_plan.Stages, Horizon).Tell(fold);
        fold.Evaluate(asking.Subject, asking.UpTo, asking.At, TracePart.Request, asking.Request.Index, condition);
    }

    private int PlaceOf(Edition edition) => _plan.Book.Editions.ToList().FindIndex(e => e.Edition == edition);
}
