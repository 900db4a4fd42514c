using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Cli.Importing;

/// <summary>What an operator had said of a program, as laurel export wrote it.</summary>
/// <param name="Status">What was said.</param>
/// <param name="Opened">When its editions were opened.</param>
internal sealed record StatusFile(ProgramStatus Status, IReadOnlyDictionary<string, Instant> Opened)
{
    /// <summary>Reads a file; null for none.</summary>
    /// <exception cref="Halt">It is not there, or wrong.</exception>
    public static StatusFile? Read(string? file)
    {
        if (file is null) { return null; }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.ValueKind != JsonValueKind.Object) { throw Halt.Misuse($"`{file}` is no object of JSON", "Name the status.json that laurel export wrote."); }
            var fields = new JsonFields(document.RootElement, "");
            var status = new StatusFile(StatusJson.Read(fields), StatusJson.Opened(fields));
            fields.Check();
            return status;
        }
        catch (Refused e) { throw Halt.Misuse($"`{file}` is no status of a program: {e.Message}", e.Remedy); }
        catch (JsonException e) { throw Halt.Misuse($"`{file}` is no JSON: {e.Message}", "Name the status.json that laurel export wrote."); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"`{file}` can't be read: {e.Message}", ""); }
    }

    /// <summary>Looks whether it may be that of a program.</summary>
    /// <exception cref="Halt">The program does not have an edition that was opened.</exception>
    public void Check(PartnerProgram rules)
    {
        var editions = rules.Editions.Select(e => e.Name).ToList();
        if (Opened.Keys.FirstOrDefault(name => !editions.Contains(name)) is { } other) { throw Halt.Misuse($"the status says when the edition `{other}` was opened, and {rules.Name} has no such edition", Choice.Among(other, editions)); }
    }

    /// <summary>Says it of a program.</summary>
    /// <exception cref="Halt">It can't be said of this one.</exception>
    public async Task Say(Lane lane, Terminal terminal)
    {
        List<Direction> directions = [new Direction.Enrol(Status.Opens, Status.Closes)];
        if (Status.Clock is { } clock) { directions.Insert(0, new Direction.Move(clock)); }
        if (Status.Archived is { } since) { directions.Add(new Direction.Archive(since)); }
        foreach (var direction in directions)
        {
            var directed = await lane.Direct(direction, dryRun: false, keep: null, terminal.Stop).ConfigureAwait(false);
            if (directed.Value.Refused is { } why) { throw Halt.Wrong($"the facts are recorded, and the status is not said of {lane.Program.Name}: {Because(why)}", "Import into a database that does not have the program yet."); }
        }
    }

    private static string Because(Undirected why) => why switch
    {
        Undirected.Archived => "it is archived",
        Undirected.NoSandbox => "it is no sandbox here",
        _ => "its clock is further already",
    };
}
