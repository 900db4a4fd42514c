using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>A question to a scenario's facts, and what the answer must be.</summary>
/// <param name="At">The instant that is asked about.</param>
/// <param name="Asked">That instant as it is written.</param>
/// <param name="Known">What was learnt later is left out; null for all that the scenario tells.</param>
/// <param name="Under">One edition as if it alone had always been in force; null for the editions in force by date.</param>
/// <param name="From">With <paramref name="Under"/>: that edition is as if published on this date; null for always.</param>
/// <param name="Member">The member that is asked about; null for none.</param>
/// <param name="Subject">The subject that is asked about; null for none.</param>
/// <param name="Rule">The rule whose credits are asked about; null for the member's standing.</param>
/// <param name="Answers">What the answer must be, one by one.</param>
/// <param name="Place">Where it is written.</param>
public sealed record Expectation(
    Instant At, string Asked, Instant? Known, Edition? Under, Instant? From, string? Member, SubjectName? Subject, string? Rule,
    IReadOnlyList<Expected> Answers, Place Place);

/// <summary>One thing that an answer must say.</summary>
/// <param name="Name">What it is about: a metric, a ladder, a state.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Line">The line in question.</param>
public abstract record Expected(string Name, Place Place, string Line)
{
    /// <summary>A metric that is one number.</summary>
    public sealed record Metric(string Name, Number Value, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>Some numbers of a metric that has one for each value of something.</summary>
    public sealed record Metrics(string Name, IReadOnlyList<KeyValuePair<string, Number>> Values, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>What the rule asked about gives, of a unit.</summary>
    public sealed record Given(string Name, int Unit, Number Value, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>What waits for its release, of the first unit.</summary>
    public sealed record Pending(Number Value, Place Place, string Line) : Expected("pending", Place, Line);

    /// <summary>What was paid to the member by then, of a unit of money.</summary>
    public sealed record Paid(int Unit, Number Value, Place Place, string Line) : Expected("paid", Place, Line);

    /// <summary>The level on a ladder.</summary>
    public sealed record Level(string Name, string Rung, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>Whether the member has a benefit.</summary>
    public sealed record Benefit(string Name, bool Value, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>Whether a state of the subject asked about holds; of the member, where no subject is.</summary>
    public sealed record State(string Name, bool Value, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>Whether the member has a role on the subject.</summary>
    public sealed record Role(string Name, bool Value, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>Where a request of the member on the subject stands.</summary>
    public sealed record Request(string Name, RequestStatus Status, Place Place, string Line) : Expected(Name, Place, Line);

    /// <summary>The next instant at which anything changes by itself for the member.</summary>
    /// <param name="From">The first instant that would do; null for "nothing changes any more".</param>
    /// <param name="Until">The last instant that would do: a date is any instant of its day.</param>
    /// <param name="Written">As written.</param>
    public sealed record Next(Instant? From, Instant? Until, string Written, Place Place, string Line) : Expected("next", Place, Line);
}
