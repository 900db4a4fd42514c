using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Laurel.System.Tests.Server;

/// <summary>What /openapi/v1.json says that each route answers. Every answer that <see cref="Running.Ask(string, string?, string, string?, string[])"/> gets is held against it.</summary>
internal sealed class Described
{
    private const string Components = "#/components/schemas/";

    // Of lines the first ones, and the last: an export may have a hundred thousand.
    private const int LinesMax = 50;

    private const string Answers = "https://laurel.test/answers";

    private static readonly EvaluationOptions Quick = new() { RequireFormatValidation = true }, InFull = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

    private readonly BuildOptions _known = new() { SchemaRegistry = new() };
    private readonly JsonNode _document;
    private readonly List<(string Method, string[] Parts, JsonNode Operation)> _routes;
    private readonly Dictionary<string, JsonSchema> _schemas = [];

    public Described(string document)
    {
        _document = JsonNode.Parse(document)!;
        _routes = [.. Operations.Select(o => (o.Method, o.Path.Split('/'), o.Operation))];
        var all = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$id"] = Answers, ["$defs"] = JsonNode.Parse(_document["components"]!["schemas"]!.ToJsonString().Replace(Components, "#/$defs/", StringComparison.Ordinal)) };
        JsonSchema.FromText(all.ToJsonString(), _known);
    }

    /// <summary>All operations.</summary>
    public IEnumerable<(string Method, string Path, JsonNode Operation)> Operations =>
        _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (o.Key.ToUpperInvariant(), path.Key, o.Value!)));

    /// <summary>What is described, by name.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Schemas => _document["components"]!["schemas"]!.AsObject();

    /// <summary>What an answer has that the document does not say; null for nothing.</summary>
    public string? Wrong(string method, string path, int status, string? type, string body)
    {
        if (status == 304 || Find(method, path.Split('?')[0]) is not { } operation) { return null; }
        var response = operation["responses"]![status < 300 ? $"{status}" : "default"];
        if (response is null) { return $"{method} {path}: nothing is said of {status}"; }
        if (response["content"] is not { } content) { return body.Length == 0 ? null : $"{method} {path}: there is a body"; }
        if (type is null || content[type]?["schema"] is not { } schema) { return $"{method} {path}: nothing is said of {type}"; }
        var lines = type == "application/x-ndjson" ? body.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [type.EndsWith("json", StringComparison.Ordinal) ? body : JsonSerializer.Serialize(body)];
        return (lines.Length <= LinesMax ? lines : [.. lines.Take(LinesMax), lines[^1]]).Select(line => Wrong(schema, line)).FirstOrDefault(wrong => wrong is not null) is { } found ? $"{method} {path}, {status}: {found}\n{body}" : null;
    }

    /// <summary>What is wrong with JSON by a schema of the document; null for nothing.</summary>
    public string? Wrong(JsonNode schema, string json)
    {
        var text = schema.ToJsonString().Replace(Components, $"{Answers}#/$defs/", StringComparison.Ordinal);
        JsonSchema? read;
        lock (_schemas)
        {
            if (!_schemas.TryGetValue(text, out read)) { _schemas[text] = read = JsonSchema.FromText(text, _known); }
        }
        using var value = JsonDocument.Parse(json);
        if (read.Evaluate(value.RootElement, Quick).IsValid) { return null; }
        var errors = read.Evaluate(value.RootElement, InFull).Details!.Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"));
        return string.Join('\n', errors);
    }

    /// <summary>The operation of an address; of several, that which names the most of it.</summary>
    private JsonNode? Find(string method, string path)
    {
        var parts = path.Split('/');
        return _routes.Where(r => r.Method == method && r.Parts.Length == parts.Length && r.Parts.Zip(parts).All(p => p.First.StartsWith('{') || p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(r => r.Parts.Count(p => p.StartsWith('{'))).FirstOrDefault().Operation;
    }
}
