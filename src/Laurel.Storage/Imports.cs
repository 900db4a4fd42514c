using Dapper;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>A file that was imported, as it was when its import began.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">How many bytes it had.</param>
/// <param name="Digest">Their SHA-256.</param>
/// <param name="Mapping">The SHA-256 of the mapping that said what its rows are told as; empty where none did, null where that was not noted.</param>
/// <param name="Started">When the import began.</param>
/// <param name="Finished">When it ended; null where it was interrupted.</param>
public sealed record Imported(string Name, long Length, IReadOnlyList<byte> Digest, IReadOnlyList<byte>? Mapping, Instant Started, Instant? Finished);

/// <summary>The files that were imported into a program. A file's facts are known by their own identity; this says whether it is still the file that it was.</summary>
public sealed class Imports
{
    private readonly Database _database;
    private readonly int _program;
    private readonly TimeProvider _clock;

    internal Imports(Database database, int program, TimeProvider clock) => (_database, _program, _clock) = (database, program, clock);

    /// <summary>The import of a file; null where it was never imported.</summary>
    public async Task<Imported?> Find(string name, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var row = await connection.QuerySingleOrDefaultAsync<(long Length, byte[] Digest, byte[]? Mapping, long Started, long? Finished)?>(
            "SELECT length, digest, mapping, started, finished FROM imports WHERE program = @program AND name = @name", new { program = _program, name }).ConfigureAwait(false);
        return row is { } found ? new(name, found.Length, found.Digest, found.Mapping, new(found.Started), found.Finished is { } finished ? new(finished) : null) : null;
    }

    /// <summary>An import begins, or begins anew.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="digest">Their SHA-256.</param>
    /// <param name="mapping">The SHA-256 of the mapping that says what its rows are told as; empty where none does.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task Begin(string name, long length, byte[] digest, byte[] mapping, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "INSERT INTO imports (started, length, program, name, digest, mapping) VALUES (@now, @length, @program, @name, @digest, @mapping) ON CONFLICT (program, name) DO UPDATE SET started = excluded.started, finished = NULL, length = excluded.length, digest = excluded.digest, mapping = excluded.mapping",
            new { now = Bookkeeper.NowBy(_clock).Micros, length, program = _program, name, digest, mapping }).ConfigureAwait(false);
    }

    /// <summary>An import has ended.</summary>
    public async Task End(string name, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        await connection.ExecuteAsync("UPDATE imports SET finished = @now WHERE program = @program AND name = @name", new { now = Bookkeeper.NowBy(_clock).Micros, program = _program, name }).ConfigureAwait(false);
    }
}
