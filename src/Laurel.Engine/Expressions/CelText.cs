using System.Globalization;
using System.Text;

namespace Laurel.Engine.Expressions;

/// <summary>Reads texts and bytes in quotes: one or three, single or double, raw or with escapes.</summary>
internal static class CelText
{
    /// <summary>How many letters (b, r, br) stand before the quote that opens a text here; -1 where no text starts here.</summary>
    public static int PrefixLength(string text, int at)
    {
        var end = at;
        if (end < text.Length && text[end] is 'b' or 'B') { end++; }
        if (end < text.Length && text[end] is 'r' or 'R') { end++; }
        return end < text.Length && text[end] is '"' or '\'' ? end - at : -1;
    }

    /// <summary>Reads one; afterwards <paramref name="at"/> is behind it.</summary>
    public static Value Read(string text, int prefix, ref int at, List<CelProblem> problems)
    {
        var start = at;
        var bytes = prefix > 0 && text[at] is 'b' or 'B';
        var raw = prefix > 0 && text[at + prefix - 1] is 'r' or 'R';
        at += prefix;
        var quote = text[at].ToString();
        if (string.CompareOrdinal(text, at, quote + quote + quote, 0, 3) == 0) { quote += quote + quote; }
        at += quote.Length;
        var result = new List<byte>();
        while (true)
        {
            if (string.CompareOrdinal(text, at, quote, 0, quote.Length) == 0) { break; }
            if (at >= text.Length || (quote.Length == 1 && text[at] is '\n' or '\r'))
            {
                problems.Add(new(start, prefix + quote.Length, "a text is not closed", $"Write {quote} at its end.") { Kind = CelProblemKind.OpenText });
                return Finish(result, bytes);
            }
            if (text[at] == '\\' && !raw) { ReadEscape(text, ref at, bytes, result, problems); }
            else { Append(text, ref at, raw, result); }
        }
        at += quote.Length;
        return Finish(result, bytes);
    }

    private static Value Finish(List<byte> result, bool bytes) =>
        bytes ? Value.Bytes(result.ToArray()) : Value.Of(Encoding.UTF8.GetString(result.ToArray()));

    private static void Append(string text, ref int at, bool raw, List<byte> result)
    {
        // In a raw text a backslash stands for itself, and so does a quote behind it: it does not close the text.
        var length = raw && text[at] == '\\' && at + 1 < text.Length ? 2 : char.IsSurrogatePair(text, at) ? 2 : 1;
        if (raw && length == 2 && char.IsSurrogate(text[at + 1]) && text[at] == '\\') { length = 1; }
        result.AddRange(Encoding.UTF8.GetBytes(text, at, length));
        at += length;
    }

    private static void ReadEscape(string text, ref int at, bool bytes, List<byte> result, List<CelProblem> problems)
    {
        var letter = at + 1 < text.Length ? text[at + 1] : '\0';
        if ("abfnrtv\\?\"'`".IndexOf(letter, StringComparison.Ordinal) is var simple and >= 0 && letter != '\0')
        {
            result.Add((byte)"\a\b\f\n\r\t\v\\?\"'`"[simple]);
            at += 2;
            return;
        }
        var (skip, digits, numberBase) = letter switch
        {
            'x' or 'X' => (2, 2, 16),
            'u' when !bytes => (2, 4, 16),
            'U' when !bytes => (2, 8, 16),
            >= '0' and <= '3' => (1, 3, 8),
            _ => (0, 0, 0),
        };
        if (digits == 0 || !TryRead(text, at + skip, digits, numberBase, out var code) || (!bytes && !Rune.IsValid(code)))
        {
            var length = Math.Min(2, text.Length - at);
            problems.Add(new(at, length, $"`{text.Substring(at, length)}` is no escape that means anything here",
                @"Write \\ for a backslash. Escapes are \n \t \r \"" \' \\ \xFF \377, and in texts \uFFFF and \U0010FFFF for one character.")
            { Kind = CelProblemKind.BadEscape });
            at += length;
            return;
        }
        if (bytes) { result.Add((byte)code); }
        else { result.AddRange(Encoding.UTF8.GetBytes(new Rune(code).ToString())); }
        at += skip + digits;
    }

    private static bool TryRead(string text, int at, int digits, int numberBase, out int code)
    {
        code = 0;
        if (at + digits > text.Length) { return false; }
        var part = text.AsSpan(at, digits);
        if (numberBase == 16) { return int.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code); }
        foreach (var digit in part)
        {
            if (digit is < '0' or > '7') { return false; }
            code = (code * 8) + (digit - '0');
        }
        return true;
    }
}
