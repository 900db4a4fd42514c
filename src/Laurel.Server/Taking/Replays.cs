using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>
/// Requests with an idempotency key: sent again they get the answer of before, marked as such, also after a restart. What they did is not in
/// the same transaction as the answer: where the server ends between the two, the request is done again, and tells the same facts, which change nothing.
/// </summary>
internal sealed class Replays(RequestDelegate next, Shelf shelf)
{
    /// <summary>The header that names a request.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The header that marks an answer as one given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const int NameMax = 255;
    private const int AnswerMax = 32 << 20;
    private static readonly string[] KeptHeaders = ["Content-Type", "Location", Answering.Answer.PositionHeader];

    private readonly ConcurrentDictionary<(string Key, string Name), bool> _inFlight = new();

    /// <summary>Answers a request, once.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Headers.TryGetValue(Header, out var sent) || HttpMethods.IsGet(request.Method) || Caller.Of(context) is not { } key)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var name = sent.ToString();
        if (name.Length is 0 or > NameMax || name.Any(c => c is < ' ' or > '~')) { throw Refused.Parameter(Header, $"`{Header}` is no text of 1 to {NameMax} printable ASCII characters", "A random UUID is a good one."); }
        if (!_inFlight.TryAdd((key.Id, name), true)) { throw new Refused(ProblemType.InFlight, "a request with this idempotency key is being answered", "Wait for its answer, or send it again a little later.") { RetryAfter = 1 }; }
        try { await Answer(context, key.Id, name).ConfigureAwait(false); }
        finally { _inFlight.TryRemove((key.Id, name), out _); }
    }

    private async Task Answer(HttpContext context, string key, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = context.Request;
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.ContentType}\n"));
        using var hashed = new HashedStream(request.Body, hash);
        request.Body = hashed;
        if (await shelf.Answers.Find(key, name, context.RequestAborted).ConfigureAwait(false) is { } kept)
        {
            await hashed.Drain(context.RequestAborted).ConfigureAwait(false);
            if (!kept.Hash.AsSpan().SequenceEqual(hash.GetHashAndReset())) { throw new Refused(ProblemType.KeyReused, "the idempotency key was used for another request", "Give every request a key of its own; send the same request to get its answer again."); }
            await Replay(context, kept).ConfigureAwait(false);
            return;
        }
        var response = context.Response;
        var body = response.Body;
        using var made = new MemoryStream();
        response.Body = made;
        try
        {
            try { await next(context).ConfigureAwait(false); }
            catch (Refused refused) when (refused.Type.Status < 500) { await ProblemAnswers.Write(context, refused).ConfigureAwait(false); }
            await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        finally { response.Body = body; }
        await hashed.Drain(context.RequestAborted).ConfigureAwait(false);
        if (response.StatusCode is < 500 and not (401 or 403 or 429) && made.Length <= AnswerMax)
        {
            var headers = string.Join('\n', KeptHeaders.Where(response.Headers.ContainsKey).Select(h => $"{h}: {response.Headers[h]}"));
            await shelf.Answers.Keep(key, name, new(hash.GetHashAndReset(), response.StatusCode, headers, made.ToArray()), CancellationToken.None).ConfigureAwait(false);
        }
        await body.WriteAsync(made.GetBuffer().AsMemory(0, (int)made.Length), context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task Replay(HttpContext context, KeptAnswer kept)
    {
        var response = context.Response;
        response.StatusCode = kept.Status;
        foreach (var header in kept.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split(": ", 2))) { response.Headers[header[0]] = header[1]; }
        response.Headers[ReplayedHeader] = "true";
        await response.Body.WriteAsync(kept.Body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A body that is hashed while it is read.</summary>
    private sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task Drain(CancellationToken stop) => await CopyToAsync(Null, stop).ConfigureAwait(false);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            hash.AppendData(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
