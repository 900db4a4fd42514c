using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Standings as lines that are equal where they say the same, whatever numbers a history gives its subjects.</summary>
internal static class StandingLines
{
    /// <summary>Of all members that were ever enrolled, over all of time.</summary>
    public static IReadOnlyList<string> Of(Scoring scoring, History history)
    {
        var assessing = scoring.Derive().ForThread();
        return [.. scoring.Members.OrderBy(history.NameOf, StringComparer.Ordinal).SelectMany(m => Of(assessing.TimelineOf(m), history))];
    }

    public static IEnumerable<string> Of(MemberTimeline timeline, History history) => timeline.Standings.Select(s => $"{history.NameOf(timeline.Member)} {s.From} {Of(s, history.Vocabulary)}");

    /// <summary>A standing without its instant.</summary>
    public static string Of(MemberStanding standing, Vocabulary vocabulary)
    {
        var metrics = standing.Edition.Metrics.Select(m => $"{m.Name} {standing.Metrics[m.Index]}");
        var levels = standing.Edition.Ladders.Select(l => $"{l.Name} {standing.LevelOn(l)} since {standing.LevelSince[l.Index]}");
        var benefits = standing.Edition.Benefits.Where(b => standing.Benefits[b.Index]).Select(b => b.Name);
        var pending = vocabulary.Units.Select(u => $"pending {standing.Pending[u.Index]} {u.Name}");
        return string.Join(", ", [$"by {standing.Edition.Name}", standing.Enrolled ? "enrolled" : "not enrolled", .. standing.States.Select(s => s.Name), .. metrics, .. levels, .. benefits, .. pending]);
    }
}
