using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>A map whose keys are known beforehand.</summary>
internal sealed class Keyed
{
    private readonly YamlNode.Map _map;
    private readonly IReadOnlyList<string> _keys;
    private readonly ProblemList _problems;
    private readonly string _what;

    private Keyed(YamlNode.Map map, Place place, string what, IReadOnlyList<string> keys, ProblemList problems)
    {
        _map = map;
        _keys = keys;
        _what = what;
        _problems = problems;
        Place = place;
    }

    /// <summary>Where the thing is named.</summary>
    public Place Place { get; }

    /// <summary>Takes a map, and tells of unknown keys.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="place">Where the thing is named.</param>
    /// <param name="what">What it is, for messages: "a rule".</param>
    /// <param name="keys">The keys that there are.</param>
    /// <returns>Null where it is no map, and a problem says so.</returns>
    public static Keyed? Of(YamlNode node, Place place, string what, IReadOnlyList<string> keys, ProblemList problems)
    {
        if (node is YamlNode.Scalar { Refused: true }) { return null; }
        if (node is not YamlNode.Map map)
        {
            if (node is not YamlNode.Scalar { Plain: true, Text: "" })
            {
                problems.Error("not-a-map", node.Place, $"{what} is a map of keys, and this is {node.What}", $"The keys are {List(keys)}.");
                return null;
            }
            map = new(node.Place, [], Flow: false);
        }
        YamlNode.Entry? before = null;
        foreach (var entry in map.Entries)
        {
            if (!keys.Contains(entry.Name)) { Unknown(entry, before, map.Flow, what, keys, problems); }
            before = entry;
        }
        return new(map, place, what, keys, problems);
    }

    /// <summary>The value of a key; null where it is not written.</summary>
    public YamlNode? Find(string key) => _map.Find(key);

    /// <summary>The value of a key; null, and a problem, where it is not written.</summary>
    public YamlNode? Need(string key)
    {
        var node = _map.Find(key);
        if (node is null && !IsMisspelt(key)) { _problems.Error("missing-key", Place, $"{_what} needs the key `{key}`", $"Write `{key}: …` here."); }
        return node;
    }

    /// <summary>True where a key that is not there is probably one of those that mean nothing here, which was said.</summary>
    public bool IsMisspelt(string key) => _map.Find(key) is null && _map.Entries.Any(entry => !_keys.Contains(entry.Name) && Nearest.To(entry.Name, _keys) == key);

    /// <summary>Where a key is written; where the thing is named if it is not.</summary>
    public Place PlaceOf(string key)
    {
        foreach (var entry in _map.Entries)
        {
            if (entry.Name == key) { return entry.Key.Place; }
        }
        return Place;
    }

    private static void Unknown(YamlNode.Entry entry, YamlNode.Entry? before, bool flow, string what, IReadOnlyList<string> keys, ProblemList problems)
    {
        if (flow && before is not null && entry.Value is YamlNode.Scalar { Text: "", Plain: true } && !Names.IsName(entry.Name.Replace('-', '_')))
        {
            problems.Error(
                "swallowed-condition", entry.Key.Place, $"YAML reads this part of `{before.Name}` as a key of its own",
                "Put the condition in quotes: inside braces a comma or a bracket ends a text.");
            return;
        }
        problems.Error("unknown-key", entry.Key.Place, $"{what} has no key `{entry.Name}`", Spelling.Suggest(entry.Name, keys, "The keys here are"));
    }

    private static string List(IReadOnlyList<string> keys) => string.Join(", ", keys.Select(k => $"`{k}`"));
}
