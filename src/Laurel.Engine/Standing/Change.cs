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
        var changes = new List<Change>();
        // What has not changed is shared with the standing before, mostly.
        bool Differ<T>(IReadOnlyList<T> was, IReadOnlyList<T> now) => from.Edition != to.Edition || !ReferenceEquals(was, now);
        if (from.Enrolled != to.Enrolled) { changes.Add(new Enrolment(to.Enrolled)); }
        if (Differ(from.Metrics, to.Metrics)) { AddMetrics(changes, from, to); }
        if (Differ(from.Pending, to.Pending)) { AddPending(changes, from, to, vocabulary); }
        if (Differ(from.Obligations, to.Obligations)) { AddObligations(changes, from, to); }
        if (Differ(from.Levels, to.Levels)) { AddLevels(changes, from, to); }
        if (Differ(from.States, to.States)) { AddStates(changes, from, to); }
        if (Differ(from.Benefits, to.Benefits)) { AddBenefits(changes, from, to); }
        return changes;
    }

    private static void AddMetrics(List<Change> changes, MemberStanding from, MemberStanding to)
    {
        foreach (var (metric, before) in Both(from.Edition.Metrics, to.Edition.Metrics, m => m.Name))
        {
            if (before is null || NumberOf(metric, from.Metrics[before.Index]) is not { Kind: not ValueKind.Map } was || NumberOf(metric, to.Metrics[metric.Index]) is not { } becomes || was == becomes) { continue; }
            if (metric.Ranking is null || !was.IsMissing || !becomes.IsMissing) { changes.Add(new Metric(metric, was, becomes)); }
        }
    }

    // Of a rank the place tells; how many were ranked is no change of the member's.
    private static Value? NumberOf(Programs.Metric metric, Value value) => metric.Ranking is not null ? Ranks.PlaceIn(value) : value;

    private static void AddPending(List<Change> changes, MemberStanding from, MemberStanding to, Vocabulary vocabulary)
    {
        foreach (var unit in vocabulary.Units)
        {
            if (from.Pending[unit.Index] != to.Pending[unit.Index]) { changes.Add(new Pending(unit, from.Pending[unit.Index], to.Pending[unit.Index])); }
        }
    }

    private static void AddObligations(List<Change> changes, MemberStanding from, MemberStanding to)
    {
        foreach (var (obligation, before) in Both(from.Edition.Obligations, to.Edition.Obligations, o => o.Name))
        {
            if (before is null) { continue; }
            var (was, becomes) = (from.Obligations[before.Index], to.Obligations[obligation.Index]);
            if ((was.Missed, was.Kept) != (becomes.Missed, becomes.Kept)) { changes.Add(new Obligation(obligation, was, becomes)); }
        }
    }

    private static void AddLevels(List<Change> changes, MemberStanding from, MemberStanding to)
    {
        foreach (var (ladder, before) in Both(from.Edition.Ladders, to.Edition.Ladders, l => l.Name))
        {
            if (before is not null && from.LevelOn(before) is var was && to.LevelOn(ladder) is var becomes && was != becomes) { changes.Add(new Level(ladder, was, becomes)); }
        }
    }

    private static void AddStates(List<Change> changes, MemberStanding from, MemberStanding to)
    {
        changes.AddRange(to.States.ExceptBy(from.States.Select(s => s.Name), s => s.Name).Select(s => new State(s, To: true)));
        changes.AddRange(from.States.ExceptBy(to.States.Select(s => s.Name), s => s.Name).Select(s => new State(s, To: false)));
    }

    private static void AddBenefits(List<Change> changes, MemberStanding from, MemberStanding to)
    {
        foreach (var (benefit, before) in Both(from.Edition.Benefits, to.Edition.Benefits, b => b.Name))
        {
            if ((before is not null && from.Benefits[before.Index]) != to.Benefits[benefit.Index]) { changes.Add(new Benefit(benefit, to.Benefits[benefit.Index])); }
        }
    }

    /// <summary>What an edition has, each with what the one before has of that name; mostly it has the same place there.</summary>
    private static IEnumerable<(T Now, T? Before)> Both<T>(IReadOnlyList<T> before, IReadOnlyList<T> now, Func<T, string> nameOf)
        where T : class
    {
        for (var i = 0; i < now.Count; i++)
        {
            var name = nameOf(now[i]);
            yield return (now[i], i < before.Count && nameOf(before[i]) == name ? before[i] : Find(before, name, nameOf));
        }
    }

    private static T? Find<T>(IReadOnlyList<T> all, string name, Func<T, string> nameOf)
        where T : class => all.FirstOrDefault(one => nameOf(one) == name);
}
