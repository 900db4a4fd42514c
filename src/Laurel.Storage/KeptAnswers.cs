using System.Data.Common;
using Dapper;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>An answer that was given to a request with a name of its own.</summary>
/// <param name="Key">Whose request.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hash">The hash of what was asked.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">Its headers, one a line.</param>
/// <param name="Body">Its body, as whoever keeps it seals it.</param>
public sealed record KeptAnswer(string Key, string Name, byte[] Hash, int Status, string Headers, byte[] Body);

/// <summary>What came of something that was asked.</summary>
/// <param name="Value">What it came to.</param>
/// <param name="Position">The program's log right after it; null where it is of no program's log.</param>
public sealed record Effect<T>(T Value, Position? Position);

/// <summary>Makes the answer that is kept with an effect, in one transaction: asked right before that is committed, and not where nothing is. Null for none.</summary>
public delegate Task<KeptAnswer?> Keep<T>(Effect<T> effect);

/// <summary>Another server has answered the same request at the same moment: nothing that was done for it here is kept.</summary>
public sealed class AnsweredElsewhereException() : Exception("another server has answered this request at the same moment");

/// <summary>Answers to requests that were sent with a name of their own, kept for a week: sent again, they are answered the same.</summary>
public sealed class KeptAnswers
{
    private const long Kept = 7 * Instant.MicrosPerDay;

    private readonly Database _database;
    private readonly TimeProvider _clock;

    internal KeptAnswers(Database database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <summary>The answer to a request; null where there is none, or no more.</summary>
    /// <param name="key">Whose request.</param>
    /// <param name="name">Its name.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<KeptAnswer?> Find(string key, string name, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            "SELECT hash, status, headers, answer FROM requests WHERE key = @key AND name = @name AND expires > @now", new { key, name, now = Bookkeeper.NowBy(_clock).Micros }).ConfigureAwait(false);
        return row is null ? null : new(key, name, row.Hash, (int)row.Status, row.Headers, row.Answer);
    }

    /// <summary>Keeps an answer that comes without an effect: nothing was changed, or nothing that is in the database.</summary>
    /// <exception cref="AnsweredElsewhereException">There is one by now, which stays.</exception>
    public async Task Keep(KeptAnswer answer, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await Write(connection, null, answer).ConfigureAwait(false);
    }

    /// <summary>Forgets answers that are older than a week.</summary>
    internal async Task Forget(CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await connection.ExecuteAsync("DELETE FROM requests WHERE expires <= @now", new { now = Bookkeeper.NowBy(_clock).Micros }).ConfigureAwait(false);
    }

    /// <summary>Changes something beside the logs of programs, and keeps what is answered to that, in one transaction.</summary>
    /// <param name="change">Changes it.</param>
    /// <param name="keep">Makes the answer; null where none is kept. What it throws takes the change back.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="AnsweredElsewhereException">The request has been answered by now: the change is taken back.</exception>
    internal async Task<Effect<T>> With<T>(Func<DbConnection, DbTransaction, Task<T>> change, Keep<T>? keep, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        using var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
        var effect = new Effect<T>(await change(connection, transaction).ConfigureAwait(false), null);
        if (keep is not null && await keep(effect).ConfigureAwait(false) is { } kept) { await Write(connection, transaction, kept).ConfigureAwait(false); }
        await transaction.CommitAsync(stop).ConfigureAwait(false);
        return effect;
    }

    /// <summary>Answers as rows of a commit.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="now">The server's time.</param>
    internal static Rows RowsOf(IReadOnlyList<KeptAnswer> answers, Instant now) => new Rows("requests", answers.Count, "key", "name")
        .With("expires", now.Micros + Kept).With("status", [.. answers.Select(a => (long)a.Status)])
        .With("key", answers.Select(a => (string?)a.Key).ToArray()).With("name", answers.Select(a => (string?)a.Name).ToArray())
        .With("hash", answers.Select(a => (byte[]?)a.Hash).ToArray()).With("headers", answers.Select(a => (string?)a.Headers).ToArray()).With("answer", answers.Select(a => (byte[]?)a.Body).ToArray());

    private async Task Write(DbConnection connection, DbTransaction? transaction, KeptAnswer answer)
    {
        var now = Bookkeeper.NowBy(_clock);
        // Of two servers to which a request was sent at once each believes that nobody has answered it: the later one finds that here.
        var written = await connection.ExecuteAsync(
            "INSERT INTO requests (expires, status, key, name, hash, headers, answer) VALUES (@expires, @Status, @Key, @Name, @Hash, @Headers, @Body)"
            + " ON CONFLICT (key, name) DO UPDATE SET expires = excluded.expires, status = excluded.status, hash = excluded.hash, headers = excluded.headers, answer = excluded.answer WHERE requests.expires <= @now",
            new { now = now.Micros, expires = now.Micros + Kept, answer.Status, answer.Key, answer.Name, answer.Hash, answer.Headers, answer.Body }, transaction).ConfigureAwait(false);
        if (written == 0) { throw new AnsweredElsewhereException(); }
    }

    // As the table has it.
    private sealed class Row
    {
        public byte[] Hash { get; set; } = [];

        public long Status { get; set; }

        public string Headers { get; set; } = "";

        public byte[] Answer { get; set; } = [];
    }
}
