using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.Engine.Programs;

namespace Laurel.Storage;

/// <content>Compares what is kept beside the log, and is found by the log's rows: that nothing of it is lost, and nothing there that no commit wrote.</content>
internal sealed partial class Verification
{
    /// <summary>Each asks for the first row that is not as commits write them, in one statement: what is written meanwhile is there with its commit, or not at all.</summary>
    private static readonly (string Sql, string Says)[] _rows =
    [
        ("SELECT number FROM commits c WHERE program = @program AND number > 1 AND NOT EXISTS (SELECT 1 FROM commits b WHERE b.program = c.program AND b.number = c.number - 1 AND b.batch = c.prior) ORDER BY number LIMIT 1",
            "commit {0} does not follow the one before it"),
        ($"SELECT position FROM facts WHERE program = @program AND position >= coalesce({Of("facts_to")}, 0) ORDER BY position LIMIT 1", "the fact at {0} is of no commit"),
        ($"SELECT position FROM entries WHERE program = @program AND position >= coalesce({Of("entries_to")}, 0) ORDER BY position LIMIT 1", "entry {0} is of no commit"),
        ($"SELECT change FROM changes WHERE program = @program AND (change < 0 OR change >= coalesce({Of("changes_to")}, 0)) ORDER BY change LIMIT 1", "change {0} is of no commit"),
        ("SELECT number FROM erasures e WHERE program = @program AND NOT EXISTS (SELECT 1 FROM commits c WHERE c.program = e.program AND c.number = e.number AND c.kind = @erasure) ORDER BY number LIMIT 1",
            "an erasure is of commit {0}, which erases nothing"),
        ($"SELECT number FROM statuses WHERE program = @program AND number <> 0 AND (number < 0 OR number > coalesce({Of("number")}, 0)) ORDER BY number LIMIT 1", "something is said of the program with commit {0}, which is not there"),
        ("SELECT subject FROM subjects s WHERE program = @program AND (subject < 0 OR NOT EXISTS (SELECT 1 FROM words w WHERE w.program = s.program AND w.word = s.kind)) ORDER BY subject LIMIT 1", "subject {0} is of no kind"),
        ("SELECT member FROM standings s WHERE program = @program AND NOT EXISTS (SELECT 1 FROM subjects m WHERE m.program = s.program AND m.subject = s.member AND m.kind IN (SELECT word FROM words w WHERE w.program = s.program AND w.text = @member)) ORDER BY member LIMIT 1",
            "subject {0} is no member, and stands somewhere"),
        ($"SELECT member FROM standings WHERE program = @program AND told > {Of("recorded")} ORDER BY member LIMIT 1", "member #{0} was told of after the last commit"),
        ($"SELECT member FROM changes c WHERE program = @program AND asked IS NULL AND NOT EXISTS (SELECT 1 FROM standings s WHERE s.program = c.program AND s.member = c.member AND s.book = {Book}) ORDER BY member LIMIT 1",
            "where member #{0} stands is not there"),
        ("SELECT subject FROM subjects WHERE program = @program AND subject > @named AND (SELECT max(number) FROM commits WHERE program = @program) = @head ORDER BY subject LIMIT 1", "no fact speaks of subject {0}"),
        ("SELECT revision FROM files WHERE program = @program AND (revision < 1 OR revision > 1 + (SELECT count(*) FROM commits WHERE program = @program AND kind = @revision)) ORDER BY revision LIMIT 1",
            "revision {0} of the program's texts is of no commit"),
        // As sets: many are due at one instant, for which a database that has not counted its rows yet would go through all of these for each.
        ($"SELECT member, next FROM standings WHERE program = @program AND book = {Book} EXCEPT SELECT key, at FROM due WHERE program = @program AND kind = @due ORDER BY member LIMIT 1",
            "member #{0} is not looked at again when it changes next"),
    ];

    /// <summary>The book of the last commit.</summary>
    private const string Book = "(SELECT book FROM commits WHERE program = @program ORDER BY number DESC LIMIT 1)";

    private static string Of(string column) => $"(SELECT max({column}) FROM commits WHERE program = @program)";

    private async Task<string?> Rows(Commit head, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var named = new { program, head = head.Number, named = _parts.SubjectsEnd - 1, erasure = (int)CommitKind.Erasure, revision = (int)CommitKind.Revision, due = Bookkeeper.MemberDue, member = rules.Vocabulary.Kinds[Vocabulary.MemberKind].Name };
        foreach (var (sql, says) in _rows)
        {
            if (await connection.QueryFirstOrDefaultAsync<long?>(new CommandDefinition(sql, named, cancellationToken: stop)).ConfigureAwait(false) is { } number) { return says.Replace("{0}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal); }
        }
        if (await LostTie(connection, stop).ConfigureAwait(false) is var (lost, teller)) { return Text($"that facts about subject {teller} name subject {lost} is not kept"); }
        foreach (var (log, edge, what) in (ReadOnlySpan<(int, MerkleEdge, string)>)[(0, _facts, "facts"), (1, _entries, "entries")])
        {
            var kept = connection.Query<(long Level, long Place, byte[] Hash)>("SELECT level, place, hash FROM nodes WHERE program = @program AND log = @log", new { program, log }).ToDictionary(n => (n.Level, n.Place), n => n.Hash);
            foreach (var (level, place, hash) in edge.Nodes)
            {
                if (!kept.TryGetValue((level, place), out var there) || !there.AsSpan().SequenceEqual(MerkleEdge.Bytes(hash))) { return Text($"the node {level}/{place} over the {what} is not what they make it"); }
            }
        }
        return null;
    }

    /// <summary>The first of the subjects that facts name, with what these are about, that is not kept.</summary>
    private async Task<(int Subject, int Other)?> LostTie(DbConnection connection, CancellationToken stop)
    {
        var (ties, next) = (_parts.Ties(), 0);
        await foreach (var (subject, other) in connection.QueryUnbufferedAsync<(long, long)>("SELECT subject, other FROM ties WHERE program = @program ORDER BY subject, other", new { program }).WithCancellation(stop).ConfigureAwait(false))
        {
            if (next < ties.Count && (subject, other) == (ties[next].Subject, ties[next].Other)) { next++; }
        }
        return next < ties.Count ? ties[next] : null;
    }
}
