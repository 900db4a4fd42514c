using Laurel.Benchmarks;
using Laurel.Storage;

namespace Laurel.System.Tests.Storage;

public sealed class MigrationTests
{
    [PostgresFact]
    public void The_contract_is_kept_on_PostgreSQL_too() => Assert.NotNull(Postgres.Find());

    [Theory, Stores]
    public async Task Each_migration_runs_once(string engine)
    {
        using var store = Store.Empty(engine);

        Assert.Equal(Migrations.All.Select(m => m.Number), await Migrations.Run(store.Database, default));
        Assert.Empty(await Migrations.Run(store.Database, default));
    }

    [Theory, Stores]
    public async Task Servers_that_start_together_migrate_once(string engine)
    {
        using var store = Store.Empty(engine);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrations.Run(store.Database, default))));

        Assert.Single(runs, run => run.Count > 0);
    }

    [Theory, Stores]
    public async Task One_that_fails_leaves_nothing(string engine)
    {
        using var store = Store.Empty(engine);
        Migration[] wrong = [.. Migrations.All, new(Migrations.All.Count + 1, "wrong", "CREATE TABLE leaves (leaf int8); INSERT INTO nowhere VALUES (1)")];

        await Assert.ThrowsAnyAsync<Exception>(() => Migrations.Run(store.Database, wrong, default));

        Assert.Equal(Migrations.All.Count, (await Migrations.Run(store.Database, default)).Count);
        await Assert.ThrowsAnyAsync<Exception>(() => store.Count("leaves"));
    }

    [Theory, Stores]
    public async Task A_database_of_a_later_Laurel_is_refused(string engine)
    {
        using var store = Store.Empty(engine);
        await Migrations.Run(store.Database, [.. Migrations.All, new(Migrations.All.Count + 1, "later", "CREATE TABLE later (at int8)")], default);

        var refused = await Assert.ThrowsAsync<StorageException>(() => Migrations.Run(store.Database, default));

        Assert.Equal((StorageProblem.MadeByNewer, true), (refused.Problem, refused.Message.Contains("later", StringComparison.Ordinal)));
    }

    [Theory, Stores]
    public async Task A_database_whose_migration_was_another_is_refused(string engine)
    {
        using var store = Store.Empty(engine);
        await Migrations.Run(store.Database, [new(1, "log", "CREATE TABLE other (at int8)")], default);

        Assert.Equal(StorageProblem.Foreign, (await Assert.ThrowsAsync<StorageException>(() => Migrations.Run(store.Database, default))).Problem);
    }

    [Theory, Stores]
    public async Task Answers_that_were_kept_before_they_were_sealed_are_gone(string engine)
    {
        using var store = Store.Empty(engine);
        await Migrations.Run(store.Database, [.. Migrations.All.Take(8)], default);
        await store.Execute("INSERT INTO requests (expires, status, key, name, hash, headers, answer) VALUES (9223372036854775807, 201, 'k', 'r1', @plain, '', @plain)", new { plain = new byte[1] });

        Assert.Equal(9, (await Migrations.Run(store.Database, default))[0]);
        Assert.Equal(0, await store.Count("requests"));
    }

    [Theory, Stores]
    public async Task A_database_that_an_older_Laurel_has_open_is_left_as_it_is(string engine)
    {
        using var store = Store.Empty(engine);
        IReadOnlyList<Migration> newer = [.. Migrations.All, new(Migrations.All.Count + 1, "later", "CREATE TABLE later (at int8)")];
        using var other = Database.Of(store.Connection);
        await Migrations.Run(other, default);
        await store.Execute("INSERT INTO programs (created, program, book, incarnation, name) VALUES (0, 1, 1, @incarnation, 'maple')", new { incarnation = new byte[16] });
        using (var older = Database.Of(store.Connection))
        {
            Assert.IsType<Holding.Ours>(await older.Leases.Take(1, "", default));
            Assert.Equal(StorageProblem.InUse, (await Assert.ThrowsAsync<StorageException>(() => Migrations.Run(other, newer, default))).Problem);
            Assert.Empty(await Migrations.Run(other, default));
        }

        Assert.Equal([newer.Count], await Migrations.Run(other, newer, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("laurel.db")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=x;Mode=Memory")]
    [InlineData("Data Source=file:x?mode=memory")]
    [InlineData("Data Source=FILE:x?immutable=1")]
    [InlineData("Data Source=x;Password=y")]
    [InlineData("Data Source=x;Colour=green")]
    [InlineData("Host=x;Colour=green")]
    [InlineData("Server")]
    public void A_connection_string_that_names_no_database_is_refused_with_what_to_write(string connection)
    {
        var refused = Assert.Throws<StorageException>(() => Database.Of(connection));

        Assert.Equal((StorageProblem.BadConnectionString, true), (refused.Problem, refused.Remedy.Contains("Data Source=", StringComparison.Ordinal) || refused.Remedy.Contains("Host=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Data Source=/nowhere/at/all/laurel.db")]
    [InlineData("Host=127.0.0.1;Port=1;Timeout=1")]
    public async Task A_database_that_cannot_be_reached_is_named(string connection)
    {
        using var database = Database.Of(connection);

        Assert.Equal(StorageProblem.Unreachable, (await Assert.ThrowsAsync<StorageException>(() => Migrations.Run(database, default))).Problem);
    }
}
