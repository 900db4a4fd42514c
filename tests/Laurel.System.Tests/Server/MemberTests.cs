using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;
using System.Text.Json.Nodes;

namespace Laurel.System.Tests.Server;

/// <summary>Members over HTTP: where they stand, why, and what comes next.</summary>
public sealed class MemberTests
{
    [Theory, Stores]
    public async Task Who_is_enrolled_is_not_enrolled_again_and_who_left_does_not_leave_again(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        foreach (var at in new[] { null, """{"at":"2024-03-01"}""", """{"at":"2024-05-01"}""" })
        {
            var again = (await server.Ask("PUT members/ada", at)).Expect(200).Json;
            Assert.Equal(("unchanged", "test", "a1", 0), ((string)again["verdict"]!, (string)again["source"]!, (string)again["id"]!, (int)again["position"]! - (int)(await server.Tell("a1", "member.joined", "member/ada", "2024-03-01")).Expect(200).Json["position"]!));
        }
        var dry = (await server.Ask("PUT members/ada?dry-run=true")).Expect(200).Json;
        Assert.Equal(("unchanged", true), ((string)dry["verdict"]!, (bool)dry["dry_run"]!));
        Assert.Equal(3, await store.Count("facts WHERE subject IS NOT NULL"));

        // Before she joined she was not enrolled; and what was retracted says nothing.
        var earlier = (await server.Ask("PUT members/ada", """{"at":"2024-02-01"}""")).Expect(201).Json;
        (await server.Ask("POST facts/retractions", $$"""{"source":"{{earlier["source"]}}","id":"{{earlier["id"]}}"}""")).Expect(201);
        (await server.Ask("PUT members/ada", """{"at":"2024-02-01"}""")).Expect(201);

        (await server.Ask("DELETE members/ada", """{"at":"2024-06-01"}""")).Expect(201);
        Assert.Equal("unchanged", (string)(await server.Ask("DELETE members/ada")).Expect(200).Json["verdict"]!);
        Assert.Equal("unchanged", (string)(await server.Ask("PUT members/ada", """{"at":"2024-05-31"}""")).Expect(200).Json["verdict"]!);
        (await server.Ask("PUT members/ada", """{"at":"2024-07-01"}""")).Expect(201);
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", store.Connection).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task What_the_server_says_of_the_demo_is_what_the_command_line_says(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await using (var facts = File.OpenRead(Path.Combine(CliRun.Root, CliRun.Demo))) { Assert.Equal(0, await server.Serving.Tell("wix-partner", facts, default)); }
        foreach (var (verb, path, more) in new[]
        {
            ("score", "standing", (string[])[]), ("score", "credits", []), ("explain", "explanation?metric=points", ["--metric", "points"]),
            ("explain", "explanation?subject=site/gallery", ["--subject", "site/gallery"]), ("forecast", "forecast", []),
        })
        {
            foreach (var when in new[] { "at=2025-06-01&known=2025-12-31", "at=2025-12-31&known=2025-05-01&under=W6" })
            {
                var asked = when.Split('&').Select(p => p.Split('=')).SelectMany(p => new[] { $"--{p[0]}", p[1] });
                var said = JsonNode.Parse(CliRun.Of([verb, "wix-partner", CliRun.Demo, "--member", "ada", "--format", "json", .. asked, .. more]).Expect(0).Output)!.AsObject();
                var answered = (await server.Ask($"GET /v1/programs/wix-partner/members/ada/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{when}")).Expect(200).Json.AsObject();
                foreach (var (name, value) in answered) { Assert.True(JsonNode.DeepEquals(said[name], value), $"{path} {when}: {name}\n{value}\n{said[name]}"); }
            }
        }
        var supposed = (await server.Ask("POST /v1/programs/wix-partner/members/ada/what-if?at=2025-12-31&known=2025-12-31", """{"facts":[{"type":"plan.expired","subject":"site/gallery"}]}""")).Expect(200).Json;
        var whatIf = JsonNode.Parse(CliRun.Of("what-if", "wix-partner", CliRun.Demo, "--member", "ada", "--at", "2025-12-31", "--known", "2025-12-31", "--format", "json", "--suppose", "plan.expired site=gallery").Expect(0).Output)!;
        foreach (var name in new[] { "supposed", "changes_anything", "changes", "later", "credits", "entries", "explanation" }) { Assert.True(JsonNode.DeepEquals(whatIf[name], supposed[name]), name); }
    }

    [Theory, Stores]
    public async Task A_standing_is_asked_for_at_any_time_as_known_at_any_time(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        Assert.Equal("0", (string)(await server.Ask("GET members/ada/standing?at=2024-03-01")).Expect(200).Json["metrics"]!["points"]!);
        Assert.Equal("100", (string)(await server.Ask("GET members/ada/standing?at=2024-03-02")).Expect(200).Json["metrics"]!["points"]!);
        Assert.Equal("100", (string)(await server.Ask("GET members/ada/standing?under=maple-2024")).Expect(200).Json["metrics"]!["points"]!);
        Assert.Equal("bronze", (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["levels"]!["level"]!["rung"]!);

        (await server.Ask("GET members/ada/standing?at=2024-13-01")).ExpectProblem(400, "invalid-parameter");
        (await server.Ask("GET members/ada/standing?known=soon")).ExpectProblem(400, "invalid-parameter");
        (await server.Ask("GET members/ada/standing?under=oak")).ExpectProblem(404, "unknown-name");
        (await server.Ask("GET members/nobody/standing")).ExpectProblem(404, "unknown-name");
        (await server.Ask("GET members/ada/explanation?subject=site/nowhere")).ExpectProblem(404, "unknown-name");
        (await server.Ask("GET members/ada/explanation?metric=stars")).ExpectProblem(404, "unknown-name");
        (await server.Ask("GET members/ada/explanation?metric=points&level=gold")).ExpectProblem(400, "invalid-parameter");
        (await server.Ask("GET members/ada/forecast?at=2025-01-01&until=2024-01-01")).ExpectProblem(400, "invalid-parameter");
    }

    [Theory, Stores]
    public async Task What_was_posted_and_announced_is_listed(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var entry = Assert.Single((await server.Ask("GET members/ada/entries")).Expect(200).Json["entries"]!.AsArray())!;
        Assert.Equal(("100", "points", "site/s1", "a3", "member/ada"), ((string)entry["amount"]!, (string)entry["unit"]!, (string)entry["subject"]!, (string)entry["cause"]!["id"]!, (string)entry["to"]!));
        Assert.Empty((await server.Ask("GET members/ada/entries?known=2020-01-01")).Expect(200).Json["entries"]!.AsArray());
        var changes = (await server.Ask("GET members/ada/changes")).Expect(200).Json["changes"]!.AsArray();
        Assert.Contains(changes, c => (string)c!["changes"]![0]!["what"]! == "metric" && (string)c["changes"]![0]!["to"]! == "100");
        var steps = (await server.Ask("GET members/ada/timeline")).Expect(200).Json["steps"]!.AsArray();
        Assert.Contains(steps, s => (string)s!["at"]! == "2024-03-02T00:00:00Z" && (string)s["standing"]!["metrics"]!["points"]! == "100");

        await server.Tell("b1", "member.joined", "member/ben", "2024-04-01");
        var page = (await server.Ask("GET members?limit=1")).Expect(200).Json;
        Assert.Equal(("ada", "100"), ((string)page["members"]![0]!["member"]!, (string)page["members"]![0]!["standing"]!["metrics"]!["points"]!));
        Assert.Equal("ben", (string)(await server.Ask($"GET members?limit=1&cursor={page["next"]}")).Expect(200).Json["members"]![0]!["member"]!);

        // As they stood: those of another question have other pages.
        var then = (await server.Ask("GET members?limit=1&at=2024-03-01")).Expect(200).Json;
        Assert.Equal(("ada", "0", "2024-03-01T23:59:59.999999Z"), ((string)then["members"]![0]!["member"]!, (string)then["members"]![0]!["standing"]!["metrics"]!["points"]!, (string)then["members"]![0]!["as_of"]!));
        var second = (await server.Ask($"GET members?limit=1&at=2024-03-01&cursor={then["next"]}")).Expect(200).Json["members"]![0]!;
        Assert.Equal(("ben", false), ((string)second["member"]!, (bool)second["standing"]!["enrolled"]!));
        (await server.Ask($"GET members?limit=1&at=2024-03-02&cursor={then["next"]}")).ExpectProblem(400, "invalid-cursor");
        Assert.True(JsonNode.DeepEquals(page["members"]![0]!["standing"], (await server.Ask("GET members?under=maple-2024")).Expect(200).Json["members"]![0]!["standing"]));
        (await server.Ask("GET members?under=oak")).ExpectProblem(404, "unknown-name");
        Assert.Empty((await server.Ask("GET facts?known=2020-01-01")).Expect(200).Json["facts"]!.AsArray());
        Assert.NotEmpty((await server.Ask("GET facts?known=2090-01-01")).Expect(200).Json["facts"]!.AsArray());
    }

    [Theory, Stores]
    public async Task A_timeline_ends_with_the_standing_also_where_an_edition_only_brings_a_new_metric(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        const string First = "edition: one\neffective: 2024-01-01\nrules: { site: { give: 10 points, when: site.created } }\nmetrics: { points: { sum: points } }\n";
        var program = new JsonObject
        {
            ["files"] = new JsonObject
            {
                ["program.yaml"] = "program: oak\nunits: { points: {} }\nsubjects: { site: {} }\nfacts: { site.created: { about: site, needs: [member] } }\n",
                ["editions/one.yaml"] = First,
                ["editions/two.yaml"] = "edition: two\neffective: 2025-01-01\nbased-on: one\nmetrics: { twice: points * 2 }\n",
            },
        };
        (await server.Ask("POST /v1/programs", program.ToJsonString())).Expect(201);
        (await server.Ask("POST /v1/programs/oak/facts", """{"id":"j","source":"test","type":"member.joined","subject":"member/ada","time":"2024-03-01"}""")).Expect(201);

        var last = (await server.Ask("GET /v1/programs/oak/members/ada/timeline")).Expect(200).Json["steps"]!.AsArray()[^1]!;
        var standing = (await server.Ask("GET /v1/programs/oak/members/ada/standing")).Expect(200).Json;

        Assert.Equal(("two", "2025-01-01T00:00:00Z", "0"), ((string)last["edition"]!, (string)last["at"]!, (string)last["standing"]!["metrics"]!["twice"]!));
        Assert.Equal(standing["metrics"]!.ToJsonString(), last["standing"]!["metrics"]!.ToJsonString());
        Assert.Empty(last["changes"]!.AsArray());
    }

    [Theory, Stores]
    public async Task An_explanation_is_in_the_language_that_is_asked_for_as_data_or_text(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var english = (await server.Ask("GET members/ada/explanation?metric=points")).Expect(200).Json;
        var german = (await server.Ask("GET members/ada/explanation?metric=points", headers: "Accept-Language: fr, de-AT;q=0.8, en;q=0.5")).Expect(200).Json;
        Assert.Equal((string)english["explanation"]!["key"]!, (string)german["explanation"]!["key"]!);
        Assert.NotEqual((string)english["explanation"]!["says"]!, (string)german["explanation"]!["says"]!);
        var text = (await server.Ask("GET members/ada/explanation?metric=points", headers: "Accept: text/plain")).Expect(200);
        Assert.Equal("text/plain", text.Type!.MediaType);
        Assert.StartsWith((string)english["explanation"]!["says"]!, text.Body.TrimStart('✓', '✗', ' '), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", "text/plain", "application/json")]
    [InlineData("application/yaml, application/json", "application/json", "application/yaml")]
    [InlineData("application/json, text/plain;q=0.9, application/yaml;q=0.9", "application/json", "application/json")]
    [InlineData("text/plain;q=0.1, application/yaml;q=0.1, application/json", "application/json", "application/json")]
    [InlineData("text/plain;q=0, application/yaml;q=0", "application/json", "application/json")]
    [InlineData("TEXT/PLAIN;q=0.5, Application/YAML, */*;q=0.1", "text/plain", "application/yaml")]
    [InlineData("text/plain, application/yaml, ;;", "text/plain", "application/yaml")]
    public async Task An_answer_is_what_the_caller_would_rather_have(string accept, string explanation, string edition)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        Assert.Equal(explanation, (await server.Ask("GET members/ada/explanation?metric=points", headers: $"Accept: {accept}")).Expect(200).Type!.MediaType);
        Assert.Equal(edition, (await server.Ask("GET editions/maple-2024", headers: $"Accept: {accept}")).Expect(200).Type!.MediaType);
    }

    [Theory, Stores]
    public async Task An_answer_says_as_of_which_position_it_is_and_when_it_is_the_same(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var first = (await server.Ask("GET members/ada/standing")).Expect(200);
        var (tag, position) = (first.Header("ETag")!, first.Header("Laurel-Position")!);
        Assert.Equal("", (await server.Ask("GET members/ada/standing", headers: $"If-None-Match: {tag}")).Expect(304).Body);
        (await server.Ask("GET members/ada/standing", headers: $"Laurel-Not-Older-Than: {position}")).Expect(200);
        (await server.Ask("GET members/ada/standing", headers: "Laurel-Not-Older-Than: soon")).ExpectProblem(400, "invalid-parameter");
        (await server.Ask("GET members/ada/standing", headers: "Laurel-Not-Older-Than: 00000000.1")).ExpectProblem(412, "other-incarnation");

        var told = (await server.Tell("a4", "plan.ended", "site/s1", "2024-05-01")).Expect(201);
        var later = (await server.Ask("GET members/ada/standing", headers: [$"If-None-Match: {tag}", $"Laurel-Not-Older-Than: {told.Header("Laurel-Position")}"])).Expect(200);
        Assert.NotEqual(tag, later.Header("ETag"));
        (await server.Ask("GET members/ada/standing", headers: $"If-Match: {tag}")).ExpectProblem(412, "not-as-it-was");
    }

    [Theory, Stores]
    public async Task Every_read_of_a_program_says_as_of_which_position_it_is(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        foreach (var (path, route) in (await server.Ask("GET /openapi/v1.json", key: "")).Expect(200).Json["paths"]!.AsObject())
        {
            // Jobs are of no log, and nothing is staged here.
            if (route!["get"] is null || !path.Contains("{program}", StringComparison.Ordinal) || path.Contains("/jobs", StringComparison.Ordinal) || path.Contains("/staged", StringComparison.Ordinal)) { continue; }
            var call = $"GET {path.Replace("{program}", "maple", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal).Replace("{edition}", "maple-2024", StringComparison.Ordinal)}{path.Split('/')[^1] switch { "diff" => "?against=maple-2024", "explanation" or "forecast" => "?at=2024-06-01", _ => "" }}";
            var answer = (await server.Ask(call)).Expect(200);
            Assert.True(answer.Header("Laurel-Position") is not null, call);
            (await server.Ask(call, headers: "Laurel-Not-Older-Than: 00000000.1")).ExpectProblem(412, "other-incarnation");
            if (answer.Header("ETag") is not { } tag) { continue; }
            foreach (var sent in (string[])[tag, tag["W/".Length..], $"\"other\", {tag}", "*"]) { (await server.Ask(call, headers: $"If-None-Match: {sent}")).Expect(304); }
            foreach (var sent in (string[])["garbage", "\"other\"", "W/"]) { (await server.Ask(call, headers: $"If-None-Match: {sent}")).Expect(200); }
        }
    }

    [Theory, Stores]
    public async Task A_database_that_was_restored_is_another(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var next = (string)(await server.Ask("GET facts?limit=1")).Json["next"]!;
        var position = (await server.Ask("GET members/ada/standing")).Header("Laurel-Position");
        await store.Execute("UPDATE programs SET incarnation = @other", new { other = Guid.NewGuid().ToByteArray() });
        await server.Restart();
        (await server.Ask($"GET facts?limit=1&cursor={next}")).ExpectProblem(412, "other-incarnation");
        (await server.Ask("GET members/ada/standing", headers: $"Laurel-Not-Older-Than: {position}")).ExpectProblem(412, "other-incarnation");
    }

    [Theory, Stores]
    public async Task What_was_written_is_read_as_of_an_instant_and_as_known_then(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var known = (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["known"]!;
        (await server.Tell("a4", "plan.ended", "site/s1", "2024-05-01")).Expect(201);
        async Task<int> Count(string what, string query) => (await server.Ask($"GET members/ada/{what}?{query}")).Expect(200).Json[what]!.AsArray().Count;

        // The fact of the end takes the whole credit back and gives one until then.
        var all = await Count("entries", "");
        Assert.True(all > await Count("entries", $"known={known}"));
        Assert.Equal((1, 0), (await Count("entries", $"known={known}&at=2024-06-01"), await Count("entries", $"known={known}&at=2024-03-01")));
        var changes = await Count("changes", "");
        Assert.InRange(await Count("changes", $"known={known}"), 1, changes - 1);
        Assert.Equal((0, changes), (await Count("changes", "at=2024-01-01"), await Count("changes", "at=2090-01-01")));
        var feed = (await server.Ask($"GET feed?known={known}")).Expect(200).Json["commits"]!.AsArray();
        Assert.InRange(feed.Count, 1, (await server.Ask("GET feed")).Expect(200).Json["commits"]!.AsArray().Count - 1);
        Assert.All(feed, commit => Assert.True(string.CompareOrdinal((string)commit!["recorded"]!, known) <= 0));

        async Task<int> Exported(string query) => (await server.Ask($"GET ledger?{query}")).Expect(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.Equal((await Count("entries", ""), 1, 0), (await Exported(""), await Exported($"known={known}&at=2024-06-01"), await Exported($"known={known}&at=2024-03-01")));

        foreach (var what in (string[])["standing", "entries", "changes"]) { (await server.Ask($"GET members/nobody/{what}")).ExpectProblem(404, "unknown-name"); }
    }

    [Theory, Stores]
    public async Task Of_a_history_that_was_told_at_once_what_was_written_is_known_since_it_was_learnt(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var facts = new[]
        {
            """{"id":"1","source":"test","type":"member.joined","subject":"member/ada","time":"2024-03-01"}""",
            """{"id":"2","source":"test","type":"site.created","subject":"site/s1","time":"2024-03-01","data":{"member":"ada"}}""",
            """{"id":"3","source":"test","type":"plan.bought","subject":"site/s1","time":"2024-03-01","data":{"plan":"a"}}""",
            """{"id":"4","source":"test","type":"site.created","subject":"site/s2","time":"2024-06-01","data":{"member":"ada"}}""",
            """{"id":"5","source":"test","type":"plan.bought","subject":"site/s2","time":"2024-06-01","data":{"plan":"a"}}""",
        };
        (await server.Ask("POST facts?as-told=true", $"[{string.Join(',', facts)}]")).Expect(200);

        async Task<int> Count(string what, string known) => (await server.Ask($"GET members/ada/{what}?known={known}")).Expect(200).Json[what]!.AsArray().Count;
        foreach (var (known, entries, changes) in ((string, int, int)[])[("2024-02-29", 0, 0), ("2024-03-01", 1, 2), ("2024-05-31", 1, 2), ("2024-06-01", 2, 3)])
        {
            Assert.Equal((known, entries, changes), (known, await Count("entries", known), await Count("changes", known)));
        }
        Assert.Single((await server.Ask("GET ledger?known=2024-05-31")).Expect(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory, Stores]
    public async Task A_member_is_enrolled_and_leaves(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        (await server.Ask("PUT members/ada?dry-run=true", """{"at":"2024-03-01"}""")).Expect(200);
        (await server.Ask("GET members/ada/standing")).ExpectProblem(404, "unknown-name");
        (await server.Ask("PUT members/ada", """{"at":"2024-03-01"}""")).Expect(201);
        Assert.True((bool)(await server.Ask("GET members/ada/standing")).Expect(200).Json["enrolled"]!);
        (await server.Ask("DELETE members/ada", """{"at":"2024-06-01"}""")).Expect(201);
        Assert.False((bool)(await server.Ask("GET members/ada/standing")).Expect(200).Json["enrolled"]!);
        Assert.True((bool)(await server.Ask("GET members/ada/standing?at=2024-05-01")).Expect(200).Json["enrolled"]!);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("ada+ben & cleo?#", "ada+ben%20%26%20cleo%3F%23")]
    [InlineData("<script>'; DROP TABLE facts --", "%3Cscript%3E%27%3B%20DROP%20TABLE%20facts%20--")]
    [InlineData("zoë 東京 🎉", "zo%C3%AB%20%E6%9D%B1%E4%BA%AC%20%F0%9F%8E%89")]
    [InlineData(@"!\""#$%&'()*+,-./:;<=>?@[\]^_`{|}~", "%21%5C%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~")]
    public async Task A_member_may_be_called_anything(string name, string written)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var subject = JsonValue.Create("member/" + name).ToJsonString();
        (await server.Ask("POST facts", $$"""{"id":"1","source":"test","type":"member.joined","subject":{{subject}},"time":"2024-03-01"}""")).Expect(201);
        Assert.Equal(name, (string)(await server.Ask($"GET members/{written}/standing")).Expect(200).Json["member"]!);
    }
}
