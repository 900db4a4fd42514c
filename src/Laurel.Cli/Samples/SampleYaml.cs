using System.Globalization;
using Laurel.Engine.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Laurel.Cli.Samples;

/// <summary>A sample.yaml as nodes, and all that is wrong with it.</summary>
internal sealed class SampleYaml(string file)
{
    private readonly List<Problem> _problems = [];

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Reads the text.</summary>
    /// <returns>Null where it is no YAML map.</returns>
    public YamlMappingNode? Parse(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) { return root; }
            _problems.Add(new(Severity.Error, "sample", new(file, 1, 1), "this is no map of keys", "Write the keys of a sample, each on a line of its own."));
        }
        catch (YamlException e)
        {
            _problems.Add(new(Severity.Error, "sample", new(file, (int)e.Start.Line, (int)e.Start.Column), "this is not YAML", e.InnerException?.Message ?? e.Message));
        }
        return null;
    }

    /// <summary>Something is wrong.</summary>
    public void Wrong(YamlNode node, string message, string remedy) =>
        _problems.Add(new(Severity.Error, "sample", new(file, (int)node.Start.Line, (int)node.Start.Column), message, remedy));

    /// <summary>The entries of a map; none, and a problem, where it is something else.</summary>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node)
    {
        if (node is YamlMappingNode map) { return map.Children.Select(pair => ((YamlScalarNode)pair.Key, pair.Value)); }
        Wrong(node, "this is no map", "Write keys and values.");
        return [];
    }

    /// <summary>The items of a list; none, and a problem, where it is something else.</summary>
    public IEnumerable<YamlNode> Items(YamlNode? node)
    {
        if (node is null) { return []; }
        if (node is YamlSequenceNode list) { return list.Children; }
        Wrong(node, "this is no list", "Write a list.");
        return [];
    }

    /// <summary>The value of a key; null, and a problem, where it is not there or anything but a map is looked at.</summary>
    public YamlNode? Needed(YamlNode map, string key)
    {
        if (Find(map, key) is { } node) { return node; }
        Wrong(map, $"`{key}` is not there", "Add it.");
        return null;
    }

    /// <summary>The text of a key; empty, and a problem, where it is not there.</summary>
    public string Text(YamlNode map, string key) => Needed(map, key) is { } node ? Text(node) : "";

    /// <summary>The text of a node; empty, and a problem, where it has none.</summary>
    public string Text(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text }) { return text; }
        Wrong(node, "this is no text", "Write a text.");
        return "";
    }

    /// <summary>The value of a key; null where it is not there.</summary>
    public static YamlNode? Find(YamlNode? map, string key) =>
        map is YamlMappingNode { Children: var children } && children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    /// <summary>Tells of keys that mean nothing.</summary>
    public void Only(YamlNode map, params ReadOnlySpan<string> keys)
    {
        foreach (var (key, _) in Entries(map))
        {
            if (!keys.Contains(key.Value!)) { Wrong(key, $"`{key.Value}` means nothing here", $"Use one of {string.Join(", ", keys!)}."); }
        }
    }

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
