using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>Answers questions to a history by one set of rules, as known at one instant. For one thread.</summary>
internal sealed class Answers
{
    private readonly History _history;
    private readonly Assessing _assessing;
    private readonly Requests _requests;
    private readonly PartnerProgram _program;
    private readonly Instant _known;
    private (IReadOnlyList<Entry> Entries, IReadOnlyList<PayoutStep> Payouts)? _posted;
    private readonly Dictionary<int, MemberTimeline> _timelines = [];
    private readonly Dictionary<int, IReadOnlyList<Credit>> _credits = [];

    public Answers(PartnerProgram program, History history, RuleBook book, Instant known)
    {
        (_program, _history, _known) = (program, history, known);
        Scoring = new(program, history, book, known);
        _assessing = Scoring.Derive().ForThread();
        _requests = new(Scoring, history);
    }

    /// <summary>The question to the whole history.</summary>
    public Scoring Scoring { get; }

    /// <summary>The rules.</summary>
    public RuleBook Book => Scoring.Plan.Book;

    /// <summary>The rules of an expectation.</summary>
    public static RuleBook BookOf(PartnerProgram program, Edition? under, Instant? from, Instant known) =>
        under is null ? RuleBook.InForce(program, known) : from is { } date ? RuleBook.With(program, under, date, known) : RuleBook.Under(program, under);

    /// <summary>A member's standing over all of time.</summary>
    public MemberTimeline TimelineOf(int member)
    {
        if (!_timelines.TryGetValue(member, out var timeline)) { _timelines[member] = timeline = _assessing.TimelineOf(member); }
        return timeline;
    }

    /// <summary>A member's credits, settled.</summary>
    public IReadOnlyList<Credit> CreditsOf(int member)
    {
        if (!_credits.TryGetValue(member, out var credits)) { _credits[member] = credits = _assessing.CreditsOf(member); }
        return credits;
    }

    /// <summary>An amount in whole units.</summary>
    public Number Whole(int unit, long parts) => _history.Vocabulary.Units[unit].Whole(parts);

    /// <summary>What a rule gives a member at an instant, for one subject or for all.</summary>
    public Number Given(string rule, int unit, int member, int? subject, Instant at, CreditStatus status) => Whole(unit, CreditsOf(member)
        .Where(c => c.Status == status && c.Holds(at) && Book.UnitOf(c.Rule) == unit && Book.NameOf(c.Rule) == rule && (subject is null || c.Subject == subject))
        .Sum(c => c.Counted));

    /// <summary>What was posted: entries, and what became of money owed.</summary>
    public (IReadOnlyList<Entry> Entries, IReadOnlyList<PayoutStep> Payouts) Posted => _posted ??= Posting.Run(_program, _history, Book, _known);

    /// <summary>What was paid to a member by an instant.</summary>
    public Number Paid(int member, int unit, Instant at) => Whole(unit, Balances.Of(Posted.Entries, member, unit, Account.Paid, at));

    /// <summary>Whether a state holds for a subject, or a role for a member on it; null where the edition has none of that name.</summary>
    public bool? Holds(string name, bool isRole, int subject, int member, Instant at)
    {
        if (!isRole && name == ProgramNames.Enrolled) { return Scoring.Enrolment.Holds(subject, at); }
        var edition = EditionAt(at);
        var plan = Scoring.Plan.EditionAt(edition);
        var holding = plan.KindAt(_history.KindOf(subject)).Holdings.FirstOrDefault(h => h.IsRole == isRole && h.Rule.Name == name);
        if (holding is null) { return null; }
        var holds = false;
        var fold = new SubjectFold<Untraced>(plan, _history, Scoring.Enrolment, default)
        {
            // The member asked about is the first row.
            Asked = member,
            Watcher = (instant, frame) => holds = instant <= at ? ((isRole ? frame.Roles[0] : frame.States) >> holding.Bit & 1) != 0 : holds,
        };
        if (_history.KindOf(subject) == Vocabulary.MemberKind) { TimelineOf(subject).Found.Tell(fold); }
        fold.Fold(subject, Scoring.UpTo);
        return holds;
    }

    /// <summary>Where a request of a member on a subject stands.</summary>
    public RequestStatus StatusOf(string request, int member, int subject, Instant at) =>
        Requests.StatusAt(_requests.StepsOf(request, member, subject, TimelineOf(member)), at);

    /// <summary>The steps of all requests of a member on whatever.</summary>
    public IEnumerable<RequestStep> StepsOf(int member)
    {
        var timeline = TimelineOf(member);
        return from request in Book.Editions.SelectMany(e => e.Edition.Requests).DistinctBy(r => r.Name)
               from subject in request.About == Vocabulary.MemberKind ? [member] : _history.SubjectsOf(request.About)
               from step in _requests.StepsOf(request.Name, member, subject, timeline)
               select step;
    }

    /// <summary>The next instant at which anything changes by itself for a member; null where nothing does.</summary>
    public Instant? NextAfter(int member, Instant at)
    {
        var due = StepsOf(member).Where(s => s.Fact < 0 && s.From > at).Select(s => s.From).Append(TimelineOf(member).NextAfter(at) ?? Instant.Never).Min();
        return due == Instant.Never ? null : due;
    }

    /// <summary>The place of the edition that speaks at an instant.</summary>
    private int EditionAt(Instant at)
    {
        var edition = Book.At(at);
        return Book.Editions.ToList().FindIndex(e => ReferenceEquals(e.Edition, edition));
    }
}
