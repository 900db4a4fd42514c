using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads what stands in a key: texts, numbers, lengths of time, dates. Each yields null where it can't, and a problem says why.</summary>
internal sealed class PlainValues(ProblemList problems)
{
    /// <summary>A text that is not empty, with its place.</summary>
    public YamlNode.Scalar? Scalar(YamlNode node, string what)
    {
        if (node is YamlNode.Scalar scalar)
        {
            if (scalar.Refused) { return null; }
            if (scalar.Text.Length > 0) { return scalar; }
            problems.Error("nothing-written", node.Place, $"{what} is empty", "Write it, or take the key out.");
            return null;
        }
        problems.Error("not-a-text", node.Place, $"{what} is a text, and this is {node.What}", "Write one text; where it has brackets, braces or `: `, put it in quotes.");
        return null;
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(YamlNode? node, string what) => node is null ? null : Scalar(node, what)?.Text;

    /// <summary>One of a few words.</summary>
    public string? OneOf(YamlNode? node, string what, params IReadOnlyList<string> words)
    {
        if (node is null || Scalar(node, what) is not { } text) { return null; }
        if (words.Contains(text.Text)) { return text.Text; }
        problems.Error("unknown-word", text.Place, $"{what} can't be `{text.Text}`", Spelling.Suggest(text.Text, words, "It is one of"));
        return null;
    }

    /// <summary>true or false.</summary>
    public bool Flag(YamlNode? node, string what) => OneOf(node, what, "true", "false") == "true";

    /// <summary>A whole number of a range.</summary>
    public int? Whole(YamlNode? node, string what, int least, int most)
    {
        if (node is null || Scalar(node, what) is not { } text) { return null; }
        if (int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) { return number; }
        problems.Error("not-a-number", text.Place, $"{what} can't be `{text.Text}`", $"Write a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>An amount of a unit in whole units, as its smallest parts.</summary>
    public long? Amount(YamlNode.Scalar text, string amount, string what, Unit unit)
    {
        if (!Number.TryParse(amount, out var number))
        {
            problems.Error("not-a-number", text.Place, $"{what} can't be `{text.Text}`", $"Write a number of {unit.Name}, such as 100.");
            return null;
        }
        var parts = (Int128)number.Numerator * Power(unit.Decimals);
        if (parts % number.Denominator != 0 || parts / number.Denominator > long.MaxValue || parts < 0)
        {
            problems.Error(
                "not-a-number", text.Place, $"{what} can't be `{text.Text}`",
                $"Write a number that is not negative, with at most {unit.Decimals} digits after the point, as {unit.Name} has.");
            return null;
        }
        return (long)(parts / number.Denominator);
    }

    /// <summary>True once a length of time in business days was read.</summary>
    public bool HasBusinessDays { get; private set; }

    /// <summary>Reads a length of time that is not zero.</summary>
    public bool TryLength(string text, out Duration length)
    {
        if (!Duration.TryParse(text, out length) || length.IsZero) { return false; }
        HasBusinessDays |= length.BusinessDays > 0;
        return true;
    }

    /// <summary>A length of time, not zero.</summary>
    public Duration? Length(YamlNode? node, string what)
    {
        if (node is null || Scalar(node, what) is not { } text) { return null; }
        if (TryLength(text.Text, out var length)) { return length; }
        problems.Error("duration", text.Place, $"{what} is a length of time, and `{text.Text}` is none", "Write for instance `14 days`, `3 business days`, `3 months`, `1 year 6 months` or `36 hours`.");
        return null;
    }

    /// <summary>A date or an instant.</summary>
    public Instant? At(YamlNode? node, string what, Zone zone)
    {
        if (node is null || Scalar(node, what) is not { } text) { return null; }
        if (zone.TryParse(text.Text, out var at, out _)) { return at; }
        problems.Error("date", text.Place, $"{what} is a date, and `{text.Text}` is none", "Write for instance `2024-06-01`, or with a time and its offset `2024-06-01T09:00Z`.");
        return null;
    }

    /// <summary>A day that every year has, as month and day: "02-01".</summary>
    public static (int Month, int Day)? DayOfYear(string text)
    {
        if (text.Length != 5 || text[2] != '-') { return null; }
        return DateOnly.TryParseExact("2001-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? (day.Month, day.Day) : null;
    }

    /// <summary>A window of time: "this year", "last 90 days", "these 6 months".</summary>
    /// <param name="years">The years of the program's own.</param>
    public Window? Window(YamlNode? node, string what, IReadOnlyDictionary<string, NamedYear> years)
    {
        if (node is null || Scalar(node, what) is not { } text) { return null; }
        if (WindowOf(text.Text) is { } window) { return window; }
        if (text.Text.StartsWith("this ", StringComparison.Ordinal) && years.TryGetValue(text.Text[5..], out var year)) { return new(WindowKind.ThisYear, Duration.Zero) { Year = year }; }
        var own = string.Concat(years.Keys.Select(y => $"`this {y}`, "));
        problems.Error("window", text.Place, $"{what} is a window of time, and `{text.Text}` is none", $"Write `this day`, `this week`, `this month`, `this quarter`, `this half-year`, `this year`, {own}`last 90 days` or `these 6 months`.");
        return null;
    }

    /// <summary>A period by its name; null for what is none.</summary>
    public static WindowKind? PeriodOf(string text) => text switch
    {
        "day" => WindowKind.ThisDay,
        "week" => WindowKind.ThisWeek,
        "month" => WindowKind.ThisMonth,
        "quarter" => WindowKind.ThisQuarter,
        "half-year" => WindowKind.ThisHalfYear,
        "year" => WindowKind.ThisYear,
        _ => null,
    };

    /// <summary>A text, or one per language.</summary>
    public Phrase? Phrase(YamlNode? node, string what)
    {
        if (node is null) { return null; }
        if (node is not YamlNode.Map map) { return Scalar(node, what) is { } text ? Values.Phrase.Of(text.Text) : null; }
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var entry in map.Entries)
        {
            if (!IsLanguage(entry.Name))
            {
                problems.Error("language", entry.Key.Place, $"`{entry.Name}` is no language", "Write a language such as `en` or `pt-BR`; a text that has a `: ` stands in quotes.");
                continue;
            }
            if (Scalar(entry.Value, what) is { } text) { texts.Add(new(entry.Name, text.Text)); }
        }
        return texts.Count == 0 ? null : new(texts);
    }

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<YamlNode.Scalar> Texts(YamlNode? node, string what)
    {
        if (node is null) { return []; }
        var texts = new List<YamlNode.Scalar>();
        foreach (var item in Items(node))
        {
            if (Scalar(item, what) is { } text) { texts.Add(text); }
        }
        return texts;
    }

    /// <summary>The items of a list; a thing alone is a list of one.</summary>
    public static IReadOnlyList<YamlNode> Items(YamlNode node) => node is YamlNode.List list ? list.Items : [node];

    /// <summary>The names of a section and what they are given; empty where nothing is written.</summary>
    public IReadOnlyList<YamlNode.Entry> Named(YamlNode? node, string what)
    {
        if (node is null or YamlNode.Scalar { Refused: true } or YamlNode.Scalar { Plain: true, Text: "" }) { return []; }
        if (node is YamlNode.Map map) { return map.Entries; }
        problems.Error("not-a-map", node.Place, $"{what} is a map from names, and this is {node.What}", "Write `name: …`, one under the other.");
        return [];
    }

    /// <summary><c>says</c>, <c>source</c>, <c>unreached</c> and <c>meant</c>.</summary>
    public Documentation Doc(Keyed keys) =>
        new(Phrase(keys.Find("says"), "`says`"), Text(keys.Find("source"), "`source`"), keys.Place) { Unreached = Text(keys.Find("unreached"), "`unreached`"), Meant = Text(keys.Find("meant"), "`meant`") };

    private Window? WindowOf(string text)
    {
        if (text.StartsWith("this ", StringComparison.Ordinal) && PeriodOf(text[5..]) is { } period) { return new(period, Duration.Zero); }
        if (text.StartsWith("last ", StringComparison.Ordinal) && TryLength(text[5..], out var last)) { return new(WindowKind.Last, last); }
        var words = text.Split(' ');
        return words is ["these", var count, "months"] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var months) && months is > 0 and <= 1200
            ? new(WindowKind.These, new(months, 0, 0)) : null;
    }

    private static bool IsLanguage(string text) =>
        text.Length is >= 2 and <= 16 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetterLower(text[0]) && char.IsAsciiLetterLower(text[1])
        && (text.Length == 2 || text[2] == '-' || (text.Length >= 3 && char.IsAsciiLetterLower(text[2]) && (text.Length == 3 || text[3] == '-')));

    private static Int128 Power(int decimals)
    {
        Int128 power = 1;
        for (var i = 0; i < decimals; i++) { power *= 10; }
        return power;
    }
}
