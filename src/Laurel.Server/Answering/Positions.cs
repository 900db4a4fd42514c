using System.Globalization;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>Positions as callers see them: the database's incarnation, a point, and the number of the commit.</summary>
internal static class Positions
{
    /// <summary>The header by which a caller asks for an answer that is not older than a position.</summary>
    public const string NotOlderHeader = "Laurel-Not-Older-Than";

    private const int WaitSeconds = 5;
    private const int PauseMilliseconds = 50;

    /// <summary>An incarnation, short.</summary>
    public static string Of(Guid incarnation) => incarnation.ToString("N")[..8];

    /// <summary>A position.</summary>
    public static string Write(Position position) => string.Create(CultureInfo.InvariantCulture, $"{Of(position.Incarnation)}.{position.Number}");

    /// <summary>True for a text that names a place in the same database as a position.</summary>
    public static bool IsOf(string text, Position position) => text.StartsWith($"{Of(position.Incarnation)}.", StringComparison.Ordinal);

    /// <summary>The number of the commit that a text names.</summary>
    /// <exception cref="Refused">It names none, or one of another incarnation.</exception>
    public static long Read(string name, string text, Position head)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point != 8 || !long.TryParse(text.AsSpan(point + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw Refused.Parameter(name, $"`{name}` is no position", $"Send what a {Answer.PositionHeader} header said.");
        }
        if (text[..point] != Of(head.Incarnation)) { throw new Refused(ProblemType.OtherIncarnation, "the position was given by another database", "The database was restored, or is another: read anew from the start."); }
        return number;
    }

    /// <summary>Goes on once this server has what the caller has seen on another: the program, and what is up to the position that the caller names.</summary>
    /// <exception cref="Refused">It is not there in time, or before the server stops, or is of another database.</exception>
    public static async Task Reach(HttpContext context, RequestDelegate next)
    {
        if (context.Request.RouteValues.ContainsKey(Names.Program))
        {
            var (shelf, name, stop) = (context.RequestServices.GetRequiredService<Shelf>(), Names.Of(context, Names.Program), context.RequestAborted);
            if (shelf.Find(name) is null) { await shelf.Look(name, stop).ConfigureAwait(false); }
            if (context.Request.Headers[NotOlderHeader].ToString() is { Length: > 0 } wanted && shelf.Read(name) is { } reader)
            {
                await Wait(reader, wanted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, stop).ConfigureAwait(false);
                await shelf.Find(name)!.CatchUp(stop).ConfigureAwait(false);
            }
        }
        await next(context).ConfigureAwait(false);
    }

    private static async Task Wait(Reader reader, string wanted, CancellationToken stopping, CancellationToken stop)
    {
        for (var waited = 0; ; waited += PauseMilliseconds)
        {
            var head = await reader.Head(stop).ConfigureAwait(false);
            if (Read(NotOlderHeader, wanted, head) <= head.Number) { return; }
            // It may wait for longer than the server's patience, and would then be cut off without an answer.
            if (stopping.IsCancellationRequested) { throw new Refused(ProblemType.Unavailable, "the server stops before the position is there", "Try again.") { RetryAfter = 2 }; }
            if (waited >= WaitSeconds * 1000) { throw new Refused(ProblemType.Unavailable, "the position is not there yet", "Try again.") { RetryAfter = 1 }; }
            await Task.Delay(PauseMilliseconds, stop).ConfigureAwait(false);
        }
    }
}
