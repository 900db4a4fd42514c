using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>What a backtest says of one member.</summary>
/// <param name="Member">The member's subject number.</param>
/// <param name="Enrolled">Whether it is enrolled at the instant.</param>
/// <param name="Amounts">By unit: what counts and what is pending on either side.</param>
/// <param name="Rules">What each rule gives, where it gives on a side.</param>
/// <param name="Levels">By ladder of the backtest: the rungs.</param>
/// <param name="Gained">The benefits that only the draft gives, by their place in <see cref="Backtest.Benefits"/>.</param>
/// <param name="Lost">Those that only the other side gives.</param>
/// <param name="Groups">By group of the backtest: the one that the member is in; null where nobody told.</param>
/// <param name="NearMisses">The rungs of the draft that it misses by one gate.</param>
/// <param name="Unjudged">The rungs and benefits of the draft that could not be judged.</param>
public sealed record MemberDifference(
    int Member,
    bool Enrolled,
    IReadOnlyList<AmountPair> Amounts,
    IReadOnlyList<RuleDifference> Rules,
    IReadOnlyList<LevelPair> Levels,
    IReadOnlyList<int> Gained,
    IReadOnlyList<int> Lost,
    IReadOnlyList<Value> Groups,
    IReadOnlyList<NearMiss> NearMisses,
    IReadOnlyList<Unjudged> Unjudged)
{
    /// <summary>True where anything that counts, waits, is reached or is open differs.</summary>
    public required bool Changed { get; init; }
}

/// <summary>Amounts of one unit on both sides, in smallest parts.</summary>
/// <param name="Against">What counts on the side compared with.</param>
/// <param name="Draft">What counts under the draft.</param>
/// <param name="AgainstPending">What waits for its release on the side compared with.</param>
/// <param name="DraftPending">What waits under the draft.</param>
public readonly record struct AmountPair(long Against, long Draft, long AgainstPending, long DraftPending)
{
    /// <summary>What counts more under the draft; negative for less.</summary>
    public long Difference => Draft - Against;

    /// <summary>Both together.</summary>
    public static AmountPair operator +(AmountPair a, AmountPair b) =>
        new(a.Against + b.Against, a.Draft + b.Draft, a.AgainstPending + b.AgainstPending, a.DraftPending + b.DraftPending);
}

/// <summary>What one rule gives on both sides: what counts, in smallest parts.</summary>
/// <param name="Rule">Its place in <see cref="Backtest.Rules"/>.</param>
/// <param name="Against">On the side compared with.</param>
/// <param name="Draft">Under the draft.</param>
public readonly record struct RuleDifference(int Rule, long Against, long Draft);

/// <summary>A level on both sides.</summary>
/// <param name="Against">The rung's place on the ladder of the side compared with; -1 for none.</param>
/// <param name="Draft">Its place on the draft's ladder; -1 for none.</param>
public readonly record struct LevelPair(int Against, int Draft);

/// <summary>A rung of the draft that a member misses by one gate.</summary>
/// <param name="Gate">The gate's place in <see cref="BacktestReport.NearMisses"/>.</param>
/// <param name="Missing">How much is missing, where the gate compares a number; else null.</param>
public readonly record struct NearMiss(int Gate, Number? Missing);

/// <summary>What could not be judged, and the field that nobody told.</summary>
/// <param name="Of">What kind of thing.</param>
/// <param name="Name">Its name: of a rung, the ladder's and its own.</param>
/// <param name="Field">The field, with its kind before a point.</param>
public readonly record struct Unjudged(UnjudgedKind Of, string Name, string Field);

/// <summary>Something that could not be judged on a subject.</summary>
/// <param name="What">What, and for want of which field.</param>
/// <param name="Subject">The subject's number.</param>
/// <param name="Member">The member in question; -1 where nobody was.</param>
public readonly record struct UnjudgedSubject(Unjudged What, int Subject, int Member);

/// <summary>Kinds of things that can't be judged while a field is not told.</summary>
public enum UnjudgedKind
{
    /// <summary>A rule on a subject.</summary>
    Rule,

    /// <summary>A state of a subject that is a condition.</summary>
    State,

    /// <summary>A rung of a ladder.</summary>
    Level,

    /// <summary>A benefit.</summary>
    Benefit,
}
