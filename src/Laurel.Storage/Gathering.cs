using System.Data.Common;
using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Storage;

/// <summary>
/// Gathers from the log what some subjects' credits and standings depend on: what speaks of them and of their members, directly or through
/// others, and all that this speaks of.
/// </summary>
internal sealed class Gathering(Database database, int program, Words words, Vocabulary vocabulary)
{
    private readonly Dictionary<string, FactType> _types = vocabulary.FactTypes.ToDictionary(t => t.Name, StringComparer.Ordinal);

    private string MemberKind => vocabulary.Kinds[Vocabulary.MemberKind].Name;

    /// <summary>The type of a row; null for what the program itself wrote.</summary>
    public FactType? TypeOf(FactRow row) => row.Subject is null && !IsRetraction(row) ? null : _types[words[row.Type]];

    /// <summary>Gathers what speaks of members and of other subjects, and of the members whom these name.</summary>
    /// <param name="subjects">The subjects.</param>
    /// <param name="upTo">The position from which on the log is left out.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<Gathered> About(IReadOnlyCollection<long> subjects, long upTo, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var gathered = new Gathered(this, words, vocabulary);
        ILookup<long, FactRow> facts;
        ILookup<long, long> ties;
        using (var first = await connection.QueryMultipleAsync(
            database.Sql($"SELECT * FROM facts WHERE program = @program AND subject IS NULL AND {Database.UpTo} AND type = @retracted; {NamesOf("subjects")}; {FactsOf("subjects")}; {TiesOf("subjects")}"),
            new { program, upTo, retracted = words.Find(vocabulary.FactTypes.First(t => t.BuiltIn == BuiltIn.Retracted).Name), subjects = database.Many(subjects) }).ConfigureAwait(false))
        {
            // Retractions of what nobody told, or nobody had told yet.
            gathered.Add(await first.ReadAsync<FactRow>().ConfigureAwait(false));
            Name(gathered, await first.ReadAsync<(long, long, string?)>().ConfigureAwait(false));
            facts = (await first.ReadAsync<FactRow>().ConfigureAwait(false)).ToLookup(f => f.Subject!.Value);
            ties = (await first.ReadAsync<(long Subject, long Other)>().ConfigureAwait(false)).ToLookup(t => t.Subject, t => t.Other);
        }
        var asked = new HashSet<long>(subjects);
        var members = gathered.OfKind(MemberKind).ToList();
        await AddRead(subjects.Except(members).ToList(), []).ConfigureAwait(false);
        await AddRead(members, gathered.OfKind(MemberKind).ToList()).ConfigureAwait(false);
        return gathered;

        Task AddRead(List<long> read, List<long> more)
        {
            List<long> fresh = [.. read.Where(s => !gathered.Has(s))];
            gathered.Add(fresh, fresh.SelectMany(s => facts[s]));
            return Add(connection, gathered, asked, read.SelectMany(s => ties[s]).Concat(more), upTo);
        }
    }

    /// <summary>The members whom facts about subjects may concern, by whatever rules: all that is named by these, by what names them, and so on.</summary>
    /// <param name="subjects">The subjects.</param>
    /// <param name="upTo">The position from which on the log is left out.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<long>> Concerned(IReadOnlyCollection<long> subjects, long upTo, CancellationToken stop)
    {
        if (subjects.Count == 0) { return []; }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var gathered = new Gathered(this, words, vocabulary);
        await Add(connection, gathered, [], subjects, upTo).ConfigureAwait(false);
        return [.. gathered.OfKind(MemberKind)];
    }

    /// <summary>Gathers everything.</summary>
    /// <param name="upTo">The position from which on the log is left out.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<Gathered> All(long upTo, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var gathered = new Gathered(this, words, vocabulary);
        gathered.Add(await connection.QueryAsync<FactRow>("SELECT * FROM facts WHERE program = @program AND position < @upTo", new { program, upTo }).ConfigureAwait(false));
        Name(gathered, await connection.QueryAsync<(long, long, string?)>("SELECT subject, kind, name FROM subjects WHERE program = @program", new { program }).ConfigureAwait(false));
        return gathered;
    }

    /// <summary>The numbers of subjects by kind and name; those that nobody told of are left out.</summary>
    public async Task<Dictionary<(string Kind, string Name), long>> Find(IEnumerable<(string Kind, string Name)> names, CancellationToken stop)
    {
        var found = new Dictionary<(string, string), long>();
        if (!names.Any()) { return found; }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        foreach (var kind in names.Distinct().GroupBy(n => n.Kind, n => n.Name))
        {
            var sql = database.Sql($"SELECT subject, name FROM {Database.Each("subjects", "name", "names", "kind = @kind")}");
            foreach (var (subject, name) in await connection.QueryAsync<(long, string)>(sql, new { program, kind = words.Find(kind.Key), names = database.Many(kind) }).ConfigureAwait(false)) { found[(kind.Key, name)] = subject; }
        }
        return found;
    }

    /// <summary>The rows of facts by source and id.</summary>
    public async Task<Dictionary<(string Source, string Id), FactRow>> Find(IEnumerable<(string Source, string Id)> keys, long upTo, CancellationToken stop)
    {
        var found = new Dictionary<(string, string), FactRow>();
        if (!keys.Any()) { return found; }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        foreach (var source in keys.Distinct().GroupBy(k => k.Source, k => k.Id))
        {
            var sql = database.Sql($"SELECT e.* FROM {Database.Each("facts", "id", "ids", $"source = @source AND {Database.UpTo}")}");
            foreach (var row in await connection.QueryAsync<FactRow>(sql, new { program, source = words.Find(source.Key), ids = database.Many(source), upTo }).ConfigureAwait(false)) { found[(source.Key, row.Id)] = row; }
        }
        return found;
    }

    /// <summary>The subject of a fact; of a retraction that of the fact which it takes back, be it through others. Null where nobody told that.</summary>
    public async Task<long?> SubjectOf(string source, string id, long upTo, CancellationToken stop)
    {
        var seen = new HashSet<(string, string)>();
        while (seen.Add((source, id)))
        {
            if ((await Find([(source, id)], upTo, stop).ConfigureAwait(false)).GetValueOrDefault((source, id)) is not { } row) { return null; }
            if (row.Subject is not null || TypeOf(row) is not { } type) { return row.Subject; }
            var named = FactForm.Read(row, type, source, vocabulary, _ => "", _ => null);
            (source, id) = (named["source"]?.ToString() ?? "", named["id"]?.ToString() ?? "");
        }
        return null;
    }

    /// <summary>What facts of a range of the log are about.</summary>
    public async Task<IReadOnlyCollection<long>> Told(long from, long to, CancellationToken stop)
    {
        List<(long? Subject, long Source, string Id)> told;
        using (var connection = await database.Connect(stop).ConfigureAwait(false))
        {
            told = [.. await connection.QueryAsync<(long?, long, string)>("SELECT subject, source, id FROM facts WHERE program = @program AND position >= @from AND position < @to", new { program, from, to }).ConfigureAwait(false)];
        }
        var subjects = told.Select(t => t.Subject).OfType<long>().ToHashSet();
        foreach (var (_, source, id) in told.Where(t => t.Subject is null))
        {
            if (await SubjectOf(words[source], id, to, stop).ConfigureAwait(false) is { } subject) { subjects.Add(subject); }
        }
        return subjects;
    }

    /// <summary>The names of subjects by their numbers; one that was erased goes by its number.</summary>
    public async Task<IReadOnlyList<(long Subject, SubjectName Name)>> Names(IEnumerable<long> subjects, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(long Subject, long Kind, string? Name)>(database.Sql(NamesOf("subjects")), new { program, subjects = database.Many(subjects) }).ConfigureAwait(false);
        return [.. rows.Select(r => (r.Subject, NameOf(r.Subject, r.Kind, r.Name)))];
    }

    private static string NamesOf(string subjects) => $"SELECT subject, kind, name FROM {Database.Each("subjects", "subject", subjects)}";

    /// <summary>What a subject goes by: one that was erased by its number.</summary>
    public static string NameOf(long subject, string? name) => name ?? $"#{subject}";

    private SubjectName NameOf(long subject, long kind, string? name) => new(words[kind], NameOf(subject, name));

    private bool IsRetraction(FactRow row) => _types.TryGetValue(words[row.Type], out var type) && type.BuiltIn == BuiltIn.Retracted;

    /// <summary>Adds what speaks of subjects, and of what is added; then what all of these name, and the names.</summary>
    /// <param name="asked">The subjects of which it was asked before what speaks of them.</param>
    private async Task Add(DbConnection connection, Gathered gathered, HashSet<long> asked, IEnumerable<long> subjects, long upTo)
    {
        for (var more = subjects.Where(asked.Add).ToList(); more.Count > 0;)
        {
            List<long> fresh = [.. more.Where(s => !gathered.Has(s))];
            using var naming = await connection.QueryMultipleAsync(
                database.Sql($"{FactsOf("fresh")}; {TiesOf("more")}"), new { program, upTo, fresh = database.Many(fresh), more = database.Many(more) }).ConfigureAwait(false);
            gathered.Add(fresh, await naming.ReadAsync<FactRow>().ConfigureAwait(false));
            more = [.. (await naming.ReadAsync<(long Subject, long Other)>().ConfigureAwait(false)).Select(t => t.Other).Where(asked.Add)];
        }
        for (var named = gathered.Named(); named.Count > 0; named = gathered.Named())
        {
            gathered.Add(named, await connection.QueryAsync<FactRow>(database.Sql(FactsOf("named")), new { program, upTo, named = database.Many(named) }).ConfigureAwait(false));
        }
        List<long> unnamed = [.. gathered.Unnamed()];
        if (unnamed.Count > 0) { Name(gathered, await connection.QueryAsync<(long, long, string?)>(database.Sql(NamesOf("unnamed")), new { program, unnamed = database.Many(unnamed) }).ConfigureAwait(false)); }
    }

    private static string FactsOf(string subjects) => $"SELECT e.* FROM {Database.Each("facts", "subject", subjects, Database.UpTo)}";

    /// <summary>Asks which subjects have facts that name others: pairs of the one that is named and the one whose fact it is.</summary>
    public static string TiesOf(string subjects) => $"SELECT subject, other FROM {Database.Each("ties", "subject", subjects)}";

    private void Name(Gathered gathered, IEnumerable<(long Subject, long Kind, string? Name)> rows)
    {
        foreach (var (subject, kind, name) in rows) { gathered.Name(subject, NameOf(subject, kind, name)); }
    }
}

/// <summary>A part of the log, and the names of what it speaks of.</summary>
internal sealed class Gathered(Gathering gathering, Words words, Vocabulary vocabulary)
{
    private readonly List<FactRow> _rows = [];
    private readonly HashSet<long> _subjects = [];
    private readonly HashSet<long> _named = [];
    private readonly Dictionary<long, SubjectName> _names = [];

    /// <summary>True where a subject's facts are in it.</summary>
    public bool Has(long subject) => _subjects.Contains(subject);

    /// <summary>What it names without having its facts.</summary>
    public List<long> Named() => [.. _named.Where(s => !_subjects.Contains(s))];

    /// <summary>Of what it has the facts without a name.</summary>
    public IEnumerable<long> Unnamed() => _subjects.Where(s => !_names.ContainsKey(s));

    /// <summary>The subjects of a kind.</summary>
    public IEnumerable<long> OfKind(string kind) => _names.Where(n => n.Value.Kind == kind).Select(n => n.Key);

    /// <summary>Adds all facts of subjects.</summary>
    public void Add(IEnumerable<long> subjects, IEnumerable<FactRow> rows)
    {
        _subjects.UnionWith(subjects);
        Add(rows);
    }

    /// <summary>Adds facts.</summary>
    public void Add(IEnumerable<FactRow> rows)
    {
        foreach (var row in rows)
        {
            if (gathering.TypeOf(row) is not { } type) { continue; }
            _rows.Add(row);
            _named.UnionWith(FactForm.Named(row, type).Select(n => n.Number));
        }
    }

    /// <summary>Gives a subject its name.</summary>
    public void Name(long subject, SubjectName name) => _names[subject] = name;

    /// <summary>The history of it, in the order of the log.</summary>
    public History Build()
    {
        var builder = new HistoryBuilder(vocabulary);
        foreach (var row in _rows.OrderBy(r => r.Position))
        {
            var fact = FactForm.Read(row, gathering.TypeOf(row)!, words[row.Source], vocabulary, number => _names[number].Name, personalOf: _ => null);
            if (builder.Add(fact) is not Verdict.Recorded) { throw new InvalidDataException($"the log has at {row.Position} what no log can have"); }
        }
        return builder.Build();
    }
}
