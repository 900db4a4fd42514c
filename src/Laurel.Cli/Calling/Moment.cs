using Laurel.Engine.Values;

namespace Laurel.Cli.Calling;

/// <summary>Reads the instants of a question.</summary>
internal static class Moment
{
    /// <summary>Reads a date, which means the last instant of that day in the zone, or an instant with its offset.</summary>
    /// <param name="option">The option, for people.</param>
    /// <param name="text">What was written.</param>
    /// <param name="zone">The program's zone.</param>
    /// <exception cref="Halt">It is neither.</exception>
    public static Instant Read(string option, string text, Zone zone) =>
        zone.TryParseAsked(text, out var at) ? at : throw Neither(option, text, "the end of", zone);

    /// <summary>Reads the start of something: a date means the first instant of that day.</summary>
    /// <inheritdoc cref="Read"/>
    public static Instant ReadStart(string option, string text, Zone zone) =>
        zone.TryParse(text, out var at, out _) ? at : throw Neither(option, text, "the start of", zone);

    private static Halt Neither(string option, string text, string end, Zone zone) => Halt.Misuse(
        $"`{option} {text}` is neither a date nor an instant",
        $"Write a date such as 2024-06-01 ({end} that day, {zone.Name}), or an instant such as 2024-06-01T09:00:00Z.");
}
