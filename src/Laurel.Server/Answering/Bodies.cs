using System.Text.Json;
using System.Text.Unicode;
using Laurel.Server.Refusing;
using Microsoft.AspNetCore.Http.Features;

namespace Laurel.Server.Answering;

/// <summary>Reads bodies: their type, size, encoding and JSON.</summary>
internal static class Bodies
{
    /// <summary>The most that a body may have, where it is not read line by line.</summary>
    public const int BytesMax = 8 << 20;

    /// <summary>How deep JSON may be nested.</summary>
    public const int DepthMax = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <summary>The media type of a body, without its parameters, in small letters.</summary>
    public static string TypeOf(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>A body too large.</summary>
    public static Refused TooLarge() => new(ProblemType.TooLarge, "the body is larger than is taken here", $"A JSON body has at most {BytesMax >> 20} MiB; facts as JSON lines may have more.");

    /// <summary>A body of another type.</summary>
    public static Refused WrongType(HttpRequest request, params IReadOnlyList<string> types) =>
        new(ProblemType.WrongMediaType, $"the body is {(TypeOf(request) is { Length: > 0 } type ? $"`{type}`" : "of no type")}", $"Send it with Content-Type: {string.Join(" or ", types)}.");

    /// <summary>Refuses what is sent packed, and lets JSON lines be longer where they may be: before anybody reads them.</summary>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        // The framework reads what comes in chunks, and leaves alone what else was done to it: RFC 9112 section 6.1.
        var transfer = context.Request.Headers.TransferEncoding.ToString();
        if (transfer.Length > 0 && !transfer.Equals("chunked", StringComparison.OrdinalIgnoreCase)) { throw new Refused(ProblemType.NotUnderstood, $"the body is sent with Transfer-Encoding: {transfer}", "Send it as it is: in chunks, or with Content-Length."); }
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            throw new Refused(ProblemType.WrongMediaType, $"the body is packed as `{encoding}`", "Send it as it is, without Content-Encoding.");
        }
        if (context.GetEndpoint()?.Metadata.GetMetadata<LinesMax>() is { Bytes: var most } && TypeOf(context.Request) is LinesAnswer.JsonLines or "application/jsonl" && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = most;
        }
        return next(context);
    }

    /// <summary>The bytes of a body.</summary>
    /// <exception cref="Refused">There are too many.</exception>
    public static async Task<byte[]> Read(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > BytesMax) { throw TooLarge(); }
        using var stream = new MemoryStream((int)(request.ContentLength ?? 0));
        var piece = new byte[1 << 16];
        for (int read; (read = await request.Body.ReadAsync(piece, context.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            if (stream.Length + read > BytesMax) { throw TooLarge(); }
            stream.Write(piece, 0, read);
        }
        return stream.ToArray();
    }

    /// <summary>A body that is a JSON object.</summary>
    /// <exception cref="Refused">It is something else.</exception>
    public static async Task<JsonFields> Object(HttpContext context)
    {
        if (TypeOf(context.Request) != "application/json") { throw WrongType(context.Request, "application/json"); }
        var root = Parse(await Read(context).ConfigureAwait(false));
        return root.ValueKind == JsonValueKind.Object ? new(root, "") : throw Refused.Body(Wrong.At("", $"the body is {JsonFields.Called(root)}, not an object", ""));
    }

    /// <summary>JSON, whole.</summary>
    /// <exception cref="Refused">It is none.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span)) { throw new Refused(ProblemType.NotJson, "the body is not UTF-8", "Send it as UTF-8."); }
        try
        {
            var root = JsonDocument.Parse(bytes, Options).RootElement;
            return HasNothing(root) ? throw new Refused(ProblemType.NotJson, "a text has the character U+0000", "No text may have it.") : root;
        }
        catch (InvalidOperationException) { throw new Refused(ProblemType.NotJson, "a text has half of a character: a surrogate alone", "Write both of its halves."); }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" at line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
            var deep = IsTooDeep(bytes.Span);
            throw new Refused(
                ProblemType.NotJson, deep ? $"the JSON is nested deeper than {DepthMax} levels{place}" : bytes.Length == 0 ? "there is no body" : $"the body is not JSON, or names a property twice{place}",
                deep ? "Nothing here is that deep." : "Send one JSON document.");
        }
    }

    /// <summary>True where a text or a name has the character that no database takes. Reads all of them.</summary>
    private static bool HasNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Any(HasNothing),
        JsonValueKind.Object => value.EnumerateObject().Any(property => property.Name.Contains('\0', StringComparison.Ordinal) || HasNothing(property.Value)),
        _ => false,
    };

    private static bool IsTooDeep(ReadOnlySpan<byte> bytes)
    {
        var (depth, quoted) = (0, false);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (quoted) { (i, quoted) = bytes[i] switch { (byte)'\\' => (i + 1, true), (byte)'"' => (i, false), _ => (i, true) }; }
            else if (bytes[i] == '"') { quoted = true; }
            else if (bytes[i] is (byte)'{' or (byte)'[' && ++depth > DepthMax) { return true; }
            else if (bytes[i] is (byte)'}' or (byte)']') { depth--; }
        }
        return false;
    }
}

/// <summary>The most that JSON lines may have, on a route that takes them.</summary>
/// <param name="Bytes">So many bytes.</param>
internal sealed record LinesMax(long Bytes);
