using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>Levels from low to high.</summary>
/// <param name="Rungs">Low to high; the level is the highest whose condition holds. The first one's condition may be null: it always holds.</param>
/// <param name="Up">How it rises.</param>
/// <param name="Down">How it falls.</param>
public sealed record Ladder(string Name, int Index, IReadOnlyList<Rung> Rungs, Movement Up, Movement Down, Documentation Doc)
{
    /// <summary>Where there is a level for each value of a field: for which this one is. All are written once, and called <c>skill["azure"]</c>.</summary>
    public LadderKey? Per { get; init; }

    /// <summary>The name under which it is written.</summary>
    public string WrittenAs => Per?.Ladder ?? Name;

    /// <summary>Rises along what reads what, over states, rules, metrics and ladders together.</summary>
    public int Layer { get; init; }

    /// <summary>The highest stage of the rules and states that it reads.</summary>
    public int Stage { get; init; }
}

/// <summary>Which of the levels of a ladder with <c>per</c> it is.</summary>
/// <param name="Ladder">The name under which the ladder is written.</param>
/// <param name="Path">The field, as written: "badge.product".</param>
/// <param name="Value">The value.</param>
public sealed record LadderKey(string Ladder, string Path, Value Value);

/// <summary>One level.</summary>
public sealed record Rung(string Name, Expression? Condition, Documentation Doc);

/// <summary>How a level moves one way.</summary>
/// <param name="Never">Not at all.</param>
/// <param name="At">When it is looked at; empty for at once.</param>
/// <param name="Best">(down) To the best rung met at any instant of this window, not to the present one; null for the present.</param>
public sealed record Movement(bool Never, IReadOnlyList<Review> At, Window? Best)
{
    /// <summary>What is decided holds this much later; null for at once.</summary>
    public Duration? Lag { get; init; }

    /// <summary>(down) Only when the level has not been met for this long without a break; null for at once.</summary>
    public Duration? Grace { get; init; }

    /// <summary>(down) Not before this long on the rung; null for at any time.</summary>
    public Duration? Stay { get; init; }

    /// <summary>(down) Without it <see cref="Best"/> and <see cref="Stay"/> do not help; null for true.</summary>
    public Expression? Needs { get; init; }
}

/// <summary>When a ladder is looked at: each month or quarter (its first instant), or a day of the year.</summary>
/// <param name="Each">The period; null for a day of the year.</param>
/// <param name="Month">1 to 12, for a day of the year.</param>
/// <param name="Day">1 to 31, for a day of the year.</param>
public sealed record Review(WindowKind? Each, int Month, int Day);
