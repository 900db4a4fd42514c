using System.Data.Common;
using Dapper;
using Laurel.Engine.Ledger;

namespace Laurel.Storage;

/// <summary>What a commit is for.</summary>
internal enum CommitKind
{
    /// <summary>Facts, and what follows from them.</summary>
    Facts,

    /// <summary>A part of an edition that is being staged.</summary>
    Stage,

    /// <summary>An edition is opened.</summary>
    Open,

    /// <summary>A server takes the lane over.</summary>
    Takeover,

    /// <summary>What fell due is told.</summary>
    Due,

    /// <summary>The program's texts are revised.</summary>
    Revision,

    /// <summary>An operator says something of the program: see <see cref="ProgramStatus"/>.</summary>
    Status,

    /// <summary>What is personal of a subject is erased: see <see cref="Erasure"/>.</summary>
    Erasure,
}

/// <summary>One row of the spine.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Batch">16 random bytes, by which a commit whose answer was lost is found again.</param>
/// <param name="Recorded">When it was recorded, in microseconds; never falls.</param>
/// <param name="FactsTo">How many facts the log has after it; of <paramref name="EntriesTo"/> and <paramref name="ChangesTo"/> the same.</param>
/// <param name="StageFrom">Of a part of a stage: the first subject; with <paramref name="StageTo"/> the one after the last.</param>
/// <param name="FactsRoot">The root over all facts after it; <paramref name="EntriesRoot"/> over all entries.</param>
internal sealed record Commit(
    long Number, byte[] Batch, long Recorded, long FactsTo, long EntriesTo, long ChangesTo, long? StageFrom, long? StageTo, CommitKind Kind, int Book, int Epoch, byte[] FactsRoot, byte[] EntriesRoot)
{
    /// <summary>See <see cref="CommitHash"/>; null for one that is not written yet, or was before there were hashes.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>The hash of what it tells of members; null for nothing, where that is not known yet, and for one of before there were such hashes.</summary>
    public byte[]? Told { get; init; }

    /// <summary>Before the first.</summary>
    public static Commit None { get; } = new(0, [], long.MinValue, 0, 0, 0, null, null, CommitKind.Facts, 0, 0, MerkleEdge.Bytes(MerkleFrontier.Empty.Root), MerkleEdge.Bytes(MerkleFrontier.Empty.Root));
}

/// <summary>What became of a commit.</summary>
internal enum CommitOutcome
{
    /// <summary>It is written and durable.</summary>
    Written,

    /// <summary>Another server has the lane: nothing was written.</summary>
    Fenced,

    /// <summary>The database takes nothing for now: nothing was written.</summary>
    Refused,
}

/// <summary>
/// One program's spine, as its owner writes it: each commit with its rows in one transaction, after the one before. Where an answer is lost, it
/// finds out what became of the commit before anybody is told. For one thread.
/// </summary>
internal sealed class Spine(Database database, int program, Commit head) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Writer? _writer;

    /// <summary>The last commit.</summary>
    public Commit Head { get; private set; } = head;

    /// <summary>The last commit of a program; <see cref="Commit.None"/> before the first.</summary>
    public static async Task<Commit> HeadOf(Database database, int program, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return await Last(connection, program).ConfigureAwait(false) ?? Commit.None;
    }

    /// <summary>The commits after a number, up to another one.</summary>
    public static async Task<IReadOnlyList<Commit>> Range(Database database, int program, long after, long upTo, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<Row>("SELECT * FROM commits WHERE program = @program AND number > @after AND number <= @upTo ORDER BY number", new { program, after, upTo }).ConfigureAwait(false)).Select(r => r.ToCommit())];
    }

    /// <summary>Writes a commit with its rows.</summary>
    /// <param name="commit">The commit that follows <see cref="Head"/>.</param>
    /// <param name="tables">What it brings.</param>
    /// <param name="stop">Ends the waiting for a database that cannot be reached, when nobody can know what became of the commit.</param>
    public async Task<CommitOutcome> Append(Commit commit, IReadOnlyList<Rows> tables, CancellationToken stop)
    {
        commit = commit with { Told = commit.Told ?? CommitHash.Of(CommitHash.Told(tables)) };
        commit = commit with { Hash = CommitHash.Of(Head, commit, CommitHash.Named(tables)) };
        var rows = new List<Rows> { RowOf(commit) };
        rows.AddRange(tables);
        while (true)
        {
            switch (await TryWrite(rows).ConfigureAwait(false))
            {
                case null:
                    Head = commit;
                    return CommitOutcome.Written;
                case WriteFailure.Conflict: return CommitOutcome.Fenced;
                case WriteFailure.Refused: return CommitOutcome.Refused;
                default:
                    if (await Find(commit, stop).ConfigureAwait(false) is { } outcome) { return outcome; }
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    /// <returns>Null where it is written.</returns>
    private async Task<WriteFailure?> TryWrite(List<Rows> rows)
    {
        try
        {
            _writer ??= database.Write();
            await _writer.Write(rows).ConfigureAwait(false);
            return null;
        }
        catch (StorageException e) { return Closed(e.Problem == StorageProblem.Moved ? WriteFailure.Refused : WriteFailure.Unknown); }
        catch (DbException e) when (database.FailureOf(e) is not WriteFailure.Other and var failure)
        {
            return failure == WriteFailure.Unknown ? Closed(failure) : failure;
        }
    }

    private WriteFailure Closed(WriteFailure failure)
    {
        _writer?.Dispose();
        _writer = null;
        return failure;
    }

    /// <summary>What became of a commit whose answer was lost; null where it was not written and may be tried again.</summary>
    private async Task<CommitOutcome?> Find(Commit commit, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Pause, stop).ConfigureAwait(false);
            try
            {
                using var connection = await database.Connect(stop).ConfigureAwait(false);
                var batch = await connection.QuerySingleOrDefaultAsync<byte[]>("SELECT batch FROM commits WHERE program = @program AND number = @number", new { program, number = commit.Number }).ConfigureAwait(false);
                if (batch is null) { return null; }
                if (!batch.SequenceEqual(commit.Batch)) { return CommitOutcome.Fenced; }
                // It is here. Whoever is told so has to find it on a replica too, where commits wait for one.
                await database.WaitForReplica(connection, stop).ConfigureAwait(false);
                Head = commit;
                return CommitOutcome.Written;
            }
            catch (StorageException) { }
            catch (DbException) { }
        }
    }

    private Rows RowOf(Commit commit) => new Rows("commits", 1)
        .With("number", commit.Number).With("recorded", commit.Recorded).With("facts_to", commit.FactsTo).With("entries_to", commit.EntriesTo).With("changes_to", commit.ChangesTo)
        .With("stage_from", [commit.StageFrom]).With("stage_to", [commit.StageTo]).With("program", program).With("kind", (long)commit.Kind).With("book", commit.Book).With("epoch", commit.Epoch)
        .With("batch", [commit.Batch]).With("prior", [Head.Number == 0 ? null : Head.Batch]).With("facts_root", [commit.FactsRoot]).With("entries_root", [commit.EntriesRoot]).With("told", [commit.Told]).With("hash", [commit.Hash]);

    private static async Task<Commit?> Last(DbConnection connection, int program)
    {
        var row = await connection.QueryFirstOrDefaultAsync<Row>("SELECT * FROM commits WHERE program = @program ORDER BY number DESC LIMIT 1", new { program }).ConfigureAwait(false);
        return row?.ToCommit();
    }

    // As the table has it; both databases' numbers fit.
    private sealed class Row
    {
        public long Number { get; set; }

        public byte[] Batch { get; set; } = [];

        public long Recorded { get; set; }

        public long Facts_To { get; set; }

        public long Entries_To { get; set; }

        public long Changes_To { get; set; }

        public long? Stage_From { get; set; }

        public long? Stage_To { get; set; }

        public long Kind { get; set; }

        public long Book { get; set; }

        public long Epoch { get; set; }

        public byte[] Facts_Root { get; set; } = [];

        public byte[] Entries_Root { get; set; } = [];

        public byte[]? Told { get; set; }

        public byte[]? Hash { get; set; }

        public Commit ToCommit() => new(Number, Batch, Recorded, Facts_To, Entries_To, Changes_To, Stage_From, Stage_To, (CommitKind)Kind, (int)Book, (int)Epoch, Facts_Root, Entries_Root) { Told = Told, Hash = Hash };
    }
}
