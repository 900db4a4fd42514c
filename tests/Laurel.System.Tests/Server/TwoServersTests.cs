using System.Text.Json.Nodes;
using Laurel.Storage;
using Laurel.System.Tests.Storage;
using Npgsql;

namespace Laurel.System.Tests.Server;

/// <summary>Two servers on one database: what one has done is seen on the other.</summary>
public sealed class TwoServersTests
{
    [PostgresFact]
    public async Task Who_names_a_position_reads_by_the_texts_that_were_in_use_there()
    {
        using var store = Store.Empty("postgres");
        await using var one = await Running.Start(store);
        await using var two = await Running.StartAgain(store);
        (await one.Ask("PUT members/ada")).Expect(201);
        for (var i = 0; i < 5; i++)
        {
            var draft = $"drafts/maple-203{i}";
            var written = (await two.Ask($"PUT {draft}", $"edition: maple-203{i}\neffective: 203{i}-01-01\nbased-on: maple-2024\n", "application/yaml")).Expect(201);
            foreach (var server in new[] { one, two }) { await Reads(server, i, written, 200); }
            var gone = (await two.Ask($"DELETE {draft}")).Expect(204);
            foreach (var server in new[] { one, two }) { await Reads(server, i, gone, 404); }
        }

        static async Task Reads(Running server, int i, Answered written, int status) => (await server.Ask($"GET editions/maple-203{i}", headers: $"Laurel-Not-Older-Than: {written.Header("Laurel-Position")}")).Expect(status);
    }

    [PostgresFact]
    public async Task A_program_that_one_has_taken_in_the_other_has_at_once()
    {
        using var store = Store.Empty("postgres");
        await using var one = await Running.Start(store);
        await using var two = await Running.StartAgain(store);
        for (var i = 0; i < 3; i++)
        {
            (await Create(one, $"birch{i}")).Expect(201);
            (await two.Ask($"PUT /v1/programs/birch{i}/members/ada")).Expect(201);
        }
        (await two.Ask("GET /v1/programs/birch9")).ExpectProblem(404, "unknown-program");
    }

    [PostgresFact]
    public async Task Programs_that_are_taken_in_at_once_are_all_taken_in()
    {
        using var store = Store.Empty("postgres");
        await using var one = await Running.Start(store);
        await using var two = await Running.StartAgain(store);
        for (var i = 0; i < 5; i++)
        {
            // Three of a name of their own, and one that both are sent.
            var names = new[] { $"ash{i}", $"beech{i}", $"cedar{i}", $"dogwood{i}", $"dogwood{i}" };
            var answers = await Task.WhenAll(names.Select((name, index) => Create(index % 2 == 0 ? one : two, name)));
            Assert.Equal([201, 201, 201, 201, 409], answers.Select(a => a.Status).Order());
        }
        Assert.Equal(21, (await two.Ask("GET /v1/programs")).Expect(200).Json["programs"]!.AsArray().Count);
    }

    [PostgresFact]
    public async Task However_many_programs_and_callers_there_are_a_server_takes_few_connections()
    {
        const int Programs = 50, Callers = 60;
        using var store = Store.Empty("postgres");
        await using var server = await Running.Start(store, settings => settings with { Database = store.Plain });
        for (var i = 0; i < Programs; i++) { (await Create(server, $"birch{i}")).Expect(201); }
        var most = 0L;
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async i =>
            {
                (await server.Ask($"PUT /v1/programs/birch{i % Programs}/members/m{round}-{i}")).Expect(201);
                (await server.Ask($"GET /v1/programs/birch{i % Programs}/members/m{round}-{i}/standing")).Expect(200);
                (await server.Ask($"GET /v1/programs/birch{i % Programs}/facts")).Expect(200);
            }));
            most = Math.Max(most, await store.Count($"pg_stat_activity WHERE datname = '{new NpgsqlConnectionStringBuilder(store.Plain).Database}' AND application_name LIKE 'laurel%'"));
        }
        // Whoever counts has one too.
        Assert.InRange(most, 10, 32 + 9 + 1);
    }

    [Fact]
    public async Task A_file_has_one()
    {
        using var store = Store.Empty("sqlite");
        await using (var one = await Running.Start(store))
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() => Running.Start(store));
            Assert.Equal(StorageProblem.InUse, refused.Problem);
            (await one.Ask("PUT members/ada")).Expect(201);
        }
        await using var next = await Running.StartAgain(store);
        (await next.Ask("PUT members/ben")).Expect(201);
    }

    private static Task<Answered> Create(Running server, string name)
    {
        var files = new JsonObject
        {
            ["program.yaml"] = $"program: {name}\nunits: {{ points: {{}} }}\nfacts:\n  member.wrote: {{ about: member }}\n",
            ["editions/a.yaml"] = "edition: a\neffective: 2024-01-01\nrules: { w: { says: One point, give: 1 points, when: member.wrote } }\n",
        };
        return server.Ask("POST /v1/programs", new JsonObject { ["files"] = files }.ToJsonString());
    }
}
