using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>
/// Settles and assesses members of a scoring, for one thread. Where rules or states read what follows for a member, it is assessed
/// again with what was found, as often as the editions have stages.
/// </summary>
public sealed class Assessing
{
    private readonly RuleBook _book;
    private readonly int _stages;
    private readonly int _stagesOfStates;
    private readonly Func<int, (List<Credit> Credits, List<long> Keys)> _creditsOf;
    private readonly Func<int, IReadOnlyList<int>> _laterOf;
    private readonly Deriver _deriver;
    private readonly Assessor _assessor;
    private readonly Budgets _budgets;
    private readonly CreditList _derived = new();

    /// <param name="plan">The rules, compiled.</param>
    /// <param name="enrolment">When members are enrolled.</param>
    /// <param name="creditsOf">A member's credits before the limits that need all of them, in the order of subjects: lists of their own.</param>
    /// <param name="laterOf">The subjects that may give a member more once it was assessed, in order.</param>
    internal Assessing(DerivingPlan plan, Enrolment enrolment, Func<int, (List<Credit> Credits, List<long> Keys)> creditsOf, Func<int, IReadOnlyList<int>> laterOf)
    {
        _book = plan.Book;
        (_stages, _stagesOfStates, _creditsOf, _laterOf) = (plan.Stages, plan.StagesOfStates, creditsOf, laterOf);
        _deriver = new(plan, enrolment);
        _assessor = new(plan, enrolment);
        _budgets = new(plan.Book, plan.History);
    }

    /// <summary>How many positions of the log are known.</summary>
    internal int UpTo { get; set; }

    /// <summary>No period that closes later is looked at.</summary>
    internal Instant Horizon { get; set; }

    /// <summary>Whether a fact about a member matters to its standing, besides what it gives the member and when the member is enrolled.</summary>
    internal bool Reads(int fact) => _assessor.Reads(fact);

    /// <summary>Where members stood among their peers.</summary>
    internal Ranks Ranks
    {
        get => _assessor.Ranks;
        set => _assessor.Ranks = value;
    }

    /// <summary>What budgets leave of the claims of all members.</summary>
    internal BudgetShares Shares { get; set; } = BudgetShares.None;

    /// <summary>A member's credits, settled by every limit but budgets, and the values that limits group them by.</summary>
    internal (List<Credit> Credits, List<long> Keys) BeforeBudgets(int member) => Settled(member, withStanding: false) is var (credits, keys, _) ? (credits, keys) : default;

    /// <summary>A member's credits, settled by every limit, in the order of subjects.</summary>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public IReadOnlyList<Credit> CreditsOf(int member) => Of(member, withLast: false).Credits;

    /// <summary>A member's standing over all of time, the known future included.</summary>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public MemberTimeline TimelineOf(int member) => Of(member, withLast: true).Timeline!;

    /// <summary>All that was found of a member: its credits, the values that limits group them by, its standing.</summary>
    internal Assessed Of(int member) => Of(member, withLast: true);

    /// <summary>The same, where it is known what was found before, by the same rules and the same facts about the member itself.</summary>
    internal Assessed Of(int member, Assessed before)
    {
        try
        {
            var (credits, keys, found) = Shared(member, withStanding: true);
            // What is read of earlier assessments may be otherwise at any time.
            var from = found.Stage + before.Timeline!.Found.Stage > 0 ? Instant.Ever : FirstDifference(before, credits, keys);
            return new(credits, keys, _assessor.Assess(member, credits, keys, UpTo, found, before.Timeline, from)) { Shares = Shares };
        }
        catch (OverflowException inner) { throw Overflow(member, inner); }
    }

    /// <summary>Where the first of the credits starts that are not in both; never where there is none.</summary>
    private Instant FirstDifference(Assessed before, List<Credit> credits, List<long> keys)
    {
        var was = CollectionsMarshal.AsSpan(before.Credits);
        var now = CollectionsMarshal.AsSpan(credits);
        var (first, wasEnd, nowEnd) = Credits.Differing(_book, was, CollectionsMarshal.AsSpan(before.Keys), now, CollectionsMarshal.AsSpan(keys));
        var starts = Instant.Never;
        foreach (ref readonly var credit in was[first..wasEnd]) { starts = Instant.Min(starts, credit.Starts); }
        foreach (ref readonly var credit in now[first..nowEnd]) { starts = Instant.Min(starts, credit.Starts); }
        return starts;
    }

    /// <summary>Begins a member's course at an instant; null where its standing depends on more than what its credits come to, or on too much.</summary>
    internal Course? Begin(int member, Instant at)
    {
        if (_stagesOfStates > 0 || _budgets.Any || _laterOf(member).Count > 0 || !_assessor.CanGoOn(at)) { return null; }
        var (credits, keys, found) = Settled(member, withStanding: false);
        try { return _assessor.Begin(member, credits, keys, UpTo, found, at); }
        // Too much to add: whoever assesses the member says so.
        catch (OverflowException) { return null; }
    }

    /// <summary>A member's standing from an instant until the first change after another; null where its course is of another edition, does not reach so far back, or has become too much for one.</summary>
    internal MemberTimeline? GoOn(Course course, int member, Instant from, Instant at) =>
        course.IsLight && course.KnownFrom <= from && _assessor.Has(course, at) ? _assessor.GoOn(course, member, UpTo, Found.Nothing(Horizon), from, at) : null;

    /// <summary>Counts a credit in its member's course some times more, or less.</summary>
    /// <exception cref="OverflowException">Its amounts are too large to add.</exception>
    internal void Count(Course course, in Credit credit, int times) => _assessor.Count(course, credit.Member, UpTo, credit, times);

    /// <summary>What conditions about a member read at an instant.</summary>
    internal MemberFrame FrameAt(MemberTimeline timeline, Instant at)
    {
        var standing = timeline.At(at);
        var own = _assessor.States.Of(_assessor.PlaceOf(standing.Edition), timeline.Member, UpTo, timeline.Found).LastOrDefault(o => o.From <= at).Frame;
        return MemberFrame.Of(timeline, standing, at, own, _assessor.History);
    }

    /// <summary>A member's credits, settled, and what is true of it at an instant.</summary>
    internal (List<Credit> Credits, MemberAt Standing) StandingOf(int member, Instant at)
    {
        try
        {
            var (credits, keys, found) = Shared(member, withStanding: true);
            return (credits, _assessor.AssessAt(member, credits, keys, UpTo, found, at));
        }
        catch (OverflowException inner) { throw Overflow(member, inner); }
    }

    private Assessed Of(int member, bool withLast)
    {
        try
        {
            var (credits, keys, found) = Shared(member, withStanding: withLast);
            return new(credits, keys, withLast ? _assessor.Assess(member, credits, keys, UpTo, found) : null) { Shares = Shares };
        }
        catch (OverflowException inner) { throw Overflow(member, inner); }
    }

    /// <summary>A member's credits, settled by every limit, budgets included.</summary>
    private (List<Credit> Credits, List<long> Keys, Found Found) Shared(int member, bool withStanding)
    {
        var (credits, keys, found) = Settled(member, withStanding);
        if (!_budgets.Any) { return (credits, keys, found); }
        credits.RemoveAll(c => _budgets.AreAbout(c.Rule));
        credits.AddRange(Shares.Of(member));
        return (credits, keys, found);
    }

    private AmountOverflowException Overflow(int member, OverflowException inner) => AmountOverflowException.Of(_book, _assessor.History, member, _creditsOf(member).Credits, inner);

    /// <summary>A member's credits, settled by every limit, and what was found of it on the way.</summary>
    private (List<Credit> Credits, List<long> Keys, Found Found) Settled(int member, bool withStanding)
    {
        var (credits, keys) = _creditsOf(member);
        var stages = _laterOf(member).Count > 0 ? _stages : withStanding ? _stagesOfStates : 0;
        var own = stages == 0 ? (credits, keys) : (new(credits), new(keys));
        _deriver.SettleMember(credits, keys);
        var found = Found.Nothing(Horizon);
        for (var stage = 1; stage <= stages; stage++)
        {
            var timeline = _assessor.Assess(member, credits, keys, UpTo, found);
            found = new MemberFound(_assessor, timeline, UpTo).At(stage, Horizon);
            (credits, keys) = Again(member, own, found);
            _deriver.SettleMember(credits, keys);
        }
        return (credits, keys, found);
    }

    /// <summary>A member's credits with those of the subjects that rules of a higher stage are about derived again.</summary>
    private (List<Credit> Credits, List<long> Keys) Again(int member, (List<Credit> Credits, List<long> Keys) own, Found found)
    {
        var (credits, keys) = (new List<Credit>(), new List<long>(own.Keys));
        var next = 0;
        foreach (var subject in _laterOf(member))
        {
            for (; next < own.Credits.Count && own.Credits[next].Subject <= subject; next++)
            {
                if (own.Credits[next].Subject < subject) { credits.Add(own.Credits[next]); }
            }
            _derived.Clear();
            _deriver.Derive(subject, UpTo, found, _derived);
            foreach (ref readonly var credit in _derived.Items)
            {
                if (credit.Member == member) { credits.Add(credit.Key < 0 ? credit : credit with { Key = credit.Key + keys.Count }); }
            }
            keys.AddRange(_derived.Keys);
        }
        credits.AddRange(own.Credits.Skip(next));
        return (credits, keys);
    }
}

/// <summary>All that was found of a member.</summary>
/// <param name="Credits">Its credits, settled.</param>
/// <param name="Keys">The values that limits group by, where the credits point.</param>
/// <param name="Timeline">Its standing; null where only credits were asked for.</param>
internal sealed record Assessed(List<Credit> Credits, List<long> Keys, MemberTimeline? Timeline)
{
    /// <summary>What budgets leave of the claims of all members.</summary>
    public BudgetShares Shares { get; init; } = BudgetShares.None;
}
