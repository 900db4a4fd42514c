using Laurel.Engine.Deriving;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What is true of members themselves, over time: their states and fields by facts and by time.</summary>
internal sealed class MemberStates
{
    private readonly SubjectFold<Untraced>[] _folds;

    public MemberStates(DerivingPlan plan, Enrolment enrolment) =>
        _folds = [.. plan.Editions.Select(e => new SubjectFold<Untraced>(e, plan.History, enrolment, default))];

    /// <summary>The member's frames under an edition, each from an instant on.</summary>
    public IReadOnlyList<(Instant From, SubjectFrame Frame)> Of(int edition, int member, int upTo)
    {
        var frames = new List<(Instant, SubjectFrame)>();
        _folds[edition].Watcher = (at, frame) => frames.Add((at, frame.Copy()));
        _folds[edition].Fold(member, upTo);
        _folds[edition].Watcher = null;
        return frames;
    }
}
