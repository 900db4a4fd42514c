using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using Laurel.Benchmarks;
using Laurel.System.Tests.Cli;
using Laurel.System.Tests.Storage;
using Npgsql;

namespace Laurel.System.Tests.Server;

/// <summary>A database is saved while facts arrive, lost, and restored elsewhere: nothing that callers know of the lost one is mistaken, and what they send again counts once.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory, Stores]
    public async Task A_database_is_saved_under_load_and_restored_elsewhere(string engine)
    {
        using var store = Store.Empty(engine);
        using var restored = Store.Empty(engine);
        await IsRestored(store, () =>
        {
            Save(engine, store, restored);
            return restored;
        });
    }

    [PostgresFact]
    public async Task A_base_backup_of_PostgreSQL_is_restored_elsewhere()
    {
        using var saved = Postgres.Start(Postgres.Find()!, ["shared_buffers=64MB"]);
        using var store = Store.At(saved.Connection.Replace(";Pooling=false", "", StringComparison.Ordinal));
        var (elsewhere, restored) = ((Postgres?)null, (Store?)null);
        try
        {
            await IsRestored(store, () =>
            {
                elsewhere = Postgres.Restored(saved, ["shared_buffers=64MB"]);
                return restored = Store.At(elsewhere.Connection);
            });
        }
        finally
        {
            restored?.Dispose();
            elsewhere?.Dispose();
        }
    }

    /// <summary>Facts arrive while a database is saved; where it is restored, all is as it was then, and knows that it is another.</summary>
    private static async Task IsRestored(Store store, Func<Store> save)
    {
        var (sent, position, cursor) = (new List<string>(), "", "");
        Store restored;
        await using (var server = await Running.Start(store))
        {
            await server.TellOfAda();
            // Until the backup is there, and some more.
            var saving = Task.Run(save);
            for (var (batch, more) = (0, 5); more > 0; batch++)
            {
                sent.Add(Facts(batch));
                (await server.Ask("POST facts", sent[^1], "application/x-ndjson")).Expect(200);
                if (saving.IsCompleted) { more--; }
            }
            restored = await saving;
            var page = (await server.Ask("GET members?limit=1")).Expect(200);
            (position, cursor) = (page.Header("Laurel-Position")!, (string)page.Json["next"]!);
        }

        if (!store.Connection.StartsWith("Data Source", StringComparison.Ordinal)) { Assert.Equal("maple: begins another incarnation\n", CliRun.Of("restored", "--database", restored.Connection).Expect(0).Output); }
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", restored.Connection).Expect(0).Output, StringComparison.Ordinal);
        var saved = await restored.Count("facts");
        Assert.InRange(saved, 3, (sent.Count * 20) + 3);
        await using (var server = await Running.StartAgain(restored))
        {
            (await server.Ask($"GET members?limit=1&cursor={cursor}")).ExpectProblem(412, "other-incarnation");
            (await server.Ask($"GET feed?after={position}")).ExpectProblem(412, "other-incarnation");
            (await server.Ask("GET members/ada/standing", (string?)null, "", null, $"Laurel-Not-Older-Than: {position}")).ExpectProblem(412, "other-incarnation");

            // Whoever told something sends again what may be lost.
            foreach (var batch in sent) { (await server.Ask("POST facts", batch, "application/x-ndjson")).Expect(200); }
            var all = (await server.Ask("POST facts", string.Concat(sent), "application/x-ndjson")).Expect(200);
            Assert.Equal(sent.Count * 20, all.Body.Split("\"verdict\":\"unchanged\"").Length - 1);
            Assert.Equal("100", (string)(await server.Ask("GET members/ada/standing")).Expect(200).Json["metrics"]!["points"]!);
        }
        Assert.Equal(await store.Count("facts WHERE subject IS NOT NULL"), await restored.Count("facts WHERE subject IS NOT NULL"));
        Assert.Equal(await store.Count("subjects"), await restored.Count("subjects"));
        Assert.Contains("all as the log makes them", CliRun.Of("verify", "--database", restored.Connection).Expect(0).Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_copy_beside_a_server_that_goes_on_is_written_by_its_own()
    {
        const string Lanes = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'laurel lane %' ORDER BY pid";
        using var store = Store.Empty("postgres");
        using var restored = Store.Empty("postgres");
        await using var server = await Running.Start(store);
        await server.TellOfAda();
        Save("postgres", store, restored);
        using var connection = await store.Database.Connect(default);
        var (there, pids) = (await store.Count("facts"), await connection.QueryAsync<int>(Lanes));
        Assert.NotEmpty(pids);
        CliRun.Of("restored", "--database", restored.Connection).Expect(0);

        await using var copy = await Running.StartAgain(restored);
        (await copy.Ask("PUT members/late")).Expect(201);

        Assert.Equal((there, there + 1), (await store.Count("facts"), await restored.Count("facts")));
        Assert.Empty(pids.Except(await connection.QueryAsync<int>(Lanes)));
    }

    [Theory, Stores]
    public async Task A_database_that_a_server_has_open_cannot_be_told_that_it_was_restored(string engine)
    {
        using var store = Store.Empty(engine);
        await using (var server = await Running.Start(store))
        {
            await server.TellOfAda();
            var position = (await server.Ask("GET members/ada/standing")).Expect(200).Header("Laurel-Position");
            var refused = CliRun.Of("restored", "--database", store.Connection).Expect(2);
            Assert.Contains("a server has the database open", refused.Error, StringComparison.Ordinal);
            Assert.Contains(engine == "sqlite" ? "laurel.db-lane" : "laurel lane ", refused.Error, StringComparison.Ordinal);
            await server.Restart();
            (await server.Ask("GET members/ada/standing", headers: $"Laurel-Not-Older-Than: {position}")).Expect(200);
        }
        Assert.Equal("maple: begins another incarnation\n", CliRun.Of("restored", "--database", store.Connection).Expect(0).Output);
    }

    [Fact]
    public async Task A_backup_that_is_restored_twice_is_two_databases()
    {
        using var store = Store.Empty("sqlite");
        await using (var server = await Running.Start(store)) { await server.TellOfAda(); }
        CliRun.Of("backup", _scratch["a.db"], "--database", store.Connection).Expect(0);
        File.Copy(_scratch["a.db"], _scratch["b.db"]);
        var positions = new List<string>();
        foreach (var file in (string[])["a.db", "b.db", "a.db"])
        {
            await using var shelf = await Laurel.Storage.Shelf.Open($"Data Source={_scratch[file]}", TimeProvider.System, default);
            positions.Add((await shelf.Read("maple")!.Head(default)).Incarnation.ToString());
        }
        Assert.Equal(positions[0], positions[2]);
        Assert.Equal(2, positions.Distinct().Count());
        Assert.DoesNotContain(Guid.Empty.ToString(), positions);
    }

    [Fact]
    public async Task A_backup_beside_the_log_of_the_database_that_was_lost_is_refused()
    {
        using var store = Store.Empty("sqlite");
        await using (var server = await Running.Start(store))
        {
            await server.TellOfAda();
            CliRun.Of("backup", _scratch["lost.db"], "--database", store.Connection).Expect(0);
            // Whoever only reads the copy leaves it as it is.
            CliRun.Of("verify", "--database", $"Data Source={_scratch["lost.db"]}").Expect(0);
            (await server.Ask("PUT members/ben")).Expect(201);
            // As it is left where the server is killed.
            File.Copy(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(store.Connection).DataSource + "-wal", _scratch["lost.db-wal"]);
        }
        Assert.NotEqual(0, new FileInfo(_scratch["lost.db-wal"]).Length);
        foreach (var verb in (string[])["verify", "restored"]) { Assert.Contains("remove", CliRun.Of(verb, "--database", $"Data Source={_scratch["lost.db"]}").Expect(2).Error, StringComparison.Ordinal); }
        await Assert.ThrowsAsync<Laurel.Storage.StorageException>(() => Laurel.Storage.Shelf.Open($"Data Source={_scratch["lost.db"]}", TimeProvider.System, default));

        File.Delete(_scratch["lost.db-wal"]);
        Assert.Contains("maple: 4 commits, 4 facts", CliRun.Of("verify", "--database", $"Data Source={_scratch["lost.db"]}").Expect(0).Output, StringComparison.Ordinal);
        // Once it was opened it has a log of its own.
        await using var shelf = await Laurel.Storage.Shelf.Open($"Data Source={_scratch["lost.db"]}", TimeProvider.System, default);
        Assert.NotEqual(0, new FileInfo(_scratch["lost.db-wal"]).Length);
        CliRun.Of("verify", "--database", $"Data Source={_scratch["lost.db"]}").Expect(0);
    }

    [Theory]
    [InlineData("backup FOLDER/there.db", "is there already")]
    [InlineData("backup -", "a backup needs a file")]
    [InlineData("backup ", "a backup needs a file")]
    [InlineData("backup FOLDER/a.db --database Host=127.0.0.1;Port=1;Database=x;Username=x", "PostgreSQL")]
    [InlineData("backup FOLDER/a.db --database Filename=/nowhere/laurel.db", "there is no file /nowhere/laurel.db")]
    [InlineData("restored --database Filename=/nowhere/laurel.db", "there is no file /nowhere/laurel.db")]
    public void What_they_cannot_do_they_say(string call, string message)
    {
        _scratch.Write("there.db", "");
        var run = CliRun.Of([.. call.Split(' ').Select(w => w.Replace("FOLDER", _scratch["."], StringComparison.Ordinal))]).Expect(2);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none/a.db", "cannot be written to")]
    [InlineData("laurel.db-wal", "is a name that the database's own files have")]
    [InlineData("link/laurel.db-journal", "is a name that the database's own files have")]
    public async Task A_backup_is_written_where_it_stays(string name, string message)
    {
        Directory.CreateSymbolicLink(_scratch["link"], _scratch["."]);
        var database = $"Data Source={_scratch["laurel.db"]}";
        await using (await Laurel.Storage.Shelf.Open(database, TimeProvider.System, default)) { }
        var before = Directory.GetFiles(_scratch["."]);

        Assert.Contains(message, CliRun.Of("backup", _scratch[name], "--database", database).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(_scratch["."]));
    }

    [Fact]
    public async Task A_backup_that_is_stopped_leaves_nothing_behind()
    {
        using var store = Store.Empty("sqlite");
        await using (await Laurel.Storage.Shelf.Open(store.Connection, TimeProvider.System, default)) { }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Database.Backup(_scratch["a.db"], new CancellationToken(canceled: true)));
        Assert.Empty(Directory.EnumerateFiles(_scratch[""]));
    }

    [Fact]
    public async Task A_backup_has_no_log_even_of_a_database_that_has_one()
    {
        using var store = Store.Empty("sqlite");
        await using var shelf = await Laurel.Storage.Shelf.Open(store.Connection, TimeProvider.System, default);
        await store.Database.Backup(_scratch["a.db"], default);

        Assert.Equal([_scratch["a.db"]], Directory.GetFiles(_scratch[""]));
        // How it is written, and read, by its header: with a log it would be 2.
        Assert.Equal([1, 1], (await File.ReadAllBytesAsync(_scratch["a.db"]))[18..20]);
    }

    [Fact]
    public async Task A_backup_that_fails_leaves_nothing_behind()
    {
        using var store = Store.Empty("sqlite");
        await using (var server = await Running.Start(store)) { await server.TellOfAda(); }
        store.Database.Dispose();
        var database = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(store.Connection).DataSource;
        await using (var file = File.OpenWrite(database))
        {
            // What is in the last page is none.
            file.Position = file.Length - 8192;
            file.Write(Enumerable.Repeat((byte)7, 8192).ToArray());
        }

        Assert.Contains($"{database} is damaged", CliRun.Of("backup", _scratch["a.db"], "--database", store.Connection).Expect(2).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_scratch[""]));
    }

    private static void Save(string engine, Store store, Store restored)
    {
        if (engine == "sqlite")
        {
            CliRun.Of("backup", new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(restored.Connection).DataSource, "--database", store.Connection).Expect(0);
            return;
        }
        var (from, to) = (new NpgsqlConnectionStringBuilder(store.Connection), new NpgsqlConnectionStringBuilder(restored.Connection));
        static string Uri(NpgsqlConnectionStringBuilder c) => $"postgresql://{c.Username}@{c.Host}:{c.Port}/{c.Database}";
        var bin = Postgres.Find()!;
        using var dump = Process.Start("sh", ["-c", $"{bin}/pg_dump -Fc '{Uri(from)}' | {bin}/pg_restore --exit-on-error -d '{Uri(to)}'"]);
        dump.WaitForExit();
        Assert.Equal(0, dump.ExitCode);
    }

    /// <summary>Twenty facts of a member and nineteen sites.</summary>
    private static string Facts(int batch)
    {
        var lines = new StringBuilder();
        lines.Append(CultureInfo.InvariantCulture, $$"""{"id":"m{{batch}}","source":"load","type":"member.joined","subject":"member/m{{batch}}","time":"2024-03-01"}""").Append('\n');
        for (var i = 0; i < 19; i++) { lines.Append(CultureInfo.InvariantCulture, $$$"""{"id":"s{{{batch}}}-{{{i}}}","source":"load","type":"site.created","subject":"site/s{{{batch}}}-{{{i}}}","time":"2024-03-02","data":{"member":"m{{{batch}}}"}}""").Append('\n'); }
        return lines.ToString();
    }

    public void Dispose() => _scratch.Dispose();
}
