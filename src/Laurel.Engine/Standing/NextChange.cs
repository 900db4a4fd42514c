using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>When a standing changes next by itself, and how.</summary>
/// <param name="At">When.</param>
/// <param name="Changes">What changes; at least one.</param>
public sealed record NextChange(Instant At, IReadOnlyList<Change> Changes)
{
    /// <summary>The next instant at which anything that people see changes by itself; null where nothing does.</summary>
    public static NextChange? After(Instant at, MemberTimeline timeline, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var now = timeline.At(at);
        foreach (var later in timeline.Standings)
        {
            if (later.From <= at) { continue; }
            var changes = Change.Between(now, later, vocabulary);
            if (changes.Count > 0) { return new(later.From, changes); }
        }
        return null;
    }
}
