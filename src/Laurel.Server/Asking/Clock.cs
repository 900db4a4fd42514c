using Laurel.Engine.Values;

namespace Laurel.Server.Asking;

/// <summary>What time it is.</summary>
internal static class Clock
{
    /// <summary>Now, by the server's clock.</summary>
    public static Instant OfServer(HttpContext context) => Now(context.RequestServices.GetRequiredService<TimeProvider>());

    /// <summary>Now in the program of an address: by its own clock, where it is a sandbox.</summary>
    public static Task<Instant> Now(HttpContext context) => Calling.Names.Reader(context).Now(context.RequestAborted);

    /// <summary>Now, by a clock.</summary>
    public static Instant Now(TimeProvider clock) => new((clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / 10);
}
