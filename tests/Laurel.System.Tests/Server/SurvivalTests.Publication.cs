using System.Diagnostics;
using System.Text;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <content>Servers that end while an edition is published.</content>
public sealed partial class SurvivalTests
{
    private const string Doubled = """
        edition: maple-2030
        effective: 2024-06-01
        states:
          site.premium: { starts: plan.bought, ends: plan.ended }
        roles:
          site.owner: { starts: site.created }
        rules:
          site: { says: 200 points a site on a plan, give: 200 points, to: site.owner, while: site.premium }
        ladders:
          level: { rungs: [bronze, silver: points >= 300] }
        """;

    [Theory, Stores]
    public async Task A_server_that_is_killed_while_an_edition_is_staged_goes_on_with_it_and_opens_it_once(string engine)
    {
        const int Members = 400;
        using var store = Store.Empty(engine);
        using var folder = new Scratch();
        folder.WriteProgram("programs/maple");
        var server = await Served.Start(store, folder["programs"], null);
        using var client = Served.Client(server.Key!);
        client.Timeout = TimeSpan.FromMinutes(1);
        await Tell(client, server, Members);
        using var load = new Load(server.Key!) { Server = server };
        load.Begin(2);
        await load.Answered(20);
        using (var draft = new StringContent(Doubled, Encoding.UTF8, "application/yaml")) { Assert.Equal(201, (int)(await client.PutAsync(new Uri(server.Address, $"{Maple}/drafts/maple-2030"), draft)).StatusCode); }
        using (var now = new StringContent("{}", Encoding.UTF8, "application/json")) { Assert.Equal(201, (int)(await client.PostAsync(new Uri(server.Address, $"{Maple}/drafts/maple-2030/publication"), now)).StatusCode); }
        var points = new List<long>();
        for (var kill = 1; kill <= Times.Kills; kill++)
        {
            // From its first members to its last: each at another point, and the last about when it is opened.
            var done = await Staged(store, Members * kill / Times.Kills);
            if (done is null) { break; }
            points.Add(done.Value);
            await server.Kill();
            server.Dispose();
            server = await Served.Start(store, folder["programs"], server.Key);
            load.Server = server;
        }
        Assert.True(points.Any(done => done < Members), "it was staged before anything was killed");
        await Staged(store, long.MaxValue);
        await load.Answered(load.Count + 20);
        await load.End();

        Assert.Equal(1, await store.Count($"books WHERE state = {(int)BookState.Open} AND opened IS NOT NULL AND edition = 'maple-2030'"));
        Assert.Equal(2, await store.Count("facts WHERE id LIKE 'edition/%'"));
        Assert.Equal(0, await store.Count("staged_members") + await store.Count("staged_entries") + await store.Count("staged_changes"));
        // What each had by the old edition, that it ends with it, and what each has by the new one.
        Assert.Equal(3 * Members, await store.Count("entries e JOIN subjects s ON s.program = e.program AND s.subject = e.subject WHERE s.name LIKE 'q%'"));
        Assert.Equal(Members, await store.Count("""standings t JOIN subjects s ON s.program = t.program AND s.subject = t.member WHERE s.name LIKE 'q%' AND t.body LIKE '%"points":"200"%'"""));
        await Check(store, $"killed {points.Count} times while an edition was staged, at {string.Join(", ", points)} of {Members} members, {engine}", load, others: 3 * Members);
        server.Dispose();
    }

    /// <summary>Waits until an edition is staged for so many members; null where it is opened.</summary>
    private static async Task<long?> Staged(Store store, long count)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            if (await store.Count("books WHERE edition = 'maple-2030' AND opened IS NOT NULL") > 0) { return null; }
            var done = await store.Count("staged_members");
            if (done >= count) { return done; }
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"it is staged for {done} members");
            await Task.Delay(5);
        }
    }

    /// <summary>Tells of members q0, q1, …, each with a site on a plan.</summary>
    private static async Task Tell(HttpClient client, Served server, int members)
    {
        var lines = string.Concat(Enumerable.Range(0, members).Select(i =>
            $$$"""
            {"id":"j{{{i}}}","source":"bulk","type":"member.joined","subject":"member/q{{{i}}}","time":"2024-02-01"}
            {"id":"c{{{i}}}","source":"bulk","type":"site.created","subject":"site/q{{{i}}}","time":"2024-02-02","data":{"member":"q{{{i}}}"}}
            {"id":"b{{{i}}}","source":"bulk","type":"plan.bought","subject":"site/q{{{i}}}","time":"2024-03-01","data":{"plan":"business"}}

            """));
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await client.PostAsync(new Uri(server.Address, $"{Maple}/facts"), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
