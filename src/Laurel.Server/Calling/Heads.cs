namespace Laurel.Server.Calling;

/// <summary>Answers HEAD as GET, without a body: with the same status and headers. RFC 9110 section 9.3.2.</summary>
internal static class Heads
{
    private static readonly object Item = new();

    /// <summary>True where the headers of the answer are all that is asked for: what is made line by line ends with its first one.</summary>
    public static bool Are(HttpContext context) => context.Items.ContainsKey(Item);

    /// <summary>Has a request for the headers alone answered as one for all of it; the server leaves the body out, by what was asked first.</summary>
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        var isHead = HttpMethods.IsHead(request.Method);
        if (isHead)
        {
            context.Items[Item] = true;
            request.Method = HttpMethods.Get;
        }
        try { await next(context).ConfigureAwait(false); }
        finally
        {
            if (isHead) { request.Method = HttpMethods.Head; }
        }
        // What takes GET takes HEAD.
        var allowed = response.Headers.Allow.ToString();
        if (response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed } && allowed.Split(", ").Contains(HttpMethods.Get)) { response.Headers.Allow = $"{allowed}, {HttpMethods.Head}"; }
    }
}
