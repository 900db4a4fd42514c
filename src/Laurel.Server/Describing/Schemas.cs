using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Laurel.Server.Describing;

/// <summary>What bodies and answers say, by the names of <c>schemas/bodies.schema.json</c> and <c>schemas/answers.schema.json</c>.</summary>
internal static class Schemas
{
    /// <summary>Those of bodies, in their order.</summary>
    public static IEnumerable<string> Bodies => Read("bodies.schema.json").Select(schema => schema.Key);

    /// <summary>All of them, as OpenAPI has them.</summary>
    /// <remarks>Read anew each time: a document of OpenAPI is changed by whoever writes it.</remarks>
    public static IDictionary<string, IOpenApiSchema> All()
    {
        var schemas = new JsonObject(Read("bodies.schema.json").Concat(Read("answers.schema.json")).Select(schema => KeyValuePair.Create(schema.Key, schema.Value?.DeepClone())));
        var document = new JsonObject { ["openapi"] = "3.1.1", ["info"] = new JsonObject { ["title"] = "", ["version"] = "" }, ["paths"] = new JsonObject(), ["components"] = new JsonObject { ["schemas"] = schemas } };
        return OpenApiDocument.Parse(document.ToJsonString()).Document!.Components!.Schemas!;
    }

    /// <summary>A reference to a schema; of several, one of them.</summary>
    public static IOpenApiSchema OneOf(IReadOnlyList<string> names, OpenApiDocument document) => names is [var only] ? new OpenApiSchemaReference(only, document) : new OpenApiSchema { OneOf = [.. names.Select(name => new OpenApiSchemaReference(name, document))] };

    private static JsonObject Read(string name)
    {
        using var file = typeof(Schemas).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(file);
        return JsonNode.Parse(reader.ReadToEnd().Replace("#/$defs/", "#/components/schemas/", StringComparison.Ordinal))!["$defs"]!.AsObject();
    }
}
