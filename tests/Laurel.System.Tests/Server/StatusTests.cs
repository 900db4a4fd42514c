using System.Globalization;
using System.Text.Json.Nodes;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>What an operator says of a program: a sandbox's clock, when members may be enrolled, the archive.</summary>
public sealed class StatusTests : IDisposable
{
    /// <summary>A program in which much falls due: states end by themselves, months close and pay, an edition comes.</summary>
    private static readonly Dictionary<string, string> Birch = new()
    {
        ["program.yaml"] = """
            program: birch
            units: { points: {}, eur: { decimals: 2, money: true } }
            subjects: { site: { plan: text } }
            facts:
              site.created: { about: site, needs: [member] }
              plan.bought: { about: site, needs: [plan] }
              plan.ended: { about: site }
            """,
        ["editions/2025.yaml"] = Edition("birch-2025", "2025-01-01", 45),
        ["editions/2025-06.yaml"] = Edition("birch-june", "2025-06-01", 20),
    };

    private readonly Scratch _scratch = new();

    [Theory, Stores]
    public async Task A_sandbox_goes_by_its_own_clock_however_far_it_is_moved_at_a_time(string engine)
    {
        var (steps, jump) = (await Play(engine, [.. Enumerable.Range(1, 30).Select(i => new DateTime(2025, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i * 146.5))]), await Play(engine, []));
        Assert.Equal(jump.Changes, steps.Changes);
        Assert.Equal(jump.Ledger, steps.Ledger);
        Assert.Equal(jump.Feed, steps.Feed);
        // In order, each at its exact instant: when a state ends by itself, and when a month is paid.
        var effective = jump.Changes.Select(c => (string)JsonNode.Parse(c)!["effective"]!).ToList();
        Assert.Equal(effective.Order(StringComparer.Ordinal), effective);
        Assert.Contains("2025-04-15T10:00:00Z", effective);
        Assert.True(jump.Ledger.Count(l => l.Contains("\"unit\":\"eur\"", StringComparison.Ordinal)) >= 2, string.Join('\n', jump.Ledger));
    }

    [Theory, Stores]
    public async Task Who_was_not_heard_of_for_years_stands_where_the_ledger_says(string engine)
    {
        const string Weekly = """
            edition: alder-2025
            effective: 2025-01-01
            rules:
              site: { says: a site, give: 10 points, when: site.created }
              loyal: { says: a week, give: 1 stars, when: each week, where: points >= 10 }
              thanks: { says: thanks, give: 5 eur, when: each week, where: points >= 10 }
            payouts: { eur: { each: month, at-least: 10 } }
            """;
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var files = new JsonObject
        {
            ["program.yaml"] = "program: alder\nunits: { points: {}, stars: {}, eur: { money: true } }\nsubjects: { site: {} }\nfacts: { site.created: { about: site, needs: [member] } }",
            ["editions/2025.yaml"] = Weekly,
        };
        (await server.Ask("POST /v1/programs", new JsonObject { ["files"] = files, ["sandbox"] = true, ["clock"] = "2025-01-10" }.ToJsonString())).Expect(201);
        foreach (var member in (string[])["ada", "ben"])
        {
            (await server.Ask($"PUT /v1/programs/alder/members/{member}")).Expect(201);
            (await server.Ask("POST /v1/programs/alder/facts", $$"""{"id":"{{member}}","source":"shop","type":"site.created","subject":"site/{{member}}","time":"2025-01-10","data":{"member":"{{member}}"} }""")).Expect(201);
        }
        (await server.Ask("PUT /v1/programs/alder/clock", """{"clock":"2027-06-10"}""")).Expect(200);
        // Of ben something was told since.
        (await server.Ask("POST /v1/programs/alder/facts", """{"id":"late","source":"shop","type":"site.created","subject":"site/late","time":"2027-06-10","data":{"member":"ben"} }""")).Expect(201);

        var listed = (await server.Ask("GET /v1/programs/alder/members")).Expect(200).Json["members"]!.AsArray().Select(m => m!["standing"]!).ToList();
        Assert.Equal(["126", "126"], listed.Select(s => (string)s["metrics"]!["stars"]!));
        foreach (var (member, standing) in ((string[])["ada", "ben"]).Zip(listed))
        {
            var read = (await server.Ask($"GET /v1/programs/alder/members/{member}")).Expect(200).Json;
            foreach (var (name, value) in standing.AsObject()) { Assert.True(JsonNode.DeepEquals(value, read[name]), $"{member}: {name}\n{value}\n{read[name]}"); }
            var entries = (await server.Ask($"GET /v1/programs/alder/members/{member}/entries?limit=1000")).Expect(200).Json["entries"]!.AsArray();
            Assert.Equal(126, entries.Count(e => (string)e!["unit"]! == "stars"));
            // Every week until the end of May is paid.
            Assert.Equal(5 * 125, entries.Where(e => ((string)e!["to"]!).EndsWith("/paid", StringComparison.Ordinal)).Sum(e => int.Parse((string)e!["amount"]!, CultureInfo.InvariantCulture)));
            var paid = (await server.Ask($"GET /v1/programs/alder/members/{member}/explanation?payout=eur")).Expect(200).Json["explanation"]!["arguments"]!["paid"]!;
            Assert.Equal("625", (string)paid["amount"]!);
        }
        var then = (await server.Ask("GET /v1/programs/alder/members?at=2027-01-01")).Expect(200).Json["members"]!.AsArray();
        Assert.Equal(["103", "103"], then.Select(m => (string)m!["standing"]!["metrics"]!["stars"]!));
        Assert.Equal("103", (string)(await server.Ask("GET /v1/programs/alder/members/ada?at=2027-01-01")).Expect(200).Json["metrics"]!["stars"]!);
    }

    [Theory, Stores]
    public async Task The_clock_stands_goes_forward_only_and_outlives_a_restart(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var made = await Sandbox(server, "2025-03-01");
        Assert.Equal((true, "2025-03-01T00:00:00Z"), ((bool)made["sandbox"]!, (string)made["clock"]!));
        Assert.Equal((false, null), ((bool)(await server.Ask("GET ")).Json["sandbox"]!, (string?)(await server.Ask("GET ")).Json["clock"]));

        // Facts are received at that clock, and what leaves out when it is means its now.
        (await server.Ask("PUT /v1/programs/birch/members/ada")).Expect(201);
        var facts = (await server.Ask("GET /v1/programs/birch/facts")).Expect(200).Json["facts"]![0]!;
        Assert.Contains("2025-03-01T00:00:00Z", facts.ToJsonString(), StringComparison.Ordinal);
        Assert.StartsWith("2025-03-01T00:00:00", (string)(await server.Ask("GET /v1/programs/birch/members/ada/standing")).Expect(200).Json["at"]!, StringComparison.Ordinal);

        Assert.Equal("2025-05-01T09:30:00Z", (string)(await Move(server, "2025-05-01T09:30:00Z", "?dry-run=true")).Expect(200).Json["clock"]!);
        Assert.Equal("2025-03-01T00:00:00Z", (string)(await server.Ask("GET /v1/programs/birch")).Json["clock"]!);
        (await Move(server, "2025-05-01T09:30:00Z")).Expect(200);
        (await Move(server, "2025-05-01T09:30:00Z")).Expect(200);
        (await Move(server, "2025-05-01T09:29:59Z")).ExpectProblem(409, "clock-back");
        (await server.Ask("PUT clock", """{"clock":"2050-01-01"}""")).ExpectProblem(409, "no-sandbox");
        await server.Restart();
        Assert.Equal("2025-05-01T09:30:00Z", (string)(await server.Ask("GET /v1/programs/birch")).Json["clock"]!);
        (await Move(server, "2025-04-01")).ExpectProblem(409, "clock-back");
        (await Move(server, "2025-05-02")).Expect(200);
        await Verified(store);
    }

    [Theory, Stores]
    public async Task What_falls_due_of_requests_is_announced_as_the_clock_moves(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await Sandbox(server, "2025-03-01");
        (await server.Ask("PUT /v1/programs/birch/members/ada")).Expect(201);
        (await server.Ask("POST /v1/programs/birch/members/ada/requests/claim", """{"subject":"site/s9"}""")).Expect(201);
        (await Move(server, "2025-03-05")).Expect(200);
        (await server.Ask("POST /v1/programs/birch/members/ada/requests/claim/approved?dry-run=true", """{"subject":"site/s9"}""")).Expect(200);
        (await Move(server, "2025-04-15")).Expect(200);

        async Task<List<string>> Changes(string query) =>
            [.. (await server.Ask($"GET /v1/programs/birch/members/ada/changes{query}")).Expect(200).Json["changes"]!.AsArray().Where(c => c!["tells"] is not null).Select(c => Without(c!, "number"))];
        const string reminded = """{"member":"ada","effective":"2025-03-08T00:00:00Z","cause":null,"subject":"site/s9","changes":[{"what":"request","name":"claim","from":"open","to":"reminded"}],"tells":"client"}""";
        const string expired = """{"member":"ada","effective":"2025-03-31T00:00:00Z","cause":null,"subject":"site/s9","changes":[{"what":"request","name":"claim","from":"reminded","to":"expired"}],"tells":"member"}""";
        Assert.Equal([reminded, expired], await Changes(""));
        Assert.Equal([reminded], await Changes("?at=2025-03-30"));
        Assert.Equal([reminded], await Changes("?known=2025-03-30"));
        Assert.Equal([], await Changes("?known=2025-03-07"));
        var feed = (await server.Ask("GET /v1/programs/birch/feed?limit=1000")).Expect(200).Json["commits"]!.AsArray().SelectMany(c => c!["changes"]!.AsArray()).Where(c => c!["tells"] is not null);
        Assert.Equal([reminded, expired], feed.Select(c => Without(c!, "number")));
        var steps = (await server.Ask("GET /v1/programs/birch/members/ada/requests")).Expect(200).Json["requests"]![0]!["steps"]!.AsArray();
        Assert.Equal(["2025-03-01T00:00:00Z", "2025-03-08T00:00:00Z", "2025-03-31T00:00:00Z"], steps.Select(s => (string)s!["at"]!));
        await Verified(store);
    }

    [Theory, Stores]
    public async Task A_move_that_another_server_takes_over_goes_on(string engine)
    {
        using var store = Store.Empty(engine);
        using (var books = await Open(store))
        {
            await books.Record(Facts(), asTold: true, keep: null, default);
            // Its end comes in the middle: with each due instant the clock stands there.
            using var stop = new CancellationTokenSource();
            books.Published = edition => { if (edition == "birch-june") { stop.Cancel(); } };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => books.Direct(new Direction.Move(At("2025-12-31")), dryRun: false, keep: null, stop.Token));
        }
        using var after = await Open(store);
        var between = after.Status.Clock!.Value;
        Assert.Equal(At("2025-06-01"), between);
        Assert.Null((await after.Direct(new Direction.Move(At("2025-12-31")), dryRun: false, keep: null, default)).Refused);
        Assert.Equal(At("2025-12-31"), after.Status.Clock);

        using var other = Store.Empty(engine);
        using var whole = await Open(other);
        await whole.Record(Facts(), asTold: true, keep: null, default);
        await whole.Direct(new Direction.Move(At("2025-12-31")), dryRun: false, keep: null, default);
        Assert.Equal(Convert.ToHexString(whole.Head.EntriesRoot), Convert.ToHexString(after.Head.EntriesRoot));
        Assert.Equal((whole.Head.FactsTo, whole.Head.ChangesTo), (after.Head.FactsTo, after.Head.ChangesTo));
    }

    [Theory, Stores]
    public async Task Members_are_enrolled_only_while_enrolment_is_open(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        Assert.Equal("""{"open":true,"opens":null,"closes":null}""", (await server.Ask("GET ")).Json["enrolment"]!.ToJsonString());
        (await server.Ask("PUT enrolment?dry-run=true", """{"closes":"2024-06-01"}""")).Expect(200);
        (await server.Tell("d", "member.joined", "member/dan", "2024-06-01")).Expect(201);
        (await server.Ask("PUT enrolment", """{"opens":"2024-03-01","closes":"2024-06-01"}""")).Expect(200);
        Assert.Equal("""{"open":false,"opens":"2024-03-01T00:00:00Z","closes":"2024-06-01T00:00:00Z"}""", (await server.Ask("GET ")).Json["enrolment"]!.ToJsonString());

        // When it happened counts, not when it is told.
        (await server.Tell("1", "member.joined", "member/ada", "2024-02-29T23:59:59Z")).ExpectProblem(409, "enrolment-closed");
        (await server.Tell("2", "member.joined", "member/ada", "2024-03-01T00:00:00Z")).Expect(201);
        Assert.Equal("/time", (string)(await server.Tell("3", "member.joined", "member/ben", "2024-06-01T00:00:00Z")).ExpectProblem(409, "enrolment-closed").Json["errors"]![0]!["pointer"]!);
        (await server.Ask("PUT members/ben")).ExpectProblem(409, "enrolment-closed");
        (await server.Ask("PUT members/ben?dry-run=true")).ExpectProblem(409, "enrolment-closed");
        (await server.Ask("PUT members/ben", """{"at":"2024-05-31"}""")).Expect(201);
        // What is there stays as it is, and nothing else is refused.
        (await server.Tell("d", "member.joined", "member/dan", "2024-06-01")).Expect(200);
        var verdicts = (await server.Ask("POST facts", """[{"id":"4","source":"test","type":"member.joined","subject":"member/cleo","time":"2025-01-01"},{"id":"5","source":"test","type":"member.left","subject":"member/ada","time":"2025-01-01"}]""")).Expect(200).Json["verdicts"]!;
        Assert.Equal(("EnrolmentClosed", "recorded"), ((string)verdicts[0]!["code"]!, (string)verdicts[1]!["verdict"]!));

        // Closed between two dates, and open again from the second.
        (await server.Ask("PUT enrolment", """{"closes":"2024-06-01","opens":"2025-01-01"}""")).Expect(200);
        (await server.Tell("6", "member.joined", "member/cleo", "2024-12-31")).ExpectProblem(409, "enrolment-closed");
        (await server.Tell("7", "member.joined", "member/cleo", "2025-01-01")).Expect(201);
        await server.Restart();
        (await server.Tell("8", "member.joined", "member/eve", "2024-12-31")).ExpectProblem(409, "enrolment-closed");
        (await server.Ask("PUT enrolment", "{}")).Expect(200);
        (await server.Tell("8", "member.joined", "member/eve", "2024-12-31")).Expect(201);
        await Verified(store);
    }

    /// <summary>What is taken of an archived program too.</summary>
    private static readonly string[] Taken = ["/archive", "/erase", "/erasures"];

    [Theory, Stores]
    public async Task An_archived_program_is_only_read_and_goes_on_where_it_stood(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await Sandbox(server, "2025-03-01");
        foreach (var (id, type, subject, data) in Told) { (await server.Ask("POST /v1/programs/birch/facts", Fact(id, type, subject, data))).Expect(201); }
        (await server.Ask("PUT /v1/programs/birch/archive?dry-run=true")).Expect(200);
        Assert.Null((string?)(await server.Ask("GET /v1/programs/birch")).Json["archived"]);
        Assert.Equal("2025-03-01T00:00:00Z", ((string)(await server.Ask("PUT /v1/programs/birch/archive")).Expect(200).Json["archived"]!)[..20]);
        (await server.Ask("PUT /v1/programs/birch/archive")).Expect(200);
        var before = (await server.Ask("GET /v1/programs/birch/ledger?format=csv")).Expect(200).Body;

        // Every route that changes a program, but for those that take it out and erase what is personal; and none of those that only read it.
        var routes = (await server.Ask("GET /openapi/v1.json", key: "")).Expect(200).Json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (Path: path.Key, Method: o.Key.ToUpperInvariant(), Operation: o.Value!)));
        var refused = 0;
        foreach (var (path, method, operation) in routes.Where(r => r.Path.StartsWith("/v1/programs/{program}", StringComparison.Ordinal) && !Taken.Any(path => r.Path.EndsWith(path, StringComparison.Ordinal))))
        {
            var changes = ((string)operation["description"]!).Contains("facts:write", StringComparison.Ordinal) || ((string)operation["description"]!).Contains("operate", StringComparison.Ordinal);
            var address = path.Replace("{program}", "birch", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal);
            foreach (var query in (string[])["", "?dry-run=true"])
            {
                var types = operation["requestBody"]?["content"]!.AsObject().Select(c => c.Key).ToList();
                var answer = await server.Ask($"{method} {address}{query}", types is null ? null : "{}", types?[0] ?? "");
                if (changes) { answer.ExpectProblem(409, "archived"); }
                else { Assert.NotEqual("archived", answer.Problem); }
                refused += changes ? 1 : 0;
            }
        }
        Assert.True(refused >= 30, $"{refused}");
        // The lane is taken over, and nothing falls due in it.
        var others = $"commits WHERE kind <> {(int)CommitKind.Takeover}";
        var commits = await store.Count(others);
        await server.Restart();
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await server.Ask("POST /v1/programs/birch/facts", Fact("late", "member.joined", "member/zoe", "{}"))).ExpectProblem(409, "archived");
        Assert.Equal((before, commits), ((await server.Ask("GET /v1/programs/birch/ledger?format=csv")).Expect(200).Body, await store.Count(others)));

        (await server.Ask("DELETE /v1/programs/birch/archive")).Expect(200);
        (await Move(server, "2025-12-31")).Expect(200);
        Assert.NotEqual(before, (await server.Ask("GET /v1/programs/birch/ledger?format=csv")).Expect(200).Body);
        await Verified(store);
    }

    [Theory, Stores]
    public async Task An_export_an_import_and_a_copy_keep_it(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine);
        await using (var server = await Running.Start(store))
        {
            await Sandbox(server, "2025-03-01");
            foreach (var (id, type, subject, data) in Told) { (await server.Ask("POST /v1/programs/birch/facts", Fact(id, type, subject, data))).Expect(201); }
            (await server.Ask("PUT /v1/programs/birch/enrolment", """{"closes":"2026-01-01"}""")).Expect(200);
            (await Move(server, "2025-08-01")).Expect(200);
            (await server.Ask("PUT /v1/programs/birch/archive")).Expect(200);
        }
        CliRun.Of("export", "birch", "--output", _scratch["a"], "--database", store.Connection).Expect(0);
        CliRun.Of("import", _scratch["a/birch"], _scratch["a/facts.jsonl"], "--status", _scratch["a/status.json"], "--database", copy.Connection).Expect(0);
        CliRun.Of("export", "birch", "--output", _scratch["b"], "--database", copy.Connection).Expect(0);
        foreach (var file in (string[])["status.json", "ledger.jsonl"]) { Assert.Equal(File.ReadAllText(_scratch[$"a/{file}"]), File.ReadAllText(_scratch[$"b/{file}"])); }
        Assert.Contains("\"clock\":\"2025-08-01T00:00:00Z\"", File.ReadAllText(_scratch["a/status.json"]), StringComparison.Ordinal);
        Assert.Contains("is archived", CliRun.Of("import", "birch", _scratch["a/facts.jsonl"], "--database", copy.Connection).Expect(1).Error, StringComparison.Ordinal);
        await Verified(copy);
        if (engine == "sqlite")
        {
            CliRun.Of("backup", _scratch["c.db"], "--database", store.Connection).Expect(0);
            Assert.Equal(File.ReadAllText(_scratch["a/status.json"]), CliRun.Of("export", "birch", "--what", "status", "--output", "-", "--database", $"Data Source={_scratch["c.db"]}").Expect(0).Output);
        }
    }

    [Theory]
    [InlineData("PUT clock", """{"clock":"soon"}""", "/clock", "neither a date nor an instant")]
    [InlineData("PUT clock", """{"clock":"9999-12-31"}""", "/clock", "no program is run in 9999")]
    [InlineData("PUT clock", """{"clock":"0001-01-01"}""", "/clock", "no program is run in 1")]
    [InlineData("PUT clock", "{}", "/clock", "`clock` is needed")]
    [InlineData("PUT clock", """{"clock":"2025-01-01","back":true}""", "/back", "no field `back`")]
    [InlineData("PUT enrolment", """{"opens":"2025-02-30"}""", "/opens", "neither a date nor an instant")]
    [InlineData("PUT enrolment", """{"opens":"2025-01-01","closes":"2025-01-01"}""", "/closes", "at the same instant")]
    [InlineData("PUT enrolment", """{"from":"2025-01-01"}""", "/from", "no field `from`")]
    [InlineData("POST /v1/programs", """{"library":"xero","clock":"2025-01-01"}""", "/clock", "only a sandbox")]
    [InlineData("POST /v1/programs", """{"library":"xero","sandbox":true,"clock":"1969-12-31"}""", "/clock", "no program is run in 1969")]
    [InlineData("POST /v1/programs", """{"library":"xero","sandbox":"yes"}""", "/sandbox", "not true or false")]
    public async Task What_is_wrong_with_it_is_told_where(string call, string body, string pointer, string detail)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var wrong = (await server.Ask(call, body)).ExpectProblem(400, "invalid-body").Json["errors"]![0]!;
        Assert.Equal(pointer, (string)wrong["pointer"]!);
        Assert.Contains(detail, (string)wrong["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "clock", """{"clock":"2025-01-01"}""")]
    [InlineData("PUT", "enrolment", "{}")]
    [InlineData("PUT", "archive", null)]
    [InlineData("DELETE", "archive", null)]
    public async Task It_needs_the_right_to_operate_this_program(string method, string address, string? body)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var shop = (string)(await server.Ask("POST /v1/keys", """{"name":"shop","scopes":["read","facts:write"]}""")).Json["secret"]!;
        (await server.Ask($"{method} {address}", body, key: shop)).ExpectProblem(403, "not-allowed");
        (await server.Ask($"{method} {address}", body, key: "")).ExpectProblem(401, "no-key");
        (await server.Ask($"{method} /v1/programs/nowhere/{address}", body)).ExpectProblem(404, "unknown-program");
        (await server.Ask($"{method} {address}?dry-run=perhaps", body)).ExpectProblem(400, "invalid-parameter");
    }

    [Theory]
    [InlineData("DELETE FROM statuses WHERE number = (SELECT max(number) FROM statuses)", "says something of the program, and what is not there")]
    [InlineData("UPDATE statuses SET clock = clock - 172800000000 WHERE number = (SELECT max(number) FROM statuses)", "clock goes back")]
    [InlineData("UPDATE statuses SET clock = NULL WHERE number = (SELECT max(number) FROM statuses)", "comes or goes")]
    [InlineData("INSERT INTO statuses (number, clock, archived, program) SELECT number - 1, clock, 0, program FROM statuses WHERE number = (SELECT max(number) FROM statuses)", "its status changes with it")]
    public async Task What_was_changed_behind_its_back_is_named(string change, string difference)
    {
        using var store = Store.Empty("sqlite");
        using (var books = await Open(store))
        {
            await books.Direct(new Direction.Move(At("2025-03-02")), dryRun: false, keep: null, default);
            await books.Record(Facts()[..2], asTold: false, keep: null, default);
            await books.Direct(new Direction.Move(At("2025-03-03")), dryRun: false, keep: null, default);
        }
        await store.Execute(change);
        var verified = await new Verification(store.Database, 1, Laurel.Engine.Programs.ProgramReader.Read(Birch).Program!).Run(default);
        Assert.Contains(difference, verified.Difference ?? "", StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private static readonly (string Id, string Type, string Subject, string Data)[] Told =
    [
        ("j1", "member.joined", "member/ada", "{}"), ("j2", "member.joined", "member/ben", "{}"),
        ("c1", "site.created", "site/s1", """{"member":"ada"}"""), ("c2", "site.created", "site/s2", """{"member":"ben"}"""), ("c3", "site.created", "site/s3", """{"member":"ben"}"""),
        ("b1", "plan.bought", "site/s1", """{"plan":"a"}"""), ("b2", "plan.bought", "site/s2", """{"plan":"b"}"""),
    ];

    private static string Edition(string name, string effective, int days) => $$"""
        edition: {{name}}
        effective: {{effective}}
        states: { site.premium: { starts: plan.bought, ends: plan.ended, for: {{days}} days } }
        roles: { site.owner: { starts: site.created } }
        requests: { claim: { about: site, asks: client, remind: 7 days, expires: 30 days } }
        rules:
          site: { says: 100 points a site on a plan, give: 100 points, to: site.owner, while: site.premium }
          month: { says: 1 EUR a month for points, give: 1 eur, when: each month, where: points > 0 }
        metrics: { points: { sum: points } }
        ladders: { level: { rungs: [bronze, silver: points >= 100] } }
        """;

    private static string Fact(string id, string type, string subject, string data, string time = "2025-03-01T10:00:00Z") => $$"""{"id":"{{id}}","source":"test","type":"{{type}}","subject":"{{subject}}","time":"{{time}}","data":{{data}}}""";

    private static Laurel.Engine.Values.Instant At(string text) => Laurel.Engine.Values.Zone.Utc.TryParse(text, out var at, out _) ? at : throw new FormatException(text);

    private static List<Laurel.Engine.Facts.Fact> Facts()
    {
        var parser = new Laurel.Engine.Facts.FactParser(Laurel.Engine.Programs.ProgramReader.Read(Birch).Program!.Vocabulary);
        return [.. Told.Select(t => parser.Read(global::System.Text.Encoding.UTF8.GetBytes(Fact(t.Id, t.Type, t.Subject, t.Data)), 0, out _)!)];
    }

    /// <summary>The books of birch as a sandbox of 1 March 2025, in a database without it, or as they were left.</summary>
    private static async Task<Bookkeeper> Open(Store store)
    {
        await using (var shelf = await Shelf.OpenForImport(store.Connection, TimeProvider.System, default))
        {
            if (shelf.Find("birch") is null) { await shelf.Create(Birch, ProgramStatus.Ordinary with { Clock = At("2025-03-01") }, keep: null, default); }
        }
        return await Bookkeeper.Open(store.Database, 1, Laurel.Engine.Programs.ProgramReader.Read(Birch).Program!, TimeProvider.System, null, default);
    }

    private static async Task<JsonNode> Sandbox(Running server, string clock)
    {
        var body = new JsonObject { ["files"] = new JsonObject([.. Birch.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))]), ["sandbox"] = true, ["clock"] = clock };
        return (await server.Ask("POST /v1/programs", body.ToJsonString())).Expect(201).Json;
    }

    private static Task<Answered> Move(Running server, string to, string query = "") => server.Ask($"PUT /v1/programs/birch/clock{query}", $$"""{"clock":"{{to}}"}""");

    /// <summary>Tells of two members and moves the clock to the end of August, through some instants; what was announced, posted and committed then.</summary>
    private static async Task<(List<string> Changes, List<string> Ledger, List<string> Feed)> Play(string engine, IReadOnlyList<DateTime> through)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await Sandbox(server, "2025-03-01");
        foreach (var (id, type, subject, data) in Told) { (await server.Ask("POST /v1/programs/birch/facts", Fact(id, type, subject, data))).Expect(201); }
        foreach (var at in through) { (await Move(server, at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))).Expect(200); }
        Assert.Equal("2025-09-01T00:00:00Z", (string)(await Move(server, "2025-09-01")).Expect(200).Json["clock"]!);
        // A fact after it is learnt then, not at the server's time.
        (await server.Ask("POST /v1/programs/birch/facts", Fact("late", "plan.bought", "site/s3", """{"plan":"c"}""", "2025-08-31"))).Expect(201);
        Assert.Equal("2025-09-01T00:00:00", ((string)(await server.Ask("GET /v1/programs/birch/facts?subject=site/s3&type=plan.bought")).Expect(200).Json["facts"]![0]!["fact"]!["recordedtime"]!)[..19]);
        (await Move(server, "2025-10-01")).Expect(200);
        var changes = new List<string>();
        foreach (var member in (string[])["ada", "ben"]) { changes.AddRange((await server.Ask($"GET /v1/programs/birch/members/{member}/changes")).Expect(200).Json["changes"]!.AsArray().Select(c => Without(c!, "position", "change", "number"))); }
        var feed = (await server.Ask("GET /v1/programs/birch/feed?limit=1000")).Expect(200).Json["commits"]!.AsArray();
        var ledger = (await server.Ask("GET /v1/programs/birch/ledger?format=jsonl")).Expect(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        await Verified(store);
        // Commits that only move the clock have nothing in them.
        return ([.. changes.OrderBy(c => (string)JsonNode.Parse(c)!["effective"]!, StringComparer.Ordinal)], ledger, [.. feed.Select(c => Without(c!, "position")).Where(c => c.Contains("\"member\"", StringComparison.Ordinal))]);
    }

    private static string Without(JsonNode node, params string[] names)
    {
        var copy = node.DeepClone().AsObject();
        foreach (var name in names) { copy.Remove(name); }
        return copy.ToJsonString();
    }

    private static async Task Verified(Store store)
    {
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
    }
}
