using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>What is personal over HTTP: who sees it, where it never is, and how it goes for good.</summary>
public sealed class PersonalTests : IDisposable
{
    private const string Secret = "Ada Lovelace";

    private readonly Scratch _scratch = new();

    [Theory, Stores]
    public async Task A_personal_value_is_shown_to_keys_that_may_and_erased_for_all(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Start(store);
        var reads = await Key(server, "read");
        Assert.Equal(Secret, (string)(await server.Ask("GET facts?type=member.named")).Expect(200).Json["facts"]![0]!["fact"]!["data"]!["full_name"]!);
        var withheld = (await server.Ask("GET facts?type=member.named", key: reads)).Expect(200);
        Assert.Equal("full_name", (string)withheld.Json["facts"]![0]!["withheld"]![0]!);
        Assert.DoesNotContain(Secret, withheld.Body, StringComparison.Ordinal);
        var before = await Everything(server);

        (await server.Ask("POST members/ada/erase", """{"reason":"asked for it"}""", key: reads)).ExpectProblem(403, "not-allowed");
        var tried = (await server.Ask("POST members/ada/erase?dry-run=true", """{"reason":"asked for it"}""")).Expect(200).Json;
        Assert.Equal((1, true, null), ((int)tried["values"]!["full_name"]!, (bool)tried["dry_run"]!, tried["last"]));
        Assert.Contains(Secret, (await server.Ask("GET facts")).Body, StringComparison.Ordinal);

        var erased = (await server.Ask("POST members/ada/erase", """{"reason":"asked for it"}""")).Expect(201).Json;
        Assert.Equal(("member/ada", "erased", "asked for it"), ((string)erased["subject"]!, (string)erased["verdict"]!, (string)erased["last"]!["reason"]!));
        var again = (await server.Ask("POST erasures", """{"subject":"member/ada","reason":"asked again"}""")).Expect(200).Json;
        Assert.Equal(("unchanged", (long)erased["last"]!["commit"]!), ((string)again["verdict"]!, (long)again["last"]!["commit"]!));

        var gone = (await server.Ask("GET facts?type=member.named")).Expect(200);
        Assert.Equal((string)erased["last"]!["at"]!, (string)gone.Json["facts"]![0]!["erased"]!["full_name"]!);
        Assert.DoesNotContain(Secret, gone.Body, StringComparison.Ordinal);
        var listed = (await server.Ask("GET erasures", key: reads)).Expect(200).Json["erasures"]!.AsArray();
        Assert.Equal((string)erased["last"]!["commit"]!.ToString(), Assert.Single(listed)!["commit"]!.ToString());

        // All that is computed is as it was; told again, it stays away.
        Assert.Equal(before, await Everything(server));
        Assert.Equal("unchanged", (string)(await Name(server)).Expect(200).Json["verdict"]!);
        Assert.Equal("unchanged", (string)(await Name(server, "?dry-run=true")).Expect(200).Json["verdict"]!);
        Assert.DoesNotContain(Secret, (await server.Ask("GET facts")).Body, StringComparison.Ordinal);
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", store.Connection).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task It_is_in_no_export_unless_asked_for_and_an_export_without_it_can_be_taken_in(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine);
        await using (var server = await Start(store)) { }
        string Exported(params string[] more) => CliRun.Of(["export", "maple", "--what", "facts", "--output", "-", "--database", store.Connection, .. more]).Expect(0).Output;
        Assert.DoesNotContain(Secret, Exported(), StringComparison.Ordinal);
        var with = _scratch.Write("with.jsonl", Exported("--personal"));
        Assert.Contains(Secret, File.ReadAllText(with), StringComparison.Ordinal);
        var without = _scratch.Write("without.jsonl", Exported());

        CliRun.Of("import", _scratch.WritePersonalProgram(), without, "--database", copy.Connection).Expect(0);
        // Told again without what is personal, it denies nothing.
        CliRun.Of("import", "maple", without, "--database", store.Connection).Expect(0);
        Assert.Equal((0L, 1L), (await copy.Count("personal"), await store.Count("personal")));
        foreach (var of in (Store[])[store, copy]) { Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", of.Connection).Expect(0).Output, StringComparison.Ordinal); }
    }

    [Theory]
    [InlineData("""{"reason":""}""", 400, "invalid-body")]
    [InlineData("""{"reason":"a","why":"b"}""", 400, "invalid-body")]
    [InlineData("""{"subject":"nobody","reason":"a"}""", 400, "invalid-body")]
    [InlineData("""{"subject":"moon/1","reason":"a"}""", 400, "invalid-body")]
    [InlineData("""{"subject":"member/nobody","reason":"a"}""", 404, "unknown-name")]
    public async Task An_erasure_that_cannot_be_done_says_why(string body, int status, string problem)
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Start(store);
        (await server.Ask("POST erasures", body)).ExpectProblem(status, problem);
        Assert.Equal(1, await store.Count("personal"));
    }

    [Fact]
    public async Task What_is_refused_does_not_show_it()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Start(store);
        var refused = (await server.Tell("n2", "plan.bought", "site/s1", "2024-03-02", """{"plan":"basic","born":"the ides of March 1970"}""")).ExpectProblem(422, "fact-refused");
        Assert.DoesNotContain("ides", refused.Body, StringComparison.Ordinal);
        Assert.Contains("`data.born` is a personal value, which is no time", refused.Body, StringComparison.Ordinal);
        (await server.Tell("n1", "member.named", "member/ada", "2024-03-01", """{"full_name":"Ada Byron"}""")).ExpectProblem(409, "fact-id-reused");
        Assert.Equal("fact-id-reused", (await server.Ask("POST facts?dry-run=true", """{"id":"n1","source":"test","type":"member.named","subject":"member/ada","time":"2024-03-01","data":{"full_name":"Ada Byron"}}""")).ExpectProblem(409, "fact-id-reused").Problem);
    }

    [Fact]
    public async Task Who_may_not_read_it_cannot_give_that_to_another_key()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Start(store);
        (await server.Ask("POST /v1/keys", """{"name":"other","scopes":["personal:read"]}""", key: await Key(server, "operate", "read"))).ExpectProblem(400, "invalid-body");
        var both = await Key(server, "read", "personal:read");
        Assert.Contains(Secret, (await server.Ask("GET facts", key: both)).Expect(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archived_program_erases_too()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Start(store);
        (await server.Ask("PUT archive")).Expect(200);
        (await server.Ask("POST members/ada/erase", """{"reason":"asked for it"}""")).Expect(201);
        Assert.Equal(0, await store.Count("personal"));
    }

    /// <summary>A server with a member whose name is personal.</summary>
    private async Task<Running> Start(Store store)
    {
        _scratch.WritePersonalProgram();
        var server = await Running.Start(store, settings => settings with { Programs = _scratch[""] });
        await server.TellOfAda();
        (await Name(server)).Expect(201);
        return server;
    }

    private static Task<Answered> Name(Running server, string query = "") =>
        server.Ask($"POST facts{query}", $$$"""{"id":"n1","source":"test","type":"member.named","subject":"member/ada","time":"2024-03-01","data":{"full_name":"{{{Secret}}}"}}""");

    private static async Task<string> Key(Running server, params string[] scopes) =>
        (string)(await server.Ask("POST /v1/keys", $$"""{"name":"other","scopes":["{{string.Join("\",\"", scopes)}}"]}""")).Expect(201).Json["secret"]!;

    /// <summary>What is computed, and where nothing personal ever is.</summary>
    private static async Task<string> Everything(Running server)
    {
        const string when = "at=2026-12-31&known=2098-12-31";
        var all = new List<string>();
        foreach (var call in (string[])["members", $"members/ada/standing?{when}", $"members/ada/credits?{when}", "members/ada/entries", "members/ada/changes", $"members/ada/timeline?{when}", $"members/ada/explanation?metric=points&{when}", "ledger?format=csv", $"standings?format=csv&{when}"])
        {
            all.Add((await server.Ask($"GET {call}")).Expect(200).Body);
        }
        Assert.All(all, answer => Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal));
        return string.Join('\n', all);
    }

    public void Dispose() => _scratch.Dispose();
}
