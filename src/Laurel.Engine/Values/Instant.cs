using System.Globalization;

namespace Laurel.Engine.Values;

/// <summary>
/// A point in time: whole microseconds since 1970-01-01T00:00Z. Real instants lie in the years 0001 to 9999;
/// <see cref="Ever"/> lies before all of them and <see cref="Never"/> after.
/// </summary>
/// <param name="Micros">Microseconds since 1970 UTC; may be negative.</param>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    /// <summary>Microseconds in a second.</summary>
    public const long MicrosPerSecond = 1_000_000;

    /// <summary>Microseconds in a day of 24 hours.</summary>
    public const long MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>Before every real instant: the start of what has always been.</summary>
    public static readonly Instant Ever = new(long.MinValue);

    /// <summary>After every real instant: the open end of a span.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>The first real instant, 0001-01-01T00:00Z.</summary>
    public static readonly Instant First = new(-62_135_596_800 * MicrosPerSecond);

    /// <summary>The last real instant, the microsecond before 10000-01-01T00:00Z.</summary>
    public static readonly Instant Last = new((253_402_300_800 * MicrosPerSecond) - 1);

    /// <summary>True for a point in the calendar; false for <see cref="Ever"/> and <see cref="Never"/>.</summary>
    public bool IsReal => Micros >= First.Micros && Micros <= Last.Micros;

    /// <summary>The last moment before it; the ends of time stay as they are.</summary>
    public Instant JustBefore => IsReal ? new(Micros - 1) : this;

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant a, Instant b) => a.Micros <= b.Micros ? a : b;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant a, Instant b) => a.Micros >= b.Micros ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant a, Instant b) => a.Micros < b.Micros;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant a, Instant b) => a.Micros > b.Micros;

    /// <summary>Not later than.</summary>
    public static bool operator <=(Instant a, Instant b) => a.Micros <= b.Micros;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(Instant a, Instant b) => a.Micros >= b.Micros;

    /// <summary>RFC 3339 in UTC, with no more digits of the second than it needs; "ever" or "never" at the ends.</summary>
    public override string ToString()
    {
        if (!IsReal) { return Micros < 0 ? "ever" : "never"; }
        // 2024-05-01T09:30:00.5000000Z: the digits that say nothing are cut off.
        Span<char> text = stackalloc char[28];
        new DateTime((Micros - First.Micros) * 10, DateTimeKind.Utc).TryFormat(text, out var length, "O", CultureInfo.InvariantCulture);
        var end = text[..(length - 1)].TrimEnd('0').TrimEnd('.').Length;
        text[end] = 'Z';
        return new(text[..(end + 1)]);
    }
}
