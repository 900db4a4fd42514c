using System.Buffers;
using System.IO.Pipelines;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Taking;
using Laurel.Storage;

namespace Laurel.Cli.Importing;

/// <summary>
/// Takes files into a program: reads all of them, so that what is wrong is known before anything is recorded, and records the facts in the order
/// in which they were learnt.
/// </summary>
internal sealed class ImportRun(ImportQuestion question, ImportProgram program, StatusFile? status, Terminal terminal, Progress progress)
{
    private const int PieceBytes = 1 << 16;
    private const int Together = 2000;

    /// <summary>Facts of one instant are kept some microseconds apart; more than that is later.</summary>
    private const long LaterMicros = 60 * Instant.MicrosPerSecond;

    private readonly Vocabulary _vocabulary = program.Rules.Vocabulary;
    private long _idle, _recorded, _unchanged, _later;

    /// <summary>Takes them in.</summary>
    /// <exception cref="Halt">Nothing can be taken in, or not all.</exception>
    public async Task<ImportCounts> Run()
    {
        status?.Check(program.Rules);
        using var file = RefusalFile.Open(question.Refusals, [.. question.Files, .. question.Mappings, question.Status ?? ""]);
        using var spool = new FactSpool(_vocabulary);
        var refused = new RefusalNotes(terminal, file);
        var remedy = await program.RemedyOfRules(terminal.Stop).ConfigureAwait(false);
        var mappings = question.Mappings.Distinct().ToDictionary(m => m, m => MappingReader.Read(m, _vocabulary, remedy, terminal));
        var marks = await Marks().ConfigureAwait(false);
        for (var i = 0; i < question.Files.Count; i++) { Read(i, question.MappingOf(i) is { } mapping ? mappings[mapping] : null, spool, refused); }
        if (question.AsTold) { spool.Sort(); }
        try
        {
            if (question.Strict && refused.Count > 0) { throw Halt.Wrong($"{Shown.Count(refused.Count, "row")} refused, and --strict allows none: nothing is recorded", "Correct them, or leave out --strict to go on without them."); }
            var lane = await program.TakeIn(status?.Status, terminal.Stop).ConfigureAwait(false);
            if (status is not null) { lane.OpenedThere = status.Opened; }
            var imports = program.Imports!;
            foreach (var (name, length, digest, mapping) in marks) { await imports.Begin(name, length, digest, mapping, terminal.Stop).ConfigureAwait(false); }
            await Record(lane, spool, refused).ConfigureAwait(false);
            foreach (var (name, _, _, _) in marks) { await imports.End(name, terminal.Stop).ConfigureAwait(false); }
        }
        finally
        {
            progress.Pause();
            refused.Report("row");
            file?.Close();
        }
        if (refused.Count > 0 && marks.Count > 0 && !question.DryRun) { terminal.Say("a file that is corrected is another one: import it with --changed, and what is missing is recorded"); }
        return new(_recorded, _unchanged, _later, refused.Count, _idle);
    }

    /// <summary>What the files and their mappings are now; a file that was imported before must still be what it was, or have more at its end, and its mapping the same.</summary>
    private async Task<List<(string Name, long Length, byte[] Digest, byte[] Mapping)>> Marks()
    {
        var marks = new List<(string, long, byte[], byte[])>();
        foreach (var (file, mapping) in question.Files.Select((file, i) => (file, question.MappingOf(i))).Where(f => f.file != FactFiles.StandardInput))
        {
            var name = ImportQuestion.NameOf(file);
            var before = program.Imports is { } imports ? await imports.Find(name, terminal.Stop).ConfigureAwait(false) : null;
            var (length, digest, start) = FileMark.Of(file, before?.Length ?? 0, terminal.Stop);
            if (before is not null && !before.Digest.SequenceEqual(start) && !question.Changed)
            {
                throw Halt.Misuse(
                    $"`{file}` is not the file `{name}` that was imported on {Shown.Date(before.Started, _vocabulary.Zone)}: of what it was then something is other or gone",
                    "Nothing is recorded. Give it another name where it is another file. Otherwise correct what was told by facts of its own; or say --changed, and its new rows are recorded, and those refused whose key is known and that say something else.");
            }
            var mapped = mapping is null ? [] : FileMark.Of(mapping, 0, terminal.Stop).Digest;
            if (before?.Mapping?.SequenceEqual(mapped) == false && !question.Changed)
            {
                throw Halt.Misuse(
                    $"`{file}` was imported on {Shown.Date(before.Started, _vocabulary.Zone)}, and not {(mapping is null ? "without a mapping" : $"by the mapping `{mapping}` as it is now")}",
                    "Nothing is recorded. Take the mapping of then. Or say --changed: what is known by its source and id is not recorded again, but all of it is where the mapping gives rows another key or facts other names; --dry-run --changed says what it would record.");
            }
            if (before is { Finished: null }) { terminal.Say($"the import of {name} that began on {Shown.Date(before.Started, _vocabulary.Zone)} goes on"); }
            marks.Add((name, length, digest, mapped));
        }
        return marks;
    }

    private void Read(int index, Mapping? mapping, FactSpool spool, RefusalNotes refused)
    {
        var (file, name) = (question.Files[index], FactFiles.NameOf(question.Files[index]));
        try
        {
            using var input = file == FactFiles.StandardInput ? terminal.OpenInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, PieceBytes, FileOptions.SequentialScan);
            var (stream, isPacked) = Begun(input);
            if (isPacked) { throw Halt.Misuse($"`{name}` is packed, as gzip does it", "Unpack it, and import what was in it."); }
            if (mapping is null) { ReadFacts(stream, name, index, spool, refused); }
            else { ReadRows(stream, name, index, mapping, spool, refused); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"`{file}` can't be read: {e.Message}", ""); }
    }

    private void ReadFacts(Stream stream, string name, int index, FactSpool spool, RefusalNotes refused)
    {
        if (Path.GetExtension(name).ToLowerInvariant() is ".csv" or ".tsv") { throw Halt.Misuse($"`{name}` is CSV, and nothing says what its rows are told as", "Write a mapping, and name it with --mapping."); }
        var lines = new ParsedLines(_vocabulary, (line, fact, refusal) =>
        {
            if ((refusal ?? Intake.RefuseOwn(fact!, line)) is { } wrong) { refused.Add(RefusedLine.Of(name, wrong)); }
            else { spool.Add(fact!, index, line); }
        });
        var piece = new byte[PieceBytes];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            Pass(stream);
            lines.Feed(piece.AsSpan(0, read));
        }
        lines.Finish();
    }

    private void ReadRows(Stream stream, string name, int index, Mapping mapping, FactSpool spool, RefusalNotes refused)
    {
        var facts = new RowFacts(name, mapping, _vocabulary);
        void Wrong(long line, string code, string message, string remedy) =>
            refused.Add(new(name, line, 0, code, "", "", message, remedy, new(Severity.Error, code, new(name, (int)Math.Min(line, int.MaxValue), 1), message, remedy)));
        foreach (var row in RowFiles.Read(stream, name, mapping, Wrong))
        {
            Pass(stream);
            var (made, wrong) = facts.Of(row);
            foreach (var refusing in wrong) { refused.Add(refusing); }
            foreach (var fact in made) { spool.Add(fact, index, row.Line); }
        }
        _idle += facts.Idle;
    }

    /// <summary>A stream at its beginning, and whether gzip wrote it; of what comes through a pipe the first bytes are kept for whoever reads it. <see href="https://www.rfc-editor.org/rfc/rfc1952#page-5"/></summary>
    private static (Stream Stream, bool IsPacked) Begun(Stream input)
    {
        if (input.CanSeek)
        {
            var isPacked = input.ReadByte() == 0x1F && input.ReadByte() == 0x8B;
            input.Position = 0;
            return (input, isPacked);
        }
        var pipe = PipeReader.Create(input);
        var begun = pipe.ReadAtLeastAsync(2).AsTask().GetAwaiter().GetResult().Buffer;
        var isGzip = begun.Length >= 2 && begun.Slice(0, 2).ToArray() is [0x1F, 0x8B];
        pipe.AdvanceTo(begun.Start);
        return (pipe.AsStream(), isGzip);
    }

    private void Pass(Stream stream)
    {
        terminal.Stop.ThrowIfCancellationRequested();
        if (stream.CanSeek) { progress.Report("reading", stream.Position, stream.Length); }
    }

    private async Task Record(Lane lane, FactSpool spool, RefusalNotes refused)
    {
        try
        {
            foreach (var facts in spool.Read(Together))
            {
                terminal.Stop.ThrowIfCancellationRequested();
                Count(facts, (await lane.Record([.. facts.Select(f => f.Fact)], question.AsTold, keep: null, terminal.Stop).ConfigureAwait(false)).Value, refused);
                progress.Report("recording", _recorded + _unchanged, spool.Count);
            }
            if (status is not null && question.AsTold) { await lane.OpenAsThere(terminal.Stop).ConfigureAwait(false); }
        }
        catch (OperationCanceledException)
        {
            terminal.Say(question.DryRun ? "nothing is recorded" : $"{Shown.Count(_recorded, "fact")} {(_recorded == 1 ? "is" : "are")} recorded; the same call records the rest");
            throw;
        }
        catch (Exception e) when (e is LaneLostException or LaneElsewhereException)
        {
            throw Halt.Wrong(
                $"{lane.Program.Name} is written by another: a server has the database, or another import runs",
                "What was recorded before stays. Stop the other one and start the import again, which records the rest; or send the facts to the server: POST facts with as-told=true.");
        }
        catch (ArchivedException e) { throw Halt.Wrong(e.Message, "Take it out of the archive first: DELETE archive, at its server."); }
        catch (StorageRefusedException e) { throw Halt.Wrong($"{e.Message}; what was recorded before stays", "Make room, and start the import again: it records the rest."); }
    }

    private void Count(IReadOnlyList<(FactSpool.Place Place, Fact Fact)> facts, IReadOnlyList<Receipt> receipts, RefusalNotes refused)
    {
        for (var i = 0; i < facts.Count; i++)
        {
            switch (receipts[i])
            {
                case Receipt.Recorded recorded:
                    _recorded++;
                    if (question.AsTold && recorded.At.Micros - facts[i].Place.Learnt > LaterMicros) { _later++; }
                    break;
                case Receipt.Unchanged:
                    _unchanged++;
                    break;
                case Receipt.Refused { Refusal: var refusal }:
                    refused.Add(RefusedLine.Of(FactFiles.NameOf(question.Files[facts[i].Place.File]), refusal with { Line = facts[i].Place.Line, Column = 0, Excerpt = "" }));
                    break;
            }
        }
    }
}
