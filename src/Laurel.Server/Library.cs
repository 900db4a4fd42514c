using Laurel.Engine.Values;

namespace Laurel.Server;

/// <summary>The folder of programs that a server can take in by name.</summary>
/// <param name="Folder">The folder; null where there is none.</param>
internal sealed record Library(string? Folder)
{
    /// <summary>The names of the programs in it.</summary>
    public IReadOnlyList<string> Names() => Folder is not null && Directory.Exists(Folder) ? [.. FolderTexts.ProgramsIn(Folder).Order(StringComparer.Ordinal)] : [];

    /// <summary>The texts of a program, and what is wrong with its files; null where there is no such program.</summary>
    public (IReadOnlyDictionary<string, string> Texts, IReadOnlyList<Problem> Problems)? Find(string name) => Names().Contains(name) ? FolderTexts.Read(Path.Combine(Folder!, name)) : null;
}
