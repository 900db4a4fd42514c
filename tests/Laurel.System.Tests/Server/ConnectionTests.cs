using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Whatever the connection string says of its connections, all goes on.</summary>
public sealed class ConnectionTests
{
    [PostgresFact]
    public Task Commits_share_no_connection_at_the_same_time() => GoesOn(";Multiplexing=true");

    [PostgresFact]
    public Task More_connections_may_be_kept_than_there_are_otherwise() => GoesOn(";Minimum Pool Size=33");

    private static async Task GoesOn(string says)
    {
        using var store = Store.Empty("postgres");
        await using var server = await Running.Start(store, settings => settings with { Database = store.Plain + says });
        await server.TellOfAda();
        await server.Restart();
        await server.Tell("j9", "member.joined", "member/eve", "2024-03-01");
        foreach (var call in (string[])["facts", "facts?member=ada", "members", "members/ada/entries", "members/ada/changes", "members/ada/standing", "feed", "ledger", "standings", "editions"])
        {
            (await server.Ask($"GET {call}")).Expect(200);
        }
        CliRun.Of("verify", "--database", store.Plain + says).Expect(0);
    }
}
