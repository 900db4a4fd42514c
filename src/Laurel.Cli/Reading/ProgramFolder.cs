using Laurel.Cli.Calling;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server;

namespace Laurel.Cli.Reading;

/// <summary>A program's folder: finds it, and reads its texts.</summary>
/// <param name="Path">The folder, as it is shown to people.</param>
internal sealed record ProgramFolder(string Path)
{
    /// <summary>Where programs are found by name.</summary>
    public static IReadOnlyList<string> Places() => Places(Configuration.Read(written: null, terminal: null));

    /// <summary>Where programs are found by name, by what is set.</summary>
    public static IReadOnlyList<string> Places(Configuration settings) => settings.Of("programs").Value.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Finds a program by its folder, or by its name among the programs.</summary>
    /// <exception cref="Halt">There is none.</exception>
    public static ProgramFolder Find(string name)
    {
        if (Look(name) is { } folder) { return folder; }
        var places = Places();
        if (File.Exists(name)) { throw Halt.Misuse($"`{name}` is a file, and a program is a folder", "Name the folder that its program.yaml is in."); }
        var known = places.Where(Directory.Exists).SelectMany(FolderTexts.ProgramsIn).Order(StringComparer.Ordinal);
        throw Halt.Misuse($"there is no program `{name}`: neither a folder, nor one in {string.Join(" or ", places)}", Choice.Among(name, known));
    }

    /// <summary>Finds a program as <see cref="Find"/> does; null where there is none.</summary>
    public static ProgramFolder? Look(string name)
    {
        if (Directory.Exists(name)) { return new(Trimmed(name)); }
        var isName = name.Length > 0 && name.IndexOfAny(['/', '\\', '\0']) < 0;
        return (isName ? Places() : []).Select(place => System.IO.Path.Combine(place, name)).FirstOrDefault(Directory.Exists) is { } folder ? new(folder) : null;
    }

    /// <summary>The folder's texts.</summary>
    public IReadOnlyDictionary<string, string> Texts => FolderTexts.Read(Path).Texts;

    /// <summary>Reads the program, with every problem placed where people find it.</summary>
    public ReadResult Read() => Read(out _);

    /// <summary>Reads the program, with every problem placed where people find it.</summary>
    /// <param name="texts">The folder's texts.</param>
    public ReadResult Read(out IReadOnlyDictionary<string, string> texts)
    {
        (texts, var unreadable) = FolderTexts.Read(Path);
        var result = ProgramReader.Read(texts);

        // A file that can't be read is there all the same.
        var read = unreadable.Count == 0 ? result.Problems : result.Problems.Where(p => p.Code != "missing-file");
        var problems = unreadable.Concat(read).Select(Placed).ToList();
        return result with { Program = unreadable.Count > 0 ? null : result.Program, Problems = problems };
    }

    /// <summary>A problem whose file is named from where the caller stands.</summary>
    public Problem Placed(Problem problem) =>
        problem with { Place = problem.Place with { File = $"{(Path == "." ? "" : $"{Path}/")}{problem.Place.File}" } };

    private static string Trimmed(string folder) => folder.Length > 1 ? folder.TrimEnd('/', '\\') is { Length: > 0 } trimmed ? trimmed : "/" : folder;
}
