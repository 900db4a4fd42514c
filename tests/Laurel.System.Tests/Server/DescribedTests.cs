using System.Text.Json.Nodes;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>/openapi/v1.json says of every route what it takes and answers.</summary>
public sealed class DescribedTests
{
    [Fact]
    public async Task Every_route_says_what_it_takes_and_answers_with_an_example()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var described = await server.Described();
        var schemas = described.Schemas.ToDictionary(s => s.Key, s => s.Value!);
        var used = new HashSet<string>();
        foreach (var (method, path, operation) in described.Operations)
        {
            var responses = operation["responses"]!.AsObject();
            Assert.True(responses.Any(r => r.Key[0] == '2'), $"{method} {path} says of no answer");
            Assert.Equal("#/components/schemas/Problem", (string)responses["default"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!);
            foreach (var (status, response) in responses)
            {
                Assert.True(status is "204" or "304" || response!["content"]!.AsObject().Count > 0, $"{method} {path}, {status}");
                foreach (var (type, media) in response!["content"]?.AsObject() ?? [])
                {
                    var named = BodyTests.Named(media!["schema"]!);
                    Assert.All(named, name => Assert.NotEmpty(schemas[name]["examples"]!.AsArray()));
                    used.UnionWith(named);
                }
            }
            foreach (var (type, media) in operation["requestBody"]?["content"]!.AsObject() ?? [])
            {
                var named = BodyTests.Named(media!["schema"]!);
                Assert.True(named.Count > 0, $"{method} {path}, {type}");
                Assert.All(named, name => Assert.NotEmpty(schemas[name]["examples"]!.AsArray()));
                used.UnionWith(named);
            }
        }
        var names = described.Operations.Select(o => (string)o.Operation["operationId"]!).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Superset(new HashSet<string> { "getPrograms", "getProgram", "putProgramMember", "getProgramMemberStanding", "postProgramMemberWhatIf", "postProgramDraftPublication", "deleteKey", "getHealthReady" }, names.ToHashSet());
        Assert.All(schemas, schema => Assert.True(used.Contains(schema.Key) || schemas.Any(other => other.Value.ToJsonString().Contains($"/{schema.Key}\"", StringComparison.Ordinal)), $"{schema.Key} is nobody's body or answer"));
    }

    [Fact]
    public async Task What_a_body_or_an_answer_is_is_the_published_schema_whole_and_its_examples_are_valid()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var described = await server.Described();
        var published = new Dictionary<string, JsonNode?>();
        foreach (var file in (string[])["bodies.schema.json", "answers.schema.json"])
        {
            foreach (var (name, schema) in JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(CliRun.Root, "schemas", file)))!["$defs"]!.AsObject()) { published.Add(name, schema); }
        }
        Assert.Equal(published.Select(s => s.Key).Order(), described.Schemas.Select(s => s.Key).Order());
        foreach (var (name, schema) in described.Schemas)
        {
            var said = JsonNode.Parse(schema!.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
            Assert.True(JsonNode.DeepEquals(published[name], said), $"{name}\n{published[name]!.ToJsonString()}\n{said!.ToJsonString()}");
            foreach (var example in schema["examples"]?.AsArray() ?? []) { Assert.Null(described.Wrong(schema, example!.ToJsonString())); }
        }
    }

    [Fact]
    public async Task Every_field_is_described_and_none_is_let_in_by_chance()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        foreach (var (name, schema) in (await server.Described()).Schemas) { Walk(name, schema!); }

        static void Walk(string place, JsonNode schema)
        {
            if (schema["properties"] is JsonObject properties)
            {
                // A fact may have attributes of CloudEvents of which Laurel knows nothing; what one of several has to say is closed by what all of them do.
                Assert.True(place is "FactToTell" or "SupposedFact" || place.EndsWith(".oneOf", StringComparison.Ordinal) || schema["additionalProperties"]?.GetValueKind() == global::System.Text.Json.JsonValueKind.False, $"{place} is open");
                foreach (var (field, of) in properties) { Assert.True(place.EndsWith(".oneOf", StringComparison.Ordinal) || of!["description"] is not null || of["$ref"] is not null, $"{place}.{field} is not described"); }
            }
            foreach (var (key, below) in schema is JsonObject at ? at.Where(k => k.Key != "examples") : [])
            {
                if (below is JsonObject) { Walk($"{place}.{key}", below); }
                else if (below is JsonArray several && key is "anyOf" or "oneOf") { foreach (var one in (JsonArray)below!) { Walk($"{place}.{key}", one!); } }
            }
        }
    }

    [Fact]
    public async Task A_field_that_is_not_described_is_found()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var described = await server.Described();
        Assert.Null(described.Wrong("GET", "/health/live", 200, "application/json", """{"status":"live"}"""));
        Assert.NotNull(described.Wrong("GET", "/health/live", 200, "application/json", """{"status":"live","since":"2024-01-01"}"""));
        Assert.NotNull(described.Wrong("GET", "/health/live", 200, "application/json", "{}"));
        Assert.NotNull(described.Wrong("GET", "/health/live", 201, "application/json", """{"status":"live"}"""));
        Assert.NotNull(described.Wrong("GET", "/v1/programs/maple/ledger", 200, "application/x-ndjson", "{}\n"));
        Assert.NotNull(described.Wrong("DELETE", "/v1/keys/k", 204, null, "gone"));
    }

    [Fact]
    public async Task A_body_that_is_taken_and_is_not_described_is_found()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var described = await server.Described();
        Assert.Null(Wrong("/v1/keys", "application/json", """{"name":"a","scopes":["read"],"program":null}""", 201));
        Assert.NotNull(Wrong("/v1/keys", "application/json", """{"name":"a","scopes":["read"],"colour":"red"}""", 201));
        Assert.NotNull(Wrong("/v1/keys", "application/json", """{"name":"a"}""", 201));
        Assert.Null(Wrong("/v1/keys", "application/json", """{"name":"a"}""", 400));
        Assert.NotNull(Wrong("/v1/keys", "application/yaml", "name: a", 201));
        // What is refused beside it may be anything.
        const string Fact = """{"id":"1","source":"t","type":"plan.ended","subject":"site/s1","time":"2024-01-01"}""";
        Assert.Null(Wrong("/v1/programs/maple/facts", "application/json", $"[{Fact},7]", 200, """{"verdicts":[{"index":0,"verdict":"recorded"},{"index":1,"verdict":"refused"}]}"""));
        Assert.NotNull(Wrong("/v1/programs/maple/facts", "application/json", $"[{Fact},7]", 200, """{"verdicts":[{"index":0,"verdict":"recorded"},{"index":1,"verdict":"recorded"}]}"""));
        Assert.Null(Wrong("/v1/programs/maple/facts", "application/x-ndjson", $"{Fact}\n{{", 200, "{\"line\":1,\"verdict\":\"recorded\"}\n{\"line\":2,\"verdict\":\"refused\"}\n"));
        Assert.NotNull(Wrong("/v1/programs/maple/facts", "application/x-ndjson", $"\n{{}}\n{Fact}", 200, "{\"line\":2,\"verdict\":\"recorded\"}\n"));

        string? Wrong(string path, string type, string body, int status, string answer = "{}") => described.WrongBody("POST", path, type, global::System.Text.Encoding.UTF8.GetBytes(body), new(status, answer, null, null!));
    }
}
