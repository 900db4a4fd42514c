namespace Laurel.Server.Answering;

/// <summary>
/// Comma-separated values as RFC 4180 has them: a header, lines that end in CR LF, quotes where they are needed. A text that a spreadsheet
/// would take for a formula has an apostrophe before it, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection): names come from
/// outside, and whoever opens the file did not write them.
/// </summary>
internal static class Csv
{
    /// <summary>Writes a line.</summary>
    public static void Write(TextWriter to, IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first) { to.Write(','); }
            to.Write(Quoted(IsFormula(cell) ? $"'{cell}" : cell));
            first = false;
        }
        to.Write("\r\n");
    }

    private static bool IsFormula(string cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !IsNumber(cell);

    private static bool IsNumber(string cell) => cell is ['-', _, ..] && cell.Skip(1).All(c => char.IsAsciiDigit(c) || c is '.' or '/');

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
