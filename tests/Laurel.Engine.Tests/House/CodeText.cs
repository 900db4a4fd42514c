using System.Text;

namespace Laurel.Engine.Tests.House;

/// <summary>C# text without its comments and texts, so that only code is left to look at; lines stay where they were.</summary>
internal static class CodeText
{
    public static string Of(string source)
    {
        var code = new StringBuilder(source.Length);
        var at = 0;
        while (at < source.Length)
        {
            var end = EndOfSkipped(source, at);
            if (end == at)
            {
                code.Append(source[at++]);
                continue;
            }
            code.Append('\n', source.AsSpan(at, end - at).Count('\n'));
            at = end;
        }
        return code.ToString();
    }

    // Where the comment or text that starts here ends; here, where none starts.
    private static int EndOfSkipped(string source, int at)
    {
        var rest = source.AsSpan(at);
        if (rest.StartsWith("//")) { return source.IndexOf('\n', at) is >= 0 and var line ? line : source.Length; }
        if (rest.StartsWith("/*")) { return After(source, "*/", at + 2); }
        if (rest[0] == '\'') { return EndOfQuoted(source, at + 1, '\''); }
        if (rest[0] != '"') { return at; }
        var quotes = rest.IndexOfAnyExcept('"');
        if (quotes < 0) { return source.Length; }
        if (quotes >= 3) { return After(source, new string('"', quotes), at + quotes); }
        return at > 0 && (source[at - 1] == '@' || (source[at - 1] == '$' && at > 1 && source[at - 2] == '@')) ? EndOfVerbatim(source, at + 1) : EndOfQuoted(source, at + 1, '"');
    }

    private static int After(string source, string mark, int from)
    {
        var found = source.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? source.Length : found + mark.Length;
    }

    private static int EndOfQuoted(string source, int at, char quote)
    {
        while (at < source.Length && source[at] != quote) { at += source[at] == '\\' ? 2 : 1; }
        return Math.Min(at + 1, source.Length);
    }

    private static int EndOfVerbatim(string source, int at)
    {
        while (at < source.Length && (source[at] != '"' || (at + 1 < source.Length && source[at + 1] == '"'))) { at += source[at] == '"' ? 2 : 1; }
        return Math.Min(at + 1, source.Length);
    }
}
