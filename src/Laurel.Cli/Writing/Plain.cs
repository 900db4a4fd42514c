using System.Globalization;
using System.Text;

namespace Laurel.Cli.Writing;

/// <summary>Text from files as a terminal may have it: what would move its cursor or turn its letters around is spelled out.</summary>
internal static class Plain
{
    /// <summary>A text of one or more lines.</summary>
    public static string Text(string text) => text.Any(c => c != '\n' && IsUnprintable(c)) ? Spell(text, lines: true) : text;

    /// <summary>A text that stays on its line.</summary>
    public static string Line(string text) => text.Any(IsUnprintable) ? Spell(text, lines: false) : text;

    private static string Spell(string text, bool lines)
    {
        var spelled = new StringBuilder();
        foreach (var c in text)
        {
            if ((lines && c == '\n') || !IsUnprintable(c)) { spelled.Append(c); }
            else { spelled.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); }
        }
        return spelled.ToString();
    }

    private static bool IsUnprintable(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
