using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Facts over HTTP.</summary>
public sealed class FactTests
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Lines_that_come_slowly_are_taken_all_the_same()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        using var client = new global::System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        var line = """{"id":"1","source":"test","type":"member.joined","subject":"member/ada","time":"2024-03-01"}""" + "\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/programs/maple/facts HTTP/1.1\r\nHost: laurel\r\nConnection: close\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {line.Length}\r\n\r\n"));
        foreach (var part in line.Chunk(line.Length / 3))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(part));
            await Task.Delay(TimeSpan.FromSeconds(3));
        }
        Assert.Contains("\"verdict\":\"recorded\"", await new StreamReader(stream).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_due_today_is_not_told_in_the_middle_of_a_history_that_comes_slowly()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", server.Key) } };
        using var content = new StreamContent(pipe.Reader.AsStream()) { Headers = { ContentType = new(Lines) } };
        var sending = client.PostAsync(new Uri(server.Address, "/v1/programs/maple/facts?as-told=true"), content);
        // A plan that is bought ahead: in June there is something to be told of Ada.
        await Send("""
            {"id":"a1","source":"test","type":"member.joined","subject":"member/ada","time":"2024-03-01"}
            {"id":"a2","source":"test","type":"site.created","subject":"site/s1","time":"2024-03-01","data":{"member":"ada"}}
            {"id":"a3","source":"test","type":"plan.bought","subject":"site/s1","time":"2024-06-01","recordedtime":"2024-03-01","data":{"plan":"business"}}

            """ + Joined(1500));
        while (await store.Count("facts WHERE subject IS NOT NULL") < 1000) { await Task.Delay(20); }

        await Task.Delay(TimeSpan.FromSeconds(3));
        await Send(Joined(1501));
        await pipe.Writer.CompleteAsync();

        using var answer = await sending;
        var last = JsonNode.Parse((await answer.Content.ReadAsStringAsync()).TrimEnd().Split('\n')[^1])!;
        Assert.Equal(("m1501", "2024-03-02"), ((string)last["id"]!, ((string)last["recorded"]!)[..10]));

        async Task Send(string lines) => await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(lines));
        static string Joined(int to) => string.Concat(Enumerable.Range(1, to).Select(i => $$"""{"id":"m{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2024-03-02"}""" + "\n"));
    }

    [PostgresFact]
    public async Task Where_a_part_of_a_stream_cannot_be_written_what_follows_does_not_overtake_it()
    {
        using var store = Store.Empty("postgres");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        await store.Execute(
            """
            CREATE SEQUENCE times;
            CREATE FUNCTION full_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF new.id = 'l1' AND nextval('times') = 1 THEN PERFORM pg_sleep(0.5); RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END IF;
              RETURN new;
            END $$;
            CREATE TRIGGER full_once BEFORE INSERT ON facts FOR EACH ROW EXECUTE FUNCTION full_once();
            """);
        var lines = string.Concat(Enumerable.Range(1, 2500).Select(i => $$$"""{"id":"l{{{i}}}","source":"test","type":"plan.bought","subject":"site/s1","time":"2024-03-05","data":{"plan":"business"}}""" + "\n"));
        (await server.Ask("POST facts", lines, Lines)).ExpectProblem(503, "unavailable");
        // Behind all that the server still has of it.
        await server.Tell("last", "plan.bought", "site/s1", "2024-03-05", """{"plan":"business"}""");
        Assert.Equal(0, await store.Count("facts WHERE id LIKE 'l%' AND id <> 'last'"));
        (await server.Ask("POST facts", lines, Lines)).Expect(200);
        Assert.Equal(0, await store.Count("facts a JOIN facts b ON b.position = a.position + 1 WHERE a.id ~ '^l[0-9]+$' AND b.id ~ '^l[0-9]+$' AND substr(b.id, 2)::int <> substr(a.id, 2)::int + 1"));
    }

    [Theory, Stores]
    public async Task A_fact_is_recorded_once_and_counts_from_then_on(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var again = (await server.Tell("a3", "plan.bought", "site/s1", "2024-03-02", """{"plan":"business"}""")).Expect(200).Json;
        Assert.Equal("unchanged", (string)again["verdict"]!);
        var other = (await server.Tell("a3", "plan.bought", "site/s1", "2024-03-02", """{"plan":"gold"}""")).ExpectProblem(409, "fact-id-reused").Json;
        Assert.Equal("FactIdReused", (string)other["errors"]![0]!["code"]!);
        Assert.Equal("100", (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["metrics"]!["points"]!);
        Assert.Equal(3, await store.Count("facts WHERE subject IS NOT NULL"));

        await server.Restart();
        Assert.Equal("100", (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["metrics"]!["points"]!);
    }

    [Theory]
    [InlineData("""{"id":"1","source":"t","type":"plan.sold","subject":"site/s1","time":"2024-03-01"}""", 422, "fact-refused", "UnknownType", "/type")]
    [InlineData("""{"id":"1","source":"t","type":"plan.bought","subject":"site/s1","time":"2024-03-01"}""", 422, "fact-refused", "MissingField", "/data/plan")]
    [InlineData("""{"id":"1","source":"t","type":"plan.ended","subject":"site/s1","time":"2024-13-01"}""", 422, "fact-refused", "InvalidTime", "/time")]
    [InlineData("""{"id":"1","source":"laurel","type":"plan.ended","subject":"site/s1","time":"2024-03-01"}""", 422, "fact-refused", "InvalidSource", "/source")]
    [InlineData("""{"id":"1" """, 400, "not-json", "NotJson", "")]
    public async Task A_fact_that_is_refused_is_told_why_and_where(string body, int status, string problem, string code, string pointer)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var error = (await server.Ask("POST facts", body)).ExpectProblem(status, problem).Json["errors"]![0]!;
        Assert.Equal((code, pointer), ((string)error["code"]!, (string)error["pointer"]!));
        Assert.Equal(0, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task A_list_and_lines_have_a_verdict_for_each_fact(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        string[] facts = [Joined("1", "ada"), """{"id":"2"}""", Joined("3", "ben"), Joined("1", "ada")];
        foreach (var type in new[] { "application/json", "application/cloudevents-batch+json" })
        {
            var list = (await server.Ask("POST facts", $"[{string.Join(", ", facts)}]", type)).Expect(200).Json;
            Assert.Equal(type == "application/json" ? "recorded refused recorded unchanged" : "unchanged refused unchanged unchanged", Verdicts(list["verdicts"]!.AsArray()));
            Assert.Equal("/source", (string)list["verdicts"]![1]!["pointer"]!);
        }
        var lines = (await server.Ask("POST facts", string.Join("\r\n", facts.Append(Joined("4", "cleo")).Append("")), Lines)).Expect(200);
        var read = new JsonArray([.. lines.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]);
        Assert.Equal("unchanged refused unchanged unchanged recorded", Verdicts(read));
        Assert.Equal([1, 2, 3, 4, 5], read.Select(v => (int)v!["line"]!));
        Assert.Equal(3, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task All_or_none_are_kept_where_that_is_asked(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var refused = (await server.Ask("POST facts?atomic=true", $"""[{Joined("1", "ada")}, {Joined("1", "ben")}]""")).ExpectProblem(422, "fact-refused").Json;
        Assert.Equal("/1/id", (string)refused["errors"]![0]!["pointer"]!);
        Assert.Equal(0, await store.Count("facts WHERE subject IS NOT NULL"));
        (await server.Ask("POST facts?atomic=true", $"{Joined("1", "ada")}\n{Joined("2", "ben")}\n", Lines)).Expect(200);
        Assert.Equal(2, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task All_or_none_is_one_commit_however_many_there_are(string engine)
    {
        const int Count = 500;
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.Tell("a1", "member.joined", "member/ada", "2024-03-01");
        var commits = await store.Count("commits");
        (await server.Ask("POST facts?atomic=true", string.Join('\n', Enumerable.Range(0, Count).Select(i => Joined($"{i}", $"m{i}"))), Lines)).Expect(200);
        Assert.Equal((commits + 1, Count + 1), (await store.Count("commits"), await store.Count("facts WHERE subject IS NOT NULL")));

        // Sent again it changes nothing; and an import, whose facts lie between closes, is no one commit.
        var again = (await server.Ask("POST facts?atomic=true", $"[{Joined("1", "m1")}, {Joined("2", "m2")}]")).Expect(200).Json;
        Assert.Equal("unchanged unchanged", Verdicts(again["verdicts"]!.AsArray()));
        (await server.Ask("POST facts?atomic=true&as-told=true", Joined("x", "x"))).ExpectProblem(400, "invalid-parameter");
    }

    [Theory, Stores]
    public async Task What_only_the_posting_finds_too_much_leaves_nothing_of_all_or_none(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await TakeInBig(server);
        (await server.Ask("POST /v1/programs/big/facts", Ada)).Expect(201);

        var problem = (await server.Ask("POST /v1/programs/big/facts?atomic=true", $"[{string.Join(", ", Enumerable.Range(1, 26).Select(Created))}]")).ExpectProblem(422, "fact-refused").Json;

        Assert.Equal(("/23/id", "TotalOutOfRange"), ((string)problem["errors"]![0]!["pointer"]!, (string)problem["errors"]![0]!["code"]!));
        Assert.Equal(1, await store.Count("facts WHERE subject IS NOT NULL"));
        Assert.Equal(0, await store.Count("entries"));
        // Nothing of it stays behind in the lane either.
        (await server.Ask("POST /v1/programs/big/facts?atomic=true", $"[{string.Join(", ", Enumerable.Range(1, 23).Select(Created))}]")).Expect(200);
        Assert.Equal("9200000000000000000", (string)(await server.Ask("GET /v1/programs/big/members/ada/standing")).Expect(200).Json["metrics"]!["points"]!);
    }

    [Theory, Stores]
    public async Task What_only_the_posting_finds_too_much_is_refused_among_others_that_are_kept(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await TakeInBig(server);
        // Ada has enough after the 23rd site; of every three facts after that two are refused.
        var facts = Enumerable.Range(1, 23).Select(Created).Concat(Enumerable.Range(0, 30).Select(i => i % 3 == 1 ? Joined($"{i}", $"m{i}") : Created(24 + i))).Prepend(Ada).ToList();
        var expected = string.Join(' ', facts.Select((_, i) => i <= 23 || (i - 24) % 3 == 1 ? "recorded" : "refused"));
        foreach (var verdicts in new[] { expected, expected.Replace("recorded", "unchanged", StringComparison.Ordinal) })
        {
            var lines = (await server.Ask("POST /v1/programs/big/facts", string.Join('\n', facts), Lines)).Expect(200);
            var read = new JsonArray([.. lines.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]);
            Assert.Equal(verdicts, Verdicts(read));
            Assert.All(read.Where(v => (string)v!["verdict"]! == "refused"), v => Assert.Equal("TotalOutOfRange", (string)v!["code"]!));
        }
        Assert.Equal("9200000000000000000", (string)(await server.Ask("GET /v1/programs/big/members/ada/standing")).Expect(200).Json["metrics"]!["points"]!);
        Assert.Equal((34, 34, 23 * 400), (await store.Count("facts WHERE subject IS NOT NULL"), await store.Count("subjects"), await store.Count("entries")));
        await foreach (var verified in Laurel.Storage.Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
    }

    [Theory, Stores]
    public async Task Of_those_who_write_one_id_at_once_one_keeps_all_and_the_others_nothing(string engine)
    {
        const int Writers = 8, Each = 30;
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        for (var round = 0; round < 4; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => server.Ask(
                "POST facts?atomic=true", $"[{string.Join(", ", Enumerable.Range(0, Each).Select(i => Joined($"{round}-{writer}-{i}", $"{writer}-{i}")).Append(Joined($"{round}", $"{writer}")))}]")));
            Assert.Single(answers, a => a.Status == 200);
            foreach (var refused in answers.Where(a => a.Status != 200))
            {
                Assert.Equal(($"/{Each}/id", "FactIdReused"), ((string)refused.ExpectProblem(422, "fact-refused").Json["errors"]![0]!["pointer"]!, (string)refused.Json["errors"]![0]!["code"]!));
            }
        }
        Assert.Equal(4 * (Each + 1), await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task A_dry_run_says_what_would_become_of_facts_and_keeps_nothing(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.Ask("POST facts", Joined("1", "ada"));
        var tried = (await server.Ask("POST facts?dry-run=true", $"""[{Joined("1", "ada")}, {Joined("1", "ben")}, {Joined("2", "ben")}, {Joined("2", "ben")}]""")).Expect(200).Json;
        Assert.Equal("unchanged refused recorded unchanged", Verdicts(tried["verdicts"]!.AsArray()));
        Assert.Equal("recorded", (string)(await server.Ask("POST facts?dry-run=true", Joined("2", "ben"))).Expect(200).Json["verdict"]!);
        Assert.Equal(1, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task A_dry_run_says_what_would_follow_and_why(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        const string Created = """{"id":"4","source":"test","type":"site.created","subject":"site/s2","time":"2024-03-03","data":{"member":"ada"}}""";
        const string Bought = """{"id":"5","source":"test","type":"plan.bought","subject":"site/s2","time":"2024-03-04","data":{"plan":"business"}}""";

        // What changes nothing says why.
        var alone = Assert.Single((await server.Ask("POST facts?dry-run=true", Created)).Expect(200).Json["follows"]!.AsArray())!;
        Assert.Equal(("ada", false), ((string)alone["member"]!, (bool)alone["changes_anything"]!));
        Assert.NotEmpty(alone["explanation"]![0]!["because"]![0]!["because"]!.AsArray());

        var tried = (await server.Ask("POST facts?dry-run=true", $"[{Created}, {Bought}]", headers: "Accept-Language: de")).Expect(200).Json;
        Assert.Equal("recorded recorded", Verdicts(tried["verdicts"]!.AsArray()));
        var follows = Assert.Single(tried["follows"]!.AsArray())!;
        Assert.Equal(("ada", "de", 0), ((string)follows["member"]!, (string)follows["language"]!, (int)tried["left_out"]!));
        var credit = Assert.Single(follows["credits"]!.AsArray())!;
        Assert.Equal(("site", "site/s2", "100", "active"), ((string)credit["rule"]!, (string)credit["subject"]!, (string)credit["more"]!, (string)credit["status"]!));
        Assert.Contains("100", follows["explanation"]!.ToJsonString(), StringComparison.Ordinal);

        // For others than the member too; of whoever may not read it says nothing; and it is what comes of it.
        var retracted = Assert.Single((await server.Ask("POST facts/retractions?dry-run=true", """{"source":"test","id":"a3"}""")).Expect(200).Json["follows"]!.AsArray())!;
        Assert.Equal(("ada", "-100"), ((string)retracted["member"]!, (string)retracted["credits"]![0]!["more"]!));
        var adjusted = Assert.Single((await server.Ask("POST members/ada/adjustments?dry-run=true", """{"unit":"points","amount":50,"reason":"in May"}""")).Expect(200).Json["follows"]!.AsArray())!;
        Assert.Equal("50", (string)adjusted["credits"]![0]!["more"]!);
        var enrolled = Assert.Single((await server.Ask("PUT members/ben?dry-run=true")).Expect(200).Json["follows"]!.AsArray())!;
        Assert.Equal("ben", (string)enrolled["member"]!);
        var shop = (string)(await server.Ask("POST /v1/keys", """{"name":"shop","scopes":["facts:write"]}""")).Expect(201).Json["secret"]!;
        Assert.Null((await server.Ask("POST facts?dry-run=true", Created, key: shop)).Expect(200).Json["follows"]);
        Assert.Equal(3, await store.Count("facts WHERE subject IS NOT NULL"));

        (await server.Ask("POST facts", $"[{Created}, {Bought}]")).Expect(200);
        var posted = (await server.Ask("GET members/ada/entries")).Expect(200).Json["entries"]!.AsArray()[^1]!;
        var foretold = Assert.Single(follows["entries"]!.AsArray())!.AsObject();
        Assert.All(foretold, property => Assert.Equal(property.Value!.ToString(), posted[property.Key]!.ToString()));
    }

    [Theory, Stores]
    public async Task Facts_are_read_back_page_by_page(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        await server.Tell("b1", "member.joined", "member/ben", "2024-04-01");
        var page = (await server.Ask("GET facts?limit=3")).Expect(200).Json;
        // What is told meanwhile comes on no page of the list that was begun before.
        await server.Tell("c1", "member.joined", "member/cleo", "2024-05-01");
        var last = (await server.Ask($"GET facts?limit=3&cursor={page["next"]}")).Expect(200).Json;
        Assert.Equal(("a1 a2 a3", "b1", null), (Ids(page), Ids(last), (string?)last["next"]));
        (await server.Ask($"GET facts?limit=3&member=ada&cursor={page["next"]}")).ExpectProblem(400, "invalid-cursor");
        (await server.Ask("GET facts?cursor=AAAA")).ExpectProblem(400, "invalid-cursor");

        Assert.Equal("a1 a2 a3", Ids((await server.Ask("GET facts?member=ada")).Expect(200).Json));
        Assert.Equal("a2 a3", Ids((await server.Ask("GET facts?subject=site/s1")).Expect(200).Json));
        Assert.Equal("a3", Ids((await server.Ask("GET facts?type=plan.bought")).Expect(200).Json));
        Assert.Equal("b1 c1", Ids((await server.Ask("GET facts?from=2024-04-01&until=2024-06-01")).Expect(200).Json));
        Assert.Equal("", Ids((await server.Ask("GET facts?subject=site/nowhere")).Expect(200).Json));
        var fact = (await server.Ask("GET facts?type=plan.bought")).Json["facts"]![0]!["fact"]!;
        Assert.Equal(("business", "site/s1", "2024-03-02T00:00:00Z"), ((string)fact["data"]!["plan"]!, (string)fact["subject"]!, (string)fact["time"]!));
    }

    [Theory, Stores]
    public async Task A_retracted_fact_is_as_if_never_told_but_was_known(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var before = (string)(await server.Ask("GET members/ada/standing")).Json["known"]!;
        (await server.Ask("POST facts/retractions", """{"source":"test","id":"a3","reason":"another site"}""")).Expect(201);
        Assert.Equal("0", (string)(await server.Ask("GET members/ada/standing")).Json["metrics"]!["points"]!);
        Assert.Equal("100", (string)(await server.Ask($"GET members/ada/standing?known={before}")).Json["metrics"]!["points"]!);
    }

    [Fact]
    public async Task A_file_of_many_lines_is_taken_in()
    {
        const int Count = 3_000;
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var text = new StringBuilder();
        for (var i = 0; i < Count; i++) { text.Append(Joined($"{i}", $"m{i}")).Append('\n'); }
        var answer = (await server.Ask("POST facts", text.ToString(), Lines)).Expect(200);
        Assert.Equal(Count, answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("\"recorded\"", StringComparison.Ordinal)));
        Assert.Equal(Count, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    private const string Ada = """{"id":"j","source":"test","type":"member.joined","subject":"member/ada","time":"2024-03-01"}""";

    /// <summary>A program that gives a member by 400 rules for a site the most that an amount may be: with the 24th site it is too much for 64 bits.</summary>
    private static async Task TakeInBig(Running server)
    {
        var rules = string.Concat(Enumerable.Range(0, 400).Select(i => $"  r{i}: {{ says: Too many points a site, give: 1000000000000000 points, when: site.created }}\n"));
        var program = new JsonObject
        {
            ["files"] = new JsonObject
            {
                ["program.yaml"] = "program: big\nunits: { points: {} }\nsubjects: { site: {} }\nfacts: { site.created: { about: site, needs: [member] } }\n",
                ["editions/2024.yaml"] = $"edition: big-2024\neffective: 2024-01-01\nrules:\n{rules}metrics: {{ points: {{ sum: points }} }}\n",
            },
        };
        (await server.Ask("POST /v1/programs", program.ToJsonString())).Expect(201);
    }

    private static string Created(int site) => $$"""{"id":"c{{site}}","source":"test","type":"site.created","subject":"site/s{{site}}","time":"2024-03-01","data":{"member":"ada"} }""";

    private static string Joined(string id, string member) => $$"""{"id":"{{id}}","source":"test","type":"member.joined","subject":"member/{{member}}","time":"2024-03-01"}""";

    private static string Verdicts(JsonArray verdicts) => string.Join(' ', verdicts.Select(v => (string)v!["verdict"]!));

    private static string Ids(JsonNode page) => string.Join(' ', page["facts"]!.AsArray().Select(f => (string)f!["fact"]!["id"]!));
}
