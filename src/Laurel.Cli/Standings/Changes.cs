using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>What differs between two standings of a member, as people read it.</summary>
internal static class Changes
{
    /// <summary>The next instant at which anything that people see changes by itself; null where nothing does.</summary>
    public static NextChange? After(Instant at, MemberTimeline timeline, Vocabulary vocabulary)
    {
        var now = timeline.At(at);
        foreach (var later in timeline.Standings)
        {
            if (later.From <= at) { continue; }
            var changes = Change.Between(now, later, vocabulary);
            if (changes.Count > 0) { return new(later.From, changes); }
        }
        return null;
    }

    /// <summary>One thing that differs: "points 300 → 400".</summary>
    public static string Say(Change change, Vocabulary vocabulary) => change switch
    {
        Change.Enrolment enrolment => enrolment.To ? "enrolled" : "not enrolled any more",
        Change.Metric { Of.Name: var name } metric => $"{name} {Shown.Of(metric.From)} → {Shown.Of(metric.To)}",
        Change.Pending { Unit: var unit } pending =>
            $"{(vocabulary.Units.Count == 1 ? "pending" : $"pending {unit.Name}")} {Shown.Amount(pending.From, unit)} → {Shown.Amount(pending.To, unit)}",
        Change.State { Of.Name: var name } state => $"{name} {(state.To ? "begins" : "ends")}",
        Change.Benefit { Of.Name: var name } benefit => $"{(benefit.To ? "opens" : "closes")} {name}",
        _ when StandingJson.Told(change) is var (_, name, from, to) => $"{name} {from} → {to}",
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };
}
