using Microsoft.Extensions.Logging.Console;

namespace Laurel.Server.Observing;

/// <summary>The log: lines on standard error, plain or as JSON. Of the framework only what is wrong is told, since the rest of it has addresses with names in them.</summary>
internal static partial class Logs
{
    private const string Instant = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Opens it.</summary>
    public static ILoggerFactory Open(Settings settings) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Laurel", settings.LogLevel)
            // A start that fails is told once, by whoever asked for it.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        if (settings.LogsJson) { logging.AddJsonConsole(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, Instant.TrimEnd())); }
        else { logging.AddSimpleConsole(o => (o.UseUtcTimestamp, o.TimestampFormat, o.SingleLine, o.ColorBehavior) = (true, Instant, true, LoggerColorBehavior.Disabled)); }
    });

    [LoggerMessage(1, LogLevel.Information, "Laurel {Version} listens on {Addresses}, with {Programs} programs")]
    public static partial void Started(ILogger log, string version, string addresses, int programs);

    [LoggerMessage(2, LogLevel.Information, "stopping: what was asked before is answered")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(3, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);
}
