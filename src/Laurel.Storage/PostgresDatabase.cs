using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Laurel.Storage;

/// <summary>A PostgreSQL server, version 15 or later, or several of which one is the primary.</summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>So many connections read at most, where the connection string says nothing else; with those that write some forty: a server takes a hundred where nobody has set that.</summary>
    private const int ReadersMax = 32;

    /// <summary>So many commits are written at once, of however many programs.</summary>
    private const int WritersMax = 8;

    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _living;

    private PostgresDatabase(NpgsqlDataSource readers, NpgsqlDataSource writers, NpgsqlDataSource living, Guid owner)
        : base("postgres")
    {
        (_readers, _writers, _living) = (readers, writers, living);
        Leases = new PostgresLeases(living, owner);
    }

    /// <inheritdoc cref="Database.Of"/>
    public static PostgresDatabase Of(string connection)
    {
        try
        {
            var several = new NpgsqlConnectionStringBuilder(connection).Host?.Contains(',', StringComparison.Ordinal) ?? false;
            var owner = Guid.NewGuid();
            var given = new DbConnectionStringBuilder { ConnectionString = connection };
            var parts = new NpgsqlConnectionStringBuilder(connection);
            var max = given.ContainsKey("Maximum Pool Size") || given.ContainsKey("MaxPoolSize") ? parts.MaxPoolSize : Math.Max(ReadersMax, parts.MinPoolSize);
            // Nothing here sets anything of a connection, so that there is nothing to reset. Who shares one with others at the same time hears no warning, and a commit has to.
            var readers = new NpgsqlConnectionStringBuilder(connection) { Multiplexing = false, MaxPoolSize = max, ApplicationName = "laurel", IncludeErrorDetail = false, NoResetOnClose = true, MaxAutoPrepare = 64, AutoPrepareMinUsages = 2 };
            // A write is never cancelled and never times out: whoever gives up waiting does not know what became of it.
            var writers = new NpgsqlConnectionStringBuilder(connection) { ApplicationName = PostgresLeases.NameOf(owner), CommandTimeout = 0, Multiplexing = false, Pooling = true, MinPoolSize = 0, MaxPoolSize = WritersMax, NoResetOnClose = true, MaxAutoPrepare = 64, AutoPrepareMinUsages = 2, KeepAlive = 5 };
            // Whoever lives says so by a connection that no commit takes.
            var living = new NpgsqlConnectionStringBuilder(writers.ToString()) { Pooling = false };
            return new(Source(readers, several, reads: true), Source(writers, several, reads: false), Source(living, several, reads: false), owner);
        }
        catch (ArgumentException e)
        {
            throw new StorageException(StorageProblem.BadConnectionString, $"PostgreSQL does not understand the connection string: {e.Message}", "Write \"Host=…;Database=…;Username=…\".");
        }
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder parts, bool several, bool reads)
    {
        var builder = new NpgsqlDataSourceBuilder(parts.ToString());
        // What goes on each second for itself is no part of anything that somebody would look into.
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null).ConfigureBatchFilter(_ => Activity.Current is not null));
        if (reads) { builder.UsePhysicalConnectionInitializer(Plan, PlanAsync); }
        return several ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    // Whatever is asked has an index. Where nearly all rows are of one subject, a planner would read all of them once for each subject that is asked for.
    // A process that is stopped in the middle of a transaction would keep its locks for as long: the database ends it before another one takes its lanes over.
    private const string Planning = "SET enable_seqscan = off; SET jit = off; SET idle_in_transaction_session_timeout = '5s'";

    private static void Plan(NpgsqlConnection connection) => connection.Execute(Planning);

    private static Task PlanAsync(NpgsqlConnection connection) => connection.ExecuteAsync(Planning);

    internal override async Task<DbConnection> Connect(CancellationToken stop)
    {
        try { return await _readers.OpenConnectionAsync(stop).ConfigureAwait(false); }
        catch (NpgsqlException e) { throw Unreachable(e); }
    }

    internal override Writer Write() => new PostgresWriter(_writers);

    // A message in the log that nobody reads: its commit comes after all that were seen, and waits for the replica as they did. One that writes nothing does not wait.
    internal override async Task WaitForReplica(DbConnection connection, CancellationToken stop)
    {
        string? warning = null;
        NoticeEventHandler hear = (_, notice) => warning = WaitGivenUpException.Of(notice.Notice) ?? warning;
        ((NpgsqlConnection)connection).Notice += hear;
        try { await connection.ExecuteAsync(new CommandDefinition("SELECT pg_logical_emit_message(true, 'laurel', '')", cancellationToken: stop)).ConfigureAwait(false); }
        finally { ((NpgsqlConnection)connection).Notice -= hear; }
        if (warning is not null) { throw new WaitGivenUpException(warning); }
    }

    internal override Leases Leases { get; }

    internal override Task Backup(string file, CancellationToken stop) => throw new StorageException(
        StorageProblem.Foreign, "PostgreSQL makes its own backups", "Use pg_dump, or a base backup with an archive of its log; and after restoring one, laurel restored.");

    // Its own vacuum makes room of what was deleted; whoever wants it gone from the files at once says VACUUM FULL.
    internal override Task Purge(CancellationToken stop) => Task.CompletedTask;

    internal override object Many<T>(IEnumerable<T> values) => values.Distinct().ToArray();

    internal override WriteFailure FailureOf(DbException exception) => exception switch
    {
        WaitGivenUpException => WriteFailure.Unknown,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation } => WriteFailure.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.InsufficientResources or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction } => WriteFailure.Refused,
        // 57P01 to 57P03: it is shutting down, or not up yet. What it was doing is not known to have been done.
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => WriteFailure.Unknown,
        PostgresException => WriteFailure.Other,
        NpgsqlException => WriteFailure.Unknown,
        _ => WriteFailure.Other,
    };

    internal override StorageException? Explained(DbException exception) => null;

    protected override void Dispose(bool disposing)
    {
        Leases.Dispose();
        _readers.Dispose();
        _writers.Dispose();
        _living.Dispose();
    }

    internal static StorageException Unreachable(NpgsqlException e) =>
        new(StorageProblem.Unreachable, $"PostgreSQL cannot be reached: {e.Message}", "Is it running, and are host, port, database, user and password right?", e);
}

/// <summary>The wait for a standby was given up: the rows are here, and may be nowhere else.</summary>
internal sealed class WaitGivenUpException(string message) : DbException(message)
{
    /// <summary>What a notice says of it: a commit that was written here but whose wait for the standby was cancelled comes back as a mere warning. Null for another.</summary>
    public static string? Of(PostgresNotice notice) => notice.SqlState == PostgresErrorCodes.Warning ? notice.MessageText : null;
}

/// <summary>All rows of all tables in one message and one transaction, arrays as columns; each time by whichever connection is free.</summary>
internal sealed class PostgresWriter(NpgsqlDataSource source) : Writer
{
    /// <summary>The oldest version that is tested with.</summary>
    private const int VersionMin = 15;

    public override async Task Write(IReadOnlyList<Rows> tables)
    {
        using var connection = await Open().ConfigureAwait(false);
        string? warning = null;
        connection.Notice += (_, notice) => warning = WaitGivenUpException.Of(notice.Notice) ?? warning;
        using var batch = new NpgsqlBatch(connection);
        foreach (var rows in tables)
        {
            if (rows.Count > 0) { batch.BatchCommands.Add(CommandOf(rows)); }
        }
        try { await batch.ExecuteNonQueryAsync().ConfigureAwait(false); }
        // The connection found out between two commits that it is gone.
        catch (InvalidOperationException e) when (connection.State != ConnectionState.Open) { throw new NpgsqlException(e.Message, e); }
        if (warning is not null) { throw new WaitGivenUpException(warning); }
    }

    private async Task<NpgsqlConnection> Open()
    {
        NpgsqlConnection connection;
        try { connection = await source.OpenConnectionAsync().ConfigureAwait(false); }
        catch (NpgsqlException e) { throw PostgresDatabase.Unreachable(e); }
        if (connection.PostgreSqlVersion.Major >= VersionMin) { return connection; }
        var version = connection.PostgreSqlVersion;
        connection.Dispose();
        throw new StorageException(StorageProblem.TooOld, $"PostgreSQL {version} is too old", $"Use version {VersionMin} or later.");
    }

    private static NpgsqlBatchCommand CommandOf(Rows rows)
    {
        if (rows.Statement is { } statement)
        {
            var run = new NpgsqlBatchCommand(statement);
            foreach (var (name, values) in rows.Columns) { run.Parameters.Add(new() { ParameterName = name, Value = values.GetValue(0), NpgsqlDbType = NpgsqlDbType.Bigint }); }
            return run;
        }
        var names = string.Join(", ", rows.Columns.Select(c => c.Name));
        var arrays = string.Join(", ", rows.Columns.Select((_, i) => $"${i + 1}"));
        var command = new NpgsqlBatchCommand(rows.Removes
            ? $"DELETE FROM {rows.Table} WHERE ({names}) IN (SELECT * FROM unnest({arrays}))"
            : $"INSERT INTO {rows.Table} ({names}) SELECT * FROM unnest({arrays}){rows.OnConflict()}");
        foreach (var (_, values) in rows.Columns) { command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | TypeOf(values) }); }
        return command;
    }

    private static NpgsqlDbType TypeOf(Array values) => values switch
    {
        long[] or long?[] => NpgsqlDbType.Bigint,
        string?[] => NpgsqlDbType.Text,
        _ => NpgsqlDbType.Bytea,
    };
}
