using Dapper;
using Laurel.Engine.Ledger;

namespace Laurel.Storage;

/// <summary>
/// The end of one Merkle log, to which leaves are appended. Complete subtrees of 256 leaves and more go to the database, so that a restart
/// hashes fewer than 256 leaves again, and a proof needs few rows.
/// </summary>
internal sealed class MerkleEdge
{
    /// <summary>The lowest level that is kept: subtrees of 2^8 leaves.</summary>
    public const int LevelMin = 8;

    private readonly List<(int Level, long Place, Digest Hash)> _nodes = [];
    private State _state;

    private MerkleEdge(State state) => _state = state;

    /// <summary>The peaks of 256 leaves and more, largest first, and the leaves after those.</summary>
    /// <param name="Size">How many leaves there are.</param>
    internal sealed record State(long Size, IReadOnlyList<(int Level, Digest Hash)> Peaks, MerkleFrontier Block);

    /// <summary>How many leaves the log has.</summary>
    public long Size => _state.Size;

    /// <summary>The nodes that were found since they were last kept.</summary>
    public IReadOnlyList<(int Level, long Place, Digest Hash)> Nodes => _nodes;

    /// <summary>The root over all leaves.</summary>
    public byte[] Root => Bytes(MerkleFrontier.Of(_state.Size, [.. _state.Peaks.Select(p => p.Hash), .. _state.Block.Peaks]).Root);

    /// <summary>Begins without a leaf.</summary>
    public static MerkleEdge Nothing() => new(new(0, [], MerkleFrontier.Empty));

    /// <summary>Goes on from what a database has.</summary>
    /// <param name="log">0 for facts, 1 for entries.</param>
    /// <param name="size">How many leaves the log has.</param>
    /// <param name="leaves">The leaves' hashes from a place on, of which fewer than 256 are asked for.</param>
    public static async Task<MerkleEdge> Of(Database database, int program, int log, long size, Func<long, Task<IReadOnlyList<Digest>>> leaves, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        var whole = size >> LevelMin << LevelMin;
        var peaks = new List<(int, Digest)>();
        // Given back before the leaves are read by another: who has one may not wait for a second.
        using (var connection = await database.Connect(stop).ConfigureAwait(false))
        {
            for (var (level, start) = (62, 0L); level >= LevelMin; level--)
            {
                if ((whole >> level & 1) == 0) { continue; }
                var hash = await connection.QuerySingleAsync<byte[]>(
                    "SELECT hash FROM nodes WHERE program = @program AND log = @log AND level = @level AND place = @place", new { program, log, level, place = start >> level }).ConfigureAwait(false);
                peaks.Add((level, new(hash)));
                start += 1L << level;
            }
        }
        var edge = new MerkleEdge(new(whole, peaks, MerkleFrontier.Empty));
        foreach (var leaf in await leaves(whole).ConfigureAwait(false)) { edge.Append(leaf); }
        return edge;
    }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leaf">The leaf's hash.</param>
    public void Append(Digest leaf)
    {
        var (size, block) = (_state.Size + 1, _state.Block.Append(leaf));
        if (size % (1 << LevelMin) != 0)
        {
            _state = _state with { Size = size, Block = block };
            return;
        }
        var peaks = _state.Peaks.ToList();
        var (level, node) = (LevelMin, block.Root);
        Add(level, size, node);
        for (; peaks.Count > 0 && peaks[^1].Level == level; peaks.RemoveAt(peaks.Count - 1))
        {
            node = MerkleHash.OfNode(peaks[^1].Hash, node);
            Add(++level, size, node);
        }
        peaks.Add((level, node));
        _state = new(size, peaks, MerkleFrontier.Empty);
    }

    private void Add(int level, long size, Digest hash) => _nodes.Add((level, (size - 1) >> level, hash));

    /// <summary>The nodes that the database does not have yet.</summary>
    public Rows New(int program, int log) => new Rows("nodes", _nodes.Count)
        .With("place", [.. _nodes.Select(n => n.Place)]).With("program", program).With("log", log).With("level", [.. _nodes.Select(n => (long)n.Level)])
        .With("hash", [.. _nodes.Select(n => Bytes(n.Hash))]);

    /// <summary>The new nodes were written.</summary>
    public void Keep() => _nodes.Clear();

    /// <summary>The bytes of a hash.</summary>
    public static byte[] Bytes(Digest hash)
    {
        var bytes = new byte[Digest.Length];
        hash.CopyTo(bytes);
        return bytes;
    }
}
