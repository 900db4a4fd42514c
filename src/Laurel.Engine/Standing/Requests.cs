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
    private readonly Zone _zone;

    /// <summary>Reads requests of a scoring.</summary>
    public Requests(Scoring scoring, History history)
    {
        _scoring = scoring;
        _history = history;
        _zone = history.Vocabulary.Zone;
    }

    /// <summary>The steps of a request, in order; empty where it was never asked.</summary>
    /// <param name="request">The request's name.</param>
    /// <param name="member">Who asks.</param>
    /// <param name="subject">What about; the member itself for a request about members.</param>
    /// <param name="timeline">The member's standing, for conditions that read levels.</param>
    public IReadOnlyList<RequestStep> StepsOf(string request, int member, int subject, MemberTimeline timeline)
    {
        var steps = new List<RequestStep>();
        for (var fact = _history.FirstFact[subject]; fact < _history.FirstFact[subject + 1]; fact++)
        {
            if (!_history.IsKnown(fact, _scoring.UpTo)) { continue; }
            var at = new Instant(_history.At[fact]);
            var edition = _scoring.Plan.Book.At(at);
            if (edition?.Requests.FirstOrDefault(r => r.Name == request) is not { } rule || !Names(fact, member, subject)) { continue; }
            PassTime(steps, rule, at);
            Step(steps, rule, edition, fact, member, timeline);
        }
        if (steps.Count > 0 && _scoring.Plan.Book.At(steps[^1].From)?.Requests.FirstOrDefault(r => r.Name == request) is { } last) { PassTime(steps, last, Instant.Never); }
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
            var evaluation = rule.Where is null ? null : Evaluate(rule, edition, fact, member, timeline);
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
    private void PassTime(List<RequestStep> steps, Request rule, Instant until)
    {
        var opened = steps.FindLastIndex(s => s.Status is RequestStatus.Open or RequestStatus.Reopened);
        if (opened < 0 || !IsOpen(steps[^1].Status)) { return; }
        var from = steps[opened].From;
        var reminded = steps.Exists(s => s.Status == RequestStatus.Reminded && s.From >= steps[opened].From) || steps[opened].Status == RequestStatus.Reopened;
        var due = new List<RequestStep>();
        if (rule.Remind is { } remind && !reminded) { due.Add(new(_zone.Add(from, remind), RequestStatus.Reminded, -1)); }
        if (rule.Escalate is { } escalate) { due.Add(new(_zone.Add(from, escalate), RequestStatus.Escalated, -1)); }
        if (rule.Expires is { } expires) { due.Add(new(_zone.Add(from, expires), RequestStatus.Expired, -1)); }
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

    /// <summary>Evaluates who may ask: on the subject as the instant leaves it, or on the member's standing.</summary>
    private Evaluation Evaluate(Request rule, Edition edition, int fact, int member, MemberTimeline timeline)
    {
        var tape = new TraceTape();
        var at = new Instant(_history.At[fact]);
        if (rule.About == Vocabulary.MemberKind) { EvaluateMember(rule, edition, fact, member, timeline.At(at), tape); }
        else { EvaluateSubject(rule, edition, fact, member, timeline.At(at), tape); }
        return tape.Read()[^1];
    }

    private void EvaluateMember(Request rule, Edition edition, int fact, int member, MemberStanding standing, TraceTape tape)
    {
        var at = new Instant(_history.At[fact]);
        var trace = new Traced(tape);
        trace.Begin(TracePart.Request, rule.Index, member, fact, at);
        new MemberPlan<Traced>(edition, _history).Compile(rule.Where!).Test(FrameOf(edition, member, at, standing), ref trace);
        trace.End();
    }

    private MemberFrame FrameOf(Edition edition, int member, Instant at, MemberStanding standing)
    {
        var states = new MemberStates(_scoring.Plan, _scoring.Enrolment).Of(PlaceOf(edition), member, _scoring.UpTo);
        var frame = new MemberFrame(_history, edition.Metrics.Count, edition.Ladders.Count)
        {
            Member = member,
            At = at,
            Enrolled = standing.Enrolled,
            Own = states.LastOrDefault(s => s.From <= at).Frame,
        };
        standing.Metrics.ToArray().CopyTo(frame.Metrics, 0);
        standing.Levels.ToArray().CopyTo(frame.Levels, 0);
        return frame;
    }

    private void EvaluateSubject(Request rule, Edition edition, int fact, int member, MemberStanding standing, TraceTape tape)
    {
        var at = new Instant(_history.At[fact]);
        var plan = new EditionPlan<Traced>(_scoring.Plan.Book, PlaceOf(edition), _history);
        var members = new MemberPlan<NoTrace>(edition, _history);
        var frame = FrameOf(edition, member, at, standing);
        var condition = plan.Compile(rule.Where!, binding => members.ValueOf(binding, frame));
        var fold = new SubjectFold<Traced>(plan, _history, _scoring.Enrolment, new(tape)) { Asked = member };
        fold.Evaluate(_history.AboutOf(fact), _history.Position[fact] + 1, at, rule, condition);
    }

    private int PlaceOf(Edition edition) => _scoring.Plan.Book.Editions.ToList().FindIndex(e => e.Edition == edition);
}
