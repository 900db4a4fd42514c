using System.Net;
using System.Text;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Laurel.Server;

/// <summary>The API's own document, by OpenAPI 3.1, and the same as a page.</summary>
internal static class Document
{
    private const string Name = "v1";
    private const string Scheme = "key";

    /// <summary>Adds what makes it.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Laurel", Version = Name, Description = "Facts in; points, levels, benefits and money out, and why." };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key, made by POST /v1/keys." } };
            foreach (var (path, item) in document.Paths) { Complete(path, item); }
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Needed>().LastOrDefault() is { } needed)
            {
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
                operation.Description = $"Needs {ScopeNames.Write(needed.Scopes)}{(needed.WholeServer ? ", for all programs" : "")}.";
            }
            return Task.CompletedTask;
        });
    });

    /// <summary>Adds the routes.</summary>
    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapGet("/openapi", Page).ExcludeFromDescription();
        app.MapGet("/problems/{name}", (string name) => ProblemType.All.FirstOrDefault(t => t.Name == name) is { } type
            ? Answering.Answer.Object(json =>
            {
                json.WriteString("type", type.Address);
                json.WriteString("title", type.Title);
                json.WriteNumber("status", type.Status);
            })
            : throw Refused.Unknown($"there is no problem `{name}`", "")).WithTags("problems").WithSummary("What a type of problem is");
    }

    /// <summary>What stands in the address is a parameter, and every answer may be a problem.</summary>
    private static void Complete(string path, IOpenApiPathItem item)
    {
        var named = path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')).ToList();
        foreach (var operation in item.Operations!.Values)
        {
            operation.Parameters ??= [];
            foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path)) { parameter.Description ??= $"The {parameter.Name}."; }
            foreach (var name in named.Where(name => operation.Parameters.All(p => p.Name != name)))
            {
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Description = $"The {name}'s name, percent-encoded.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            }
            operation.Responses ??= [];
            operation.Responses["default"] = new OpenApiResponse
            {
                Description = "A problem document (RFC 9457).",
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = ProblemSchema() } },
            };
        }
    }

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status", "detail", "request" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["remedy"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["request"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };

    private static async Task<IResult> Page(HttpContext context, CancellationToken stop)
    {
        var document = await context.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(stop).ConfigureAwait(false);
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Laurel’s API</title><style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}code{background:#f2f2f2;padding:.1em .3em}dt{margin-top:.4em}section{border-top:1px solid #ccc}</style></head><body><h1>Laurel’s API</h1><p><a href=\"/openapi/v1.json\">OpenAPI 3.1</a></p>");
        foreach (var (path, item) in document.Paths)
        {
            foreach (var (method, operation) in item.Operations!) { Write(page, method.Method, path, operation); }
        }
        return Results.Text(page.Append("</body></html>").ToString(), "text/html", Encoding.UTF8);
    }

    private static void Write(StringBuilder page, string method, string path, OpenApiOperation operation)
    {
        page.Append("<section><h2><code>").Append(method).Append(' ').Append(Html(path)).Append("</code></h2><p>").Append(Html(operation.Summary)).Append(". ").Append(Html(operation.Description)).Append("</p>");
        if (operation.RequestBody?.Content is { } content) { page.Append("<p>Body: ").AppendJoin(", ", content.Keys.Select(type => $"<code>{Html(type)}</code>")).Append("</p>"); }
        page.Append("<dl>");
        foreach (var parameter in operation.Parameters ?? []) { page.Append("<dt><code>").Append(Html(parameter.Name)).Append("</code></dt><dd>").Append(Html(parameter.Description)).Append("</dd>"); }
        page.Append("</dl></section>");
    }

    private static string Html(string? text) => WebUtility.HtmlEncode(text ?? "");
}
