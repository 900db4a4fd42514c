using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Laurel.Server.Describing;

/// <summary>What a route takes as its body. A body of another type is refused before the route is asked.</summary>
/// <param name="Bodies">By media type, what the body says: one of some names of <c>schemas/bodies.schema.json</c>; of JSON lines, what each line is.</param>
/// <param name="Needed">False where it may be left out.</param>
internal sealed record Takes(IReadOnlyList<(string Type, IReadOnlyList<string> Schemas)> Bodies, bool Needed) : IAcceptsMetadata
{
    /// <inheritdoc/>
    public IReadOnlyList<string> ContentTypes => [.. Bodies.Select(b => b.Type)];

    /// <inheritdoc/>
    public Type RequestType => typeof(object);

    /// <inheritdoc/>
    public bool IsOptional => !Needed;

    /// <summary>The body as OpenAPI has it.</summary>
    public OpenApiRequestBody Of(OpenApiDocument document) => new()
    {
        Required = Needed,
        Content = Bodies.ToDictionary(b => b.Type, b => new OpenApiMediaType { Schema = Schemas.OneOf(b.Schemas, document) }),
    };
}

/// <summary>Says what routes take.</summary>
internal static class TakingRoutes
{
    /// <summary>The route reads a header, beside those that all of its kind do.</summary>
    public static TBuilder Reads<TBuilder>(this TBuilder route, Header header) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Reads(header));

    /// <summary>The route takes this in JSON.</summary>
    /// <param name="route">The route.</param>
    /// <param name="schema">A name of <c>schemas/bodies.schema.json</c>.</param>
    public static TBuilder Takes<TBuilder>(this TBuilder route, string schema) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Takes([("application/json", [schema])], Needed: true));

    /// <summary>The route takes this in JSON, or no body.</summary>
    /// <inheritdoc cref="Takes{TBuilder}(TBuilder, string)"/>
    public static TBuilder MayTake<TBuilder>(this TBuilder route, string schema) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Takes([("application/json", [schema])], Needed: false));

    /// <summary>The route takes bodies of these media types, each one of some names of <c>schemas/bodies.schema.json</c>.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder route, params IReadOnlyList<(string Type, IReadOnlyList<string> Schemas)> bodies) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Takes(bodies, Needed: true));
}
