using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Programs;
using Laurel.Storage;

namespace Laurel.Cli.Importing;

/// <summary>The program that is imported into: one that the database has, else that of a folder, which is taken in once all that is to be recorded was read.</summary>
internal sealed class ImportProgram
{
    private readonly Shelf _shelf;
    private readonly IReadOnlyDictionary<string, string> _texts;

    private ImportProgram(Shelf shelf, PartnerProgram rules, IReadOnlyDictionary<string, string> texts) => (_shelf, Rules, _texts) = (shelf, rules, texts);

    /// <summary>Finds it.</summary>
    /// <param name="shelf">The database.</param>
    /// <param name="named">Its name in the database, else its folder.</param>
    /// <param name="terminal">Where to show what is wrong with a folder's texts.</param>
    /// <exception cref="Halt">There is none, or it is wrong.</exception>
    public static ImportProgram Find(Shelf shelf, string named, Terminal terminal)
    {
        if (shelf.Find(named) is { } lane) { return new(shelf, lane.Program, ProgramFolder.Look(named)?.Texts ?? new Dictionary<string, string>()); }
        var read = Asked.ReadProgram(named, terminal, out var texts);
        return new(shelf, shelf.Find(read.Name)?.Program ?? read, texts);
    }

    /// <summary>The program as it is in the database, else in the folder.</summary>
    public PartnerProgram Rules { get; }

    /// <summary>What was imported into it; null where the database does not have it.</summary>
    public Imports? Imports => _shelf.Imports(Rules.Name);

    /// <summary>What reads it; null where the database does not have it.</summary>
    public Reader? Reader => _shelf.Read(Rules.Name);

    /// <summary>Its lane; where the database does not have it, it is taken in.</summary>
    /// <param name="status">What an operator had said of it; null for nothing.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<Lane> TakeIn(ProgramStatus? status, CancellationToken stop)
    {
        if (_shelf.Find(Rules.Name) is null) { await _shelf.Create(_texts, ProgramStatus.Ordinary with { Clock = status?.Clock }, keep: null, stop).ConfigureAwait(false); }
        return _shelf.Find(Rules.Name)!;
    }

    /// <summary>What to do where what the program can be told is not what its folder says; empty where it is.</summary>
    public async Task<string> RemedyOfRules(CancellationToken stop)
    {
        if (Reader is null || _texts.Count == 0) { return ""; }
        var kept = await Reader.Texts(stop).ConfigureAwait(false);
        return kept.Count == _texts.Count && kept.All(text => _texts.TryGetValue(text.Key, out var told) && told == text.Value)
            ? ""
            : $"{Rules.Name} counts as the database has it, and its folder says something else: send that to a server (POST files), or import into a database that does not have the program yet.";
    }
}
