using System.Text;
using Dapper;
using Laurel.Cli.Reading;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Storage;
using Laurel.System.Tests.Cli;

namespace Laurel.System.Tests.Storage;

/// <summary>What is personal stands beside the log, and can be erased from there: all else stays as it was.</summary>
public sealed class PersonalTests : IDisposable
{
    private const int Seed = 20_261_126;

    private readonly Scratch _scratch = new();
    private readonly PartnerProgram _maple;

    public PersonalTests() => _maple = ProgramFolder.Find(_scratch.WritePersonalProgram()).Read().Program!;

    [Theory, Stores]
    public async Task The_log_has_of_a_personal_value_only_what_it_comes_to_with_its_salt(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store);
        await Record(books, Named("n1", "ada", "Ada Lovelace"), Named("n2", "bo", "Ada Lovelace"));

        using var connection = await store.Database.Connect(default);
        var data = (await connection.QueryAsync<string>("SELECT data FROM facts WHERE subject IS NOT NULL")).ToList();
        Assert.All(data, d => Assert.DoesNotContain("Ada", d, StringComparison.Ordinal));
        // The same name twice: nobody sees that it is.
        Assert.Equal(2, data.Distinct().Count());
        Assert.Equal(["Ada Lovelace", "Ada Lovelace"], await connection.QueryAsync<string>("SELECT value FROM personal"));
        Assert.Null((await Verify(store)).Difference);
    }

    [Theory, Stores]
    public async Task A_fact_is_known_again_by_what_is_personal_until_that_is_erased(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store);
        await Record(books, Named("n1", "ada", "Ada Lovelace"));

        Assert.IsType<Receipt.Unchanged>((await Record(books, Named("n1", "ada", "Ada Lovelace")))[0]);
        Assert.IsType<Receipt.Unchanged>((await Record(books, Told("n1", "member/ada", "member.named", "{}")))[0]);
        Assert.IsType<Receipt.Refused>((await Record(books, Named("n1", "ada", "Ada Byron")))[0]);

        await books.Erase(new("member", "ada"), "k", "asked for it", dryRun: false, keep: null, default);
        // An older export that is told again brings nothing back.
        Assert.IsType<Receipt.Unchanged>((await Record(books, Named("n1", "ada", "Ada Lovelace")))[0]);
        Assert.Equal(0, await store.Count("personal"));
        Assert.IsType<Receipt.Refused>((await Record(books, Told("n1", "member/bo", "member.named", "{}")))[0]);
    }

    [Theory, Stores]
    public async Task An_erasure_is_a_commit_that_says_who_and_why_and_is_done_once(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store);
        await Record(books, Named("n1", "ada", "Ada Lovelace"), Named("n2", "bo", "Bo Peep"));
        var head = books.Head;

        var tried = (await books.Erase(new("member", "ada"), "k", "asked for it", dryRun: true, keep: null, default))!;
        Assert.Equal((1L, null), (tried.Fields["full_name"], tried.Last));
        Assert.Equal((2L, head), (await store.Count("personal"), books.Head));

        var erased = (await books.Erase(new("member", "ada"), "k", "asked for it", dryRun: false, keep: null, default))!;
        Assert.Equal((head.Number + 1, new SubjectName("member", "ada"), 1L, "k", "asked for it"), (erased.Last!.Commit, erased.Last.Subject, erased.Last.Values, erased.Last.Key, erased.Last.Reason));
        Assert.Equal((CommitKind.Erasure, head.FactsTo, Convert.ToHexString(head.FactsRoot)), (books.Head.Kind, books.Head.FactsTo, Convert.ToHexString(books.Head.FactsRoot)));
        Assert.Equal(1, await store.Count("personal"));

        var again = (await books.Erase(new("member", "ada"), "k", "asked again", dryRun: false, keep: null, default))!;
        Assert.Equal((0, erased.Last), (again.Fields.Count, again.Last));
        Assert.Equal(head.Number + 1, books.Head.Number);
        Assert.Null(await books.Erase(new("member", "cleo"), "k", "asked", dryRun: false, keep: null, default));

        // What is told after it is another thing, and may be erased in turn.
        await Record(books, Named("n3", "ada", "Countess"));
        Assert.Equal(1, (await books.Erase(new("member", "ada"), "k", "asked again", dryRun: false, keep: null, default))!.Last!.Values);
        Assert.Null((await Verify(store)).Difference);
        // Books that are opened anew go on from there.
        using var reopened = await Open(store);
        await Record(reopened, Named("n4", "ada", "Ada"));
        Assert.Null((await Verify(store)).Difference);
    }

    [Theory, Stores]
    public async Task Whatever_is_erased_in_whatever_order_the_books_stay_as_the_log_makes_them(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var books = await Open(store);
        var chance = new Random(Seed);
        string[] members = ["ada", "bo", "cleo", "dan"];
        await Record(books, [.. members.Select(m => Told($"j/{m}", $"member/{m}", "member.joined", "{}"))]);
        for (var i = 0; i < 40; i++)
        {
            var member = members[chance.Next(members.Length)];
            if (chance.Next(4) == 0) { await books.Erase(chance.Next(2) == 0 ? new("member", member) : new("site", $"{member}-{chance.Next(3)}"), "k", "asked for it", dryRun: chance.Next(5) == 0, keep: null, default); }
            else
            {
                var site = $"{member}-{chance.Next(3)}";
                await Record(
                    books, Told($"s{i}", $"site/{site}", "site.created", $$"""{"member":"{{member}}"}"""),
                    Told($"b{i}", $"site/{site}", "plan.bought", $$"""{"plan":"basic","contact":"{{member}}@example.org","born":"19{{70 + chance.Next(20)}}-01-01","fee":{{chance.Next(100)}}.5,"adult":{{(chance.Next(2) == 0 ? "true" : "false")}}}"""),
                    Named($"n{i}", member, $"{member} {i}"));
            }
            if (i % 10 == 9) { Assert.True((await Verify(store)).Difference is null, $"{Seed}, {i}: {(await Verify(store)).Difference}"); }
        }
        Assert.True(await store.Count("erasures") > 2);
        Assert.True(await store.Count("personal") > 0);
    }

    [Theory]
    [InlineData("UPDATE personal SET value = 'Eve' WHERE position = 2", "`full_name` of the fact member.named `n1` of `test` at 2 is not what was told")]
    [InlineData("UPDATE personal SET salt = randomblob(16) WHERE position = 2", "is not what was told")]
    [InlineData("DELETE FROM personal WHERE position = 2", "is not there, and was not erased")]
    [InlineData("DELETE FROM erasures", "`full_name` of the fact member.named `n2` of `test` at 3 is not there, and was not erased")]
    [InlineData("UPDATE erasures SET number = 1", "is not there, and was not erased")]
    [InlineData("INSERT INTO personal SELECT 0, subject, program, salt, field, value FROM personal", "1 personal values are kept that no fact told")]
    public async Task What_was_changed_behind_the_books_back_is_named(string change, string difference)
    {
        using var store = await Store.WithProgram("sqlite");
        using (var books = await Open(store))
        {
            await Record(books, Told("j", "member/ada", "member.joined", "{}"), Named("n1", "ada", "Ada Lovelace"), Named("n2", "bo", "Bo Peep"));
            await books.Erase(new("member", "bo"), "k", "asked for it", dryRun: false, keep: null, default);
        }
        Assert.Null((await Verify(store)).Difference);
        await store.Execute(change);

        Assert.Contains(difference, (await Verify(store)).Difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_it_is_left_in_a_file_of_SQLite()
    {
        using var store = await Store.WithProgram("sqlite");
        using (var books = await Open(store))
        {
            foreach (var part in Enumerable.Range(0, 600).Select(i => Named($"n{i}", i % 3 == 0 ? "ada" : $"m{i}", i % 3 == 0 ? $"LOVELACE-{i}-{new string('x', i % 90)}" : $"somebody else {i}")).Chunk(50)) { await Record(books, part); }
            Assert.Contains("LOVELACE-", Bytes(store), StringComparison.Ordinal);
            await books.Erase(new("member", "ada"), "k", "asked for it", dryRun: false, keep: null, default);
        }

        Assert.DoesNotContain("LOVELACE-", Bytes(store), StringComparison.Ordinal);
        Assert.Contains("somebody else 1", Bytes(store), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_personal_stays_personal_and_what_is_not_does_not_become_it()
    {
        foreach (var (then, now) in new[] { ("full_name: { type: text, personal: true }", "full_name: text"), ("country: text", "country: { type: text, personal: true }") })
        {
            _scratch.Write("maple/program.yaml", File.ReadAllText(_scratch["maple/program.yaml"]).Replace(then, now, StringComparison.Ordinal));
            var after = ProgramFolder.Find(_scratch["maple"]).Read().Program!;
            Assert.Contains(ProgramTexts.Broken(_maple, after, new HashSet<string>(), _ => true), p => p.Message.StartsWith($"the field member.{then[..then.IndexOf(':', StringComparison.Ordinal)]} would be gone", StringComparison.Ordinal));
            _scratch.WritePersonalProgram();
        }
    }

    private static string Bytes(Store store)
    {
        var path = ((SqliteDatabase)store.Database).Path;
        return string.Concat(new[] { path, $"{path}-wal" }.Where(File.Exists).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return Encoding.Latin1.GetString(bytes.ToArray());
        }));
    }

    private static string Named(string id, string member, string name) => Told(id, $"member/{member}", "member.named", $$"""{"full_name":"{{name}}"}""");

    private static string Told(string id, string subject, string type, string data) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"test","type":"{{type}}","subject":"{{subject}}","time":"2024-03-01T10:00:00Z","data":{{data}}}""";

    private Task<Bookkeeper> Open(Store store) => Bookkeeper.Open(store.Database, 1, _maple, TimeProvider.System, null, default);

    private Task<Verified> Verify(Store store) => new Verification(store.Database, 1, _maple).Run(default);

    private Task<IReadOnlyList<Receipt>> Record(Bookkeeper books, params string[] lines)
    {
        var parser = new FactParser(_maple.Vocabulary);
        return books.Record([.. lines.Select(line => parser.Read(Encoding.UTF8.GetBytes(line), 0, out var refusal) ?? throw new InvalidOperationException($"{refusal}"))], asTold: true, keep: null, default);
    }

    public void Dispose() => _scratch.Dispose();
}
