using System.Data;
using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;

namespace Laurel.Storage;

/// <summary>A fact of the log, ready to be posted once more.</summary>
/// <param name="Row">As the log has it.</param>
/// <param name="Leaf">The hash of its leaf; null where it has none, as no row that the program ever writes.</param>
/// <param name="Read">What it says; null where that can't be read.</param>
internal sealed record Logged(FactRow Row, Digest? Leaf, ReadFact? Read);

/// <summary>What a row of the log says.</summary>
/// <param name="Fact">The fact, without what is personal; null for what the program itself writes.</param>
/// <param name="Names">The subjects that it speaks of, by their numbers.</param>
internal sealed record ReadFact(Fact? Fact, IReadOnlyList<(long Number, SubjectName Name)> Names);

/// <summary>Reads and hashes a log's facts, for whoever posts them beside it. For one thread.</summary>
internal sealed class LoggedFacts(Database database, int program, Words words, PartnerProgram rules)
{
    private readonly LogReader _log = new(database, program, words, rules);
    private readonly Gathering _gathering = new(database, program, words, rules.Vocabulary);
    private readonly Dictionary<long, SubjectName> _names = [];

    /// <summary>The facts of a range of positions.</summary>
    public async Task<IReadOnlyList<Logged>> Read(long from, long to, CancellationToken stop)
    {
        var rows = await _log.Facts(from, to, stop).ConfigureAwait(false);
        var subjects = rows.Select(row => Try(() => SubjectsOf(row))).ToList();
        var unnamed = subjects.SelectMany(s => s ?? []).Where(s => !_names.ContainsKey(s)).Distinct().ToList();
        foreach (var (subject, name) in await _gathering.Names(unnamed, stop).ConfigureAwait(false)) { _names[subject] = name; }
        return [.. rows.Zip(subjects, (row, own) => new Logged(row, Try<Digest?>(() => _log.LeafOf(row)), own is null ? null : Try(() => Read(row, own))))];
    }

    private ReadFact Read(FactRow row, List<long> subjects)
    {
        List<(long Number, SubjectName Name)> names = [.. subjects.Select(s => (s, _names[s]))];
        if (_gathering.TypeOf(row) is not { } type) { return new(null, names); }
        var fact = FactForm.Read(row, type, words[row.Source], rules.Vocabulary, number => _names[number].Name, personalOf: _ => null);
        // Their kinds are the type's to say.
        IEnumerable<string> kinds = FactForm.Named(fact).Select(n => rules.Vocabulary.Kinds[n.Kind].Name);
        if (fact.Subject is { } about) { kinds = kinds.Append(about.Kind); }
        return names.Select(n => n.Name.Kind).Take(kinds.Count()).SequenceEqual(kinds) ? new(fact, names) : throw new InvalidDataException("a subject is of another kind");
    }

    private List<long> SubjectsOf(FactRow row) => [.. _gathering.TypeOf(row) is { } type ? FactForm.Named(row, type) : [], .. row.Subject is { } subject ? (long[])[subject] : []];

    /// <summary>What is made of a row; null where nothing can be.</summary>
    private static T? Try<T>(Func<T?> make)
    {
        try { return make(); }
        catch (Exception e) when (IsUnreadable(e)) { return default; }
    }

    /// <summary>True for what comes of rows that the program never writes.</summary>
    public static bool IsUnreadable(Exception e) => e is ArgumentException or JsonException or InvalidOperationException or InvalidDataException or InvalidCastException or KeyNotFoundException or FormatException or OverflowException or DataException;
}
