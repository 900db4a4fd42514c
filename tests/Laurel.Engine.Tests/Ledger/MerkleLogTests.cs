using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

public sealed class MerkleLogTests
{
    [Fact]
    public void Has_the_published_roots_at_every_size()
    {
        var log = MerkleVectors.Log();
        Assert.Equal(MerkleVectors.Roots, Enumerable.Range(0, 9).Select(size => log.RootAt(size).ToString()));
        Assert.Equal(MerkleVectors.Roots, Enumerable.Range(0, 9).Select(size => MerkleVectors.Log(size).Root.ToString()));
    }

    [Theory]
    [InlineData(0, 1, "")]
    [InlineData(0, 8, "96a296d2 5f083f0a 6b47aaf2")]
    [InlineData(5, 8, "bc1a0643 ca854ea1 d37ee418")]
    [InlineData(2, 3, "fac54203")]
    [InlineData(1, 5, "6e340b9c 5f083f0a bc1a0643")]
    public void Gives_the_published_proofs_of_inclusion(int index, int size, string expected) =>
        Assert.Equal(expected, Short(MerkleVectors.Log().ProveInclusion(index, size)));

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "96a296d2 5f083f0a 6b47aaf2")]
    [InlineData(6, 8, "0ebc5d34 ca854ea1 d37ee418")]
    [InlineData(2, 5, "5f083f0a bc1a0643")]
    public void Gives_the_published_proofs_of_consistency(int from, int to, string expected) =>
        Assert.Equal(expected, Short(MerkleVectors.Log().ProveConsistency(from, to)));

    [Fact]
    public void Gives_the_proofs_of_the_example_of_RFC_9162_section_2_1_5()
    {
        var log = MerkleVectors.Numbered(7);
        Digest Leaf(int i) => MerkleVectors.NumberedLeaf(i);
        var (a, b, c, d, e, f, j) = (Leaf(0), Leaf(1), Leaf(2), Leaf(3), Leaf(4), Leaf(5), Leaf(6));
        var (g, h, i) = (MerkleHash.OfNode(a, b), MerkleHash.OfNode(c, d), MerkleHash.OfNode(e, f));
        var (k, l) = (MerkleHash.OfNode(g, h), MerkleHash.OfNode(i, j));

        Assert.Equal([b, h, l], log.ProveInclusion(0, 7));
        Assert.Equal([c, g, l], log.ProveInclusion(3, 7));
        Assert.Equal([f, j, k], log.ProveInclusion(4, 7));
        Assert.Equal([i, k], log.ProveInclusion(6, 7));
        Assert.Equal([c, d, g, l], log.ProveConsistency(3, 7));
        Assert.Equal([l], log.ProveConsistency(4, 7));
        Assert.Equal([i, j, k], log.ProveConsistency(6, 7));
    }

    [Fact]
    public void Has_the_root_of_the_recursive_definition_at_every_size_up_to_70()
    {
        var log = MerkleVectors.Numbered(70);
        var leaves = Enumerable.Range(0, 70).Select(MerkleVectors.NumberedLeaf).ToArray();
        var frontier = MerkleFrontier.Empty;
        for (var size = 0; size <= 70; size++)
        {
            var defined = Defined(leaves.AsSpan(0, size));
            Assert.Equal(defined, log.RootAt(size));
            Assert.Equal(defined, frontier.Root);
            Assert.Equal(defined, MerkleFrontier.Of(frontier.Size, frontier.Peaks).Root);
            if (size < 70) { frontier = frontier.Append(leaves[size]); }
        }
    }

    [Fact]
    public void Refuses_sizes_and_indexes_it_has_not()
    {
        var log = MerkleVectors.Log(5);
        Assert.Throws<ArgumentOutOfRangeException>("size", () => log.RootAt(6));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => log.RootAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => log.ProveInclusion(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => log.ProveInclusion(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => log.ProveInclusion(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>("from", () => log.ProveConsistency(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>("from", () => log.ProveConsistency(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>("to", () => log.ProveConsistency(4, 6));
        Assert.Throws<ArgumentException>(() => MerkleFrontier.Of(5, [MerkleHash.Empty]));
    }

    // RFC 9162 section 2.1.1, word for word: slow, and too short to be wrong.
    private static Digest Defined(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 0) { return Digest.Of([]); }
        if (leaves.Length == 1) { return leaves[0]; }
        var k = 1;
        while (k * 2 < leaves.Length) { k *= 2; }
        return MerkleHash.OfNode(Defined(leaves[..k]), Defined(leaves[k..]));
    }

    private static string Short(IEnumerable<Digest> proof) => string.Join(' ', proof.Select(digest => digest.ToString()[..8]));
}
