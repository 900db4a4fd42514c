using Laurel.Engine.Deriving;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What is true of members themselves, over time: their states and fields by facts and by time.</summary>
internal sealed class MemberStates(DerivingPlan plan, Enrolment enrolment)
{
    private readonly SubjectFold<Untraced>?[] _folds = new SubjectFold<Untraced>?[plan.Book.Editions.Count];

    /// <summary>Whether a fact about a member says anything of it under an edition: most only give or take.</summary>
    /// <param name="edition">The edition's place among those that count.</param>
    /// <param name="fact">The fact.</param>
    public bool Reads(int edition, int fact) =>
        plan.EditionAt(edition).KindAt(Programs.Vocabulary.MemberKind).Facts[plan.History.Shape[fact]] is { } effect && (effect.Enrols || effect.Actions.Length > 0 || Array.Exists(effect.Slots, slot => slot >= 0));

    /// <summary>The member's frames under an edition, each from an instant on.</summary>
    /// <param name="edition">The edition's place among those that count.</param>
    /// <param name="member">The member's subject number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="found">What was found of the member so far, for states that read it.</param>
    public IReadOnlyList<(Instant From, SubjectFrame Frame)> Of(int edition, int member, int upTo, Found found)
    {
        var fold = _folds[edition] ??= new(plan.EditionAt(edition), plan.History, enrolment, default);
        var frames = new List<(Instant, SubjectFrame)>(2) { default };
        found.Tell(fold);
        fold.Watcher = (at, frame) => frames.Add((at, frame.Copy()));
        fold.Fold(member, upTo);
        fold.Watcher = null;
        // Before anything is told, what is true of a member of whom nothing is.
        frames[0] = (Instant.Ever, fold.Blanked);
        return frames;
    }
}
