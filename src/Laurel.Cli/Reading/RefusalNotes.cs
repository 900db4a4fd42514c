using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Cli.Reading;

/// <summary>Something in a file that was not taken, and why.</summary>
/// <param name="File">The file, as people call it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Where in the line, from 1; 0 for the line as a whole.</param>
/// <param name="Code">Why, for scripts: a <see cref="RefusalCode"/>, or what is wrong with a row.</param>
/// <param name="Field">Which part of it; empty for the line as a whole.</param>
/// <param name="Value">What stood there.</param>
/// <param name="Message">What is wrong; one sentence without a full stop.</param>
/// <param name="Remedy">What to do about it; full sentences.</param>
/// <param name="Problem">The same as it is shown.</param>
internal sealed record RefusedLine(string File, long Line, int Column, string Code, string Field, string Value, string Message, string Remedy, Problem Problem)
{
    /// <summary>A fact that was refused.</summary>
    public static RefusedLine Of(string file, Refusal refusal) =>
        new(file, refusal.Line, refusal.Column, refusal.Code.ToString(), refusal.Field, refusal.Value, refusal.Message, refusal.Remedy, refusal.ToProblem(file));
}

/// <summary>What was refused of some files: the first are shown, all are counted, and where a file was named for them all are written.</summary>
internal sealed class RefusalNotes(Terminal terminal, RefusalFile? all)
{
    private const int ShownMax = 20;

    private readonly SortedDictionary<string, long> _counts = new(Comparer<string>.Create(Before));
    private readonly List<RefusedLine> _shown = [];

    /// <summary>How many there are.</summary>
    public long Count => _counts.Values.Sum();

    /// <summary>Adds one.</summary>
    public void Add(RefusedLine refusing)
    {
        if (_shown.Count < ShownMax) { _shown.Add(refusing); }
        all?.Add(refusing);
        _counts[refusing.Code] = _counts.GetValueOrDefault(refusing.Code) + 1;
    }

    /// <summary>Shows the first of them, and says how many there are.</summary>
    /// <param name="thing">What they are: "fact".</param>
    public void Report(string thing)
    {
        foreach (var refusing in _shown) { terminal.Show(refusing.Problem); }
        if (Count == 0) { return; }
        var codes = string.Join(", ", _counts.Select(r => $"{r.Key} {Shown.Count(r.Value)}"));
        var first = Count > ShownMax ? $"; the first {ShownMax} are shown" : "";
        terminal.Say($"{Shown.Count(Count, thing)} refused{first} ({codes})");
        if (Count > ShownMax && all is null) { terminal.Say($"{RefusalFile.Option} FILE writes all of them into a file"); }
    }

    /// <summary>In the order of <see cref="RefusalCode"/>; what is none of them comes first.</summary>
    private static int Before(string a, string b) => (Place(a), a).CompareTo((Place(b), b));

    private static int Place(string code) => Enum.TryParse<RefusalCode>(code, out var known) ? (int)known : -1;
}
