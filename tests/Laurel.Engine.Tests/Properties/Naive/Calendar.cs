using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>Days, weeks, months, quarters and years of a zone.</summary>
internal static class Calendar
{
    /// <summary>The first day of the period in which an instant lies.</summary>
    public static DateOnly FirstDay(WindowKind period, Instant at, Zone zone)
    {
        var day = zone.DateOf(at);
        return period switch
        {
            WindowKind.ThisDay => day,
            WindowKind.ThisWeek => Monday(day),
            WindowKind.ThisMonth => new(day.Year, day.Month, 1),
            WindowKind.ThisQuarter => new(day.Year, day.Month - ((day.Month - 1) % 3), 1),
            WindowKind.ThisYear => new(day.Year, 1, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(period)),
        };
    }

    /// <summary>When a moment leaves a window.</summary>
    public static Instant Leaves(Window? window, Instant moment, Zone zone)
    {
        if (window is null) { return Instant.Never; }
        if (window.Kind == WindowKind.Last) { return zone.Add(moment, window.Length); }
        var months = window.Kind switch
        {
            WindowKind.These => window.Length.Months,
            WindowKind.ThisMonth => 1,
            WindowKind.ThisQuarter => 3,
            WindowKind.ThisYear => 12,
            _ => 0,
        };
        var days = window.Kind switch
        {
            WindowKind.ThisDay => 1,
            WindowKind.ThisWeek => 7,
            _ => 0,
        };
        var first = FirstDay(window.Kind == WindowKind.These ? WindowKind.ThisMonth : window.Kind, moment, zone);
        var left = (DateOnly.MaxValue.Year - first.Year) * 12 + DateOnly.MaxValue.Month - first.Month;
        if (months > left || DateOnly.MaxValue.DayNumber - first.DayNumber < days) { return Instant.Never; }
        return zone.StartOfDay(first.AddMonths(months).AddDays(days));
    }

    private static DateOnly Monday(DateOnly day)
    {
        while (day.DayOfWeek != DayOfWeek.Monday) { day = day.AddDays(-1); }
        return day;
    }
}
