using Laurel.Server.Answering;
using Laurel.Server.Calling;
using Laurel.Server.Describing;
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
            document.Components.Schemas = Schemas.All();
            foreach (var (path, item) in document.Paths)
            {
                NameParts(path, item);
                foreach (var (method, operation) in item.Operations!) { operation.OperationId = NameOf(method.Method, path); }
            }
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var said = context.Description.ActionDescriptor.EndpointMetadata;
            if (said.OfType<Needed>().LastOrDefault() is { } needed)
            {
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
                operation.Description = $"Needs {ScopeNames.Write(needed.Scopes)}{(needed.WholeServer ? ", for all programs" : "")}.";
            }
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Query)) { parameter.Schema = Parameters.SchemaOf(parameter.Name!); }
            operation.RequestBody = said.OfType<Takes>().LastOrDefault()?.Of(context.Document!);
            operation.Responses = Answers.Of(said.OfType<Answers>(), context.Document!);
            Header.Describe(operation, context.Description.HttpMethod!, context.Description.RelativePath!, [.. said]);
            return Task.CompletedTask;
        });
    });

    /// <summary>Adds the routes.</summary>
    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapGet("/openapi", Page).ExcludeFromDescription();
        app.MapGet("/problems/{name}", (string name) => ProblemType.All.FirstOrDefault(t => t.Name == name) is { } type
            ? Answer.Object(json =>
            {
                json.WriteString("type", type.Address);
                json.WriteString("title", type.Title);
                json.WriteNumber("status", type.Status);
            })
            : throw Refused.Unknown($"there is no problem `{name}`", "")).WithTags("problems").Answers("ProblemType").WithSummary("What a type of problem is");
    }

    /// <summary>What stands in the address is a parameter.</summary>
    private static void NameParts(string path, IOpenApiPathItem item)
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
        }
    }

    /// <summary>What an operation is called: its method and the parts of its address, one of many by its own name, such as getProgramMemberStanding.</summary>
    private static string NameOf(string method, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != Name).ToList();
        var named = parts.Select((part, i) => part.StartsWith('{') ? "" : i + 1 < parts.Count && parts[i + 1].StartsWith('{') ? parts[i + 1].Trim('{', '}') : part);
        return method.ToLowerInvariant() + string.Concat(named.SelectMany(part => part.Split('-')).Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static async Task<IResult> Page(HttpContext context, CancellationToken stop)
    {
        var document = await context.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(stop).ConfigureAwait(false);
        return Results.Text(DocumentPage.Of(document), "text/html", System.Text.Encoding.UTF8);
    }
}
