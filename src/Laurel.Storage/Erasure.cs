using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>That what was personal of a subject was erased. It says nothing of what that was.</summary>
/// <param name="Commit">The commit with which it was.</param>
/// <param name="Subject">The subject.</param>
/// <param name="At">When.</param>
/// <param name="Values">How many values.</param>
/// <param name="Key">The key of whoever asked for it.</param>
/// <param name="Reason">Why.</param>
public sealed record Erasure(long Commit, SubjectName Subject, Instant At, long Values, string Key, string Reason);

/// <summary>What became of an erasure.</summary>
/// <param name="Fields">How many values it takes of each field; none where there are none.</param>
/// <param name="Last">The last erasure of the subject, this one included; null for none.</param>
public sealed record Erased(IReadOnlyDictionary<string, long> Fields, Erasure? Last);

/// <summary>What was erased of a program, as the database has it.</summary>
internal static class Erasures
{
    private const string Columns = "e.number, e.subject, e.at, e.erased, e.key, e.reason, c.facts_to";
    private const string Commits = "JOIN commits c ON c.program = e.program AND c.number = e.number";

    /// <summary>Erasures of some subjects, in the order in which they were done.</summary>
    public static async Task<IReadOnlyList<Row>> Of(Database database, int program, IReadOnlyCollection<long> subjects, CancellationToken stop)
    {
        if (subjects.Count == 0) { return []; }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<Row>(database.Sql($"SELECT {Columns} FROM {Database.Each("erasures", "subject", "subjects")} {Commits} ORDER BY e.number"), new { program, subjects = database.Many(subjects) }).ConfigureAwait(false)];
    }

    /// <summary>Erasures by their commits.</summary>
    /// <param name="database">The database.</param>
    /// <param name="program">The program's number.</param>
    /// <param name="from">The first commit.</param>
    /// <param name="upTo">The last commit.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public static async Task<IReadOnlyList<Row>> Range(Database database, int program, long from, long upTo, int most, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<Row>($"SELECT {Columns} FROM erasures e {Commits} WHERE e.program = @program AND e.number >= @from AND e.number <= @upTo ORDER BY e.number LIMIT @most", new { program, from, upTo, most }).ConfigureAwait(false)];
    }

    /// <summary>An erasure as rows of its commit: that it was done, and what goes.</summary>
    public static IReadOnlyList<Rows> RowsOf(Erasure erasure, long subject, int program) =>
    [
        new Rows("erasures", 1)
            .With("number", erasure.Commit).With("subject", subject).With("at", erasure.At.Micros).With("erased", erasure.Values).With("program", program).With("key", [erasure.Key]).With("reason", [erasure.Reason]),
        new Rows("personal", 1) { Removes = true }.With("subject", subject).With("program", program),
    ];

    // As the tables have it.
    internal sealed class Row
    {
        public long Number { get; set; }

        public long Subject { get; set; }

        public long At { get; set; }

        public long Erased { get; set; }

        public string Key { get; set; } = "";

        public string Reason { get; set; } = "";

        /// <summary>The position of the first fact of which it erased nothing.</summary>
        public long Facts_To { get; set; }

        public Erasure Of(SubjectName subject) => new(Number, subject, new(At), Erased, Key, Reason);
    }
}
