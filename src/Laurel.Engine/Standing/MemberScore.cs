using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>One member of a small history, scored.</summary>
/// <param name="History">The facts.</param>
/// <param name="Scoring">Under which rules, as known when.</param>
/// <param name="Assessing">What settles and assesses.</param>
/// <param name="Assessed">All that was found of the member.</param>
internal sealed record MemberScore(History History, Scoring Scoring, Assessing Assessing, Assessed Assessed)
{
    /// <summary>The member's credits, settled.</summary>
    public IReadOnlyList<Credit> Credits => Assessed.Credits;

    /// <summary>Its standing over all of time.</summary>
    public MemberTimeline Timeline => Assessed.Timeline!;

    /// <summary>Its subject number.</summary>
    public int Member => Timeline.Member;

    /// <summary>Derives, settles and assesses.</summary>
    /// <param name="horizon">No period that closes later is looked at.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public static MemberScore Of(PartnerProgram program, History history, Edition? under, Instant known, int member, Instant horizon)
    {
        var scoring = new Scoring(program, history, under, known) { Horizon = horizon };
        var assessing = scoring.Derive().ForThread();
        return new(history, scoring, assessing, assessing.Of(member));
    }

    /// <summary>Finds which states end by time.</summary>
    public StateEnds Ends() => new(Scoring, History, Timeline.Found);
}
