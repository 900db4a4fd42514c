using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;

namespace Laurel.Engine.Values;

/// <summary>A program's time zone: every date, day, month and year of the program is one of this zone.</summary>
public sealed class Zone
{
    private readonly DateTimeZone _zone;

    private Zone(DateTimeZone zone) => _zone = zone;

    /// <summary>Coordinated universal time.</summary>
    public static readonly Zone Utc = new(DateTimeZone.Utc);

    /// <summary>The zone's name in the IANA database, such as "Europe/Berlin".</summary>
    public string Name => _zone.Id;

    /// <summary>Finds a zone by its IANA name.</summary>
    /// <returns>Null where there is no zone of that name.</returns>
    public static Zone? Find(string name) =>
        name == "UTC" ? Utc : DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone ? new(zone) : null;

    /// <summary>The start of a day of this zone.</summary>
    public Instant StartOfDay(DateOnly date) =>
        _zone == DateTimeZone.Utc ? FromDays(date.DayNumber) : FromNoda(_zone.AtStartOfDay(LocalDate.FromDateOnly(date)).ToInstant());

    /// <summary>The date in this zone at a real instant; the first or the last one where the zone's own lies outside the years 0001 to 9999.</summary>
    public DateOnly DateOf(Instant at)
    {
        var local = LocalMicros(at) - Instant.First.Micros;
        return local < 0 ? DateOnly.MinValue : DateOnly.FromDayNumber((int)Math.Min(local / Instant.MicrosPerDay, DateOnly.MaxValue.DayNumber));
    }

    /// <summary>The instant at which the clocks of this zone show a date and a time: one that is skipped moves forward, one that is shown twice is the first.</summary>
    public Instant At(DateOnly date, TimeOnly time) => FromNoda((LocalDate.FromDateOnly(date) + LocalTime.FromTimeOnly(time)).InZone(_zone, Resolvers.LenientResolver).ToInstant());

    /// <summary>The time of day on the clocks of this zone at a real instant.</summary>
    public TimeOnly TimeOf(Instant at)
    {
        if (_zone != DateTimeZone.Utc) { return ToNoda(at).InZone(_zone).TimeOfDay.ToTimeOnly(); }
        return new((at.Micros - Instant.First.Micros) % Instant.MicrosPerDay * 10);
    }

    /// <summary>
    /// Adds what needs no calendar but the zone's: months and days in local time (a month that is too short clamps to its last day,
    /// a skipped hour moves forward, a doubled one is its first), hours and less on the clock. <see cref="Calendar.Add"/> is for all else.
    /// </summary>
    /// <returns><see cref="Instant.Never"/> where the sum lies after year 9999, or where <paramref name="at"/> is not real.</returns>
    internal Instant Move(Instant at, Values.Duration length)
    {
        if (!at.IsReal) { return at; }
        var moved = at;
        if (length.Months != 0 || length.Days != 0)
        {
            if (_zone == DateTimeZone.Utc && length.Months == 0) { moved = new(at.Micros + (length.Days * Instant.MicrosPerDay)); }
            else if (!TryAddLocal(at, length, out moved)) { return Instant.Never; }
        }
        moved = new(moved.Micros + length.Micros);
        return moved.IsReal ? moved : Instant.Never;
    }

    /// <summary>
    /// The length from one real instant to a later one: in whole months and days of the calendar here, by the dates alone; on the clock
    /// where both lie on one day.
    /// </summary>
    public Values.Duration Between(Instant from, Instant to)
    {
        var (first, last) = (LocalDate.FromDateOnly(DateOf(from)), LocalDate.FromDateOnly(DateOf(to)));
        if (first == last) { return new(0, 0, to.Micros - from.Micros); }
        var length = Period.Between(first, last, PeriodUnits.Months | PeriodUnits.Days);
        return new(length.Months, length.Days, 0);
    }

    /// <summary>
    /// Reads a date ("2024-06-01": the start of that day here) or an instant with its offset ("2024-06-01T09:00Z",
    /// "2024-06-01T09:00:00.5+02:00").
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The instant.</param>
    /// <param name="isDate">True where the text was a date without a time.</param>
    /// <returns>False where the text is neither; a time without an offset is neither.</returns>
    public bool TryParse(string text, out Instant at, out bool isDate)
    {
        at = default;
        isDate = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        if (isDate)
        {
            at = StartOfDay(date);
            return true;
        }
        return TryParseInstant(text, out at);
    }

    /// <summary>Reads an instant of a question: a date means the last instant of that day here.</summary>
    /// <returns>False where the text is neither a date nor an instant with its offset.</returns>
    public bool TryParseAsked(string text, out Instant at)
    {
        if (!TryParse(text, out at, out var isDate)) { return false; }
        at = isDate ? EndOfDay(DateOf(at)) : at;
        return true;
    }

    /// <summary>Reads an RFC 3339 instant with its offset; seconds may be left out; at most six digits after the point.</summary>
    public static bool TryParseInstant(string text, out Instant at)
    {
        at = default;
        if (text.Length < 17 || text[10] is not ('T' or 't') || (text[^1] is not ('Z' or 'z') && text[^6] is not ('+' or '-'))) { return false; }
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) { return false; }
        if (time.UtcTicks % 10 != 0) { return false; }
        at = new((time.UtcTicks / 10) + Instant.First.Micros);
        return true;
    }

    /// <summary>The last instant before the next day begins: what "on 15 December" means in a question.</summary>
    public Instant EndOfDay(DateOnly date) => date == DateOnly.MaxValue ? Instant.Last : new(StartOfDay(date.AddDays(1)).Micros - 1);

    /// <summary>The start of something as people read it: a day here where it begins one, else UTC to the minute; "always" and "open" before and after all time.</summary>
    public string Written(Instant at) => at.IsReal && StartOfDay(DateOf(at)) != at ? ToTheMinute(at) : Day(at);

    /// <summary>The instant of a question as people read it: a day here where it ends one, as <see cref="TryParseAsked"/> reads it, else UTC to the minute.</summary>
    public string WrittenAsked(Instant at) => at.IsReal && EndOfDay(DateOf(at)) != at ? ToTheMinute(at) : Day(at);

    private string Day(Instant at) => at.IsReal ? DateOf(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : at.Micros < 0 ? "always" : "open";

    private static string ToTheMinute(Instant at) => $"{at.ToString()[..16]}Z";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private long LocalMicros(Instant at) => _zone == DateTimeZone.Utc ? at.Micros : at.Micros + MicrosOf(_zone.GetUtcOffset(ToNoda(at)));

    private static long MicrosOf(Offset offset) => offset.Ticks / 10;

    private bool TryAddLocal(Instant at, Values.Duration length, out Instant moved)
    {
        moved = default;
        if (LocalMicros(at) > Instant.Last.Micros) { return false; }
        var local = ToNoda(at).InZone(_zone).LocalDateTime;
        var months = ((local.Year - 1) * 12L) + local.Month - 1 + length.Months;
        if (months >= 9999 * 12) { return false; }
        local = local.PlusMonths(length.Months);
        if (Period.DaysBetween(local.Date, new LocalDate(9999, 12, 31)) < length.Days) { return false; }
        local = local.PlusDays(length.Days);
        // West of Greenwich the last hours of year 9999 lie in year 10000 there.
        if (local.Date == new LocalDate(9999, 12, 31) && _zone.MinOffset < Offset.FromTicks(local.TickOfDay - NodaConstants.TicksPerDay + 1)) { return false; }
        moved = FromNoda(local.InZone(_zone, Resolvers.LenientResolver).ToInstant());
        return true;
    }

    private static Instant FromDays(int dayNumber) => new(Instant.First.Micros + (dayNumber * Instant.MicrosPerDay));

    private static NodaTime.Instant ToNoda(Instant at) =>
        NodaTime.Instant.FromUnixTimeTicks(at.Micros * 10);

    private static Instant FromNoda(NodaTime.Instant at) => new(at.ToUnixTimeTicks() / 10);
}
