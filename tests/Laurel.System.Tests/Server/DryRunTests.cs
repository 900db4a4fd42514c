using System.Text.Json.Nodes;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Dry runs of what is no fact; those of facts are in <see cref="FactTests"/>.</summary>
public sealed class DryRunTests
{
    /// <summary>What is sent as a body and changes nothing.</summary>
    private static readonly string[] Reads = ["check", "backtest", "shadow", "what-if", "{job}"];

    [Fact]
    public async Task Every_write_takes_one()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var paths = (await server.Ask("GET /openapi/v1.json", key: "")).Expect(200).Json["paths"]!.AsObject();
        var without = paths.SelectMany(path => path.Value!.AsObject().Where(o => o.Key != "get" && !Reads.Contains(path.Key.Split('/')[^1])).Select(o => (path.Key, o.Key, o.Value)))
            .Where(route => !(route.Value!["parameters"]?.AsArray() ?? []).Any(p => (string)p!["name"]! == "dry-run"));
        Assert.Empty(without.Select(route => $"{route.Item2} {route.Item1}"));
    }

    [Theory, Stores]
    public async Task A_program_is_tried_and_is_not_there(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var tried = (await server.Ask("POST /v1/programs?dry-run=true", """{"library":"xero","sandbox":true,"clock":"2025-01-01"}""")).Expect(200).Json.AsObject();
        Assert.True((bool)tried["dry_run"]!);
        (await server.Ask("GET /v1/programs/xero")).ExpectProblem(404, "unknown-program");
        var made = (await server.Ask("POST /v1/programs", """{"library":"xero","sandbox":true,"clock":"2025-01-01"}""")).Expect(201).Json.AsObject();
        tried.Remove("dry_run");
        Assert.True(JsonNode.DeepEquals(made, tried));
        (await server.Ask("POST /v1/programs?dry-run=true", """{"library":"xero"}""")).ExpectProblem(409, "program-exists");
        (await server.Ask("POST /v1/programs?dry-run=true", """{"files":{"program.yaml":"program: [oak"}}""")).ExpectProblem(422, "program-wrong");
    }

    [Theory, Stores]
    public async Task What_follows_from_a_retraction_of_a_retraction_is_told(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        (await server.Ask("POST facts", """{"id":"r1","source":"test","type":"fact.retracted","time":"2024-03-05","data":{"source":"test","id":"a3"}}""")).Expect(201);
        foreach (var (id, of, changes) in new[] { ("r2", "r1", 1), ("r3", "r2", 0) })
        {
            // One that names a retraction which brings a fact back does nothing.
            var retraction = $$$"""{"id":"{{{id}}}","source":"test","type":"fact.retracted","time":"2024-03-06","data":{"source":"test","id":"{{{of}}}"}}""";
            var tried = (await server.Ask("POST facts?dry-run=true", retraction)).Expect(200).Json["follows"]!.AsArray();
            Assert.Equal(changes, tried.Count(f => f!["changes"]!.ToJsonString() == """[{"what":"metric","name":"points","from":"0","to":"100"}]"""));
            Assert.Equal(changes, tried.Count);
            (await server.Ask("POST facts", retraction)).Expect(201);
            Assert.Equal("100", (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["metrics"]!["points"]!);
        }
    }

    [Theory, Stores]
    public async Task A_key_is_tried_and_is_neither_made_nor_revoked(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var tried = (await server.Ask("POST /v1/keys?dry-run=true", """{"name":"shop","scopes":["read"]}""")).Expect(200).Json;
        Assert.Equal((true, null, null, "shop"), ((bool)tried["dry_run"]!, (string?)tried["key"], (string?)tried["secret"], (string)tried["name"]!));
        Assert.Equal(1, await store.Count("keys"));
        var made = (await server.Ask("POST /v1/keys", """{"name":"shop","scopes":["read"]}""")).Expect(201).Json;
        (await server.Ask($"DELETE /v1/keys/{made["key"]}?dry-run=true")).Expect(204);
        (await server.Ask("DELETE /v1/keys/nobody?dry-run=true")).ExpectProblem(404, "unknown-name");
        (await server.Ask("GET /v1/programs", key: (string)made["secret"]!)).Expect(200);
    }
}
