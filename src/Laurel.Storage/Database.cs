using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;

namespace Laurel.Storage;

/// <summary>Where programs are at rest: a SQLite file or a PostgreSQL database, by one contract.</summary>
/// <remarks>
/// SQL is written once, for both. What one of them alone understands stands in a comment that names it, as
/// <c>/*postgres: COLLATE "C"*/</c>, and is taken out of the comment there.
/// </remarks>
public abstract partial class Database : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _texts = new();

    private protected Database(string dialect) => Dialect = dialect;

    /// <summary>The database that a connection string names: <c>Data Source=…</c> is a SQLite file, <c>Host=…</c> a PostgreSQL server.</summary>
    /// <param name="connection">An ADO.NET connection string.</param>
    /// <param name="create">True to make a SQLite file that is not there.</param>
    /// <exception cref="StorageException">It is neither, or says what is not allowed.</exception>
    public static Database Of(string connection, bool create = true)
    {
        DbConnectionStringBuilder parts;
        try { parts = new() { ConnectionString = connection }; }
        catch (ArgumentException e) { throw new StorageException(StorageProblem.BadConnectionString, $"the database is not named by a connection string: {e.Message}", "Write \"Data Source=laurel.db\" for a SQLite file, or \"Host=…;Database=…;Username=…\" for PostgreSQL."); }
        if (parts.ContainsKey("Host") || parts.ContainsKey("Server")) { return PostgresDatabase.Of(connection); }
        if (parts.ContainsKey("Data Source") || parts.ContainsKey("DataSource") || parts.ContainsKey("Filename")) { return SqliteDatabase.Of(connection, create); }
        throw new StorageException(StorageProblem.BadConnectionString, "the connection string names neither a SQLite file nor a PostgreSQL server", "Write \"Data Source=laurel.db\", or \"Host=…;Database=…;Username=…\".");
    }

    /// <summary>False for a SQLite file that is not there; true for all else.</summary>
    /// <param name="connection">See <see cref="Of"/>.</param>
    /// <exception cref="StorageException">It names no database.</exception>
    public static bool MayBeThere(string connection)
    {
        using var database = Of(connection, create: false);
        return database is not SqliteDatabase { Path: var path } || File.Exists(path);
    }

    /// <summary>What the comments of SQL call it.</summary>
    internal string Dialect { get; }

    /// <summary>Copies all of it, as it stands at one moment, into a file; beside whoever writes.</summary>
    /// <param name="file">A file that is not there.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="StorageException">The engine has tools of its own for that, or the file can't be written.</exception>
    internal abstract Task Backup(string file, CancellationToken stop);

    /// <summary>A connection, open, for one reader at a time.</summary>
    internal abstract Task<DbConnection> Connect(CancellationToken stop);

    /// <summary>Asks by a connection of its own, and gives it back before anything else is done: there are only some, and who has one may not wait for a second.</summary>
    internal async Task<T> Ask<T>(Func<DbConnection, Task<T>> ask, CancellationToken stop)
    {
        using var connection = await Connect(stop).ConfigureAwait(false);
        return await ask(connection).ConfigureAwait(false);
    }

    /// <summary>Waits until what a connection sees is as safe as a commit that was answered: where commits wait for a replica, that one has it.</summary>
    /// <exception cref="DbException">The wait was given up.</exception>
    internal virtual Task WaitForReplica(DbConnection connection, CancellationToken stop) => Task.CompletedTask;

    /// <summary>By which a program's lane writes.</summary>
    internal abstract Writer Write();

    /// <summary>Has what was deleted leave the files too, as far as that goes while others read and write.</summary>
    internal abstract Task Purge(CancellationToken stop);

    /// <summary>What its programs have at hand in this process.</summary>
    internal Room Room { get; } = new(AtHand.FactsMax);

    /// <summary>Which process writes which program.</summary>
    internal abstract Leases Leases { get; }

    /// <summary>What an exception of the driver means.</summary>
    internal abstract WriteFailure FailureOf(DbException exception);

    /// <summary>What is wrong with the database, by an exception of the driver; null where that is about what was asked, not about the database.</summary>
    internal abstract StorageException? Explained(DbException exception);

    /// <summary>The same, where nobody knows any more which database it was.</summary>
    public static StorageException? Explain(DbException exception) => exception is Microsoft.Data.Sqlite.SqliteException e ? SqliteFailures.Of(e, "the database") : null;

    /// <summary>A statement as this database understands it.</summary>
    internal string Sql(string text) => _texts.GetOrAdd(text, t => Aside().Replace(t, m => m.Groups[1].Value == Dialect ? m.Groups[2].Value : ""));

    /// <summary>A condition for rows of facts before a position, beside one that finds few of them. Of a table that was empty when it was asked first a planner may think that the position alone finds as few, and reads all: so it is hidden in a sum.</summary>
    internal const string UpTo = "position + 0 < @upTo";

    /// <summary>The rows of a table and program in which a column has one of many values, found value by value, as what is read from; called e.</summary>
    /// <remarks>PostgreSQL, asked for any of an array, takes an index by the columns before that one and reads all of it, where it knows nothing of the table or of these columns.</remarks>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <param name="values">The name of the parameter, whose value <see cref="Many"/> makes.</param>
    /// <param name="where">Another condition.</param>
    internal static string Each(string table, string column, string values, string where = "true") =>
        $"/*postgres: unnest(@{values}) AS v(one) CROSS JOIN LATERAL (SELECT * FROM {table} WHERE program = @program AND {where} AND {column} = v.one OFFSET 0) AS e*/"
        + $"/*sqlite: (SELECT * FROM {table} WHERE program = @program AND {where} AND {column} IN (SELECT value FROM json_each(@{values}))) AS e*/";

    /// <summary>Values, each once, as a parameter of <see cref="Each"/>.</summary>
    internal abstract object Many<T>(IEnumerable<T> values);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what is open.</summary>
    protected abstract void Dispose(bool disposing);

    [GeneratedRegex(@"/\*(sqlite|postgres): (.*?)\*/", RegexOptions.Singleline)]
    private static partial Regex Aside();
}
