using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace Laurel.Engine.Tests.House;

/// <summary>The reference of every key, as the JSON Schemas give it: a key's description ends with its default, and its examples are YAML.</summary>
internal sealed partial class KeyPage
{
    /// <summary>The page.</summary>
    public const string File = "docs/guide/keys.md";

    /// <summary>What stands before a key's default, at the end of its description.</summary>
    public const string Default = " Default: ";

    /// <summary>The files that a program is of: the name of each one's schema, and the title of its part of the page.</summary>
    public static readonly IReadOnlyList<(string Schema, string Title)> Files =
        [("program", "program.yaml"), ("edition", "editions/*.yaml, drafts/*.yaml"), ("scenario", "scenarios/*.yaml")];

    private const string Opening = """
        # Every key

        Written from the [JSON Schemas](../../schemas), which an editor can use too. A key without a default has to be there. How the parts play
        together is in [the program language](../language.md), how to say a particular thing in the [recipes](recipes/README.md).


        """;

    /// <summary>What may stand on anything is said once: keys of a rule that others have with the same words.</summary>
    private static readonly List<JProperty> _onAnything =
        [.. ((JObject)SchemaOf("edition")["definitions"]!["rule"]!["properties"]!).Properties().Where(key => key.Name is "says" or "source" or "unreached" or "meant")];

    private readonly StringBuilder _page = new(Opening);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    private KeyPage()
    {
    }

    /// <summary>The page's text.</summary>
    public static string Text()
    {
        var page = new KeyPage();
        page._page.Append("## On anything\n\n");
        page.WriteTable(_onAnything, []);
        foreach (var (schema, title) in Files) { page.Write(SchemaOf(schema), title); }
        return page._page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>A schema.</summary>
    public static JObject SchemaOf(string name) => JObject.Parse(Repository.Read($"schemas/{name}.schema.json"));

    /// <summary>An example as one writes it after its key.</summary>
    public static string Yaml(JToken value, bool inBraces = false) => value switch
    {
        JObject map => map.Count == 0 ? "{}" : $"{{ {string.Join(", ", map.Properties().Select(p => $"{Yaml(p.Name, inBraces: true)}: {Yaml(p.Value, inBraces: true)}"))} }}",
        // A map of one key stands in a list without braces.
        JArray list => $"[{string.Join(", ", list.Select(item => item is JObject { Count: 1 } one ? Yaml(one)[2..^2] : Yaml(item, inBraces: true)))}]",
        { Type: JTokenType.String } => Quoted((string)value!, inBraces),
        { Type: JTokenType.Boolean } => (bool)value ? "true" : "false",
        _ => value.ToString(),
    };

    private static string Quoted(string text, bool inBraces)
    {
        var isPlain = !NeedsQuotes().IsMatch(text) && !(inBraces && EndsInBraces().IsMatch(text));
        return isPlain ? text : text.Contains('"', StringComparison.Ordinal) ? $"'{text}'" : $"\"{text}\"";
    }

    private void Write(JObject schema, string title)
    {
        _page.Append($"## {title}\n\n{schema["description"]}\n\n");
        if (schema["properties"] is JObject keys) { WriteTable(Own(keys), Needed(schema)); }
        var definitions = ((JObject)schema["definitions"]!).Properties().Select(d => (JObject)d.Value).Where(d => _said.Add((string)d["title"]!)).ToList();
        foreach (var definition in definitions.OrderBy(d => d["properties"] is null ? 1 : 0)) { WriteDefinition(definition); }
    }

    private void WriteDefinition(JObject definition)
    {
        _page.Append($"### {definition["title"]}\n\n");
        if ($"{definition["title"]}." != (string?)definition["description"]) { _page.Append($"{definition["description"]}\n\n"); }
        if (definition["examples"] is JArray examples) { _page.Append($"It is {ValueOf(definition)}: {string.Join(" · ", examples.Select(e => $"`{Yaml(e)}`"))}\n\n"); }
        if (definition["properties"] is JObject keys && Own(keys).ToList() is { Count: > 0 } own) { WriteTable(own, Needed(definition)); }
    }

    private static IEnumerable<JProperty> Own(JObject keys) =>
        keys.Properties().Where(key => !_onAnything.Exists(a => a.Name == key.Name && JToken.DeepEquals(a.Value["description"], key.Value["description"])));

    private static IReadOnlyList<string> Needed(JObject schema) => [.. (schema["required"] ?? new JArray()).Select(key => (string)key!)];

    private void WriteTable(IEnumerable<JProperty> keys, IReadOnlyList<string> needed)
    {
        _page.Append("| Key | Value | Default | Meaning | Example |\n|---|---|---|---|---|\n");
        foreach (var key in keys)
        {
            var schema = (JObject)key.Value;
            var parts = ((string)schema["description"]!).Split(Default);
            var without = needed.Contains(key.Name) ? "needed" : parts.Length > 1 ? parts[1].TrimEnd('.') : "";
            var examples = string.Join("<br>", schema["examples"]!.Select(e => Code($"{key.Name}: {Yaml(e)}")));
            _page.Append($"| `{key.Name}` | {ValueOf(schema)} | {Cell(without)} | {Cell(parts[0])} | {examples} |\n");
        }
        _page.Append('\n');
    }

    private static string Code(string text) => $"`{Cell(text)}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>What may stand there, in a few words.</summary>
    private static string ValueOf(JObject schema)
    {
        if (schema["$ref"] is { } reference) { return LinkTo(schema.Root, (string)reference!); }
        if (schema["enum"] is JArray values) { return string.Join(" · ", values.Select(v => $"`{v}`")); }
        if ((schema["allOf"] ?? schema["anyOf"] ?? schema["oneOf"]) is JArray ways)
        {
            var said = ways.Cast<JObject>().Where(way => way["required"] is null || way["type"] is not null).Select(ValueOf).Distinct().ToList();
            if (said.Count > 0) { return said is [var one, var list] && list == $"list of {one}" ? $"{one}, or a list" : string.Join(" or ", said); }
        }
        return (string?)(schema["type"] is JArray types ? types[0] : schema["type"]) switch
        {
            "boolean" => "`true` · `false`",
            "integer" => "whole number",
            "number" => "number",
            "array" => schema["items"] is JObject items ? $"list of {ValueOf(items)}" : "list",
            "object" => MapOf(schema),
            _ => Patterns.GetValueOrDefault((string?)schema["pattern"] ?? "", "text"),
        };
    }

    private static string MapOf(JObject schema)
    {
        var (name, value) = schema["patternProperties"] is JObject { First: JProperty pattern } ? (Patterns.GetValueOrDefault(pattern.Name, "name"), pattern.Value) : ("name", schema["additionalProperties"]);
        return value is JObject each ? $"{name} → {ValueOf(each)}" : "keys";
    }

    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["^[a-z][a-z0-9_]*$"] = "name",
        ["^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$"] = "kind.name",
        ["^[0-9]{4}-[0-9]{2}-[0-9]{2}$"] = "date",
        ["^[0-9]{2}-[0-9]{2}$"] = "month and day",
        ["^[a-z]{2,3}(-[A-Za-z0-9-]+)?$"] = "language",
    };

    private static string LinkTo(JToken root, string reference)
    {
        var name = reference.Split('/')[^1];
        var title = (string)root["definitions"]![name]!["title"]!;
        return $"[{Article().Replace(title, "").ToLowerInvariant()}](#{NotInAnchor().Replace(title.ToLowerInvariant(), "").Replace(' ', '-')})";
    }

    [GeneratedRegex(@"^[!&*\[{""'%@`|>?-]|^[0-9.]+$|: |\s#|^(true|false|null|yes|no|on|off)$")]
    private static partial Regex NeedsQuotes();

    [GeneratedRegex(@"[,\[\]{}""]")]
    private static partial Regex EndsInBraces();

    [GeneratedRegex("^(An?|The) ")]
    private static partial Regex Article();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
