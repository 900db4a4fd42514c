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
            WindowKind.ThisHalfYear => new(day.Year, day.Month - ((day.Month - 1) % 6), 1),
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
            WindowKind.ThisHalfYear => 6,
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

    /// <summary>The first instant that a window covers just before an instant: the first that has not left it then.</summary>
    public static Instant Opens(Window window, Instant at, Zone zone)
    {
        var (low, high) = (at.Micros - (Instant.MicrosPerDay * ((window.Length.Months * 31) + window.Length.Days + 400)), at.Micros);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (Leaves(window, new(middle), zone) >= at) { high = middle; }
            else { low = middle + 1; }
        }
        return new(low);
    }

    /// <summary>Whether a ladder is looked at at an instant.</summary>
    public static bool IsReview(Review review, Instant at, Zone zone)
    {
        var day = zone.DateOf(at);
        if (zone.StartOfDay(day) != at) { return false; }
        return review.Each switch
        {
            WindowKind.ThisMonth => day.Day == 1,
            WindowKind.ThisQuarter => day is { Day: 1, Month: 1 or 4 or 7 or 10 },
            WindowKind.ThisHalfYear => day is { Day: 1, Month: 1 or 7 },
            _ => day.Month == review.Month && day.Day == review.Day,
        };
    }

    private static DateOnly Monday(DateOnly day)
    {
        while (day.DayOfWeek != DayOfWeek.Monday) { day = day.AddDays(-1); }
        return day;
    }
}
