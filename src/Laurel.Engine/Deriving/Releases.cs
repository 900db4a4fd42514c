using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>When what is pending is released.</summary>
internal static class Releases
{
    /// <summary>The release of what happened at a moment; <see cref="Instant.Never"/> where only a fact can tell.</summary>
    public static Instant Of(Delay? after, Instant moment, Calendar calendar) => after switch
    {
        null => moment,
        Delay.Length length => calendar.Add(moment, length.Value),
        Delay.UntilRun until => RunFor(until.Run, moment, calendar).At,
        _ => Instant.Never,
    };

    /// <summary>The first run that covers a moment, with the day on which it would be if that is none of business.</summary>
    public static (Instant At, DateOnly Due) RunFor(ScheduledRun run, Instant moment, Calendar calendar)
    {
        var earliest = calendar.Add(moment, run.Covers);
        if (!earliest.IsReal) { return (Instant.Never, DateOnly.MaxValue); }
        var due = DueOf(run, calendar.Zone.DateOf(earliest));
        // A run that is put off may lie in a later month than it is due in, behind the moment all the same.
        while (Step(run, due, -1) is { } before && AtOf(run, before, calendar) >= earliest) { due = before; }
        while (AtOf(run, due, calendar) < earliest)
        {
            if (Step(run, due, 1) is not { } next) { return (Instant.Never, DateOnly.MaxValue); }
            due = next;
        }
        return (AtOf(run, due, calendar), due);
    }

    private static Instant AtOf(ScheduledRun run, DateOnly due, Calendar calendar) =>
        !run.Rolls ? calendar.Zone.StartOfDay(due) : calendar.BusinessDayFrom(due) is { } day ? calendar.Zone.StartOfDay(day) : Instant.Never;

    /// <summary>The run's day in the period in which a date lies.</summary>
    private static DateOnly DueOf(ScheduledRun run, DateOnly date)
    {
        var month = run.Each == WindowKind.ThisQuarter ? ((date.Month - 1) / 3 * 3) + 1 : date.Month;
        return new(date.Year, month, Math.Min(run.Day, DateTime.DaysInMonth(date.Year, month)));
    }

    private static DateOnly? Step(ScheduledRun run, DateOnly due, int by)
    {
        var months = ((due.Year - 1) * 12) + due.Month - 1 + (by * (run.Each == WindowKind.ThisQuarter ? 3 : 1));
        return months is < 0 or >= 9999 * 12 ? null : DueOf(run, new((months / 12) + 1, (months % 12) + 1, 1));
    }
}
