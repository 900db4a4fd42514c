using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Storage;

/// <summary>What a verification came to.</summary>
/// <param name="Program">The program.</param>
/// <param name="Commits">How many commits were read; of <paramref name="Facts"/>, <paramref name="Entries"/> and <paramref name="Members"/> the same.</param>
/// <param name="Difference">The first thing that is not as the log makes it; null where all is.</param>
public sealed record Verified(string Program, long Commits, long Facts, long Entries, long Members, string? Difference);

/// <summary>
/// Rebuilds a program's books from its log alone, and compares: the chain of commits, both Merkle roots of every commit, each entry,
/// each standing. Reads up to the commit that was the last when it began, beside whoever writes; the log is posted in parts, so that memory
/// holds a few of them.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="program">The program's number.</param>
/// <param name="rules">The program.</param>
/// <param name="factsMax">A part has so many facts, or one member's where these are more.</param>
internal sealed partial class Verification(Database database, int program, PartnerProgram rules, int factsMax = 50_000)
{
    private const int Range = 10_000;

    private readonly MerkleEdge _facts = MerkleEdge.Nothing();
    private readonly MerkleEdge _entries = MerkleEdge.Nothing();
    private readonly LogParts _parts = new();

    // By number, the index of a subject's kind; -1 for what is none.
    private readonly List<int> _kinds = [];

    // What the program itself wrote, and retractions of what nobody had told: they concern every part.
    private readonly List<FactRow> _ofNobody = [];
    private Difference? _other;

    // The subjects with lower numbers had their names from the commits so far.
    private int _named;
    private long _commits;

    /// <summary>Something that is not as the log makes it.</summary>
    private sealed record Difference(string Text)
    {
        public Difference(FormattableString text)
            : this(Verification.Text(text))
        {
        }

        /// <summary>The entry before which all is as it should be.</summary>
        public long Entry { get; init; } = long.MaxValue;
    }

    /// <summary>Verifies.</summary>
    public async Task<Verified> Run(CancellationToken stop)
    {
        // Rows may say anything: what can't even be read is a difference like any other.
        try { return await Compare(stop).ConfigureAwait(false); }
        catch (Exception e) when (IsUnreadable(e)) { return new(rules.Name, _commits, _facts.Size, _entries.Size, 0, Text($"what is kept after commit {_commits} can't be read: {e.Message}")); }
    }

    private async Task<Verified> Compare(CancellationToken stop)
    {
        // What the commits up to this one are made of is all there to be read after it.
        var head = await Spine.HeadOf(database, program, stop).ConfigureAwait(false);
        var (members, difference) = (0L, await Chain(head, stop).ConfigureAwait(false));
        if (difference is null) { (members, difference) = await Parts(head, stop).ConfigureAwait(false); }
        var log = new LogReader(database, program, await Words.Of(database, program, stop).ConfigureAwait(false), rules);
        var named = difference?.Text ?? await Personal(log, head, stop).ConfigureAwait(false) ?? await Statuses.Difference(database, program, head.Number, stop).ConfigureAwait(false) ?? await Rows(head, stop).ConfigureAwait(false);
        return new(rules.Name, _commits, _facts.Size, _entries.Size, members, named);
    }

    /// <summary>Compares what is kept beside the log with what the log has of it: each value has its commitment, and what is not there was erased.</summary>
    private async Task<string?> Personal(LogReader log, Commit head, CancellationToken stop)
    {
        var types = rules.Vocabulary.FactTypes.Where(FactForm.IsPersonal).ToDictionary(t => t.Name);
        var seen = 0L;
        for (var from = 0L; types.Count > 0 && from < head.FactsTo; from += Range)
        {
            var told = (await log.Facts(from, Math.Min(from + Range, head.FactsTo), stop).ConfigureAwait(false))
                .SelectMany(row => types.TryGetValue(log.TypeOf(row), out var type) ? FactForm.Personal(row, type).Select(p => (Row: row, p.Field, p.Commitment)) : []).ToList();
            var kept = await PersonalValue.Of(database, program, [.. told.Select(t => t.Row.Position).Distinct()], stop).ConfigureAwait(false);
            var missing = told.Where(t => !kept.ContainsKey((t.Row.Position, t.Field))).ToList();
            // Read last: what is erased meanwhile is gone before that stands here.
            var erased = (await Erasures.Of(database, program, [.. missing.Select(m => m.Row.Subject!.Value).Distinct()], stop).ConfigureAwait(false)).ToLookup(e => e.Subject);
            foreach (var (row, field, commitment) in told)
            {
                if (!kept.TryGetValue((row.Position, field), out var value))
                {
                    if (!erased[row.Subject!.Value].Any(e => e.Facts_To > row.Position)) { return Text($"`{field}` of the fact {log.NameOf(row)} at {row.Position} is not there, and was not erased"); }
                    continue;
                }
                if (value.Commitment != commitment || value.Subject != row.Subject) { return Text($"`{field}` of the fact {log.NameOf(row)} at {row.Position} is not what was told"); }
                seen++;
            }
        }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var all = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM personal WHERE program = @program AND position < @upTo", new { program, upTo = head.FactsTo }).ConfigureAwait(false);
        if (all > seen) { return Text($"{all - seen} personal values are kept that no fact told"); }
        var unsaid = await connection.QueryFirstOrDefaultAsync<long?>(
            "SELECT number FROM commits c WHERE program = @program AND number <= @head AND kind = @kind AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.program = c.program AND e.number = c.number) ORDER BY number",
            new { program, head = head.Number, kind = (int)CommitKind.Erasure }).ConfigureAwait(false);
        return unsaid is { } number ? Text($"commit {number} erases something, and what is not there") : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is made of a row; null where nothing can be.</summary>
    private static T? Try<T>(Func<T?> make)
    {
        try { return make(); }
        catch (Exception e) when (IsUnreadable(e)) { return default; }
    }

    /// <summary>True for what comes of rows that the program never writes.</summary>
    private static bool IsUnreadable(Exception e) => e is ArgumentException or JsonException or InvalidOperationException or InvalidDataException or InvalidCastException or KeyNotFoundException or FormatException or OverflowException or AmountOverflowException or DataException;
}
