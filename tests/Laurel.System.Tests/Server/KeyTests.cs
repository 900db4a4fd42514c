using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Who may call the server.</summary>
public sealed class KeyTests
{
    [Theory, Stores]
    public async Task The_first_key_makes_others_that_may_do_only_what_they_say(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        (await server.Ask("GET /v1/programs", key: "")).ExpectProblem(401, "no-key");
        Assert.Equal("Bearer", (await server.Ask("GET /v1/programs", key: "laurel_guess")).ExpectProblem(401, "no-key").Header("WWW-Authenticate"));

        var made = (await server.Ask("POST /v1/keys", """{"name":"shop","scopes":["facts:write"],"program":"maple"}""")).Expect(201).Json;
        var secret = (string)made["secret"]!;
        (await server.Ask("POST facts", """{"id":"1","source":"test","type":"member.joined","subject":"member/ada","time":"2024-03-01"}""", key: secret)).Expect(201);
        (await server.Ask("GET facts", key: secret)).ExpectProblem(403, "not-allowed");
        (await server.Ask("POST /v1/programs", """{"library":"xero"}""", key: secret)).ExpectProblem(403, "not-allowed");

        // Whether there is another program is not said.
        var other = (await server.Ask("POST /v1/keys", """{"name":"reader","scopes":["read"],"program":"maple"}""")).Expect(201).Json;
        (await server.Ask("GET /v1/programs/oak", key: (string)other["secret"]!)).ExpectProblem(403, "not-allowed");
        (await server.Ask("GET /v1/programs/oak")).ExpectProblem(404, "unknown-program");
    }

    [Theory, Stores]
    public async Task A_key_that_is_revoked_or_over_is_worth_nothing(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await Running.Start(store, clock: clock);
        var revoked = (await server.Ask("POST /v1/keys", """{"name":"a","scopes":["read"]}""")).Expect(201).Json;
        var over = (await server.Ask("POST /v1/keys", """{"name":"b","scopes":["read"],"expires":"2025-07-01"}""")).Expect(201).Json;
        (await server.Ask("GET /v1/programs", key: (string)revoked["secret"]!)).Expect(200);
        (await server.Ask("GET /v1/programs", key: (string)over["secret"]!)).Expect(200);

        (await server.Ask($"DELETE /v1/keys/{revoked["key"]}")).Expect(204);
        clock.Now = new(2025, 7, 1, 0, 0, 0, TimeSpan.Zero);
        (await server.Ask("GET /v1/programs", key: (string)revoked["secret"]!)).ExpectProblem(401, "no-key");
        (await server.Ask("GET /v1/programs", key: (string)over["secret"]!)).ExpectProblem(401, "no-key");
        (await server.Ask("DELETE /v1/keys/nobody")).ExpectProblem(404, "unknown-name");

        var listed = (await server.Ask("GET /v1/keys")).Expect(200);
        Assert.DoesNotContain((string)over["secret"]!, listed.Body, StringComparison.Ordinal);
        Assert.Equal("2025-06-01T00:00:00Z", (string?)listed.Json["keys"]!.AsArray().First(k => (string)k!["name"]! == "b")!["used"]);
    }

    [Theory, Stores]
    public async Task Of_a_stream_of_facts_none_is_recorded_after_its_key_was_revoked(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        var made = (await server.Ask("POST /v1/keys", """{"name":"shop","scopes":["facts:write"]}""")).Expect(201).Json;
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", (string)made["secret"]!) } };
        using var content = new StreamContent(pipe.Reader.AsStream()) { Headers = { ContentType = new("application/x-ndjson") } };
        var sending = client.PostAsync(new Uri(server.Address, "/v1/programs/maple/facts"), content);
        await Send(0, 1500);
        long recorded;
        while ((recorded = await store.Count("facts WHERE subject IS NOT NULL")) < 1000) { await Task.Delay(20); }

        (await server.Ask($"DELETE /v1/keys/{made["key"]}")).Expect(204);
        await Send(1500, 3000);
        await pipe.Writer.CompleteAsync();

        using var answer = await sending;
        Assert.Equal(global::System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains($"{await store.Count("facts WHERE subject IS NOT NULL"):N0} of its facts are recorded", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(await store.Count("facts WHERE subject IS NOT NULL"), recorded, 1500);

        async Task Send(int from, int to) =>
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(from, to - from).Select(i => $$"""{"id":"m{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2024-03-01"}""" + "\n"))));
    }

    [Fact]
    public async Task No_secret_is_in_the_database()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        (await server.Ask("GET /v1/programs")).Expect(200);
        using var connection = await store.Database.Connect(default);
        var rows = await Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT hex(hash) || name || scopes || key FROM keys");
        Assert.DoesNotContain(rows, row => row.Contains(server.Key, StringComparison.Ordinal));
    }

    [Theory, Stores]
    public async Task A_secret_that_is_asked_for_again_is_in_the_answer_and_not_in_the_database(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        const string Asked = """{"name":"shop","scopes":["read"]}""";
        var first = (await server.Ask("POST /v1/keys", Asked, headers: "Idempotency-Key: r1")).Expect(201);
        var secret = (string)first.Json["secret"]!;
        using var connection = await store.Database.Connect(default);
        var (hash, answer) = await Dapper.SqlMapper.QuerySingleAsync<(byte[] Hash, byte[] Answer)>(connection, "SELECT hash, answer FROM requests");
        Assert.Equal(-1, answer.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
        // Nor does it tell whoever guesses what was asked.
        Assert.NotEqual(SHA256.HashData(Encoding.UTF8.GetBytes($"POST /v1/keys\napplication/json\n{Asked}")), hash);

        await server.Restart();
        Assert.Equal(secret, (string)(await server.Ask("POST /v1/keys", Asked, headers: "Idempotency-Key: r1")).Expect(201).Json["secret"]!);
        (await server.Ask("GET /v1/programs", key: secret)).Expect(200);
    }

    [Theory]
    [InlineData("""{"name":"a"}""", "/scopes")]
    [InlineData("""{"name":"a","scopes":["admin"]}""", "/scopes")]
    [InlineData("""{"scopes":["read"]}""", "/name")]
    [InlineData("""{"name":"a","scopes":["read"],"program":"oak"}""", "/program")]
    [InlineData("""{"name":"a","scopes":["read"],"expires":"2001-01-01"}""", "/expires")]
    [InlineData("""{"name":"a","scopes":["read"],"expires":"soon"}""", "/expires")]
    [InlineData("""{"name":"a","scopes":[1]}""", "/scopes/0")]
    [InlineData("""{"name":"a","scopes":["read"],"colour":"red"}""", "/colour")]
    public async Task A_key_that_says_something_wrong_is_told_where(string body, string pointer)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        Assert.Equal(pointer, (string?)(await server.Ask("POST /v1/keys", body)).ExpectProblem(400, "invalid-body").Json["errors"]![0]!["pointer"]);
    }

    [Fact]
    public async Task A_key_is_told_to_come_again_when_it_asks_too_much()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store, settings => settings with { RequestsPerSecond = 3 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.Ask("GET /v1/programs")));
        Assert.Contains(answers, a => a.Status == 200);
        var refused = answers.First(a => a.Status == 429).ExpectProblem(429, "too-many");
        Assert.Equal("1", refused.Header("Retry-After"));
    }
}

/// <summary>A clock that stands where a test sets it.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
