using System.Globalization;
using System.Text;
using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Storage;
using Laurel.System.Tests.Server;

namespace Laurel.System.Tests.Storage;

/// <summary>What falls due while something else is done, or nothing can be: it is done at its own instants, whatever comes between.</summary>
public sealed class DueTests
{
    /// <summary>A program in which much falls due: states end by themselves, months close and pay, an edition comes.</summary>
    private static readonly Dictionary<string, string> Birch = new()
    {
        ["program.yaml"] = """
            program: birch
            units: { points: {}, eur: { decimals: 2, money: true } }
            subjects: { site: { plan: text } }
            facts:
              site.created: { about: site, needs: [member] }
              plan.bought: { about: site, needs: [plan] }
              plan.ended: { about: site }
            """,
        ["editions/2025.yaml"] = Edition("birch-2025", "2025-01-01", 45),
        ["editions/2025-06.yaml"] = Edition("birch-june", "2025-06-01", 20),
    };

    [Theory, Stores]
    public async Task What_an_operator_says_skips_no_close_that_fell_due_before_it(string engine)
    {
        var expected = await Play(engine, (_, _) => Task.CompletedTask);
        Assert.True(expected.Entries.Count(e => e.Contains(" eur ", StringComparison.Ordinal)) >= 2, string.Join('\n', expected.Entries));
        Assert.Contains(expected.Changes, c => c.Contains("2025-04-15T10:00:00Z", StringComparison.Ordinal));

        // What is paid is told as of the close.
        Assert.Contains(expected.Changes, c => c.EndsWith("-01T00:00:00Z {\"changes\":[{\"what\":\"payout\",\"name\":\"eur\",\"from\":\"1\",\"to\":\"0\"}]}", StringComparison.Ordinal));

        // With closes strictly before it, and none told yet.
        AssertSame(expected, await Play(engine, async (books, clock) =>
        {
            clock.Now = At(5, 3);
            await books.Direct(new Direction.Enrol(null, new Instant(1_800_000_000_000_000)), dryRun: false, keep: null, default);
        }));
    }

    [Theory, Stores]
    public async Task What_falls_due_while_a_program_is_archived_is_done_afterwards_at_its_own_instants(string engine)
    {
        var expected = await Play(engine, (_, _) => Task.CompletedTask);
        AssertSame(expected, await Play(engine, async (books, clock) =>
        {
            clock.Now = At(3, 20);
            await books.Direct(new Direction.Archive(null), dryRun: false, keep: null, default);
            clock.Now = At(6, 8);
            Assert.False(await books.TellDue(default));
            await books.Direct(new Direction.Restore(), dryRun: false, keep: null, default);
        }));
    }

    [Theory, Stores]
    public async Task A_revision_before_the_first_fact_makes_no_history_late(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(At(8, 1));
        using (var first = await Open(store, clock))
        {
            var revised = await first.Revise(new Dictionary<string, string?> { ["drafts/next.yaml"] = Edition("birch-next", "2026-01-01", 30) }, asRead: null, dryRun: false, keep: null, default);
            Assert.NotNull(revised.Program);
        }
        using var books = await Bookkeeper.Open(store.Database, 1, Program, clock, null, default);
        // What is published by now stays as it is all the same.
        var broken = await books.Revise(new Dictionary<string, string?> { ["editions/2025.yaml"] = Edition("birch-2025", "2025-01-01", 46) }, asRead: null, dryRun: false, keep: null, default);
        Assert.Equal("edition-published", Assert.Single(broken.Problems).Code);

        var receipts = await books.Record(Facts(), asTold: true, keep: null, default);

        Assert.All(receipts.Zip(Facts()), told => Assert.InRange(((Receipt.Recorded)told.First).At.Micros - told.Second.Time.Micros, 0, 10));
    }

    [Theory, Stores]
    public async Task Periods_close_among_the_first_facts_of_a_history_too(string engine)
    {
        var played = new List<(List<string> Entries, List<string> Changes)>();
        foreach (var size in (int[])[1, 3, 8])
        {
            using var store = Store.Empty(engine);
            using var books = await Open(store, new SetClock(At(7, 10)));
            foreach (var part in ((IReadOnlyList<Fact>)[.. Facts(), Joined("cy", 4, 2), Joined("dot", 7, 9)]).Chunk(size)) { await books.Record(part, asTold: true, keep: null, default); }
            played.Add(await Written(store));
        }

        Assert.Contains(played[0].Entries, e => e.StartsWith("closed/2025-04-01", StringComparison.Ordinal));
        Assert.Contains(played[0].Entries, e => e.StartsWith("closed/2025-05-01", StringComparison.Ordinal));
        Assert.All(played, other => AssertSame(played[0], other));
    }

    [Theory, Stores]
    public async Task Of_first_facts_that_are_kept_together_none_comes_before_a_close(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(At(4, 1).AddMicroseconds(-2));
        using var books = await Open(store, clock);

        var receipts = await books.RecordAll(Facts(), keep: null, default);

        Assert.Equal(new(2025, 4, 1, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.UnixEpoch.AddMicroseconds(((Receipt.Recorded)receipts[0]).At.Micros));
    }

    /// <summary>Tells on 1 March, does something, and does what is due on 10 July: the entries and the changes that come of it.</summary>
    private static async Task<(List<string> Entries, List<string> Changes)> Play(string engine, Func<Bookkeeper, SetClock, Task> between)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(At(3, 1, 10));
        using var books = await Open(store, clock);
        await books.Record(Facts(), asTold: false, keep: null, default);
        await between(books, clock);
        clock.Now = At(7, 10);
        while (await books.TellDue(default)) { }
        return await Written(store);
    }

    /// <summary>The entries and the changes of a database that proves right.</summary>
    private static async Task<(List<string> Entries, List<string> Changes)> Written(Store store)
    {
        await foreach (var verified in Shelf.Verify(store.Connection, default)) { Assert.Null(verified.Difference); }
        using var connection = await store.Database.Connect(default);
        var words = await Words.Of(store.Database, 1, default);
        var entries = await connection.QueryAsync<(string Id, long Recorded, long Member, long Unit, long Amount, long Dated, long Starts, long Ends, long Source, long Target)>(
            "SELECT f.id, f.recorded, e.member, e.unit, e.amount, e.dated, e.starts, e.ends, e.source, e.target FROM entries e JOIN facts f ON f.program = e.program AND f.position = e.cause ORDER BY e.position");
        var changes = await connection.QueryAsync<(long Member, long Effective, string Body)>("SELECT member, effective, body FROM changes ORDER BY effective, member, change");
        return (
            [.. entries.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Id} {new Instant(e.Recorded)} {e.Member} {words[e.Unit]} {e.Amount} {new Instant(e.Dated)} {new Instant(e.Starts)} {new Instant(e.Ends)} {e.Source} {e.Target}"))],
            [.. changes.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Member} {new Instant(c.Effective)} {c.Body}"))]);
    }

    private static void AssertSame((List<string> Entries, List<string> Changes) expected, (List<string> Entries, List<string> Changes) played)
    {
        Assert.Equal(expected.Entries, played.Entries);
        Assert.Equal(expected.Changes, played.Changes);
    }

    private static readonly PartnerProgram Program = ProgramReader.Read(Birch).Program!;

    private static async Task<Bookkeeper> Open(Store store, TimeProvider clock)
    {
        await using (var shelf = await Shelf.OpenForImport(store.Connection, clock, default)) { await shelf.Create(Birch, default); }
        return await Bookkeeper.Open(store.Database, 1, Program, clock, null, default);
    }

    private static List<Fact> Facts()
    {
        var parser = new FactParser(Program.Vocabulary);
        (string Id, string Type, string Subject, string Data)[] told =
        [
            ("1", "member.joined", "member/ada", "{}"), ("2", "site.created", "site/s1", """{"member":"ada"}"""), ("3", "plan.bought", "site/s1", """{"plan":"a"}"""),
            ("4", "member.joined", "member/ben", "{}"), ("5", "site.created", "site/s2", """{"member":"ben"}"""), ("6", "plan.bought", "site/s2", """{"plan":"b"}"""),
        ];
        return [.. told.Select(t => parser.Read(Encoding.UTF8.GetBytes($$"""{"id":"{{t.Id}}","source":"test","type":"{{t.Type}}","subject":"{{t.Subject}}","time":"2025-03-01T10:00:00Z","data":{{t.Data}}}"""), 0, out _)!)];
    }

    private static Fact Joined(string member, int month, int day) => new FactParser(Program.Vocabulary)
        .Read(Encoding.UTF8.GetBytes($$"""{"id":"{{member}}","source":"test","type":"member.joined","subject":"member/{{member}}","time":"{{At(month, day):yyyy-MM-dd}}"}"""), 0, out _)!;

    private static DateTimeOffset At(int month, int day, int hour = 0) => new(2025, month, day, hour, 0, 0, TimeSpan.Zero);

    private static string Edition(string name, string effective, int days) => $$"""
        edition: {{name}}
        effective: {{effective}}
        states: { site.premium: { starts: plan.bought, ends: plan.ended, for: {{days}} days } }
        roles: { site.owner: { starts: site.created } }
        rules:
          site: { says: 100 points a site on a plan, give: 100 points, to: site.owner, while: site.premium }
          month: { says: 1 EUR a month for points, give: 1 eur, when: each month, where: points > 0 }
        metrics: { points: { sum: points } }
        ladders: { level: { rungs: [bronze, silver: points >= 100] } }
        payouts: { eur: { each: month, at-least: 1 } }
        """;
}
