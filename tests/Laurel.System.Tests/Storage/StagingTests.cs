using System.Globalization;
using System.Text;
using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Server;
using Xunit.Abstractions;

namespace Laurel.System.Tests.Storage;

/// <summary>An edition that is staged ahead of its publication, and opened by one commit: the books are as if it had been published at once.</summary>
public sealed class StagingTests(ITestOutputHelper output)
{
    /// <summary>What the first edition does not read, the second does: teams and certificates, what is told of a member. Both give at the close of a month.</summary>
    private static readonly Dictionary<string, string> Elm = new()
    {
        ["program.yaml"] = """
            program: maple
            units: { points: {}, extra: {}, eur: { decimals: 2, money: true } }
            subjects:
              member:      { size: number }
              person:      { team: member }
              certificate: { holder: person }
              site:        { plan: text }
            facts:
              member.grown:       { about: member, needs: [size] }
              person.joined_team: { about: person, needs: [team] }
              certificate.earned: { about: certificate, needs: [holder] }
              site.created:       { about: site, needs: [member] }
              plan.bought:        { about: site, needs: [plan] }
              plan.ended:         { about: site }
            """,
        ["editions/2025.yaml"] = """
            edition: elm-2025
            effective: 2025-01-01
            states: { site.premium: { starts: plan.bought, ends: plan.ended, for: 40 days } }
            roles: { site.owner: { starts: site.created, one: true } }
            rules:
              site:  { says: 100 points a site on a plan, give: 100 points, to: site.owner, while: site.premium }
              month: { says: 1 EUR a month for points, give: 1 eur, when: each month, where: points > 0 }
            ladders: { level: { rungs: [bronze, silver: points >= 200] } }
            payouts: { eur: { each: month, at-least: 1 } }
            """,
        ["editions/2025-02.yaml"] = """
            edition: elm-february
            effective: 2025-02-20
            published: 2025-02-20T12:00:00Z
            states: { site.premium: { starts: plan.bought, ends: plan.ended, for: 40 days }, certificate.valid: { starts: certificate.earned } }
            roles: { site.owner: { starts: site.created, one: true } }
            rules:
              site:      { says: 150 points a site on a plan, give: 150 points, to: site.owner, while: site.premium }
              certified: { says: 30 points a certificate of a large team, give: 30 points, to: certificate.holder.team, while: certificate.valid && certificate.holder.team.size > 1 }
              bought:    { says: More for who has more, give: '(level >= "silver" ? 20 : 10) extra', to: site.owner, when: plan.bought }
              month:     { says: 2 EUR a month for points, give: 2 eur, when: each month, where: points > 0 }
            limits: { three: { of: site, best: 3 } }
            ladders: { level: { rungs: [bronze, silver: points >= 200, gold: points >= 400] } }
            payouts: { eur: { each: month, at-least: 1 } }
            """,
    };

    [Theory, Stores]
    public async Task What_is_staged_ahead_is_posted_and_told_as_if_it_had_been_published_at_once(string engine)
    {
        var atOnce = await Play(engine, seed: 11, near: AtOnce, stages: false, reopens: false);
        var staged = await Play(engine, seed: 11, near: 2, stages: true, reopens: false);

        var (entries, changes) = (atOnce.Entries.Count(e => e.Contains("edition/elm-february", StringComparison.Ordinal)), atOnce.Changes.Count(c => c.Contains("edition/elm-february", StringComparison.Ordinal)));
        Assert.True(entries > 8 && changes > 3, $"{entries} entries and {changes} changes by the edition");
        Assert.Equal((0L, 1L), (atOnce.StagedBefore, staged.Opened));
        Assert.True(staged.StagedBefore > 15, $"{staged.StagedBefore} commits staged it");
        AssertSame(atOnce, staged);
    }

    [Theory, Stores]
    public async Task Whoever_ends_after_any_commit_of_it_goes_on_there(string engine)
    {
        var ended = await Play(engine, seed: 5, near: 3, stages: true, reopens: true);
        AssertSame(await Play(engine, seed: 5, near: AtOnce, stages: false, reopens: false), ended);
        output.WriteLine($"ended after each of {ended.StagedBefore} commits that staged and the one that opened, {ended.Entries.Count} entries as if published at once, verify clean, {engine}");
    }

    // The members of a site that is read for both have all that names them at hand, each for itself.
    [Fact]
    public async Task A_member_whose_enrolment_is_taken_back_after_an_edition_keeps_nothing_of_before() => await Play("sqlite", seed: 135, near: AtOnce, stages: false, reopens: false);

    [LongFact]
    public async Task Of_whatever_is_told_meanwhile()
    {
        var (commits, entries) = (0L, 0);
        for (var seed = 100; seed < 140; seed++)
        {
            var staged = await Play("sqlite", seed, near: 1 + (seed % 4), stages: true, reopens: seed % 5 == 0);
            AssertSame(await Play("sqlite", seed, near: AtOnce, stages: false, reopens: false), staged);
            (commits, entries) = (commits + staged.StagedBefore, entries + staged.Entries.Count);
        }
        output.WriteLine($"40 seeds, {commits} commits that staged, {entries} entries, all as if published at once, verify clean");
    }

    [Theory, Stores]
    public async Task One_that_is_to_be_published_now_opens_when_it_is_staged_and_what_is_told_meanwhile_goes_by_the_rules_of_before(string engine)
    {
        using var store = await Store.WithProgram(engine);
        var clock = new SetClock(At("2025-02-20T11:00:00"));
        var without = ProgramReader.Read(Elm.Where(f => f.Key != "editions/2025-02.yaml").ToDictionary()).Program!;
        using (var books = await Bookkeeper.Open(store.Database, 1, without, clock, null, default)) { await books.Record(Facts(Some(new(3), 120)), asTold: false, null, default); }
        clock.Now = At("2025-02-20T12:30:00");
        using (var books = await Open(store, clock, near: 2))
        {
            for (var i = 0; i < 8; i++)
            {
                Assert.True(await books.Stage(default));
                await books.Record(Facts([Line($"x{i}", "site.created", $"site/x{i}", clock.Now, $"\"member\":\"m{i}\"")]), asTold: false, null, default);
                Assert.Equal(1, await store.Count("facts WHERE id LIKE 'edition/%'"));
            }
            clock.Now = At("2025-02-20T12:31:00");
            while (await store.Count("facts WHERE id LIKE 'edition/%'") < 2) { Assert.True(await books.Stage(default)); }
            // It is published when it is ready: until then nobody knew of it.
            Assert.Equal(clock.Now, DateTimeOffset.UnixEpoch.AddMicroseconds(await Recorded(store)));
            await books.Record(Facts([Line("y", "plan.bought", "site/x0", clock.Now, "\"plan\":\"a\"")]), asTold: false, null, default);
        }
        Assert.Contains("site/x0 150", string.Join('\n', await Entries(store)), StringComparison.Ordinal);
        await Verified(store, clock);
    }

    [Theory, Stores]
    public async Task A_month_that_closes_while_it_is_staged_closes_by_the_rules_of_before(string engine)
    {
        var elm = new Dictionary<string, string>(Elm);
        elm["editions/2025-02.yaml"] = elm["editions/2025-02.yaml"].Replace("effective: 2025-02-20\npublished: 2025-02-20T12:00:00Z", "effective: 2025-03-01", StringComparison.Ordinal);
        using var store = await Store.WithProgram(engine);
        var clock = new SetClock(At("2025-02-20T11:00:00"));
        using var books = await Open(store, clock, near: 2, elm);
        await books.Record(Facts(Some(new(3), 120)), asTold: false, null, default);
        clock.Now = At("2025-02-28T13:00:00");
        while (await books.Stage(default)) { }
        Assert.True(await store.Count("staged_members") > 5);
        clock.Now = At("2025-03-01T00:00:01");
        for (var more = true; more;) { more = await books.TellDue(default) | await books.Stage(default); }

        Assert.Equal(2, await store.Count("facts WHERE id LIKE 'edition/%'"));
        var entries = await Entries(store);
        Assert.Contains(entries, e => e.Contains("elm-2025/month", StringComparison.Ordinal));
        Assert.DoesNotContain(entries, e => e.Contains("elm-february/month", StringComparison.Ordinal));
        await Verified(store, clock, elm);
    }

    [Theory, Stores]
    public async Task One_that_is_withdrawn_leaves_nothing(string engine)
    {
        using var store = await Store.WithProgram(engine);
        var clock = new SetClock(At("2025-02-20T11:00:00"));
        using (var books = await Open(store, clock, near: 2))
        {
            await books.Record(Facts(Some(new(3), 120)), asTold: false, null, default);
            for (var i = 0; i < 6; i++) { Assert.True(await books.Stage(default)); }
            Assert.True(await store.Count("staged_members") > 2);
        }
        var ledger = await Entries(store);
        var elm = Elm.Where(f => f.Key != "editions/2025-02.yaml").ToDictionary();
        using (var books = await Open(store, clock, near: 2, elm))
        {
            while (await books.Stage(default)) { }
            Assert.Equal((0L, 0L, 0L), (await store.Count("staged_members"), await store.Count("staged_entries"), await store.Count("staged_changes")));
            Assert.Equal(1, await store.Count($"books WHERE state = {(int)BookState.Abandoned}"));
            clock.Now = At("2025-02-21T12:00:00");
            await books.TellDue(default);
            Assert.Equal(ledger, await Entries(store));
            Assert.Equal(1, await store.Count("facts WHERE id LIKE 'edition/%'"));
            await Verified(store, clock, elm);
        }

        // Published once more, it has another book.
        clock.Now = At("2025-02-21T13:00:00");
        using var again = await Open(store, clock, near: 2);
        while (await again.Stage(default)) { }
        Assert.Equal(1, await store.Count($"books WHERE edition = 'elm-february' AND state = {(int)BookState.Open}"));
        Assert.Equal(0, await store.Count("staged_members"));
        await Verified(store, clock);
    }

    /// <summary>More members than there are.</summary>
    private const int AtOnce = 1_000;

    private sealed record Played(List<string> Entries, byte[] Root, List<string> Standings, List<string> Changes, List<string> Due, long StagedBefore, long Opened);

    private static void AssertSame(Played expected, Played actual)
    {
        Assert.Equal(expected.Entries, actual.Entries);
        Assert.Equal(expected.Root, actual.Root);
        Assert.Equal(expected.Standings, actual.Standings);
        Assert.Equal(expected.Changes, actual.Changes);
        Assert.Equal(expected.Due, actual.Due);
    }

    /// <summary>Tells facts before, while and after an edition is staged; what the books are then.</summary>
    private static async Task<Played> Play(string engine, int seed, int near, bool stages, bool reopens)
    {
        var random = new Random(seed);
        using var store = await Store.WithProgram(engine);
        var clock = new SetClock(At("2025-01-10T00:00:00"));
        var books = await Open(store, clock, near);
        var done = 0L;
        // Early enough that it is not staged yet; then every half hour; then once more after it.
        var before = Some(random, 120);
        foreach (var part in before.Chunk(20))
        {
            clock.Now = clock.Now.AddDays(6);
            await books.Record(Facts(part), asTold: false, null, default);
            while (await books.TellDue(default)) { }
        }
        var ids = before.Count;
        for (clock.Now = At("2025-02-19T12:00:00"); clock.Now < At("2025-02-20T12:00:00"); clock.Now = clock.Now.AddMinutes(30))
        {
            var more = Some(random, random.Next(3), ids, clock.Now);
            ids += more.Count;
            if (more.Count > 0) { await books.Record(Facts(more), asTold: false, null, default); }
            await books.TellDue(default);
            for (var step = random.Next(3); stages && step > 0; step--) { await Step(); }
        }
        var staged = await store.Count("commits WHERE kind = 1");
        clock.Now = At("2025-02-20T12:00:00");
        for (var i = 0; await store.Count("facts WHERE id LIKE 'edition/%'") < 2; i++)
        {
            Assert.True(i < 200, "it does not come to its end");
            if (stages) { await Step(); }
            else { await books.TellDue(default); }
        }
        foreach (var part in Some(random, 40, ids).Chunk(10))
        {
            clock.Now = clock.Now.AddDays(4);
            await books.Record(Facts(part), asTold: false, null, default);
            while (await books.TellDue(default)) { }
        }
        var root = books.Head.EntriesRoot;
        books.Dispose();
        await Verified(store, clock);
        using var connection = await store.Database.Connect(default);
        async Task<List<string>> Rows(string sql) => [.. (await connection.QueryAsync(sql)).Select(r => string.Join(' ', ((IDictionary<string, object>)r).Values))];
        return new(
            await Entries(store), root, await Rows("SELECT member, position, told, next, body FROM standings ORDER BY member"),
            await Rows("SELECT c.member, c.effective, coalesce(f.id, '-'), c.body FROM changes c LEFT JOIN facts f ON f.program = c.program AND f.position = c.cause ORDER BY c.member, c.change"),
            await Rows("SELECT key, at FROM due ORDER BY key"), staged, await store.Count($"books WHERE state = {(int)BookState.Open} AND opened IS NOT NULL AND edition = 'elm-february'"));

        async Task Step()
        {
            await books.Stage(default);
            var now = await Count("SELECT coalesce(max(done), 0) FROM books WHERE edition = 'elm-february'");
            Assert.True(now >= done, $"{now} of {done} are done");
            done = now;
            if (!reopens) { return; }
            books.Dispose();
            books = await Open(store, clock, near);
        }

        async Task<long> Count(string sql)
        {
            using var other = await store.Database.Connect(default);
            return await other.ExecuteScalarAsync<long>(sql);
        }
    }

    /// <summary>Facts of all kinds about few, some of them late, some taken back.</summary>
    private static List<string> Some(Random random, int count, int first = 0, DateTimeOffset? now = null)
    {
        var lines = new List<string>();
        for (var i = first; i < first + count; i++)
        {
            var at = (now ?? At("2025-01-02T00:00:00").AddDays(i / 3)).AddHours(random.Next(4) == 0 ? -random.Next(200) : 0);
            var (member, site, person) = ($"m{random.Next(30)}", $"s{random.Next(40)}", $"p{random.Next(8)}");
            var id = $"f{i}";
            lines.Add((i < 25 ? 0 : random.Next(12)) switch
            {
                0 when i < 25 => Line(id, "member.joined", $"member/m{i}", at.AddDays(-20)),
                0 or 1 => Line(id, "member.joined", $"member/{member}", at.AddDays(-20)),
                2 => Line(id, "member.grown", $"member/{member}", at, $"\"size\":{random.Next(4)}"),
                3 => Line(id, "person.joined_team", $"person/{person}", at, $"\"team\":\"{member}\""),
                4 => Line(id, "certificate.earned", $"certificate/c{random.Next(12)}", at, $"\"holder\":\"{person}\""),
                5 or 6 => Line(id, "site.created", $"site/{site}", at, $"\"member\":\"{member}\""),
                7 or 8 or 9 => Line(id, "plan.bought", $"site/{site}", at, "\"plan\":\"a\""),
                10 => Line(id, "plan.ended", $"site/{site}", at),
                _ => $$"""{"specversion":"1.0","id":"{{id}}","source":"test","type":"fact.retracted","time":"{{Text(at)}}","data":{"source":"test","id":"f{{random.Next(i + 3)}}","reason":"wrong"} }""",
            });
        }
        return lines;
    }

    private static string Line(string id, string type, string subject, DateTimeOffset at, string data = "") =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"test","type":"{{type}}","subject":"{{subject}}","time":"{{Text(at)}}","data":{ {{data}} } }""";

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static PartnerProgram Read(Dictionary<string, string> files)
    {
        var read = ProgramReader.Read(files);
        return read.Program ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
    }

    private static List<Fact> Facts(IEnumerable<string> lines)
    {
        var parser = new FactParser(Read(Elm).Vocabulary);
        return [.. lines.Select(line => parser.Read(Encoding.UTF8.GetBytes(line), 0, out var refusal) ?? throw new InvalidOperationException($"{refusal} {line}"))];
    }

    private static async Task<Bookkeeper> Open(Store store, TimeProvider clock, int near, Dictionary<string, string>? files = null)
    {
        var books = await Bookkeeper.Open(store.Database, 1, Read(files ?? Elm), clock, null, default);
        books.NearMax = near;
        return books;
    }

    private static async Task Verified(Store store, TimeProvider clock, Dictionary<string, string>? files = null)
    {
        foreach (var together in (int[])[50_000, 1]) { Assert.Equal("", (await new Verification(store.Database, 1, Read(files ?? Elm), together).Run(default)).Difference ?? "", StringComparer.Ordinal); }
    }

    private static async Task<long> Recorded(Store store)
    {
        using var connection = await store.Database.Connect(default);
        return await connection.ExecuteScalarAsync<long>("SELECT recorded FROM facts WHERE id = 'edition/elm-february'");
    }

    /// <summary>The ledger, with the words of rules and units.</summary>
    private static async Task<List<string>> Entries(Store store)
    {
        using var connection = await store.Database.Connect(default);
        var rows = await connection.QueryAsync(
            """
            SELECT e.position, f.id, k.text || '/' || s.name || ' ' || e.amount AS what, m.name AS member, r.text AS rule, u.text AS unit, e.dated, e.starts, e.ends, e.source, e.target
            FROM entries e JOIN facts f ON f.program = e.program AND f.position = e.cause JOIN subjects s ON s.program = e.program AND s.subject = e.subject JOIN subjects m ON m.program = e.program AND m.subject = e.member
            JOIN words k ON k.program = e.program AND k.word = s.kind JOIN words r ON r.program = e.program AND r.word = e.rule JOIN words u ON u.program = e.program AND u.word = e.unit ORDER BY e.position
            """);
        return [.. rows.Select(r => string.Join(' ', ((IDictionary<string, object>)r).Values))];
    }
}
