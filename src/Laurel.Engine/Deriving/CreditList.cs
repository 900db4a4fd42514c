using System.Runtime.InteropServices;

namespace Laurel.Engine.Deriving;

/// <summary>Credits in the order in which they were derived, and the values that limits group them by. Grows; reused by one thread.</summary>
public sealed class CreditList
{
    private Credit[] _credits = new Credit[64];

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

    /// <summary>Adds credits whose keys point into a list of their own.</summary>
    internal void AddRange(List<Credit> credits, List<long> keys)
    {
        var offset = Keys.Count;
        Keys.AddRange(keys);
        if (Count + credits.Count > _credits.Length) { Array.Resize(ref _credits, Math.Max(Count + credits.Count, Count * 2)); }
        var added = _credits.AsSpan(Count, credits.Count);
        CollectionsMarshal.AsSpan(credits).CopyTo(added);
        Count += credits.Count;
        if (offset == 0 || keys.Count == 0) { return; }
        foreach (ref var credit in added)
        {
            if (credit.Key >= 0) { credit = credit with { Key = credit.Key + offset }; }
        }
    }

    /// <summary>Takes the credits from a place on out, into another list.</summary>
    internal void MoveFrom(int first, List<Credit> into)
    {
        for (var i = first; i < Count; i++) { into.Add(_credits[i]); }
        Count = first;
    }
}
