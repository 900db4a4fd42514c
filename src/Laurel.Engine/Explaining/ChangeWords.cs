using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Speaks of what is different in two standings.</summary>
internal sealed class ChangeWords(Vocabulary vocabulary)
{
    /// <summary>As one follows the other: "points: 300 → 400".</summary>
    public Message Follows(Change change) => change switch
    {
        Change.Enrolment enrolment => Message.Of(enrolment.To ? "condition.enrolled" : "condition.not-enrolled"),
        Change.Benefit benefit => Message.Of(benefit.To ? "change.opens" : "change.closes", NameOf(benefit)),
        Change.State state => Message.Of(state.To ? "change.begins" : "change.ends", ("name", new Argument.Name(state.Of.Name))),
        Change.Pending => Message.Of("change.pending", Both(change)),
        _ => Message.Of("change", Both(change)),
    };

    /// <summary>As one stands instead of the other: "points: 400 instead of 300"; or as what was so before stays.</summary>
    public Message Instead(Change change, MemberStanding? before = null)
    {
        var stays = before is not null && IsSo(change, before);
        return change switch
        {
            Change.Enrolment enrolment => Message.Of(enrolment.To ? "condition.enrolled" : "condition.not-enrolled"),
            Change.Benefit benefit => Message.Of((stays, benefit.To) switch { (true, true) => "instead.stays-open", (_, true) => "instead.open", _ => "instead.closed" }, NameOf(benefit)),
            Change.State state => Message.Of(state.To ? "instead.yes" : "instead.no", ("name", new Argument.Name(state.Of.Name))),
            Change.Pending => Message.Of("instead.pending", Both(change)),
            _ => Message.Of(stays ? "instead.stays" : "instead", Both(change)),
        };
    }

    /// <summary>Several, one after the other.</summary>
    public static Argument.Several Listed(IEnumerable<Message> changes) => new([.. changes.Select(c => (Argument)c)], "list");

    private static (string, Argument) NameOf(Change.Benefit benefit) => ("name", new Argument.Name(benefit.Of.Name));

    private (string, Argument)[] Both(Change change) => change switch
    {
        Change.Metric { Of.Ranking: not null } rank => [("name", Message.Of("rank.its-place", ("map", new Argument.Name(rank.Of.Name)))), ("from", PlaceOf(rank.From)), ("to", PlaceOf(rank.To))],
        Change.Metric metric => [("name", new Argument.Name(metric.Of.Name)), ("from", ValueOf(metric.Of, metric.From)), ("to", ValueOf(metric.Of, metric.To))],
        Change.Level level => [("name", new Argument.Name(level.Ladder.Name)), ("from", RungOf(level.From)), ("to", RungOf(level.To))],
        Change.Obligation obligation => [("name", new Argument.Name(obligation.Of.Name)), ("from", RowOf(obligation.From)), ("to", RowOf(obligation.To))],
        Change.Pending pending => [("from", Argument.Amount.Of(pending.Unit, pending.From)), ("to", Argument.Amount.Of(pending.Unit, pending.To))],
        _ => [],
    };

    private Argument ValueOf(Metric metric, in Value value)
    {
        if (metric is not { Unit: >= 0, Kind: MetricKind.Sum } || value.Kind != ValueKind.Number) { return FactWords.Shown(value); }
        var unit = vocabulary.Units[metric.Unit];
        return unit.Money && unit.Name != metric.Name ? new Argument.Amount(value.AsNumber, unit.Name) : new Argument.Count(value.AsNumber, unit.Decimals);
    }

    private static Argument PlaceOf(in Value place) => place.IsMissing ? Message.Of("rank.none") : FactWords.Shown(place);

    private static Message RowOf(ObligationStanding standing) => standing switch
    {
        { Missed: > 0 and var missed } => Message.Of("obligation.row-missed", ("missed", new Number(missed))),
        { Kept: > 0 and var kept } => Message.Of("obligation.row-kept", ("kept", new Number(kept))),
        _ => Message.Of("obligation.row-none"),
    };

    private static Argument RungOf(string? rung) => rung is null ? Message.Of("change.no-level") : new Argument.Name(rung);

    /// <summary>Whether a standing is already as a change makes it.</summary>
    private static bool IsSo(Change change, MemberStanding standing) => change switch
    {
        Change.Metric metric => standing.MetricOf(metric.Of.Name) is { } value && value == metric.To,
        Change.Level level => standing.Edition.Ladders.FirstOrDefault(l => l.Name == level.Ladder.Name) is { } ladder && standing.LevelOn(ladder) == level.To,
        Change.Benefit benefit => standing.Edition.Benefits.FirstOrDefault(b => b.Name == benefit.Of.Name) is { } same && standing.Benefits[same.Index] == benefit.To,
        _ => false,
    };
}
