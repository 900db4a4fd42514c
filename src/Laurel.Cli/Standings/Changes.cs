using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Standings;

/// <summary>What differs between two standings of a member, as people read it.</summary>
internal static class Changes
{
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
