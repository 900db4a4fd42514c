using System.Text;
using Dapper;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Requests that are sent again.</summary>
public sealed class ReplayTests
{
    [Theory, Stores]
    public async Task A_request_that_is_sent_again_gets_the_same_answer_also_after_a_restart(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await Running.Start(store, clock: clock);
        var first = (await Enrol(server, "r1", "ada")).Expect(201);
        var again = (await Enrol(server, "r1", "ada")).Expect(201);
        Assert.Equal((first.Body, null, "true", first.Header("Laurel-Position")), (again.Body, first.Header("Idempotency-Replayed"), again.Header("Idempotency-Replayed"), again.Header("Laurel-Position")));

        await server.Restart();
        Assert.Equal((first.Body, "true"), ((await Enrol(server, "r1", "ada")).Expect(201).Body, (await Enrol(server, "r1", "ada")).Header("Idempotency-Replayed")));
        (await Enrol(server, "r1", "ben")).ExpectProblem(422, "idempotency-key-reused");
        (await server.Ask("PUT members/ada", """{"at":"2024-03-02"}""", headers: "Idempotency-Key: r1")).ExpectProblem(422, "idempotency-key-reused");
        Assert.Equal(1, await store.Count("facts WHERE subject IS NOT NULL"));

        // After a week it is a request like any other; the fact is the same all the same.
        clock.Now += TimeSpan.FromDays(7);
        var late = (await Enrol(server, "r1", "ada")).Expect(200);
        Assert.Null(late.Header("Idempotency-Replayed"));
        Assert.Equal("unchanged", (string)late.Json["verdict"]!);
    }

    [Theory, Stores]
    public async Task Sent_again_to_a_restored_database_it_gets_a_position_of_that_one(string engine)
    {
        using var store = Store.Empty(engine);
        string key, position;
        await using (var server = await Running.Start(store))
        {
            (key, position) = (server.Key, (await Enrol(server, "r1", "ada")).Expect(201).Header("Laurel-Position")!);
        }
        CliRun.Of("restored", "--database", store.Connection).Expect(0);

        await using var restored = await Running.StartAgain(store);
        var again = (await restored.Ask("PUT members/ada", """{"at":"2024-03-01"}""", key: key, headers: "Idempotency-Key: r1")).Expect(201);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.NotEqual(position, again.Header("Laurel-Position"));
        (await restored.Ask("GET members/ada/standing", headers: $"Laurel-Not-Older-Than: {again.Header("Laurel-Position")}")).Expect(200);
    }

    [Fact]
    public async Task A_request_about_another_name_is_another_however_names_are_encoded()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        Assert.Null((await Enrol(server, "r1", "a%2Fb")).Expect(201).Header("Idempotency-Replayed"));
        (await Enrol(server, "r1", "a%252Fb")).ExpectProblem(422, "idempotency-key-reused");
        Assert.Equal("true", (await Enrol(server, "r1", "a%2fb")).Expect(201).Header("Idempotency-Replayed"));
    }

    [Theory, Stores]
    public async Task Whoever_hangs_up_is_answered_when_it_asks_again_and_nobody_else_is_held_up(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        const string Fact = """{"id":"m2","source":"test","type":"member.joined","subject":"member/m2","time":"2024-03-01"}""";
        using var connection = await store.Database.Connect(default);
        // While the first is being written, the others wait for the commit after it.
        await connection.ExecuteAsync(engine == "sqlite" ? "BEGIN IMMEDIATE" : "BEGIN; LOCK TABLE commits IN EXCLUSIVE MODE");
        var first = Enrol(server, "r1", "m1");
        await Task.Delay(300);
        using (var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2), DefaultRequestHeaders = { Authorization = new("Bearer", server.Key) } })
        {
            client.DefaultRequestHeaders.Add("Idempotency-Key", "r2");
            using var body = new StringContent(Fact, Encoding.UTF8, "application/json");
            await Assert.ThrowsAsync<TaskCanceledException>(() => client.PostAsync(new Uri(server.Address, "/v1/programs/maple/facts"), body));
        }
        // Asked again while what was sent first is not written yet.
        var second = Again();
        var third = Enrol(server, "r3", "m3");
        await Task.Delay(1000);
        await connection.ExecuteAsync("COMMIT");
        (await first).Expect(201);
        (await third).Expect(201);
        foreach (var again in new[] { await second, await Again() })
        {
            Assert.Equal(("recorded", "true"), ((string)again.Expect(201).Json["verdict"]!, again.Header("Idempotency-Replayed")));
        }
        await foreach (var verified in Laurel.Storage.Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }

        // Until the server knows that the first has hung up, it is in flight.
        async Task<Answered> Again()
        {
            while (true)
            {
                if (await server.Ask("POST facts", Fact, "application/json; charset=utf-8", headers: "Idempotency-Key: r2") is { Problem: not "in-flight" } answered) { return answered; }
                await Task.Delay(20);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?atomic=true")]
    public async Task Many_facts_that_are_sent_again_get_their_answer_however_long_they_are(string query)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var lines = string.Concat(Enumerable.Range(0, 300).Select(i => $$"""{"id":"{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2024-03-01"}""" + new string(' ', 30_000) + "\n"));
        var first = (await server.Ask($"POST facts{query}", lines, "application/x-ndjson", headers: "Idempotency-Key: r1")).Expect(200);
        var again = (await server.Ask($"POST facts{query}", lines, "application/x-ndjson", headers: "Idempotency-Key: r1")).Expect(200);
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotency-Replayed")));
        (await server.Ask($"POST facts{query}", lines, "application/json", headers: "Idempotency-Key: r2")).ExpectProblem(413, "too-large");
    }

    [Theory, Stores]
    public async Task What_was_refused_is_refused_again_with_the_same_words(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        const string Wrong = """{"id":"1","source":"t","type":"plan.sold","subject":"site/s1","time":"2024-03-01"}""";
        var first = (await server.Ask("POST facts", Wrong, headers: "Idempotency-Key: r1")).ExpectProblem(422, "fact-refused");
        var again = (await server.Ask("POST facts", Wrong, headers: "Idempotency-Key: r1")).ExpectProblem(422, "fact-refused");
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotency-Replayed")));
        (await server.Ask("POST facts", Wrong, headers: $"Idempotency-Key: {new string('x', 256)}")).ExpectProblem(400, "invalid-parameter");
    }

    [Theory, Stores]
    public async Task A_dry_run_keeps_nothing_of_its_key_either(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        foreach (var _ in (int[])[1, 2]) { Assert.Null((await server.Ask("PUT members/ada?dry-run=true", headers: "Idempotency-Key: r1")).Expect(200).Header("Idempotency-Replayed")); }
        (await server.Ask("PUT members/ada", headers: "Idempotency-Key: r1")).Expect(201);
        Assert.Equal("true", (await server.Ask("PUT members/ada", headers: "Idempotency-Key: r1")).Expect(201).Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Of_many_that_are_sent_at_once_one_is_done()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Ask("POST facts/retractions", """{"source":"s","id":"1"}""", headers: "Idempotency-Key: r1")));
        Assert.All(answers, a => Assert.True(a.Status == 201 || a.Problem == "in-flight", a.Body));
        Assert.Equal(1, await store.Count("facts WHERE id NOT LIKE 'edition/%'"));
    }

    [PostgresFact]
    public async Task Sent_to_two_servers_at_once_it_is_done_once()
    {
        using var store = Store.Empty("postgres");
        await using var one = await Running.Start(store);
        await using var two = await Running.StartAgain(store);
        for (var i = 0; i < 10; i++)
        {
            var answers = await Task.WhenAll(new[] { one, two }.Select(s => s.Ask("POST /v1/keys", """{"name":"shop","scopes":["read"]}""", key: one.Key, headers: $"Idempotency-Key: r{i}")));
            Assert.All(answers, a => Assert.True(a.Status == 201 || a.Problem == "in-flight", a.Body));
            Assert.Single(answers.Where(a => a.Status == 201).Select(a => a.Body).Distinct());
            Assert.Equal(i + 1, await store.Count("keys WHERE name = 'shop'"));
        }
    }

    [Fact]
    public async Task One_key_knows_nothing_of_the_requests_of_another()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        (await Enrol(server, "r1", "ada")).Expect(201);
        var other = (string)(await server.Ask("POST /v1/keys", """{"name":"other","scopes":["operate"]}""")).Expect(201).Json["secret"]!;
        Assert.Null((await server.Ask("PUT members/ben", """{"at":"2024-03-01"}""", key: other, headers: "Idempotency-Key: r1")).Expect(201).Header("Idempotency-Replayed"));
    }

    [Theory, Stores]
    public async Task An_answer_is_kept_with_its_effect_or_neither_is_there(string engine)
    {
        using var store = Store.Empty(engine);
        using var folder = new Scratch();
        folder.WritePersonalProgram();
        await using var server = await Running.Start(store, settings => settings with { Programs = folder[""] });
        await server.TellOfAda();
        (await server.Tell("a4", "member.named", "member/ada", "2024-03-01", """{"full_name":"Ada Lovelace"}""")).Expect(201);
        foreach (var draft in new[] { "d1", "d2" }) { (await server.Ask($"PUT drafts/{draft}", Draft(draft), "application/yaml")).Expect(201); }
        (string Call, string? Body, string Type)[] calls =
        [
            ("POST facts", Fact("f1"), "application/json"),
            ("POST facts", $"[{Fact("f2")}, {Fact("f3")}]", "application/json"),
            ("POST facts?atomic=true", $"[{Fact("f4")}, {Fact("f5")}]", "application/json"),
            ("POST facts", $"{Fact("f6")}\n{Fact("f7")}\n", "application/x-ndjson"),
            ("POST facts/retractions", """{"source":"test","id":"a2"}""", "application/json"),
            ("PUT members/ben", null, "application/json"),
            ("POST members/ada/adjustments", """{"unit":"points","amount":50,"reason":"in May"}""", "application/json"),
            ("PUT enrolment", """{"closes":"2090-01-01"}""", "application/json"),
            ("POST members/ada/erase", """{"reason":"asked for it"}""", "application/json"),
            ("PUT drafts/d3", Draft("d3"), "application/yaml"),
            ("DELETE drafts/d2", null, "application/json"),
            ("POST drafts/d1/publication", """{"effective":"2090-01-01"}""", "application/json"),
            ("POST /v1/keys", """{"name":"shop","scopes":["read"]}""", "application/json"),
            ("POST /v1/programs", """{"library":"xero"}""", "application/json"),
            ("PUT archive", null, "application/json"),
            ("DELETE archive", null, "application/json"),
        ];
        var before = await Effects();

        // Where an answer can't be kept, nothing is done.
        await KeepNone(store, engine);
        foreach (var ((call, body, type), place) in calls.Select((call, place) => (call, place)).Where(c => c.call.Call != "DELETE archive"))
        {
            Assert.True((await server.Ask(call, body, type, headers: $"Idempotency-Key: r{place}")).Status >= 500, call);
            Assert.Equal(before, await Effects());
        }

        await KeepAgain(store, engine);
        foreach (var ((call, body, type), place) in calls.Select((call, place) => (call, place)))
        {
            var first = await server.Ask(call, body, type, headers: $"Idempotency-Key: r{place}");
            Assert.True(first.Status < 300 && first.Header("Idempotency-Replayed") is null, $"{call}\n{first.Body}");
            var after = await Effects();
            Assert.NotEqual(before, after);
            var again = await server.Ask(call, body, type, headers: $"Idempotency-Key: r{place}");
            Assert.Equal(
                (first.Status, first.Body, "true", first.Header("Laurel-Position"), first.Type?.ToString()), (again.Status, again.Body, again.Header("Idempotency-Replayed"), again.Header("Laurel-Position"), again.Type?.ToString()));
            Assert.Equal(after, before = await Effects());
        }

        async Task<string> Effects()
        {
            var counts = new List<long>();
            // What the program writes by itself is none of them.
            foreach (var from in new[] { "facts WHERE subject IS NOT NULL OR id NOT LIKE 'edition/%'", "commits WHERE kind NOT IN (2, 4)", "files", "keys", "programs", "statuses", "erasures", "personal" }) { counts.Add(await store.Count(from)); }
            return string.Join(' ', counts);
        }
    }

    [Theory, Stores]
    public async Task The_answer_to_what_is_many_commits_is_kept_with_the_last_and_until_then_it_is_safe_to_send_it_again(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var facts = $"[{string.Join(", ", Enumerable.Range(0, 450).Select(i => Fact($"f{i}")))}]";
        await KeepNone(store, engine);
        Assert.Equal(503, (await server.Ask("POST facts", facts, headers: "Idempotency-Key: r1")).Status);
        Assert.Equal(400, await store.Count("facts WHERE subject IS NOT NULL"));

        await KeepAgain(store, engine);
        var done = (await server.Ask("POST facts", facts, headers: "Idempotency-Key: r1")).Expect(200);
        Assert.Equal((50, 400), ((int)done.Json["recorded"]!, (int)done.Json["unchanged"]!));
        var again = (await server.Ask("POST facts", facts, headers: "Idempotency-Key: r1")).Expect(200);
        Assert.Equal((done.Body, "true"), (again.Body, again.Header("Idempotency-Replayed")));
        Assert.Equal(450, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    private static Task<int> KeepNone(Store store, string engine) => store.Execute(engine == "sqlite"
        ? "CREATE TRIGGER none_kept BEFORE INSERT ON requests BEGIN SELECT RAISE(ABORT, 'none is kept'); END"
        : "CREATE FUNCTION keep_none() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'none is kept' USING ERRCODE = '53100'; END $$; CREATE TRIGGER none_kept BEFORE INSERT ON requests FOR EACH ROW EXECUTE FUNCTION keep_none()");

    private static Task<int> KeepAgain(Store store, string engine) => store.Execute($"DROP TRIGGER none_kept{(engine == "sqlite" ? "" : " ON requests")}");

    private static string Fact(string id) => $$"""{"id":"{{id}}","source":"test","type":"member.joined","subject":"member/{{id}}","time":"2024-03-01"}""";

    private static string Draft(string name) => $"""
        edition: {name}
        effective: 2090-01-01
        roles: {"{"} site.owner: {"{"} starts: site.created {"}"} {"}"}
        rules: {"{"} site: {"{"} says: 10 points a site, give: 10 points, to: site.owner, when: site.created {"}"} {"}"}
        """;

    private static Task<Answered> Enrol(Running server, string request, string member) => server.Ask($"PUT members/{member}", """{"at":"2024-03-01"}""", headers: $"Idempotency-Key: {request}");
}
