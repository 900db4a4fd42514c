using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Storage;

namespace Laurel.Cli.Verbs;

/// <summary>laurel restored: tells a database that it was restored by other means than laurel backup.</summary>
internal static class RestoredVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("restored");
        var database = new DatabaseOption(command);
        return new(
            new("restored", "tells a database that it was restored from a copy", "[--database CONNECTION]",
                "Gives each program of the database another incarnation, so that positions, cursors and entity tags that the lost one gave out are refused, never read as places in this one. Needed after restoring what PostgreSQL's tools or a copy of the disk saved; what laurel backup wrote knows it by itself. Call it before a server is started on the database.",
                DatabaseOption.Help,
                "restored --database \"Host=127.0.0.1;Database=laurel;Username=laurel\""),
            command,
            (call, terminal) => Run(database.Of(call, terminal), terminal));
    }

    private static ExitCode Run(string database, Terminal terminal)
    {
        try
        {
            using var text = terminal.OpenText();
            foreach (var program in Shelf.Restored(database, terminal.Stop).GetAwaiter().GetResult()) { text.WriteLine(Plain.Text($"{program}: begins another incarnation")); }
            return ExitCode.Fine;
        }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
    }
}
