using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>Days, weeks, months, quarters and years of a zone; business days and runs of an edition, one day after the other.</summary>
internal static class Calendar
{
    /// <summary>A length of time later.</summary>
    public static Instant Add(Edition edition, Instant at, Duration length)
    {
        var zone = edition.Calendar.Zone;
        var later = zone.Move(at, new(length.Months, length.Days, 0));
        if (length.BusinessDays > 0 && later.IsReal)
        {
            var began = zone.DateOf(later);
            var day = began;
            while (IsOff(edition, day)) { day = day.AddDays(1); }
            var isOff = day != began;
            for (var left = length.BusinessDays; left > 0;)
            {
                day = day.AddDays(1);
                if (!IsOff(edition, day)) { left--; }
            }
            later = isOff ? zone.StartOfDay(day) : zone.Move(later, new(0, day.DayNumber - began.DayNumber, 0));
        }
        return zone.Move(later, new(0, 0, length.Micros));
    }

    /// <summary>When what a rule gives at a moment is released, where no fact can tell.</summary>
    public static Instant Release(Edition edition, CreditRule rule, Instant moment)
    {
        if (rule.After is Delay.Length length) { return Add(edition, moment, length.Value); }
        if (rule.After is not Delay.UntilRun { Run: var run }) { return moment; }
        var (zone, covered) = (edition.Calendar.Zone, Add(edition, moment, run.Covers));
        if (!covered.IsReal) { return Instant.Never; }
        var runs = new List<Instant>();
        var month = zone.DateOf(covered).AddMonths(-4);
        for (var i = 0; i < 12; i++, month = month.AddMonths(1))
        {
            if (run.Each == WindowKind.ThisQuarter && month.Month % 3 != 1) { continue; }
            var day = new DateOnly(month.Year, month.Month, Math.Min(run.Day, DateTime.DaysInMonth(month.Year, month.Month)));
            while (run.Rolls && IsOff(edition, day)) { day = day.AddDays(1); }
            runs.Add(zone.StartOfDay(day));
        }
        return runs.First(at => at >= covered);
    }

    private static bool IsOff(Edition edition, DateOnly day) => edition.Calendar.Weekend.Contains(day.DayOfWeek) || edition.Calendar.Holidays.Contains(day);

    /// <summary>The first day of the period for which an instant counts.</summary>
    public static DateOnly FirstDay(WindowKind period, NamedYear? year, Instant at, Zone zone)
    {
        var day = zone.DateOf(at);
        return period switch
        {
            WindowKind.ThisDay => day,
            WindowKind.ThisWeek => Monday(day),
            WindowKind.ThisMonth => new(day.Year, day.Month, 1),
            WindowKind.ThisQuarter => new(day.Year, day.Month - ((day.Month - 1) % 3), 1),
            WindowKind.ThisHalfYear => new(day.Year, day.Month - ((day.Month - 1) % 6), 1),
            WindowKind.ThisYear => year?.Cutoff is { } cutoff && IsCut(year, cutoff, day) ? FirstOf(year, day).AddYears(1) : FirstOf(year, day),
            _ => throw new ArgumentOutOfRangeException(nameof(period)),
        };
    }

    /// <summary>When a moment leaves a window.</summary>
    public static Instant Leaves(Window? window, Instant moment, Edition edition)
    {
        if (window is null) { return Instant.Never; }
        if (window.Kind == WindowKind.Last) { return Add(edition, moment, window.Length); }
        var zone = edition.Calendar.Zone;
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
        var first = FirstDay(window.Kind == WindowKind.These ? WindowKind.ThisMonth : window.Kind, window.Year, moment, zone);
        var left = (DateOnly.MaxValue.Year - first.Year) * 12 + DateOnly.MaxValue.Month - first.Month;
        if (months > left || DateOnly.MaxValue.DayNumber - first.DayNumber < days) { return Instant.Never; }
        return zone.StartOfDay(first.AddMonths(months).AddDays(days));
    }

    /// <summary>The first instant that a window covers just before an instant: the first that has not left it then.</summary>
    public static Instant Opens(Window window, Instant at, Edition edition)
    {
        // A cutoff is of moments.
        if (window.Year is { Cutoff: not null } year) { window = window with { Year = year with { Cutoff = null } }; }
        var (low, high) = (at.Micros - (Instant.MicrosPerDay * ((window.Length.Months * 31) + window.Length.Days + (window.Length.BusinessDays * 7) + 400)), at.Micros);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (Leaves(window, new(middle), edition) >= at) { high = middle; }
            else { low = middle + 1; }
        }
        return new(low);
    }

    /// <summary>All reviews between two instants, in order.</summary>
    public static IEnumerable<Instant> Reviews(IReadOnlyCollection<Review> reviews, Instant from, Instant until, Zone zone)
    {
        if (reviews.Count == 0) { yield break; }
        for (var month = zone.DateOf(from).AddDays(1 - zone.DateOf(from).Day); zone.StartOfDay(month) <= until; month = month.AddMonths(1))
        {
            foreach (var day in reviews.Select(r => r.Month == month.Month ? Math.Min(r.Day, DateTime.DaysInMonth(month.Year, month.Month)) : 1).Append(1).Distinct().Order())
            {
                var at = zone.StartOfDay(month.AddDays(day - 1));
                if (at >= from && at <= until && reviews.Any(r => IsReview(r, at, zone))) { yield return at; }
            }
            if (month.AddDays(31) > DateOnly.MaxValue.AddMonths(-2)) { yield break; }
        }
    }

    /// <summary>Whether a ladder is looked at at an instant; on a day that its month does not have, on its last.</summary>
    public static bool IsReview(Review review, Instant at, Zone zone)
    {
        var day = zone.DateOf(at);
        if (zone.StartOfDay(day) != at) { return false; }
        return review.Each switch
        {
            WindowKind.ThisMonth => day.Day == 1,
            WindowKind.ThisQuarter => day is { Day: 1, Month: 1 or 4 or 7 or 10 },
            WindowKind.ThisHalfYear => day is { Day: 1, Month: 1 or 7 },
            _ => day.Month == review.Month && day.Day == Math.Min(review.Day, DateTime.DaysInMonth(day.Year, day.Month)),
        };
    }

    /// <summary>Whether the last such day of its year has come by a day.</summary>
    private static bool IsCut(NamedYear year, (int Month, int Day) cutoff, DateOnly day)
    {
        if (day.Year > 9997) { return false; }
        var last = FirstOf(year, day).AddYears(1).AddDays(-1);
        while ((last.Month, last.Day) != cutoff) { last = last.AddDays(-1); }
        return day >= last;
    }

    private static DateOnly FirstOf(NamedYear? year, DateOnly day)
    {
        while ((day.Month, day.Day) != (year?.Month ?? 1, year?.Day ?? 1)) { day = day.AddDays(-1); }
        return day;
    }

    private static DateOnly Monday(DateOnly day)
    {
        while (day.DayOfWeek != DayOfWeek.Monday) { day = day.AddDays(-1); }
        return day;
    }
}
