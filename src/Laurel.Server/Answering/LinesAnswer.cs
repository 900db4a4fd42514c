using System.Buffers;
using Laurel.Server.Calling;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>An answer that is sent line by line while it is made.</summary>
/// <param name="type">The media type.</param>
/// <param name="lines">The lines, each with its end.</param>
/// <param name="position">As of which position it is.</param>
internal sealed class LinesAnswer(string type, IAsyncEnumerable<ReadOnlyMemory<byte>> lines, Position position) : IResult
{
    /// <summary>The media type of JSON lines.</summary>
    public const string JsonLines = "application/x-ndjson";

    private const int FlushBytes = 1 << 16;

    /// <summary>JSON as a line.</summary>
    public static ReadOnlyMemory<byte> Json(Action<System.Text.Json.Utf8JsonWriter> write) => (byte[])[.. Answer.Json(write).Span, (byte)'\n'];

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var stop = httpContext.RequestAborted;
        // What goes wrong before anything is sent is told as a problem: so lines wait beside the answer, in which they could not be taken back.
        var waiting = new ArrayBufferWriter<byte>();
        var reading = lines.GetAsyncEnumerator(stop);
        await using (reading.ConfigureAwait(false))
        {
            var more = await reading.MoveNextAsync().ConfigureAwait(false);
            response.ContentType = type;
            response.Headers[Answer.PositionHeader] = Positions.Write(position);
            if (Heads.Are(httpContext)) { return; }
            for (; more; more = await reading.MoveNextAsync().ConfigureAwait(false))
            {
                waiting.Write(reading.Current.Span);
                if (waiting.WrittenCount <= FlushBytes) { continue; }
                await response.BodyWriter.WriteAsync(waiting.WrittenMemory, stop).ConfigureAwait(false);
                waiting.ResetWrittenCount();
            }
        }
        await response.BodyWriter.WriteAsync(waiting.WrittenMemory, stop).ConfigureAwait(false);
    }
}
