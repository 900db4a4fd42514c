using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Reading;

/// <summary>What reading facts came to.</summary>
/// <param name="History">The facts that were recorded.</param>
/// <param name="Refused">How many lines were refused.</param>
internal sealed record FactIntake(History History, long Refused);

/// <summary>Reads files of facts in pieces, so that a file may be larger than memory; says what was refused, and why.</summary>
internal sealed class FactFiles
{
    private const int PieceBytes = 1 << 18;
    /// <summary>How a call names standard input.</summary>
    public const string StandardInput = "-";


    private readonly Terminal _terminal;
    private readonly Progress _progress;
    private readonly HistoryBuilder _history;
    private readonly RefusalNotes _refused;
    private long _unchanged;

    private FactFiles(Vocabulary vocabulary, Terminal terminal, Progress progress, RefusalFile? all) =>
        (_history, _terminal, _progress, _refused) = (new(vocabulary), terminal, progress, new(terminal, all));

    /// <summary>Reads files in turn as one log.</summary>
    /// <param name="vocabulary">What can be told.</param>
    /// <param name="files">"-" is standard input; none is standard input too.</param>
    /// <param name="refusals">The file for all refusals; null for none.</param>
    /// <param name="terminal">Where refusals are shown.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <exception cref="Halt">A file is not there or can't be read.</exception>
    public static FactIntake Read(Vocabulary vocabulary, IReadOnlyList<string> files, string? refusals, Terminal terminal, Progress progress)
    {
        if (files.Count == 0) { files = [StandardInput]; }
        CheckAll(files, "JSON lines");
        using var all = RefusalFile.Open(refusals, files);
        var reading = new FactFiles(vocabulary, terminal, progress, all);
        foreach (var file in files) { reading.Read(file); }
        all?.Close();
        progress.Pause();
        var history = reading._history.Build();
        reading.Report(history);
        return new(history, reading._refused.Count);
    }

    /// <summary>All files are looked for before the first is read, which may take minutes.</summary>
    /// <param name="files">The files.</param>
    /// <param name="forms">How they may be written.</param>
    /// <exception cref="Halt">One is not there.</exception>
    public static void CheckAll(IReadOnlyList<string> files, string forms)
    {
        foreach (var file in files)
        {
            if (file == StandardInput || File.Exists(file)) { continue; }
            throw Halt.Misuse(Directory.Exists(file) ? $"`{file}` is a folder, and facts are a file" : $"there is no file `{file}`", $"Name a file of {forms}, or - for standard input.");
        }
        if (files.Count(f => f == StandardInput) > 1) { throw Halt.Misuse("standard input can be read only once", "Write - once."); }
    }

    private void Read(string file)
    {
        var lines = new FactLines(_history, refusal => _refused.Add(RefusedLine.Of(NameOf(file), refusal)));
        try
        {
            using var stream = file == StandardInput ? _terminal.OpenInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
            var total = stream.CanSeek ? stream.Length : 0;
            var piece = new byte[PieceBytes];
            var done = 0L;
            for (int read; (read = stream.Read(piece)) > 0;)
            {
                _terminal.Stop.ThrowIfCancellationRequested();
                lines.Feed(piece.AsSpan(0, read));
                _progress.Report("reading facts", done += read, total);
            }
            lines.Finish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Halt.Misuse($"`{file}` can't be read: {e.Message}", "");
        }
        _unchanged += lines.Unchanged;
    }

    /// <summary>A file as people call it.</summary>
    public static string NameOf(string file) => file == StandardInput ? "standard input" : file;

    private void Report(History history)
    {
        _refused.Report("fact");
        if (_unchanged > 0) { _terminal.Say($"{Shown.Count(_unchanged, "fact")} told twice: nothing changed by that"); }
        if (_history.OutOfOrder > 0)
        {
            _terminal.Say($"{Shown.Count(_history.OutOfOrder, "fact")} came after one that was learnt later (the first on line {_history.FirstOutOfOrder}): they are put in order");
        }
        SayVain(history);
        if (_history.Count == 0) { _terminal.Say("there are no facts"); }
    }

    /// <summary>Retractions of what nobody told are no error, since it may still come; but a name that is written wrong looks the same.</summary>
    private void SayVain(History history)
    {
        var vain = history.FactsOfNobody;
        if (vain.Count == 0) { return; }
        var retraction = history.FactOf(vain[0]);
        _terminal.Say($"{Shown.Count(vain.Count, "retraction")} of what nobody told: nothing changed by that (`{retraction.Id}` names the id `{retraction["id"]}` of `{retraction["source"]}`)");
    }
}
