using System.Globalization;
using Laurel.Engine.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Laurel.Cli.Samples;

/// <summary>A sample.yaml as nodes, and all that is wrong with it.</summary>
internal sealed class SampleYaml(string file)
{
    private const int DepthMax = 20;

    private readonly List<Problem> _problems = [];
    private string[] _lines = [];

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Reads the text.</summary>
    /// <returns>Null where it is no YAML map.</returns>
    public YamlMappingNode? Parse(string text)
    {
        _lines = text.ReplaceLineEndings("\n").Split('\n');
        try
        {
            if (!IsPlain(text)) { return null; }
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) { return root; }
            Wrong(new Mark(0, 1, 1), "this is no map of keys", "Write the keys of a sample, each on a line of its own.");
        }
        catch (YamlException e)
        {
            Wrong(e.Start, $"this is not YAML: {e.InnerException?.Message ?? e.Message}", "Look at this line and the one before it: the indentation, the brackets, the quotes, a key that is there twice.");
        }
        return null;
    }

    /// <summary>Something is wrong.</summary>
    public void Wrong(YamlNode node, string message, string remedy) => Wrong(node.Start, message, remedy);

    private void Wrong(Mark at, string message, string remedy)
    {
        var line = (int)at.Line;
        _problems.Add(new(Severity.Error, "sample", new(file, line, (int)at.Column), message, remedy, line >= 1 && line <= _lines.Length ? _lines[line - 1] : ""));
    }

    /// <summary>Looks at a text before it becomes nodes: whoever nests deep, or refers to nodes, means harm.</summary>
    private bool IsPlain(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext(); depth += parser.Current!.NestingIncrease)
        {
            if (parser.Current is AnchorAlias)
            {
                Wrong(parser.Current.Start, "an alias (`*`)", "Write the value itself.");
                return false;
            }
            if (depth <= DepthMax) { continue; }
            Wrong(parser.Current!.Start, $"nested deeper than {DepthMax} levels", "Write it flatter.");
            return false;
        }
        return true;
    }

    /// <summary>The entries of a map; none, and a problem, where it is something else.</summary>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node)
    {
        if (node is YamlMappingNode map)
        {
            foreach (var key in map.Children.Keys.Where(key => key is not YamlScalarNode { Value: not null })) { Wrong(key, "a key is a name", "Write a name before the colon."); }
            return map.Children.Where(pair => pair.Key is YamlScalarNode { Value: not null }).Select(pair => ((YamlScalarNode)pair.Key, pair.Value));
        }
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
