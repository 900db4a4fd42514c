using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Explaining;

/// <summary>An explanation as indented lines, the reason under what it is the reason for.</summary>
internal static class ExplanationText
{
    private const int Width = 80;
    private const int Indent = 2;
    private const int BecauseMax = 20;

    /// <summary>Writes it.</summary>
    public static void Write(Explanation explained, PhraseBook book, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.WriteLine(terminal.Paint.Title(Headline.OfExplanation(asked)));
        text.WriteLine();
        Write(text, explained, book, terminal.Paint, 0);
    }

    /// <summary>Writes a list: a title, and under it every line with the first of its reasons.</summary>
    public static void WriteList(TextWriter text, Explanation list, PhraseBook book, Paint paint)
    {
        text.WriteLine();
        text.WriteLine(paint.Title(Plain.Line(book.Say(list.Says))));
        foreach (var line in list.Because) { Write(text, line, book, paint, 1); }
    }

    /// <summary>Writes it to a text.</summary>
    /// <param name="text">Where.</param>
    /// <param name="explained">What is explained.</param>
    /// <param name="book">Says it.</param>
    /// <param name="paint">The colours.</param>
    /// <param name="depth">How deep it stands.</param>
    public static void Write(TextWriter text, Explanation explained, PhraseBook book, Paint paint, int depth)
    {
        var (mark, painted) = explained.Mark switch
        {
            Mark.Yes => ("✓ ", paint.Good("✓ ")),
            Mark.No => ("✗ ", paint.Bad("✗ ")),
            _ => ("", ""),
        };
        var margin = new string(' ', depth * Indent);
        var lines = Columns.Fold(Plain.Line(book.Say(explained.Says)), Math.Max(Width / 2, Width - margin.Length - mark.Length));
        text.WriteLine($"{margin}{painted}{lines[0]}");
        foreach (var line in lines.Skip(1)) { text.WriteLine($"{margin}{new string(' ', mark.Length)}{line}"); }
        foreach (var because in explained.Because.Take(BecauseMax)) { Write(text, because, book, paint, depth + 1); }
        if (explained.Because.Count > BecauseMax) { text.WriteLine($"{margin}  {Shown.Count(explained.Because.Count - BecauseMax)} more: --format json has all"); }
    }
}
