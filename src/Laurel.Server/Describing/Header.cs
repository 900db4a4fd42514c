using Laurel.Server.Answering;
using Laurel.Server.Calling;
using Laurel.Server.Taking;
using Microsoft.OpenApi;

namespace Laurel.Server.Describing;

/// <summary>A header that requests or answers may have, beside those that all have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Says">What it says.</param>
/// <param name="Pattern">What it looks like, as a regular expression; null for anything.</param>
internal sealed record Header(string Name, string Says, string? Pattern)
{
    public static readonly Header IdempotencyKey = new(Replays.Header, $"A name of the request, 1 to {Replays.NameMax} printable ASCII characters: sent again with it within 7 days, it is done once and gets the same answer. A dry run keeps nothing, and leaves it free.", "^[ -~]+$") { LengthMax = Replays.NameMax };
    public static readonly Header NotOlderThan = new(Positions.NotOlderHeader, $"What a `{Answer.PositionHeader}` header said: the answer reflects all of the log up to there.", @"^[0-9a-f]{8}\.\d{1,19}$");
    public static readonly Header IfNoneMatch = new("If-None-Match", "Entity tags, with commas between them: where the answer has one of them, it is 304 and has no body.", null);
    public static readonly Header IfMatch = new("If-Match", "The entity tag that `GET editions/EDITION` gave, as JSON: where the draft is another by now it is 412, and nothing is done.", null);
    public static readonly Header Language = new("Accept-Language", "In which language sentences are: `en`, as where it is left out, or `de`.", null);

    public static readonly Header Position = new(Answer.PositionHeader, "The answer reflects all of the program's log up to this position.", @"^[0-9a-f]{8}\.\d{1,19}$");
    public static readonly Header Tag = new("ETag", "What the answer is known by; the same as long as it says the same. It is weak.", "^W/\"[!-~]+\"$");
    public static readonly Header Location = new("Location", "Where it can be read how far it is, and what came of it.", null) { Format = "uri-reference" };
    public static readonly Header RetryAfter = new("Retry-After", "After how many seconds it is worth trying again; where it ever is.", @"^\d+$");
    public static readonly Header Replayed = new(Replays.ReplayedHeader, "`true` where the request was done before, and this is the answer of then.", "^true$");

    /// <summary>How long it may be; null for any length.</summary>
    private int? LengthMax { get; init; }

    /// <summary>What kind of text it is; null for any.</summary>
    private string? Format { get; init; }

    private OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = Pattern, Format = Format, MinLength = LengthMax is null ? null : 1, MaxLength = LengthMax };

    /// <summary>Says of an operation which headers it reads and answers with.</summary>
    /// <param name="operation">The operation, with its responses.</param>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its address.</param>
    /// <param name="said">What its route says of itself.</param>
    public static void Describe(OpenApiOperation operation, string method, string path, IReadOnlyList<object> said)
    {
        var (reads, ofProgram, answers) = (HttpMethods.IsGet(method), path.Contains($"{{{Names.Program}}}", StringComparison.Ordinal), operation.Responses!);
        var ofLog = ofProgram && !said.OfType<OfNoLog>().Any();
        var tagged = reads && ofLog && answers["200"].Content!.ContainsKey("application/json");
        var once = !reads && said.OfType<Needed>().Any();

        operation.Parameters = [.. operation.Parameters ?? []];
        foreach (var header in said.OfType<Reads>().Select(r => r.Header)) { operation.Parameters.Add(header.AsParameter()); }
        if (once) { operation.Parameters.Add(IdempotencyKey.AsParameter()); }
        if (ofProgram) { operation.Parameters.Add(NotOlderThan.AsParameter()); }
        if (tagged)
        {
            operation.Parameters.Add(IfNoneMatch.AsParameter());
            answers["304"] = new OpenApiResponse { Description = "The answer is what the tag names." };
        }
        foreach (var (status, answer) in answers)
        {
            var (problem, headers) = (status == "default", new Dictionary<string, IOpenApiHeader>());
            // What is not done yet is in no log.
            if (ofLog && !problem && status != "202") { headers[Position.Name] = Position.AsHeader(always: true); }
            // Other forms than JSON have none.
            if (tagged && !problem) { headers[Tag.Name] = Tag.AsHeader(always: answer.Content is null or { Count: 1 }); }
            if (!problem && said.OfType<GivesLocation>().Any()) { headers[Location.Name] = Location.AsHeader(always: true); }
            if (problem) { headers[RetryAfter.Name] = RetryAfter.AsHeader(always: false); }
            if (once) { headers[Replayed.Name] = Replayed.AsHeader(always: false); }
            if (headers.Count > 0) { ((OpenApiResponse)answer).Headers = headers; }
        }
    }

    private OpenApiParameter AsParameter() => new() { Name = Name, In = ParameterLocation.Header, Description = Says, Schema = Schema };

    private OpenApiHeader AsHeader(bool always) => new() { Description = Says, Required = always, Schema = Schema };
}

/// <summary>A header that a route reads, beside those that all of its kind do.</summary>
internal sealed record Reads(Header Header);

/// <summary>Marks a route below a program whose answers are as of no position of its log.</summary>
internal sealed record OfNoLog;

/// <summary>Marks a route that answers where to look on.</summary>
internal sealed record GivesLocation;
