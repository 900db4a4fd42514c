using Laurel.Engine.Deriving;

namespace Laurel.Engine.Ledger;

/// <summary>What a subject gave when it was last derived, settled by the limits that concern one subject at a time.</summary>
internal sealed class Derived
{
    private Credit[] _credits = [];
    private long[] _keys = [];
    private int _count;
    private int _keyCount;

    /// <summary>The credits.</summary>
    public ReadOnlySpan<Credit> Credits => _credits.AsSpan(0, _count);

    /// <summary>The values that limits group them by, where they point.</summary>
    public ReadOnlySpan<long> Keys => _keys.AsSpan(0, _keyCount);

    /// <summary>Where the next derivation can go on; null for a subject with few facts.</summary>
    public Trail? Trail { get; set; }

    /// <summary>Puts others in the place of all credits and values but the first so many.</summary>
    /// <param name="credits">How many credits stay.</param>
    /// <param name="keys">How many values.</param>
    /// <param name="items">The others, that point to values of their own.</param>
    /// <param name="itemKeys">These values.</param>
    public void Replace(int credits, int keys, ReadOnlySpan<Credit> items, ReadOnlySpan<long> itemKeys)
    {
        (_count, _keyCount) = (credits + items.Length, keys + itemKeys.Length);
        _credits = WithRoom(_credits, _count, credits);
        _keys = WithRoom(_keys, _keyCount, keys);
        for (var i = 0; i < items.Length; i++) { _credits[credits + i] = items[i].Key < 0 ? items[i] : items[i] with { Key = items[i].Key + keys }; }
        itemKeys.CopyTo(_keys.AsSpan(keys));
    }

    /// <summary>With nothing that stays, just so much room as is needed; otherwise some more, for what comes.</summary>
    private static T[] WithRoom<T>(T[] array, int count, int stay)
    {
        if (stay == 0 && count != array.Length) { return count == 0 ? [] : new T[count]; }
        if (count > array.Length) { Array.Resize(ref array, count + (count / 2)); }
        return array;
    }
}
