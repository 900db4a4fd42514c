using Laurel.Engine.Explaining;
using Laurel.Engine.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using Mark = YamlDotNet.Core.Mark;

namespace Laurel.Cli.Reading;

/// <summary>A YAML text as nodes, and all that is wrong with it.</summary>
/// <param name="file">Its file, as people call it.</param>
/// <param name="code">What its problems are called by scripts.</param>
internal class YamlText(string file, string code)
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
            Wrong(new Mark(0, 1, 1), "this is no map of keys", "Write keys, each on a line of its own.");
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
        _problems.Add(new(Severity.Error, code, new(file, line, (int)at.Column), message, remedy, line >= 1 && line <= _lines.Length ? _lines[line - 1] : ""));
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
            if (!keys.Contains(key.Value!)) { Wrong(key, $"`{key.Value}` means nothing here", Choice.Among(key.Value!, keys.ToArray())); }
        }
    }
}
