using System.Globalization;
using System.Text;
using Dapper;
using Laurel.Benchmarks;
using Laurel.Cli.Reading;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Xunit.Abstractions;

namespace Laurel.System.Tests.Storage;

public sealed class BookkeeperTests(ITestOutputHelper output)
{
    private static readonly PartnerProgram Wix = ProgramFolder.Find(Path.Combine(CliRun.Root, "programs", "wix-partner")).Read().Program!;

    [Theory, Stores]
    public async Task What_is_recorded_is_posted_as_the_engine_posts_a_whole_history(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var folder = new Scratch();
        var samples = SampleProgram.Find(AppContext.BaseDirectory);
        samples.Write(folder["facts.jsonl"], seed: 3, members: 12, facts: 400);
        var facts = Facts(Wix, File.ReadLines(folder["facts.jsonl"]));
        var receipts = new List<Receipt>();
        foreach (var (part, place) in facts.Chunk(67).Select((part, place) => (part, place)))
        {
            // Whoever opens the books anew goes on where the last commit left them.
            using var books = await Open(store, Wix);
            receipts.AddRange(await books.Record(part, asTold: true, keep: null, default));
        }

        Assert.DoesNotContain(receipts, r => r is Receipt.Refused);
        var expected = Posted(Wix, facts.Zip(receipts).Where(told => told.Second is Receipt.Recorded).Select(told => told.First with { Recorded = ((Receipt.Recorded)told.Second).At }));
        Assert.True(expected.Count > 100);
        Assert.Equal(expected, await Entries(store));
    }

    [Theory, Stores]
    public async Task However_facts_are_grouped_and_whatever_is_at_hand_the_ledger_is_the_same(string engine)
    {
        var facts = Facts(Wix, File.ReadLines(Path.Combine(CliRun.Root, "programs", "wix-partner", "demo.jsonl")));
        var ledgers = new List<(List<string> Entries, byte[] Root)>();
        foreach (var (size, rests) in ((int, bool)[])[(3, false), (10, false), (41, false), (3, true)])
        {
            using var store = await Store.WithProgram(engine);
            using var books = await Open(store, Wix);
            foreach (var part in facts.Chunk(size))
            {
                await books.Record(part, asTold: true, keep: null, default);
                if (rests) { await books.Rest(); }
            }
            using var again = await Open(store, Wix);
            Assert.Equal(books.Head.EntriesRoot, again.Head.EntriesRoot);
            ledgers.Add((await Entries(store), again.Head.EntriesRoot));
        }

        Assert.True(ledgers[0].Entries.Count > 20);
        Assert.All(ledgers, ledger => Assert.Equal(ledgers[0].Entries, ledger.Entries));
        Assert.All(ledgers, ledger => Assert.Equal(ledgers[0].Root, ledger.Root));
    }

    [Theory, Stores]
    public async Task A_fact_told_twice_changes_nothing_and_one_that_says_something_else_is_refused(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store, Maple);
        var facts = Facts(Maple, [Joined("j1", "ada"), Created("c1", "s1", "ada")]);
        await books.Record(facts, asTold: true, keep: null, default);
        var (entries, commits) = (await store.Count("entries"), await store.Count("commits"));

        var again = await books.Record([.. facts, .. Facts(Maple, [Created("c1", "s2", "ada"), Created("c2", "s2", "ada"), Created("c2", "s2", "ada"), Created("c2", "s3", "ada")])], asTold: true, keep: null, default);

        Assert.Equal([0L, 1L, -1L, 2L, 2L, -1L], again.Select(r => r switch { Receipt.Unchanged u => u.Position - books.Head.FactsTo + 3, Receipt.Recorded r2 => r2.Position - books.Head.FactsTo + 3, _ => -1 }));
        Assert.IsType<Receipt.Unchanged>(again[4]);
        Assert.Equal([RefusalCode.FactIdReused, RefusalCode.FactIdReused], again.OfType<Receipt.Refused>().Select(r => r.Refusal.Code));
        Assert.Equal((entries, commits + 1), (await store.Count("entries"), await store.Count("commits")));
    }

    [Theory, Stores]
    public async Task A_retraction_takes_back_what_was_posted_even_if_it_comes_first(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store, Maple);
        await books.Record(Facts(Maple, [Joined("j1", "ada"), Created("c1", "s1", "ada"), Bought("b1", "s1"), Retracted("r1", "b1"), Retracted("r2", "b2")]), asTold: true, keep: null, default);

        await books.Record(Facts(Maple, [Created("c2", "s2", "ada"), Bought("b2", "s2"), Bought("b3", "s2")]), asTold: true, keep: null, default);

        Assert.Equal(["site/s1 100 rule/maple-2024/site → member/ada", "site/s1 100 member/ada → rule/maple-2024/site", "site/s2 100 rule/maple-2024/site → member/ada"], (await Entries(store)).Select(e => string.Join(' ', e.Split(' ')[2..7])));
    }

    [Theory, Stores]
    public async Task A_retraction_that_is_taken_back_is_as_if_never_told_whoever_goes_on_with_the_books(string engine)
    {
        using var store = await Store.WithProgram(engine);
        string[][] told =
        [
            [Joined("j1", "ada"), Created("c1", "s1", "ada"), Bought("b1", "s1"), Retracted("r2", "b2")], [Retracted("r1", "b1"), Created("c2", "s2", "ada"), Bought("b2", "s2")],
            [Retracted("back1", "r1"), Retracted("back2", "r2")], [Created("c3", "s1", "ada"), Created("c4", "s2", "ada")],
        ];
        foreach (var part in told)
        {
            using var books = await Open(store, Maple);
            await books.Record(Facts(Maple, part), asTold: true, null, default);
        }

        Assert.Equal(["b1 site/s1 100", "r1 site/s1 100", "back1 site/s1 100", "back2 site/s2 100"], (await Entries(store)).Select(e => string.Join(' ', e[(e.IndexOf('/', StringComparison.Ordinal) + 1)..].Split(' ')[..3])));
        Assert.Null((await new Verification(store.Database, 1, Maple).Run(default)).Difference);
    }

    [Theory, Stores]
    public async Task Of_two_who_keep_the_same_books_the_second_to_write_is_refused(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var first = await Open(store, Maple);
        using var second = await Open(store, Maple);
        await first.Record(Facts(Maple, [Joined("j1", "ada")]), asTold: true, keep: null, default);

        await Assert.ThrowsAsync<LaneLostException>(() => second.Record(Facts(Maple, [Joined("j2", "bo")]), asTold: true, keep: null, default));

        Assert.Equal(1, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task Levels_that_change_are_told_with_their_fact_and_standings_are_kept(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store, Maple);
        await books.Record(Facts(Maple, [Joined("j1", "ada"), .. Enumerable.Range(1, 3).SelectMany(i => new[] { Created($"c{i}", $"s{i}", "ada"), Bought($"b{i}", $"s{i}") })]), asTold: true, keep: null, default);

        using var connection = await store.Database.Connect(default);
        var body = await connection.QuerySingleAsync<string>("SELECT body FROM standings");
        Assert.Contains("\"points\":\"300\"", body, StringComparison.Ordinal);
        Assert.Contains("\"rung\":\"silver\"", body, StringComparison.Ordinal);
        // Of one commit as of many: each change is that of its fact.
        var levels = (await connection.QueryAsync<(long Cause, string Body)>("SELECT cause, body FROM changes WHERE body LIKE '%\"what\":\"level\"%' ORDER BY change")).ToList();
        var joined = await connection.QuerySingleAsync<long>("SELECT position FROM facts WHERE id = 'j1'");
        Assert.Equal([0L, 6L], levels.Select(l => l.Cause - joined));
        Assert.Contains("""{"what":"level","name":"level","from":"none","to":"bronze"}""", levels[0].Body, StringComparison.Ordinal);
        Assert.Contains("""{"what":"level","name":"level","from":"bronze","to":"silver"}""", levels[1].Body, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task What_ends_in_years_is_due_then(string engine)
    {
        using var folder = new Scratch();
        folder.WriteProgram();
        folder.Write("maple/editions/2024.yaml", """
            edition: maple-2024
            effective: 2024-01-01
            states: { site.premium: { starts: plan.bought, ends: plan.ended, for: 3 years } }
            roles: { site.owner: { starts: site.created } }
            rules: { site: { says: 100 points a site on a plan, give: 100 points, to: site.owner, while: site.premium } }
            """);
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store, ProgramFolder.Find(folder["maple"]).Read().Program!);
        await books.Record(Facts(Maple, [Joined("j1", "ada"), Created("c1", "s1", "ada"), Bought("b1", "s1")]), asTold: true, keep: null, default);

        using var connection = await store.Database.Connect(default);
        Assert.Equal("2027-03-01T10:00:00Z", new Instant(await connection.QuerySingleAsync<long>("SELECT at FROM due")).ToString());
    }

    /// <summary>A server keeps the plan that was made when a table was empty, until somebody counts what is in it.</summary>
    [PostgresFact]
    public async Task Facts_are_found_by_what_they_are_however_little_is_known_of_the_table()
    {
        using var store = await Store.WithProgram("postgres");
        using var connection = await store.Database.Connect(default);
        await connection.ExecuteAsync("SET plan_cache_mode = force_generic_plan");
        string[] statements =
        [
            $"SELECT * FROM facts WHERE program = @program AND subject IS NULL AND {Database.UpTo}",
            store.Database.Sql($"SELECT e.* FROM {Database.Each("facts", "subject", "values", Database.UpTo)}"),
            store.Database.Sql($"SELECT e.* FROM {Database.Each("facts", "id", "values", $"source = @source AND {Database.UpTo}")}"),
        ];
        var plans = new List<string>();
        foreach (var (sql, place) in statements.Select((sql, place) => (sql, place)))
        {
            var numbered = sql.Replace("@program", "$1", StringComparison.Ordinal).Replace("@upTo", "$2", StringComparison.Ordinal).Replace("@values", "$3", StringComparison.Ordinal).Replace("@source", "$4", StringComparison.Ordinal);
            await connection.ExecuteAsync($"PREPARE asked{place}(int2, int8, {(place == 2 ? "text" : "int8")}[], int4) AS {numbered}");
            plans.AddRange(await connection.QueryAsync<string>($"EXPLAIN EXECUTE asked{place}(1, 10, '{{1}}', 1)"));
        }
        var found = plans.Where(line => line.Contains("Index Cond", StringComparison.Ordinal)).ToList();
        Assert.True(found.Count == 3 && found.TrueForAll(f => !f.Contains("position", StringComparison.Ordinal)), string.Join('\n', plans));
    }

    [LongFact]
    public async Task What_adds_up_to_too_much_is_refused_alone()
    {
        using var folder = new Scratch();
        folder.WriteProgram();
        folder.Write("maple/editions/2024.yaml", """
            edition: maple-2024
            effective: 2024-01-01
            rules: { site: { says: Too many points a site, give: 1000000000000000 points, when: site.created } }
            metrics: { points: { sum: points } }
            """);
        var maple = ProgramFolder.Find(folder["maple"]).Read().Program!;
        using var store = await Store.WithProgram("sqlite");
        using var books = await Open(store, maple);
        var facts = Facts(maple, [Joined("j1", "ada"), .. Enumerable.Range(1, 9_230).Select(i => Created($"c{i}", $"s{i}", "ada")), Joined("j2", "bo"), Created("c", "s", "bo")]);
        var receipts = new List<Receipt>();
        foreach (var part in facts.Chunk(Lane.CommitMax)) { receipts.AddRange(await books.Record(part, asTold: true, keep: null, default)); }

        Assert.Equal([.. Enumerable.Range(9_224, 7).Select(i => $"c{i}")], facts.Zip(receipts).Where(r => r.Second is Receipt.Refused { Refusal.Code: RefusalCode.TotalOutOfRange }).Select(r => r.First.Id));
        Assert.Equal(facts.Count - 7, await store.Count("facts WHERE subject IS NOT NULL"));
        Assert.IsType<Receipt.Recorded>(receipts[^1]);
        output.WriteLine($"{facts.Count} facts, {receipts.Count(r => r is Receipt.Refused)} refused, the others recorded");
    }

    private static readonly PartnerProgram Maple = ReadMaple();

    private static PartnerProgram ReadMaple()
    {
        using var folder = new Scratch();
        return ProgramFolder.Find(folder.WriteProgram()).Read().Program!;
    }

    private static string Joined(string id, string member) => Line(id, "member.joined", $"member/{member}", "{}");

    private static string Created(string id, string site, string member) => Line(id, "site.created", $"site/{site}", $$"""{"member":"{{member}}"}""");

    private static string Bought(string id, string site) => Line(id, "plan.bought", $"site/{site}", """{"plan":"basic"}""");

    private static string Retracted(string id, string what) => Line(id, "fact.retracted", null, $$"""{"source":"test","id":"{{what}}","reason":"wrong"}""");

    private static string Line(string id, string type, string? subject, string data) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"test","type":"{{type}}",{{(subject is null ? "" : $"\"subject\":\"{subject}\",")}}"time":"2024-03-01T10:00:00Z","data":{{data}}}""";

    private static Task<Bookkeeper> Open(Store store, PartnerProgram program) => Bookkeeper.Open(store.Database, 1, program, TimeProvider.System, null, default);

    private static List<Fact> Facts(PartnerProgram program, IEnumerable<string> lines)
    {
        var parser = new FactParser(program.Vocabulary);
        return [.. lines.Select(line => parser.Read(Encoding.UTF8.GetBytes(line), 0, out var refusal) ?? throw new InvalidOperationException($"{refusal}"))];
    }

    private static List<string> Posted(PartnerProgram program, IEnumerable<Fact> facts)
    {
        var builder = new HistoryBuilder(program.Vocabulary);
        foreach (var fact in facts) { Assert.IsType<Verdict.Recorded>(builder.Add(fact)); }
        var history = builder.Build();
        var lines = new LedgerLines(program, history, RuleBook.InForce(program, Instant.Never));
        var last = history.RecordedAt(history.FactCount - 1);
        return [.. Posting.Run(program, history, under: null, Instant.Never).Where(p => p.Item.Recorded <= last).SelectMany(p => p.Entries.Select(e => lines.LineOf(e, p.Item))).Select(Shown)];
    }

    private static string Shown(EntryLine line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Position} {line.CauseSource}/{line.CauseId} {line.Subject} {line.Amount} {EntryLine.NameOf(line.From, line.Member, line.Edition, line.Rule)} → {EntryLine.NameOf(line.To, line.Member, line.Edition, line.Rule)} {line.Unit} {line.Dated} {line.Starts} {line.Ends}");

    /// <summary>The ledger of a database, with names for numbers.</summary>
    private static async Task<List<string>> Entries(Store store)
    {
        using var connection = await store.Database.Connect(default);
        var words = await Words.Of(store.Database, 1, default);
        var names = (await connection.QueryAsync<(long Subject, long Kind, string Name)>("SELECT subject, kind, name FROM subjects")).ToDictionary(s => s.Subject);
        var causes = (await connection.QueryAsync<(long Position, long Source, string Id)>("SELECT position, source, id FROM facts")).ToDictionary(f => f.Position);
        return [.. (await connection.QueryAsync<EntryRow>("SELECT * FROM entries ORDER BY position")).Select(row =>
        {
            var (edition, rule) = RuleWord.Read(words[row.Rule]);
            var subject = names[row.Subject];
            return Shown(new(
                row.Position, words[causes[row.Cause].Source], causes[row.Cause].Id, edition, rule, names[row.Member].Name, $"{words[subject.Kind]}/{subject.Name}", words[row.Unit],
                (Account)row.Source, (Account)row.Target, row.Amount, new(row.Dated), new(row.Starts), new(row.Ends)));
        })];
    }
}
