using System.Globalization;
using Dapper;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>An entry as the ledger has it.</summary>
internal class EntryRow
{
    public long Position { get; set; }

    public long Cause { get; set; }

    public long Member { get; set; }

    public long Subject { get; set; }

    public long Amount { get; set; }

    public long Dated { get; set; }

    public long Starts { get; set; }

    public long Ends { get; set; }

    public long Rule { get; set; }

    public long Unit { get; set; }

    public long Book { get; set; }

    public long Source { get; set; }

    public long Target { get; set; }

    /// <summary>The kind of the subject, which the row does not have.</summary>
    public string Kind { get; set; } = "";

    /// <summary>True where another says the same.</summary>
    public bool Says(EntryRow other) =>
        (Position, Cause, Member, Subject, Amount, Dated, Starts) == (other.Position, other.Cause, other.Member, other.Subject, other.Amount, other.Dated, other.Starts)
        && (Ends, Rule, Unit, Book, Source, Target) == (other.Ends, other.Rule, other.Unit, other.Book, other.Source, other.Target);
}

/// <summary>Reads a program's log and ledger in the order in which they were written.</summary>
internal sealed class LogReader(Database database, int program, Words words, PartnerProgram rules)
{
    private readonly LeafWriter _leaves = new();
    private readonly Dictionary<string, FactType> _types = rules.Vocabulary.FactTypes.ToDictionary(t => t.Name);

    /// <summary>What an owner must know of the log to go on.</summary>
    /// <param name="NextSubject">The number of the next subject.</param>
    /// <param name="Told">True where any fact was told.</param>
    /// <param name="Published">The editions whose publication is in the log.</param>
    /// <param name="LastPublished">The last instant that one of these was to be published at; <see cref="Instant.Ever"/> for none.</param>
    internal sealed record Summary(long NextSubject, bool Told, IReadOnlyList<string> Published, Instant LastPublished);

    /// <summary>What an owner must know of the log to go on.</summary>
    public async Task<Summary> Summarize(CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var next = await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(subject) + 1, 0) FROM subjects WHERE program = @program", new { program }).ConfigureAwait(false);
        var told = await connection.QueryAsync<int>("SELECT 1 FROM facts WHERE program = @program AND subject IS NOT NULL LIMIT 1", new { program }).ConfigureAwait(false);
        var own = (await connection.QueryAsync<string>(
            "SELECT id FROM facts WHERE program = @program AND source = @source AND id LIKE 'edition/%'", new { program, source = words.NumberOf(LedgerLines.OwnSource) }).ConfigureAwait(false)).ToList();
        var published = own.ConvertAll(id => id[LedgerLines.PublishedId.Length..]);
        return new(next, told.Any(), published, rules.Editions.Where(e => published.Contains(e.Name)).Select(e => e.Published).DefaultIfEmpty(Instant.Ever).Max());
    }

    /// <summary>The facts of a range of positions.</summary>
    public async Task<IReadOnlyList<FactRow>> Facts(long from, long to, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<FactRow>("SELECT * FROM facts WHERE program = @program AND position >= @from AND position < @to ORDER BY position", new { program, from, to }).ConfigureAwait(false)];
    }

    /// <summary>The entries of a range of positions.</summary>
    public async Task<IReadOnlyList<EntryRow>> Entries(long from, long to, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<EntryRow>("SELECT * FROM entries WHERE program = @program AND position >= @from AND position < @to ORDER BY position", new { program, from, to }).ConfigureAwait(false)];
    }

    /// <summary>The hashes of the leaves of facts.</summary>
    public async Task<IReadOnlyList<Digest>> FactLeaves(long from, long to, CancellationToken stop) =>
        [.. (await Facts(from, to, stop).ConfigureAwait(false)).Select(row => LeafOf(row))];

    /// <summary>The hashes of the leaves of entries.</summary>
    public async Task<IReadOnlyList<Digest>> EntryLeaves(long from, long to, CancellationToken stop)
    {
        var rows = await Entries(from, to, stop).ConfigureAwait(false);
        if (rows.Count == 0) { return []; }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var causes = (await connection.QueryAsync<(long Position, long Source, string Id)>(
            database.Sql($"SELECT position, source, id FROM {Database.Each("facts", "position", "causes")}"),
            new { program, causes = database.Many(rows.Select(r => r.Cause)) }).ConfigureAwait(false)).ToDictionary(c => c.Position);
        var kinds = (await connection.QueryAsync<(long Subject, long Kind)>(
            database.Sql($"SELECT subject, kind FROM {Database.Each("subjects", "subject", "subjects")}"),
            new { program, subjects = database.Many(rows.Select(r => r.Subject)) }).ConfigureAwait(false)).ToDictionary(s => s.Subject, s => s.Kind);
        return [.. rows.Select(row => LeafOf(row, words[causes[row.Cause].Source], causes[row.Cause].Id, words[kinds[row.Subject]]))];
    }

    /// <summary>The name of a fact's type.</summary>
    public string TypeOf(FactRow row) => words[row.Type];

    /// <summary>The source of a fact.</summary>
    public string SourceOf(FactRow row) => words[row.Source];

    /// <summary>A fact by type, source and id.</summary>
    public string NameOf(FactRow row) => $"{words[row.Type]} `{row.Id}` of `{words[row.Source]}`";

    /// <summary>The hash of a fact's leaf.</summary>
    public Digest LeafOf(FactRow row)
    {
        var type = words[row.Type];
        var of = _types.GetValueOrDefault(type);
        var kind = of is null or { BuiltIn: BuiltIn.Retracted } ? "subject" : rules.Vocabulary.Kinds[of.About].Name;
        var subject = words[row.Source] == LedgerLines.OwnSource && row.Subject is null ? $"program/{rules.Name}" : row.Subject is { } number ? $"{kind}/{Text(number)}" : null;
        return MerkleHash.OfLeaf(_leaves.Of(new FactLine(words[row.Source], row.Id, type, subject, new(row.At), new(row.Recorded), row.Data ?? "{}", row.Salt is null ? "" : Convert.ToHexStringLower(row.Salt))));
    }

    /// <summary>The hash of an entry's leaf.</summary>
    /// <param name="row">The entry.</param>
    /// <param name="source">The source of the fact that caused it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="kind">The kind of the entry's subject.</param>
    public Digest LeafOf(EntryRow row, string source, string id, string kind)
    {
        var (edition, rule) = RuleWord.Read(words[row.Rule]);
        return MerkleHash.OfLeaf(_leaves.Of(new EntryLine(
            row.Position, source, id, edition, rule, Text(row.Member), $"{kind}/{Text(row.Subject)}", words[row.Unit], (Account)row.Source, (Account)row.Target, row.Amount,
            new(row.Dated), new(row.Starts), new(row.Ends))));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A rule among the words: its edition, a slash, its name; a built-in one has no edition.</summary>
internal static class RuleWord
{
    /// <summary>The word of a rule by its number.</summary>
    public static string Of(RuleBook book, int rule) => $"{(book.EditionOf(rule) is >= 0 and var place ? book.Editions[place].Edition.Name : "")}/{book.NameOf(rule)}";

    public static (string Edition, string Rule) Read(string word)
    {
        var slash = word.LastIndexOf('/');
        return (word[..slash], word[(slash + 1)..]);
    }
}
