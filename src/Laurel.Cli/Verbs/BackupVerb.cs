using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Storage;

namespace Laurel.Cli.Verbs;

/// <summary>laurel backup: copies a SQLite database while a server goes on.</summary>
internal static class BackupVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var file = new Argument<string>("file");
        var command = new Command("backup");
        command.Arguments.Add(file);
        var database = new DatabaseOption(command);
        return new(
            new("backup", "copies a SQLite database while a server goes on", "<file> [--database CONNECTION]",
                "Copies the whole database, as it stands at one moment, into a file that is not there yet. The copy is a database: put it in the place of the one that was lost, and start the server. It knows that it is a copy, so that positions and cursors of the lost one are refused. PostgreSQL has its own: pg_dump, or base backups.",
                DatabaseOption.Help,
                "backup laurel-monday.db"),
            command,
            (call, terminal) => Run(call.GetValue(file)!, database.Of(call, terminal), terminal));
    }

    private static ExitCode Run(string file, string database, Terminal terminal)
    {
        if (file is "" or "-") { throw Halt.Misuse("a backup needs a file to be written to", "Name one that is not there yet; standard output takes none."); }
        if (File.Exists(file) || Directory.Exists(file)) { throw Halt.Misuse($"`{file}` is there already", "Name another file: a backup is never written over."); }
        try { Shelf.Backup(database, file, terminal.Stop).GetAwaiter().GetResult(); }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
        using var text = terminal.OpenText();
        text.WriteLine(Plain.Text($"{file}: {Shown.Count(new FileInfo(file).Length, "byte")}; laurel verify --database \"Data Source={file}\" proves it"));
        return ExitCode.Fine;
    }
}
