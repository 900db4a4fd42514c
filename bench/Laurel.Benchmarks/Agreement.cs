using System.Globalization;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Benchmarks;

/// <summary>What the engine says of each member at an instant, and whether SQL says the same.</summary>
internal static class Agreement
{
    /// <summary>The last instant of 2025: W5 has been in force for a year.</summary>
    public static readonly Instant At = new((DateTimeOffset.Parse("2026-01-01T00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() * 1000) - 1);

    /// <summary>Points and level of each member under one edition, by name, as of an instant.</summary>
    public static Dictionary<string, (long Points, int Level)> Standings(PartnerProgram program, History history, string edition)
    {
        var scoring = new Scoring(program, history, program.Find(edition), Instant.Last);
        var assessing = scoring.Derive().ForThread();
        return scoring.Members.ToDictionary(history.NameOf, member => Said(assessing.TimelineOf(member).At(At)));
    }

    /// <summary>Where the two differ: a line for each member.</summary>
    public static IReadOnlyList<string> Differences(Dictionary<string, (long Points, int Level)> engine, SqlPeer peer, IReadOnlyList<SqlStanding> sql)
    {
        var said = sql.ToDictionary(peer.NameOf, s => (s.Points, s.Level));
        var nobody = (Points: 0L, Level: -1);
        return
        [
            .. engine.Keys.Union(said.Keys).Order(StringComparer.Ordinal)
                .Select(name => (name, engine: engine.GetValueOrDefault(name, nobody), sql: said.GetValueOrDefault(name, nobody)))
                .Where(m => m.engine != m.sql)
                .Select(m => $"{m.name}: the engine says {m.engine.Points} points, level {m.engine.Level}; SQL says {m.sql.Points}, {m.sql.Level}"),
        ];
    }

    private static (long Points, int Level) Said(MemberStanding standing) =>
        standing.Levels[0] < 0 ? (0, -1) : (standing.MetricOf("points")!.Value.AsNumber.Numerator, standing.Levels[0]);
}
