using Microsoft.Extensions.Logging;

namespace Laurel.Storage;

/// <summary>What lanes write into the log.</summary>
internal static partial class LaneLog
{
    /// <summary>The category.</summary>
    public const string Category = "Laurel.Lane";

    /// <summary>A program is written here; where its lane can go elsewhere meanwhile, as of which epoch.</summary>
    public static void Here(ILogger log, string program, int? epoch)
    {
        if (epoch is { } since) { HereSince(log, program, since); }
        else { HereAlone(log, program); }
    }

    [LoggerMessage(1, LogLevel.Information, "{Program} is written here (epoch {Epoch})")]
    private static partial void HereSince(ILogger log, string program, int epoch);

    [LoggerMessage(8, LogLevel.Information, "{Program} is written here")]
    private static partial void HereAlone(ILogger log, string program);

    [LoggerMessage(2, LogLevel.Information, "{Program} is written elsewhere: {Address}")]
    public static partial void Elsewhere(ILogger log, string program, string address);

    [LoggerMessage(3, LogLevel.Information, "the edition {Edition} of {Program} is published in its log")]
    public static partial void Published(ILogger log, string program, string edition);

    [LoggerMessage(4, LogLevel.Information, "{Program} has the texts of revision {Revision}")]
    public static partial void Revised(ILogger log, string program, long revision);

    [LoggerMessage(5, LogLevel.Information, "{Program} is taken in")]
    public static partial void TakenIn(ILogger log, string program);

    [LoggerMessage(6, LogLevel.Information, "an operator has directed {Program}: {Direction}")]
    public static partial void Directed(ILogger log, string program, string direction);

    [LoggerMessage(7, LogLevel.Error, "{Program} could not be written, and is tried again: {Trail}")]
    public static partial void Failed(ILogger log, string program, string trail);
}
