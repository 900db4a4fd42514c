using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>An answer in JSON, made whole before any of it is sent.</summary>
internal sealed class Answer : IResult
{
    /// <summary>The header that says as of which position an answer is.</summary>
    public const string PositionHeader = "Laurel-Position";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Action<Utf8JsonWriter>? _question;
    private readonly Action<Utf8JsonWriter> _write;

    private Answer(Action<Utf8JsonWriter>? question, Action<Utf8JsonWriter> write) => (_question, _write) = (question, write);

    /// <summary>The status.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>True where what is written is the whole document.</summary>
    private bool Whole { get; init; }

    /// <summary>Where what was made can be read; null for nothing made.</summary>
    private string? Location { get; init; }

    /// <summary>As of which position it is; null where it is of no program's log.</summary>
    public Position? Position { get; init; }

    /// <summary>An object.</summary>
    /// <param name="write">Writes its properties.</param>
    public static Answer Object(Action<Utf8JsonWriter> write) => new(null, write);

    /// <summary>An object about a question; it has an entity tag, for which the instants of the question do not matter.</summary>
    /// <param name="question">Writes what was asked, as properties.</param>
    /// <param name="write">Writes what is answered, as properties.</param>
    /// <param name="position">As of which position it is.</param>
    public static Answer To(Action<Utf8JsonWriter> question, Action<Utf8JsonWriter> write, Position position) => new(question, write) { Position = position };

    /// <summary>A document.</summary>
    /// <param name="write">Writes all of it.</param>
    /// <param name="status">The status.</param>
    /// <param name="position">As of which position it is; null where it is of no program's log.</param>
    /// <param name="location">Where what was made can be read; null for nothing made.</param>
    public static Answer Value(Action<Utf8JsonWriter> write, int status, Position? position, string? location = null) => new(null, write) { Status = status, Position = position, Location = location, Whole = true };

    /// <summary>No document: it is done, and there is nothing to say.</summary>
    /// <param name="position">As of which position it is; null where it is of no program's log.</param>
    public static Answer Nothing(Position? position) => new(null, _ => { }) { Status = StatusCodes.Status204NoContent, Position = position, Whole = true };

    /// <summary>JSON as bytes.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options)) { write(json); }
        return buffer.WrittenMemory;
    }

    /// <summary>True where one of the entity tags is that of this answer, which has a position.</summary>
    public bool HasTag(Microsoft.Extensions.Primitives.StringValues tags)
    {
        var (made, asked) = Make();
        return Names(tags, TagOf(made.Span[asked..], Position!));
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var (made, asked) = Make();
        if (Position is { } position) { response.Headers[PositionHeader] = Positions.Write(position); }
        if (Location is { } location) { response.Headers.Location = location; }
        response.StatusCode = Status;
        if (Position is { } of && HttpMethods.IsGet(request.Method))
        {
            var tag = TagOf(made.Span[asked..], of);
            response.Headers.ETag = tag;
            if (request.Headers.IfMatch is { Count: > 0 } wanted && !Names(wanted, tag)) { throw new Refused(ProblemType.NotAsItWas, "the answer has another entity tag", "Read it without If-Match."); }
            if (Names(request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }
        if (Status == StatusCodes.Status204NoContent) { return; }
        response.ContentType = "application/json";
        response.ContentLength = made.Length;
        await response.Body.WriteAsync(made, httpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The document, and where in it what is answered begins.</summary>
    private (ReadOnlyMemory<byte> Made, int Asked) Make()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var asked = 0;
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            if (!Whole) { json.WriteStartObject(); }
            _question?.Invoke(json);
            json.Flush();
            asked = buffer.WrittenCount;
            _write(json);
            if (!Whole) { json.WriteEndObject(); }
        }
        return (buffer.WrittenMemory, asked);
    }

    private static string TagOf(ReadOnlySpan<byte> answered, Position position) => $"W/\"{Positions.Of(position.Incarnation)}.{Convert.ToHexStringLower(SHA256.HashData(answered).AsSpan(0, 12))}\"";

    private static bool Names(Microsoft.Extensions.Primitives.StringValues tags, string tag) =>
        tags.ToString().Split(',').Select(t => t.Trim()).Any(t => t == "*" || t == tag || (t.Length > 0 && "W/" + t == tag));
}
