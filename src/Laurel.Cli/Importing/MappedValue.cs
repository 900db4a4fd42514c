using System.Globalization;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Cli.Importing;

/// <summary>Something of a fact, made of what stands in a row.</summary>
/// <param name="Parts">Texts and columns in turn: what is written, and what stands in them.</param>
internal sealed record MappedValue(IReadOnlyList<(string Text, bool IsColumn)> Parts)
{
    /// <summary>The days from 1970, as counted by machines.</summary>
    private const string UnixSeconds = "unix", UnixMillis = "unix-ms";

    private const string ThousandsMarks = ".,'’";

    /// <summary>What is shown of a personal value.</summary>
    public const string Withheld = "a personal value";

    /// <summary>What becomes of what stands there; null where it is taken as it is.</summary>
    public IReadOnlyDictionary<string, string>? Translations { get; init; }

    /// <summary>What becomes of what has no translation; null where that is refused.</summary>
    public string? Else { get; init; }

    /// <summary>How dates and times are written: patterns of .NET, or a count since 1970; null where they are written as facts have them.</summary>
    public IReadOnlyList<string>? Dates { get; init; }

    /// <summary>The zone of times that say none.</summary>
    public Zone Zone { get; init; } = Zone.Utc;

    /// <summary>What stands before the decimals of a number; null where numbers are written as facts have them.</summary>
    public char? DecimalMark { get; init; }

    /// <summary>True where it is personal: what stands there is shown nowhere.</summary>
    public bool Personal { get; init; }

    /// <summary>The columns that it reads.</summary>
    public IEnumerable<string> Columns => Parts.Where(p => p.IsColumn).Select(p => p.Text);

    /// <summary>The columns as people name them in a sentence.</summary>
    public string Named => string.Join(", ", Columns.Select(c => $"`{c}`"));

    /// <summary>True where a pattern is one by which dates can be read.</summary>
    public static bool IsDatePattern(string pattern)
    {
        if (pattern is UnixSeconds or UnixMillis) { return true; }
        try
        {
            // A day on which nothing looks like anything else.
            var sample = new DateTimeOffset(2003, 11, 29, 0, 0, 0, TimeSpan.Zero).ToString(pattern, CultureInfo.InvariantCulture);
            return DateTimeOffset.TryParseExact(sample, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) && read is { Year: 2003, Month: 11, Day: 29 };
        }
        catch (FormatException) { return false; }
    }

    /// <summary>What stands in a row, put together; empty where nothing stands in any of its columns.</summary>
    public string Text(Row row)
    {
        if (Parts is [var (only, isColumn)]) { return isColumn ? row[only] : only; }
        if (Columns.Any() && Columns.All(c => row[c].Length == 0)) { return ""; }
        return string.Concat(Parts.Select(p => p.IsColumn ? row[p.Text] : p.Text));
    }

    /// <summary>The value of a row, as facts have it; null where there is none, or where something is wrong.</summary>
    /// <param name="row">The row.</param>
    /// <param name="wrong">What is wrong; null where nothing is.</param>
    public string? Read(Row row, out (RefusalCode Code, string Message, string Remedy)? wrong)
    {
        wrong = null;
        var text = Text(row);
        if (Translations is { } translations)
        {
            if (translations.TryGetValue(text, out var told)) { text = told; }
            else if (text.Length == 0) { return null; }
            else if (Else is null)
            {
                wrong = (RefusalCode.UnknownValue, $"{Shown(text)} has no translation in the mapping", $"{Choice.Among(text, translations.Keys)} Add it to `values`, or say with `else` what all others are.");
                return null;
            }
            else { text = Else; }
        }
        if (text.Length == 0) { return null; }
        if (Dates is { } dates) { return ReadDate(text, dates, out wrong); }
        return DecimalMark is { } mark ? ReadNumber(text, mark, out wrong) : text;
    }

    private string Shown(string text) => Personal ? Withheld : $"`{text}`";

    private string? ReadDate(string text, IReadOnlyList<string> patterns, out (RefusalCode, string, string)? wrong)
    {
        wrong = null;
        foreach (var pattern in patterns)
        {
            if (pattern is UnixSeconds or UnixMillis)
            {
                if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)) { continue; }
                var scale = pattern == UnixSeconds ? Instant.MicrosPerSecond : 1000;
                if (Math.Abs(count) < long.MaxValue / scale && new Instant((long)(count * scale)) is { IsReal: true } at) { return at.ToString(); }
            }
            else if (DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)) { return Written(time, pattern); }
        }
        wrong = (RefusalCode.InvalidTime, $"{Shown(text)} is no date as {string.Join(" or ", patterns.Select(p => $"`{p}`"))}", "Correct it, or add how it is written to `date` in the mapping.");
        return null;
    }

    /// <summary>A date alone as a date, since it is the program's that it is a day of; a time with its zone.</summary>
    private string Written(DateTime time, string pattern)
    {
        if (!pattern.Any(c => c is 'H' or 'h')) { return time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture); }
        return time.Kind == DateTimeKind.Utc ? new Instant((time.Ticks / 10) + Instant.First.Micros).ToString() : Zone.At(DateOnly.FromDateTime(time), TimeOnly.FromDateTime(time)).ToString();
    }

    /// <summary>A number without the marks between its thousands, and with a point before its decimals.</summary>
    private string? ReadNumber(string text, char mark, out (RefusalCode, string, string)? wrong)
    {
        wrong = null;
        var (sign, rest) = text is ['+' or '-', ..] ? (text[0] == '-' ? "-" : "", text[1..]) : ("", text);
        var at = rest.IndexOf(mark, StringComparison.Ordinal);
        var (whole, decimals) = at < 0 ? (rest, "") : (rest[..at], $".{rest[(at + 1)..]}");
        var groups = string.Concat(whole.Trim().Select(c => char.IsWhiteSpace(c) || ThousandsMarks.Contains(c) ? ' ' : c)).Split(' ');
        var number = $"{sign}{string.Concat(groups)}{decimals}";
        if (AreThousands(groups) && decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) { return number; }
        wrong = (RefusalCode.WrongType, $"{Shown(text)} is no number with `{mark}` before its decimals", "Correct it; a currency or a unit stands in a column of its own.");
        return null;
    }

    /// <summary>True where marks stand as between thousands. Of 12.50 with a comma before its decimals nobody knows what was meant, and 1250 was not.</summary>
    private static bool AreThousands(string[] groups) =>
        groups.Length == 1 || (groups[0].Length is 1 or 2 or 3 && groups[^1].Length == 3 && groups.Skip(1).All(g => g.Length is 2 or 3));
}
