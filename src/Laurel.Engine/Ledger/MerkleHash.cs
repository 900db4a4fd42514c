namespace Laurel.Engine.Ledger;

/// <summary>The hashes of a Merkle tree, as RFC 9162 section 2.1.1 defines them.</summary>
/// <remarks>Leaves and nodes start with different bytes, so that no leaf can be passed off as a node.</remarks>
public static class MerkleHash
{
    // Leaves up to this many bytes, nearly all of them, cost no memory.
    private const int OnStack = 1024;

    /// <summary>The root of a log without leaves: the SHA-256 of nothing.</summary>
    public static Digest Empty => Digest.Of([]);

    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ leaf).</summary>
    /// <param name="leaf">The leaf's bytes; in Laurel the <see cref="CanonicalJson"/> of a fact or an entry.</param>
    public static Digest OfLeaf(ReadOnlySpan<byte> leaf)
    {
        var length = leaf.Length + 1;
        var bytes = length <= OnStack ? stackalloc byte[length] : new byte[length];
        bytes[0] = 0x00;
        leaf.CopyTo(bytes[1..]);
        return Digest.Of(bytes);
    }

    /// <summary>The hash of a node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Digest OfNode(Digest left, Digest right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Digest.Length)];
        bytes[0] = 0x01;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Digest.Length)..]);
        return Digest.Of(bytes);
    }
}
