using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds levels that nobody can reach.</summary>
internal static class RungCheck
{
    /// <summary>Looks at all ladders of an edition.</summary>
    public static void Check(Edition edition, ProblemList problems)
    {
        var reader = new WaysReader(edition);
        foreach (var ladder in edition.Ladders.DistinctBy(l => l.WrittenAs)) { Check(ladder, reader, problems); }
    }

    private static void Check(Ladder ladder, WaysReader reader, ProblemList problems)
    {
        var ways = ladder.Rungs.Select((r, i) => r.Condition is not null ? reader.Of(r.Condition) : i == 0 ? Ways.Always : null).ToList();
        for (var i = 0; i < ladder.Rungs.Count; i++)
        {
            var rung = ladder.Rungs[i];
            if (ways[i] is { IsEmpty: true })
            {
                problems.Error("rung-never", rung.Doc.Place, $"level `{rung.Name}` can never be reached: its condition can't hold", "Look at what it compares: a value is not two at once, and no number is both above and below.");
                continue;
            }
            for (var j = i + 1; j < ladder.Rungs.Count; j++)
            {
                if (ways[j] is { IsEmpty: false } higher && ways[i]?.Imply(higher) == true)
                {
                    Tell(rung, ladder.Rungs[j], ways[i]!, higher, problems);
                    break;
                }
            }
        }
    }

    private static void Tell(Rung lower, Rung higher, Ways lowerWays, Ways higherWays, ProblemList problems)
    {
        if (lowerWays.Threshold is { } from && higherWays.Threshold is { } at && from.What == at.What)
        {
            problems.Error(
                "rung-shadowed", higher.Doc.Place,
                at.From == from.From ? $"level `{higher.Name}` qualifies at {Print(at.From)}, as level `{lower.Name}` does" : $"level `{higher.Name}` qualifies at {Print(at.From)}, below level `{lower.Name}` ({Print(from.From)})",
                $"Levels must rise. Raise `{higher.Name}` above {Print(from.From)}, or swap the two.");
            return;
        }
        problems.Error(
            "rung-shadowed", lower.Doc.Place, $"level `{lower.Name}` is never anybody's: whenever its condition holds, that of the higher `{higher.Name}` does too",
            $"Levels must rise. Ask more of `{higher.Name}`, or swap the two.");
    }

    private static string Print(Number number) => number.ToString();
}
