using System.Text.Json;
using Laurel.Engine.Standing;
using Laurel.Server.Answering;
using Laurel.Storage;
using Microsoft.Net.Http.Headers;

namespace Laurel.Server.Refusing;

/// <summary>The one place where problems are written: what is refused here, what the framework refuses, and what nobody thought of. By RFC 9457.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILoggerFactory logs)
{
    private const int RetrySeconds = 2;

    private static readonly object Item = new();

    private static readonly object Cut = new();

    private readonly ILogger _log = logs.CreateLogger("Laurel.Problem");

    /// <summary>Answers a request; with a problem, where there is one.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null }) { await Write(context, Framework(context)).ConfigureAwait(false); }
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // Whoever hung up hears no answer.
            if (context.RequestAborted.IsCancellationRequested)
            {
                context.Items[Cut] = true;
                return;
            }
            await Write(context, ProblemOf(e, context)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // What was begun can't be taken back: it ends in the middle, so that nobody takes it for whole.
            if (!context.RequestAborted.IsCancellationRequested) { LogFault(_log, context.TraceIdentifier, Telemetry.Trail(e)); }
            context.Items[Cut] = context.RequestAborted.IsCancellationRequested;
            context.Abort();
        }
    }

    /// <summary>True for a request that was not answered to its end because the caller hung up, or the server stopped; false where something failed in the middle; null for one that was answered.</summary>
    public static bool? IsCut(HttpContext context) => context.Items[Cut] as bool?;

    private Refused ProblemOf(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case Refused refused:
                return refused;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Bodies.TooLarge();
            case BadHttpRequestException bad:
                return Unreadable(bad.StatusCode);
            // A chunk whose length no number holds is the one thing of HTTP that the framework says otherwise.
            case IOException { InnerException: OverflowException }:
                return Unreadable(StatusCodes.Status400BadRequest);
            case AmountOverflowException overflow:
                return new(ProblemType.TooMuch, overflow.Message, $"Look for facts with amounts that nobody can mean, and retract them: the entries of member {overflow.Member} say what each fact gave.");
            case LaneElsewhereException:
                return Taking.Forwards.Elsewhere();
            case AnsweredElsewhereException:
                return Taking.Replays.InFlight();
            case ArchivedException:
                return Taking.WhileArchived.Refuse(context.Request.RouteValues[Calling.Names.Program] as string ?? "the program");
            case RevisedException revised:
                return new(ProblemType.Unavailable, revised.Message, "Send it again: facts that were recorded are not recorded twice.") { RetryAfter = RetrySeconds };
            case StorageException or StorageRefusedException or LaneLostException or System.Data.Common.DbException or TimeoutException or OperationCanceledException:
                LogUnavailable(_log, context.TraceIdentifier, Telemetry.Trail(exception));
                return new(ProblemType.Unavailable, exception is StorageRefusedException ? exception.Message : "the database could not be asked, or the server is stopping; what was not answered may be sent again", "Try again: facts that were recorded after all are not recorded twice.") { RetryAfter = RetrySeconds };
            default:
                LogFault(_log, context.TraceIdentifier, Telemetry.Trail(exception));
                return new(ProblemType.Fault, "nobody thought of this", $"Tell whoever runs the server: its log has what happened under {context.TraceIdentifier}.");
        }
    }

    private static Refused Unreadable(int status) => new(ProblemType.OfStatus(status), "the server could not read the request", "Send it as HTTP has it; a client library does.");

    private static Refused Framework(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(ProblemType.UnknownRoute, "there is nothing at this address", "/openapi/v1.json lists all addresses."),
        StatusCodes.Status405MethodNotAllowed => new(ProblemType.WrongMethod, $"{context.Request.Method} is not taken here", $"It takes {context.Response.Headers.Allow}."),
        StatusCodes.Status413PayloadTooLarge => Bodies.TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => Bodies.WrongType(context.Request, "a type that /openapi/v1.json names for this address"),
        var status => new(ProblemType.OfStatus(status), "the server could not take the request", ""),
    };

    /// <summary>The problem that a request was answered with; null where it was none.</summary>
    public static ProblemType? Of(HttpContext context) => context.Items[Item] as ProblemType;

    /// <summary>Writes a problem.</summary>
    public static async Task Write(HttpContext context, Refused refused)
    {
        var response = context.Response;
        var body = Answer.Json(json => Write(json, refused, context.TraceIdentifier));
        context.Items[Item] = refused.Type;
        // What was to be answered before may have said so by now.
        foreach (var header in (string[])[Answer.PositionHeader, HeaderNames.ETag, HeaderNames.Location]) { response.Headers.Remove(header); }
        response.ContentLength = body.Length;
        response.StatusCode = refused.Type.Status;
        response.ContentType = "application/problem+json";
        if (refused.Type == ProblemType.NoKey) { response.Headers.WWWAuthenticate = "Bearer"; }
        if (refused.RetryAfter is { } seconds) { response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture); }
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, Refused refused, string request)
    {
        json.WriteStartObject();
        json.WriteString("type", refused.Type.Address);
        json.WriteString("title", refused.Type.Title);
        json.WriteNumber("status", refused.Type.Status);
        json.WriteString("detail", refused.Message);
        if (refused.Remedy.Length > 0) { json.WriteString("remedy", refused.Remedy); }
        if (refused.Errors.Count > 0)
        {
            json.WriteStartArray("errors");
            foreach (var wrong in refused.Errors) { Write(json, wrong); }
            json.WriteEndArray();
        }
        json.WriteString("request", request);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Wrong wrong)
    {
        json.WriteStartObject();
        if (wrong.Pointer is { } pointer) { json.WriteString("pointer", pointer); }
        if (wrong.Parameter is { } parameter) { json.WriteString("parameter", parameter); }
        if (wrong.Code is { } code) { json.WriteString("code", code); }
        json.WriteString("detail", wrong.Detail);
        if (wrong.Remedy.Length > 0) { json.WriteString("remedy", wrong.Remedy); }
        json.WriteEndObject();
    }

    [LoggerMessage(2, LogLevel.Error, "fault in trace {Trace}: {Trail}")]
    private static partial void LogFault(ILogger log, string trace, string trail);

    [LoggerMessage(1, LogLevel.Warning, "the database could not be asked in trace {Trace}: {Trail}")]
    private static partial void LogUnavailable(ILogger log, string trace, string trail);
}
