using System.Collections.Concurrent;
using System.Text;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace Laurel.Server.Taking;

/// <summary>
/// Requests with an idempotency key: sent again they get the answer of before, marked as such, also after a restart. The answer is kept in the transaction
/// of what they did (see <see cref="Idempotent"/>), and after it where that is many commits, or changed nothing; sealed (see <see cref="Seal"/>). Of a dry run nothing is kept, and its key is free.
/// </summary>
internal sealed class Replays(RequestDelegate next, Shelf shelf, IServiceProvider services)
{
    /// <summary>The header that names a request.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The header that marks an answer as one given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>The most characters that it may have.</summary>
    public const int NameMax = 255;

    private readonly ConcurrentDictionary<(string Key, string Name), bool> _inFlight = new();

    /// <summary>Answers a request, once.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (NameOf(context) is not { } name || Caller.Of(context) is not { } key)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        if (!_inFlight.TryAdd((key.Id, name), true)) { throw InFlight(); }
        try { await Answer(context, key.Id, name).ConfigureAwait(false); }
        finally { _inFlight.TryRemove((key.Id, name), out _); }
    }

    /// <summary>Refuses a key that is none, before the request is handed on.</summary>
    public static Task Check(HttpContext context, RequestDelegate next) =>
        NameOf(context) is { } name && (name.Length is 0 or > NameMax || name.Any(c => c is < ' ' or > '~'))
            ? throw Refused.Parameter(Header, $"`{Header}` is no text of 1 to {NameMax} printable ASCII characters", "A random UUID is a good one.")
            : next(context);

    /// <summary>The name that a request has; null where it is not answered once: it has none, reads, or is a dry run.</summary>
    private static string? NameOf(HttpContext context) =>
        context.Request.Headers.TryGetValue(Header, out var sent) && !HttpMethods.IsGet(context.Request.Method) && context.Request.Query["dry-run"] != "true" ? sent.ToString() : null;

    /// <summary>The same request is being answered, here or by another server.</summary>
    public static Refused InFlight() => new(ProblemType.InFlight, "a request with this idempotency key is being answered", "Wait for its answer, or send it again a little later.") { RetryAfter = 1 };

    private async Task Answer(HttpContext context, string key, string name)
    {
        var seal = new Seal(Caller.SecretOf(context), name);
        using var hash = seal.Hash();
        var request = context.Request;
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {Names.PathOf(context)}{request.QueryString}\n{request.ContentType}\n"));
        using var hashed = new HashedStream(request.Body, hash, empty: !context.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody);
        request.Body = hashed;
        if (await Again().ConfigureAwait(false)) { return; }
        try { await AnswerOnce(context, new(key, name, hashed, seal, request.Method, services), hashed).ConfigureAwait(false); }
        // It was sent before, and whoever sent it did not wait; or another server was sent it too.
        catch (AnsweredElsewhereException)
        {
            context.Response.Clear();
            if (!await Again().ConfigureAwait(false)) { throw; }
        }

        async Task<bool> Again()
        {
            if (await shelf.Answers.Find(key, name, context.RequestAborted).ConfigureAwait(false) is not { } before) { return false; }
            await hashed.Drain(context.RequestAborted).ConfigureAwait(false);
            if (!before.Hash.AsSpan().SequenceEqual(hashed.Hash)) { throw new Refused(ProblemType.KeyReused, "the idempotency key was used for another request", "Give every request a key of its own; send the same request to get its answer again."); }
            context.Response.Headers[ReplayedHeader] = "true";
            var head = request.RouteValues.ContainsKey(Names.Program) ? await Names.Reader(context).Head(context.RequestAborted).ConfigureAwait(false) : null;
            await new Sent(before, seal) { Head = head }.ExecuteAsync(context).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Has a request answered that was not before, and keeps the answer.</summary>
    private async Task AnswerOnce(HttpContext context, Idempotent keeping, HashedStream hashed)
    {
        context.Features.Set(keeping);
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
        if (keeping.Kept is null && response.StatusCode is < 500 and not (401 or 403 or 429))
        {
            await hashed.Drain(context.RequestAborted).ConfigureAwait(false);
            if (keeping.Of(response, made) is { } kept) { await shelf.Answers.Keep(kept, CancellationToken.None).ConfigureAwait(false); }
        }
        if (made.Length > 0) { await body.WriteAsync(made.GetBuffer().AsMemory(0, (int)made.Length), context.RequestAborted).ConfigureAwait(false); }
    }
}
