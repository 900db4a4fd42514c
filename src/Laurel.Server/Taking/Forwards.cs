using System.Diagnostics;
using System.Net;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Yarp.ReverseProxy.Forwarder;

namespace Laurel.Server.Taking;

/// <summary>Hands what changes a program on to the server that writes it, and that one's answer back. Reads are answered here.</summary>
internal sealed class Forwards(RequestDelegate next, Shelf shelf, IHttpForwarder forwarder, LastCall last) : IDisposable
{
    private const string Header = "Laurel-Forwarded";

    /// <summary>So often it is looked whether the server to which a request was handed still writes the program.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>However long that one has nothing to say: facts that are all or none may take minutes. Where it ends or loses the program, that is seen.</summary>
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromHours(1) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current) });

    /// <summary>Answers a request, or has it answered.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (await AddressFor(context).ConfigureAwait(false) is not { } address)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        if (address.Length == 0 || context.Request.Headers.ContainsKey(Header)) { throw Elsewhere(); }
        context.Request.Headers[Header] = "1";
        var failed = await Forward(context, address).ConfigureAwait(false);
        if (failed != ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            throw last.Token.IsCancellationRequested ? Stopping() : Elsewhere();
        }
    }

    /// <summary>Has a request answered elsewhere; gives it up once another server writes the program, since one that is stopped would not answer for as long.</summary>
    private async Task<ForwarderError> Forward(HttpContext context, string address)
    {
        using var moved = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, last.Token);
        var sent = forwarder.SendAsync(context, address, _client, Patient, HttpTransformer.Default, moved.Token).AsTask();
        while (await Task.WhenAny(sent, Task.Delay(Look, CancellationToken.None)).ConfigureAwait(false) != sent)
        {
            if (!context.Response.HasStarted && await AddressFor(context).ConfigureAwait(false) != address) { await moved.CancelAsync().ConfigureAwait(false); }
        }
        return await sent.ConfigureAwait(false);
    }

    /// <summary>Another process writes the program, and can't be reached now.</summary>
    public static Refused Elsewhere() => new(
        ProblemType.Unavailable, "another server writes this program, and it can't be reached at this moment", "Send it again: where that server has ended, this one takes over; facts that were recorded are not recorded twice.")
    { RetryAfter = 1 };

    private static Refused Stopping() => new(
        ProblemType.Unavailable, "the server stops before the one that writes this program has answered", "Send all of it again: facts that were recorded are not recorded twice.")
    { RetryAfter = 2 };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Where a request goes; null where it is answered here.</summary>
    private async Task<string?> AddressFor(HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        if (!context.Request.RouteValues.ContainsKey(Names.Program)) { return null; }
        // Jobs are where they were begun: with whoever writes.
        if (HttpMethods.IsGet(context.Request.Method) && !route.Contains("/jobs", StringComparison.Ordinal)) { return null; }
        return shelf.Find(Names.Of(context, Names.Program)) is { } lane ? await lane.Elsewhere(context.RequestAborted).ConfigureAwait(false) : null;
    }
}
