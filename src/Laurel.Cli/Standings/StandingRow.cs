using Laurel.Engine.Expressions;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>One member's line: its standing at the instant of the question.</summary>
/// <param name="Member">The member's name.</param>
/// <param name="Standing">The standing.</param>
/// <param name="Next">What changes next by itself; null for nothing.</param>
internal sealed record StandingRow(string Member, MemberStanding Standing, NextChange? Next)
{
    /// <summary>Whether it is enrolled.</summary>
    public bool Enrolled => Standing.Enrolled;

    /// <summary>By ladder of the edition: the rung; null for a member who is not enrolled.</summary>
    public IReadOnlyList<string?> Levels => [.. Standing.Edition.Ladders.Select(Standing.LevelOn)];

    /// <summary>By ladder: since when it is that rung.</summary>
    public IReadOnlyList<Instant> Since => Standing.LevelSince;

    /// <summary>By metric of the edition.</summary>
    public IReadOnlyList<Value> Metrics => Standing.Metrics;

    /// <summary>By benefit of the edition.</summary>
    public IReadOnlyList<bool> Benefits => Standing.Benefits;

    /// <summary>By unit, in smallest parts.</summary>
    public IReadOnlyList<long> Pending => Standing.Pending;

    /// <summary>By obligation of the edition.</summary>
    public IReadOnlyList<ObligationStanding> Obligations => Standing.Obligations;
}
