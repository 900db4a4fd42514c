using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>What a key may do.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read programs, facts, members and the ledger.</summary>
    Read = 1,

    /// <summary>Tell facts.</summary>
    Write = 2,

    /// <summary>Take programs in, adjust, decide, enrol; and of a key for all programs, make and revoke keys.</summary>
    Operate = 4,

    /// <summary>Read what is personal of facts.</summary>
    Personal = 8,

    /// <summary>All of it.</summary>
    All = Read | Write | Operate | Personal,
}

/// <summary>A key as it is kept: whoever holds its secret may call the server.</summary>
/// <param name="Id">Its name among keys; no secret.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Program">The one program that it is for; null for all.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">From when on it is worth nothing; null for never.</param>
/// <param name="Revoked">When it was taken back; null where it was not.</param>
/// <param name="Used">When it was last used, to the minute; null for never.</param>
public sealed record Key(string Id, string Name, Scopes Scopes, string? Program, Instant Created, Instant? Expires, Instant? Revoked, Instant? Used);

/// <summary>The keys to a server. Their secrets have 256 random bits, so that a plain hash of them says nothing about them.</summary>
public sealed class KeyRing
{
    /// <summary>How long another server may go on with a key that was revoked.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private const string Prefix = "laurel_";
    private const int SecretBytes = 32;
    private const int IdBytes = 6;
    private const string Columns = "key AS id, name, scopes, program, created, expires, revoked, used";

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly KeptAnswers _answers;
    private readonly ConcurrentDictionary<string, (Key? Key, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _used = new(StringComparer.Ordinal);

    internal KeyRing(Database database, TimeProvider clock, KeptAnswers answers) => (_database, _clock, _answers) = (database, clock, answers);

    /// <summary>True where there is no key yet.</summary>
    public async Task<bool> IsEmpty(CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM keys").ConfigureAwait(false) == 0;
    }

    /// <summary>Makes a key.</summary>
    /// <returns>The key, and its secret, which nobody can find out later.</returns>
    public async Task<Effect<(Key Key, string Secret)>> Create(string name, Scopes scopes, string? program, Instant? expires, Keep<(Key Key, string Secret)>? keep, CancellationToken stop)
    {
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var key = new Key(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), name, scopes, program, Bookkeeper.NowBy(_clock), expires, null, null);
        return await _answers.With(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    "INSERT INTO keys (created, expires, key, hash, name, scopes, program) VALUES (@created, @expires, @id, @hash, @name, @scopes, @program)",
                    new { created = key.Created.Micros, expires = expires?.Micros, id = key.Id, hash = HashOf(secret), name, scopes = scopes.ToString(), program }, transaction).ConfigureAwait(false);
                return (key, secret);
            }, keep, stop).ConfigureAwait(false);
    }

    /// <summary>The key of a secret; null where there is none, or no more.</summary>
    public async Task<Key?> Find(string secret, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 100) { return null; }
        var now = _clock.GetUtcNow();
        if (!_known.TryGetValue(secret, out var known) || known.Until < now)
        {
            using var connection = await _database.Connect(stop).ConfigureAwait(false);
            var row = await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM keys WHERE hash = @hash", new { hash = HashOf(secret) }).ConfigureAwait(false);
            known = (row?.ToKey(), now + Remembered);
            // What is no key is not kept: whoever guesses would fill the memory.
            if (row is not null) { _known[secret] = known; }
        }
        if (known.Key is not { Revoked: null } key || key.Expires <= Bookkeeper.NowBy(_clock)) { return null; }
        await Note(key, stop).ConfigureAwait(false);
        return key;
    }

    /// <summary>All keys, by when they were made.</summary>
    public async Task<IReadOnlyList<Key>> List(CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<Row>($"SELECT {Columns} FROM keys ORDER BY created, key").ConfigureAwait(false)).Select(row => row.ToKey())];
    }

    /// <summary>Takes a key back: from now on it is worth nothing.</summary>
    /// <returns>False where there is no such key.</returns>
    public async Task<bool> Revoke(string id, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var revoked = await connection.ExecuteAsync("UPDATE keys SET revoked = coalesce(revoked, @now) WHERE key = @id", new { now = Bookkeeper.NowBy(_clock).Micros, id }).ConfigureAwait(false);
        _known.Clear();
        return revoked > 0;
    }

    /// <summary>Notes that a key was used, at most once a minute.</summary>
    private async Task Note(Key key, CancellationToken stop)
    {
        var minute = Bookkeeper.NowBy(_clock).Micros / (60 * Instant.MicrosPerSecond);
        if (_used.TryGetValue(key.Id, out var noted) && noted == minute) { return; }
        _used[key.Id] = minute;
        try
        {
            using var connection = await _database.Connect(stop).ConfigureAwait(false);
            await connection.ExecuteAsync("UPDATE keys SET used = @used WHERE key = @id", new { used = minute * 60 * Instant.MicrosPerSecond, id = key.Id }).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // A database that takes nothing still answers: when a key was used is worth less than what it asks.
        }
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    // As the table has it.
    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public string Scopes { get; set; } = "";

        public string? Program { get; set; }

        public long Created { get; set; }

        public long? Expires { get; set; }

        public long? Revoked { get; set; }

        public long? Used { get; set; }

        public Key ToKey() => new(Id, Name, Enum.Parse<Scopes>(Scopes), Program, new(Created), At(Expires), At(Revoked), At(Used));

        private static Instant? At(long? micros) => micros is { } at ? new(at) : null;
    }
}
