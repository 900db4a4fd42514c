using System.Text.Json;
using Laurel.Engine.Values;
using Laurel.Server.Refusing;

namespace Laurel.Server.Answering;

/// <summary>Reads the fields of a JSON object one by one, and tells of all that is wrong with them at once, each with its place.</summary>
internal sealed class JsonFields(JsonElement root, string place)
{
    private readonly List<Wrong> _wrong = [];
    private readonly List<JsonFields> _below = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>The names of all that are there.</summary>
    public IEnumerable<string> Names => root.EnumerateObject().Select(p => p.Name);

    /// <summary>A text that is there and not empty.</summary>
    public string Needed(string name)
    {
        var text = Text(name);
        if (text is null or "" && !_wrong.Exists(w => w.Pointer == At(name))) { _wrong.Add(Wrong.At(At(name), $"`{name}` is needed", "Write it as a text in quotes.")); }
        return text ?? "";
    }

    /// <summary>A text; null where it is not there.</summary>
    public string? Text(string name) => Find(name, JsonValueKind.String, "a text in quotes") is { } value ? value.GetString() : null;

    /// <summary>Texts; null where they are not there.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name, JsonValueKind.Array, "a list of texts") is not { } value) { return null; }
        var texts = new List<string>();
        foreach (var (item, index) in value.EnumerateArray().Select((item, index) => (item, index)))
        {
            if (item.ValueKind == JsonValueKind.String) { texts.Add(item.GetString()!); }
            else { _wrong.Add(Wrong.At($"{At(name)}/{index}", $"here stands {Called(item)}, not a text", "")); }
        }
        return texts;
    }

    /// <summary>Texts by name; null where they are not there.</summary>
    public IReadOnlyDictionary<string, string>? Named(string name)
    {
        if (Find(name, JsonValueKind.Object, "an object of texts") is not { } value) { return null; }
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.String) { texts[property.Name] = property.Value.GetString()!; }
            else { _wrong.Add(Wrong.At($"{At(name)}/{Escaped(property.Name)}", $"here stands {Called(property.Value)}, not a text", "")); }
        }
        return texts;
    }

    /// <summary>An instant, or a date, which means its start; null where it is not there.</summary>
    public Instant? Instant(string name, Zone zone) => Parsed(name, text => zone.TryParse(text, out var at, out _) ? at : null, "2024-06-01");

    /// <summary>The instant of a question: a date means the end of that day; null where it is not there.</summary>
    public Instant? Asked(string name, Zone zone) => Parsed(name, text => zone.TryParseAsked(text, out var at) ? at : null, "2024-06-01 (the end of that day)");

    /// <summary>True where a field says so; it may be left out.</summary>
    public bool Flag(string name)
    {
        _asked.Add(name);
        if (!root.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.False or JsonValueKind.Null) { return false; }
        if (value.ValueKind != JsonValueKind.True) { _wrong.Add(Wrong.At(At(name), $"`{name}` is {Called(value)}, not true or false", "")); }
        return true;
    }

    /// <summary>An object as it stands; null where it is not there.</summary>
    public JsonElement? Object(string name) => Find(name, JsonValueKind.Object, "an object");

    /// <summary>The fields of an object below; null where it is not there. They are checked with these.</summary>
    public JsonFields? Below(string name)
    {
        if (Object(name) is not { } value) { return null; }
        _below.Add(new(value, At(name)));
        return _below[^1];
    }

    /// <summary>An amount as it is written: a number, or a decimal in quotes; empty where it is not there.</summary>
    public string Amount(string name)
    {
        _asked.Add(name);
        var text = root.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString()!, _ => "" } : "";
        if (text.Length == 0) { _wrong.Add(Wrong.At(At(name), value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object or JsonValueKind.Array ? $"`{name}` is {Called(value)}, not an amount" : $"`{name}` is needed", "Write a number, or a decimal in quotes.")); }
        return text;
    }

    /// <summary>The items of a list; null where it is not there.</summary>
    public IReadOnlyList<JsonElement>? Items(string name) => Find(name, JsonValueKind.Array, "a list") is { } value ? [.. value.EnumerateArray()] : null;

    /// <summary>Notes something more that is wrong with a field.</summary>
    public void Refuse(string name, string detail, string remedy) => RefuseAt(Escaped(name), detail, remedy);

    /// <summary>Notes something more that is wrong, at a place below.</summary>
    public void RefuseAt(string pointer, string detail, string remedy) => _wrong.Add(Wrong.At($"{place}/{pointer}", detail, remedy));

    /// <summary>All fields were asked for.</summary>
    /// <exception cref="Refused">Something is wrong with them, or there are others.</exception>
    public void Check()
    {
        var wrong = WrongOf().ToList();
        if (wrong.Count > 0) { throw Refused.Body(wrong); }
    }

    private IEnumerable<Wrong> WrongOf() =>
    [
        .. _wrong, .. _below.SelectMany(b => b.WrongOf()),
        .. root.EnumerateObject().Where(p => !_asked.Contains(p.Name)).Select(p => Wrong.At(At(p.Name), $"there is no field `{p.Name}` here", Engine.Explaining.Choice.Among(p.Name, _asked))),
    ];

    /// <summary>What a value is called.</summary>
    public static string Called(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private Instant? Parsed(string name, Func<string, Instant?> parse, string date)
    {
        if (Text(name) is not { } text) { return null; }
        if (parse(text) is { } at) { return at; }
        _wrong.Add(Wrong.At(At(name), $"`{text}` is neither a date nor an instant", $"Write a date such as {date}, or an instant such as 2024-06-01T09:00:00Z."));
        return null;
    }

    private JsonElement? Find(string name, JsonValueKind kind, string wanted)
    {
        _asked.Add(name);
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) { return null; }
        if (value.ValueKind == kind) { return value; }
        // A field may be asked for as a text and as an instant.
        var wrong = Wrong.At(At(name), $"`{name}` is {Called(value)}, not {wanted}", "");
        if (!_wrong.Contains(wrong)) { _wrong.Add(wrong); }
        return null;
    }

    private string At(string name) => $"{place}/{Escaped(name)}";

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
