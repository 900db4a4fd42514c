using System.Text.Json;
using System.Text.Json.Nodes;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>/openapi/v1.json says of every route what it takes: its examples work, and what it does not allow is refused.</summary>
public sealed class BodyTests
{
    /// <summary>Every operation that takes a body, at an address of its own, in an order in which each can be done.</summary>
    private static readonly (string Operation, string Address)[] Calls =
    [
        ("POST /v1/programs", "/v1/programs"),
        ("POST /v1/keys", "/v1/keys"),
        ("PUT /v1/programs/{program}/clock", "/v1/programs/wix-affiliate/clock"),
        ("PUT /v1/programs/{program}/enrolment", "/v1/programs/wix-partner/enrolment"),
        ("PUT /v1/programs/{program}/members/{member}", "/v1/programs/wix-partner/members/zoe"),
        ("POST /v1/programs/{program}/facts", "/v1/programs/wix-partner/facts"),
        ("POST /v1/programs/{program}/facts/retractions", "/v1/programs/wix-partner/facts/retractions"),
        ("POST /v1/programs/{program}/members/{member}/what-if", "/v1/programs/wix-partner/members/zoe/what-if"),
        ("POST /v1/programs/{program}/members/{member}/adjustments", "/v1/programs/wix-partner/members/zoe/adjustments"),
        ("POST /v1/programs/{program}/erasures", "/v1/programs/wix-partner/erasures"),
        ("POST /v1/programs/{program}/members/{member}/erase", "/v1/programs/wix-partner/members/zoe/erase"),
        ("PUT /v1/programs/{program}/drafts/{draft}", "/v1/programs/birch/drafts/birch-2026"),
        ("POST /v1/programs/{program}/drafts/{draft}/backtest", "/v1/programs/birch/drafts/birch-2026/backtest"),
        ("POST /v1/programs/{program}/drafts/{draft}/shadow", "/v1/programs/birch/drafts/birch-2026/shadow"),
        ("POST /v1/programs/{program}/drafts/{draft}/publication", "/v1/programs/birch/drafts/birch-2026/publication"),
        ("POST /v1/programs/{program}/editions/{edition}/revert", "/v1/programs/birch/editions/birch-2024/revert"),
        ("POST /v1/programs/{program}/check", "/v1/programs/birch/check"),
        ("POST /v1/programs/{program}/files", "/v1/programs/birch/files"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}", "/v1/programs/birch/members/eve/requests/claim"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}", "/v1/programs/birch/members/ada/requests/claim"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}", "/v1/programs/birch/members/ben/requests/claim"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}", "/v1/programs/birch/members/cleo/requests/claim"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}/withdrawn", "/v1/programs/birch/members/ada/requests/claim/withdrawn"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}/declined", "/v1/programs/birch/members/ben/requests/claim/declined"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}/approved", "/v1/programs/birch/members/cleo/requests/claim/approved"),
        ("POST /v1/programs/{program}/members/{member}/requests/{request}/reopened", "/v1/programs/birch/members/dan/requests/claim/reopened"),
        ("DELETE /v1/programs/{program}/members/{member}", "/v1/programs/wix-partner/members/zoe"),
    ];

    /// <summary>What stands in the place of a value; of these, those that its schema does not allow have to be refused.</summary>
    private static readonly string[] Values = ["7", "true", "\"\"", "\"x\"", $"\"{new string('x', 5000)}\"", "null", "{}", "{\"x\":[]}", "[]", "[7]"];

    [Fact]
    public async Task Every_example_of_a_body_is_taken_and_between_them_they_have_every_field()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var described = await server.Described();
        Assert.Equal(described.Operations.Where(o => o.Operation["requestBody"] is not null).Select(o => $"{o.Method} {o.Path}").Order(), Calls.Select(c => c.Operation).Distinct().Order());
        var had = new HashSet<string>();
        foreach (var (operation, address) in Calls)
        {
            foreach (var (type, schema, example) in Examples(described, operation))
            {
                var answer = await server.Ask($"{operation.Split(' ')[0]} {address}", Sent(type, example), type);
                Assert.True(answer.Status is 200 or 201 or 202, $"{operation}, {type}\n{example.ToJsonString()}\n{answer.Body}");
                // Of facts that are many each has a verdict of its own.
                Assert.DoesNotContain("\"refused\",", answer.Body.Replace("\"refused\":0", "", StringComparison.Ordinal), StringComparison.Ordinal);
                Collect(described, schema, example, had);
            }
            if (operation == "POST /v1/programs") { await Claim(server, "dan", "declined"); }
        }
        foreach (var (name, schema) in described.Schemas.Where(s => BodyNames().Contains(s.Key)))
        {
            foreach (var (field, _) in schema!["properties"]?.AsObject() ?? []) { Assert.True(had.Contains($"{name}.{field}"), $"no example has {name}.{field}"); }
        }
    }

    [Fact]
    public async Task What_a_body_says_otherwise_than_its_schema_is_refused_at_its_place()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Ready(store);
        var described = await server.Described();
        var tried = 0;
        foreach (var (operation, address) in Calls.DistinctBy(c => c.Operation))
        {
            var (type, schema, example) = Examples(described, operation).First();
            if (type != "application/json") { continue; }
            foreach (var (body, field) in Otherwise(described, schema, example))
            {
                var answer = await server.Ask($"{operation.Split(' ')[0]} {address}", body);
                Assert.True(answer.Status is 400 or 422, $"{operation}: {answer.Status}\n{body}\n{answer.Body}");
                // What an operation tells as a fact is refused as that, where its fields are below `data`.
                Assert.Contains(answer.Json["errors"]!.AsArray(), error => ((string?)error!["pointer"] ?? "").Split('/').Contains(field));
                tried++;
            }
        }
        Assert.True(tried > 300, $"{tried}");
    }

    [Fact]
    public async Task A_header_is_described_where_it_is_read()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Ready(store);
        foreach (var (method, path, operation) in (await server.Described()).Operations)
        {
            var address = Calls.FirstOrDefault(c => c.Operation == $"{method} {path}").Address ?? path.Replace("{program}", "maple", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal).Replace("{draft}", "birch-2026", StringComparison.Ordinal);
            foreach (var (header, value) in ((string, string)[])[("Idempotency-Key", new string('k', 256)), ("Laurel-Not-Older-Than", "1")])
            {
                var answer = await server.Ask($"{method} {address}", headers: $"{header}: {value}");
                Assert.True(Reads(operation, header) == (answer.Problem == "invalid-parameter" && (string?)answer.Json["errors"]?[0]?["parameter"] == header), $"{method} {path}: {header}\n{answer.Body}");
            }
            if (!Reads(operation, "If-Match")) { continue; }
            address = address.Replace("/maple/", "/birch/", StringComparison.Ordinal);
            var body = Calls.Any(c => c.Operation == $"{method} {path}") ? Examples(await server.Described(), $"{method} {path}").First() : default;
            (await server.Ask($"{method} {address}", body.Example is null ? null : Sent(body.Type, body.Example), body.Type ?? "", headers: "If-Match: \"another\"")).ExpectProblem(412, "not-as-it-was");
        }
        Assert.Equal(3, (await server.Described()).Operations.Count(o => Reads(o.Operation, "If-Match")));
    }

    [Fact]
    public async Task A_language_is_asked_for_where_sentences_are_answered()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var described = await server.Described();
        var schemas = described.Schemas.ToDictionary(s => s.Key, s => s.Value!);
        foreach (var (method, path, operation) in described.Operations)
        {
            var says = operation["responses"]!.AsObject().Where(r => r.Key != "default").SelectMany(r => r.Value!["content"]?.AsObject() ?? []).SelectMany(m => Named(m.Value!["schema"]!));
            // What became of facts follows in a dry run, and the result of a job is one of several.
            var speaks = says.Any(name => name is "Verdict" or "Verdicts" or "Explained" or "ExplainedText" || schemas[name]["properties"]?["language"] is not null) || path.EndsWith("/backtest", StringComparison.Ordinal);
            Assert.True(speaks == Reads(operation, "Accept-Language"), $"{method} {path}");
        }
    }

    [Fact]
    public async Task What_was_enrolled_in_chunks_is_enrolled_when_the_body_says()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        (await server.Ask("PUT members/zoe", """{"at":"2024-02-03"}""", headers: "Transfer-Encoding: chunked")).Expect(201);
        Assert.Equal("2024-02-03T00:00:00Z", (string)(await server.Ask("GET facts?member=zoe")).Expect(200).Json["facts"]![0]!["fact"]!["time"]!);
    }

    [Fact]
    public async Task What_is_wrong_with_a_field_is_told_once_and_as_what_it_is()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Ready(store);
        Assert.Single(await Errors("POST /v1/programs/birch/drafts/birch-2026/publication", """{"effective":7}"""));
        Assert.Equal("`amount` is true or false, not an amount", (string)Assert.Single(await Errors("POST members/ada/adjustments", """{"unit":"points","amount":true,"reason":"x"}"""))!["detail"]!);
        // These would be taken for what the request says of itself.
        foreach (var field in (string[])["member", "reason", "by"])
        {
            Assert.Equal($"/data/{field}", (string)Assert.Single(await Errors("POST /v1/programs/birch/members/ada/requests/claim", $$$"""{"subject":"site/s1","data":{"{{{field}}}":"x"}}"""))!["pointer"]!);
        }

        async Task<JsonArray> Errors(string call, string body) => (await server.Ask(call, body)).ExpectProblem(400, "invalid-body").Json["errors"]!.AsArray();
    }

    /// <summary>The names of the schemas that a schema refers to.</summary>
    internal static IReadOnlyList<string> Named(JsonNode schema) => [.. (schema["oneOf"]?.AsArray().Select(one => one!) ?? [schema]).Select(one => ((string)one["$ref"]!).Split('/')[^1])];

    private static bool Reads(JsonNode operation, string header) => (operation["parameters"]?.AsArray() ?? []).Any(p => (string)p!["in"]! == "header" && (string)p["name"]! == header);

    /// <summary>A server with what the calls are about, where no request was made yet.</summary>
    private static async Task<Running> Ready(Store store)
    {
        var server = await Running.Start(store);
        var described = await server.Described();
        foreach (var (type, _, example) in Examples(described, "POST /v1/programs")) { (await server.Ask("POST /v1/programs", Sent(type, example))).Expect(201); }
        var (yaml, _, draft) = Examples(described, "PUT /v1/programs/{program}/drafts/{draft}").First();
        (await server.Ask("PUT /v1/programs/birch/drafts/birch-2026", Sent(yaml, draft), yaml)).Expect(201);
        foreach (var (member, answer) in new[] { ("ada", null), ("ben", null), ("cleo", null), ("dan", "declined") }) { await Claim(server, member, answer); }
        return server;
    }

    /// <summary>A member claims a site, and is answered.</summary>
    private static async Task Claim(Running server, string member, string? answer)
    {
        await server.Ask("POST /v1/programs/birch/facts", """{"id":"s","source":"t","type":"site.created","subject":"site/s1","time":"2024-01-02","data":{"member":"shop"}}""");
        (await server.Ask($"POST /v1/programs/birch/members/{member}/requests/claim", """{"subject":"site/s1","at":"2024-03-01"}""")).Expect(201);
        if (answer is not null) { (await server.Ask($"POST /v1/programs/birch/members/{member}/requests/claim/{answer}", """{"subject":"site/s1","at":"2024-03-02"}""")).Expect(201); }
    }

    private static IEnumerable<(string Type, string Schema, JsonNode Example)> Examples(Described described, string operation)
    {
        var schemas = described.Schemas.ToDictionary(s => s.Key, s => s.Value!);
        var body = described.Operations.First(o => $"{o.Method} {o.Path}" == operation).Operation["requestBody"]!;
        return body["content"]!.AsObject().SelectMany(media => Named(media.Value!["schema"]!).SelectMany(name => schemas[name]["examples"]!.AsArray().Select(example => (media.Key, name, example!))));
    }

    private static string Sent(string type, JsonNode example) => type.EndsWith("json", StringComparison.Ordinal) || type == "application/x-ndjson" || type == "application/jsonl" ? example.ToJsonString() + "\n" : (string)example!;

    /// <summary>The names of all schemas of which bodies are made.</summary>
    private static HashSet<string> BodyNames() =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(CliRun.Root, "schemas", "bodies.schema.json")))!["$defs"]!.AsObject().Select(s => s.Key)];

    /// <summary>Notes which fields an example has.</summary>
    private static void Collect(Described described, string name, JsonNode example, HashSet<string> had)
    {
        var schema = described.Schemas.First(s => s.Key == name).Value!;
        if (example is JsonArray list) { foreach (var item in list) { Collect(described, Named(schema["items"]!)[0], item!, had); } }
        foreach (var (field, value) in example as JsonObject ?? [])
        {
            had.Add($"{name}.{field}");
            if (schema["properties"]?[field]?["items"]?["$ref"] is { } item) { foreach (var one in value!.AsArray()) { Collect(described, ((string)item!).Split('/')[^1], one!, had); } }
        }
    }

    /// <summary>An example with one thing otherwise than its schema says, and the field where it is: another value, nothing that is needed, something that is not known.</summary>
    private static IEnumerable<(string Body, string Field)> Otherwise(Described described, string name, JsonNode example)
    {
        var schema = described.Schemas.First(s => s.Key == name).Value!;
        foreach (var (field, of) in schema["properties"]!.AsObject())
        {
            foreach (var value in Values.Where(value => described.Wrong(of!, value) is not null)) { yield return (With(example, o => o[field] = JsonNode.Parse(value)), field); }
            if (of!["items"]?["$ref"] is not { } item) { continue; }
            foreach (var (below, its) in Otherwise(described, ((string)item!).Split('/')[^1], example[field]![0]!)) { yield return (With(example, o => o[field]![0] = JsonNode.Parse(below)), its); }
        }
        foreach (var needed in schema["required"]?.AsArray() ?? []) { yield return (With(example, o => o.Remove((string)needed!)), (string)needed!); }
        if (schema["additionalProperties"]?.GetValueKind() == JsonValueKind.False) { yield return (With(example, o => o["nobody"] = 1), "nobody"); }
    }

    private static string With(JsonNode example, Action<JsonObject> change)
    {
        var other = example.DeepClone().AsObject();
        change(other);
        return other.ToJsonString();
    }
}
