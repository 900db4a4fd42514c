using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>Periods and windows of a program's calendar.</summary>
internal static class Windows
{
    /// <summary>The first instant of the period of the zone in which an instant lies.</summary>
    public static Instant StartOf(WindowKind period, Instant at, Zone zone) => zone.StartOfDay(FirstDay(period, zone.DateOf(at)));

    /// <summary>The first instant after the period in which an instant lies.</summary>
    public static Instant EndOf(WindowKind period, Instant at, Zone zone)
    {
        var first = FirstDay(period, zone.DateOf(at));
        if (first.Year == 9999) { return Instant.Never; }
        return zone.StartOfDay(period switch
        {
            WindowKind.ThisDay => first.AddDays(1),
            WindowKind.ThisWeek => first.AddDays(7),
            WindowKind.ThisMonth => first.AddMonths(1),
            WindowKind.ThisQuarter => first.AddMonths(3),
            _ => first.AddYears(1),
        });
    }

    /// <summary>
    /// When a moment leaves a window: it lies in "last 90 days" from itself until 90 days later, in "this year" until the year
    /// ends, in "these 6 months" until the fifth month after its own ends.
    /// </summary>
    public static Instant Leaves(Window? window, Instant moment, Zone zone)
    {
        if (window is null || !moment.IsReal) { return Instant.Never; }
        return window.Kind switch
        {
            WindowKind.Last => zone.Add(moment, window.Length),
            // Until the next such fact, which the member's facts tell: see MetricWindow.
            WindowKind.Since => Instant.Never,
            WindowKind.These => EndOf(WindowKind.ThisMonth, zone.Add(StartOf(WindowKind.ThisMonth, moment, zone), window.Length with { Months = window.Length.Months - 1 }), zone),
            _ => EndOf(window.Kind, moment, zone),
        };
    }

    /// <summary>The first instant that a window covers when it is looked at just before an instant.</summary>
    public static Instant Opens(Window window, Instant before, Zone zone)
    {
        var last = new Instant(before.Micros - 1);
        return window.Kind switch
        {
            WindowKind.Last => FirstStillInside(before, window.Length, zone),
            WindowKind.These => MonthsBack(StartOf(WindowKind.ThisMonth, last, zone), window.Length.Months - 1, zone),
            _ => StartOf(window.Kind, last, zone),
        };
    }

    /// <summary>
    /// The first moment that has not left "last 3 months" just before an instant. Searched for: short months and turns of the clock
    /// keep the way back from being the way there backwards.
    /// </summary>
    private static Instant FirstStillInside(Instant before, Duration length, Zone zone)
    {
        var daysMost = (length.Months * 31L) + length.Days + 2;
        var (low, high) = (Math.Max(Instant.First.Micros, before.Micros - (daysMost * Instant.MicrosPerDay) - length.Micros), before.Micros);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (zone.Add(new(middle), length) >= before) { high = middle; }
            else { low = middle + 1; }
        }
        return new(low);
    }

    private static Instant MonthsBack(Instant firstOfMonth, int months, Zone zone)
    {
        var date = zone.DateOf(firstOfMonth);
        return ((date.Year - 1) * 12) + date.Month - 1 < months ? Instant.Ever : zone.StartOfDay(date.AddMonths(-months));
    }

    private static DateOnly FirstDay(WindowKind period, DateOnly date) => period switch
    {
        WindowKind.ThisDay => date,
        WindowKind.ThisWeek => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        WindowKind.ThisMonth => new(date.Year, date.Month, 1),
        WindowKind.ThisQuarter => new(date.Year, ((date.Month - 1) / 3 * 3) + 1, 1),
        _ => new(date.Year, 1, 1),
    };
}
