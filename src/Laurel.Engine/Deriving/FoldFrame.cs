using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>What a condition of a fold reads: the subject, those that it refers to, the member in question, the fact at hand.</summary>
internal sealed class FoldFrame(History history)
{
    /// <summary>Where the facts are.</summary>
    public History History { get; } = history;

    /// <summary>The subject being folded.</summary>
    public SubjectFrame Subject { get; set; } = null!;

    /// <summary>The subject as it was just before the fact at hand.</summary>
    public SubjectFrame? Before { get; set; }

    /// <summary>The subject and those that it ever refers to.</summary>
    public List<SubjectFrame> Frames { get; } = [];

    /// <summary>By row: the member. Rows are the members that any fact of the fold names.</summary>
    public List<int> Members { get; } = [];

    /// <summary>The row of the member in question; -1 for nobody in particular.</summary>
    public int Row { get; set; }

    /// <summary>The fact at hand; -1 for none.</summary>
    public int Fact { get; set; }

    /// <summary>The instant being looked at.</summary>
    public Instant At { get; set; }

    /// <summary>When members are enrolled.</summary>
    public Enrolment Enrolment { get; set; } = null!;

    /// <summary>Reads what was found of members by assessing them; null before that was done.</summary>
    public ReadStanding? Standing { get; set; }

    /// <summary>What conditions came to, for a trace.</summary>
    public Recall Recall { get; } = new();

    /// <summary>True while something is tested just before a fact.</summary>
    public bool JustBefore { get; set; }

    /// <summary>The row of a member; a new one where there is none.</summary>
    public int RowOf(int member)
    {
        var row = Members.IndexOf(member);
        if (row >= 0) { return row; }
        Members.Add(member);
        Enrolment.WillBeAsked(member);
        foreach (var frame in Frames) { frame.EnsureRows(Members.Count); }
        Before?.EnsureRows(Members.Count);
        return Members.Count - 1;
    }

    /// <summary>Follows references from the subject; null where one was not told.</summary>
    public SubjectFrame? Follow(Step[] path, bool before)
    {
        var frame = before ? Before ?? Subject : Subject;
        foreach (var step in path)
        {
            if (frame.Told[step.Slot] < 0) { return null; }
            frame = FrameOf((int)frame.Data[step.Slot]);
            if (frame is null) { return null; }
        }
        return frame;
    }

    /// <summary>The frame of a subject; null where it is not among those that the fold is about.</summary>
    public SubjectFrame? FrameOf(int subject)
    {
        foreach (var frame in Frames)
        {
            if (frame.Subject == subject) { return frame; }
        }
        return null;
    }
}

/// <summary>Reads a metric, a level, a state or a field of a member, as it was found by assessing the member.</summary>
/// <param name="edition">The edition whose name is read.</param>
/// <param name="binding">What is read.</param>
/// <param name="member">The member's subject number.</param>
/// <param name="at">The instant.</param>
internal delegate Value ReadStanding(Edition edition, StandingBinding binding, int member, Instant at);
