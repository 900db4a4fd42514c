using Laurel.Engine.Expressions;

namespace Laurel.Engine.Deriving;

/// <summary>
/// What the conditions of a subject came to, and where on the tape that stands: while nothing that a condition shows has changed, a
/// trace refers to it instead of repeating it. Only for the subject that is folded, and only while an instant is complete.
/// </summary>
internal sealed class Recall
{
    private long[] _changed = [];
    private Look[] _looks = [];
    private long _turn;

    /// <summary>True while an instant is complete: nothing changes until the next.</summary>
    public bool IsOpen { get; set; }

    /// <summary>An instant is complete.</summary>
    /// <param name="conditions">The conditions of the subject's kind.</param>
    /// <param name="subject">What has changed.</param>
    /// <param name="isFirst">True for the first instant of a subject.</param>
    public void Turn<TTrace>(RecalledNode<TTrace>[] conditions, SubjectFrame subject, bool isFirst)
        where TTrace : struct, IFoldTrace
    {
        IsOpen = true;
        _turn++;
        if (conditions.Length > _changed.Length) { Array.Resize(ref _changed, conditions.Length); }
        for (var i = 0; i < conditions.Length; i++)
        {
            if (isFirst || conditions[i].Shows.Concern(subject)) { _changed[i] = _turn; }
        }
    }

    /// <summary>Where a condition stands on the tape, and what it came to; false where something has changed since.</summary>
    /// <param name="condition">Its number among those of the kind.</param>
    /// <param name="row">The member's row; -1 where it is the same for all.</param>
    /// <param name="look">What was found.</param>
    public bool TryFind(int condition, int row, out Look look)
    {
        var at = At(condition, row);
        look = at < _looks.Length ? _looks[at] : default;
        return look.Turn >= _changed[condition];
    }

    /// <summary>Keeps where a condition stands on the tape, and what it came to.</summary>
    public void Keep(int condition, int row, int place, bool holds)
    {
        var at = At(condition, row);
        if (at >= _looks.Length) { Array.Resize(ref _looks, Math.Max(at + 1, _looks.Length * 2)); }
        _looks[at] = new(_turn, place, holds);
    }

    private int At(int condition, int row) => ((row + 1) * _changed.Length) + condition;
}

/// <summary>A look at a condition.</summary>
/// <param name="Turn">The instant, counted over all subjects.</param>
/// <param name="Place">Where on the tape its results stand.</param>
/// <param name="Holds">What it came to.</param>
internal readonly record struct Look(long Turn, int Place, bool Holds);

/// <summary>A condition that reads its own subject alone: with a trace, it is evaluated only where something that it shows has changed.</summary>
/// <param name="number">Its number among those of the kind.</param>
/// <param name="inner">The condition.</param>
/// <param name="shows">What its trace shows: what it reads, and what the states read that are conditions.</param>
internal sealed class RecalledNode<TTrace>(int number, Node<FoldFrame, TTrace> inner, Reads shows) : Node<FoldFrame, TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>What its trace shows: what it reads, and what the states read that are conditions.</summary>
    public Reads Shows { get; } = shows;

    public override Value Evaluate(FoldFrame frame, ref TTrace trace) => inner.Evaluate(frame, ref trace);

    public override Truth Test(FoldFrame frame, ref TTrace trace)
    {
        var recall = frame.Recall;
        if (!recall.IsOpen) { return inner.Test(frame, ref trace); }
        var row = Shows.Roles == 0 ? -1 : frame.Row;
        if (recall.TryFind(number, row, out var look))
        {
            trace.Again(look.Place, look.Holds);
            return look.Holds ? Truth.True : Truth.False;
        }
        var place = trace.Place;
        var truth = inner.Test(frame, ref trace);
        // What is missing has a name, which is not kept here: it is evaluated again.
        if (truth != Truth.Unknown) { recall.Keep(number, row, place, truth == Truth.True); }
        return truth;
    }
}
