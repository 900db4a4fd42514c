using Dapper;
using Laurel.Cli.Reading;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Storage;
using Laurel.System.Tests.Cli;

namespace Laurel.System.Tests.Storage;

public sealed class VerificationTests
{
    private static readonly PartnerProgram Wix = ProgramFolder.Find(Path.Combine(CliRun.Root, "programs", "wix-partner")).Read().Program!;

    [Theory, Stores]
    public async Task Books_that_were_kept_are_as_the_log_makes_them(string engine)
    {
        using var store = await Kept(engine);

        var verified = await new Verification(store.Database, 1, Wix).Run(default);

        Assert.Null(verified.Difference);
        Assert.Equal((await store.Count("commits"), await store.Count("facts")), (verified.Commits, verified.Facts));
        Assert.Equal((await store.Count("entries"), await store.Count("standings")), (verified.Entries, verified.Members));
        Assert.True(verified is { Commits: > 3, Entries: > 20, Members: > 3 });
        Assert.Equal(verified, await new Verification(store.Database, 1, Wix, factsMax: 10).Run(default));
    }

    public static TheoryData<string> Programs => [.. Directory.GetDirectories(Path.Combine(CliRun.Root, "programs")).Select(folder => Path.GetFileName(folder)).Order()];

    // A part of the log has all that matters to its members: in the smallest ones each is alone with that.
    [Theory, MemberData(nameof(Programs))]
    public async Task What_is_posted_member_by_member_is_what_all_of_it_gives(string name)
    {
        var program = ProgramFolder.Find(Path.Combine(CliRun.Root, "programs", name)).Read(out var texts).Program!;
        var entries = 0L;
        foreach (var scenario in ScenarioReader.Read(program, texts).Scenarios)
        {
            using var store = await Store.WithProgram("sqlite");
            using (var books = await Bookkeeper.Open(store.Database, 1, program, TimeProvider.System, null, default))
            {
                await books.Record([.. Enumerable.Range(0, scenario.History.FactCount).Select(scenario.History.FactOf)], asTold: true, keep: null, default);
                while (await books.TellDue(default)) { }
            }
            var verified = await new Verification(store.Database, 1, program, factsMax: 1).Run(default);
            Assert.Equal("", verified.Difference ?? "", StringComparer.Ordinal);
            Assert.Equal((await store.Count("entries"), await store.Count("standings")), (verified.Entries, verified.Members));
            entries += verified.Entries;
        }
        Assert.True(entries > 0);
    }

    [Theory, Stores]
    public async Task Books_are_as_the_log_makes_them_while_they_are_written(string engine)
    {
        using var store = await Store.WithProgram(engine);
        var writing = Task.Run(async () =>
        {
            using var books = await Bookkeeper.Open(store.Database, 1, Wix, TimeProvider.System, null, default);
            foreach (var part in Demo().Chunk(3)) { await books.Record(part, asTold: true, keep: null, default); }
        });
        var verified = 0;
        for (; verified < 3 || !writing.IsCompleted; verified++) { Assert.Equal("", (await new Verification(store.Database, 1, Wix).Run(default)).Difference ?? "", StringComparer.Ordinal); }
        await writing;
    }

    [Theory]
    [InlineData("UPDATE entries SET amount = amount + 1 WHERE position = 7", "entry 7 is not what the fact")]
    [InlineData("UPDATE entries SET member = (SELECT max(member) FROM entries) + 1 WHERE position = 3", "entry 3 is not what a fact of commit")]
    [InlineData("UPDATE entries SET member = (SELECT max(member) FROM entries) WHERE position = 3", "entry 3 is")]
    [InlineData("INSERT INTO entries SELECT max(position) + 1, cause, member, subject, amount, dated, starts, ends, rule, unit, program, book, source, target FROM entries", "is of no commit")]
    [InlineData("DELETE FROM entries WHERE position = 5", "entry 5 is not there")]
    [InlineData("DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)", "is not there")]
    [InlineData("UPDATE facts SET at = at + 1 WHERE position = 1", "do not have the root")]
    [InlineData("UPDATE facts SET salt = randomblob(16) WHERE position = 12", "the facts up to commit")]
    [InlineData("DELETE FROM facts WHERE position = 9", "some are not there")]
    [InlineData("UPDATE facts SET data = '{' WHERE position = 1", "do not have the root")]
    [InlineData("UPDATE facts SET type = 9999 WHERE position = 1", "the fact at 1 can't be read")]
    [InlineData("UPDATE facts SET subject = 9999 WHERE position = 1", "do not have the root")]
    [InlineData("DELETE FROM subjects WHERE subject = 2", "is not there")]
    [InlineData("UPDATE facts SET subject = NULL WHERE position = (SELECT max(position) FROM facts WHERE subject IS NOT NULL)", "do not have the root")]
    [InlineData("UPDATE words SET text = 'never.told' WHERE text = (SELECT w.text FROM words w JOIN facts f ON f.type = w.word WHERE f.position = 1)", "do not have the root")]
    [InlineData("UPDATE commits SET facts_root = randomblob(32) WHERE number = (SELECT max(number) FROM commits)", "do not have the root")]
    [InlineData("UPDATE commits SET entries_to = entries_to + 1 WHERE number = (SELECT max(number) FROM commits)", "has entries up to")]
    [InlineData("UPDATE commits SET entries_root = randomblob(32) WHERE number = 2", "the entries up to commit 2 do not have the root")]
    [InlineData("DELETE FROM commits WHERE number = 2", "commit 2 is not there")]
    [InlineData("UPDATE standings SET body = replace(body, 'points', 'dots')", "does not stand where the books say")]
    [InlineData("DELETE FROM commits", "the fact at 0 is of no commit")]
    [InlineData("UPDATE commits SET prior = randomblob(16) WHERE number = 3", "commit 3 does not follow the one before it")]
    [InlineData("UPDATE commits SET kind = 99 WHERE number = 3", "commit 3 is of no kind")]
    [InlineData("UPDATE commits SET recorded = recorded + 1 WHERE number = 2", "commit 2 was not recorded when its last fact was")]
    [InlineData("UPDATE commits SET changes_to = changes_to + 1 WHERE number = (SELECT max(number) FROM commits)", "does not have the changes that it told")]
    [InlineData("UPDATE commits SET kind = CASE kind WHEN 0 THEN 4 ELSE 0 END WHERE number = 3", "commit 3 is not as it was written")]
    [InlineData("UPDATE commits SET epoch = epoch + 1 WHERE number = 3", "commit 3 is not as it was written")]
    [InlineData("UPDATE commits SET hash = NULL WHERE number = 3", "commit 3 is not as it was written")]
    [InlineData("UPDATE subjects SET name = 'somebody else' WHERE subject = 2", "the name of a subject")]
    [InlineData("UPDATE subjects SET name = (SELECT name FROM subjects s WHERE s.subject <> subjects.subject AND s.kind <> subjects.kind) WHERE subject = 2", "the name of a subject")]
    [InlineData("INSERT INTO facts SELECT position + 1, subject, at, recorded, source, type, program, salt, id || '2', data FROM facts ORDER BY position DESC LIMIT 1", "is of no commit")]
    [InlineData("DELETE FROM changes WHERE change = 5", "does not have the changes that it told")]
    [InlineData("UPDATE changes SET number = number + 1 WHERE change = 5", "does not have the changes that it told")]
    [InlineData("UPDATE changes SET change = 99999 WHERE change = 5", "does not have the changes that it told")]
    [InlineData("INSERT INTO changes SELECT 99999, member, effective, number, cause, program, body, asked FROM changes WHERE change = 5", "change 99999 is of no commit")]
    [InlineData("UPDATE changes SET body = replace(body, 'level', 'label') WHERE change = (SELECT min(change) FROM changes WHERE body LIKE '%level%')", "does not have the changes that it told")]
    [InlineData("UPDATE changes SET effective = effective + 1 WHERE change = 5", "does not have the changes that it told")]
    [InlineData("UPDATE changes SET cause = NULL WHERE change = (SELECT max(change) FROM changes WHERE cause IS NOT NULL)", "does not have the changes that it told")]
    [InlineData("UPDATE changes SET asked = 1 WHERE change = 5", "does not have the changes that it told")]
    [InlineData("UPDATE commits SET told = NULL WHERE number = (SELECT max(number) FROM commits WHERE told IS NOT NULL)", "is not as it was written")]
    [InlineData("DELETE FROM standings WHERE member = (SELECT min(member) FROM standings)", "stands is not there")]
    [InlineData("UPDATE standings SET book = 7", "stands is not there")]
    [InlineData("UPDATE standings SET member = 9999 WHERE member = (SELECT min(member) FROM standings)", "subject 9999 is no member")]
    [InlineData("UPDATE standings SET told = 9223372036854775806", "was told of after the last commit")]
    [InlineData("DELETE FROM due", "is not looked at again")]
    [InlineData("UPDATE standings SET next = next - 1", "is not looked at again")]
    [InlineData("DELETE FROM ties WHERE subject = (SELECT min(subject) FROM ties)", "is not kept")]
    [InlineData("UPDATE subjects SET kind = (SELECT kind FROM subjects s WHERE s.kind <> subjects.kind LIMIT 1) WHERE subject = 2", "can't be read")]
    [InlineData("UPDATE subjects SET kind = -1 WHERE subject = 2", "can't be read")]
    [InlineData("INSERT INTO subjects SELECT subject + 1, kind, program, 'nobody', NULL FROM subjects ORDER BY subject DESC LIMIT 1", "no fact speaks of subject")]
    [InlineData("INSERT INTO files (revision, at, program, path, body) VALUES (9, 0, 1, 'program.yaml', '')", "revision 9 of the program's texts is of no commit")]
    [InlineData("INSERT INTO statuses (number, program) VALUES (99999, 1)", "commit 99999, which is not there")]
    public async Task What_was_changed_behind_the_books_back_is_named(string change, string difference)
    {
        using var store = await Kept("sqlite");
        using (var connection = await store.Database.Connect(default)) { await connection.ExecuteAsync($"PRAGMA foreign_keys = OFF; {change}"); }

        var verified = await new Verification(store.Database, 1, Wix, factsMax: 10).Run(default);

        Assert.Contains(difference, verified.Difference, StringComparison.Ordinal);
    }

    [Theory, Stores]
    public async Task Commits_of_before_there_were_hashes_go_without(string engine)
    {
        using var store = await Store.WithProgram(engine);
        foreach (var (place, part) in Demo().Chunk(20).Index())
        {
            using (var books = await Bookkeeper.Open(store.Database, 1, Wix, TimeProvider.System, null, default)) { await books.Record(part, asTold: true, keep: null, default); }
            if (place == 0) { await store.Execute("UPDATE commits SET hash = NULL"); }
        }

        Assert.True(await store.Count("commits WHERE hash IS NULL") > 0 && await store.Count("commits WHERE hash IS NOT NULL") > 1);
        Assert.Null((await new Verification(store.Database, 1, Wix).Run(default)).Difference);
        await store.Execute("UPDATE commits SET hash = NULL WHERE number = (SELECT max(number) FROM commits)");
        Assert.Contains("is not as it was written", (await new Verification(store.Database, 1, Wix).Run(default)).Difference, StringComparison.Ordinal);
    }

    private static async Task<Store> Kept(string engine)
    {
        var store = await Store.WithProgram(engine);
        using var books = await Bookkeeper.Open(store.Database, 1, Wix, TimeProvider.System, null, default);
        foreach (var part in Demo().Chunk(20)) { await books.Record(part, asTold: true, keep: null, default); }
        while (await books.TellDue(default)) { }
        return store;
    }

    private static List<Fact> Demo()
    {
        var parser = new FactParser(Wix.Vocabulary);
        return [.. File.ReadLines(Path.Combine(CliRun.Root, "programs", "wix-partner", "demo.jsonl")).Select(line => parser.Read(global::System.Text.Encoding.UTF8.GetBytes(line), 0, out _)!)];
    }
}
