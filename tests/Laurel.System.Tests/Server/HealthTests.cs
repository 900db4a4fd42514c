using System.Diagnostics;
using Laurel.System.Tests.Storage;
using Laurel.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Laurel.System.Tests.Server;

/// <summary>/health says how it stands, soon.</summary>
public sealed class HealthTests
{
    [PostgresFact]
    public async Task A_database_that_hangs_is_away_before_whoever_asks_gives_up()
    {
        using var store = Store.Empty("postgres");
        using var proxy = new LossyProxy(new NpgsqlConnectionStringBuilder(store.Connection));
        using var hanging = Store.At(proxy.Connection);
        await using var server = await Running.Start(hanging);
        (await server.Ask("GET /health/ready", key: "")).Expect(200);

        proxy.Hold();
        var asked = Stopwatch.StartNew();
        (await server.Ask("GET /health/live", key: "")).Expect(200);
        var away = await server.Ask("GET /health/ready", key: "");
        proxy.LetGo();

        away.ExpectProblem(503, "unavailable");
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(20), $"{asked.Elapsed}");
        (await server.Ask("GET /health/ready", key: "")).Expect(200);
    }

    [Theory]
    [InlineData("moved", ".db", ".db-wal", ".db-shm")]
    [InlineData("replaced", ".db")]
    [InlineData("without its log", ".db-wal")]
    public async Task A_file_that_is_no_longer_there_takes_no_facts_until_it_is_back(string what, params string[] parts)
    {
        using var store = Store.Empty("sqlite");
        var path = new SqliteConnectionStringBuilder(store.Connection).DataSource[..^".db".Length];
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        if (what == "replaced") { await Shelf.Backup(store.Connection, $"{path}-copy.db", default); }

        foreach (var part in parts) { File.Move(path + part, $"{path}-away{part}"); }
        if (what == "replaced") { File.Move($"{path}-copy.db", $"{path}.db"); }
        var told = await server.Tell("b1", "member.joined", "member/ben", "2024-03-01");
        var ready = await server.Ask("GET /health/ready", key: "");
        var read = await server.Ask("GET members/ada");
        foreach (var part in parts) { File.Move($"{path}-away{part}", path + part, overwrite: true); }

        told.ExpectProblem(503, "unavailable");
        ready.ExpectProblem(503, "unavailable");
        read.ExpectProblem(503, "unavailable");
        (await server.Ask("GET members/ben")).ExpectProblem(404, "unknown-name");
        (await server.Tell("b1", "member.joined", "member/ben", "2024-03-01")).Expect(201);
        (await server.Ask("GET /health/ready", key: "")).Expect(200);
    }
}
