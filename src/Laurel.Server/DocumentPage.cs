using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Server.Describing;
using Microsoft.OpenApi;

namespace Laurel.Server;

/// <summary>The API's document as a page: each route with what it takes and answers, and then what bodies, answers and headers say. Plain HTML, for any width, light or dark.</summary>
internal sealed class DocumentPage
{
    private const string Style = """
        :root{color-scheme:light dark;--back:#fff;--text:#1d1d1f;--soft:#5c5f66;--line:#e2e3e6;--tint:#f5f5f7;--link:#0b57d0}
        @media(prefers-color-scheme:dark){:root{--back:#17181a;--text:#e8e8ea;--soft:#a0a3aa;--line:#34363a;--tint:#222427;--link:#8ab4f8}}
        body{font:16px/1.55 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:56rem;margin:2.5rem auto;padding:0 1rem;overflow-wrap:anywhere}
        a{color:var(--link);text-decoration:underline var(--line);text-underline-offset:.2em}a:hover,a:focus{text-decoration-color:currentColor}
        h1{font-size:2rem;margin:0}h2{font-size:1.4rem;margin:3.5rem 0 0;text-transform:capitalize}h3{font-size:1rem;margin:0}
        p{margin:.3rem 0}section{border-top:1px solid var(--line);margin-top:1.25rem;padding-top:1.25rem}h2+section{border:0;margin-top:0}
        code,pre{font:.875em/1.5 ui-monospace,monospace}h3 code{font-size:1rem}pre{background:var(--tint);border-radius:6px;padding:.75rem 1rem;margin:.5rem 0 0;white-space:pre-wrap}
        dl{margin:.5rem 0 0}section>dl{margin-bottom:.6rem}dt{margin-top:.5rem}dt span,summary,.soft{color:var(--soft);font-size:.875rem}dd{margin:0 0 0 1.25rem}dd dl{border-left:1px solid var(--line);padding-left:1rem;margin-top:.25rem}
        summary{cursor:pointer;margin-top:.6rem}nav a{margin-right:.9rem;white-space:nowrap}
        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _page = new();

    /// <summary>Makes it.</summary>
    public static string Of(OpenApiDocument document)
    {
        var page = new DocumentPage();
        page.Write(document);
        return page._page.ToString();
    }

    private void Write(OpenApiDocument document)
    {
        var routes = document.Paths.SelectMany(path => path.Value.Operations!.Select(o => (Method: o.Key.Method, Path: path.Key, Operation: o.Value))).GroupBy(r => r.Operation.Tags?.FirstOrDefault()?.Name ?? "").ToList();
        Add($"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Laurel’s API</title><style>{Style}</style></head><body>""");
        Add($"<header><h1>Laurel’s API</h1><p class=\"soft\">{Html(document.Info.Description)} What is wrong is told as a <a href=\"#Problem\">Problem</a>. <a href=\"/openapi/v1.json\">OpenAPI 3.1</a></p><nav>");
        foreach (var tag in routes) { Add($"<a href=\"#{Html(tag.Key)}\">{Html(tag.Key)}</a>"); }
        Add("<a href=\"#bodies\">bodies</a><a href=\"#answers\">answers</a><a href=\"#headers\">headers</a></nav></header><main>");
        foreach (var tag in routes)
        {
            Add($"<h2 id=\"{Html(tag.Key)}\">{Html(tag.Key)}</h2>");
            foreach (var (method, path, operation) in tag) { Write(method, path, operation); }
        }
        var (schemas, bodies) = (document.Components!.Schemas!, Schemas.Bodies.ToHashSet());
        Add("<h2 id=\"bodies\">Bodies</h2>");
        foreach (var (name, schema) in schemas.Where(s => bodies.Contains(s.Key))) { Write(name, schema); }
        Add("<h2 id=\"answers\">Answers</h2>");
        foreach (var (name, schema) in schemas.Where(s => !bodies.Contains(s.Key))) { Write(name, schema); }
        var operations = routes.SelectMany(tag => tag).Select(route => route.Operation).ToList();
        Add("<h2 id=\"headers\">Headers</h2><section><h3>Of requests</h3><dl>");
        foreach (var header in operations.SelectMany(o => o.Parameters ?? []).Where(p => p.In == ParameterLocation.Header).DistinctBy(p => p.Name)) { WriteHeader(header.Name!, header.Description); }
        Add("</dl></section><section><h3>Of answers</h3><dl>");
        foreach (var (name, header) in operations.SelectMany(o => o.Responses!).SelectMany(r => r.Value.Headers ?? new Dictionary<string, IOpenApiHeader>()).DistinctBy(h => h.Key)) { WriteHeader(name, header.Description); }
        Add("</dl></section>");
        Add("</main></body></html>");
    }

    private void Write(string method, string path, OpenApiOperation operation)
    {
        Add($"<section><h3><code>{method} {Html(path)}</code></h3><p>{Html(operation.Summary)}. <span class=\"soft\">{Text(operation.Description)}</span></p><dl>");
        foreach (var parameter in (operation.Parameters ?? []).Where(p => p.In != ParameterLocation.Header)) { Add($"<dt>{Code(parameter.Name)}</dt><dd>{Text(parameter.Description)}</dd>"); }
        Add("</dl>");
        if (operation.RequestBody is { Content: { } content } body)
        {
            foreach (var taken in content.GroupBy(c => TypeOf(c.Value.Schema!), c => Code(c.Key))) { Add($"<p class=\"soft\">Body: {taken.Key}, {string.Join(" or ", taken)}{(body.Required ? "" : "; may be left out")}</p>"); }
        }
        Headers("Headers", (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Header).Select(p => p.Name!));
        var answers = operation.Responses!.Where(r => r.Key != "default").SelectMany(r => r.Value.Content is { Count: > 0 } types ? types.Select(t => (r.Key, Says: $"{TypeOf(t.Value.Schema!)}, {Code(t.Key)}")) : [(r.Key, Says: Html(r.Value.Description))]);
        foreach (var answer in answers.GroupBy(a => a.Says, a => a.Key)) { Add($"<p class=\"soft\">{string.Join(", ", answer)}: {answer.Key}</p>"); }
        Headers("Headers of the answer", operation.Responses!.Where(r => r.Key != "default").SelectMany(r => r.Value.Headers?.Keys ?? []).Distinct());
        Add("</section>");
    }

    private void Headers(string which, IEnumerable<string> names)
    {
        if (names.Any()) { Add($"<p class=\"soft\">{which}: {string.Join(", ", names.Select(Link))}</p>"); }
    }

    private void WriteHeader(string name, string? description) => Add($"<dt id=\"{name}\">{Code(name)}</dt><dd>{Text(description)}</dd>");

    private void Write(string name, IOpenApiSchema schema)
    {
        Add($"<section id=\"{name}\"><h3>{name}</h3><p>{Text(schema.Description)}{(FieldsOf(schema).Count == 0 ? $" <span class=\"soft\">{TypeOf(schema)}</span>" : "")}</p>");
        WriteFields(schema);
        if (schema.Examples is [_, ..] examples)
        {
            Add($"<details><summary>{(examples.Count == 1 ? "Example" : "Examples")}</summary>");
            foreach (var example in examples) { Add($"<pre>{Html(example.GetValueKind() == JsonValueKind.String ? example.GetValue<string>() : example.ToJsonString(Indented))}</pre>"); }
            Add("</details>");
        }
        Add("</section>");
    }

    private void WriteFields(IOpenApiSchema schema)
    {
        var fields = FieldsOf(schema);
        if (fields.Count == 0) { return; }
        Add("<dl>");
        foreach (var (field, of, needed) in fields)
        {
            Add($"<dt>{Code(field)} <span>{TypeOf(of)}{(needed ? "" : ", may be left out")}</span></dt><dd>{Text(of.Description)}");
            WriteFields(of);
            Add("</dd>");
        }
        Add("</dl>");
    }

    /// <summary>The fields of the objects that a schema describes itself: as such, in a list, by names.</summary>
    private static IReadOnlyList<(string Name, IOpenApiSchema Schema, bool Needed)> FieldsOf(IOpenApiSchema? schema) => schema switch
    {
        null or OpenApiSchemaReference => [],
        { Properties: { Count: > 0 } properties } => [.. properties.Select(p => (p.Key, p.Value, schema.Required?.Contains(p.Key) ?? false))],
        { Items: { } items } => FieldsOf(items),
        { AdditionalProperties: { } named } => FieldsOf(named),
        { AnyOf: { } several } => [.. several.SelectMany(FieldsOf)],
        _ => [],
    };

    private static string TypeOf(IOpenApiSchema schema) => schema switch
    {
        OpenApiSchemaReference { Reference.Id: { } name } => Link(name),
        { Const: { } only } => Code(only),
        { Enum: { Count: > 0 } values } => string.Join(" | ", values.Select(v => Code(v.ToString()))),
        { OneOf: { Count: > 0 } several } => string.Join(" or ", several.Select(TypeOf)),
        { AnyOf: { Count: > 0 } several } => string.Join(" or ", several.Select(TypeOf).Distinct()),
        { Items: { } items } => $"list of {Each(items)}",
        { AdditionalProperties: { } named } => $"map of {Each(named)}",
        { Format: "date-time" } => schema.Type?.HasFlag(JsonSchemaType.Null) ?? false ? "instant or null" : "instant",
        { Format: { } format } => format,
        { Type: { } type } => string.Join(" or ", type.ToIdentifiers().Select(t => t == "string" ? "text" : t).OrderBy(t => t == "null")),
        _ => "any JSON",
    };

    private static string Each(IOpenApiSchema schema) => schema is { AnyOf.Count: > 1 } and not OpenApiSchemaReference ? $"({TypeOf(schema)})" : TypeOf(schema);

    private void Add(string html) => _page.Append(html);

    private static string Link(string name) => $"<a href=\"#{name}\">{name}</a>";

    private static string Code(string? text) => $"<code>{Html(text)}</code>";

    /// <summary>A sentence, in which what stands between backticks is code.</summary>
    private static string Text(string? text) => string.Concat(Html(text).Split('`').Select((part, index) => index % 2 == 0 ? part : $"<code>{part}</code>"));

    private static string Html(string? text) => WebUtility.HtmlEncode(text ?? "");
}
