using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>Something that falls due of an open request by itself: its reminder, that operators see it, its end.</summary>
/// <param name="Request">The request's name.</param>
/// <param name="Member">Who asked.</param>
/// <param name="Asked">The position in the log of the fact that opened it.</param>
/// <param name="From">Where it stood until then.</param>
/// <param name="To">Where it stands from then on: reminded, escalated or expired.</param>
/// <param name="Due">The exact instant.</param>
/// <param name="Tells">Whom it is told: whoever answers ("client", "operator", "member") of a reminder, the "operator" of what escalates, the "member" who asked of what expires.</param>
public sealed record RequestNotice(string Request, int Member, int Asked, RequestStatus From, RequestStatus To, Instant Due, string Tells);

/// <summary>How a member's request on a subject goes over all of time.</summary>
/// <param name="Request">The request's name.</param>
/// <param name="Member">Who asked.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Notices">What falls due of it, in order: as many as steps that time makes.</param>
public sealed record RequestCourse(string Request, int Member, IReadOnlyList<RequestStep> Steps, IReadOnlyList<RequestNotice> Notices)
{
    /// <summary>True where it is open at an instant, or is later.</summary>
    public bool IsOpenFrom(Instant at) => Requests.IsOpen(Requests.StatusAt(Steps, at)) || Steps.Any(s => s.From > at);

    /// <summary>Where a notice's request stands instead at an instant; null where it stands where the notice says.</summary>
    public RequestStatus? Instead(RequestNotice notice, Instant at)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return Steps.LastOrDefault(s => s.From <= at) is not { } now ? RequestStatus.None
            : now.Fact < 0 && Notices.LastOrDefault(n => n.Due <= at) is { } last && (last.Asked, last.To) == (notice.Asked, notice.To) ? null : now.Status;
    }
}

/// <content>What falls due of requests by itself.</content>
public sealed partial class Requests
{
    // By type of fact and by kind: whether it is of any request.
    private bool[]? _facts;
    private bool[] _kinds = [];

    /// <summary>True for a fact that may change what falls due: it asks or answers, or takes something back.</summary>
    internal bool IsOfRequest(int fact)
    {
        if (_facts is null)
        {
            var requests = _plan.Book.Editions.SelectMany(e => e.Edition.Requests).ToList();
            _facts = [.. _history.Vocabulary.FactTypes.Select(t => requests.Exists(r => r.Has(t.Order)))];
            _kinds = [.. _history.Vocabulary.Kinds.Select(k => requests.Exists(r => r.About == k.Index))];
        }
        return _facts[_history.TypeNumber(fact)] || (_history.TypeOf(fact).BuiltIn == BuiltIn.Retracted && _history.AboutOf(fact) is >= 0 and var about && _kinds[_history.Kinds[about]]);
    }

    /// <summary>The requests about a subject, each of whoever asked.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="timelineOf">A member's standing, for conditions that read it.</param>
    internal IReadOnlyList<RequestCourse> On(int subject, Func<int, MemberTimeline> timelineOf)
    {
        var asked = new HashSet<(string Request, int Member)>();
        foreach (var request in _plan.Book.Editions.SelectMany(e => e.Edition.Requests).Where(r => r.About == _history.Kinds[subject]).DistinctBy(r => r.Name))
        {
            foreach (var fact in _history.FactsOf(subject))
            {
                if (request.Submitted == _history.TypeNumber(fact) || request.Reopened == _history.TypeNumber(fact)) { asked.Add((request.Name, MemberOf(fact, subject))); }
            }
        }
        return [.. asked.Where(a => a.Member >= 0).Select(a => Course(a.Request, a.Member, StepsOf(a.Request, a.Member, subject, new Lazy<MemberTimeline>(() => timelineOf(a.Member)))))];
    }

    private RequestCourse Course(string request, int member, List<RequestStep> steps)
    {
        var (notices, opened) = (new List<RequestNotice>(), -1);
        for (var i = 0; i < steps.Count; i++)
        {
            var (at, status, fact) = steps[i];
            if (status is RequestStatus.Open or RequestStatus.Reopened) { opened = _history.Position[fact]; }
            if (fact < 0) { notices.Add(new(request, member, opened, steps[i - 1].Status, status, at, Tells(status, request, at))); }
        }
        return new(request, member, steps, notices);
    }

    private string Tells(RequestStatus status, string request, Instant at) => status switch
    {
        RequestStatus.Escalated => "operator",
        RequestStatus.Expired => "member",
        _ => _plan.Book.At(at)!.Requests.First(r => r.Name == request).Asks,
    };
}
