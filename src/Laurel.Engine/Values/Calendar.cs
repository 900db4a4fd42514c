namespace Laurel.Engine.Values;

/// <summary>A zone, and which of its days are business days: all that adding a length of time depends on.</summary>
public sealed class Calendar
{
    private readonly bool[] _isWeekend = new bool[7];
    private readonly DateOnly[] _holidays;

    /// <summary>A calendar.</summary>
    /// <param name="zone">The zone of its days.</param>
    /// <param name="weekend">At most six days of the week.</param>
    /// <param name="holidays">Days that are none of business, in any order.</param>
    public Calendar(Zone zone, IEnumerable<DayOfWeek> weekend, IEnumerable<DateOnly> holidays)
    {
        ArgumentNullException.ThrowIfNull(weekend);
        Zone = zone;
        foreach (var day in weekend) { _isWeekend[(int)day] = true; }
        if (_isWeekend.All(day => day)) { throw new ArgumentException("A week has a day of business.", nameof(weekend)); }
        _holidays = [.. holidays.Distinct().Order()];
    }

    /// <summary>The zone's calendar with Saturday and Sunday as the weekend, and no holidays.</summary>
    public static Calendar Of(Zone zone) => new(zone, [DayOfWeek.Saturday, DayOfWeek.Sunday], []);

    /// <summary>The zone of its days.</summary>
    public Zone Zone { get; }

    /// <summary>The days of the week that are none of business.</summary>
    public IEnumerable<DayOfWeek> Weekend => Enum.GetValues<DayOfWeek>().Where(day => _isWeekend[(int)day]);

    /// <summary>The other days that are none, in order.</summary>
    public IReadOnlyList<DateOnly> Holidays => _holidays;

    /// <summary>True for a day that is neither weekend nor holiday.</summary>
    public bool IsBusinessDay(DateOnly date) => !_isWeekend[(int)date.DayOfWeek] && Array.BinarySearch(_holidays, date) < 0;

    /// <summary>The day itself where it is a business day, else the next one; null where there is none before the year 10000.</summary>
    public DateOnly? BusinessDayFrom(DateOnly date)
    {
        while (!IsBusinessDay(date))
        {
            if (date == DateOnly.MaxValue) { return null; }
            date = date.AddDays(1);
        }
        return date;
    }

    /// <summary>The last holiday, where an instant lies after its day: then nobody knows whether holidays are missing. Null where it does not, or none is listed.</summary>
    public DateOnly? HolidaysEndBefore(Instant at) =>
        _holidays is [.., var last] && (!at.IsReal ? at == Instant.Never : Zone.DateOf(at) > last) ? last : null;

    /// <summary>
    /// Adds a length of time: months, then days, in local time (a month that is too short clamps to its last day, a skipped hour moves
    /// forward, a doubled one is its first); then business days; then hours and less on the clock. A business day later is the same
    /// time of the next business day; on a day that is none time stands still, so an instant of it counts as the start of the next.
    /// </summary>
    /// <returns><see cref="Instant.Never"/> where the sum lies after year 9999; <paramref name="at"/> where that is not real.</returns>
    public Instant Add(Instant at, Duration length) =>
        length.BusinessDays == 0 ? Zone.Move(at, length) : Zone.Move(AddBusinessDays(Zone.Move(at, length with { Micros = 0 }), length.BusinessDays), new(0, 0, length.Micros));

    private Instant AddBusinessDays(Instant at, int count)
    {
        if (!at.IsReal) { return at; }
        var start = Zone.DateOf(at);
        var day = BusinessDayFrom(start);
        var isStanding = day != start;
        for (; count > 0 && day is { } before; count--) { day = before == DateOnly.MaxValue ? null : BusinessDayFrom(before.AddDays(1)); }
        if (day is not { } due) { return Instant.Never; }
        return isStanding ? Zone.StartOfDay(due) : Zone.Move(at, new(0, due.DayNumber - start.DayNumber, 0));
    }
}
