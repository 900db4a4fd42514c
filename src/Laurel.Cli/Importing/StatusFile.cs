using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Server.Answering;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Cli.Importing;

/// <summary>What an operator had said of a program, as laurel export wrote it.</summary>
internal static class StatusFile
{
    /// <summary>Reads a file; null for none.</summary>
    /// <exception cref="Halt">It is not there, or wrong.</exception>
    public static ProgramStatus? Read(string? file)
    {
        if (file is null) { return null; }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.ValueKind != JsonValueKind.Object) { throw Halt.Misuse($"`{file}` is no object of JSON", "Name the status.json that laurel export wrote."); }
            var fields = new JsonFields(document.RootElement, "");
            var status = StatusJson.Read(fields);
            fields.Check();
            return status;
        }
        catch (Refused e) { throw Halt.Misuse($"`{file}` is no status of a program: {e.Message}", e.Remedy); }
        catch (JsonException e) { throw Halt.Misuse($"`{file}` is no JSON: {e.Message}", "Name the status.json that laurel export wrote."); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"`{file}` can't be read: {e.Message}", ""); }
    }

    /// <summary>Says it of a program.</summary>
    /// <exception cref="Halt">It can't be said of this one.</exception>
    public static async Task Say(ProgramStatus status, Lane lane, Terminal terminal)
    {
        List<Direction> directions = [new Direction.Enrol(status.Opens, status.Closes)];
        if (status.Clock is { } clock) { directions.Insert(0, new Direction.Move(clock)); }
        if (status.Archived is { } since) { directions.Add(new Direction.Archive(since)); }
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
