using System.Text;

namespace Laurel.Engine.Values;

/// <summary>Where in a text: a file and a line and column from 1; a line of 0 means the file as a whole.</summary>
public readonly record struct Place(string File, int Line, int Column, int Length = 1);

/// <summary>How bad a problem is.</summary>
public enum Severity
{
    /// <summary>The thing can't be used as it is.</summary>
    Error,

    /// <summary>It can be used, and probably does not mean what was meant.</summary>
    Warning,
}

/// <summary>Something wrong with a text that a person wrote: what, where, and what to do.</summary>
/// <param name="Severity">How bad.</param>
/// <param name="Code">A stable name for scripts, such as "unknown-key".</param>
/// <param name="Place">Where.</param>
/// <param name="Message">What is wrong; one sentence without a full stop.</param>
/// <param name="Remedy">What to do about it; full sentences.</param>
/// <param name="Excerpt">The line in question, or a part of it, or empty.</param>
/// <param name="ExcerptStart">How many characters of the line come before the excerpt.</param>
public sealed record Problem(Severity Severity, string Code, Place Place, string Message, string Remedy, string Excerpt = "", int ExcerptStart = 0)
{
    private const int ShownMax = 160;

    /// <summary>The problem as compilers print it: place, message, the line with a mark under it, the remedy.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Place.File);
        if (Place.Line > 0) { text.Append(System.Globalization.CultureInfo.InvariantCulture, $":{Place.Line}:{Place.Column}"); }
        text.Append(Severity == Severity.Error ? ": error: " : ": warning: ").Append(Message).Append('\n');
        if (Excerpt.Length > 0)
        {
            var number = Place.Line.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(5);
            var column = Place.Column - ExcerptStart;
            var from = Excerpt.Length <= ShownMax ? 0 : Math.Clamp(column - (ShownMax / 2), 0, Excerpt.Length - ShownMax);
            var shown = Excerpt.AsSpan(from, Math.Min(ShownMax, Excerpt.Length));
            text.Append(number).Append(" | ").Append(shown).Append('\n');
            var before = Math.Max(0, column - from - 1);
            text.Append("      | ").Append(' ', before).Append('^', Math.Max(1, Math.Min(Place.Length, shown.Length - before))).Append('\n');
        }
        return text.Append(Remedy).ToString();
    }
}
