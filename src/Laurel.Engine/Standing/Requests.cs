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

/// <summary>Reads where requests stand: of one member, on one subject, over all of time.</summary>
public sealed class Requests
{
    private readonly Scoring _scoring;
    private readonly History _history;

    /// <summary>Reads requests of a scoring.</summary>
    public Requests(Scoring scoring, History history)
    {
        _scoring = scoring;
        _history = history;
    }

    /// <summary>The steps of a request, in order; empty where it was never asked.</summary>
    /// <param name="request">The request's name.</param>
    /// <param name="member">Who asks.</param>
    /// <param name="subject">What about; the member itself for a request about members.</param>
    /// <param name="timeline">The member's standing, for conditions that read levels.</param>
    public IReadOnlyList<RequestStep> StepsOf(string request, int member, int subject, MemberTimeline timeline)
    {
        var steps = new List<RequestStep>();
        foreach (var fact in _history.FactsOf(subject))
        {
            if (!_history.IsKnown(fact, _scoring.UpTo)) { continue; }
            var at = new Instant(_history.At[fact]);
            var edition = _scoring.Plan.Book.At(at);
            if (edition?.Requests.FirstOrDefault(r => r.Name == request) is not { } rule || !Names(fact, member, subject)) { continue; }
            PassTime(steps, rule, edition.Calendar, at);
            Step(steps, rule, edition, fact, member, timeline);
        }
        var last = steps.Count > 0 ? _scoring.Plan.Book.At(steps[^1].From) : null;
        if (last?.Requests.FirstOrDefault(r => r.Name == request) is { } open) { PassTime(steps, open, last.Calendar, Instant.Never); }
        return steps;
    }

    /// <summary>Where it stands at an instant.</summary>
    public static RequestStatus StatusAt(IReadOnlyList<RequestStep> steps, Instant at) =>
        steps.LastOrDefault(s => s.From <= at)?.Status ?? RequestStatus.None;

    private void Step(List<RequestStep> steps, Request rule, Edition edition, int fact, int member, MemberTimeline timeline)
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

    private static bool IsOpen(RequestStatus status) =>
        status is RequestStatus.Open or RequestStatus.Reminded or RequestStatus.Escalated or RequestStatus.Reopened;

    /// <summary>What happens by itself to an open request until an instant: one reminder in its life, the operators' queue, its end.</summary>
    private static void PassTime(List<RequestStep> steps, Request rule, Calendar calendar, Instant until)
    {
        var opened = steps.FindLastIndex(s => s.Status is RequestStatus.Open or RequestStatus.Reopened);
        if (opened < 0 || !IsOpen(steps[^1].Status)) { return; }
        var from = steps[opened].From;
        var reminded = steps.Exists(s => s.Status == RequestStatus.Reminded && s.From >= steps[opened].From) || steps[opened].Status == RequestStatus.Reopened;
        var due = new List<RequestStep>();
        if (rule.Remind is { } remind && !reminded) { due.Add(new(calendar.Add(from, remind), RequestStatus.Reminded, -1)); }
        if (rule.Escalate is { } escalate) { due.Add(new(calendar.Add(from, escalate), RequestStatus.Escalated, -1)); }
        if (rule.Expires is { } expires) { due.Add(new(calendar.Add(from, expires), RequestStatus.Expired, -1)); }
        foreach (var step in due.OrderBy(s => s.From))
        {
            if (step.From < until && step.From > steps[^1].From) { steps.Add(step); }
        }
    }

    private bool Names(int fact, int member, int subject)
    {
        if (member == subject) { return true; }
        var shape = _history.Shapes[_history.Shape[fact]];
        var carries = _history.Vocabulary.FactTypes[shape.Type].Carries;
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            if (carries[shape.Fields[i]].Name == "member" && _history.Values[_history.FirstValue[fact] + i] == member) { return true; }
        }
        return false;
    }

    /// <summary>Whether a member may ask at an instant: the request's condition, evaluated; null where it has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="edition">The edition that it is of.</param>
    /// <param name="member">Who would ask.</param>
    /// <param name="subject">What about; the member itself for a request about members.</param>
    /// <param name="at">When.</param>
    /// <param name="timeline">The member's standing.</param>
    internal Evaluation? MayAsk(Request request, Edition edition, int member, int subject, Instant at, MemberTimeline timeline) =>
        request.Where is null ? null : Evaluate(new(request, edition, member, subject, -1, at, _scoring.UpTo), timeline);

    /// <summary>An asking: of what by whom, at a fact or without one, as known when.</summary>
    private readonly record struct Asking(Request Request, Edition Edition, int Member, int Subject, int Fact, Instant At, int UpTo);

    /// <summary>Evaluates who may ask: on the subject as the instant leaves it, or on the member's standing.</summary>
    private Evaluation Evaluate(Asking asking, MemberTimeline timeline)
    {
        var tape = new TraceTape();
        if (asking.Request.About == Vocabulary.MemberKind) { EvaluateMember(asking, timeline, tape); }
        else { EvaluateSubject(asking, timeline, tape); }
        return tape.Read()[^1];
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
        var states = new MemberStates(_scoring.Plan, _scoring.Enrolment).Of(PlaceOf(asking.Edition), asking.Member, _scoring.UpTo, timeline.Found);
        return MemberFrame.Of(timeline, standing, asking.At, states.LastOrDefault(s => s.From <= asking.At).Frame, _history);
    }

    private void EvaluateSubject(Asking asking, MemberTimeline timeline, TraceTape tape)
    {
        var plan = new EditionPlan<Traced>(_scoring.Plan.Book, PlaceOf(asking.Edition), _history);
        var fold = new SubjectFold<Traced>(plan, _history, _scoring.Enrolment, new(tape)) { Asked = asking.Member };
        new MemberFound(new(_scoring.Plan, _scoring.Enrolment), timeline, _scoring.UpTo).At(_scoring.Plan.Stages, _scoring.Horizon).Tell(fold);
        fold.Evaluate(asking.Subject, asking.UpTo, asking.At, TracePart.Request, asking.Request.Index, plan.Compile(asking.Request.Where!));
    }

    private int PlaceOf(Edition edition) => _scoring.Plan.Book.Editions.ToList().FindIndex(e => e.Edition == edition);
}
