namespace Laurel.Cli.Writing;

/// <summary>Comma-separated values as RFC 4180 has them: a header, lines that end in CR LF, quotes where they are needed.</summary>
internal static class Csv
{
    /// <summary>Writes a line.</summary>
    public static void Write(TextWriter to, IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first) { to.Write(','); }
            to.Write(Quoted(cell));
            first = false;
        }
        to.Write("\r\n");
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
