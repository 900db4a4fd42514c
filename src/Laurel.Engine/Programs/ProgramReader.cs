using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>What reading a program's folder came to.</summary>
/// <param name="Program">The program; null where there are errors.</param>
/// <param name="Problems">Everything that is wrong with it, errors and warnings, by file and line.</param>
public sealed record ReadResult(PartnerProgram? Program, IReadOnlyList<Problem> Problems);

/// <summary>Reads a program's folder: program.yaml, editions/*.yaml and drafts/*.yaml. Never throws; yields all problems.</summary>
public static class ProgramReader
{
    /// <summary>The file that says what can be told.</summary>
    public const string VocabularyFile = "program.yaml";

    private const string Editions = "editions/";
    private const string Drafts = "drafts/";

    /// <summary>Reads a program.</summary>
    /// <param name="files">The texts by their path in the folder, parts separated by "/"; files of other names are left alone.</param>
    public static ReadResult Read(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var problems = new ProblemList();
        CheckNames(files.Keys, problems);
        var program = files.TryGetValue(VocabularyFile, out var text) ? Read(files, text, problems) : null;
        if (text is null)
        {
            problems.Error("missing-file", new(VocabularyFile, 0, 0), "there is no program.yaml", "Write one: it says what can be told.");
        }
        var sorted = problems.All
            .OrderBy(p => p.Place.File != VocabularyFile).ThenBy(p => p.Place.File, StringComparer.Ordinal).ThenBy(p => p.Place.Line).ThenBy(p => p.Place.Column).ToList();
        return new(problems.ErrorCount == 0 ? program : null, sorted);
    }

    private static PartnerProgram? Read(IReadOnlyDictionary<string, string> files, string text, ProblemList problems)
    {
        var root = YamlReader.Read(VocabularyFile, text, problems);
        // Read before anything is understood: a broken program.yaml does not hide what is broken elsewhere.
        var editions = files.Where(f => IsEdition(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => (File: f.Key, Root: YamlReader.Read(f.Key, f.Value, problems))).ToList();
        if (root is null || new VocabularyReader(problems).Read(root) is not { } written) { return null; }
        var texts = new EditionTexts(written.Vocabulary.Zone, problems);
        foreach (var (file, edition) in editions) { texts.Add(file, edition, draft: file.StartsWith(Drafts, StringComparison.Ordinal)); }
        texts.Settle();
        if (texts.All.All(t => t.Draft) && problems.ErrorCount == 0)
        {
            problems.Error("missing-file", new(Editions, 0, 0), "there is no edition", "Write one under editions/: it says what the facts mean.");
        }
        var vocabulary = new RequestFacts(written.Vocabulary, problems).Add(texts.All);
        var program = new EditionsReader(vocabulary, texts, problems).Read();
        Usage.Check(program, written.Places, problems);
        return program;
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
