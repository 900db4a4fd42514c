using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Laurel.Storage;

/// <summary>One file. Any number of readers beside one writer, which waits until the disk has what it wrote.</summary>
internal sealed partial class SqliteDatabase : Database
{
    private readonly string _connection;
    private readonly Lock _opening = new();
    private SqliteConnection? _first;

    // Whoever only reads a copy leaves it a copy, without a log.
    private readonly bool _isServed;

    private const string Library = "e_sqlite3";

    // https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html
    private const int HasMoved = 20;

    static SqliteDatabase()
    {
        // The system's library is newer than the one that comes with the package; where there is none, that one serves.
        foreach (var caller in (Type[])[typeof(SQLite3Provider_e_sqlite3), typeof(SqliteDatabase)])
        {
            NativeLibrary.SetDllImportResolver(caller.Assembly, (name, _, _) => name == Library && NativeLibrary.TryLoad("libsqlite3.so.0", out var system) ? system : IntPtr.Zero);
        }
        Batteries_V2.Init();
    }

    private SqliteDatabase(string connection, string path, bool isServed)
        : base("sqlite")
    {
        (_connection, Path, _isServed) = (connection, path, isServed);
        Leases = new FileLeases($"{path}-lane");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc cref="Database.Of"/>
    public static new SqliteDatabase Of(string connection, bool create)
    {
        SqliteConnectionStringBuilder parts;
        try { parts = new(connection) { ForeignKeys = true }; }
        catch (ArgumentException e) { throw new StorageException(StorageProblem.BadConnectionString, $"SQLite does not understand the connection string: {e.Message}", "Write \"Data Source=laurel.db\"."); }
        if (parts.DataSource is "" or ":memory:" || parts.Mode == SqliteOpenMode.Memory)
        {
            throw new StorageException(StorageProblem.BadConnectionString, "a database in memory keeps nothing", "Name a file: \"Data Source=laurel.db\".");
        }
        // An address says by itself how it is opened: in memory, read only, without locks.
        if (parts.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new StorageException(StorageProblem.BadConnectionString, $"`{parts.DataSource}` is an address, not a file", "Name a file: \"Data Source=laurel.db\".");
        }
        if (parts.Password.Length > 0)
        {
            throw new StorageException(StorageProblem.BadConnectionString, "SQLite keeps no password: it encrypts nothing", "Write \"Data Source=laurel.db\", and give nobody else the right to read the file.");
        }
        if (!create && parts.Mode == SqliteOpenMode.ReadWriteCreate) { parts.Mode = SqliteOpenMode.ReadWrite; }
        var path = Resolved(System.IO.Path.GetFullPath(parts.DataSource));
        if (HasLogOfAnother(path))
        {
            throw new StorageException(StorageProblem.Foreign, $"beside {path} lies the log of another database, which SQLite would write into it", $"It is what the database that was there before had not taken over: remove {path}-wal and {path}-shm.");
        }
        if (create && IsOfAnother(parts))
        {
            throw new StorageException(StorageProblem.Foreign, $"{path} is a SQLite database, and none of Laurel's", "Name another file: one that is not there is made.");
        }
        return new(parts.ToString(), path, create);
    }

    /// <summary>Where a link leads: SQLite follows it, and all who name the file are to meet at one lock.</summary>
    private static string Resolved(string path)
    {
        try { return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path; }
        // Whoever opens it says what is in the way.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return path; }
    }

    /// <summary>True for a file in which another program keeps tables: nothing is written into it, not even how it keeps its log.</summary>
    private static bool IsOfAnother(SqliteConnectionStringBuilder parts)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = parts.DataSource, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            return connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master") > 0
                && connection.ExecuteScalar<long>("SELECT count(*) FROM pragma_table_info('migrations') WHERE name IN ('number', 'name', 'hash')") < 3;
        }
        // One that is not there is none; and whoever opens it says what is in the way.
        catch (SqliteException) { return false; }
    }

    /// <summary>True for a copy that was put in the place of a database whose log is still there: a copy has never had one. <see href="https://www.sqlite.org/fileformat2.html#file_format_version_numbers"/></summary>
    private static bool HasLogOfAnother(string path)
    {
        const int WriteVersion = 18;
        const byte WithoutLog = 1;
        try
        {
            if (!File.Exists(path) || new FileInfo($"{path}-wal") is not { Exists: true, Length: > 0 }) { return false; }
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var header = new byte[WriteVersion + 1];
            return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header[WriteVersion] == WithoutLog;
        }
        // Whoever opens it says what is in the way.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    internal override Task<DbConnection> Connect(CancellationToken stop) => Task.FromResult<DbConnection>(Open());

    internal override Writer Write()
    {
        var connection = Open();
        // What is deleted is overwritten: https://www.sqlite.org/pragma.html#pragma_secure_delete
        connection.Execute("PRAGMA secure_delete = ON");
        return new SqliteWriter(connection, IsInPlace);
    }

    internal override async Task Purge(CancellationToken stop)
    {
        // What was deleted stands in the log beside the file until that is taken over into it. Where somebody reads at this moment, that is done later.
        using var connection = Open();
        try { await connection.ExecuteAsync("PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE)").ConfigureAwait(false); }
        // Nor does a disk that is full take anything back of what is written.
        catch (SqliteException) { }
    }

    internal override Leases Leases { get; }

    internal override object Many<T>(IEnumerable<T> values) => System.Text.Json.JsonSerializer.Serialize(values.Distinct());

    internal override WriteFailure FailureOf(DbException exception) => exception is not SqliteException e ? WriteFailure.Other : e.SqliteErrorCode switch
    {
        SqliteFailures.Constraint => WriteFailure.Conflict,
        SqliteFailures.Full or SqliteFailures.ReadOnly or SqliteFailures.InputOutput => WriteFailure.Refused,
        _ => WriteFailure.Other,
    };

    internal override StorageException? Explained(DbException exception) => exception is SqliteException e ? SqliteFailures.Of(e, Path) : null;

    protected override void Dispose(bool disposing)
    {
        Leases.Dispose();
        _first?.Dispose();
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Refuses to go on with a file that is no longer where it was opened, or without its log: what is written there is lost with it.</summary>
    /// <exception cref="StorageException">It was moved, deleted or replaced.</exception>
    private void IsInPlace()
    {
        if (_first is null) { return; }
        // Where the system can't tell, it has not.
        var moved = 0;
        _ = FileControl(_first.Handle!, "main", HasMoved, ref moved);
        if (moved == 0 && File.Exists($"{Path}-wal")) { return; }
        throw new StorageException(StorageProblem.Moved, $"{Path}, or {Path}-wal beside it, was moved, deleted or replaced while it was open", "Put both back as they were, or stop the server, and start it on the file that is to be used from now on.");
    }

    [DllImport(Library, EntryPoint = "sqlite3_file_control", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(sqlite3 connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string database, int operation, ref int answer);

    private SqliteConnection Open()
    {
        // The first one stays open, and knows which file all others are to have.
        if (_isServed)
        {
            lock (_opening) { _first ??= Opened(); }
            IsInPlace();
        }
        return Opened();
    }

    private SqliteConnection Opened()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // Whoever reads makes the log, and what it has grown to under a reader is given back. FULL, since NORMAL may lose the last commits when power fails: https://www.sqlite.org/pragma.html#pragma_synchronous
            command.CommandText = $"{(_isServed ? "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; SELECT count(*) FROM sqlite_master; " : "")}PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000";
            command.ExecuteNonQuery();
            if (_isServed && raw.sqlite3_db_readonly(connection.Handle, "main") == 1) { throw SqliteFailures.MayOnlyBeRead(Path); }
            return connection;
        }
        catch (Exception e) when (e is SqliteException or StorageException)
        {
            connection.Dispose();
            throw e is SqliteException failure ? SqliteFailures.OfOpening(failure, Path, _isServed) : e;
        }
    }
}

/// <summary>Prepared statements for one row, inside one transaction.</summary>
/// <param name="connection">By which it writes; ended with it.</param>
/// <param name="isInPlace">Throws where the file is not the one that all others have.</param>
internal sealed class SqliteWriter(SqliteConnection connection, Action isInPlace) : Writer
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    public override Task Write(IReadOnlyList<Rows> tables)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var rows in tables) { Write(rows); }
            isInPlace();
            connection.Execute("COMMIT");
            return Task.CompletedTask;
        }
        catch
        {
            // Where the disk is full it has rolled back by itself, and the package's own transaction would take that for a fault.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0) { connection.Execute("ROLLBACK"); }
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var command in _prepared.Values) { command.Dispose(); }
        connection.Dispose();
        base.Dispose(disposing);
    }

    private void Write(Rows rows)
    {
        if (rows.Count == 0) { return; }
        var command = CommandOf(rows);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows.Columns.Count; column++)
            {
                command.Parameters[column].Value = rows.Columns[column].Values switch
                {
                    long[] numbers => numbers[row],
                    var values => values.GetValue(row) ?? DBNull.Value,
                };
            }
            command.ExecuteNonQuery();
        }
    }

    private SqliteCommand CommandOf(Rows rows)
    {
        var names = rows.Columns.Select(c => c.Name).ToList();
        var text = rows.Statement ?? (rows.Removes
            ? $"DELETE FROM {rows.Table} WHERE {string.Join(" AND ", names.Select(name => $"{name} = @{name}"))}"
            : $"INSERT INTO {rows.Table} ({string.Join(", ", names)}) VALUES (@{string.Join(", @", names)}){rows.OnConflict()}");
        if (_prepared.TryGetValue(text, out var command)) { return command; }
        command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var name in names) { command.Parameters.Add(new($"@{name}", null)); }
        _prepared[text] = command;
        return command;
    }
}
