using System.Globalization;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Says instants, numbers and lengths of time as a language writes them.</summary>
/// <param name="sentences">The language's sentences; the formats stand among them.</param>
/// <param name="zone">The zone of dates.</param>
internal sealed class Figures(IReadOnlyDictionary<string, string> sentences, Zone zone)
{
    /// <summary>A number that has no end is said to this part.</summary>
    private const long Thousandths = 1000;

    private readonly string[] _months = sentences["time.month-names"].Split(' ');

    /// <summary>A date; with the time of day where it is neither the first nor the last instant of a day of the zone.</summary>
    public string Say(Instant at)
    {
        if (!at.IsReal) { return sentences[at == Instant.Ever ? "time.ever" : "time.never"]; }
        var date = zone.DateOf(at);
        var day = sentences["time.date"]
            .Replace("{day}", date.Day.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{month}", _months[date.Month - 1], StringComparison.Ordinal)
            .Replace("{year}", date.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (at == zone.StartOfDay(date) || at == zone.EndOfDay(date)) { return day; }
        return sentences["time.date-time"]
            .Replace("{date}", day, StringComparison.Ordinal)
            .Replace("{time}", zone.TimeOf(at).ToString("HH:mm", CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>A period of the calendar.</summary>
    public string Say(WindowKind kind, Instant starts)
    {
        var date = zone.DateOf(starts);
        var key = kind switch
        {
            WindowKind.ThisWeek => "time.week",
            WindowKind.ThisMonth => "time.month",
            WindowKind.ThisQuarter => "time.quarter",
            WindowKind.ThisHalfYear => date.Month < 7 ? "time.first-half" : "time.second-half",
            WindowKind.ThisYear => "time.year",
            _ => null,
        };
        if (key is null) { return Say(starts); }
        return sentences[key]
            .Replace("{date}", Say(starts), StringComparison.Ordinal)
            .Replace("{month}", _months[date.Month - 1], StringComparison.Ordinal)
            .Replace("{number}", (((date.Month - 1) / 3) + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{year}", date.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>A number with thousands set apart; one without an end is cut, and says so.</summary>
    /// <param name="number">The number.</param>
    /// <param name="decimals">As many digits stand after the point at least, where any do.</param>
    public string Say(Number number, int decimals = 0)
    {
        var text = number.ToString();
        return text.Contains('/', StringComparison.Ordinal)
            ? sentences["number.about"].Replace("{number}", Written(Rounded(number), decimals), StringComparison.Ordinal)
            : Written(text, decimals);
    }

    /// <summary>The parts of a length of time, the largest first; a single year is said as twelve months.</summary>
    public static IEnumerable<Message> PartsOf(Duration length)
    {
        const long minute = 60 * Instant.MicrosPerSecond;
        // "The last 18 months" can be said, "the last 1 year 6 months" can't.
        var inYears = length.Months >= 24;
        var parts = new (string Key, long Count)[]
        {
            ("time.years", inYears ? length.Months / 12 : 0), ("time.months", inYears ? length.Months % 12 : length.Months), ("time.days", length.Days), ("time.business-days", length.BusinessDays),
            ("time.hours", length.Micros / (60 * minute)), ("time.minutes", length.Micros / minute % 60), ("time.seconds", length.Micros / Instant.MicrosPerSecond % 60),
        };
        return parts.Where(p => p.Count > 0).Select(p => Message.Of(p.Key, ("count", new Number(p.Count))));
    }

    /// <summary>A number that has no end, rounded half away from zero.</summary>
    private static string Rounded(Number number)
    {
        var (quotient, remainder) = Int128.DivRem((Int128)number.Numerator * Thousandths, number.Denominator);
        if (Int128.Abs(remainder) * 2 >= number.Denominator) { quotient += number.Numerator < 0 ? -1 : 1; }
        var text = Int128.Abs(quotient).ToString("0000", CultureInfo.InvariantCulture);
        return $"{(quotient < 0 ? "-" : "")}{text[..^3]}.{text[^3..]}".TrimEnd('0').TrimEnd('.');
    }

    private string Written(string text, int decimals)
    {
        var negative = text.StartsWith('-');
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = text[(negative ? 1 : 0)..(point < 0 ? text.Length : point)];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        for (var at = whole.Length - 3; at > 0; at -= 3) { whole = whole.Insert(at, sentences["number.thousands"]); }
        if (fraction.Length > 0) { fraction = sentences["number.point"] + fraction.PadRight(decimals, '0'); }
        return (negative ? "−" : "") + whole + fraction;
    }
}
