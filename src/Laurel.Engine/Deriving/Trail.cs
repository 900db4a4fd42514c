using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>Where the derivations of one subject stood on their way: the next one goes on from the last mark before what is new.</summary>
/// <param name="every">So many facts lie between two marks at least.</param>
internal sealed class Trail(int every)
{
    /// <summary>So many marks are kept: of those that are far back every other one goes.</summary>
    private const int KeptMax = 32;

    private readonly List<DerivingMark> _marks = [];

    /// <summary>So many facts lie between two marks at least.</summary>
    public int Every => every;

    /// <summary>The last mark; null for none.</summary>
    public DerivingMark? Last => _marks.Count == 0 ? null : _marks[^1];

    /// <summary>Adds a mark after all others.</summary>
    public void Add(DerivingMark mark)
    {
        if (_marks.Count == KeptMax)
        {
            var place = 0;
            _marks.RemoveAll(_ => place++ is < KeptMax / 2 and var old && old % 2 == 0);
        }
        _marks.Add(mark);
    }

    /// <summary>Forgets the marks that an instant at which something is otherwise than was known comes before, or is that of.</summary>
    public void Cut(Instant at) => _marks.RemoveAll(mark => mark.At >= at.Micros);
}

/// <summary>Where the derivation of a subject stood after an instant.</summary>
/// <param name="At">The instant.</param>
/// <param name="Folds">By edition: how its fold stood; null where it gives nothing.</param>
/// <param name="Open">By edition: results that are as they will be, and whose credits depend on what comes.</param>
/// <param name="Keys">The values that limits group these by.</param>
/// <param name="Credits">So many credits are there for good.</param>
/// <param name="KeyCount">So many values those are grouped by.</param>
internal sealed record DerivingMark(long At, FoldMark?[] Folds, Raw[][] Open, long[] Keys, int Credits, int KeyCount);
