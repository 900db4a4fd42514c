using Laurel.Cli.Calling;
using Laurel.Cli.Reading;

namespace Laurel.Cli.Importing;

/// <summary>What an import is asked.</summary>
/// <param name="Program">The program: its name in the database, else its folder.</param>
/// <param name="Files">The files.</param>
/// <param name="Mappings">None, one for all files, or one for each.</param>
/// <param name="Database">The database's connection string.</param>
/// <param name="AsTold">True to record facts as learnt when they say; false to take the clock.</param>
/// <param name="DryRun">True to say what would change, and keep nothing.</param>
/// <param name="Strict">True to record nothing where a row is refused.</param>
/// <param name="Changed">True to take a file that has changed since it was imported, or whose mapping has.</param>
/// <param name="Refusals">The file for all refusals; null for none.</param>
/// <param name="Json">True to answer for scripts.</param>
/// <param name="Status">The file of what an operator has said of the program, as it was exported; null for none.</param>
internal sealed record ImportQuestion(
    string Program, IReadOnlyList<string> Files, IReadOnlyList<string> Mappings, string Database, bool AsTold, bool DryRun, bool Strict, bool Changed, string? Refusals, bool Json, string? Status)
{
    /// <summary>Looks at what can be known before anything is read.</summary>
    /// <exception cref="Halt">It makes no sense.</exception>
    public void Check()
    {
        FactFiles.CheckAll(Files, "CSV or JSON lines");
        if (Mappings.Count > 1 && Mappings.Count != Files.Count) { throw Halt.Misuse($"there are {Files.Count} files and {Mappings.Count} mappings", "Name one mapping for all files, or one for each in their order."); }
        if (Files.GroupBy(NameOf).FirstOrDefault(g => g.Count() > 1) is { Key: var name }) { throw Halt.Misuse($"two files are called `{name}`", "Give one of them another name: by it a file is known again."); }
    }

    /// <summary>By which name a file is known again.</summary>
    public static string NameOf(string file) => Path.GetFileName(file);

    /// <summary>The mapping of a file; null for none.</summary>
    public string? MappingOf(int file) => Mappings.Count == 0 ? null : Mappings[Mappings.Count == 1 ? 0 : file];
}

/// <summary>What an import came to.</summary>
/// <param name="Recorded">How many facts are recorded.</param>
/// <param name="Unchanged">How many were there.</param>
/// <param name="Later">How many of the recorded are kept as learnt later than they say, since the log had facts that were learnt after them.</param>
/// <param name="Refused">How many rows and facts were refused.</param>
/// <param name="Idle">How many rows made no fact.</param>
internal sealed record ImportCounts(long Recorded, long Unchanged, long Later, long Refused, long Idle);
