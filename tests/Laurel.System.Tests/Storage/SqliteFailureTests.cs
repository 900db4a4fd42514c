using Dapper;
using Laurel.Storage;
using Laurel.System.Tests.Cli;
using Microsoft.Data.Sqlite;

namespace Laurel.System.Tests.Storage;

/// <summary>What is wrong with a SQLite file is said for what it is.</summary>
public sealed class SqliteFailureTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    // what stands there, and what is said by whoever reads, and by whoever writes
    [InlineData("nothing", "there is no file ", null)]
    [InlineData("no folder", "there is no file ", "there is no folder ")]
    [InlineData("a folder", " is a folder, and a SQLite database is a file", " is a folder, and a SQLite database is a file")]
    [InlineData("a text", " is no SQLite database, or damaged", " is no SQLite database, or damaged")]
    [InlineData("a half", " is damaged: ", " is damaged: ")]
    public async Task What_is_in_the_way_is_named(string there, string reads, string? writes)
    {
        var path = there == "no folder" ? _scratch["none/laurel.db"] : _scratch["laurel.db"];
        if (there == "a folder") { Directory.CreateDirectory(path); }
        if (there == "a text") { _scratch.Write("laurel.db", new string('x', 1000)); }
        if (there == "a half")
        {
            await using (await Shelf.Open($"Data Source={path}", TimeProvider.System, default)) { }
            using var file = File.OpenWrite(path);
            file.SetLength(file.Length / 2);
        }
        async Task Says(string message, Func<string, Task> open) => Assert.Contains(message, (await Assert.ThrowsAsync<StorageException>(() => open($"Data Source={path}"))).Message, StringComparison.Ordinal);

        await Says(reads, c => Shelf.OpenToRead(c, TimeProvider.System, default));
        await Says(reads, c => Shelf.Backup(c, _scratch["copy.db"], default));
        await Says(reads, c => Shelf.Restored(c, default));
        if (writes is not null) { await Says(writes, c => Shelf.Open(c, TimeProvider.System, default)); }
    }

    [Theory]
    [InlineData(8, "a.db may only be read")]
    [InlineData(10, "the disk of a.db takes nothing more, or has a fault")]
    [InlineData(522, "a.db is damaged")]
    [InlineData(11, "a.db is damaged")]
    [InlineData(13, "the disk of a.db is full")]
    [InlineData(14, "a.db cannot be opened, or the log beside it")]
    [InlineData(26, "a.db is no SQLite database, or damaged")]
    public void Each_code_has_its_sentence_and_its_remedy(int code, string message)
    {
        var said = SqliteFailures.Of(new SqliteException("so it says", code & 0xFF, code), "a.db")!;
        Assert.StartsWith(message, said.Message, StringComparison.Ordinal);
        Assert.NotEqual("", said.Remedy);
    }

    [Fact]
    public async Task What_a_database_says_in_the_middle_is_told_in_the_same_words()
    {
        using var store = Store.Empty("sqlite");
        await Migrations.Run(store.Database, default);
        using var connection = (SqliteConnection)await store.Database.Connect(default);
        connection.Execute("PRAGMA max_page_count = 1");
        var full = Assert.Throws<SqliteException>(() => connection.Execute("CREATE TABLE more AS SELECT zeroblob(1000000)"));

        Assert.Equal("the disk of the database is full", Database.Explain(full)!.Message);
        Assert.Null(Database.Explain(Assert.Throws<SqliteException>(() => connection.Execute("SELECT nothing"))));
    }

    public void Dispose() => _scratch.Dispose();
}
