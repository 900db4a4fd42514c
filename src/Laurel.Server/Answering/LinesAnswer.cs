using System.Buffers;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>An answer of lines, each a JSON document.</summary>
/// <param name="type">The media type.</param>
/// <param name="lines">The lines, without their ends.</param>
/// <param name="position">As of which position it is.</param>
internal sealed class LinesAnswer(string type, IEnumerable<ReadOnlyMemory<byte>> lines, Position position) : IResult
{
    private const int FlushEvery = 256;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = type;
        response.Headers[Answer.PositionHeader] = Positions.Write(position);
        var written = 0;
        foreach (var line in lines)
        {
            response.BodyWriter.Write(line.Span);
            response.BodyWriter.Write("\n"u8);
            if (++written % FlushEvery == 0) { await response.BodyWriter.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false); }
        }
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
    }
}
