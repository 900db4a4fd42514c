using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Finds a part of a scalar's text again in the source, behind quotes, escapes and folded lines.</summary>
internal static class ScalarPlaces
{
    /// <summary>The place of a part of a scalar.</summary>
    public static Place Of(YamlNode.Scalar scalar, int start, int length)
    {
        var from = Position(scalar, start);
        var to = Position(scalar, start + Math.Max(1, length));
        var place = scalar.Source.At(from, to - from);
        // A part that goes on over the line's end is marked up to there.
        var line = scalar.Source.Line(place.Line).TrimEnd();
        return place with { Length = Math.Max(1, Math.Min(place.Length, line.Length - place.Column + 1)) };
    }

    private static int Position(YamlNode.Scalar scalar, int wanted)
    {
        var source = scalar.Source.Text;
        var i = scalar.Start;
        var end = Math.Min(scalar.End, source.Length);
        var quote = i < end && !scalar.Plain && source[i] is '"' or '\'' ? source[i] : '\0';
        if (quote != '\0') { i++; }
        else if (!scalar.Plain) { i = AfterLine(source, i, end); }
        for (var t = 0; t < scalar.Text.Length && i < end; t++)
        {
            i = Align(source, i, end, scalar.Text[t]);
            if (t == wanted) { return i; }
            // White space that was folded away has no width of its own.
            if (!char.IsWhiteSpace(scalar.Text[t]) || (i < end && (char.IsWhiteSpace(source[i]) || source[i] == '\\'))) { i += Width(source, i, end, quote); }
        }
        return Math.Min(i, end);
    }

    // Indentation and line ends inside the source stand for one space or line end of the text.
    private static int Align(string source, int i, int end, char wanted)
    {
        if (i < end && (source[i] == wanted || source[i] == '\\')) { return i; }
        if (char.IsWhiteSpace(wanted)) { return i; }
        var next = i;
        while (next < end && char.IsWhiteSpace(source[next])) { next++; }
        return next < end ? next : i;
    }

    private static int Width(string source, int i, int end, char quote)
    {
        if (i >= end) { return 0; }
        if (char.IsWhiteSpace(source[i]) && source[i] != ' ') { return SkipBlank(source, i, end) - i; }
        if (quote == '\'' && source[i] == '\'') { return 2; }
        if (quote != '"' || source[i] != '\\' || i + 1 >= end) { return 1; }
        return source[i + 1] switch
        {
            'x' => 4,
            'u' => 6,
            'U' => 10,
            _ => 2,
        };
    }

    private static int SkipBlank(string source, int i, int end)
    {
        while (i < end && char.IsWhiteSpace(source[i])) { i++; }
        return i;
    }

    private static int AfterLine(string source, int i, int end)
    {
        while (i < end && source[i] != '\n') { i++; }
        return SkipBlank(source, i, end);
    }
}
