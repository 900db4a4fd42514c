using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Laurel.System.Tests.Server;

/// <summary>What /openapi/v1.json says that each route takes and answers. Every answer that <see cref="Running.Ask(string, string?, string, string?, string[])"/> gets is held against it, and every body for which it gets one that is no problem.</summary>
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
    public string? Wrong(string method, string path, Answered answered) =>
        Wrong(method, path, answered.Status, answered.Type?.MediaType, answered.Body) ?? WrongHeaders(method, path, answered);

    /// <summary>What an answer says that the document does not; null for nothing.</summary>
    public string? Wrong(string method, string path, int status, string? type, string body)
    {
        if (Find(method, path) is not { } operation) { return null; }
        if (ResponseOf(operation, status) is not { } response) { return $"{method} {path}: nothing is said of {status}"; }
        if (response["content"] is not { } content) { return body.Length == 0 ? null : $"{method} {path}: there is a body"; }
        if (type is null || content[type]?["schema"] is not { } schema) { return $"{method} {path}: nothing is said of {type}"; }
        var lines = type == "application/x-ndjson" ? body.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [type.EndsWith("json", StringComparison.Ordinal) ? body : JsonSerializer.Serialize(body)];
        return (lines.Length <= LinesMax ? lines : [.. lines.Take(LinesMax), lines[^1]]).Select(line => Wrong(schema, line)).FirstOrDefault(wrong => wrong is not null) is { } found ? $"{method} {path}, {status}: {found}\n{body}" : null;
    }

    /// <summary>Which header an answer has, or lacks, otherwise than the document says; null for none.</summary>
    private string? WrongHeaders(string method, string path, Answered answered)
    {
        if (Find(method, path) is not { } operation) { return null; }
        var said = ResponseOf(operation, answered.Status)!["headers"];
        foreach (var name in (string[])["Laurel-Position", "ETag", "Location", "Retry-After", "Idempotency-Replayed"])
        {
            var (header, value) = (said?[name], answered.Header(name));
            // What was found out before something went wrong is no part of the problem.
            if (value is not null && header is null && answered.Status < 400) { return $"{method} {path}, {answered.Status}: nothing is said of {name}"; }
            if (value is null && (bool?)header?["required"] == true) { return $"{method} {path}, {answered.Status}: there is no {name}"; }
            if (value is not null && header is not null && Wrong(header["schema"]!, JsonSerializer.Serialize(value)) is { } wrong) { return $"{method} {path}, {name}: {wrong}"; }
        }
        return null;
    }

    /// <summary>Why a body that was taken could not have been by the document; null where it could. What was refused of a list or of lines is left out.</summary>
    public string? WrongBody(string method, string path, string type, byte[] body, Answered answered)
    {
        if (answered.Status >= 300 || body.Length == 0 || Find(method, path)?["requestBody"] is not { } taken) { return null; }
        var media = type.Split(';')[0];
        if (taken["content"]![media]?["schema"] is not { } schema) { return $"{method} {path}: nothing is said of a body of {media}"; }
        var text = Encoding.UTF8.GetString(body);
        var said = media switch
        {
            "application/x-ndjson" or "application/jsonl" => Kept(text.Split('\n'), answered.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!), "line", 1),
            _ when !media.EndsWith("json", StringComparison.Ordinal) => [JsonSerializer.Serialize(text)],
            _ when text.AsSpan().TrimStart().StartsWith('[') => [$"[{string.Join(',', Kept([.. ItemsOf(text)], answered.Json["verdicts"]!.AsArray().Select(v => v!), "index", 0))}]"],
            _ => [text],
        };
        return said.Select(json => Wrong(schema, json)).FirstOrDefault(wrong => wrong is not null) is { } found ? $"{method} {path} takes otherwise than it says: {found}\n{text}" : null;
    }

    private static List<string> Kept(string[] sent, IEnumerable<JsonNode> verdicts, string place, int first)
    {
        var kept = verdicts.Where(v => (string)v["verdict"]! != "refused").Select(v => sent[(int)v[place]! - first]).ToList();
        return kept.Count <= LinesMax ? kept : [.. kept.Take(LinesMax), kept[^1]];
    }

    private static IEnumerable<string> ItemsOf(string list)
    {
        using var items = JsonDocument.Parse(list);
        foreach (var item in items.RootElement.EnumerateArray()) { yield return item.GetRawText(); }
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

    private static JsonNode? ResponseOf(JsonNode operation, int status) => operation["responses"]![status < 400 ? $"{status}" : "default"];

    /// <summary>The operation of an address; of several, that which names the most of it.</summary>
    private JsonNode? Find(string method, string path)
    {
        var parts = path.Split('?')[0].Split('/');
        return _routes.Where(r => r.Method == method && r.Parts.Length == parts.Length && r.Parts.Zip(parts).All(p => p.First.StartsWith('{') || p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(r => r.Parts.Count(p => p.StartsWith('{'))).FirstOrDefault().Operation;
    }
}
