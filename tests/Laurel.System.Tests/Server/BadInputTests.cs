using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Whatever is sent to any route of the API's document: an answer that helps, never a fault, never a leak.</summary>
public sealed class BadInputTests
{
    /// <summary>What stands in the place of a text, and means harm or nothing.</summary>
    private static readonly string[] Texts =
    [
        "'; DROP TABLE facts; --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "\\u0000", "a\0b", "{{7*7}}", "${jndi:ldap://x}", "-1", "99999999999999999999", "null", "true", "NaN", "0000-00-00",
        "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999Z", "10000-01-01", "2024-02-30", "zoë 東京 🎉", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "a\nb\tc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ];

    /// <summary>Bodies, each with its type and the status that it is at least answered with.</summary>
    private static readonly (string Name, byte[] Body, string Type, int[] Status)[] Bodies =
    [
        ("cut off", "{\"a\":"u8.ToArray(), "application/json", [400]),
        ("no JSON", "hello"u8.ToArray(), "application/json", [400]),
        ("empty", [], "application/json", [400]),
        ("a text", "\"x\""u8.ToArray(), "application/json", [400, 422]),
        ("null", "null"u8.ToArray(), "application/json", [400, 422]),
        ("no UTF-8", [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D], "application/json", [400]),
        ("half a surrogate", "{\"\\ud800\":\"\\ud800\",\"name\":\"\\udc00\",\"id\":\"\\ud800\"}"u8.ToArray(), "application/json", [400, 422]),
        ("nothing", "{\"name\":\"a\\u0000b\",\"scopes\":[\"\\u0000\"],\"source\":\"\\u0000\",\"id\":\"\\u0000\"}"u8.ToArray(), "application/json", [400, 422]),
        ("deep", Encoding.UTF8.GetBytes(new string('[', 20_000)), "application/json", [400, 422]),
        ("deep object", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5_000))), "application/json", [400, 422]),
        ("twice", "{\"name\":\"a\",\"name\":\"b\"}"u8.ToArray(), "application/json", [400, 422]),
        ("other type", "name=a"u8.ToArray(), "application/x-www-form-urlencoded", [415]),
        ("no type", "{}"u8.ToArray(), "", [415]),
        ("50 MB", new byte[50 << 20], "application/json", [413]),
    ];

    [Theory, Stores]
    public async Task Every_route_refuses_what_is_wrong_with_a_problem_that_says_what(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var over = (string)(await server.Ask("POST /v1/keys", """{"name":"over","scopes":["read"]}""")).Json["secret"]!;
        foreach (var key in (await server.Ask("GET /v1/keys")).Json["keys"]!.AsArray().Where(k => (string)k!["name"]! == "over")) { await server.Ask($"DELETE /v1/keys/{key!["key"]}"); }
        var tried = 0;
        foreach (var route in await Routes(server))
        {
            var address = route.Path.Replace("{program}", "maple", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal).Replace("{key}", "nobody", StringComparison.Ordinal).Replace("{adjustment}", "nothing", StringComparison.Ordinal).Replace("{request}", "nothing", StringComparison.Ordinal).Replace("{name}", "nothing", StringComparison.Ordinal);
            if (route.NeedsKey)
            {
                foreach (var key in new[] { "", "laurel_guess", over, "laurel_" + new string('x', 5000) }) { Check(await server.Ask($"{route.Method} {address}", key: key), route.Method, 401); }
                if (route.Path.Contains("{program}", StringComparison.Ordinal)) { Check(await server.Ask($"{route.Method} {route.Path.Replace("{program}", "nowhere", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal)}", route.HasBody ? "{}" : null), route.Method, 404, 400, 415); }
                tried += 5;
            }
            Check(await server.Ask($"PATCH {address}"), "PATCH", 405);
            foreach (var text in Texts)
            {
                foreach (var parameter in route.Parameters) { Check(await server.Ask($"{route.Method} {address}?{parameter}={Uri.EscapeDataString(text)}", route.HasBody ? "{}" : null), route.Method); }
                // What no address may have Kestrel refuses before anybody here can say a word.
                if (route.Path.Contains("{member}", StringComparison.Ordinal) && !text.Contains('\0', StringComparison.Ordinal)) { Check(await server.Ask($"{route.Method} {route.Path.Replace("{program}", "maple", StringComparison.Ordinal).Replace("{member}", Uri.EscapeDataString(text), StringComparison.Ordinal)}", route.HasBody ? "{}" : null), route.Method); }
                tried += route.Parameters.Count + 1;
            }
            foreach (var (name, body, type, status) in route.HasBody ? Bodies : [])
            {
                // A member is enrolled without a body too.
                var answer = await server.Ask($"{route.Method} {address}", body, type, null);
                if (route.Method is "PUT" or "DELETE" && body.Length == 0) { continue; }
                Check(answer, $"{route.Method} {route.Path}, {name}", route.TakesJson ? status : [415]);
                if (!route.TakesJson) { Check(await server.Ask($"{route.Method} {address}", body, route.Types[0], null), $"{route.Method} {route.Path}, {name}", 400, 413, 422); }
                tried++;
            }
        }
        Assert.True(tried > 500, $"{tried}");
        foreach (var text in new[] { "/v1/nowhere", "/v1/programs/maple/members/a/b/c", "/%2e%2e/etc/passwd", "/v1/programs/%FF", "/v1/programs/maple/members/%C3%28/standing", "/v1//programs" }) { Check(await server.Ask($"GET {text}"), text, 404, 400); }
        Assert.Equal(2, (await server.Ask("GET facts?subject=site/s1")).Expect(200).Json["facts"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task A_body_that_is_packed_is_named_as_such(string type)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var answer = (await server.Ask("POST facts", [0x1F, 0x8B, 8, 0], type, null, "Content-Encoding: gzip")).ExpectProblem(415, "wrong-media-type");
        Assert.Equal("identity", answer.Header("Accept-Encoding"));
        var problem = answer.Json;
        Assert.Equal(("the body is packed as `gzip`", "Send it as it is, without Content-Encoding."), ((string)problem["detail"]!, (string)problem["remedy"]!));
    }

    [Theory]
    [InlineData("gzip, chunked")]
    [InlineData("identity, chunked")]
    public async Task A_body_that_is_sent_in_a_way_that_nobody_understands_is_not_read(string coding)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var answer = await Raw(server, $"PUT /v1/programs/maple/members/ada HTTP/1.1\r\nHost: laurel\r\nConnection: close\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/json\r\nTransfer-Encoding: {coding}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 501 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/not-understood", answer, StringComparison.Ordinal);
        Assert.Contains($"Transfer-Encoding: {coding}", answer, StringComparison.Ordinal);
        Assert.Equal(0, await store.Count("facts"));
    }

    [Fact]
    public async Task A_body_that_is_null_is_pointed_to_on_every_route()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var before = await store.Count("commits");
        foreach (var route in (await Routes(server)).Where(r => r.TakesJson))
        {
            var address = AddressOf(route);
            var answer = await server.Ask($"{route.Method} {address}", "null");
            Assert.True(answer.Problem is "invalid-body" or "fact-refused", $"{route.Method} {address}: {answer.Status}\n{answer.Body}");
            Assert.Equal("", (string)answer.Json["errors"]![0]!["pointer"]!);
            Assert.Contains("null", (string)answer.Json["detail"]!, StringComparison.Ordinal);
        }
        Assert.Equal(before, await store.Count("commits"));
    }

    [Fact]
    public async Task Every_route_that_is_read_says_its_headers_alone()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        foreach (var address in (await Routes(server)).Where(r => r.Method == "GET").Select(r => AddressOf(r) + (r.Parameters.Contains("at") ? "?at=2024-05-01" : "")).Append("/openapi").Append("/openapi/v1.json").Append("/v1/programs/maple/ledger?format=csv"))
        {
            var (all, head) = (await server.Ask($"GET {address}"), await server.Ask($"HEAD {address}"));
            Assert.Equal((address, all.Status, $"{all.Type}", all.Header("ETag"), all.Header("Laurel-Position"), ""), (address, head.Status, $"{head.Type}", head.Header("ETag"), head.Header("Laurel-Position"), head.Body));
        }
        var tag = (await server.Ask("GET members/ada/standing?at=2024-05-01")).Header("ETag")!;
        (await server.Ask("HEAD members/ada/standing?at=2024-05-01", headers: $"If-None-Match: {tag}")).Expect(304);
        (await server.Ask("HEAD members/ada", key: "")).Expect(401);
        (await server.Ask("HEAD facts/retractions")).Expect(405);
        Assert.Contains("HEAD", (string)(await server.Ask("PATCH facts")).ExpectProblem(405, "wrong-method").Json["remedy"]!, StringComparison.Ordinal);
        var answer = await Raw(server, $"HEAD /v1/programs/maple/facts HTTP/1.1\r\nHost: laurel\r\nConnection: close\r\nAuthorization: Bearer {server.Key}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    /// <summary>Sends something as it stands.</summary>
    /// <returns>All that comes back.</returns>
    private static async Task<string> Raw(Running server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        return await new StreamReader(stream).ReadToEndAsync();
    }

    private static string AddressOf(Route route) => global::System.Text.RegularExpressions.Regex.Replace(
        route.Path.Replace("{program}", "maple", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal), @"\{\w+\}", "nothing");

    [Fact]
    public async Task An_address_and_headers_that_are_too_large_are_named_as_such()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        foreach (var letters in (int[])[8_200, 100_000])
        {
            (await server.Ask($"GET members/{new string('x', letters)}/standing")).ExpectProblem(414, "address-too-long");
            (await server.Ask($"GET facts?cursor={new string('x', letters)}")).ExpectProblem(414, "address-too-long");
        }
        (await server.Ask("GET facts", headers: $"X-Large: {new string('x', 40_000)}")).ExpectProblem(431, "headers-too-large");
        (await server.Ask("GET facts", headers: [.. Enumerable.Range(0, 120).Select(i => $"X-{i}: x")])).ExpectProblem(431, "headers-too-large");
        (await server.Ask($"GET members/{new string('x', 8_000)}/standing")).ExpectProblem(404, "unknown-name");
    }

    [Theory]
    [InlineData("application/json", "zz")]
    [InlineData("application/json", "FFFFFFFFFFFFFFFF")]
    [InlineData("application/x-ndjson", "FFFFFFFFFFFFFFFF")]
    public async Task A_body_in_chunks_that_are_none_is_no_fault(string type, string length)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var answer = await Raw(server, $"POST /v1/programs/maple/facts HTTP/1.1\r\nHost: laurel\r\nConnection: close\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{length}\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/bad-request", answer, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task A_parameter_that_a_route_does_not_take_is_refused_and_nothing_is_done(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var before = await store.Count("commits");
        foreach (var route in await Routes(server))
        {
            if (!route.NeedsKey) { continue; }
            var address = route.Path.Replace("{program}", "maple", StringComparison.Ordinal).Replace("{member}", "ada", StringComparison.Ordinal);
            foreach (var parameter in (string[])["dry_run", "att", "under%20"])
            {
                var problem = (await server.Ask($"{route.Method} {address}?{parameter}=true", route.HasBody ? "{}" : null, route.Types.FirstOrDefault(""))).ExpectProblem(400, "invalid-parameter").Json;
                Assert.Equal($"`{Uri.UnescapeDataString(parameter)}` means nothing here", (string)problem["detail"]!);
                Assert.Equal(Uri.UnescapeDataString(parameter), (string)problem["errors"]![0]!["parameter"]!);
                foreach (var taken in route.Parameters) { Assert.Contains($"`{taken}`", (string)problem["remedy"]!, StringComparison.Ordinal); }
            }
        }
        Assert.Equal("Did you mean `dry-run`? There are `dry-run`, `atomic`, `as-told`.", (string)(await server.Ask("POST facts?dryrun=true", "[]")).ExpectProblem(400, "invalid-parameter").Json["remedy"]!);
        Assert.Equal(before, await store.Count("commits"));
    }

    // What can't be written into a folder could never be exported whole.
    [Fact]
    public async Task A_program_has_no_files_outside_of_its_folder()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var maple = (await server.Ask("GET files")).Expect(200).Json["files"]!.AsObject();
        foreach (var path in (string[])["../evil.yaml", "../../oak/program.yaml", "/tmp/evil.yaml", "editions/../../evil.yaml", "a\\b.yaml", "a//b.yaml", ".git/config", "a\nb.yaml", ""])
        {
            var files = maple.DeepClone().AsObject();
            files["program.yaml"] = ((string)files["program.yaml"]!).Replace("program: maple", "program: oak", StringComparison.Ordinal);
            files[path] = "x";
            var problem = (await server.Ask("POST /v1/programs", new JsonObject { ["files"] = files }.ToJsonString())).ExpectProblem(400, "invalid-body").Json;
            Assert.Equal($"/files/{path.Replace("/", "~1", StringComparison.Ordinal)}", (string)problem["errors"]![0]!["pointer"]!);
        }
    }

    // The framework would read each of these as another name.
    [Theory]
    [InlineData("member=ada&member=ben", "member", "is there 2 times")]
    [InlineData("subject=site/s1&limit=1&Subject=site/s1", "Subject", "is there 2 times")]
    [InlineData("limit=1&limit=1&limit=1", "limit", "is there 3 times")]
    [InlineData("member=%FF", "member", "is not UTF-8")]
    [InlineData("limit=1&subject=site/%zz", "subject", "is not UTF-8")]
    [InlineData("member=100%", "member", "is not UTF-8")]
    [InlineData("member=%ED%A0%80", "member", "is not UTF-8")]
    public async Task A_parameter_that_is_there_twice_or_is_no_text_is_refused(string query, string name, string why)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        var problem = (await server.Ask($"GET facts?{query}")).ExpectProblem(400, "invalid-parameter").Json;
        Assert.Equal(($"`{name}` {why}", name), ((string)problem["detail"]!, (string)problem["errors"]![0]!["parameter"]!));
        (await server.Ask("GET facts?member=%25FF&subject=site/zo%C3%AB+%2B")).Expect(200);
    }

    [Fact]
    public async Task The_document_and_its_page_name_every_route()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var document = (await server.Ask("GET /openapi/v1.json", key: "")).Expect(200).Json;
        Assert.StartsWith("3.1", (string)document["openapi"]!, StringComparison.Ordinal);
        var page = (await server.Ask("GET /openapi", key: "")).Expect(200).Body;
        foreach (var route in await Routes(server))
        {
            Assert.Contains($"<code>{route.Method} {route.Path}</code>", page, StringComparison.Ordinal);
            var operation = document["paths"]![route.Path]![route.Method.ToLowerInvariant()]!;
            Assert.NotEqual("", (string?)operation["summary"] ?? "");
            foreach (var parameter in operation["parameters"]?.AsArray() ?? []) { Assert.True(((string?)parameter!["description"] ?? "").Length > 0, $"{route.Path}: {parameter["name"]}"); }
        }
    }

    private sealed record Route(string Method, string Path, IReadOnlyList<string> Parameters, IReadOnlyList<string> Types, bool NeedsKey)
    {
        public bool HasBody => Types.Count > 0;

        public bool TakesJson => Types.Contains("application/json");
    }

    private static async Task<IReadOnlyList<Route>> Routes(Running server)
    {
        var document = (await server.Ask("GET /openapi/v1.json", key: "")).Expect(200).Json;
        var routes = new List<Route>();
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                routes.Add(new(
                    method.ToUpperInvariant(), path, [.. (operation!["parameters"]?.AsArray() ?? []).Where(p => (string)p!["in"]! == "query").Select(p => (string)p!["name"]!)], [.. operation["requestBody"]?["content"]!.AsObject().Select(c => c.Key) ?? []], operation["security"] is not null));
            }
        }
        Assert.True(routes.Count > 20, $"{routes.Count}");
        return routes;
    }

    /// <summary>No fault, no inside shown, and a problem where it is refused.</summary>
    private static void Check(Answered answer, string what, params int[] status)
    {
        Assert.True(answer.Status < 500, $"{what}\n{answer.Body}");
        Assert.True(status.Length == 0 || status.Contains(answer.Status), $"{what}: {answer.Status}, not {string.Join(" or ", status)}\n{answer.Body}");
        if (answer.Status >= 400)
        {
            Assert.True(answer.Problem.Length > 0, $"{what}: {answer.Status} without a problem\n{answer.Body}");
            Assert.DoesNotMatch(@"Exception|   at |SELECT|Laurel\.Server|/tmp/|sqlite", answer.Body.Replace(answer.Json["detail"]!.ToString(), "", StringComparison.Ordinal));
        }
    }
}
