using System.Globalization;

namespace Laurel.Cli.Writing;

/// <summary>A column of a table.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Right">True for numbers.</param>
internal sealed record Column(string Title, bool Right = false);

/// <summary>
/// A table in aligned columns. The first thousand rows are gathered to find the widths; later ones are written as they come, so that
/// a table may have a million rows. On a terminal the last column folds within its width.
/// </summary>
internal sealed class Columns : IDisposable
{
    private const int GatheredMax = 1000;
    private const string Gap = "  ";
    private const int LastWidthMin = 20;

    private readonly TextWriter _to;
    private readonly Paint _paint;
    private readonly int? _screenWidth;
    private readonly IReadOnlyList<Column> _columns;
    private readonly List<string[]> _gathered = [];
    private int[]? _widths;

    /// <summary>Starts a table.</summary>
    /// <param name="to">Where it is written.</param>
    /// <param name="paint">The colours.</param>
    /// <param name="screenWidth">The terminal's width; null where the text goes elsewhere.</param>
    /// <param name="columns">At least one.</param>
    public Columns(TextWriter to, Paint paint, int? screenWidth, IReadOnlyList<Column> columns) =>
        (_to, _paint, _screenWidth, _columns) = (to, paint, screenWidth, columns);

    /// <summary>Adds a row: a cell for each column.</summary>
    public void Add(params string[] cells)
    {
        for (var i = 0; i < cells.Length; i++) { cells[i] = Plain.Line(cells[i]); }
        if (_widths is not null)
        {
            Write(cells);
            return;
        }
        _gathered.Add(cells);
        if (_gathered.Count == GatheredMax) { Settle(); }
    }

    /// <summary>Writes what is gathered.</summary>
    public void Dispose()
    {
        if (_widths is null) { Settle(); }
    }

    private void Settle()
    {
        _widths = [.. _columns.Select((column, i) => Math.Max(WidthOf(column.Title), _gathered.Count == 0 ? 0 : _gathered.Max(row => WidthOf(row[i]))))];
        _to.WriteLine(_paint.Dim(Lined([.. _columns.Select(c => c.Title.ToUpperInvariant())])));
        foreach (var row in _gathered) { Write(row); }
        _gathered.Clear();
    }

    private void Write(string[] cells)
    {
        var before = _widths![..^1].Sum() + (Gap.Length * (_columns.Count - 1));
        if (_screenWidth is not { } width || width - before < LastWidthMin || _columns[^1].Right)
        {
            _to.WriteLine(Lined(cells));
            return;
        }
        var folded = Fold(cells[^1], width - before);
        _to.WriteLine(Lined([.. cells[..^1], folded[0]]));
        foreach (var line in folded.Skip(1)) { _to.WriteLine(new string(' ', before) + line); }
    }

    private string Lined(string[] cells) =>
        string.Join(Gap, cells.Select((cell, i) => Padded(cell, _widths![i], _columns[i].Right))).TrimEnd();

    /// <summary>Lines of at most this width, broken between words where there are any.</summary>
    internal static List<string> Fold(string text, int width)
    {
        var lines = new List<string>();
        while (WidthOf(text) > width)
        {
            var at = text.LastIndexOf(' ', Math.Min(width, text.Length - 1));
            if (at <= 0) { break; }
            lines.Add(text[..at]);
            text = text[(at + 1)..];
        }
        lines.Add(text);
        return lines;
    }

    private static string Padded(string cell, int width, bool right)
    {
        var spaces = new string(' ', Math.Max(0, width - WidthOf(cell)));
        return right ? spaces + cell : cell + spaces;
    }

    private static int WidthOf(string text) => System.Text.Ascii.IsValid(text) ? text.Length : new StringInfo(text).LengthInTextElements;
}
