using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Standing;

/// <summary>One thing that is different in two standings of a member.</summary>
public abstract record Change
{
    private Change() { }

    /// <summary>Whether the member is enrolled.</summary>
    public sealed record Enrolment(bool To) : Change;

    /// <summary>A metric that is one number; of a rank, the place.</summary>
    public sealed record Metric(Programs.Metric Of, Value From, Value To) : Change;

    /// <summary>What waits for its release, in smallest parts of the unit.</summary>
    public sealed record Pending(Unit Unit, long From, long To) : Change;

    /// <summary>A level; null for none, of a member who is not enrolled.</summary>
    public sealed record Level(Ladder Ladder, string? From, string? To) : Change;

    /// <summary>A state of the member's own: whether it holds.</summary>
    public sealed record State(StateRule Of, bool To) : Change;

    /// <summary>An obligation: how many periods in a row were missed or kept.</summary>
    public sealed record Obligation(Programs.Obligation Of, ObligationStanding From, ObligationStanding To) : Change;

    /// <summary>A benefit: whether it is open.</summary>
    public sealed record Benefit(Programs.Benefit Of, bool To) : Change;

    /// <summary>What is different. Names that only one of the two editions has are no change.</summary>
    public static IReadOnlyList<Change> Between(MemberStanding from, MemberStanding to, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var enrolment = from.Enrolled == to.Enrolled ? Enumerable.Empty<Change>() : [new Enrolment(to.Enrolled)];
        // What has not changed is shared with the standing before, mostly.
        bool Differ<T>(IReadOnlyList<T> was, IReadOnlyList<T> now) => from.Edition != to.Edition || !ReferenceEquals(was, now);
        return
        [
            .. enrolment,
            .. Differ(from.Metrics, to.Metrics) ? Metrics(from, to) : [],
            .. Differ(from.Pending, to.Pending) ? AllPending(from, to, vocabulary) : [],
            .. Differ(from.Obligations, to.Obligations) ? Obligations(from, to) : [],
            .. Differ(from.Levels, to.Levels) ? Levels(from, to) : [],
            .. Differ(from.States, to.States) ? States(from, to) : [],
            .. Differ(from.Benefits, to.Benefits) ? Benefits(from, to) : [],
        ];
    }

    private static IEnumerable<Change> Metrics(MemberStanding from, MemberStanding to) =>
        from metric in to.Edition.Metrics
        let was = NumberOf(metric, @from.MetricOf(metric.Name))
        let becomes = NumberOf(metric, to.Metrics[metric.Index])
        where was is { Kind: not ValueKind.Map } && was != becomes && becomes is not null && !(metric.Ranking is not null && was.Value.IsMissing && becomes.Value.IsMissing)
        select new Metric(metric, was.Value, becomes.Value);

    // Of a rank the place tells; how many were ranked is no change of the member's.
    private static Value? NumberOf(Programs.Metric metric, Value? value) => metric.Ranking is not null && value is { } rank ? Ranks.PlaceIn(rank) : value;

    private static IEnumerable<Change> AllPending(MemberStanding from, MemberStanding to, Vocabulary vocabulary) =>
        from unit in vocabulary.Units
        where @from.Pending[unit.Index] != to.Pending[unit.Index]
        select new Pending(unit, @from.Pending[unit.Index], to.Pending[unit.Index]);

    private static IEnumerable<Change> Obligations(MemberStanding from, MemberStanding to) =>
        from obligation in to.Edition.Obligations
        let was = @from.ObligationOf(obligation.Name)
        let becomes = to.Obligations[obligation.Index]
        where was is { } known && (known.Missed, known.Kept) != (becomes.Missed, becomes.Kept)
        select new Obligation(obligation, was.Value, becomes);

    private static IEnumerable<Change> Levels(MemberStanding from, MemberStanding to) =>
        from ladder in to.Edition.Ladders
        let before = @from.Edition == to.Edition ? ladder : Find(@from.Edition.Ladders, l => l.Name, ladder.Name)
        where before is not null
        let was = @from.LevelOn(before)
        let becomes = to.LevelOn(ladder)
        where was != becomes
        select new Level(ladder, was, becomes);

    private static IEnumerable<Change> States(MemberStanding from, MemberStanding to) =>
        to.States.ExceptBy(@from.States.Select(s => s.Name), s => s.Name).Select(s => new State(s, To: true))
            .Concat(@from.States.ExceptBy(to.States.Select(s => s.Name), s => s.Name).Select(s => new State(s, To: false)));

    private static IEnumerable<Change> Benefits(MemberStanding from, MemberStanding to) =>
        from benefit in to.Edition.Benefits
        let before = @from.Edition == to.Edition ? benefit : Find(@from.Edition.Benefits, b => b.Name, benefit.Name)
        let was = before is not null && @from.Benefits[before.Index]
        where was != to.Benefits[benefit.Index]
        select new Benefit(benefit, to.Benefits[benefit.Index]);

    private static T? Find<T>(IEnumerable<T> all, Func<T, string> nameOf, string name) => all.FirstOrDefault(one => nameOf(one) == name);
}
