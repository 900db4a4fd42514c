using Dapper;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>An answer that was given.</summary>
/// <param name="Hash">The hash of what was asked.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">Its headers, one a line.</param>
/// <param name="Body">Its body.</param>
public sealed record KeptAnswer(byte[] Hash, int Status, string Headers, byte[] Body);

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
        return row is null ? null : new(row.Hash, (int)row.Status, row.Headers, row.Answer);
    }

    /// <summary>Keeps an answer, and forgets those that are older than a week.</summary>
    public async Task Keep(string key, string name, KeptAnswer answer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var now = Bookkeeper.NowBy(_clock).Micros;
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await connection.ExecuteAsync("DELETE FROM requests WHERE expires <= @now", new { now }).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "INSERT INTO requests (expires, status, key, name, hash, headers, answer) VALUES (@expires, @Status, @key, @name, @Hash, @Headers, @Body) ON CONFLICT (key, name) DO NOTHING",
            new { expires = now + Kept, answer.Status, key, name, answer.Hash, answer.Headers, answer.Body }).ConfigureAwait(false);
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
