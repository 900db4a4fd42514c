using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Laurel.Storage;

/// <summary>Brings a database's tables up to date: numbered SQL, each once, in order, under a lock. One that has landed is never changed.</summary>
internal static class Migrations
{
    /// <summary>All migrations, by number from 1.</summary>
    public static IReadOnlyList<Migration> All { get; } = Read();

    /// <summary>Runs what the database does not have yet; all of it or none.</summary>
    /// <returns>The numbers that were run.</returns>
    /// <exception cref="StorageException">The database has other migrations than these, or later ones; or earlier ones, and another process has it open.</exception>
    public static Task<IReadOnlyList<int>> Run(Database database, CancellationToken stop) => Run(database, All, stop);

    /// <inheritdoc cref="Run(Database, CancellationToken)"/>
    public static async Task<IReadOnlyList<int>> Run(Database database, IReadOnlyList<Migration> all, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        try
        {
            await connection.ExecuteAsync(database.Sql("BEGIN /*sqlite: IMMEDIATE */TRANSACTION")).ConfigureAwait(false);
            var run = await Run(database, connection, all, stop).ConfigureAwait(false);
            await connection.ExecuteAsync("COMMIT TRANSACTION").ConfigureAwait(false);
            return run;
        }
        catch (Exception failure)
        {
            try { await connection.ExecuteAsync("ROLLBACK TRANSACTION").ConfigureAwait(false); }
            // Where the disk is full SQLite has rolled back by itself, and where it is gone PostgreSQL has.
            catch (DbException) { }
            if (failure is DbException e && database.Explained(e) is { } explained) { throw explained; }
            throw;
        }
    }

    private static async Task<IReadOnlyList<int>> Run(Database database, DbConnection connection, IReadOnlyList<Migration> all, CancellationToken stop)
    {
        // In SQLite the transaction itself is the lock.
        await connection.ExecuteAsync(database.Sql("SELECT 1 /*postgres: , pg_advisory_xact_lock(7239466212)*/")).ConfigureAwait(false);
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (number int4 NOT NULL PRIMARY KEY, name text NOT NULL, hash text NOT NULL)").ConfigureAwait(false);
        var there = (await connection.QueryAsync<(long Number, string Name, string Hash)>("SELECT number, name, hash FROM migrations ORDER BY number").ConfigureAwait(false)).ToList();
        Compare(there, all);
        // Whoever runs by the older tables would go on to write as these were.
        if (there.Count > 0 && there.Count < all.Count && await database.Leases.OpenElsewhere(stop).ConfigureAwait(false) is { } seen)
        {
            throw new StorageException(StorageProblem.InUse, $"the database was last used with an older Laurel, and a server has it open, or an import: {seen}", "Stop all of them, and start this one then: it brings the tables up to date.");
        }
        var run = new List<int>();
        foreach (var migration in all.Skip(there.Count))
        {
            await connection.ExecuteAsync(database.Sql(migration.Text)).ConfigureAwait(false);
            await connection.ExecuteAsync("INSERT INTO migrations (number, name, hash) VALUES (@Number, @Name, @Hash)", migration).ConfigureAwait(false);
            run.Add(migration.Number);
        }
        return run;
    }

    /// <summary>False where the database has nothing of Laurel's yet.</summary>
    /// <exception cref="StorageException">It cannot be reached.</exception>
    public static async Task<bool> Any(Database database, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        try { return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM migrations").ConfigureAwait(false) > 0; }
        catch (DbException) { return false; }
    }

    /// <summary>Looks whether the database has all of them; changes nothing.</summary>
    /// <exception cref="StorageException">It has not, or others, or is none of Laurel's.</exception>
    public static async Task Check(Database database, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        List<(long Number, string Name, string Hash)> there;
        try { there = [.. await connection.QueryAsync<(long Number, string Name, string Hash)>("SELECT number, name, hash FROM migrations ORDER BY number").ConfigureAwait(false)]; }
        catch (DbException e) when (database.Explained(e) is { } explained) { throw explained; }
        catch (Exception e) when (e is DbException or InvalidCastException or System.Data.DataException) { throw new StorageException(StorageProblem.Foreign, "the database has nothing of Laurel's", "Name the one that laurel serve writes.", e); }
        Compare(there, All);
        if (there.Count < All.Count) { throw new StorageException(StorageProblem.Foreign, $"the database was last used with an older Laurel: it has {there.Count} of {All.Count} migrations", "Start laurel serve once: it brings the tables up to date."); }
    }

    private static void Compare(List<(long Number, string Name, string Hash)> there, IReadOnlyList<Migration> all)
    {
        foreach (var (number, name, hash) in there)
        {
            if (number > all.Count)
            {
                throw new StorageException(StorageProblem.MadeByNewer, $"the database has migration {number} ({name}), and this Laurel knows {all.Count}", "Run the Laurel that it was last used with, or a later one.");
            }
            if (number < 1 || all[(int)number - 1].Hash != hash)
            {
                throw new StorageException(StorageProblem.Foreign, $"the database's migration {number} ({name}) is not the one that this Laurel has", "It was made by a changed Laurel: use that one, or export from it and import here.");
            }
        }
    }

    private static List<Migration> Read()
    {
        var assembly = typeof(Migrations).Assembly;
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("Migrations.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            found.Add(new(found.Count + 1, resource["Migrations.".Length..^".sql".Length], reader.ReadToEnd()));
        }
        return found;
    }
}

/// <summary>One step of the schema.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Text">Its SQL.</param>
internal sealed record Migration(int Number, string Name, string Text)
{
    /// <summary>What its text comes to, so that a change is seen.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
