using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Explaining;

/// <content>Requests: where they stand, what comes next, and whether the member may ask.</content>
public sealed partial class Explainer
{
    /// <summary>A request about a subject: where it stands, since when, and what comes next.</summary>
    /// <param name="request">The request.</param>
    /// <param name="subject">The subject's number; the member's own for a request about members.</param>
    public Explanation Request(Request request, int subject)
    {
        ArgumentNullException.ThrowIfNull(request);
        var requests = new Requests(_scoring, _history);
        var steps = requests.StepsOf(request.Name, _member, subject, _timeline);
        var name = ("request", (Argument)new Argument.Name(request.Name));
        var now = steps.LastOrDefault(s => s.From <= _at);
        var lines = steps.Where(s => s.From <= _at).Select(s => RequestLine(request, s, name)).ToList();
        if (now is { Status: RequestStatus.Refused, Evaluation: { } evaluation }) { lines[^1] = lines[^1] with { Because = [.. lines[^1].Because, .. ConditionsOf(_edition, subject).Lines(request.Where!, evaluation)] }; }
        if (steps.FirstOrDefault(s => s.From > _at) is { Fact: < 0 } next) { lines.Add(Explanation.Of(Message.Of($"request.will-{Lower(next.Status)}", name, ("at", next.From)), TimeLines(request, next))); }
        if (!IsOpen(now) && MayAsk(requests, request, subject) is var may && (now?.Status != RequestStatus.Approved || (request.Where is not null && may.Mark == Mark.Yes))) { lines.Add(may); }
        return new(Message.Of(now is null ? "request.never" : $"request.is-{Lower(now.Status)}", [name, ("since", now?.From ?? Values.Instant.Ever)]), MarkOf(now), lines);
    }

    private static bool IsOpen(RequestStep? now) => now?.Status is RequestStatus.Open or RequestStatus.Reminded or RequestStatus.Escalated or RequestStatus.Reopened;

    private static Mark MarkOf(RequestStep? now) => now?.Status switch
    {
        RequestStatus.Approved => Mark.Yes,
        RequestStatus.Refused or RequestStatus.Declined or RequestStatus.Expired => Mark.No,
        _ => Mark.None,
    };

    private Explanation MayAsk(Requests requests, Request request, int subject)
    {
        var evaluation = requests.MayAsk(request, _edition, _member, subject, _at, _timeline);
        var may = evaluation is null || Holds(request.Where!, evaluation);
        var lines = evaluation is null ? [] : ConditionsOf(_edition, subject).Lines(request.Where!, evaluation).ToList();
        if (request.Doc.Says is { } says) { lines.Add(Explanation.Of(Message.Of("request.how", ("says", new Argument.Words(says))))); }
        return new(Message.Of(may ? "request.may" : "request.may-not"), may ? Mark.Yes : Mark.No, lines);
    }

    private Explanation RequestLine(Request request, RequestStep step, (string, Argument) name) => Explanation.Of(
        Message.Of($"request.{Lower(step.Status)}", name, ("at", step.From)),
        step.Fact < 0 ? TimeLines(request, step) : [Explanation.Of(_facts.Then(step.Fact, step.From)), .. ByWhom(step.Fact)]);

    /// <summary>Who told a fact and why, where it says so.</summary>
    private IEnumerable<Explanation> ByWhom(int fact)
    {
        var told = _history.FactOf(fact);
        var (by, reason) = (told["by"]?.ToString() ?? "", told["reason"]?.ToString() ?? "");
        var key = (by, reason) switch { ("", "") => null, (_, "") => "fact.by", ("", _) => "fact.reason", _ => "fact.by-reason" };
        if (key is not null) { yield return Explanation.Of(Message.Of(key, ("by", by), ("reason", reason))); }
    }

    /// <summary>Of a step that time made, by the edition of its day: how long it took, where that is business days.</summary>
    private IReadOnlyList<Explanation> TimeLines(Request request, RequestStep step)
    {
        var edition = _book.At(step.From)!;
        var rule = edition.Requests.FirstOrDefault(r => r.Name == request.Name) ?? request;
        var length = step.Status switch { RequestStatus.Reminded => rule.Remind, RequestStatus.Escalated => rule.Escalate, _ => rule.Expires };
        if (length is not { BusinessDays: > 0 } days) { return []; }
        return [Explanation.Of(Message.Of("request.after", ("length", new Argument.Length(days))), [.. DayLines(edition, days, step.From)])];
    }

    private static string Lower(RequestStatus status) => status.ToString().ToLowerInvariant();
}
