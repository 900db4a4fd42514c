using System.Text;
using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Server;
using Microsoft.Data.Sqlite;

namespace Laurel.System.Tests.Storage;

public sealed class ShelfTests
{
    [Theory, Stores]
    public async Task A_program_is_taken_in_once_and_is_there_after_a_restart(string engine)
    {
        using var store = Store.Empty(engine);
        await using (var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default))
        {
            Assert.Equal("maple", (await shelf.Create(Maple(), default)).Program?.Name);
            var again = await shelf.Create(Maple(), default);
            Assert.Equal((null, "program-exists"), (again.Program, again.Problems[0].Code));
            var wrong = await shelf.Create(new Dictionary<string, string> { ["program.yaml"] = "program: [" }, default);
            Assert.True(wrong.Program is null && wrong.Problems.Count > 0);
        }

        await using var reopened = await Shelf.Open(store.Connection, TimeProvider.System, default);
        Assert.Equal(["maple"], reopened.Programs);
        Assert.Null(reopened.Find("oak"));
    }

    [Theory]
    [InlineData("UPDATE files SET body = 'program: [' WHERE path = 'program.yaml'", "the texts of the program `maple` in the database can't be used: program.yaml:1:")]
    [InlineData("DELETE FROM files", "the texts of the program `maple` in the database can't be used")]
    [InlineData("UPDATE programs SET name = 'oak'", "the program `oak` in the database has the texts of `maple`")]
    [InlineData("UPDATE files SET body = replace(body, '100', '150')", "the edition maple-2024 is another than the one that was published")]
    [InlineData("UPDATE files SET body = replace(body, 'edition: maple-2024', 'edition: maple-2025')", "the edition maple-2024 is another than the one that was published")]
    [InlineData("PRAGMA foreign_keys = OFF; DELETE FROM programs", "there are commits of this program, and it is not there")]
    [InlineData("INSERT INTO statuses (number, program, opens) VALUES (1, 1, 'soon')", "the status of the program `maple` can't be read")]
    [InlineData("PRAGMA foreign_keys = OFF; UPDATE commits SET program = 'none'", "#none: after 0 commits")]
    public async Task Texts_that_were_changed_behind_its_back_are_named(string change, string difference)
    {
        using var store = Store.Empty("sqlite");
        await using (var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default))
        {
            await shelf.Create(Maple(), default);
            var lane = shelf.Find("maple")!;
            await lane.Record([Joined(lane, "j1", "ada")], asTold: false, keep: null, default);
        }
        await store.Execute(change);

        CliRun.Of("verify", "--database", store.Connection).Expect(1);
        Assert.Contains(difference, CliRun.Of("verify", "--database", store.Connection).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_file_leads_to_the_lock_of_that_file()
    {
        using var folder = new Scratch();
        var (file, link) = (folder["laurel.db"], folder["link.db"]);
        await using var shelf = await Shelf.Open($"Data Source={file}", TimeProvider.System, default);
        File.CreateSymbolicLink(link, file);

        var refused = await Assert.ThrowsAsync<StorageException>(() => Shelf.Open($"Data Source={link}", TimeProvider.System, default));

        Assert.Equal(StorageProblem.InUse, refused.Problem);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_no_lock_of_another()
    {
        using var folder = new Scratch();

        var refused = await Assert.ThrowsAsync<StorageException>(() => Shelf.Open($"Data Source={folder["nowhere/laurel.db"]}", TimeProvider.System, default));

        Assert.Equal((StorageProblem.Unreachable, true), (refused.Problem, refused.Message.Contains("nowhere", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("CREATE TABLE programs (name text)")]
    [InlineData("CREATE TABLE migrations (version int)")]
    public async Task A_file_of_another_program_is_left_as_it_is(string table)
    {
        using var folder = new Scratch();
        var file = folder["other.db"];
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False")) { connection.Execute(table); }
        var before = File.ReadAllBytes(file);

        var refused = await Assert.ThrowsAsync<StorageException>(() => Shelf.Open($"Data Source={file}", TimeProvider.System, default));

        Assert.Equal(StorageProblem.Foreign, refused.Problem);
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Theory, Stores]
    public async Task Callers_at_once_are_each_answered_and_nothing_is_lost_or_doubled(string engine)
    {
        using var store = Store.Empty(engine);
        await using var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default);
        await shelf.Create(Maple(), default);
        var lane = shelf.Find("maple")!;
        var facts = Enumerable.Range(0, 240).Select(i => Joined(lane, $"j{i}", $"m{i % 40}")).ToList();

        // One who sends many, others who send one each, and some of them twice.
        var many = lane.Record([.. facts.Take(210)], asTold: false, keep: null, default);
        var few = facts.Skip(200).Select(fact => lane.Record([fact], asTold: false, keep: null, default)).ToList();
        var answers = (await Task.WhenAll(few.Append(many))).SelectMany(effect => effect.Value).ToList();

        Assert.Equal((250, 240, 10), (answers.Count, answers.Count(a => a is Receipt.Recorded), answers.Count(a => a is Receipt.Unchanged)));
        Assert.Equal(240, answers.OfType<Receipt.Recorded>().Select(r => r.Position).Distinct().Count());
        Assert.Equal(240, await store.Count("facts WHERE subject IS NOT NULL"));
    }

    [Theory, Stores]
    public async Task What_one_caller_sends_comes_in_its_order_however_few_come_first(string engine)
    {
        using var store = Store.Empty(engine);
        await using var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default);
        await shelf.Create(Maple(), default);
        var lane = shelf.Find("maple")!;
        for (var round = 0; round < 3; round++)
        {
            var busy = lane.RecordAll([.. Enumerable.Range(0, 3_000).Select(i => Joined(lane, $"busy{round}-{i}", $"mbusy{i}"))], keep: null, default);
            var telling = new Lane.Telling(lane, asTold: false);
            await telling.Send([Joined(lane, $"first{round}", "mfirst")], more: true, keep: null, default);
            await Task.Delay(150);
            await telling.Send([.. Enumerable.Range(0, 300).Select(i => Joined(lane, $"later{round}-{i}", $"mlater{i}"))], more: false, keep: null, default);
            var places = (await telling.End(default))!.Value.Cast<Receipt.Recorded>().Select(r => r.Position).ToList();
            Assert.Equal(301, places.Count);
            Assert.Equal(places.Order(), places);
            await busy;
        }
    }

    [Theory, Stores]
    public async Task What_was_read_before_a_revision_is_sent_again_and_what_waits_beside_it_is_recorded(string engine)
    {
        using var store = Store.Empty(engine);
        await using var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default);
        await shelf.Create(Maple(), default);
        var lane = shelf.Find("maple")!;
        var before = lane.Program;
        var revising = lane.Revise(new Dictionary<string, string?> { ["program.yaml"] = Maple()["program.yaml"].Replace("plan.bought:", "plan.extended: { about: site }\n  plan.bought:", StringComparison.Ordinal) }, asRead: null, dryRun: false, keep: null, default);
        var few = Enumerable.Range(0, 6).Select(i => lane.Record([Joined(lane, $"j{i}", $"m{i}")], asTold: false, keep: null, default)).ToList();
        var old = lane.Record([Bought(before)], asTold: false, keep: null, default);
        few.AddRange(Enumerable.Range(6, 6).Select(i => lane.Record([Joined(lane, $"j{i}", $"m{i}")], asTold: false, keep: null, default)));

        Assert.NotNull((await revising).Value.Revision);
        Assert.NotSame(before, lane.Program);
        await Assert.ThrowsAsync<RevisedException>(() => old);
        Assert.All(await Task.WhenAll(few), effect => Assert.IsType<Receipt.Recorded>(Assert.Single(effect.Value)));
        Assert.IsType<Receipt.Recorded>(Assert.Single((await lane.Record([Bought(lane.Program)], asTold: false, keep: null, default)).Value));
    }

    [PostgresFact]
    public async Task Where_nearly_all_is_tied_to_one_subject_what_is_asked_of_many_is_found_by_the_index()
    {
        using var store = await Store.WithProgram("postgres");
        await store.Execute("INSERT INTO ties (program, subject, other) SELECT 1, 7, n FROM generate_series(1, 5000) n");
        await store.Execute("ANALYZE ties");
        using var connection = await store.Database.Connect(default);
        var plan = await connection.QueryAsync<string>(store.Database.Sql($"EXPLAIN SELECT other FROM {Database.Each("ties", "subject", "subjects")}"), new { program = 1, subjects = store.Database.Many(Enumerable.Range(0, 800).Select(n => (long)n)) });
        Assert.DoesNotContain("Seq Scan", string.Join('\n', plan), StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task A_history_is_recorded_as_it_was_learnt_however_long_its_parts_take(string engine)
    {
        using var store = Store.Empty(engine);
        await using var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default);
        await shelf.Create(Maple(), default);
        var lane = shelf.Find("maple")!;
        var learnt = new List<string>();
        for (var day = 1; day < 4; day++)
        {
            var effect = await lane.Record([Joined(lane, $"j{day}", $"m{day}", day)], asTold: true, keep: Slowly, default);
            learnt.Add($"{Assert.IsType<Receipt.Recorded>(Assert.Single(effect.Value)).At}");
        }
        Assert.Equal(["2024-03-01T10:00:00Z", "2024-03-02T10:00:00Z", "2024-03-03T10:00:00Z"], learnt);

        // As where an edition is published for many members on the way.
        static async Task<KeptAnswer?> Slowly(Effect<IReadOnlyList<Receipt>> effect)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            return null;
        }
    }

    [Theory, Stores]
    public async Task What_another_server_has_answered_meanwhile_is_not_done_again(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var shelf = await Shelf.Open(store.Connection, clock, default);
        await Make("one");
        await Assert.ThrowsAsync<AnsweredElsewhereException>(() => Make("two"));
        await Assert.ThrowsAsync<AnsweredElsewhereException>(() => shelf.Answers.Keep(Answer(409), default));
        Assert.Equal((1, 1), (await store.Count("keys"), await store.Count("requests WHERE status = 201")));

        // After a week it is a request like any other.
        clock.Now += TimeSpan.FromDays(7);
        await Make("three");
        Assert.Equal(2, await store.Count("keys"));

        Task Make(string name) => shelf.Keys.Create(name, Scopes.Read, null, null, _ => Task.FromResult<KeptAnswer?>(Answer(201)), default);

        static KeptAnswer Answer(int status) => new("k", "r1", [1], status, "", [2]);
    }

    [Theory, Stores]
    public async Task Who_sends_many_goes_on_however_many_send_few(string engine)
    {
        using var store = Store.Empty(engine);
        await using var shelf = await Shelf.Open(store.Connection, TimeProvider.System, default);
        await shelf.Create(Maple(), default);
        var lane = shelf.Find("maple")!;

        var many = lane.Record([.. Enumerable.Range(0, 400).Select(i => Joined(lane, $"many{i}", $"mmany{i}"))], asTold: false, keep: null, default);
        var together = lane.RecordAll([.. Enumerable.Range(0, 30).Select(i => Joined(lane, $"together{i}", $"mtogether{i}"))], keep: null, default);
        var few = await Task.WhenAll(Enumerable.Range(0, 40).Select(async caller =>
        {
            var told = 0;
            for (; !(many.IsCompleted && together.IsCompleted) && told < 500; told++) { await lane.Record([Joined(lane, $"few{caller}-{told}", $"mfew{caller}-{told}")], asTold: false, keep: null, default); }
            return told;
        }));

        var places = (await many).Value.Cast<Receipt.Recorded>().Select(r => r.Position).ToList();
        Assert.Equal(places.Order(), places);
        Assert.InRange(few.Sum(), 1, 19_999);
        Assert.Equal(30, (await together).Value.Count);
        Assert.Equal(430 + few.Sum(), await store.Count("facts WHERE subject IS NOT NULL"));
    }

    private static Fact Joined(Lane lane, string id, string member, int day = 1) =>
        Read(lane.Program, $$"""{"specversion":"1.0","id":"{{id}}","source":"test","type":"member.joined","subject":"member/{{member}}","time":"2024-03-0{{day}}T10:00:00Z"}""");

    private static Fact Bought(PartnerProgram program) =>
        Read(program, """{"specversion":"1.0","id":"p1","source":"test","type":"plan.bought","subject":"site/s1","time":"2024-03-02T10:00:00Z","data":{"plan":"business"}}""");

    private static Fact Read(PartnerProgram program, string line) => new FactParser(program.Vocabulary).Read(Encoding.UTF8.GetBytes(line), 0, out _)!;

    private static Dictionary<string, string> Maple()
    {
        using var folder = new Scratch();
        var path = folder.WriteProgram();
        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(path, file), File.ReadAllText);
    }
}
