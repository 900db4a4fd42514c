using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Laurel.Benchmarks;

/// <summary>
/// Makes a database large by copying the history of the sample's members in it, with other numbers, names and places, while no server runs: facts, entries,
/// subjects, ties, standings, changes, what is due. A server goes on from there as from a log that was told, but for two things: a copy is one commit, and
/// the nodes and roots of the Merkle logs are made up. So it is to measure costs on, not to verify.
/// </summary>
/// <param name="connection">How to reach the database, with one program in it.</param>
internal sealed class Copies(string connection)
{
    // What is copied, each with its place among its own.
    private const string Originals = $"""
        CREATE TABLE IF NOT EXISTS base_subjects AS SELECT * FROM subjects WHERE name NOT LIKE '{Curve.Active}%';
        CREATE TABLE IF NOT EXISTS base_facts AS
          SELECT f.*, row_number() OVER (ORDER BY f.position) - 1 AS place, t.text = 'fact.retracted' AS retracts, regexp_match(f.data, '^(.*"(?:member|team|holder)":")([0-9]+)(".*)$') AS parts
          FROM facts f JOIN words s ON s.program = f.program AND s.word = f.source JOIN words t ON t.program = f.program AND t.word = f.type WHERE s.text = 'sample';
        CREATE TABLE IF NOT EXISTS base_entries AS
          SELECT e.*, row_number() OVER (ORDER BY e.position) - 1 AS place, f.place AS because FROM entries e JOIN base_subjects m ON m.subject = e.member LEFT JOIN base_facts f ON f.position = e.cause;
        CREATE TABLE IF NOT EXISTS base_changes AS
          SELECT c.*, row_number() OVER (ORDER BY c.change) - 1 AS place, f.place AS because, a.place AS about
          FROM changes c JOIN base_subjects m ON m.subject = c.member LEFT JOIN base_facts f ON f.position = c.cause LEFT JOIN base_facts a ON a.position = c.asked;
        CREATE TABLE IF NOT EXISTS base_ties AS SELECT t.* FROM ties t JOIN base_subjects s USING (subject);
        CREATE TABLE IF NOT EXISTS base_standings AS SELECT t.* FROM standings t JOIN base_subjects s ON s.subject = t.member;
        CREATE TABLE IF NOT EXISTS base_due AS SELECT d.* FROM due d JOIN base_subjects s ON s.subject = d.key;
        """;

    // Of the copy that follows the last commit: facts from @facts on, entries from @entries, changes from @changes, all subjects by @by further on.
    private const string Copy = """
        BEGIN;
        INSERT INTO commits (number, recorded, facts_to, entries_to, changes_to, program, kind, book, epoch, batch, prior, facts_root, entries_root)
          SELECT number + 1, @recorded + @factCount, @facts + @factCount, @entries + @entryCount, @changes + @changeCount, program, 0, book, epoch, uuid_send(gen_random_uuid()), batch, facts_root, entries_root
          FROM commits WHERE number = @number;
        INSERT INTO subjects (subject, kind, program, name) SELECT subject + @by, kind, program, name || '-' || @copy FROM base_subjects ORDER BY subject;
        INSERT INTO facts (position, subject, at, recorded, source, type, program, salt, id, data)
          SELECT @facts + place, subject + @by, at, @recorded + 1 + place, source, type, program, salt, @copy || '-' || id,
            CASE WHEN retracts THEN replace(data, '"id":"', '"id":"' || @copy || '-') WHEN parts IS NULL THEN data ELSE parts[1] || (parts[2]::int8 + @by) || parts[3] END
          FROM base_facts ORDER BY place;
        INSERT INTO entries (position, cause, member, subject, amount, dated, starts, ends, rule, unit, program, book, source, target)
          SELECT @entries + place, coalesce(@facts + because, cause), member + @by, subject + @by, amount, dated, starts, ends, rule, unit, program, book, source, target FROM base_entries ORDER BY place;
        INSERT INTO changes (change, member, effective, number, cause, program, body, asked)
          SELECT @changes + place, member + @by, effective, @number + 1, coalesce(@facts + because, cause), program, body, coalesce(@facts + about, asked) FROM base_changes ORDER BY place;
        INSERT INTO ties (subject, other, program) SELECT subject + @by, other + @by, program FROM base_ties ORDER BY subject, other;
        INSERT INTO standings (member, position, told, next, program, book, body) SELECT member + @by, @entries + @entryCount, told, next, program, book, body FROM base_standings ORDER BY member;
        INSERT INTO due (key, at, program, kind) SELECT key + @by, at, program, kind FROM base_due ORDER BY kind, key;
        COMMIT;
        """;

    private int _made;

    /// <summary>How many facts are stored.</summary>
    public Task<long> Facts() => Ask("SELECT coalesce(max(facts_to), 0) FROM commits");

    /// <summary>How large the database is, in megabytes, without the originals of copies.</summary>
    public Task<long> Megabytes() => Ask("SELECT (sum(pg_total_relation_size(oid)) / 1000000)::int8 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'base%'");

    /// <summary>Makes copies until so many facts are stored, as nearly as whole copies come to it.</summary>
    public async Task Make(int size)
    {
        using var database = new NpgsqlConnection(connection);
        await database.OpenAsync().ConfigureAwait(false);
        await database.ExecuteAsync("SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'").ConfigureAwait(false);
        await database.ExecuteAsync(Originals).ConfigureAwait(false);
        var counts = await database.QuerySingleAsync("SELECT (SELECT count(*) FROM base_facts) AS facts, (SELECT count(*) FROM base_entries) AS entries, (SELECT count(*) FROM base_changes) AS changes, (SELECT max(subject) + 1 FROM base_subjects) AS by").ConfigureAwait(false);
        var (stored, factCount) = (await Facts().ConfigureAwait(false), (long)counts.facts);
        for (; stored + (factCount / 2) < size; stored += factCount)
        {
            _made++;
            var head = await database.QuerySingleAsync("SELECT * FROM commits ORDER BY number DESC LIMIT 1").ConfigureAwait(false);
            await database.ExecuteAsync(Copy, new
            {
                copy = _made.ToString(CultureInfo.InvariantCulture),
                by = (long)counts.by * _made,
                number = (long)head.number,
                recorded = (long)head.recorded,
                facts = (long)head.facts_to,
                entries = (long)head.entries_to,
                changes = (long)head.changes_to,
                factCount,
                entryCount = (long)counts.entries,
                changeCount = (long)counts.changes,
            }).ConfigureAwait(false);
            Console.Error.WriteLine($"copy {_made}: {stored + factCount} facts");
        }
        await MakeNodes(database).ConfigureAwait(false);
    }

    /// <summary>Has the database do what it would do some time later, while nothing else happens.</summary>
    public async Task Settle()
    {
        using var database = new NpgsqlConnection(connection);
        await database.ExecuteAsync("VACUUM (ANALYZE)").ConfigureAwait(false);
        await database.ExecuteAsync("CHECKPOINT", commandType: CommandType.Text).ConfigureAwait(false);
    }

    /// <summary>The nodes from which a server goes on: one for each whole subtree of 256 leaves and more.</summary>
    private static async Task MakeNodes(NpgsqlConnection database)
    {
        var head = await database.QuerySingleAsync("SELECT * FROM commits ORDER BY number DESC LIMIT 1").ConfigureAwait(false);
        foreach (var (log, size) in new[] { (0, (long)head.facts_to), (1, (long)head.entries_to) })
        {
            var start = 0L;
            for (var level = 62; level >= 8; level--)
            {
                if ((size >> level & 1) == 0) { continue; }
                await database.ExecuteAsync(
                    "INSERT INTO nodes (place, program, log, level, hash) VALUES (@place, @program, @log, @level, @hash) ON CONFLICT DO NOTHING",
                    new { place = start >> level, program = (short)head.program, log, level, hash = RandomNumberGenerator.GetBytes(32) }).ConfigureAwait(false);
                start += 1L << level;
            }
        }
    }

    private async Task<long> Ask(string sql)
    {
        using var database = new NpgsqlConnection(connection);
        return await database.ExecuteScalarAsync<long>(sql).ConfigureAwait(false);
    }
}
