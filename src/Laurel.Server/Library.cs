using Laurel.Engine.Values;

namespace Laurel.Server;

/// <summary>The folders of programs that a server can take in by name.</summary>
/// <param name="Folders">The folders, the first one with a name first; those that are not there have no programs.</param>
internal sealed record Library(IReadOnlyList<string> Folders)
{
    /// <summary>The names of the programs in them.</summary>
    public IReadOnlyList<string> Names() => [.. Folders.Where(Directory.Exists).SelectMany(FolderTexts.ProgramsIn).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The texts of a program, and what is wrong with its files; null where there is no such program.</summary>
    public (IReadOnlyDictionary<string, string> Texts, IReadOnlyList<Problem> Problems)? Find(string name) =>
        Folders.FirstOrDefault(f => Directory.Exists(f) && FolderTexts.ProgramsIn(f).Contains(name)) is { } folder ? FolderTexts.Read(Path.Combine(folder, name)) : null;
}
