using System.Globalization;
using System.Text;
using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Storage;
using Laurel.System.Tests.Server;

namespace Laurel.System.Tests.Storage;

/// <summary>What falls due of requests: each at its exact instant, however late it is told; skipped where the request has gone on by then.</summary>
public sealed class RequestDueTests
{
    private static readonly Dictionary<string, string> Aspen = new()
    {
        ["program.yaml"] = """
            program: aspen
            units: { points: {} }
            subjects: { site: {} }
            facts: { site.created: { about: site, needs: [member] } }
            """,
        ["editions/2025.yaml"] = Edition("aspen-2025", "2025-01-01", "remind: 7 days, escalate: 30 days, expires: 90 days"),
    };

    private const string Reminded = "2025-03-08T10:00:00Z open reminded client";
    private const string Escalated = "2025-03-31T10:00:00Z reminded escalated operator";
    private const string Expired = "2025-05-30T10:00:00Z escalated expired member";

    [Theory, Stores]
    public async Task Each_is_told_at_its_exact_instant_to_whom_it_concerns(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined, Asked);
        foreach (var month in new[] { 3, 4, 5, 6, 7 }) { for (var day = 2; day < 29; day += 2) { await play.Due(At($"2025-{month:00}-{day:00}T00:00:00")); } }

        Assert.Equal([$"- {Reminded}", $"- {Escalated}", $"- {Expired}"], await play.Notices());
        Assert.Equal(0, await play.Store.Count("due WHERE kind = 3"));
        await play.Verified();
    }

    [Theory, Stores]
    public async Task After_a_stop_they_are_told_as_of_their_own_instants_and_what_has_gone_on_is_skipped(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined, Asked);
        await play.Restart();
        await play.Due(At("2025-04-20T00:00:00"));
        Assert.Equal([$"- {Reminded} skipped:escalated", $"- {Escalated}"], await play.Notices());

        await play.Restart();
        await play.Due(At("2026-01-01T00:00:00"));
        await play.Due(At("2026-02-01T00:00:00"));
        Assert.Equal([$"- {Reminded} skipped:escalated", $"- {Escalated}", $"- {Expired}"], await play.Notices());
        await play.Verified();
    }

    [Theory, Stores]
    public async Task What_is_due_comes_before_the_facts_that_are_recorded_later(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined, Asked);
        // Nothing was told meanwhile, and the first thing to come is of another member.
        await play.Tell("2025-03-20T00:00:00", Line("3", "member.joined", "member/ben", "2025-03-20T00:00:00Z"));
        Assert.Equal([$"- {Reminded}"], await play.Notices());
        await play.Tell("2025-04-20T00:00:00", Line("4", "site.created", "site/s2", "2025-04-20T00:00:00Z", "ben"));
        Assert.Equal([$"- {Reminded}", $"- {Escalated}"], await play.Notices());
        await play.Verified();
    }

    [Theory, Stores]
    public async Task An_answer_that_is_told_late_has_those_skipped_that_were_not_told_yet(string engine)
    {
        await using var late = await Play.Begin(engine);
        await late.Tell("2025-03-01T12:00:00", Joined, Asked);
        await late.Tell("2025-04-10T00:00:00", Line("3", "claim.approved", "site/s1", "2025-03-05T10:00:00Z"));
        await late.Due(At("2026-01-01T00:00:00"));
        Assert.Equal([$"- {Reminded} skipped:approved", $"- {Escalated} skipped:approved"], await late.Notices());
        Assert.Equal(0, await late.Store.Count("due WHERE kind = 3"));
        await late.Verified();

        // What was announced stays.
        await using var told = await Play.Begin(engine);
        await told.Tell("2025-03-01T12:00:00", Joined, Asked);
        await told.Due(At("2025-03-09T00:00:00"));
        await told.Tell("2025-03-10T00:00:00", Line("3", "claim.approved", "site/s1", "2025-03-05T10:00:00Z"));
        await told.Due(At("2026-01-01T00:00:00"));
        Assert.Equal([$"- {Reminded}"], await told.Notices());
        await told.Verified();
    }

    [Theory, Stores]
    public async Task One_that_is_told_late_has_announced_where_it_stands(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined);
        await play.Tell("2025-04-10T00:00:00", Asked);
        Assert.Equal([$"2 {Reminded} skipped:escalated", $"2 {Escalated}"], await play.Notices());
        await play.Due(At("2025-06-01T00:00:00"));
        Assert.Equal([$"2 {Reminded} skipped:escalated", $"2 {Escalated}", $"- {Expired}"], await play.Notices());
        await play.Verified();
    }

    [Theory, Stores]
    public async Task What_is_taken_back_is_told_no_more_and_what_holds_again_is_told_once(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined, Asked);
        await play.Due(At("2025-03-09T00:00:00"));
        await play.Tell("2025-03-10T00:00:00", Line("3", "claim.approved", "site/s1", "2025-03-04T10:00:00Z"));
        await play.Tell("2025-04-10T00:00:00", Retracted("4", "3"));
        // The reminder went out before; that operators are to see it did not.
        Assert.Equal([$"- {Reminded}", $"4 {Escalated}"], await play.Notices());
        await play.Restart();
        await play.Tell("2025-04-11T00:00:00", Retracted("5", "2"));
        await play.Due(At("2026-01-01T00:00:00"));
        Assert.Equal([$"- {Reminded}", $"4 {Escalated}"], await play.Notices());
        await play.Verified();
    }

    [Theory, Stores]
    public async Task What_was_skipped_is_announced_where_the_request_stands_there_after_all(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined, Asked);
        await play.Tell("2025-03-20T00:00:00", Line("3", "claim.declined", "site/s1", "2025-03-05T10:00:00Z"));
        await play.Tell("2025-03-21T00:00:00", Retracted("4", "3"));
        Assert.Equal([$"- {Reminded} skipped:declined", $"4 {Reminded}"], await play.Notices());
        await play.Verified();
    }

    [Theory, Stores]
    public async Task One_that_is_opened_again_is_counted_anew_without_a_reminder(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-03-01T12:00:00", Joined, Asked);
        await play.Tell("2025-03-03T00:00:00", Line("3", "claim.declined", "site/s1", "2025-03-03T00:00:00Z"));
        await play.Tell("2025-03-05T00:00:00", Line("4", "claim.reopened", "site/s1", "2025-03-05T00:00:00Z"));
        await play.Due(At("2025-04-10T00:00:00"));
        Assert.Equal(["- 2025-04-04T00:00:00Z reopened escalated operator"], await play.Notices());
        await play.Verified();
    }

    [Theory, Stores]
    public async Task Of_several_in_one_commit_each_finds_what_was_told_before_it(string engine)
    {
        await using var play = await Play.Begin(engine);
        await play.Tell("2025-06-20T00:00:00", Joined, Asked, Line("3", "claim.submitted", "site/s2", "2025-06-01T10:00:00Z"), Retracted("4", "2"), Line("5", "claim.submitted", "site/s1", "2025-06-18T10:00:00Z"));
        // The first is over before it is known; retracted, its end stays announced.
        Assert.Equal(
            ["2 2025-03-08T10:00:00Z open reminded client skipped:expired", "2 2025-03-31T10:00:00Z reminded escalated operator skipped:expired", $"2 {Expired}", "3 2025-06-08T10:00:00Z open reminded client"],
            await play.Notices());
        await play.Due(At("2025-06-26T00:00:00"));
        Assert.Equal("- 2025-06-25T10:00:00Z open reminded client", (await play.Notices())[^1]);
        await play.Verified();
    }

    [Theory, Stores]
    public async Task An_edition_with_other_times_takes_over_staged_or_not(string engine)
    {
        async Task<IReadOnlyList<string>> Told(bool staged)
        {
            await using var play = await Play.Begin(engine, new(Aspen)
            {
                ["editions/2025-04.yaml"] = Edition("aspen-april", "2025-03-20", "remind: 7 days, escalate: 10 days, expires: 60 days"),
                ["editions/2025-06.yaml"] = Edition("aspen-may", "2025-04-25", "remind: 7 days, escalate: 10 days, expires: 80 days"),
            });
            await play.Tell("2025-03-01T12:00:00", Joined, Asked, Line("3", "claim.submitted", "site/s2", "2025-03-01T11:00:00Z", "ben"));
            await play.Tell("2025-03-18T00:00:00", Line("4", "claim.approved", "site/s2", "2025-03-18T00:00:00Z", "ben"));
            play.Books.NearMax = staged ? 1 : 100;
            foreach (var at in new[] { "2025-03-19T12:00:00", "2025-03-20T00:00:00", "2025-03-21T00:00:00", "2025-04-24T12:00:00", "2025-04-25T00:00:00", "2025-05-28T00:00:00" })
            {
                play.Clock.Now = At(at);
                for (var more = true; more;) { more = staged && await play.Books.Stage(default); }
                await play.Due(At(at));
            }
            Assert.Equal(3, await play.Store.Count("facts WHERE id LIKE 'edition/%'"));
            Assert.Equal(staged, await play.Store.Count("commits WHERE kind = 1 AND stage_from IS NOT NULL") > 2);
            await play.Verified();
            return await play.Notices();
        }
        var expected = new[] { "- 2025-03-08T10:00:00Z open reminded client", "- 2025-03-08T11:00:00Z open reminded client skipped:approved", "- 2025-03-20T00:00:00Z reminded escalated operator", "- 2025-05-20T10:00:00Z escalated expired member" };
        Assert.Equal(expected, await Told(staged: false));
        Assert.Equal(expected, await Told(staged: true));
    }

    [Theory, Stores]
    public async Task However_it_is_told_the_same_fell_due(string engine)
    {
        for (var seed = 0; seed < 2; seed++)
        {
            // What was told in time is skipped by nobody; so it is left out what became of it.
            var expected = await Random(engine, seed, step: 1, restarts: false);
            Assert.Equal(expected, await Random(engine, seed, step: 400, restarts: false));
            Assert.Equal(expected, await Random(engine, seed, step: 9, restarts: true));
        }
    }

    /// <summary>Tells requests and answers as they happen, and what is due every so many days: what fell due.</summary>
    private static async Task<IReadOnlyList<string>> Random(string engine, int seed, double step, bool restarts)
    {
        await using var play = await Play.Begin(engine);
        var (random, now) = (new Random(seed), At("2025-02-01T00:00:00"));
        await play.Tell("2025-02-01T00:00:00", Joined, Line("b", "member.joined", "member/ben", "2025-01-01T00:00:00Z"));
        for (var (i, due) = (0, now); i < 40; i++)
        {
            now = now.AddHours(random.Next(1, 200));
            for (; due <= now; due = due.AddDays(step)) { await play.Due(due); }
            if (restarts && i % 9 == 0) { await play.Restart(); }
            var type = (string[])["claim.submitted", "claim.submitted", "claim.approved", "claim.declined", "claim.reopened", "claim.withdrawn"];
            await play.Tell(now, Line($"f{i}", type[random.Next(6)], $"site/s{random.Next(3)}", Text(now), random.Next(2) == 0 ? "ada" : "ben"));
        }
        await play.Due(now.AddDays(100));
        await play.Due(now.AddDays(100).AddMinutes(1));
        await play.Verified();
        return [.. (await play.Notices()).Select(n => n.Split(" skipped:")[0])];
    }

    private const string Joined = """{"id":"1","source":"test","type":"member.joined","subject":"member/ada","time":"2025-01-01T00:00:00Z","data":{}}""";

    private static readonly string Asked = Line("2", "claim.submitted", "site/s1", "2025-03-01T10:00:00Z");

    private static string Line(string id, string type, string subject, string at, string member = "ada") =>
        $$"""{"id":"{{id}}","source":"test","type":"{{type}}","subject":"{{subject}}","time":"{{at}}","data":{ {{(subject.StartsWith("site", StringComparison.Ordinal) ? $"\"member\":\"{member}\"" : "")}} } }""";

    private static string Retracted(string id, string of) => $$"""{"id":"{{id}}","source":"test","type":"fact.retracted","time":"2025-03-01T00:00:00Z","data":{"source":"test","id":"{{of}}","reason":"wrong"} }""";

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Edition(string name, string effective, string times) => $$"""
        edition: {{name}}
        effective: {{effective}}
        requests: { claim: { about: site, asks: client, where: "!site.owner", {{times}} } }
        roles: { site.owner: { starts: site.created }, site.claimed: { starts: claim.approved, ends: claim.declined } }
        rules: { made: { says: 100 points for a site that its client confirms, give: 100 points, to: site.claimed, while: site.owner || site.claimed } }
        ladders: { level: { rungs: [bronze, silver: points >= 100] } }
        """;

    /// <summary>Books with a clock that is set.</summary>
    private sealed class Play : IAsyncDisposable
    {
        private readonly PartnerProgram _program;

        private Play(Store store, PartnerProgram program, SetClock clock, Bookkeeper books) => (Store, _program, Clock, Books) = (store, program, clock, books);

        public Store Store { get; }

        public SetClock Clock { get; }

        public Bookkeeper Books { get; private set; }

        public static async Task<Play> Begin(string engine, Dictionary<string, string>? files = null)
        {
            var (store, clock) = (Store.Empty(engine), new SetClock(At("2025-02-01T00:00:00")));
            await using (var shelf = await Shelf.OpenForImport(store.Connection, clock, default)) { await shelf.Create(files ?? Aspen, default); }
            var read = ProgramReader.Read(files ?? Aspen);
            Assert.True(read.Program is not null, string.Join('\n', read.Problems));
            return new(store, read.Program!, clock, await Bookkeeper.Open(store.Database, 1, read.Program!, clock, null, default));
        }

        public Task Tell(string at, params string[] lines) => Tell(At(at), lines);

        public async Task Tell(DateTimeOffset at, params string[] lines)
        {
            Clock.Now = at;
            var parser = new FactParser(_program.Vocabulary);
            var receipts = await Books.Record([.. lines.Select(line => parser.Read(Encoding.UTF8.GetBytes(line), 0, out var refusal) ?? throw new InvalidOperationException($"{refusal} {line}"))], asTold: false, keep: null, default);
            Assert.All(receipts, receipt => Assert.IsType<Receipt.Recorded>(receipt));
        }

        public async Task Due(DateTimeOffset at)
        {
            Clock.Now = at;
            while (await Books.TellDue(default)) { }
        }

        public async Task Restart()
        {
            Books.Dispose();
            Books = await Bookkeeper.Open(Store.Database, 1, _program, Clock, null, default);
        }

        /// <summary>What was told of requests, by when it fell due: the id of the fact that caused it, the instant, from where to where, whom it tells, and why it was skipped.</summary>
        public async Task<IReadOnlyList<string>> Notices()
        {
            using var connection = await Store.Database.Connect(default);
            var rows = await connection.QueryAsync<(string? Cause, long Effective, string Body)>(
                "SELECT f.id, c.effective, c.body FROM changes c LEFT JOIN facts f ON f.program = c.program AND f.position = c.cause WHERE c.asked IS NOT NULL ORDER BY c.effective, c.change");
            return [.. rows.Select(r =>
            {
                var body = global::System.Text.Json.Nodes.JsonNode.Parse(r.Body)!;
                var change = body["changes"]![0]!;
                return $"{r.Cause ?? "-"} {new Instant(r.Effective)} {change["from"]} {change["to"]} {body["tells"]}{(body["skipped"] is { } why ? $" skipped:{why}" : "")}";
            })];
        }

        public async Task Verified()
        {
            await foreach (var verified in Shelf.Verify(Store.Connection, default)) { Assert.Null(verified.Difference); }
        }

        public ValueTask DisposeAsync()
        {
            Books.Dispose();
            Store.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
