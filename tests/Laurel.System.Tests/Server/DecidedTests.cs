using System.Text.Json.Nodes;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>What people decide: adjustments, and answers to requests.</summary>
public sealed class DecidedTests
{
    private const string Program = """
        program: birch
        units: { points: { second-person-above: 100 } }
        subjects:
          site: { editor: text }
        facts:
          site.created: { about: site, needs: [member], may: [editor] }
        """;

    private const string Edition = """
        edition: birch-2024
        effective: 2024-01-01
        requests:
          claim: { says: The client confirms who made the site, about: site, asks: client, form: [editor], expires: 90 days }
        roles:
          site.claimed: { starts: claim.approved, ends: claim.declined }
        rules:
          made: { says: 100 points for a site that its client confirms, give: 100 points, to: site.claimed, when: claim.approved }
        """;

    [Theory, Stores]
    public async Task An_adjustment_above_the_limit_waits_for_another_key(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        var small = (await server.Ask("POST /v1/programs/birch/members/ada/adjustments", """{"unit":"points","amount":-100,"reason":"counted twice"}""")).Expect(201);
        Assert.Equal("recorded", (string)small.Json["verdict"]!);
        var waiting = (await server.Ask("POST /v1/programs/birch/members/ada/adjustments", """{"unit":"points","amount":"101","reason":"a prize","by":"kim"}""")).Expect(202).Json;
        Assert.Equal("-100", await Points(server));

        var id = (string)waiting["adjustment"]!;
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/approval")).ExpectProblem(403, "not-allowed");
        var second = (string)(await server.Ask("POST /v1/keys", """{"name":"lee","scopes":["operate"]}""")).Expect(201).Json["secret"]!;
        var listed = Assert.Single((await server.Ask("GET /v1/programs/birch/adjustments")).Expect(200).Json["adjustments"]!.AsArray())!;
        Assert.Equal((id, "kim"), ((string)listed["adjustment"]!, (string)listed["fact"]!["data"]!["by"]!));
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/approval?dry-run=true", key: second)).Expect(200);
        Assert.Equal("-100", await Points(server));
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/approval", key: second)).Expect(201);
        Assert.Equal("1", await Points(server));

        // Approved again it changes nothing; declined it can't be any more.
        Assert.Equal("unchanged", (string)(await server.Ask($"POST /v1/programs/birch/adjustments/{id}/approval", key: second)).Expect(200).Json["verdict"]!);
        foreach (var query in (string[])["", "?dry-run=true"]) { (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/refusal{query}", key: second)).ExpectProblem(409, "not-now"); }
        Assert.Equal("1", await Points(server));
    }

    [Theory, Stores]
    public async Task Of_several_who_decide_or_tell_the_same_at_once_one_does(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        for (var round = 0; round < 4; round++)
        {
            var (member, site) = ($"/v1/programs/birch/members/m{round}", $"\"subject\":\"site/s{round}\"");
            Task<Answered[]> AtOnce(string? body, params IEnumerable<string> calls) => Task.WhenAll(calls.Concat(calls).Select(call => server.Ask(call, body)));
            var joined = await AtOnce(null, $"PUT {member}", $"PUT {member}");
            var asked = await AtOnce($$"""{{{site}},"data":{"editor":"studio"} }""", $"POST {member}/requests/claim", $"POST {member}/requests/claim");
            var decided = await AtOnce($$"""{{{site}}}""", $"POST {member}/requests/claim/approved", $"POST {member}/requests/claim/declined");
            var left = await AtOnce(null, $"DELETE {member}", $"DELETE {member}");

            foreach (var answers in (Answered[][])[joined, left]) { Assert.Equal((1, 3), (answers.Count(a => a.Status == 201), answers.Count(a => a.Status == 200))); }
            foreach (var answers in (Answered[][])[asked, decided]) { Assert.Equal((1, 3), (answers.Count(a => a.Status == 201), answers.Count(a => a.Problem == "not-now"))); }
        }
    }

    [Theory, Stores]
    public async Task An_adjustment_that_is_declined_is_never_told_and_no_fact_gets_around_it(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        var id = (string)(await server.Ask("POST /v1/programs/birch/members/ada/adjustments", """{"unit":"points","amount":500,"reason":"a prize"}""")).Expect(202).Json["adjustment"]!;
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/refusal?dry-run=true")).Expect(204);
        Assert.Single((await server.Ask("GET /v1/programs/birch/adjustments")).Expect(200).Json["adjustments"]!.AsArray());
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/refusal")).Expect(204);
        var second = (string)(await server.Ask("POST /v1/keys", """{"name":"lee","scopes":["operate"]}""")).Expect(201).Json["secret"]!;
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/approval", key: second)).ExpectProblem(409, "not-now");
        (await server.Ask("POST /v1/programs/birch/adjustments/nothing/approval", key: second)).ExpectProblem(404, "unknown-name");
        var fact = """{"id":"x","source":"t","type":"member.adjusted","subject":"member/ada","time":"2024-06-01","data":{"unit":"points","amount":-500,"reason":"a prize","by":"kim"}}""";
        foreach (var type in (string[])["adjusted", "migrated"]) { (await server.Ask("POST /v1/programs/birch/facts", fact.Replace("adjusted", type, StringComparison.Ordinal))).ExpectProblem(422, "fact-refused"); }
        Assert.Equal("0", await Points(server));

        foreach (var (body, pointer) in new[] { ("""{"unit":"stars","amount":1,"reason":"x"}""", "/unit"), ("""{"unit":"points","amount":"1.5","reason":"x"}""", "/amount"), ("""{"unit":"points","amount":1,"reason":"x","at":"1900-01-01"}""", "/at") })
        {
            Assert.Equal(pointer, (string)(await server.Ask("POST /v1/programs/birch/members/ada/adjustments", body)).ExpectProblem(422, "fact-refused").Json["errors"]![0]!["pointer"]!);
        }
        (await server.Ask("POST /v1/programs/birch/members/ada/adjustments", """{"unit":"points","amount":1}""")).ExpectProblem(400, "invalid-body");
    }

    [Theory, Stores]
    public async Task An_adjustment_whose_fact_is_refused_once_it_is_approved_waits_as_before(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        var id = (string)(await server.Ask("POST /v1/programs/birch/members/ada/adjustments", """{"unit":"points","amount":500,"reason":"a prize"}""")).Expect(202).Json["adjustment"]!;
        var second = (string)(await server.Ask("POST /v1/keys", """{"name":"lee","scopes":["operate"]}""")).Expect(201).Json["secret"]!;
        (await server.Ask("POST /v1/programs/birch/facts", $$$"""{"id":"{{{id}}}","source":"laurel/api","type":"member.adjusted","subject":"member/ada","time":"2024-06-01","data":{"unit":"points","amount":5,"reason":"another","by":"kim"}}""")).Expect(201);

        for (var i = 0; i < 2; i++)
        {
            (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/approval", key: second)).ExpectProblem(409, "fact-id-reused");
            var listed = Assert.Single((await server.Ask("GET /v1/programs/birch/adjustments")).Expect(200).Json["adjustments"]!.AsArray())!;
            Assert.Equal(("waiting", null), ((string)listed["state"]!, listed["decided_by"]));
        }
        (await server.Ask($"POST /v1/programs/birch/adjustments/{id}/refusal", key: second)).Expect(204);
        Assert.Equal("5", await Points(server));
    }

    [Theory, Stores]
    public async Task Adjustments_that_wait_are_listed_page_by_page_while_some_are_decided(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) { ids.Add((string)(await server.Ask("POST /v1/programs/birch/members/ada/adjustments", """{"unit":"points","amount":500,"reason":"a prize"}""")).Expect(202).Json["adjustment"]!); }

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await server.Ask($"GET /v1/programs/birch/adjustments?limit=3{cursor}")).Expect(200).Json;
            seen.AddRange(page["adjustments"]!.AsArray().Select(a => (string)a!["adjustment"]!));
            cursor = page["next"] is { } next ? $"&cursor={next}" : "";
            // What was listed goes; nothing of the rest is passed over.
            (await server.Ask($"POST /v1/programs/birch/adjustments/{seen[^1]}/refusal")).Expect(204);
        } while (cursor.Length > 0);
        Assert.Equal(ids, seen);
        Assert.Equal(3, (await server.Ask("GET /v1/programs/birch/adjustments?state=declined")).Expect(200).Json["adjustments"]!.AsArray().Count);

        var mine = (string)(await server.Ask("GET /v1/programs/birch/adjustments?limit=1")).Expect(200).Json["next"]!;
        foreach (var wrong in (string[])[$"?state=declined&cursor={mine}", $"?cursor={mine[..^1]}", "?cursor=AAAA", "?cursor=", "?cursor=%C3%A9"]) { (await server.Ask($"GET /v1/programs/birch/adjustments{wrong}")).ExpectProblem(400, "invalid-cursor"); }
        (await server.Ask($"GET /v1/programs/birch/facts?cursor={mine}")).ExpectProblem(400, "invalid-cursor");
    }

    [Theory, Stores]
    public async Task A_claim_is_submitted_declined_opened_again_and_approved(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        (await server.Ask("POST /v1/programs/birch/facts", """{"id":"s","source":"t","type":"site.created","subject":"site/s1","time":"2024-01-02","data":{"member":"shop"}}""")).Expect(201);
        const string Claims = "/v1/programs/birch/members/ada/requests";
        (await server.Ask($"POST {Claims}/claim/approved", """{"subject":"site/s1"}""")).ExpectProblem(409, "not-now");
        (await server.Ask($"POST {Claims}/claim?dry-run=true", """{"subject":"site/s1","at":"2024-03-01","data":{"editor":"studio"}}""")).Expect(200);
        (await server.Ask($"POST {Claims}/claim", """{"subject":"site/s1","at":"2024-03-01","data":{"editor":"studio"}}""")).Expect(201);
        (await server.Ask($"POST {Claims}/claim", """{"subject":"site/s1","at":"2024-03-01"}""")).ExpectProblem(409, "not-now");
        var open = Assert.Single((await server.Ask($"GET {Claims}?at=2024-03-01")).Expect(200).Json["requests"]!.AsArray())!;
        Assert.Equal(("claim", "site/s1", "open"), ((string)open["request"]!, (string)open["subject"]!, (string)open["status"]!));

        (await server.Ask($"POST {Claims}/claim/declined", """{"subject":"site/s1","at":"2024-03-05","by":"client","reason":"not them"}""")).Expect(201);
        (await server.Ask($"POST {Claims}/claim/reopened", """{"subject":"site/s1","at":"2024-03-06","by":"support"}""")).Expect(201);
        var approval = await server.Ask($"POST {Claims}/claim/approved", """{"subject":"site/s1","at":"2024-03-07","by":"client"}""", headers: "Idempotency-Key: r1");
        approval.Expect(201);
        var again = (await server.Ask($"POST {Claims}/claim/approved", """{"subject":"site/s1","at":"2024-03-07","by":"client"}""", headers: "Idempotency-Key: r1")).Expect(201);
        Assert.Equal((approval.Body, "true"), (again.Body, again.Header("Idempotency-Replayed")));
        (await server.Ask($"POST {Claims}/claim/approved", """{"subject":"site/s1","at":"2024-03-07","by":"client"}""", headers: "Idempotency-Key: r2")).ExpectProblem(409, "not-now");

        var steps = (await server.Ask(Get(Claims))).Expect(200).Json["requests"]![0]!["steps"]!.AsArray();
        Assert.Equal("open declined reopened approved", string.Join(' ', steps.Select(s => (string)s!["status"]!)));
        Assert.Equal("100", await Points(server));

        (await server.Ask($"POST {Claims}/claims", """{"subject":"site/s1"}""")).ExpectProblem(404, "unknown-name");
        (await server.Ask($"POST {Claims}/claim", """{"subject":"member/ada"}""")).ExpectProblem(400, "invalid-body");
        (await server.Ask($"POST {Claims}/claim", """{"subject":"site"}""")).ExpectProblem(400, "invalid-body");
        var writer = (string)(await server.Ask("POST /v1/keys", """{"name":"shop","scopes":["facts:write"]}""")).Expect(201).Json["secret"]!;
        (await server.Ask($"POST {Claims}/claim/approved", """{"subject":"site/s1"}""", key: writer)).ExpectProblem(403, "not-allowed");
    }

    private static string Get(string path) => $"GET {path}?at=2024-03-08";

    private static async Task<Running> Start(Store store)
    {
        var server = await Running.Start(store);
        var files = new JsonObject { ["program.yaml"] = Program, ["editions/2024.yaml"] = Edition };
        (await server.Ask("POST /v1/programs", new JsonObject { ["files"] = files }.ToJsonString())).Expect(201);
        (await server.Ask("PUT /v1/programs/birch/members/ada", """{"at":"2024-01-01"}""")).Expect(201);
        return server;
    }

    private static async Task<string> Points(Running server) => (string)(await server.Ask("GET /v1/programs/birch/members/ada/standing")).Expect(200).Json["metrics"]!["points"]!;
}
