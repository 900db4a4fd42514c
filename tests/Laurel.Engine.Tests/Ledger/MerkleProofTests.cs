using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

public sealed class MerkleProofTests
{
    private const int Sizes = 40;
    private static readonly Digest Other = Digest.Of("something else"u8);

    [Fact]
    public void Every_leaf_is_proved_at_every_size_and_no_other_leaf_index_or_root_is()
    {
        var log = MerkleVectors.Numbered(Sizes);
        for (var size = 1; size <= Sizes; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var (leaf, proof, root) = (MerkleVectors.NumberedLeaf(index), log.ProveInclusion(index, size), log.RootAt(size));
                var which = $"leaf {index} of {size}";
                Assert.True(MerkleProof.Includes(leaf, index, size, proof, root), which);
                Assert.False(MerkleProof.Includes(Other, index, size, proof, root), which);
                Assert.False(MerkleProof.Includes(leaf, index, size, proof, Other), which);
                Assert.False(MerkleProof.Includes(leaf, index, index, proof, root), which);
                Assert.False(MerkleProof.Includes(leaf, -1, size, proof, root), which);
                for (var wrong = 0; wrong < size; wrong++)
                {
                    if (wrong != index) { Assert.False(MerkleProof.Includes(leaf, wrong, size, proof, root), $"{which}, at {wrong}"); }
                }
                foreach (var tampered in Tampered(proof)) { Assert.False(MerkleProof.Includes(leaf, index, size, tampered, root), which); }
            }
        }
    }

    [Fact]
    public void A_proof_for_a_longer_log_is_none_for_a_shorter_one()
    {
        // The last leaf of four lies where the last of eight lies in the right half.
        var log = MerkleVectors.Numbered(8);
        Assert.False(MerkleProof.Includes(MerkleVectors.NumberedLeaf(7), 3, 4, log.ProveInclusion(7, 8), log.Root));
        Assert.False(MerkleProof.Continues(3, log.RootAt(7), 4, log.Root, log.ProveConsistency(7, 8)));
        Assert.False(MerkleProof.Continues(8, log.Root, 7, log.Root, []));
    }

    [Fact]
    public void Nothing_is_continued_by_no_log()
    {
        // What proves the first leaf would otherwise prove that the log goes on from before it.
        var log = MerkleVectors.Numbered(8);
        Assert.False(MerkleProof.Continues(0, MerkleVectors.NumberedLeaf(0), 8, log.Root, [MerkleVectors.NumberedLeaf(0), .. log.ProveInclusion(0, 8)]));
    }

    [Fact]
    public void Every_size_continues_every_earlier_one_and_no_other_root_does()
    {
        var log = MerkleVectors.Numbered(Sizes);
        for (var to = 1; to <= Sizes; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                var (earlier, later, proof) = (log.RootAt(from), log.RootAt(to), log.ProveConsistency(from, to));
                var which = $"{from} to {to}";
                Assert.True(MerkleProof.Continues(from, earlier, to, later, proof), which);
                Assert.False(MerkleProof.Continues(from, Other, to, later, proof), which);
                Assert.False(MerkleProof.Continues(from, earlier, to, Other, proof), which);
                Assert.False(MerkleProof.Continues(0, earlier, to, later, proof), which);
                Assert.True(from == to || !MerkleProof.Continues(from, earlier, to, later, []), which);
                foreach (var tampered in Tampered(proof)) { Assert.False(MerkleProof.Continues(from, earlier, to, later, tampered), which); }
            }
        }
    }

    [Fact]
    public void A_log_that_was_rewritten_does_not_continue_the_one_before()
    {
        var before = MerkleVectors.Numbered(11);
        var after = new MerkleLog();
        for (var i = 0; i < 20; i++) { after.AppendHash(i == 3 ? Other : MerkleVectors.NumberedLeaf(i)); }
        Assert.False(MerkleProof.Continues(11, before.Root, 20, after.Root, after.ProveConsistency(11, 20)));
    }

    // Each hash replaced, each left out, one more in front and at the end, and two that change places.
    private static IEnumerable<IReadOnlyList<Digest>> Tampered(IReadOnlyList<Digest> proof)
    {
        for (var i = 0; i < proof.Count; i++)
        {
            yield return [.. proof.Take(i), Other, .. proof.Skip(i + 1)];
            yield return [.. proof.Take(i), .. proof.Skip(i + 1)];
        }
        yield return [.. proof, Other];
        yield return [Other, .. proof];
        if (proof.Count >= 2) { yield return [proof[1], proof[0], .. proof.Skip(2)]; }
    }
}
