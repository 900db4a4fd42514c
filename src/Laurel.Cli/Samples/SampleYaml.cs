using System.Globalization;
using Laurel.Cli.Reading;
using Laurel.Engine.Values;
using YamlDotNet.RepresentationModel;

namespace Laurel.Cli.Samples;

/// <summary>A sample.yaml as nodes, and all that is wrong with it.</summary>
internal sealed class SampleYaml(string file) : YamlText(file, "sample")
{
    /// <summary>A day, its first instant in UTC.</summary>
    public Instant Day(YamlNode map, string key)
    {
        if (Needed(map, key) is not { } node) { return default; }
        if (Zone.Utc.TryParse(Text(node), out var at, out var isDate) && isDate) { return at; }
        Wrong(node, "this is no date", "Write a date such as 2020-01-01.");
        return default;
    }

    /// <summary>A share such as "70%" or "0.5%", of 10,000.</summary>
    public int Share(YamlNode map, string key)
    {
        if (Needed(map, key) is not { } node) { return 0; }
        var text = Text(node);
        if (text.EndsWith('%') && decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100 && percent * 100 % 1 == 0)
        {
            return (int)(percent * 100);
        }
        Wrong(node, "this is no share", "Write a share such as 70% or 0.05%.");
        return 0;
    }

    /// <summary>A length of time such as "14 days" or "1..40 days".</summary>
    public SampleWait Wait(YamlNode map, string key)
    {
        if (Needed(map, key) is not { } node) { return default; }
        var words = Text(node).Split(' ');
        var seconds = words.Length != 2 ? 0 : words[1].TrimEnd('s') switch { "minute" => 60, "hour" => 3600, "day" => 86_400, _ => 0 };
        var ends = words[0].Split("..");
        if (seconds > 0 && ends.Length <= 2 && Whole(ends[0], out var min) && Whole(ends[^1], out var max) && min <= max) { return new(min * seconds, max * seconds); }
        Wrong(node, "this is no length of time", "Write one such as 14 days, or 1..40 days; or hours, or minutes.");
        return default;
    }

    /// <summary>A weight, 1 to 100,000.</summary>
    public int Weight(YamlNode node)
    {
        if (Whole(Text(node), out var weight) && weight > 0) { return (int)weight; }
        Wrong(node, "this is no weight", "Write a whole number from 1 to 100,000.");
        return 1;
    }

    private static bool Whole(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 100_000;
}
