using Laurel.Server.Answering;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>A request with an idempotency key, while it is done. Whoever sent it may hang up meanwhile: what is done makes the answer after the request has gone.</summary>
/// <param name="key">Whose request.</param>
/// <param name="name">Its name.</param>
/// <param name="body">Its body, which is hashed while it is read.</param>
/// <param name="seal">What seals its answer.</param>
/// <param name="method">Its method.</param>
/// <param name="services">The server's services.</param>
internal sealed class Idempotent(string key, string name, HashedStream body, Seal seal, string method, IServiceProvider services)
{
    /// <summary>The most that an answer may have that is kept.</summary>
    private const int AnswerMax = 32 << 20;

    private static readonly string[] KeptHeaders = ["Content-Type", "Location", Answer.PositionHeader];

    private Seal Seal => seal;

    /// <summary>The answer that is kept with what was done; null where none is, and it is to be kept after it.</summary>
    public KeptAnswer? Kept { get; private set; }

    /// <summary>Does something, and answers what came of it. Where the request has an idempotency key the answer is kept in the transaction of what is done.</summary>
    /// <param name="context">The request, its body read.</param>
    /// <param name="effect">Does it; what it is handed makes the answer, and is null where none is kept.</param>
    /// <param name="answer">The answer.</param>
    public static async Task<IResult> Answered<T>(HttpContext context, Func<Keep<T>?, Task<Effect<T>>> effect, Func<Effect<T>, IResult> answer)
    {
        if (context.Features.Get<Idempotent>() is not { } keeping) { return answer(await effect(null).ConfigureAwait(false)); }
        KeptAnswer? made = null;
        var came = await effect(async done => made = await keeping.Make(answer(done)).ConfigureAwait(false)).ConfigureAwait(false);
        keeping.Kept = made;
        return made is null ? answer(came) : new Sent(made, keeping.Seal);
    }

    /// <summary>An answer as it is kept; null where it can't be, since it is too large, or the request was not read to its end.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="made">Its body.</param>
    public KeptAnswer? Of(HttpResponse response, MemoryStream made) => body.Hash is not { } hash || made.Length > AnswerMax
        ? null
        : new(key, name, hash, response.StatusCode, string.Join('\n', KeptHeaders.Where(response.Headers.ContainsKey).Select(h => $"{h}: {response.Headers[h]}")), seal.Close(made.GetBuffer().AsSpan(0, (int)made.Length)));

    private async Task<KeptAnswer?> Make(IResult answer)
    {
        using var made = new MemoryStream();
        var apart = new DefaultHttpContext { RequestServices = services };
        apart.Request.Method = method;
        apart.Response.Body = made;
        await answer.ExecuteAsync(apart).ConfigureAwait(false);
        return Of(apart.Response, made);
    }
}

/// <summary>An answer that was made before.</summary>
/// <param name="kept">The answer, sealed.</param>
/// <param name="seal">What opens it.</param>
internal sealed class Sent(KeptAnswer kept, Seal seal) : IResult
{
    /// <summary>The present end of the program's log; null where the answer was made just now, or is of no program's log.</summary>
    public Position? Head { get; init; }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = kept.Status;
        foreach (var header in kept.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split(": ", 2))) { response.Headers[header[0]] = header[1]; }
        // The database was restored since: nobody can ask for a position of the lost one. What was done is in the log of this one, before its end.
        if (Head is { } head && response.Headers[Answer.PositionHeader].ToString() is { Length: > 0 } position && !Positions.IsOf(position, head)) { response.Headers[Answer.PositionHeader] = Positions.Write(head); }
        // Nothing may be written where an answer has no content, not even nothing.
        if (seal.Open(kept.Body) is { Length: > 0 } body) { await response.Body.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false); }
    }
}
