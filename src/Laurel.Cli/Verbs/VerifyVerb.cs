using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Storage;

namespace Laurel.Cli.Verbs;

/// <summary>laurel verify: proves that a database's books are what its log makes them.</summary>
internal static class VerifyVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("verify");
        var database = new DatabaseOption(command);
        return new(
            new("verify", "proves that a database's books are what its log makes them", "[--database CONNECTION]",
                "Posts the log of each program once more, from its first fact, and compares: that no commit, fact or entry is missing or other than it was written, that each commit has the Merkle roots that it says, that members stand where the books say. Names the first difference. Writes nothing; a server may go on meanwhile.",
                DatabaseOption.Help,
                "verify --database \"Data Source=laurel.db\""),
            command,
            (call, terminal) => Run(database.Of(call, terminal), terminal));
    }

    private static ExitCode Run(string database, Terminal terminal)
    {
        try { return Verify(database, terminal).GetAwaiter().GetResult(); }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
    }

    private static async Task<ExitCode> Verify(string database, Terminal terminal)
    {
        var exit = ExitCode.Fine;
        using var text = terminal.OpenText();
        await foreach (var verified in Shelf.Verify(database, terminal.Stop).ConfigureAwait(false))
        {
            var read = $"{Shown.Count(verified.Commits, "commit")}, {Shown.Count(verified.Facts, "fact")}, {Shown.Count(verified.Entries)} {(verified.Entries == 1 ? "entry" : "entries")}, {Shown.Count(verified.Members, "standing")}";
            await text.WriteLineAsync($"{Plain.Text(verified.Program)}: {(verified.Difference is null ? $"{read}: all as the log makes them" : $"after {read}: {Plain.Text(verified.Difference)}")}").ConfigureAwait(false);
            if (verified.Difference is not null) { exit = ExitCode.Wrong; }
        }
        return exit;
    }
}
