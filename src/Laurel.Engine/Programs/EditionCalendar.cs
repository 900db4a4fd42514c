using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>A year of a program's own: it begins on a day of the year and is called by the year in which it begins.</summary>
/// <param name="Name">What windows call it: "program_year".</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31, a day that its month has in every year.</param>
public sealed record NamedYear(string Name, int Month, int Day)
{
    /// <summary>The day from which on what happens counts for the next year; null where that is its first day.</summary>
    public (int Month, int Day)? Cutoff { get; init; }
}

/// <summary>A date that comes again and again, on which what has happened by then is released together.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Each">Once a month or a quarter.</param>
/// <param name="Day">The day of the month, of a quarter's first one; in a shorter month its last.</param>
/// <param name="Rolls">True where a run that falls on no business day is on the next one.</param>
/// <param name="Covers">What happened no later than this long before it is in the run; zero for all until then.</param>
public sealed record ScheduledRun(string Name, WindowKind Each, int Day, bool Rolls, Duration Covers, Documentation Doc);

/// <summary>Until when a credit is pending.</summary>
public abstract record Delay
{
    private Delay() { }

    /// <summary>This long after its moment.</summary>
    public sealed record Length(Duration Value) : Delay;

    /// <summary>Until the run that covers its moment.</summary>
    public sealed record UntilRun(ScheduledRun Run) : Delay;

    /// <summary>Until the instant that a field of the subject tells; it follows what is told while it is pending.</summary>
    /// <param name="Slot">The field's <see cref="Field.Slot"/>.</param>
    public sealed record UntilTold(int Slot) : Delay;
}
