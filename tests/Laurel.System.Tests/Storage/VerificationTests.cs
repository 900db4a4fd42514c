using Dapper;
using Laurel.Cli.Reading;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
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
    }

    [Theory]
    [InlineData("UPDATE entries SET amount = amount + 1 WHERE position = 7", "entry 7 is not what the fact")]
    [InlineData("UPDATE entries SET member = (SELECT max(member) FROM entries) + 1 WHERE position = 3", "entry 3 is not what the fact")]
    [InlineData("DELETE FROM entries WHERE position = 5", "entry 5 is not there")]
    [InlineData("DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)", "is not there")]
    [InlineData("UPDATE facts SET at = at + 1 WHERE position = 1", "do not have the root")]
    [InlineData("UPDATE facts SET salt = randomblob(16) WHERE position = 12", "the facts up to commit")]
    [InlineData("DELETE FROM facts WHERE position = 9", "some are not there")]
    [InlineData("UPDATE facts SET data = '{' WHERE position = 4", "do not have the root")]
    [InlineData("UPDATE facts SET type = 9999 WHERE position = 4", "the fact at 4 can't be read")]
    [InlineData("UPDATE facts SET subject = 9999 WHERE position = 4", "do not have the root")]
    [InlineData("DELETE FROM subjects WHERE subject = (SELECT subject FROM facts WHERE position = 4)", "can't be read")]
    [InlineData("UPDATE facts SET subject = NULL WHERE position = 4", "do not have the root")]
    [InlineData("UPDATE words SET text = 'never.told' WHERE text = (SELECT w.text FROM words w JOIN facts f ON f.type = w.word WHERE f.position = 4)", "do not have the root")]
    [InlineData("UPDATE commits SET facts_root = randomblob(32) WHERE number = (SELECT max(number) FROM commits)", "do not have the root")]
    [InlineData("UPDATE commits SET entries_to = entries_to + 1 WHERE number = (SELECT max(number) FROM commits)", "has entries up to")]
    [InlineData("UPDATE commits SET entries_root = randomblob(32) WHERE number = 2", "the entries up to commit 2 do not have the root")]
    [InlineData("DELETE FROM commits WHERE number = 2", "commit 2 is not there")]
    [InlineData("UPDATE standings SET body = replace(body, 'points', 'dots')", "does not stand where the books say")]
    public async Task What_was_changed_behind_the_books_back_is_named(string change, string difference)
    {
        using var store = await Kept("sqlite");
        using (var connection = await store.Database.Connect(default)) { await connection.ExecuteAsync($"PRAGMA foreign_keys = OFF; {change}"); }

        var verified = await new Verification(store.Database, 1, Wix).Run(default);

        Assert.Contains(difference, verified.Difference, StringComparison.Ordinal);
    }

    private static async Task<Store> Kept(string engine)
    {
        var store = await Store.WithProgram(engine);
        using var books = await Bookkeeper.Open(store.Database, 1, Wix, TimeProvider.System, null, default);
        var parser = new FactParser(Wix.Vocabulary);
        var facts = File.ReadLines(Path.Combine(CliRun.Root, "programs", "wix-partner", "demo.jsonl")).Select(line => parser.Read(global::System.Text.Encoding.UTF8.GetBytes(line), 0, out _)!).ToList();
        foreach (var part in facts.Chunk(20)) { await books.Record(part, asTold: true, keep: null, default); }
        while (await books.TellDue(default)) { }
        return store;
    }
}
