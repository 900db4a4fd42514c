using Laurel.Engine.Programs.Checking;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>What reading a program's folder came to.</summary>
/// <param name="Program">The program; null where there are errors.</param>
/// <param name="Problems">Everything that is wrong with it, errors and warnings, by file and line.</param>
public sealed record ReadResult(PartnerProgram? Program, IReadOnlyList<Problem> Problems)
{
    /// <summary>How many more warnings there would be, had the program not given a reason beside each (<c>meant</c>).</summary>
    public int Meant { get; init; }

    /// <summary>Fields that are read without <c>has()</c> and that no fact must carry, as "site.price": what needs them may not be judged.</summary>
    public IReadOnlyList<string> MayBeNotTold { get; init; } = [];

    /// <summary>Levels of which only what they need can be told and not how much is missing, as "compliance good".</summary>
    public IReadOnlyList<string> WithoutDistance { get; init; } = [];

    /// <summary>States and roles that one fact starts and another ends, and which of the two wins where both are of one instant.</summary>
    public IReadOnlyList<Tie> Ties { get; init; } = [];
}

/// <summary>A state that two facts of one instant start and end.</summary>
/// <param name="Says">Which of the facts wins: "site.premium holds by plan.renewed after plan.expired".</param>
/// <param name="Place">Where the state is written.</param>
public sealed record Tie(string Says, Place Place)
{
    /// <summary>One line: where, and what wins.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Place.File}:{Place.Line}:{Place.Column}: {Says}");
}

/// <summary>Reads a program's folder: program.yaml, editions/*.yaml and drafts/*.yaml. Never throws; yields all problems.</summary>
public static class ProgramReader
{
    /// <summary>The file that says what can be told.</summary>
    public const string VocabularyFile = "program.yaml";

    private const string Editions = "editions/";
    private const string Drafts = "drafts/";

    /// <summary>The program whose rules a program has, as its <c>same-as</c> says: then its files belong to <see cref="Read(IReadOnlyDictionary{string, string})"/> too. Null for rules of its own.</summary>
    /// <param name="files">The texts by their path in the folder.</param>
    public static string? SameAs(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.TryGetValue(VocabularyFile, out var text) && YamlReader.Read(VocabularyFile, text, new()) is YamlNode.Map map && map.Find(SharedRules.Key) is YamlNode.Scalar { Refused: false, Text.Length: > 0 } name && VocabularyReader.IsName(name.Text) ? name.Text : null;
    }

    /// <summary>Reads a program.</summary>
    /// <param name="files">The texts by their path in the folder, parts separated by "/"; files of other names are left alone. Those of the program that <c>same-as</c> names,
    /// or where there is none the program.yaml of all beside it, stand under "../NAME/".</param>
    public static ReadResult Read(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var problems = new ProblemList();
        CheckNames(files.Keys, problems);
        var meant = 0;
        var program = files.TryGetValue(VocabularyFile, out var text) ? Read(files, text, problems, out meant) : null;
        if (text is null)
        {
            problems.Error("missing-file", new(VocabularyFile, 0, 0), "there is no program.yaml", "Write one: it says what can be told.");
        }
        var sorted = problems.All
            .OrderBy(p => p.Place.File != VocabularyFile).ThenBy(p => p.Place.File, StringComparer.Ordinal).ThenBy(p => p.Place.Line).ThenBy(p => p.Place.Column).ToList();
        return problems.ErrorCount > 0 || program is null ? new(null, sorted) : new(program, sorted) { Meant = meant, MayBeNotTold = Untold.Find(program), Ties = Ties.Find(program), WithoutDistance = Distances.Missing(program) };
    }

    private static PartnerProgram? Read(IReadOnlyDictionary<string, string> files, string text, ProblemList problems, out int meant)
    {
        meant = 0;
        var root = YamlReader.Read(VocabularyFile, text, problems);
        var shared = root is null ? null : SharedRules.Find(root, files, problems);
        if (shared is { Folder: null }) { return null; }
        var folder = shared?.Folder ?? "";
        if (shared is not null) { root = YamlReader.Read(folder + VocabularyFile, files[folder + VocabularyFile], problems); }
        // Read before anything is understood: a broken program.yaml does not hide what is broken elsewhere.
        var editions = Roots(files, folder, problems);
        if (root is null || new VocabularyReader(problems).Read(root) is not { } written) { return null; }
        if (shared is not null) { written = shared.Rename(written); }
        var texts = TextsOf(editions, folder, written.Vocabulary.Zone, problems);
        if (texts.All.All(t => t.Draft) && problems.ErrorCount == 0)
        {
            problems.Error("missing-file", new(Editions, 0, 0), "there is no edition", "Write one under editions/: it says what the facts mean.");
        }
        var vocabulary = new RequestFacts(written.Vocabulary, problems).Add(texts.All);
        var program = new EditionsReader(vocabulary, texts, problems).Read();
        meant = ProgramChecks.Check(program, written.Declared, problems);
        return program;
    }

    /// <summary>The file of an edition or draft of a program without errors; null where there is none of the name.</summary>
    /// <param name="files">Its texts.</param>
    /// <param name="edition">The name.</param>
    public static string? FileOf(IReadOnlyDictionary<string, string> files, string edition)
    {
        ArgumentNullException.ThrowIfNull(files);
        return EditionsOf(files, Zone.Utc).FirstOrDefault(t => t.Name == edition)?.File;
    }

    /// <summary>The editions and drafts as they are written, of a program without errors.</summary>
    internal static IReadOnlyList<EditionText> EditionsOf(IReadOnlyDictionary<string, string> files, Zone zone)
    {
        var (problems, folder) = (new ProblemList(), SameAs(files) is { } other ? $"../{other}/" : "");
        return TextsOf(Roots(files, folder, problems), folder, zone, problems).All;
    }

    private static List<(string File, YamlNode? Root)> Roots(IReadOnlyDictionary<string, string> files, string folder, ProblemList problems) =>
        [.. files.Where(f => f.Key.StartsWith(folder, StringComparison.Ordinal) && IsEdition(f.Key[folder.Length..])).OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => (f.Key, YamlReader.Read(f.Key, f.Value, problems)))];

    private static EditionTexts TextsOf(List<(string File, YamlNode? Root)> editions, string folder, Zone zone, ProblemList problems)
    {
        var texts = new EditionTexts(zone, problems);
        foreach (var (file, edition) in editions) { texts.Add(file, edition, draft: file[folder.Length..].StartsWith(Drafts, StringComparison.Ordinal)); }
        texts.Settle();
        return texts;
    }

    private static void CheckNames(IEnumerable<string> files, ProblemList problems)
    {
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var name = file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) ? file[..^4] + ".yaml" : file.ToLowerInvariant();
            if (name != file && (name == VocabularyFile || IsEdition(name)))
            {
                problems.Error("file-name", new(file, 0, 0), $"the file {file} is not read", $"Call it {name}.");
            }
        }
    }

    private static bool IsEdition(string file) =>
        file.EndsWith(".yaml", StringComparison.Ordinal)
        && ((file.StartsWith(Editions, StringComparison.Ordinal) && !file[Editions.Length..].Contains('/', StringComparison.Ordinal))
            || (file.StartsWith(Drafts, StringComparison.Ordinal) && !file[Drafts.Length..].Contains('/', StringComparison.Ordinal)));
}
