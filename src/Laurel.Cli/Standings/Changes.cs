using Laurel.Cli.Writing;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>Finds what differs between two standings of a member.</summary>
internal static class Changes
{
    /// <summary>The next instant at which anything that people see changes by itself; null where nothing does.</summary>
    public static NextChange? After(Instant at, MemberTimeline timeline, Vocabulary vocabulary)
    {
        var now = timeline.At(at);
        foreach (var later in timeline.Standings)
        {
            if (later.From <= at) { continue; }
            var changes = Between(now, later, vocabulary).ToList();
            if (changes.Count > 0) { return new(later.From, changes); }
        }
        return null;
    }

    /// <summary>What differs. Names that only one of the two editions has are no change.</summary>
    private static IEnumerable<Change> Between(MemberStanding from, MemberStanding to, Vocabulary vocabulary) =>
        Enrolment(from, to).Concat(Metrics(from, to)).Concat(Pending(from, to, vocabulary)).Concat(Levels(from, to)).Concat(States(from, to)).Concat(Benefits(from, to));

    private static IEnumerable<Change> Enrolment(MemberStanding from, MemberStanding to)
    {
        if (from.Enrolled != to.Enrolled) { yield return new(ChangeKind.Enrolment, "enrolled", Word(from.Enrolled), Word(to.Enrolled), to.Enrolled ? "enrolled" : "not enrolled any more"); }
    }

    private static IEnumerable<Change> Levels(MemberStanding from, MemberStanding to)
    {
        foreach (var ladder in to.Edition.Ladders)
        {
            if (from.Edition.Ladders.FirstOrDefault(l => l.Name == ladder.Name) is not { } before) { continue; }
            var (was, becomes) = (from.LevelOn(before) ?? "none", to.LevelOn(ladder) ?? "none");
            if (was != becomes) { yield return new(ChangeKind.Level, ladder.Name, was, becomes, $"{ladder.Name} {was} → {becomes}"); }
        }
    }

    private static IEnumerable<Change> Metrics(MemberStanding from, MemberStanding to)
    {
        foreach (var metric in to.Edition.Metrics)
        {
            if (from.MetricOf(metric.Name) is not { } was) { continue; }
            var becomes = to.Metrics[metric.Index];
            if (was == becomes || was.Kind == ValueKind.Map) { continue; }
            yield return new(ChangeKind.Metric, metric.Name, was.ToString(), becomes.ToString(), $"{metric.Name} {Shown.Of(was)} → {Shown.Of(becomes)}");
        }
    }

    private static IEnumerable<Change> Pending(MemberStanding from, MemberStanding to, Vocabulary vocabulary)
    {
        foreach (var unit in vocabulary.Units)
        {
            var (was, becomes) = (from.Pending[unit.Index], to.Pending[unit.Index]);
            if (was == becomes) { continue; }
            var name = vocabulary.Units.Count == 1 ? "pending" : $"pending {unit.Name}";
            yield return new(
                ChangeKind.Pending, unit.Name, Shown.Whole(was, unit).ToString(), Shown.Whole(becomes, unit).ToString(),
                $"{name} {Shown.Amount(was, unit)} → {Shown.Amount(becomes, unit)}");
        }
    }

    private static IEnumerable<Change> States(MemberStanding from, MemberStanding to)
    {
        var (was, becomes) = (from.States.Select(s => s.Name).ToList(), to.States.Select(s => s.Name).ToList());
        foreach (var name in becomes.Except(was)) { yield return new(ChangeKind.State, name, Word(false), Word(true), $"{name} begins"); }
        foreach (var name in was.Except(becomes)) { yield return new(ChangeKind.State, name, Word(true), Word(false), $"{name} ends"); }
    }

    private static IEnumerable<Change> Benefits(MemberStanding from, MemberStanding to)
    {
        foreach (var benefit in to.Edition.Benefits)
        {
            var was = from.Edition.Benefits.FirstOrDefault(b => b.Name == benefit.Name) is { } before && from.Benefits[before.Index];
            var becomes = to.Benefits[benefit.Index];
            if (was != becomes) { yield return new(ChangeKind.Benefit, benefit.Name, Word(was), Word(becomes), $"{(becomes ? "opens" : "closes")} {benefit.Name}"); }
        }
    }

    private static string Word(bool flag) => flag ? "true" : "false";
}
