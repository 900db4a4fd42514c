using System.Text;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Server;

/// <summary>The texts of a program in a folder.</summary>
internal static class FolderTexts
{
    private const int DepthMax = 2;
    private const long BytesMax = 16 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The texts, by their path in the folder with "/" between its parts, and what is wrong with the files themselves. Those of the program whose
    /// rules it has stand under "../NAME/"; where there is none, the program.yaml of all beside it.
    /// </summary>
    public static (IReadOnlyDictionary<string, string> Texts, IReadOnlyList<Problem> Problems) Read(string folder)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        ReadInto(folder, folder, texts, problems);
        if (ProgramReader.SameAs(texts) is not { } other) { return (texts, problems); }
        var beside = Path.Combine(folder, "..");
        if (File.Exists(Path.Combine(beside, other, ProgramReader.VocabularyFile))) { ReadInto(folder, Path.Combine(beside, other), texts, problems); }
        else
        {
            foreach (var name in ProgramsIn(beside)) { ReadInto(folder, Path.Combine(beside, name), texts, problems, ProgramReader.VocabularyFile); }
        }
        return (texts, problems);
    }

    /// <summary>The names of the programs in a place.</summary>
    public static IEnumerable<string> ProgramsIn(string place) =>
        Directory.EnumerateDirectories(place).Where(d => File.Exists(Path.Combine(d, ProgramReader.VocabularyFile))).Select(d => Path.GetFileName(d));

    private static void ReadInto(string folder, string place, SortedDictionary<string, string> texts, List<Problem> problems, string files = "*")
    {
        // A folder that is no program may be anything, a whole disk too: only its own files are looked at.
        var depth = File.Exists(Path.Combine(place, ProgramReader.VocabularyFile)) ? DepthMax : 0;
        var options = new EnumerationOptions { RecurseSubdirectories = depth > 0, MaxRecursionDepth = depth, AttributesToSkip = FileAttributes.Hidden };
        foreach (var file in Directory.EnumerateFiles(place, files, options))
        {
            if (Path.GetExtension(file).ToLowerInvariant() is not (".yaml" or ".yml")) { continue; }
            var inside = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (ReadText(file, inside, problems) is { } text) { texts[inside] = text; }
        }
    }

    private static string? ReadText(string file, string inside, List<Problem> problems)
    {
        try
        {
            if (new FileInfo(file).Length > BytesMax)
            {
                problems.Add(new(Severity.Error, "file-size", new(inside, 0, 0), "the file is larger than 16 MiB", "Split it, or take out what is no rule."));
                return null;
            }
            var bytes = File.ReadAllBytes(file);
            if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                problems.Add(new(Severity.Error, "not-utf8", new(inside, 0, 0), "the file is UTF-16, not UTF-8", "Save it as UTF-8."));
                return null;
            }
            return StrictUtf8.GetString(bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0));
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new(Severity.Error, "not-utf8", new(inside, 0, 0), "the file is not UTF-8", "Save it as UTF-8."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(Severity.Error, "unreadable", new(inside, 0, 0), "the file can't be read", e.Message));
        }
        return null;
    }
}
