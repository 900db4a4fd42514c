using System.Text;
using Laurel.Cli.Calling;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Reading;

/// <summary>A program's folder: finds it, and reads its texts.</summary>
/// <param name="Path">The folder, as it is shown to people.</param>
internal sealed record ProgramFolder(string Path)
{
    /// <summary>The variable that says where programs are found by name.</summary>
    public const string PlacesVariable = "LAUREL_PROGRAMS";

    private const string DefaultPlace = "programs";
    private const int DepthMax = 2;
    private const long BytesMax = 16 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds a program by its folder, or by its name among the programs.</summary>
    /// <exception cref="Halt">There is none.</exception>
    public static ProgramFolder Find(string name)
    {
        if (Directory.Exists(name)) { return new(Trimmed(name)); }
        var places = (Environment.GetEnvironmentVariable(PlacesVariable) is { Length: > 0 } told ? told : DefaultPlace).Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var isName = name.Length > 0 && name.IndexOfAny(['/', '\\', '\0']) < 0;
        foreach (var place in isName ? places : [])
        {
            var folder = System.IO.Path.Combine(place, name);
            if (Directory.Exists(folder)) { return new(folder); }
        }
        if (File.Exists(name)) { throw Halt.Misuse($"`{name}` is a file, and a program is a folder", "Name the folder that its program.yaml is in."); }
        var known = places.Where(Directory.Exists).SelectMany(ProgramsIn).Order(StringComparer.Ordinal);
        throw Halt.Misuse($"there is no program `{name}`: neither a folder, nor one in {string.Join(" or ", places)}", Choice.Among(name, known));
    }

    /// <summary>
    /// The texts, by their path in the folder with "/" between its parts, and what is wrong with the files themselves. Those of the program whose
    /// rules it has stand under "../NAME/"; where there is none, the program.yaml of all beside it.
    /// </summary>
    public (IReadOnlyDictionary<string, string> Texts, IReadOnlyList<Problem> Problems) ReadTexts()
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        ReadInto(Path, texts, problems);
        if (ProgramReader.SameAs(texts) is not { } other) { return (texts, problems); }
        var beside = System.IO.Path.Combine(Path, "..");
        if (File.Exists(System.IO.Path.Combine(beside, other, ProgramReader.VocabularyFile))) { ReadInto(System.IO.Path.Combine(beside, other), texts, problems); }
        else
        {
            foreach (var name in ProgramsIn(beside)) { ReadInto(System.IO.Path.Combine(beside, name), texts, problems, ProgramReader.VocabularyFile); }
        }
        return (texts, problems);
    }

    private void ReadInto(string place, SortedDictionary<string, string> texts, List<Problem> problems, string files = "*")
    {
        // A folder that is no program may be anything, a whole disk too: only its own files are looked at.
        var depth = File.Exists(System.IO.Path.Combine(place, ProgramReader.VocabularyFile)) ? DepthMax : 0;
        var options = new EnumerationOptions { RecurseSubdirectories = depth > 0, MaxRecursionDepth = depth, AttributesToSkip = FileAttributes.Hidden };
        foreach (var file in Directory.EnumerateFiles(place, files, options))
        {
            if (System.IO.Path.GetExtension(file).ToLowerInvariant() is not (".yaml" or ".yml")) { continue; }
            var inside = System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/');
            if (ReadText(file, inside, problems) is { } text) { texts[inside] = text; }
        }
    }

    /// <summary>Reads the program, with every problem placed where people find it.</summary>
    public ReadResult Read() => Read(out _);

    /// <summary>Reads the program, with every problem placed where people find it.</summary>
    /// <param name="texts">The folder's texts.</param>
    public ReadResult Read(out IReadOnlyDictionary<string, string> texts)
    {
        (texts, var unreadable) = ReadTexts();
        var result = ProgramReader.Read(texts);

        // A file that can't be read is there all the same.
        var read = unreadable.Count == 0 ? result.Problems : result.Problems.Where(p => p.Code != "missing-file");
        var problems = unreadable.Concat(read).Select(Placed).ToList();
        return result with { Program = unreadable.Count > 0 ? null : result.Program, Problems = problems };
    }

    /// <summary>A problem whose file is named from where the caller stands.</summary>
    public Problem Placed(Problem problem) =>
        problem with { Place = problem.Place with { File = $"{(Path == "." ? "" : $"{Path}/")}{problem.Place.File}" } };

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

    private static IEnumerable<string> ProgramsIn(string place) =>
        Directory.EnumerateDirectories(place).Where(d => File.Exists(System.IO.Path.Combine(d, ProgramReader.VocabularyFile))).Select(d => System.IO.Path.GetFileName(d));

    private static string Trimmed(string folder) => folder.Length > 1 ? folder.TrimEnd('/', '\\') is { Length: > 0 } trimmed ? trimmed : "/" : folder;
}
