namespace Laurel.Engine.Deriving;

/// <summary>Credits in the order in which they were derived, and the values that limits group them by. Grows; reused by one thread.</summary>
public sealed class CreditList
{
    private Credit[] _credits;

    /// <summary>Makes an empty list.</summary>
    public CreditList()
        : this(64)
    {
    }

    /// <summary>Makes an empty list with room.</summary>
    /// <param name="expected">About how many credits it will have.</param>
    internal CreditList(int expected) => _credits = new Credit[Math.Max(expected, 1)];

    /// <summary>How many credits there are.</summary>
    public int Count { get; private set; }

    /// <summary>The credits.</summary>
    public ReadOnlySpan<Credit> Items => _credits.AsSpan(0, Count);

    /// <summary>The values that limits group by, where <see cref="Credit.Key"/> points.</summary>
    internal List<long> Keys { get; } = [];

    /// <summary>Members to whom a subject may give more once they were assessed: a rule about it reads a metric, a level or data of the member.</summary>
    internal List<(int Member, int Subject)> Later { get; } = [];

    /// <summary>Empties the list.</summary>
    public void Clear()
    {
        Count = 0;
        Later.Clear();
        Keys.Clear();
    }

    /// <summary>Adds a credit.</summary>
    internal void Add(in Credit credit)
    {
        if (Count == _credits.Length) { Array.Resize(ref _credits, Count * 2); }
        _credits[Count++] = credit;
    }

    /// <summary>Takes the credits from a place on out, into another list.</summary>
    internal void MoveFrom(int first, List<Credit> into)
    {
        for (var i = first; i < Count; i++) { into.Add(_credits[i]); }
        Count = first;
    }
}
