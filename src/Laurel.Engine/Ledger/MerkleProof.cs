namespace Laurel.Engine.Ledger;

/// <summary>Checks proofs against roots; needs nothing of the log itself.</summary>
public static class MerkleProof
{
    /// <summary>True where the proof shows that the leaf stands at the index of the log with that root (RFC 9162 section 2.1.3.2).</summary>
    /// <param name="leafHash">The leaf's <see cref="MerkleHash.OfLeaf"/>.</param>
    /// <param name="index">The leaf's index, from 0.</param>
    /// <param name="size">How many leaves the log has.</param>
    /// <param name="proof">What <see cref="MerkleLog.ProveInclusion"/> gave.</param>
    /// <param name="root">The log's root.</param>
    public static bool Includes(Digest leafHash, long index, long size, IReadOnlyList<Digest> proof, Digest root)
    {
        if (index < 0 || index >= size) { return false; }
        var (node, last) = (index, size - 1);
        var hash = leafHash;
        foreach (var sibling in proof)
        {
            if (last == 0) { return false; }
            if (node % 2 == 1 || node == last)
            {
                hash = MerkleHash.OfNode(sibling, hash);
                SkipLevelsWithoutSibling(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.OfNode(hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }

    /// <summary>True where the proof shows that the later log starts with the whole earlier one (RFC 9162 section 2.1.4.2).</summary>
    /// <param name="from">The earlier size; at least 1.</param>
    /// <param name="fromRoot">The earlier root.</param>
    /// <param name="to">The later size.</param>
    /// <param name="toRoot">The later root.</param>
    /// <param name="proof">What <see cref="MerkleLog.ProveConsistency"/> gave.</param>
    public static bool Continues(long from, Digest fromRoot, long to, Digest toRoot, IReadOnlyList<Digest> proof)
    {
        if (from < 1 || from > to) { return false; }
        if (from == to) { return proof.Count == 0 && fromRoot == toRoot; }

        // An earlier log of 2^k leaves is itself a node of the later tree: its root opens the proof unsaid.
        IReadOnlyList<Digest> path = long.IsPow2(from) ? [fromRoot, .. proof] : proof;
        if (path.Count == 0) { return false; }
        var (node, last) = (from - 1, to - 1);
        while (node % 2 == 1) { (node, last) = (node >> 1, last >> 1); }

        var (earlier, later) = (path[0], path[0]);
        foreach (var hash in path.Skip(1))
        {
            if (last == 0) { return false; }
            if (node % 2 == 1 || node == last)
            {
                earlier = MerkleHash.OfNode(hash, earlier);
                later = MerkleHash.OfNode(hash, later);
                SkipLevelsWithoutSibling(ref node, ref last);
            }
            else
            {
                later = MerkleHash.OfNode(later, hash);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && earlier == fromRoot && later == toRoot;
    }

    // The last node of a level has no sibling where its number is even: it rises unchanged until it is a right-hand one.
    private static void SkipLevelsWithoutSibling(ref long node, ref long last)
    {
        while (node % 2 == 0 && node != 0) { (node, last) = (node >> 1, last >> 1); }
    }
}
