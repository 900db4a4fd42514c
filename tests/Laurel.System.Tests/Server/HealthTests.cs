using System.Diagnostics;
using Laurel.System.Tests.Storage;
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
}
