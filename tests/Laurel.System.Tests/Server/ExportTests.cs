using System.Diagnostics;
using Laurel.Server;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>laurel export: what a database has as files, from which another one comes to the same.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory, Stores]
    public async Task What_is_exported_comes_to_the_same_in_another_database(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine == "sqlite" ? "postgres" : "sqlite");
        var facts = _scratch.Write("sample.jsonl", CliRun.Of("sample", "wix-partner", "--facts", "800", "--members", "40").Expect(0).Output);
        CliRun.Of("import", "wix-partner", facts, "--database", store.Connection).Expect(0);
        var from = CliRun.Of("export", "wix-partner", "--output", _scratch["a"], "--database", store.Connection).Expect(0);
        Assert.Matches(@"facts.jsonl: \d+ lines\n.*ledger.jsonl: \d+ lines\n.*standings.jsonl: \d+ lines\n.*status.json: 1 line\n$", from.Output);

        CliRun.Of("import", _scratch["a/wix-partner"], _scratch["a/facts.jsonl"], "--database", copy.Connection).Expect(0);
        CliRun.Of("export", "wix-partner", "--output", _scratch["b"], "--database", copy.Connection).Expect(0);
        foreach (var file in Directory.EnumerateFiles(_scratch["a"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_scratch["a"], f)).Where(f => f != "standings.jsonl"))
        {
            Assert.Equal(File.ReadAllText(Path.Combine(_scratch["a"], file)), File.ReadAllText(Path.Combine(_scratch["b"], file)));
        }
        var (old, made) = (await Spine.HeadOf(store.Database, 1, default), await Spine.HeadOf(copy.Database, 1, default));
        Assert.Equal((old.EntriesTo, old.FactsTo, Convert.ToHexString(old.EntriesRoot)), (made.EntriesTo, made.FactsTo, Convert.ToHexString(made.EntriesRoot)));
    }

    [Theory, Stores]
    public async Task What_a_server_was_told_is_exported_with_when_it_was_learnt(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine);
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        (await server.Tell("a4", "plan.ended", "site/s1", "2024-05-01")).Expect(201);
        (await server.Ask("POST facts/retractions", """{"source":"test","id":"a4","reason":"another site"}""")).Expect(201);
        (await server.Ask("PUT members/ben")).Expect(201);
        var facts = _scratch.Write("facts.jsonl", CliRun.Of("export", "maple", "--what", "facts", "--output", "-", "--database", store.Connection).Expect(0).Output);
        Assert.Equal(6, File.ReadLines(facts).Count());
        CliRun.Of("export", "maple", "--output", _scratch["a"], "--database", store.Connection).Expect(0);
        CliRun.Of("import", _scratch["a/maple"], facts, "--database", copy.Connection).Expect(0);
        foreach (var format in (string[])["jsonl", "csv", "hledger"])
        {
            string Ledger(Store of) => CliRun.Of("export", "maple", "--what", "ledger", "--format", format, "--output", "-", "--database", of.Connection).Expect(0).Output;
            Assert.Equal(Ledger(store), Ledger(copy));
            Assert.Equal((await server.Ask($"GET ledger?format={format}")).Expect(200).Body, Ledger(store));
        }
        Assert.StartsWith("member,enrolled,level,points,", CliRun.Of("export", "maple", "--what", "standings", "--format", "csv", "--output", "-", "--database", copy.Connection).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(120)]
    public void What_was_imported_stands_by_the_edition_that_is_published_however_many_members_there_are(int members)
    {
        using var store = Store.Empty("sqlite");
        var program = _scratch.WriteProgram();
        _scratch.Write("maple/editions/2025.yaml", "edition: maple-2025\neffective: 2025-01-01\nbased-on: maple-2024\nrules: { site: { give: 150 points, to: site.owner, while: site.premium } }\n");
        var facts = _scratch.Write("facts.jsonl", string.Concat(Enumerable.Range(0, members).Select(i =>
            $$"""{"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2024-05-01"}""" + "\n"
            + $$"""{"id":"c{{i}}","source":"test","type":"site.created","subject":"site/s{{i}}","time":"2024-05-01","data":{"member":"m{{i}}"} }""" + "\n"
            + $$"""{"id":"b{{i}}","source":"test","type":"plan.bought","subject":"site/s{{i}}","time":"2024-05-02","data":{"plan":"basic"} }""" + "\n")));
        CliRun.Of("import", program, facts, "--database", store.Connection).Expect(0);

        var standings = CliRun.Of("export", "maple", "--what", "standings", "--format", "csv", "--output", "-", "--database", store.Connection).Expect(0);
        Assert.Equal(members, standings.Lines.Count(l => l.Contains(",150,", StringComparison.Ordinal) || l.EndsWith(",150", StringComparison.Ordinal)));
        Assert.DoesNotContain("staged", standings.Error, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task An_edition_that_is_being_staged_is_exported_as_a_draft_and_nothing_goes_by_it(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine);
        await using var server = await Running.Start(store, clock: new SetClock(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero)));
        var told = string.Concat(Enumerable.Range(0, 120).Select(i => $$"""
            {"id":"c{{i}}","source":"test","type":"site.created","subject":"site/s{{i}}","time":"2026-05-01","data":{"member":"m{{i}}"} }
            {"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2026-05-01","data":{} }
            {"id":"b{{i}}","source":"test","type":"plan.bought","subject":"site/s{{i}}","time":"2026-05-02","data":{"plan":"basic"} }

            """));
        (await server.Ask("POST facts", told, "application/x-ndjson")).Expect(200);
        (await server.Ask("PUT drafts/maple-2027", "edition: maple-2027\neffective: 2026-06-02\nbased-on: maple-2024\nrules:\n  site: { says: 200 points, give: 200 points, to: site.owner, while: site.premium }\n", "application/yaml")).Expect(201);
        (await server.Ask("POST drafts/maple-2027/publication", "{}")).Expect(201);
        while (await store.Count("staged_members") < 120) { await Task.Delay(20); }

        // By the clock of whoever exports, the edition is in force: it would be, were it not still being staged.
        var exported = CliRun.Of("export", "maple", "--output", _scratch["a"], "--database", store.Connection).Expect(0);
        Assert.Contains("maple-2027 is being staged", exported.Error, StringComparison.Ordinal);
        Assert.Equal((true, false), (File.Exists(_scratch["a/maple/drafts/maple-2027.yaml"]), File.Exists(_scratch["a/maple/editions/maple-2027.yaml"])));
        Assert.All(File.ReadLines(_scratch["a/standings.jsonl"]), line => Assert.Contains("\"points\":\"100\"", line, StringComparison.Ordinal));
        CliRun.Of("import", _scratch["a/maple"], _scratch["a/facts.jsonl"], "--database", copy.Connection).Expect(0);
        Assert.Equal(await store.Count("entries"), await copy.Count("entries"));
    }

    [Theory, Stores]
    public async Task An_edition_that_was_staged_while_facts_were_told_comes_to_the_same_place_in_another_database(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine == "sqlite" ? "postgres" : "sqlite");
        await using (var server = await Running.Start(store, clock: new SetClock(new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero))))
        {
            (await server.Ask("POST facts", Members(1_200), "application/x-ndjson")).Expect(200);
            (await server.Ask("PUT drafts/maple-2025", "edition: maple-2025\neffective: 2025-05-20\nbased-on: maple-2024\nrules:\n  site: { says: 200 points, give: 200 points, to: site.owner, while: site.premium }\n", "application/yaml")).Expect(201);
            (await server.Ask("POST drafts/maple-2025/publication", "{}")).Expect(201);
            var told = 0;
            while (told < 150 && await store.Count("books WHERE opened IS NOT NULL AND edition = 'maple-2025'") == 0) { (await server.Tell($"e{told}", "plan.ended", $"site/s{told++}", "2025-05-25")).Expect(201); }
            Assert.True(told > 1, "facts were told while it was staged");
            (await server.Tell("after", "plan.ended", "site/s1199", "2025-05-26")).Expect(201);
        }
        var place = await store.Count("facts WHERE position < (SELECT position FROM facts WHERE id = 'edition/maple-2025')");
        Assert.True(place > (3 * 1_200) + 1, "it is in the log after facts that were told once it was published");
        CliRun.Of("export", "maple", "--output", _scratch["a"], "--database", store.Connection).Expect(0);
        Assert.Contains("\"opened\":{\"maple-2024\":\"", File.ReadAllText(_scratch["a/status.json"]), StringComparison.Ordinal);
        CliRun.Of("import", _scratch["a/maple"], _scratch["a/facts.jsonl"], "--status", _scratch["a/status.json"], "--database", copy.Connection).Expect(0);
        CliRun.Of("export", "maple", "--output", _scratch["b"], "--database", copy.Connection).Expect(0);
        foreach (var file in (string[])["status.json", "ledger.jsonl", "facts.jsonl"]) { Assert.Equal(File.ReadAllText(_scratch[$"a/{file}"]), File.ReadAllText(_scratch[$"b/{file}"])); }
        Assert.Equal(1, await copy.Count($"facts WHERE id = 'edition/maple-2025' AND position = {place}"));
        var (old, made) = (await Spine.HeadOf(store.Database, 1, default), await Spine.HeadOf(copy.Database, 1, default));
        Assert.Equal((old.EntriesTo, old.FactsTo, Convert.ToHexString(old.EntriesRoot)), (made.EntriesTo, made.FactsTo, Convert.ToHexString(made.EntriesRoot)));
        await foreach (var verified in Shelf.Verify(copy.Connection, default)) { Assert.Null(verified.Difference); }
    }

    [Theory, Stores]
    public async Task An_edition_that_was_opened_after_the_last_fact_is_imported_too(string engine)
    {
        using var store = Store.Empty(engine);
        using var copy = Store.Empty(engine);
        var clock = new SetClock(new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using (var server = await Running.Start(store, clock: clock))
        {
            (await server.Ask("POST facts", Members(120), "application/x-ndjson")).Expect(200);
            (await server.Ask("PUT drafts/maple-2025", "edition: maple-2025\neffective: 2025-05-20\nbased-on: maple-2024\nrules:\n  site: { says: 200 points, give: 200 points, to: site.owner, while: site.premium }\n", "application/yaml")).Expect(201);
            (await server.Ask("POST drafts/maple-2025/publication", "{}")).Expect(201);
            clock.Now = clock.Now.AddSeconds(1);
            for (var watch = Stopwatch.StartNew(); await store.Count("books WHERE opened IS NOT NULL AND edition = 'maple-2025'") == 0; await Task.Delay(20)) { Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "it is not opened"); }
        }
        CliRun.Of("export", "maple", "--output", _scratch["a"], "--database", store.Connection).Expect(0);
        CliRun.Of("import", _scratch["a/maple"], _scratch["a/facts.jsonl"], "--status", _scratch["a/status.json"], "--database", copy.Connection).Expect(0);
        var (old, made) = (await Spine.HeadOf(store.Database, 1, default), await Spine.HeadOf(copy.Database, 1, default));
        Assert.Equal((old.EntriesTo, old.FactsTo, Convert.ToHexString(old.EntriesRoot)), (made.EntriesTo, made.FactsTo, Convert.ToHexString(made.EntriesRoot)));
    }

    [Fact]
    public void A_status_of_editions_that_the_program_does_not_have_is_refused()
    {
        using var store = Store.Empty("sqlite");
        var (program, facts) = (_scratch.WriteProgram(), _scratch.Write("facts.jsonl", Members(1)));
        var status = _scratch.Write("status.json", """{"sandbox":false,"opened":{"maple-2042":"2025-06-01T12:00:00Z"} }""");
        var refused = CliRun.Of("import", program, facts, "--status", status, "--database", store.Connection).Expect(2);
        Assert.Contains("the status says when the edition `maple-2042` was opened, and maple has no such edition", refused.Error, StringComparison.Ordinal);
        var wrong = CliRun.Of("import", program, facts, "--status", _scratch.Write("wrong.json", """{"sandbox":false,"opened":{"maple-2024":"soon"} }"""), "--database", store.Connection).Expect(2);
        Assert.Contains("`soon` is neither a date nor an instant", wrong.Error, StringComparison.Ordinal);
    }

    /// <summary>What is told of members m0, m1, …, each with a site on a plan.</summary>
    private static string Members(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $$"""
        {"id":"c{{i}}","source":"test","type":"site.created","subject":"site/s{{i}}","time":"2025-05-01","data":{"member":"m{{i}}"} }
        {"id":"j{{i}}","source":"test","type":"member.joined","subject":"member/m{{i}}","time":"2025-05-01","data":{} }
        {"id":"b{{i}}","source":"test","type":"plan.bought","subject":"site/s{{i}}","time":"2025-05-02","data":{"plan":"basic"} }

        """));

    [Theory]
    [InlineData("export maple --output -", "standard output takes one thing")]
    [InlineData("export maple", "export needs a place to write to")]
    [InlineData("export maple --output FOLDER --what fats", "Did you mean `facts`?")]
    [InlineData("export maple --output FOLDER --what facts --format csv", "facts has no format `csv`")]
    [InlineData("export maple --output FOLDER --format xml", "has no format `xml`")]
    [InlineData("export mable --output FOLDER", "Did you mean `maple`?")]
    [InlineData("export maple --output FOLDER/ledger.jsonl", "can't be written")]
    [InlineData("export maple --output FOLDER", "is there already")]
    public async Task What_it_cannot_do_it_says(string call, string message)
    {
        using var store = await Made();
        _scratch.Write("out/ledger.jsonl", "");
        _scratch.Write("out/facts.jsonl", "");
        var words = call.Replace("FOLDER", _scratch["out"], StringComparison.Ordinal).Split(' ');
        Assert.Contains(message, CliRun.Of([.. words, "--database", store.Connection]).Expect(2).Error, StringComparison.Ordinal);
    }

    private async Task<Store> Made()
    {
        var store = Store.Empty("sqlite");
        await using var shelf = await Shelf.OpenForImport(store.Connection, TimeProvider.System, default);
        await shelf.Create(FolderTexts.Read(_scratch.WriteProgram()).Texts, default);
        return store;
    }

    public void Dispose() => _scratch.Dispose();
}
