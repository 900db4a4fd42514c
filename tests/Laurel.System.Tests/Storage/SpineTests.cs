using Dapper;
using Laurel.Storage;
using Npgsql;

namespace Laurel.System.Tests.Storage;

public sealed class SpineTests
{
    [Theory, Stores]
    public async Task A_commit_is_there_with_its_rows(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var spine = new Spine(store.Database, 1, Commit.None);

        Assert.Equal(CommitOutcome.Written, await spine.Append(After(spine.Head), [Facts(0, 3)], default));
        Assert.Equal(CommitOutcome.Written, await spine.Append(After(spine.Head), [Facts(3, 2)], default));

        Assert.Equal(5, await store.Count("facts"));
        var head = await Spine.HeadOf(store.Database, 1, default);
        Assert.Equal((2, spine.Head.Recorded, spine.Head.EntriesTo, CommitKind.Facts), (head.Number, head.Recorded, head.EntriesTo, head.Kind));
        Assert.Equal(spine.Head.Batch, head.Batch);
        Assert.Equal(spine.Head.FactsRoot, head.FactsRoot);
    }

    [Theory, Stores]
    public async Task Of_two_owners_only_one_can_go_on(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var first = new Spine(store.Database, 1, Commit.None);
        await first.Append(After(first.Head), [], default);
        using var second = new Spine(store.Database, 1, first.Head);

        Assert.Equal(CommitOutcome.Written, await second.Append(After(second.Head), [Facts(0, 1)], default));
        Assert.Equal(CommitOutcome.Fenced, await first.Append(After(first.Head), [Facts(1, 1)], default));
        Assert.Equal(CommitOutcome.Fenced, await first.Append(After(first.Head), [Facts(1, 1)], default));

        Assert.Equal((1, 2), (await store.Count("facts"), await store.Count("commits")));
    }

    [Theory, Stores]
    public async Task Nothing_goes_on_from_a_commit_that_was_lost(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var ahead = new Spine(store.Database, 1, After(After(Commit.None)));
        using var other = new Spine(store.Database, 1, After(Commit.None));
        using var spine = new Spine(store.Database, 1, Commit.None);
        await spine.Append(After(spine.Head), [], default);

        Assert.Equal(CommitOutcome.Fenced, await ahead.Append(After(ahead.Head), [Facts(0, 1)], default));
        Assert.Equal(CommitOutcome.Fenced, await other.Append(After(other.Head), [Facts(0, 1)], default));

        Assert.Equal(0, await store.Count("facts"));
    }

    [Theory, Stores]
    public async Task All_rows_are_written_or_none(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var spine = new Spine(store.Database, 1, Commit.None);
        await spine.Append(After(spine.Head), [Facts(0, 1)], default);

        // The fact's identity is taken.
        Assert.Equal(CommitOutcome.Fenced, await spine.Append(After(spine.Head), [Facts(5, 1), Facts(0, 1)], default));

        Assert.Equal((1, 1), (await store.Count("facts"), await store.Count("commits")));
    }

    [Theory, Stores]
    public async Task Rows_with_a_key_replace_those_that_are_there(string engine)
    {
        using var store = await Store.WithProgram(engine);
        using var spine = new Spine(store.Database, 1, Commit.None);
        await spine.Append(After(spine.Head), [Due(7, 100)], default);

        await spine.Append(After(spine.Head), [Due(7, 200), Due(8, 50)], default);

        using var connection = await store.Database.Connect(default);
        Assert.Equal([(7, 200), (8, 50)], await connection.QueryAsync<(long, long)>("SELECT key, at FROM due ORDER BY key"));
    }

    [Theory, Stores]
    public async Task Programs_have_spines_of_their_own(string engine)
    {
        using var store = await Store.WithProgram(engine);
        await store.Execute("INSERT INTO programs (created, program, book, incarnation, name) VALUES (0, 2, 1, @incarnation, 'oak')", new { incarnation = new byte[16] });
        using var one = new Spine(store.Database, 1, Commit.None);
        using var two = new Spine(store.Database, 2, Commit.None);

        await Task.WhenAll(new[] { one, two }.Select(spine => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) { Assert.Equal(CommitOutcome.Written, await spine.Append(After(spine.Head), [], default)); }
        })));

        Assert.Equal((20, 20, 40), (one.Head.Number, two.Head.Number, await store.Count("commits")));
    }

    [PostgresFact]
    public async Task An_answer_that_is_lost_is_looked_for()
    {
        using var store = await Store.WithProgram("postgres");
        using var proxy = new LossyProxy(new NpgsqlConnectionStringBuilder(store.Connection));
        using var database = Database.Of(proxy.Connection);
        using var spine = new Spine(database, 1, Commit.None);
        await spine.Append(After(spine.Head), [Facts(0, 1)], default);

        proxy.LoseNextAnswer();
        Assert.Equal(CommitOutcome.Written, await spine.Append(After(spine.Head), [Facts(1, 1)], default));
        Assert.Equal(1, proxy.Lost);
        proxy.LoseNextQuestion();
        Assert.Equal(CommitOutcome.Written, await spine.Append(After(spine.Head), [Facts(2, 1)], default));
        Assert.Equal(2, proxy.Lost);

        Assert.Equal((3, 3), (await store.Count("facts"), await store.Count("commits")));
    }

    [PostgresFact]
    public async Task An_owner_whose_connection_is_ended_writes_on_only_where_nobody_else_did()
    {
        using var store = await Store.WithProgram("postgres");
        using var spine = new Spine(store.Database, 1, Commit.None);
        await spine.Append(After(spine.Head), [], default);
        await End();
        Assert.Equal(CommitOutcome.Written, await spine.Append(After(spine.Head), [Facts(0, 1)], default));

        await End();
        using var other = new Spine(store.Database, 1, spine.Head);
        await other.Append(After(other.Head), [], default);
        Assert.Equal(CommitOutcome.Fenced, await spine.Append(After(spine.Head), [Facts(1, 1)], default));

        // Where nobody writes for a while, the connection itself finds out that it is gone.
        spine.Dispose();
        using var idle = new Spine(store.Database, 1, other.Head);
        await idle.Append(After(idle.Head), [], default);
        await End();
        await Task.Delay(TimeSpan.FromSeconds(6));
        Assert.Equal(CommitOutcome.Written, await idle.Append(After(idle.Head), [Facts(2, 1)], default));

        async Task End()
        {
            using var connection = await store.Database.Connect(default);
            Assert.NotEmpty(await connection.QueryAsync<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'laurel lane %' AND datname = current_database()"));
        }
    }

    private static Commit After(Commit head) => head with { Number = head.Number + 1, Batch = Guid.NewGuid().ToByteArray(), Recorded = head.Number + 1 };

    private static Rows Facts(int from, int count)
    {
        var places = Enumerable.Range(from, count).Select(i => (long)i).ToArray();
        return new Rows("facts", count)
            .With("position", places).With("subject", places.Select(p => p % 2 == 0 ? (long?)p : null).ToArray()).With("at", places).With("recorded", places).With("source", 1).With("type", 1).With("program", 1)
            .With("salt", [.. places.Select(p => p % 2 == 0 ? new byte[] { 1, 2 } : null)]).With("id", [.. places.Select(p => $"f{p}")]).With("data", [.. places.Select(p => p % 2 == 0 ? "{\"a\":\"\\u0000\"}" : null)]);
    }

    private static Rows Due(long key, long at) => new Rows("due", 1, "program", "kind", "key").With("key", key).With("at", at).With("program", 1).With("kind", 1);
}
