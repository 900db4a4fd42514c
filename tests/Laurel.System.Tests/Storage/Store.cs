using System.Reflection;
using Dapper;
using Laurel.Benchmarks;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Npgsql;
using Xunit.Sdk;

namespace Laurel.System.Tests.Storage;

/// <summary>An empty database of a test's own, of either engine; gone after it.</summary>
internal sealed class Store : IDisposable
{
    // One server for all tests: a start takes a second. It stops with the process.
    private static readonly Lazy<Postgres> Server = new(() =>
    {
        var server = Postgres.Start(Postgres.Find() ?? throw new InvalidOperationException("no PostgreSQL is installed; ./test installs it"), ["fsync=off", "shared_buffers=64MB", "max_connections=200"]);
        server.StopWithProcess();
        return server;
    });

    private static int _made;
    private readonly Scratch? _folder;

    private Store(string connection, Scratch? folder, string? own = null)
    {
        (Connection, Plain, _folder) = (connection, own ?? connection, folder);
        Database = Database.Of(Plain);
    }

    /// <summary>How to reach it.</summary>
    public string Connection { get; }

    /// <summary>The same, with nothing said of connections.</summary>
    public string Plain { get; }

    public Database Database { get; }

    /// <summary>An empty database.</summary>
    /// <param name="engine">"sqlite" or "postgres".</param>
    public static Store Empty(string engine)
    {
        if (engine == "sqlite")
        {
            var folder = new Scratch();
            return new($"Data Source={folder["laurel.db"]}", folder);
        }
        var name = $"laurel_{Interlocked.Increment(ref _made)}";
        using var connection = new NpgsqlConnection(Server.Value.Connection);
        connection.Execute($"CREATE DATABASE {name}");
        var own = new NpgsqlConnectionStringBuilder(Server.Value.Connection) { Database = name, Pooling = true };
        // A server has one connection to read by: what would wait for a second while it has one waits for ever.
        return new(new NpgsqlConnectionStringBuilder(own.ToString()) { MaxPoolSize = 1, Timeout = 20 }.ToString(), null, own.ToString());
    }

    /// <summary>A database that is somewhere already.</summary>
    public static Store At(string connection) => new(connection, null);

    /// <summary>A database with all tables and a program, number 1.</summary>
    public static async Task<Store> WithProgram(string engine)
    {
        var store = Empty(engine);
        await Migrations.Run(store.Database, default);
        await store.Execute("INSERT INTO programs (created, program, book, incarnation, name) VALUES (0, 1, 1, @incarnation, 'maple')", new { incarnation = new byte[16] });
        return store;
    }

    public async Task<int> Execute(string sql, object? parameters = null)
    {
        using var connection = await Database.Connect(default);
        return await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<long> Count(string from)
    {
        using var connection = await Database.Connect(default);
        return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {from}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Database.Dispose();
        _folder?.Dispose();
    }
}

/// <summary>The engines to run a test on.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StoresAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Postgres.Find() is null ? [["sqlite"]] : [["sqlite"], ["postgres"]];
}
