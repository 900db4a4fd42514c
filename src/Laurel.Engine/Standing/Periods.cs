using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What periods are called: "2020", "2020-Q2", "2020-06", "2020-W23", "2020-06-07".</summary>
internal static class Periods
{
    /// <param name="year">For a year: which, where it is one of the program's own. It is called by the year in which it begins.</param>
    public static string Name(WindowKind kind, NamedYear? year, Instant at, Zone zone)
    {
        var date = zone.DateOf(year is null ? at : Windows.StartOf(kind, year, at, zone));
        return kind switch
        {
            WindowKind.ThisYear => date.ToString("yyyy", CultureInfo.InvariantCulture),
            WindowKind.ThisQuarter => string.Create(CultureInfo.InvariantCulture, $"{date:yyyy}-Q{((date.Month - 1) / 3) + 1}"),
            WindowKind.ThisMonth => date.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            WindowKind.ThisWeek => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(date.ToDateTime(default)):0000}-W{ISOWeek.GetWeekOfYear(date.ToDateTime(default)):00}"),
            _ => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }
}
