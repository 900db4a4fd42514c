using System.CommandLine;
using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Importing;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Storage;

namespace Laurel.Cli.Verbs;

/// <summary>laurel import: takes files of facts, or of rows that a mapping says the facts of, into a program.</summary>
internal static class ImportVerb
{
    private static readonly string[] Formats = ["text", "json"];

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var program = new Argument<string>("program");
        var files = new Argument<string[]>("files") { Arity = ArgumentArity.OneOrMore };
        var mapping = new Option<string[]>("--mapping") { AllowMultipleArgumentsPerToken = false };
        var (now, asTold, dryRun, strict, changed) = (new Option<bool>("--now"), new Option<bool>("--as-told"), new Option<bool>("--dry-run"), new Option<bool>("--strict"), new Option<bool>("--changed"));
        var (refusals, format, status) = (new Option<string?>(RefusalFile.Option), new Option<string?>("--format"), new Option<string?>("--status"));
        var command = new Command("import");
        command.Arguments.Add(program);
        command.Arguments.Add(files);
        foreach (var option in (Option[])[mapping, asTold, now, dryRun, strict, changed, refusals, status, format]) { command.Options.Add(option); }
        var database = new DatabaseOption(command);
        return new(
            new("import", "takes facts, or rows by a mapping, into a database", "<program> <file>… [--mapping MAPPING]",
                "Records facts in the order in which they were learnt, each once: a run that was interrupted goes on when it is started again. What is wrong with a row is told with its line and column, and stops no other. The program is one of the database, else it is taken in from its folder. docs/import.md says how a mapping is written.",
                [
                    ("--mapping MAPPING", "what rows are told as; one for all files, or for each"),
                    .. DatabaseOption.Help,
                    ("--as-told", "facts were learnt when they say; the default"),
                    ("--now", "facts are learnt now"),
                    ("--dry-run", "say what would change for each member, and keep nothing"),
                    ("--strict", "record nothing where a row is refused"),
                    ("--changed", "take a file that has changed, or whose mapping has"),
                    ("--status FILE", "then say of the program what was exported of it"),
                    ("--refusals FILE", "write every refused row there, as JSON lines"),
                    ("--format FORMAT", string.Join(", ", Formats)),
                ],
                "import wix-partner programs/wix-partner/demo.jsonl --dry-run"),
            command,
            (call, terminal) =>
            {
                if (call.GetValue(now) && call.GetValue(asTold)) { throw Halt.Misuse("--now and --as-told can't both be asked", "Leave one of them out."); }
                var form = call.GetValue(format) ?? Formats[0];
                if (!Formats.Contains(form)) { throw Halt.Misuse($"there is no format `{form}` here", Choice.Among(form, Formats)); }
                return Run(new(call.GetValue(program)!, call.GetValue(files)!, call.GetValue(mapping) ?? [], database.Of(call, terminal), !call.GetValue(now), call.GetValue(dryRun), call.GetValue(strict), call.GetValue(changed), call.GetValue(refusals), form == "json", call.GetValue(status)), terminal);
            });
    }

    private static ExitCode Run(ImportQuestion question, Terminal terminal)
    {
        question.Check();
        try { return (question.DryRun ? Try(question, terminal) : Import(question, terminal)).GetAwaiter().GetResult(); }
        catch (StorageException e) { throw Halt.Misuse(e.Message, e.Remedy); }
    }

    private static async Task<ExitCode> Import(ImportQuestion question, Terminal terminal)
    {
        var shelf = await Shelf.OpenForImport(question.Database, terminal.Clock, terminal.Stop).ConfigureAwait(false);
        await using (shelf.ConfigureAwait(false))
        {
            var (status, program) = (StatusFile.Read(question.Status), ImportProgram.Find(shelf, question.Program, terminal));
            var counts = await Run(question, program, status, terminal).ConfigureAwait(false);
            if (status is not null) { await status.Say(shelf.Find(program.Rules.Name)!, terminal).ConfigureAwait(false); }
            await Write(question, program.Rules.Name, counts, null, terminal).ConfigureAwait(false);
            return counts.Refused > 0 ? ExitCode.Wrong : ExitCode.Fine;
        }
    }

    /// <summary>Imports into a copy, and compares.</summary>
    private static async Task<ExitCode> Try(ImportQuestion question, Terminal terminal)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-");
        try
        {
            var copy = $"Data Source={Path.Combine(folder.FullName, "try.db")}";
            var name = question.Program;
            var there = await Replica.Make(question.Database, name, copy, terminal.Stop).ConfigureAwait(false);
            if (!there)
            {
                name = Asked.ReadProgram(question.Program, terminal).Name;
                there = await Replica.Make(question.Database, name, copy, terminal.Stop).ConfigureAwait(false);
            }
            var tried = await Shelf.OpenForImport(copy, terminal.Clock, terminal.Stop).ConfigureAwait(false);
            await using (tried.ConfigureAwait(false))
            {
                var counts = await Run(question, ImportProgram.Find(tried, question.Program, terminal), StatusFile.Read(question.Status), terminal).ConfigureAwait(false);
                var now = there ? await Shelf.OpenToRead(question.Database, terminal.Clock, terminal.Stop).ConfigureAwait(false) : null;
                try { await Write(question, name, counts, new(now?.Read(name), tried.Read(name)!, terminal), terminal).ConfigureAwait(false); }
                finally
                {
                    if (now is not null) { await now.DisposeAsync().ConfigureAwait(false); }
                }
                return counts.Refused > 0 ? ExitCode.Wrong : ExitCode.Fine;
            }
        }
        finally { folder.Delete(recursive: true); }
    }

    private static async Task<ImportCounts> Run(ImportQuestion question, ImportProgram program, StatusFile? status, Terminal terminal)
    {
        using var progress = new Progress(terminal.ErrorScreen);
        return await new ImportRun(question, program, status, terminal, progress).Run().ConfigureAwait(false);
    }

    private static async Task Write(ImportQuestion question, string program, ImportCounts counts, ImportChanges? changes, Terminal terminal)
    {
        if (question.Json)
        {
            var json = new Utf8JsonWriter(terminal.Output, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            await using (json.ConfigureAwait(false))
            {
                json.WriteStartObject();
                json.WriteString("program", program);
                json.WriteBoolean("dry_run", question.DryRun);
                json.WriteNumber("recorded", counts.Recorded);
                json.WriteNumber("unchanged", counts.Unchanged);
                json.WriteNumber("refused", counts.Refused);
                json.WriteNumber("later", counts.Later);
                json.WriteNumber("idle_rows", counts.Idle);
                if (changes is not null)
                {
                    json.WriteStartArray("members");
                    await changes.WriteJson(json).ConfigureAwait(false);
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            }
            terminal.Output.WriteByte((byte)'\n');
            return;
        }
        using var text = terminal.OpenText();
        var recorded = question.DryRun ? "would be recorded" : "recorded";
        var rest = string.Concat(
            counts.Unchanged > 0 ? $", {Shown.Count(counts.Unchanged)} known before" : "", counts.Refused > 0 ? $", {Shown.Count(counts.Refused)} refused" : "",
            counts.Idle > 0 ? $"; {Shown.Count(counts.Idle, "row")} of no fact" : "", counts.Later > 0 ? $"; {Shown.Count(counts.Later)} kept as learnt later than told, since the log was further" : "");
        await text.WriteLineAsync($"{Plain.Text(program)}: {Shown.Count(counts.Recorded, "fact")} {recorded}{rest}").ConfigureAwait(false);
        if (changes is not null) { await changes.WriteText(text).ConfigureAwait(false); }
    }
}
