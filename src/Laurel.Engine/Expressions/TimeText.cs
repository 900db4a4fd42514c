using System.Buffers;
using System.Globalization;
using System.Numerics;
using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>Instants and durations as CEL writes them, to the nanosecond.</summary>
internal static class TimeText
{
    private const long NanosPerSecond = 1_000_000_000;
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789.");

    /// <summary>"2009-02-13T23:31:30.5Z", or "90.5s" for a duration.</summary>
    public static string Of(in Value value) =>
        value.Kind == ValueKind.Timestamp ? OfInstant(value.AsInstant, value.NanosBeyondMicros) : OfDuration(value.AsNanos);

    /// <summary>Reads an RFC 3339 instant with at most nine digits after the point; an error where it is none, or lies outside the years 0001 to 9999.</summary>
    public static Value ReadInstant(string text)
    {
        var wrong = Value.Error($"\"{text}\" is not an instant in the range of the years 0001 to 9999, such as 2024-06-01T09:00:00Z");
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, nanos) = (text, 0L);
        if (point >= 0)
        {
            var end = point + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
            var digits = text[(point + 1)..end];
            if (digits.Length is 0 or > 9) { return wrong; }
            nanos = long.Parse(digits.PadRight(9, '0'), CultureInfo.InvariantCulture);
            whole = text[..point] + text[end..];
        }
        if (whole.Length < 20 || !Zone.TryParseInstant(whole, out var at)) { return wrong; }
        return Value.Timestamp(new(at.Micros + (nanos / 1000)), (int)(nanos % 1000));
    }

    /// <summary>Reads "1h30m", "-1.5s", "100ms"; an error where it is none, or does not fit 64 bits of nanoseconds.</summary>
    public static Value ReadDuration(string text)
    {
        var wrong = Value.Error($"\"{text}\" is not a duration such as 36h, 90m or 1.5s");
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+")) { rest = rest[1..]; }
        if (rest is "0") { return Value.Duration(0); }
        if (rest.IsEmpty || text.Length > 60) { return wrong; }
        var total = BigInteger.Zero;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(_digits);
            if (digits <= 0) { return wrong; }
            var unit = rest[digits..].IndexOfAny(_digits);
            var length = UnitNanos(unit < 0 ? rest[digits..] : rest.Slice(digits, unit));
            if (length == 0 || !Number.TryParse(rest[..digits], out var count)) { return wrong; }
            total += (BigInteger)count.Numerator * length / count.Denominator;
            rest = unit < 0 ? [] : rest[(digits + unit)..];
        }
        if (negative) { total = -total; }
        return total < long.MinValue || total > long.MaxValue
            ? Value.Error($"the duration \"{text}\" is out of range: it does not fit 64 bits of nanoseconds")
            : Value.Duration((long)total);
    }

    private static long UnitNanos(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600 * NanosPerSecond,
        "m" => 60 * NanosPerSecond,
        "s" => NanosPerSecond,
        "ms" => 1_000_000,
        "us" or "µs" => 1000,
        "ns" => 1,
        _ => 0,
    };

    private static string OfInstant(Instant at, int nanosBeyond)
    {
        if (nanosBeyond == 0) { return at.ToString(); }
        var micros = at.Micros - Instant.First.Micros;
        var nanos = (micros % Instant.MicrosPerSecond * 1000) + nanosBeyond;
        var second = new Instant(at.Micros - (micros % Instant.MicrosPerSecond));
        return $"{second.ToString()[..^1]}.{nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    private static string OfDuration(long nanos)
    {
        var sign = nanos < 0 ? "-" : "";
        var size = BigInteger.Abs(nanos);
        var fraction = (long)(size % NanosPerSecond);
        var tail = fraction == 0 ? "" : "." + fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{size / NanosPerSecond}{tail}s");
    }
}
