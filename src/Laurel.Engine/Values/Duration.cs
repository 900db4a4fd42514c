using System.Globalization;
using System.Text;

namespace Laurel.Engine.Values;

/// <summary>
/// A length of time as people say it: "14 days", "3 business days", "3 months", "1 year", "36 hours". A <see cref="Calendar"/> adds it.
/// </summary>
/// <param name="Months">Whole months; years are twelve of them; not negative.</param>
/// <param name="Days">Whole days; weeks are seven of them; not negative.</param>
/// <param name="Micros">Microseconds; not negative.</param>
public readonly record struct Duration(int Months, int Days, long Micros)
{
    /// <summary>Days that are neither weekend nor holiday; not negative.</summary>
    public int BusinessDays { get; init; }

    /// <summary>No time at all.</summary>
    public static readonly Duration Zero;

    /// <summary>True for no time at all.</summary>
    public bool IsZero => this == Zero;

    /// <summary>Reads "14 days", "1 year 6 months", "36 hours".</summary>
    /// <returns>False where the text is not one or more pairs of a whole number, at most 100,000, and a unit.</returns>
    public static bool TryParse(string text, out Duration duration)
    {
        duration = Zero;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) { return false; }
        for (var i = 0; i < words.Length; i += 2)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 100_000) { return false; }
            var business = i + 2 < words.Length && words[i + 1] == "business";
            if (business) { i++; }
            if (i + 1 == words.Length) { return false; }
            Duration? part = words[i + 1].TrimEnd('s') switch
            {
                "day" when business => Zero with { BusinessDays = count },
                _ when business => null,
                "year" => new(count * 12, 0, 0),
                "month" => new(count, 0, 0),
                "week" => new(0, count * 7, 0),
                "day" => new(0, count, 0),
                "hour" => new(0, 0, count * 3600L * Instant.MicrosPerSecond),
                "minute" => new(0, 0, count * 60L * Instant.MicrosPerSecond),
                "second" => new(0, 0, count * Instant.MicrosPerSecond),
                _ => null,
            };
            if (part is not { } p) { return false; }
            duration = new(duration.Months + p.Months, duration.Days + p.Days, duration.Micros + p.Micros) { BusinessDays = duration.BusinessDays + p.BusinessDays };
        }
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads, largest units first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Part(Months / 12, "year");
        Part(Months % 12, "month");
        Part(Days, "day");
        Part(BusinessDays, "business day");
        Part(Micros / (3600L * Instant.MicrosPerSecond), "hour");
        Part(Micros / (60L * Instant.MicrosPerSecond) % 60, "minute");
        Part(Micros / Instant.MicrosPerSecond % 60, "second");
        return text.Length == 0 ? "0 days" : text.ToString();

        void Part(long count, string unit)
        {
            if (count == 0) { return; }
            if (text.Length > 0) { text.Append(' '); }
            text.Append(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
        }
    }
}
