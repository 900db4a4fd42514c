using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>One member's line: its standing at the instant of the question.</summary>
/// <param name="Member">The member's name.</param>
/// <param name="Enrolled">Whether it is enrolled.</param>
/// <param name="Levels">By ladder of the edition: the rung; null for a member who is not enrolled.</param>
/// <param name="Since">By ladder: since when it is that rung.</param>
/// <param name="Metrics">By metric of the edition.</param>
/// <param name="Benefits">By benefit of the edition.</param>
/// <param name="Pending">By unit, in smallest parts.</param>
/// <param name="Next">What changes next by itself; null for nothing.</param>
internal sealed record StandingRow(
    string Member,
    bool Enrolled,
    IReadOnlyList<string?> Levels,
    IReadOnlyList<Instant> Since,
    IReadOnlyList<Value> Metrics,
    IReadOnlyList<bool> Benefits,
    IReadOnlyList<long> Pending,
    NextChange? Next);

/// <summary>When a standing changes next, and how.</summary>
/// <param name="At">When.</param>
/// <param name="Changes">What changes; at least one.</param>
internal sealed record NextChange(Instant At, IReadOnlyList<Change> Changes);

/// <summary>One thing that changes.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Name">Its name; of what is pending, the unit's.</param>
/// <param name="From">What it is, as scripts read it.</param>
/// <param name="To">What it becomes.</param>
/// <param name="Shown">Both as people read them: "points 300 → 400".</param>
internal sealed record Change(ChangeKind Kind, string Name, string From, string To, string Shown);

/// <summary>Kinds of things that change.</summary>
internal enum ChangeKind
{
    /// <summary>Whether the member is enrolled.</summary>
    Enrolment,

    /// <summary>A level on a ladder.</summary>
    Level,

    /// <summary>A state of the member.</summary>
    State,

    /// <summary>A metric.</summary>
    Metric,

    /// <summary>What waits for its release.</summary>
    Pending,

    /// <summary>A benefit.</summary>
    Benefit,
}
