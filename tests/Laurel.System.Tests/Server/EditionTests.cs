using System.Text.Json.Nodes;
using Laurel.Storage;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>How an operator changes the rules: draft, check, backtest, publish, withdraw, revert.</summary>
public sealed class EditionTests
{
    private const string Draft = """
        edition: maple-2027
        effective: 2027-01-01
        based-on: maple-2024
        rules:
          site: { says: 200 points a site on a plan, give: 200 points, to: site.owner, while: site.premium }
          newcomer: { says: 10 points for a site, give: 10 points, to: site.owner, when: site.created }
        """;

    private static SetClock Clock() => new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory, Stores]
    public async Task A_draft_is_written_read_compared_and_taken_away(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        await server.TellOfAda();
        var made = (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201).Json;
        Assert.Equal(("maple-2027", "draft", "drafts/maple-2027.yaml", Draft), ((string)made["edition"]!, (string)made["state"]!, (string)made["file"]!, (string)made["text"]!));
        Assert.Equal("210", await Points(server, "&under=maple-2027&at=2026-06-01"));
        Assert.Equal(["maple-2024 in-force", "maple-2027 draft"], await Listed(server));

        var differences = (await server.Ask("GET editions/maple-2027/diff")).Expect(200).Json["differences"]!.AsArray();
        Assert.Equal(["rules site changed", "rules newcomer added"], differences.Select(d => $"{d!["section"]} {d["name"]} {d["change"]}"));
        Assert.Equal(("100 points", "200 points", false), ((string)differences[0]!["before"]!["give"]!, (string)differences[0]!["after"]!["give"]!, (bool)differences[0]!["credits_go_on"]!));

        (await server.Ask("PUT drafts/maple-2027", Draft.Replace("10 points for a site", "Ten points for a site"), "application/yaml")).Expect(200);
        (await server.Ask("DELETE drafts/maple-2027?dry-run=true")).Expect(204);
        (await server.Ask("DELETE drafts/maple-2027")).Expect(204);
        (await server.Ask("GET editions/maple-2027")).ExpectProblem(404, "unknown-name");
        await server.Restart();
        Assert.Equal(["maple-2024 in-force"], await Listed(server));
    }

    [Theory, Stores]
    public async Task Of_two_who_have_read_a_draft_the_second_does_not_write_over_what_the_first_has_written(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        await server.TellOfAda();
        Task<Answered> Write(string points, string tag) => server.Ask("PUT drafts/maple-2027", Draft.Replace("200 points", points), "application/yaml", headers: $"If-Match: {tag}");
        (await Write("300 points", "*")).ExpectProblem(412, "not-as-it-was");
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        var read = (await server.Ask("GET editions/maple-2027")).Expect(200).Header("ETag")!;

        (await Write("300 points", read)).Expect(200);
        (await Write("400 points", read)).ExpectProblem(412, "not-as-it-was");
        (await server.Ask("DELETE drafts/maple-2027", headers: $"If-Match: {read}")).ExpectProblem(412, "not-as-it-was");
        (await server.Ask("POST drafts/maple-2027/publication", "{}", headers: $"If-Match: {read}")).ExpectProblem(412, "not-as-it-was");

        var again = (await server.Ask("GET editions/maple-2027")).Expect(200);
        Assert.Contains("300 points", (string)again.Json["text"]!, StringComparison.Ordinal);
        // What was told since changes nothing of it.
        (await server.Tell("b1", "member.joined", "member/ben", "2024-03-01")).Expect(201);
        (await server.Ask("POST drafts/maple-2027/publication", "{}", headers: $"If-Match: {again.Header("ETag")}")).Expect(201);
    }

    [Fact]
    public async Task Of_two_who_write_a_draft_at_once_one_writes_over_what_it_has_read()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store, clock: Clock());
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        var read = (await server.Ask("GET editions/maple-2027")).Expect(200).Header("ETag")!;
        var written = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => server.Ask("PUT drafts/maple-2027", Draft.Replace("200 points", $"{n}01 points"), "application/yaml", headers: $"If-Match: {read}")));
        Assert.Equal((1, 5), (written.Count(a => a.Status == 200), written.Count(a => a.Problem == "not-as-it-was")));
    }

    [Fact]
    public async Task Of_one_who_writes_a_draft_while_another_publishes_it_nothing_is_lost()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store, clock: Clock());
        for (var round = 0; round < 12; round++)
        {
            var text = $"edition: round-{round}\neffective: {2027 + round}-01-01\nbased-on: maple-2024\nrules: {{ site: {{ give: 111 points, to: site.owner, while: site.premium }} }}\n";
            (await server.Ask($"PUT drafts/round-{round}", text, "application/yaml")).Expect(201);
            var writing = server.Ask($"PUT drafts/round-{round}", text.Replace("111", "222", StringComparison.Ordinal), "application/yaml");
            await Task.Delay(round);
            var publishing = await server.Ask($"POST drafts/round-{round}/publication", "{}");
            var written = await writing;
            // What is written is published, or one of the two is told that the other came first.
            var edition = (string)(await server.Ask($"GET editions/round-{round}")).Expect(200).Json["text"]!;
            if (publishing.Status != 201) { publishing.ExpectProblem(412, "not-as-it-was"); }
            Assert.Equal(written.Status == 200 ? "222" : "111", edition.Contains("222", StringComparison.Ordinal) ? "222" : "111");
        }

        for (var round = 0; round < 8; round++)
        {
            (await server.Ask($"PUT drafts/gone-{round}", $"edition: gone-{round}\neffective: {2060 + round}-01-01\nbased-on: maple-2024\n", "application/yaml")).Expect(201);
            var publishing = server.Ask($"POST drafts/gone-{round}/publication", "{}");
            await Task.Delay(2 * round);
            var deleted = await server.Ask($"DELETE drafts/gone-{round}");
            Assert.Equal((await publishing).Status != 201, deleted.Status == 204);
        }

        var drafted = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.Ask("POST editions/maple-2024/revert", """{"as":"again","effective":"2050-01-01"}""")));
        Assert.Equal(1, drafted.Count(a => a.Status == 201));
    }

    [Theory, Stores]
    public async Task What_is_wrong_with_a_draft_is_named_with_its_line_and_nothing_is_kept(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        var wrong = (await server.Ask("PUT drafts/maple-2027", Draft.Replace("site.premium", "site.premiun"), "application/yaml")).ExpectProblem(422, "program-wrong").Json;
        Assert.Contains("line 5", (string)wrong["errors"]![0]!["detail"]!, StringComparison.Ordinal);
        Assert.Contains("`premium`", (string)wrong["errors"]![0]!["remedy"]!, StringComparison.Ordinal);
        (await server.Ask("PUT drafts/other", Draft, "application/yaml")).ExpectProblem(400, "invalid-body");
        (await server.Ask("PUT drafts/maple-2024", Draft.Replace("maple-2027", "maple-2024").Replace("based-on: maple-2024\n", ""), "application/yaml")).ExpectProblem(422, "program-wrong");
        (await server.Ask("PUT drafts/a%2Fb", Draft, "application/yaml")).ExpectProblem(400, "invalid-parameter");
        (await server.Ask("PUT drafts/maple-2027", Draft)).ExpectProblem(415, "wrong-media-type");
        (await server.Ask("PUT drafts/maple-2027?dry-run=true", Draft, "application/yaml")).Expect(200);
        (await server.Ask("POST drafts/maple-2027/publication", "{}")).ExpectProblem(404, "unknown-name");
        Assert.Equal(["maple-2024 in-force"], await Listed(server));
    }

    [Theory, Stores]
    public async Task A_draft_published_for_a_later_date_is_in_force_from_then_and_can_be_taken_back_before(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        await server.TellOfAda();
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        Assert.True((bool)(await server.Ask("POST drafts/maple-2027/publication?dry-run=true", """{"effective":"2026-09-01"}""")).Expect(200).Json["dry_run"]!);
        Assert.Contains("maple-2027 draft", await Listed(server));
        var published = (await server.Ask("POST drafts/maple-2027/publication", """{"effective":"2026-09-01"}""")).Expect(201).Json;
        Assert.Equal(("scheduled", "2026-09-01T00:00:00Z", "editions/maple-2027.yaml"), ((string)published["state"]!, (string)published["published"]!, (string)published["file"]!));
        (await server.Ask("POST drafts/maple-2027/publication", "{}")).ExpectProblem(404, "unknown-name");

        (await server.Ask("POST editions/maple-2027/withdrawal")).Expect(200);
        Assert.Contains("maple-2027 draft", await Listed(server));
        (await server.Ask("POST editions/maple-2027/withdrawal")).ExpectProblem(409, "not-now");

        (await server.Ask("POST drafts/maple-2027/publication", """{"effective":"2026-09-01"}""")).Expect(201);
        Assert.Equal("100", await Points(server));
        clock.Now = new(2026, 9, 1, 0, 0, 1, TimeSpan.Zero);
        Assert.Equal("200", await Points(server));
        (await server.Tell("b1", "member.joined", "member/bo", "2026-09-01")).Expect(201);
        (await server.Ask("POST editions/maple-2027/withdrawal")).ExpectProblem(409, "not-now");
        var gone = Assert.Single((await server.Ask("POST files", """{"files":{"editions/maple-2027.yaml":null}}""")).ExpectProblem(409, "not-now").Json["errors"]!.AsArray())!;
        Assert.Equal("/files/editions~1maple-2027.yaml", (string)gone["pointer"]!);
        Assert.Equal("the edition maple-2027 is published, and would be gone", (string)gone["detail"]!);
        // The ledger has it too, by an entry of the new edition.
        Assert.Contains("maple-2027", (await server.Ask("GET members/ada/entries")).Expect(200).Json["entries"]!.AsArray().Select(e => (string?)e!["edition"]));
        await server.Restart();
        Assert.Equal("200", await Points(server));
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task One_that_is_published_at_once_is_opened_though_the_clock_stands_where_facts_were_told(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        foreach (var (program, members) in (IReadOnlyList<(string, int)>)[("alder", 3), ("birch", 150)])
        {
            var files = new JsonObject
            {
                ["program.yaml"] = $"program: {program}\nunits: {{ points: {{}} }}\nsubjects: {{ site: {{}} }}\nfacts: {{ site.created: {{ about: site, needs: [member] }} }}",
                ["editions/2025.yaml"] = "edition: first\neffective: 2025-01-01\nroles: { site.owner: { starts: site.created } }\nrules: { site: { give: 100 points, to: site.owner } }",
            };
            (await server.Ask("POST /v1/programs", new JsonObject { ["files"] = files, ["sandbox"] = true, ["clock"] = "2025-03-01" }.ToJsonString())).Expect(201);
            var told = new global::System.Text.StringBuilder();
            for (var i = 0; i < members; i++)
            {
                told.Append($$"""{"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2025-02-01"}""").Append('\n');
                told.Append($$"""{"id":"c{{i}}","source":"test","type":"site.created","subject":"site/s{{i}}","time":"2025-02-01","data":{"member":"m{{i}}"} }""").Append('\n');
            }
            // The clock stands: they are recorded a microsecond after one another, beyond it.
            (await server.Ask($"POST /v1/programs/{program}/facts", told.ToString(), "application/x-ndjson")).Expect(200);
            (await server.Ask($"PUT /v1/programs/{program}/drafts/second", "edition: second\neffective: 2025-03-01\nbased-on: first\nrules: { site: { give: 200 points, to: site.owner } }", "application/yaml")).Expect(201);
            (await server.Ask($"POST /v1/programs/{program}/drafts/second/publication", "{}")).Expect(201);

            await Until(async () => (await server.Ask($"GET /v1/programs/{program}/members?limit=200")).Expect(200).Json["members"]!.AsArray().All(m => (string)m!["standing"]!["metrics"]!["points"]! == "200"));
            Assert.Equal("in-force", (string)(await server.Ask($"GET /v1/programs/{program}/editions/second")).Expect(200).Json["state"]!);
            Assert.Equal(members, await store.Count($"entries e JOIN programs p ON p.program = e.program WHERE p.name = '{program}' AND e.amount = 200"));
        }
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task One_that_changes_much_for_many_can_be_looked_at_and_taken_back_and_is_opened_for_all_at_once(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        var told = new global::System.Text.StringBuilder();
        for (var i = 0; i < 150; i++)
        {
            told.Append($$"""{"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2026-05-01","data":{} }""").Append('\n');
            told.Append($$"""{"id":"c{{i}}","source":"test","type":"site.created","subject":"site/s{{i}}","time":"2026-05-01","data":{"member":"m{{i}}"} }""").Append('\n');
            told.Append($$"""{"id":"b{{i}}","source":"test","type":"plan.bought","subject":"site/s{{i}}","time":"2026-05-02","data":{"plan":"basic"} }""").Append('\n');
        }
        (await server.Ask("POST facts", told.ToString(), "application/x-ndjson")).Expect(200);
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        (await server.Ask("GET editions/maple-2027/staged")).ExpectProblem(409, "not-now");
        const string Tomorrow = """{"effective":"2026-06-02"}""";
        (await server.Ask("POST drafts/maple-2027/publication", Tomorrow)).Expect(201);
        await Until(async () => (await server.Ask("GET editions/maple-2027")).Expect(200).Json["staging"] is { } staging && (long)staging["done"]! == 150);

        var looked = (await server.Ask("GET editions/maple-2027/staged?limit=100")).Expect(200).Json;
        Assert.Equal((100, 150), (looked["members"]!.AsArray().Count, (int)looked["total"]!));
        Assert.Equal(50, (await server.Ask($"GET editions/maple-2027/staged?cursor={looked["next"]}")).Expect(200).Json["members"]!.AsArray().Count);
        var staged = (await server.Ask("GET editions/maple-2027/staged/m7")).Expect(200).Json;
        Assert.Equal(("100", "200", true, "2026-06-02T00:00:00Z"), ((string)staged["present"]!["metrics"]!["points"]!, (string)staged["staged"]!["metrics"]!["points"]!, (bool)staged["holds"]!, (string)staged["at"]!));
        Assert.NotEmpty(staged["changes"]!.AsArray());
        (await server.Ask("GET editions/maple-2027/staged/nobody")).ExpectProblem(404, "unknown-name");

        (await server.Ask("POST editions/maple-2027/withdrawal")).Expect(200);
        await Until(async () => await store.Count("staged_members") + await store.Count("staged_entries") + await store.Count("staged_changes") == 0);
        (await server.Ask("POST drafts/maple-2027/publication", Tomorrow)).Expect(201);
        await Until(async () => (await server.Ask("GET editions/maple-2027")).Expect(200).Json["staging"] is { } staging && (long)staging["done"]! == 150);
        clock.Now = new(2026, 6, 2, 0, 0, 1, TimeSpan.Zero);
        // Whoever looks meanwhile sees all of the old, or all of the new.
        await Until(async () =>
        {
            var points = (await server.Ask("GET members?limit=200")).Expect(200).Json["members"]!.AsArray().Select(m => (string)m!["standing"]!["metrics"]!["points"]!).Distinct().ToList();
            Assert.Single(points);
            return points[0] == "200";
        });
        Assert.Equal("200", (string)(await server.Ask("GET members/m149/standing")).Expect(200).Json["metrics"]!["points"]!);
        (await server.Ask("POST editions/maple-2027/withdrawal")).ExpectProblem(409, "not-now");
        (await server.Ask("GET editions/maple-2027/staged")).ExpectProblem(409, "not-now");
        Assert.Equal(150, await store.Count("entries WHERE amount = 200"));
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task One_that_is_opened_stays_in_force_where_the_clock_is_set_back(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        await server.TellOfAda();
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        (await server.Ask("POST drafts/maple-2027/publication", """{"effective":"2026-06-02"}""")).Expect(201);
        clock.Now = clock.Now.AddDays(2);
        await Until(async () => (string)(await server.Ask("GET editions/maple-2027")).Expect(200).Json["state"]! == "in-force");
        (await server.Tell("later", "member.joined", "member/ben", "2026-06-02")).Expect(201);
        clock.Now = clock.Now.AddDays(-2);
        Assert.Equal("maple-2027", (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["edition"]!);
        Assert.Equal("in-force", (string)(await server.Ask("GET editions/maple-2027")).Expect(200).Json["state"]!);
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task Of_one_that_is_published_now_for_many_it_is_said_that_it_is_being_staged(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        (await server.Ask("POST facts", string.Concat(Enumerable.Range(0, 101).Select(i => $$"""{"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2026-05-01"}""" + "\n")), "application/x-ndjson")).Expect(200);
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        foreach (var query in (string[])["?dry-run=true", ""])
        {
            var published = (await server.Ask($"POST drafts/maple-2027/publication{query}", """{"effective":"2026-05-01"}""")).Json;
            Assert.Equal(("scheduled", 0, 101), ((string)published["state"]!, (int)published["staging"]!["done"]!, (int)published["staging"]!["total"]!));
        }
        clock.Now += TimeSpan.FromSeconds(1);
        await Until(async () => (string)(await server.Ask("GET editions/maple-2027")).Expect(200).Json["state"]! == "in-force");
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task Of_two_that_are_published_one_right_after_the_other_each_counts_from_where_it_is_in_the_ledger(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        (await server.Ask("POST facts", string.Concat(Enumerable.Range(0, 300).Select(i =>
            $$"""{"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2026-05-01"}""" + "\n"
            + $$"""{"id":"c{{i}}","source":"test","type":"site.created","subject":"site/s{{i}}","time":"2026-05-01","data":{"member":"m{{i}}"} }""" + "\n"
            + $$"""{"id":"b{{i}}","source":"test","type":"plan.bought","subject":"site/s{{i}}","time":"2026-05-02","data":{"plan":"basic"} }""" + "\n")), "application/x-ndjson")).Expect(200);
        clock.Now += TimeSpan.FromMinutes(1);
        foreach (var (name, points) in ((string, int)[])[("second", 150), ("third", 170)])
        {
            (await server.Ask($"PUT drafts/{name}", $"edition: {name}\neffective: 2026-05-10\nbased-on: maple-2024\nrules: {{ site: {{ give: {points} points, to: site.owner, while: site.premium }} }}\n", "application/yaml")).Expect(201);
        }
        var (reading, seen) = (new CancellationTokenSource(), new List<(string Edition, string Points)>());
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(async () =>
        {
            var last = "";
            while (!reading.IsCancellationRequested)
            {
                var standing = (await server.Ask("GET members/m7/standing")).Expect(200);
                var entries = (await server.Ask("GET members/m7/entries?at=2026-06-01T12:01:00Z")).Expect(200);
                var (edition, points) = ((string)standing.Json["edition"]!, (string)standing.Json["metrics"]!["points"]!);
                lock (seen) { if (edition != last) { seen.Add((edition, points)); } }
                last = edition;
                if (standing.Header("Laurel-Position") != entries.Header("Laurel-Position")) { continue; }
                Assert.Equal(points, entries.Json["entries"]!.AsArray().Sum(e => long.Parse((string)e!["amount"]!, global::System.Globalization.CultureInfo.InvariantCulture) * ((string)e["to"]! == "member/m7" ? 1 : -1)).ToString(global::System.Globalization.CultureInfo.InvariantCulture));
            }
        })).ToList();

        (await server.Ask("POST drafts/second/publication", """{"effective":"2026-05-10"}""")).Expect(201);
        clock.Now += TimeSpan.FromSeconds(1);
        var third = (await server.Ask("POST drafts/third/publication", """{"effective":"2026-05-20"}""")).Expect(201).Json;
        Assert.Equal("scheduled", (string)third["state"]!);
        clock.Now += TimeSpan.FromSeconds(1);
        await Until(async () => (string)(await server.Ask("GET editions/third")).Expect(200).Json["state"]! == "in-force");
        await Until(async () => { await Task.Yield(); lock (seen) { return readers.Exists(r => r.IsFaulted) || seen.Count(s => s.Edition == "third") == 2; } });
        await reading.CancelAsync();
        await Task.WhenAll(readers);

        // Each sees the old, and then the new; one that is in force for a moment not always.
        Assert.InRange(seen.Count, 4, 6);
        Assert.All(seen, s => Assert.Equal(s.Edition switch { "maple-2024" => "100", "second" => "150", _ => "170" }, s.Points));
        // The third did not have it begun anew.
        Assert.Equal(1, await store.Count($"books WHERE edition = 'second'"));
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task An_edition_that_begins_in_the_past_is_known_from_now_on(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        await server.TellOfAda();
        clock.Now += TimeSpan.FromMinutes(1);
        (await server.Ask("PUT drafts/maple-2027", Draft, "text/yaml")).Expect(201);
        (await server.Ask("POST drafts/maple-2027/publication", """{"effective":"2026-02-01","published":"2026-03-01"}""")).ExpectProblem(400, "invalid-body");
        Assert.Equal("in-force", (string)(await server.Ask("POST drafts/maple-2027/publication", """{"effective":"2026-02-01"}""")).Expect(201).Json["state"]!);
        Assert.Equal("200", await Points(server, "&at=2026-02-01"));
        Assert.Equal("100", await Points(server, "&at=2026-01-31"));
        Assert.Equal("100", await Points(server, "&at=2026-02-01&known=2026-06-01T12:00:30Z"));
        Assert.Equal(1, await store.Count("facts WHERE id = 'edition/maple-2027'"));
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task A_revert_drafts_what_an_earlier_edition_says(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        await server.TellOfAda();
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        (await server.Ask("POST drafts/maple-2027/publication", """{"effective":"2026-06-02"}""")).Expect(201);
        clock.Now += TimeSpan.FromDays(2);
        // With nothing told after it, the edition opens by itself.
        for (var i = 0; i < 100 && await store.Count("facts WHERE id = 'edition/maple-2027'") == 0; i++) { await Task.Delay(100); }
        Assert.Equal("200", await Points(server));
        var again = (await server.Ask("POST editions/maple-2024/revert", """{"as":"Maple-2028","effective":"2026-07-01"}""")).Expect(201).Json;
        Assert.Equal(("draft", "drafts/maple-2028.yaml"), ((string)again["state"]!, (string)again["file"]!));
        // Of what is gone the credits go on, unless the operator says otherwise.
        Assert.EndsWith("transition:\n  newcomer: keep\n", (string)again["text"]!, StringComparison.Ordinal);
        Assert.Equal("transition", (string)Assert.Single((await server.Ask("GET editions/Maple-2028/diff?against=maple-2024")).Expect(200).Json["differences"]!.AsArray())!["section"]!);
        (await server.Ask("POST editions/maple-2024/revert", """{"as":"Maple-2028","effective":"2026-07-01"}""")).ExpectProblem(409, "not-now");
        (await server.Ask("POST drafts/Maple-2028/publication", "{}")).Expect(201);
        clock.Now += TimeSpan.FromDays(40);
        Assert.Equal("100", await Points(server));
        (await server.Tell("b1", "member.joined", "member/bo", "2026-07-12")).Expect(201);
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task What_can_be_told_grows_and_a_word_of_the_log_stays(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        await server.TellOfAda();
        var text = (string)(await server.Ask("GET files")).Expect(200).Json["files"]!["program.yaml"]!;
        var more = new JsonObject { ["files"] = new JsonObject { ["program.yaml"] = text.Replace("facts:", "facts:\n  site.shown:  { about: site }", StringComparison.Ordinal) } }.ToJsonString();
        (await server.Ask("POST files?dry-run=true", more)).Expect(200);
        (await server.Tell("s1", "site.shown", "site/s1", "2026-05-01")).ExpectProblem(422, "fact-refused");
        (await server.Ask("POST files", more)).Expect(200);
        (await server.Tell("s1", "site.shown", "site/s1", "2026-05-01")).Expect(201);
        Assert.Equal("100", await Points(server));
        var less = new JsonObject { ["files"] = new JsonObject { ["program.yaml"] = text } }.ToJsonString();
        Assert.Contains("site.shown", (string)(await server.Ask("POST files", less)).ExpectProblem(422, "program-wrong").Json["detail"]!, StringComparison.Ordinal);
        var elsewhere = new JsonObject { ["files"] = new JsonObject { ["program.yaml"] = text.Replace("plan.bought:", "plan.sold:", StringComparison.Ordinal) } }.ToJsonString();
        var unsent = (await server.Ask("POST files", elsewhere)).ExpectProblem(422, "program-wrong").Json["errors"]!.AsArray();
        Assert.All(unsent, e => Assert.Null(e!["pointer"]));
        Assert.All(unsent, e => Assert.StartsWith("editions/", (string)e!["detail"]!, StringComparison.Ordinal));
        Assert.Equal("/files/notes.txt", (string)(await server.Ask("POST files", """{"files":{"notes.txt":"x"}}""")).ExpectProblem(400, "invalid-body").Json["errors"]![0]!["pointer"]!);
        (await server.Ask("POST files", """{"files":{"../x/program.yaml":"x"}}""")).ExpectProblem(400, "invalid-body");
        (await server.Ask("POST files", """{"files":{"editions/2024.yaml":null}}""")).ExpectProblem(422, "program-wrong");
        await server.Restart();
        Assert.Equal("100", await Points(server));
        await IsClean(store);
    }

    [Theory, Stores]
    public async Task A_program_is_checked_with_its_scenarios_as_it_would_be(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        const string Scenario = """
            scenario: A site on a plan
            facts:
              - { at: 2024-06-01, fact: member.joined, member: ada }
              - { at: 2024-06-01, fact: site.created, site: s1, member: ada }
              - { at: 2024-06-02, fact: plan.bought, site: s1, plan: business }
            expect:
              - { at: 2024-06-03, member: ada, points: 100 }
            """;
        string Body(string scenario) => new JsonObject { ["files"] = new JsonObject { ["scenarios/plans.yaml"] = scenario } }.ToJsonString();
        var passed = (await server.Ask("POST check", Body(Scenario))).Expect(200).Json;
        Assert.Equal((0, 1, 1), ((int)passed["errors"]!, (int)passed["scenarios"]!["run"]!, (int)passed["scenarios"]!["passed"]!));
        Assert.Contains("rungs", (string)passed["scenarios"]!["coverage"]!, StringComparison.Ordinal);
        var failed = (await server.Ask("POST check", Body(Scenario.Replace("points: 100", "points: 200")))).Expect(200).Json;
        Assert.Equal((1, 0), ((int)failed["errors"]!, (int)failed["scenarios"]!["passed"]!));
        var error = Assert.Single(failed["problems"]!.AsArray(), p => (string)p!["severity"]! == "error")!;
        Assert.Equal(("scenarios/plans.yaml", 7), ((string)error["file"]!, (int)error["line"]!));
        // Nothing was kept.
        Assert.Equal(0, (int)(await server.Ask("POST check", "{}")).Expect(200).Json["scenarios"]!["run"]!);
        (await server.Ask("POST files", Body(Scenario))).Expect(200);
        Assert.Equal(1, (int)(await server.Ask("POST check", "{}")).Expect(200).Json["scenarios"]!["run"]!);
    }

    [Theory, Stores]
    public async Task A_backtest_runs_as_a_job_and_says_who_gains_and_why(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        await server.TellOfAda();
        (await server.Tell("b1", "member.joined", "member/bo", "2024-03-01")).Expect(201);
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        var begun = (await server.Ask("POST drafts/maple-2027/backtest", """{"explain":true,"at":"2026-05-31","groups":["tenure"]}""")).Expect(202);
        var result = await Result(server, begun);
        Assert.Equal((2, 1, "110"), ((int)result["totals"]!["members"]!, (int)result["totals"]!["changed"]!, (string)result["totals"]!["units"]!["points"]!["difference"]!));
        var ada = Assert.Single(result["members"]!.AsArray())!;
        Assert.Equal(("ada", "100", "210"), ((string)ada["member"]!, (string)ada["units"]!["points"]!["against"]!, (string)ada["units"]!["points"]!["draft"]!));
        Assert.NotNull(ada["explanation"]);
        Assert.Equal("backtest", (string)Assert.Single((await server.Ask("GET jobs")).Expect(200).Json["jobs"]!.AsArray())!["kind"]!);
        (await server.Ask($"DELETE jobs/{begun.Json["job"]}")).Expect(204);
        (await server.Ask($"GET jobs/{begun.Json["job"]}")).ExpectProblem(404, "unknown-name");

        (await server.Ask("POST drafts/nothing/backtest", "{}")).ExpectProblem(404, "unknown-name");
        (await server.Ask("POST drafts/maple-2027/backtest", """{"against":"maple-2023"}""")).ExpectProblem(404, "unknown-name");
        (await server.Ask("POST drafts/maple-2027/backtest", """{"groups":["size","shoe"]}""")).ExpectProblem(404, "unknown-name");
        (await server.Ask("POST drafts/maple-2027/backtest", """{"explain":"yes","at":"soon"}""")).ExpectProblem(400, "invalid-body");
    }

    [Theory, Stores]
    public async Task A_shadow_says_day_by_day_what_a_draft_would_have_changed_as_known_then(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = Clock();
        await using var server = await Running.Start(store, clock: clock);
        await server.TellOfAda();
        (await server.Ask("PUT drafts/maple-2027", Draft, "application/yaml")).Expect(201);
        clock.Now += TimeSpan.FromDays(2);
        (await server.Tell("a4", "site.created", "site/s2", "2026-06-02", """{"member":"ada"}""")).Expect(201);
        var days = (await Result(server, (await server.Ask("POST drafts/maple-2027/shadow", """{"from":"2026-06-01"}""")).Expect(202)))["days"]!.AsArray();
        // Told on the third, it makes no difference on the second, on which it happened.
        Assert.Equal(
            ["2026-06-01 110", "2026-06-02 110", "2026-06-03 120"],
            days.Select(d => $"{d!["day"]} {d["totals"]!["units"]!["points"]!["difference"]}"));
        Assert.Equal("100", await Points(server));
        (await server.Ask("POST drafts/maple-2027/shadow", """{"until":"2026-12-01"}""")).ExpectProblem(400, "invalid-body");
        (await server.Ask("POST drafts/maple-2027/shadow", """{"from":"2020-01-01"}""")).ExpectProblem(400, "invalid-body");
    }

    [Theory, Stores]
    public async Task A_backtest_has_a_group_of_those_of_whom_nobody_told_it(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: Clock());
        const string Rules = """effective: 2026-01-01\nrules: { tea: { give: 5 points, when: member.moved } }\n""";
        (await server.Ask("POST /v1/programs", $$$"""
            {"files":{
              "program.yaml":"program: larch\nunits: { points: {} }\nsubjects: { member: { country: text } }\nfacts: { member.moved: { about: member, may: [country] } }\n",
              "editions/1.yaml":"edition: one\n{{{Rules}}}",
              "drafts/2.yaml":"edition: two\n{{{Rules.Replace("5", "6")}}}"
            }}
            """)).Expect(201);
        (await server.Ask("POST /v1/programs/larch/facts", """[{"id":"1","source":"s","type":"member.joined","subject":"member/ada","time":"2026-02-01"},{"id":"2","source":"s","type":"member.moved","subject":"member/ada","time":"2026-02-02"}]""")).Expect(200);
        var begun = (await server.Ask("POST /v1/programs/larch/drafts/two/backtest", """{"groups":["country"]}""")).Expect(202);
        var result = await Result(server, begun);
        Assert.True(Assert.Single(result["groups"]!.AsArray())!.AsObject().TryGetPropertyValue("key", out var key) && key is null);
        Assert.True(Assert.Single(result["members"]!.AsArray())!["groups"]!.AsObject().TryGetPropertyValue("country", out var told) && told is null);
    }

    private static async Task<JsonNode> Result(Running server, Answered begun)
    {
        var location = begun.Header("Location")!;
        for (var i = 0; i < 600; i++)
        {
            var job = (await server.Ask($"GET {location}")).Expect(200).Json;
            if ((string)job["state"]! is "done") { return job["result"]!; }
            Assert.True((string)job["state"]! is "waiting" or "running", job.ToJsonString());
            await Task.Delay(50);
        }
        throw new TimeoutException("the job is not done");
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var i = 0; !await holds(); i++)
        {
            Assert.True(i < 1_200, "it does not come to that");
            await Task.Delay(50);
        }
    }

    private static async Task<string> Points(Running server, string query = "") =>
        (string)(await server.Ask($"GET members/ada/standing?{query.TrimStart('&')}")).Expect(200).Json["metrics"]!["points"]!;

    private static async Task<IReadOnlyList<string>> Listed(Running server) =>
        [.. (await server.Ask("GET editions")).Expect(200).Json["editions"]!.AsArray().Select(e => $"{e!["edition"]} {e["state"]}")];

    private static async Task IsClean(Store store)
    {
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
    }
}
