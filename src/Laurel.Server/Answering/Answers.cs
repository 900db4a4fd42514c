using Laurel.Server.Describing;
using Microsoft.OpenApi;

namespace Laurel.Server.Answering;

/// <summary>What a route answers where it does what it was asked.</summary>
/// <param name="Status">The status.</param>
/// <param name="Schema">What the answer says: a name of <c>schemas/answers.schema.json</c>; null for an answer without a body.</param>
/// <param name="Type">The media type.</param>
internal sealed record Answers(int Status, string? Schema, string Type)
{
    /// <summary>The answers as OpenAPI has them, and that anything may be answered by a problem.</summary>
    public static OpenApiResponses Of(IEnumerable<Answers> answers, OpenApiDocument document)
    {
        var responses = new OpenApiResponses();
        foreach (var of in answers.GroupBy(a => a.Status).OrderBy(a => a.Key))
        {
            responses[of.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = SaidBy(of.Key),
                Content = of.Where(a => a.Schema is not null).GroupBy(a => a.Type).ToDictionary(t => t.Key, t => new OpenApiMediaType { Schema = Schemas.OneOf([.. t.Select(a => a.Schema!)], document) }),
            };
        }
        responses["default"] = new OpenApiResponse { Description = "What is wrong.", Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", document) } } };
        return responses;
    }

    private static string SaidBy(int status) => status switch
    {
        StatusCodes.Status201Created => "It is done.",
        StatusCodes.Status202Accepted => "It is not done yet.",
        StatusCodes.Status204NoContent => "It is done, and there is nothing to say.",
        _ => "The answer.",
    };
}

/// <summary>Says what routes answer.</summary>
internal static class AnsweredRoutes
{
    /// <summary>The route answers in JSON with this; said several times, with one of them.</summary>
    /// <param name="route">The route.</param>
    /// <param name="schema">A name of <c>schemas/answers.schema.json</c>.</param>
    /// <param name="statuses">The statuses; none for 200.</param>
    public static TBuilder Answers<TBuilder>(this TBuilder route, string schema, params IReadOnlyList<int> statuses) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata([.. (statuses.Count > 0 ? statuses : [StatusCodes.Status200OK]).Select(status => new Answers(status, schema, "application/json"))]);

    /// <summary>Where it is asked to, the route answers in another form.</summary>
    /// <param name="route">The route.</param>
    /// <param name="type">The media type.</param>
    /// <param name="schema">A name of <c>schemas/answers.schema.json</c>; of JSON lines, what each line is.</param>
    public static TBuilder AnswersAs<TBuilder>(this TBuilder route, string type, string schema) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Answers(StatusCodes.Status200OK, schema, type));

    /// <summary>The route answers without a body.</summary>
    public static TBuilder AnswersNothing<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Answers(StatusCodes.Status204NoContent, null, ""));
}
