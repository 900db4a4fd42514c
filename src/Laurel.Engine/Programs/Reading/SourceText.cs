using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>A file's text, with the places in it.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    /// <summary>A text of a file; a byte order mark is not part of it, a tab is read as a space, and any other control character as U+FFFD.</summary>
    public SourceText(string file, string text)
    {
        File = file;
        Written = text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text;
        Text = Written.Any(IsControl) ? string.Concat(Written.Select(c => IsControl(c) ? '\uFFFD' : c)) : Written;
        Text = Text.Replace('\t', ' ');
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\n' || (Text[i] == '\r' && (i + 1 == Text.Length || Text[i + 1] != '\n'))) { _lineStarts.Add(i + 1); }
        }
    }

    /// <summary>The file's name, relative to the program's folder.</summary>
    public string File { get; }

    /// <summary>True for a character that moves a cursor or does worse; ends of lines and tabs are none.</summary>
    public static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    /// <summary>The text, tabs as spaces.</summary>
    public string Text { get; }

    /// <summary>The text as it was written.</summary>
    public string Written { get; }

    /// <summary>A line's text, without its end; empty where there is no such line.</summary>
    /// <param name="line">The line, from 1.</param>
    public string Line(int line)
    {
        if (line < 1 || line > _lineStarts.Count) { return ""; }
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }

    /// <summary>The place of a character and those after it.</summary>
    /// <param name="index">From 0; past the end means the end.</param>
    /// <param name="length">How many characters.</param>
    public Place At(int index, int length = 1)
    {
        index = Math.Clamp(index, 0, Text.Length);
        var line = _lineStarts.BinarySearch(index);
        if (line < 0) { line = ~line - 1; }
        return new(File, line + 1, index - _lineStarts[line] + 1, Math.Max(1, length));
    }
}
