using System.Numerics;

namespace Laurel.Engine.Ledger;

/// <summary>
/// The least of a Merkle log that is needed to append to it and to name its root: the roots of its complete subtrees, at
/// most 63 of them. Immutable; appending makes a new one.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly Digest[] _peaks;

    private MerkleFrontier(long size, Digest[] peaks) => (Size, _peaks) = (size, peaks);

    /// <summary>The frontier of a log without leaves.</summary>
    public static readonly MerkleFrontier Empty = new(0, []);

    /// <summary>How many leaves the log has; not negative.</summary>
    public long Size { get; }

    /// <summary>The roots of the complete subtrees, largest first: one for each bit that is set in <see cref="Size"/>.</summary>
    public IReadOnlyList<Digest> Peaks => _peaks;

    /// <summary>A frontier that was kept somewhere.</summary>
    /// <exception cref="ArgumentException">The number of peaks is not the one that the size asks for.</exception>
    public static MerkleFrontier Of(long size, IReadOnlyList<Digest> peaks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (BitOperations.PopCount((ulong)size) != peaks.Count) { throw new ArgumentException("a frontier has a peak for each bit of its size", nameof(peaks)); }
        return new(size, [.. peaks]);
    }

    /// <summary>The frontier after one more leaf.</summary>
    /// <param name="leafHash">The leaf's <see cref="MerkleHash.OfLeaf"/>.</param>
    public MerkleFrontier Append(Digest leafHash)
    {
        // Each complete subtree that ends the log and is as large as the one that arrives joins with it, as a carry does.
        var carries = BitOperations.TrailingZeroCount(~Size);
        var kept = _peaks.Length - carries;
        var peak = leafHash;
        for (var i = _peaks.Length - 1; i >= kept; i--) { peak = MerkleHash.OfNode(_peaks[i], peak); }
        return new(Size + 1, [.. _peaks.AsSpan(0, kept), peak]);
    }

    /// <summary>The root over all leaves.</summary>
    public Digest Root
    {
        get
        {
            if (_peaks.Length == 0) { return MerkleHash.Empty; }
            var root = _peaks[^1];
            for (var i = _peaks.Length - 2; i >= 0; i--) { root = MerkleHash.OfNode(_peaks[i], root); }
            return root;
        }
    }
}
