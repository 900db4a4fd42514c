using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>
/// Reads a time from UTF-8, as <see cref="Zone.TryParse"/> reads it from text, and tells what is wrong with it: a date is its first
/// instant in the zone; a time needs its offset, and no more than six digits of the second that mean anything.
/// </summary>
internal static class TimeText
{
    /// <summary>Reads a time.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public static RefusalCode? Read(ReadOnlySpan<byte> text, Zone zone, out long micros)
    {
        micros = 0;
        if (text.Length < 10 || !Digits(text[..4], out var year) || text[4] != '-' || !Digits(text[5..7], out var month) || text[7] != '-'
            || !Digits(text[8..10], out var day) || month is < 1 or > 12 || day < 1)
        {
            return RefusalCode.InvalidTime;
        }
        if (year == 0) { return RefusalCode.TimeOutOfRange; }
        if (day > DateTime.DaysInMonth(year, month)) { return RefusalCode.InvalidTime; }
        var date = new DateOnly(year, month, day);
        if (text.Length > 10) { return ReadTime(text[10..], date, out micros); }
        var start = zone.StartOfDay(date);
        micros = start.Micros;
        return start.IsReal ? null : RefusalCode.TimeOutOfRange;
    }

    private static RefusalCode? ReadTime(ReadOnlySpan<byte> text, DateOnly date, out long micros)
    {
        micros = 0;
        if (text.Length < 6 || text[0] is not ((byte)'T' or (byte)'t') || !Digits(text[1..3], out var hour) || text[3] != ':' || !Digits(text[4..6], out var minute)
            || hour > 23 || minute > 59)
        {
            return RefusalCode.InvalidTime;
        }
        text = text[6..];
        if (!ReadSeconds(ref text, out var second, out var fraction, out var tooFine)) { return RefusalCode.InvalidTime; }
        if (text.Length == 0) { return RefusalCode.TimeWithoutZone; }
        if (!ReadOffset(text, out var offsetMinutes)) { return RefusalCode.InvalidTime; }
        if (tooFine) { return RefusalCode.TimeTooFine; }
        var seconds = (((hour * 60L) + minute - offsetMinutes) * 60) + second;
        micros = Instant.First.Micros + (date.DayNumber * Instant.MicrosPerDay) + (seconds * Instant.MicrosPerSecond) + fraction;
        return new Instant(micros).IsReal ? null : RefusalCode.TimeOutOfRange;
    }

    private static bool ReadSeconds(ref ReadOnlySpan<byte> text, out int second, out int fraction, out bool tooFine)
    {
        (second, fraction, tooFine) = (0, 0, false);
        if (text.Length == 0 || text[0] != ':') { return true; }
        if (text.Length < 3 || !Digits(text[1..3], out second) || second > 59) { return false; }
        text = text[3..];
        if (text.Length == 0 || text[0] != '.') { return true; }
        var digits = 1;
        for (; digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            if (digits <= 6) { fraction = (fraction * 10) + (text[digits] - '0'); }
            else { tooFine |= text[digits] != '0'; }
        }
        for (var missing = digits; missing <= 6; missing++) { fraction *= 10; }
        text = text[digits..];
        return digits > 1;
    }

    private static bool ReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1) { return text[0] is (byte)'Z' or (byte)'z'; }
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || !Digits(text[1..3], out var hours) || text[3] != ':' || !Digits(text[4..6], out minutes)
            || minutes > 59)
        {
            return false;
        }
        minutes += hours * 60;
        if (minutes > 14 * 60) { return false; }
        if (text[0] == '-') { minutes = -minutes; }
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') { return false; }
            value = (value * 10) + (b - '0');
        }
        return true;
    }
}
