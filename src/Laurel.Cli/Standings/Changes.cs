using Laurel.Cli.Writing;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Different = Laurel.Engine.Standing.Change;

namespace Laurel.Cli.Standings;

/// <summary>Reads what differs between two standings of a member, for people and scripts.</summary>
internal static class Changes
{
    /// <summary>The next instant at which anything that people see changes by itself; null where nothing does.</summary>
    public static NextChange? After(Instant at, MemberTimeline timeline, Vocabulary vocabulary)
    {
        var now = timeline.At(at);
        foreach (var later in timeline.Standings)
        {
            if (later.From <= at) { continue; }
            var changes = Different.Between(now, later, vocabulary);
            if (changes.Count > 0) { return new(later.From, [.. changes.Select(c => Read(c, vocabulary))]); }
        }
        return null;
    }

    /// <summary>One thing that differs.</summary>
    public static Change Read(Different change, Vocabulary vocabulary) => change switch
    {
        Different.Enrolment enrolment => new(
            ChangeKind.Enrolment, "enrolled", Word(!enrolment.To), Word(enrolment.To), enrolment.To ? "enrolled" : "not enrolled any more"),
        Different.Metric { Of.Name: var name } metric => new(
            ChangeKind.Metric, name, metric.From.ToString(), metric.To.ToString(), $"{name} {Shown.Of(metric.From)} → {Shown.Of(metric.To)}"),
        Different.Pending { Unit: var unit } pending => new(
            ChangeKind.Pending, unit.Name, Shown.Whole(pending.From, unit).ToString(), Shown.Whole(pending.To, unit).ToString(),
            $"{(vocabulary.Units.Count == 1 ? "pending" : $"pending {unit.Name}")} {Shown.Amount(pending.From, unit)} → {Shown.Amount(pending.To, unit)}"),
        Different.Obligation { Of.Name: var name } obligation => new(
            ChangeKind.Obligation, name, Shown.Row(obligation.From), Shown.Row(obligation.To), $"{name} {Shown.Row(obligation.From)} → {Shown.Row(obligation.To)}"),
        Different.Level { Ladder.Name: var name, From: var from, To: var to } => new(
            ChangeKind.Level, name, from ?? "none", to ?? "none", $"{name} {from ?? "none"} → {to ?? "none"}"),
        Different.State { Of.Name: var name } state => new(
            ChangeKind.State, name, Word(!state.To), Word(state.To), $"{name} {(state.To ? "begins" : "ends")}"),
        Different.Benefit { Of.Name: var name } benefit => new(
            ChangeKind.Benefit, name, Word(!benefit.To), Word(benefit.To), $"{(benefit.To ? "opens" : "closes")} {name}"),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    private static string Word(bool flag) => flag ? "true" : "false";
}
