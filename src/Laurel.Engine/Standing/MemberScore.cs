using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>One member of a small history, scored: its credits and its standing over all of time.</summary>
/// <param name="History">The facts.</param>
/// <param name="Scoring">Under which rules, as known when.</param>
/// <param name="Assessing">What settles and assesses.</param>
/// <param name="Credits">The member's credits, settled.</param>
/// <param name="Timeline">Its standing.</param>
internal sealed record MemberScore(History History, Scoring Scoring, Assessing Assessing, IReadOnlyList<Credit> Credits, MemberTimeline Timeline)
{
    /// <summary>The member's subject number.</summary>
    public int Member => Timeline.Member;

    /// <summary>Derives, settles and assesses.</summary>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public static MemberScore Of(PartnerProgram program, History history, Edition? under, Instant known, int member)
    {
        var scoring = new Scoring(program, history, under, known);
        var assessing = scoring.Derive().ForThread();
        return new(history, scoring, assessing, assessing.CreditsOf(member), assessing.TimelineOf(member));
    }
}
