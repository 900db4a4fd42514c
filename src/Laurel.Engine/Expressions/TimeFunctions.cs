using System.Globalization;
using NodaTime;
using Duration = NodaTime.Duration;
using Instant = NodaTime.Instant;

namespace Laurel.Engine.Expressions;

/// <summary>The plain dialect's questions to instants (in a zone; UTC where none is named) and to durations.</summary>
internal static class TimeFunctions
{
    private const long NanosPerSecond = 1_000_000_000;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Overload> All { get; } =
    [
        .. OfInstant("getFullYear", static at => at.Year),
        .. OfInstant("getMonth", static at => at.Month - 1),
        .. OfInstant("getDayOfYear", static at => at.DayOfYear - 1),
        .. OfInstant("getDayOfMonth", static at => at.Day - 1),
        .. OfInstant("getDate", static at => at.Day),
        .. OfInstant("getDayOfWeek", static at => (int)at.DayOfWeek % 7),
        .. OfInstant("getHours", static at => at.Hour),
        .. OfInstant("getMinutes", static at => at.Minute),
        .. OfInstant("getSeconds", static at => at.Second),
        .. OfInstant("getMilliseconds", static at => at.Millisecond),
        OfDuration("getHours", static nanos => nanos / (3600 * NanosPerSecond)),
        OfDuration("getMinutes", static nanos => nanos / (60 * NanosPerSecond)),
        OfDuration("getSeconds", static nanos => nanos / NanosPerSecond),
        OfDuration("getMilliseconds", static nanos => nanos / 1_000_000 % 1000),
    ];

    private static Overload[] OfInstant(string function, Func<LocalDateTime, int> ask) =>
    [
        new(function, CallForm.Method, [CelType.Timestamp], CelType.Int, (_, x) => Value.Int(ask(Local(x[0], DateTimeZone.Utc)))),
        new(function, CallForm.Method, [CelType.Timestamp, CelType.Text], CelType.Int, (_, x) =>
            FindZone(x[1].AsText) is { } zone ? Value.Int(ask(Local(x[0], zone))) : Value.Error($"there is no time zone {x[1]}")),
    ];

    private static Overload OfDuration(string function, Func<long, long> ask) =>
        new(function, CallForm.Method, [CelType.Duration], CelType.Int, (_, x) => Value.Int(ask(x[0].AsNanos)));

    private static LocalDateTime Local(in Value instant, DateTimeZone zone) =>
        Instant.FromUnixTimeTicks(instant.AsInstant.Micros * 10).Plus(Duration.FromNanoseconds(instant.NanosBeyondMicros)).InZone(zone).LocalDateTime;

    /// <summary>A zone by its IANA name, or by its offset: "+11:00", "-02:30", "02:00".</summary>
    private static DateTimeZone? FindZone(string name)
    {
        var digits = name.TrimStart('+', '-');
        if (name.Length - digits.Length > 1 || !TimeOnly.TryParseExact(digits, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var offset))
        {
            return DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);
        }
        var seconds = (int)(offset.Ticks / TimeSpan.TicksPerSecond);
        return seconds > 18 * 3600 ? null : DateTimeZone.ForOffset(Offset.FromSeconds(name[0] == '-' ? -seconds : seconds));
    }
}
