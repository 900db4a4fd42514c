using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs;

/// <summary>A number about a member.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its position in <see cref="Edition.Metrics"/>.</param>
/// <param name="Kind">How it is found.</param>
/// <param name="Unit">The unit of the credits; -1 for a formula.</param>
/// <param name="Formula">For a formula: that.</param>
/// <param name="In">The window of the credits' moments; null for all.</param>
/// <param name="Per">One number for each value of this, also of a formula; null for one number.</param>
public sealed record Metric(string Name, int Index, MetricKind Kind, int Unit, Expression? Formula, Window? In, LimitKey? Per, Documentation Doc)
{
    /// <summary>The units whose credits it reads; none for a formula.</summary>
    public IEnumerable<int> UnitsRead => new[] { Unit, BrokenBy }.Where(unit => unit >= 0);

    /// <summary>For a rank: by what, among whom, when; null for others.</summary>
    public Ranking? Ranking { get; init; }

    /// <summary>True where its value is a map of numbers.</summary>
    public bool IsMap => Per is not null || Ranking is not null;

    /// <summary>For runs: how many credits make one.</summary>
    public int Length { get; init; }

    /// <summary>For runs: the unit whose credits break one; -1 for none.</summary>
    public int BrokenBy { get; init; } = -1;

    /// <summary>Rises along what reads what, over states, rules, metrics and ladders together.</summary>
    public int Layer { get; init; }

    /// <summary>The highest stage of the rules and states that it reads.</summary>
    public int Stage { get; init; }
}

/// <summary>How a metric is found.</summary>
public enum MetricKind
{
    /// <summary>The amounts of the active credits, added.</summary>
    Sum,

    /// <summary>How many active credits.</summary>
    Count,

    /// <summary>From other metrics, levels and member data.</summary>
    Formula,

    /// <summary>The middle one of the amounts of the active credits; of an even number, between the middle two.</summary>
    Median,

    /// <summary>How many times so many active credits came one after the other, each counted once.</summary>
    Runs,

    /// <summary>The place among all members, taken on certain dates: a map with <c>place</c> and <c>of</c>.</summary>
    Rank,
}

/// <summary>How members are ranked among their peers: on each date, by what was known just before it. What is learnt later moves nobody.</summary>
/// <param name="By">The metrics, by name: more comes first; of equals the next one decides, and who is equal in all shares the place.</param>
/// <param name="Among">Who is ranked, as it is just before the date; null for all that are enrolled.</param>
/// <param name="At">The dates.</param>
public sealed record Ranking(IReadOnlyList<string> By, Expression? Among, IReadOnlyList<Review> At);
