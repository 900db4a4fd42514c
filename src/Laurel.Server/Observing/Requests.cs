using System.Diagnostics;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace Laurel.Server.Observing;

/// <summary>
/// Tells of each request: one line of the log, and what its span is called. By the pattern of its route and the id of its key, never by what stands in
/// its address or its body, where people are named.
/// </summary>
internal sealed partial class Requests(RequestDelegate next, Shelf shelf, IHostApplicationLifetime lifetime, ILoggerFactory logs)
{
    private const string Nowhere = "-";
    private const int HungUp = 499;

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete, HttpMethods.Patch, HttpMethods.Options];

    private readonly ILogger _log = logs.CreateLogger("Laurel.Request");

    /// <summary>Has a request answered, and tells of it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var (begun, span) = (TimeProvider.System.GetTimestamp(), context.Features.Get<IHttpActivityFeature>()?.Activity);
        // By this the log, the trace and a problem that is answered are found together.
        if (span is not null) { context.TraceIdentifier = span.TraceId.ToHexString(); }
        try { await next(context).ConfigureAwait(false); }
        finally { Tell(context, span, TimeProvider.System.GetElapsedTime(begun)); }
    }

    private void Tell(HttpContext context, Activity? span, TimeSpan took)
    {
        var method = Methods.FirstOrDefault(m => m == context.Request.Method) ?? "_OTHER";
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? Nowhere;
        var status = ProblemAnswers.IsCut(context) switch
        {
            null => context.Response.StatusCode,
            false => StatusCodes.Status500InternalServerError,
            true => lifetime.ApplicationStopping.IsCancellationRequested ? StatusCodes.Status503ServiceUnavailable : HungUp,
        };
        var (program, key) = (ProgramOf(context), Caller.Of(context)?.Id);
        var problem = ProblemAnswers.Of(context)?.Name;
        Answered(_log, route.StartsWith("/health", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Information, method, route, status, took.TotalMilliseconds, program ?? Nowhere, key ?? Nowhere, problem ?? Nowhere, context.TraceIdentifier);
        if (span is not { IsAllDataRequested: true }) { return; }
        span.DisplayName = $"{method} {route}";
        span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", status).SetTag("laurel.program", program).SetTag("laurel.key", key).SetTag("laurel.problem", problem);
        if (status >= StatusCodes.Status500InternalServerError) { span.SetStatus(ActivityStatusCode.Error); }
    }

    /// <summary>The program of an address; null where it names none that is there: what else stands in its place may be anything.</summary>
    private string? ProgramOf(HttpContext context) =>
        context.Request.RouteValues.TryGetValue(Names.Program, out var name) && shelf.Find($"{name}") is { } lane ? lane.Program.Name : null;

    [LoggerMessage(EventId = 1, Message = "{Method} {Route} {Status} in {Milliseconds:0.0} ms, program {Program}, key {Key}, problem {Problem}, trace {Trace}")]
    private static partial void Answered(ILogger log, LogLevel level, string method, string route, int status, double milliseconds, string program, string key, string problem, string trace);
}
