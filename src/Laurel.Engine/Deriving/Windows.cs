using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>Periods and windows of a program's calendar.</summary>
internal static class Windows
{
    /// <summary>The first instant of the period for which a moment counts: that in which it lies, and after the cutoff of a named year the next.</summary>
    /// <param name="year">For a year: which, where it is one of the program's own.</param>
    public static Instant StartOf(WindowKind period, NamedYear? year, Instant at, Zone zone) => zone.StartOfDay(FirstDay(period, year, zone.DateOf(at)));

    /// <summary>The first instant after the period for which a moment counts.</summary>
    /// <param name="year">For a year: which, where it is one of the program's own.</param>
    public static Instant EndOf(WindowKind period, NamedYear? year, Instant at, Zone zone)
    {
        if (at > Instant.Last) { return Instant.Never; }
        var first = FirstDay(period, year, zone.DateOf(at));
        if (first.Year == 9999) { return Instant.Never; }
        return zone.StartOfDay(period switch
        {
            WindowKind.ThisDay => first.AddDays(1),
            WindowKind.ThisWeek => first.AddDays(7),
            WindowKind.ThisMonth => first.AddMonths(1),
            WindowKind.ThisQuarter => first.AddMonths(3),
            WindowKind.ThisHalfYear => first.AddMonths(6),
            _ => first.AddYears(1),
        });
    }

    /// <summary>
    /// When a moment leaves a window: it lies in "last 90 days" from itself until 90 days later, in "this year" until the year
    /// ends, in "these 6 months" until the fifth month after its own ends.
    /// </summary>
    public static Instant Leaves(Window? window, Instant moment, Calendar calendar)
    {
        if (window is null || !moment.IsReal) { return Instant.Never; }
        return window.Kind switch
        {
            WindowKind.Last => calendar.Add(moment, window.Length),
            // Until the next such fact, which the member's facts tell: see MetricWindow.
            WindowKind.Since => Instant.Never,
            WindowKind.These => EndOf(WindowKind.ThisMonth, null, calendar.Add(StartOf(WindowKind.ThisMonth, null, moment, calendar.Zone), window.Length with { Months = window.Length.Months - 1 }), calendar.Zone),
            _ => EndOf(window.Kind, window.Year, moment, calendar.Zone),
        };
    }

    /// <summary>The first instant that a window covers when it is looked at just before an instant.</summary>
    public static Instant Opens(Window window, Instant before, Calendar calendar)
    {
        var last = new Instant(before.Micros - 1);
        return window.Kind switch
        {
            WindowKind.Last => FirstStillInside(before, window.Length, calendar),
            WindowKind.These => MonthsBack(StartOf(WindowKind.ThisMonth, null, last, calendar.Zone), window.Length.Months - 1, calendar.Zone),
            // A window of instants has no cutoff: that is for moments.
            _ => StartOf(window.Kind, window.Year is { } year ? year with { Cutoff = null } : null, last, calendar.Zone),
        };
    }

    /// <summary>
    /// The first moment that has not left "last 3 months" just before an instant. Searched for: short months and turns of the clock
    /// keep the way back from being the way there backwards.
    /// </summary>
    private static Instant FirstStillInside(Instant before, Duration length, Calendar calendar)
    {
        // In each week one day is of business, unless it is a holiday.
        var weeksMost = length.BusinessDays == 0 ? 0L : length.BusinessDays + calendar.Holidays.Count + 1L;
        var daysMost = (length.Months * 31L) + length.Days + (weeksMost * 7) + 2;
        var (low, high) = (Math.Max(Instant.First.Micros, before.Micros - (daysMost * Instant.MicrosPerDay) - length.Micros), before.Micros);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (calendar.Add(new(middle), length) >= before) { high = middle; }
            else { low = middle + 1; }
        }
        return new(low);
    }

    private static Instant MonthsBack(Instant firstOfMonth, int months, Zone zone)
    {
        var date = zone.DateOf(firstOfMonth);
        return ((date.Year - 1) * 12) + date.Month - 1 < months ? Instant.Ever : zone.StartOfDay(date.AddMonths(-months));
    }

    private static DateOnly FirstDay(WindowKind period, NamedYear? year, DateOnly date) => period switch
    {
        WindowKind.ThisDay => date,
        WindowKind.ThisWeek => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        WindowKind.ThisMonth => new(date.Year, date.Month, 1),
        WindowKind.ThisQuarter => new(date.Year, ((date.Month - 1) / 3 * 3) + 1, 1),
        WindowKind.ThisHalfYear => new(date.Year, date.Month < 7 ? 1 : 7, 1),
        _ => FirstDay(year, date),
    };

    private static DateOnly FirstDay(NamedYear? year, DateOnly date)
    {
        var first = year is null ? new DateOnly(date.Year, 1, 1) : new(date.Year, year.Month, year.Day);
        if (first > date) { first = date.Year == 1 ? DateOnly.MinValue : first.AddYears(-1); }
        if (year?.Cutoff is not { } cutoff || first.Year == 9999) { return first; }
        var next = first.AddYears(1);
        var cut = new DateOnly(next.Year, cutoff.Month, cutoff.Day);
        if (cut >= next) { cut = cut.AddYears(-1); }
        return date >= cut ? next : first;
    }
}
