using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A member's standing, from an instant until the next one at which anything about it changes.</summary>
/// <param name="From">The first instant at which it is so; <see cref="Instant.Ever"/> before anything was.</param>
/// <param name="Edition">The edition that says so.</param>
/// <param name="Enrolled">Whether the member is enrolled.</param>
/// <param name="Metrics">By metric of the edition: a number, or a map of numbers.</param>
/// <param name="Levels">By ladder: the rung's place, low to high; -1 for a member who is not enrolled.</param>
/// <param name="LevelSince">By ladder: since when it is that rung.</param>
/// <param name="Benefits">By benefit: whether the member has it.</param>
/// <param name="Pending">By unit: the amounts that wait for their release, in smallest parts.</param>
/// <param name="States">The member's own states that hold, in the order of the edition; being enrolled apart.</param>
public sealed record MemberStanding(
    Instant From,
    Edition Edition,
    bool Enrolled,
    IReadOnlyList<Value> Metrics,
    IReadOnlyList<int> Levels,
    IReadOnlyList<Instant> LevelSince,
    IReadOnlyList<bool> Benefits,
    IReadOnlyList<long> Pending,
    IReadOnlyList<StateRule> States)
{
    /// <summary>By obligation: where it stands.</summary>
    public IReadOnlyList<ObligationStanding> Obligations { get; init; } = [];

    /// <summary>Where an obligation stands; null where the edition has none of that name.</summary>
    public ObligationStanding? ObligationOf(string name) => Edition.Obligations.FirstOrDefault(o => o.Name == name) is { } obligation ? Obligations[obligation.Index] : null;

    /// <summary>The name of the rung on a ladder; null for a member who is not enrolled.</summary>
    public string? LevelOn(Ladder ladder) => Levels[ladder.Index] < 0 ? null : ladder.Rungs[Levels[ladder.Index]].Name;

    /// <summary>True where nothing but the first instant may differ.</summary>
    internal bool IsLike(MemberStanding other) =>
        Edition == other.Edition && Enrolled == other.Enrolled && Levels.SequenceEqual(other.Levels) && Benefits.SequenceEqual(other.Benefits)
        && Pending.SequenceEqual(other.Pending) && Obligations.SequenceEqual(other.Obligations) && States.SequenceEqual(other.States) && Metrics.SequenceEqual(other.Metrics);

    /// <summary>A metric's value; null where the edition has no metric of that name.</summary>
    public Value? MetricOf(string name) => Edition.Metrics.FirstOrDefault(m => m.Name == name) is { } metric ? Metrics[metric.Index] : null;
}

/// <summary>A member's standing over all of time, the known future included.</summary>
/// <param name="Member">The member's subject number.</param>
/// <param name="Standings">By rising <see cref="MemberStanding.From"/>; each holds until the next.</param>
public sealed record MemberTimeline(int Member, IReadOnlyList<MemberStanding> Standings)
{
    /// <summary>The periods of obligations that have closed, by rising end.</summary>
    public IReadOnlyList<ClosedPeriod> Closed { get; init; } = [];

    /// <summary>The instant at which it ends, because nobody has looked further: another edition begins there; never where it is of all time.</summary>
    internal Instant Until { get; init; } = Instant.Never;

    /// <summary>What the member's states and rules read of earlier assessments.</summary>
    internal Found Found { get; init; } = Nothing;

    private static readonly Found Nothing = Found.Nothing(Instant.Ever);

    /// <summary>The standing at an instant; the first one before all of them.</summary>
    public MemberStanding At(Instant at)
    {
        var low = 0;
        var high = Standings.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Standings[middle].From <= at) { low = middle; }
            else { high = middle - 1; }
        }
        return Standings[low];
    }

    /// <summary>Whether a benefit is open at an instant, and from when until when that is so: over a change of editions too.</summary>
    public (bool Has, Instant Since, Instant Until) Has(string benefit, Instant at)
    {
        var has = Open(At(at));
        Instant? since = null;
        foreach (var standing in Standings.Where(s => s.From <= at)) { since = Open(standing) == has ? since ?? standing.From : null; }
        return (has, since ?? Instant.Ever, Standings.Where(s => s.From > at && Open(s) != has).Select(s => s.From).FirstOrDefault(Instant.Never));

        bool Open(MemberStanding standing) => standing.Edition.Benefits.FirstOrDefault(b => b.Name == benefit) is { } found && standing.Benefits[found.Index];
    }

    /// <summary>The next instant after one at which anything changes by itself; null where nothing does.</summary>
    public Instant? NextAfter(Instant at)
    {
        foreach (var standing in Standings)
        {
            if (standing.From > at) { return standing.From; }
        }
        return Until < Instant.Never ? Until : null;
    }
}
