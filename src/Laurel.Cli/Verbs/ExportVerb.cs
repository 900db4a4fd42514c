using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Answering;
using Laurel.Server.Asking;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Cli.Verbs;

/// <summary>laurel export: writes what a program of a database has, in the order of its log.</summary>
internal static class ExportVerb
{
    private const string StandardOutput = "-";
    private const string All = "all";
    private const string Standings = "standings";

    private static readonly string[] Whats = ["facts", "ledger", Standings, "status", All];

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var program = new Argument<string>("program");
        var (output, what, format, personal) = (new Option<string?>("--output"), new Option<string?>("--what"), new Option<string?>("--format"), new Option<bool>("--personal"));
        var command = new Command("export");
        command.Arguments.Add(program);
        foreach (var option in (Option[])[output, what, format, personal]) { command.Options.Add(option); }
        var database = new DatabaseOption(command);
        return new(
            new("export", "writes a program's facts, ledger and standings from a database", "<program> --output FOLDER|-",
                "Writes what a program has, as of one commit and in the order of its log, beside a server too. All of it is also the program's texts, in a folder of its name: from that and the facts laurel import makes the same ledger, to the same root over its entries. Names of subjects are written as they are; what is personal of facts is left out unless it is asked for.",
                [
                    ("--output FOLDER|-", "a folder without such files; or standard output"),
                    ("--what WHAT", $"{string.Join(", ", Whats)}; default: {All}"),
                    ("--format FORMAT", "jsonl, csv (ledger, standings), hledger (ledger)"),
                    ("--personal", "with what is personal of facts and not erased"),
                    .. DatabaseOption.Help,
                ],
                "export wix-partner --what facts --output -"),
            command,
            (call, terminal) => Run(call.GetValue(program)!, call.GetValue(output), call.GetValue(what) ?? All, call.GetValue(format), call.GetValue(personal), database.Of(call, terminal), terminal));
    }

    private static ExitCode Run(string program, string? output, string what, string? format, bool personal, string database, Terminal terminal)
    {
        if (!Whats.Contains(what)) { throw Halt.Misuse($"there is no `{what}` to export", Choice.Among(what, Whats)); }
        if (output is null) { throw Halt.Misuse("export needs a place to write to", "Name a folder with --output, or - for standard output."); }
        if (output == StandardOutput && what == All) { throw Halt.Misuse("standard output takes one thing", "Say with --what which; or name a folder."); }
        if (format is not null && !FormatsOf(what).Contains(format)) { throw Halt.Misuse($"{(what == All ? "nothing" : what)} has no format `{format}`", Choice.Among(format, FormatsOf(what))); }
        try { Export(program, output, what, format, personal, database, terminal).GetAwaiter().GetResult(); }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
        return ExitCode.Fine;
    }

    private static async Task Export(string program, string output, string what, string? format, bool personal, string database, Terminal terminal)
    {
        var shelf = await Shelf.OpenToRead(database, terminal.Clock, terminal.Stop).ConfigureAwait(false);
        await using (shelf.ConfigureAwait(false))
        {
            var reader = shelf.Read(program) ?? throw Halt.Misuse($"the database has no program `{program}`", Choice.Among(program, shelf.Programs));
            // All of it as of one position, whatever is written meanwhile.
            var extract = what is All or Standings ? await reader.About([], whole: true, terminal.Stop).ConfigureAwait(false) : null;
            var head = extract?.Position ?? await reader.Head(terminal.Stop).ConfigureAwait(false);
            var now = Instant.Max(await reader.Now(terminal.Stop).ConfigureAwait(false), head.Recorded);
            var opened = await reader.Opened(head, now, now, terminal.Stop).ConfigureAwait(false);
            var asked = extract is null ? null : new Asked(opened, reader.BookOf(opened, now), extract.History, head, now, now, now, Under: null, Member: -1);
            if (output == StandardOutput)
            {
                await Write(terminal.Output, await Lines(reader, head, asked, what, format, personal, terminal).ConfigureAwait(false)).ConfigureAwait(false);
                return;
            }
            using var text = terminal.OpenText();
            foreach (var one in what == All ? Whats[..^1] : [what])
            {
                var of = format is not null && FormatsOf(one).Contains(format) ? format : FormatsOf(one).FirstOrDefault(f => f == Exports.JsonLines) ?? FormatsOf(one)[0];
                var (file, lines) = (Path.Combine(output, $"{one}.{(of == Exports.Hledger ? "journal" : of)}"), await Lines(reader, head, asked, one, of, personal, terminal).ConfigureAwait(false));
                var count = await Write(file, stream => Write(stream, lines)).ConfigureAwait(false);
                await text.WriteLineAsync(Plain.Text($"{file}: {Shown.Count(count, "line")}")).ConfigureAwait(false);
            }
            foreach (var (path, body) in what == All ? await Texts(reader, opened, terminal).ConfigureAwait(false) : new Dictionary<string, string>())
            {
                // What it shares with another program lies beside it, as it did where it was taken in from.
                var file = Path.GetFullPath(Path.Combine(output, program, path));
                if (!file.StartsWith(Path.GetFullPath(output) + Path.DirectorySeparatorChar, StringComparison.Ordinal)) { throw Halt.Wrong($"the program has a text `{path}`, which would be written outside of `{output}`", "Everything else is written."); }
                await Write(file, async stream =>
                {
                    await stream.WriteAsync(Terminal.Utf8.GetBytes(body)).ConfigureAwait(false);
                    return 1;
                }).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The program's texts. An edition that is being staged is a draft among them: neither ledger nor standings are by it.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> Texts(Reader reader, PartnerProgram opened, Terminal terminal)
    {
        var (files, changes) = (await reader.Texts(terminal.Stop).ConfigureAwait(false), new Dictionary<string, string?>());
        foreach (var edition in reader.Program.Editions.Where(e => opened.Find(e.Name) is null))
        {
            var path = ProgramReader.FileOf(files, edition.Name)!;
            foreach (var (file, text) in Revisions.Withdraw(path, files[path])) { changes[file] = text; }
            terminal.Say($"the edition {edition.Name} is being staged: it is exported as a draft, to be published again where the program goes");
        }
        return await reader.Texts(changes, terminal.Stop).ConfigureAwait(false);
    }

    private static IReadOnlyList<string> FormatsOf(string what) => what switch
    {
        "facts" => [Exports.JsonLines],
        "status" => ["json"],
        Standings => Exports.StandingsFormats,
        _ => Exports.LedgerFormats,
    };

    private static async Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> Lines(Reader reader, Position head, Asked? asked, string what, string? format, bool personal, Terminal terminal)
    {
        switch (what)
        {
            case "facts": return Exports.Facts(reader, head, personal, terminal.Stop);
            case "ledger": return Exports.Ledger(reader, head, at: null, format ?? Exports.JsonLines, terminal.Stop)!;
            case "status":
                var status = await reader.Status(terminal.Stop).ConfigureAwait(false);
                var opened = await reader.Openings(head, terminal.Stop).ConfigureAwait(false);
                return new[] { LinesAnswer.Json(json => StatusJson.WriteObject(json, status, opened)) }.ToAsyncEnumerable();
            default: return Exports.Standings(asked!, format ?? Exports.JsonLines)!.ToAsyncEnumerable();
        }
    }

    /// <summary>Writes a file under another name, and gives it its own when it is whole.</summary>
    private static async Task<long> Write(string file, Func<Stream, Task<long>> write)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (File.Exists(file)) { throw Halt.Misuse($"`{file}` is there already", "Name another folder, or move it away."); }
            var part = $"{file}.part";
            long written;
            var stream = new FileStream(part, FileMode.Create, FileAccess.Write);
            await using (stream.ConfigureAwait(false)) { written = await write(stream).ConfigureAwait(false); }
            File.Move(part, file);
            return written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"`{file}` can't be written: {e.Message}", "Name a folder that can be written to, with room enough."); }
    }

    private static async Task<long> Write(Stream to, IAsyncEnumerable<ReadOnlyMemory<byte>> lines)
    {
        var count = 0L;
        await foreach (var line in lines.ConfigureAwait(false))
        {
            await to.WriteAsync(line).ConfigureAwait(false);
            count++;
        }
        return count;
    }
}
