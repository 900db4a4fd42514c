using System.Numerics;

namespace Laurel.Engine.Ledger;

/// <summary>
/// An append-only log whose root proves every leaf and its place (RFC 9162 section 2.1). It keeps the roots of all complete
/// subtrees, so that every earlier root and every proof takes a number of steps in the order of log2 of the size.
/// </summary>
/// <remarks>A log grows, and is meant for one writer; it holds two hashes a leaf. <see cref="MerkleFrontier"/> holds but the edge.</remarks>
public sealed class MerkleLog
{
    // By level k: the roots of the complete subtrees of 2^k leaves, from the first leaf on.
    private readonly List<List<Digest>> _levels = [[]];

    /// <summary>How many leaves there are.</summary>
    public int Size => _levels[0].Count;

    /// <summary>The root over all leaves.</summary>
    public Digest Root => RootAt(Size);

    /// <summary>Appends a leaf.</summary>
    /// <param name="leaf">The leaf's bytes, not its hash.</param>
    public void Append(ReadOnlySpan<byte> leaf) => AppendHash(MerkleHash.OfLeaf(leaf));

    /// <summary>Appends a leaf whose hash is known.</summary>
    /// <param name="leafHash">The leaf's <see cref="MerkleHash.OfLeaf"/>.</param>
    public void AppendHash(Digest leafHash)
    {
        var peak = leafHash;
        for (var level = 0; ; level++)
        {
            if (level == _levels.Count) { _levels.Add([]); }
            var row = _levels[level];
            row.Add(peak);
            if (row.Count % 2 != 0) { return; }
            peak = MerkleHash.OfNode(row[^2], row[^1]);
        }
    }

    /// <summary>The root that the log had when it had so many leaves.</summary>
    /// <param name="size">From 0 to <see cref="Size"/>.</param>
    public Digest RootAt(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size == 0 ? MerkleHash.Empty : Subtree(0, size);
    }

    /// <summary>The proof that a leaf is in the log as it was at a size (RFC 9162 section 2.1.3.1).</summary>
    /// <param name="index">The leaf, from 0; below <paramref name="size"/>.</param>
    /// <param name="size">From 1 to <see cref="Size"/>.</param>
    /// <returns>Hashes from the leaf's level to the root's, for <see cref="MerkleProof.Includes"/>.</returns>
    public IReadOnlyList<Digest> ProveInclusion(int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        var proof = new List<Digest>();
        Include(index, 0, size, proof);
        return proof;
    }

    /// <summary>The proof that the log at a later size starts with the log at an earlier one (RFC 9162 section 2.1.4.1).</summary>
    /// <param name="from">The earlier size; at least 1.</param>
    /// <param name="to">The later size; from <paramref name="from"/> to <see cref="Size"/>.</param>
    /// <returns>Hashes for <see cref="MerkleProof.Continues"/>; none where the sizes are equal.</returns>
    public IReadOnlyList<Digest> ProveConsistency(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Size);
        var proof = new List<Digest>();
        Continue(from, 0, to, complete: true, proof);
        return proof;
    }

    private void Include(int index, int start, int count, List<Digest> proof)
    {
        if (count == 1) { return; }
        var left = Split(count);
        if (index - start < left)
        {
            Include(index, start, left, proof);
            proof.Add(Subtree(start + left, count - left));
        }
        else
        {
            Include(index, start + left, count - left, proof);
            proof.Add(Subtree(start, left));
        }
    }

    // `complete` says that the earlier log, as far as it lies in this subtree, is the earlier log as a whole: its root is
    // then known to whoever checks, and is left out.
    private void Continue(int from, int start, int count, bool complete, List<Digest> proof)
    {
        if (from == count)
        {
            if (!complete) { proof.Add(Subtree(start, count)); }
            return;
        }
        var left = Split(count);
        if (from <= left)
        {
            Continue(from, start, left, complete, proof);
            proof.Add(Subtree(start + left, count - left));
        }
        else
        {
            Continue(from - left, start + left, count - left, complete: false, proof);
            proof.Add(Subtree(start, left));
        }
    }

    // INVARIANT: start is a multiple of the largest power of two in count, as every split of RFC 9162 makes it; so a
    // subtree of 2^k leaves is one of those kept.
    private Digest Subtree(int start, int count)
    {
        if (BitOperations.IsPow2(count)) { return _levels[BitOperations.Log2((uint)count)][start / count]; }
        var left = Split(count);
        return MerkleHash.OfNode(Subtree(start, left), Subtree(start + left, count - left));
    }

    // The largest power of two below a count of at least 2.
    private static int Split(int count) => 1 << BitOperations.Log2((uint)(count - 1));
}
