using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs;

/// <summary>One step of a path from a subject to another: follow this reference field.</summary>
/// <param name="Kind">The kind whose field it is.</param>
/// <param name="Slot">The reference field.</param>
public readonly record struct Step(int Kind, int Slot);

/// <summary>A field, state or role of a subject that a path of references leads to, starting at the subject in question.</summary>
/// <param name="Root">The kind that the path starts from.</param>
/// <param name="Path">The references followed; empty for the subject itself.</param>
/// <param name="Before">True for <c>before.…</c>: as it was just before the fact.</param>
public abstract record SubjectBinding(CelType Type, int Root, IReadOnlyList<Step> Path, bool Before) : Binding(Type)
{
    /// <summary>The subject that the path leads to.</summary>
    public sealed record Itself(CelType Type, int Root, IReadOnlyList<Step> Path, bool Before) : SubjectBinding(Type, Root, Path, Before);

    /// <summary>A field of it, by <see cref="Programs.Field.Slot"/>.</summary>
    public sealed record OfField(CelType Type, int Root, IReadOnlyList<Step> Path, bool Before, int Slot) : SubjectBinding(Type, Root, Path, Before);

    /// <summary>A state of it, by index in <see cref="Edition.States"/>.</summary>
    public sealed record OfState(int Root, IReadOnlyList<Step> Path, bool Before, int State) : SubjectBinding(CelType.Bool, Root, Path, Before);

    /// <summary>Since when a state of it holds, by index in <see cref="Edition.States"/>; not told while it does not.</summary>
    public sealed record Since(int Root, IReadOnlyList<Step> Path, bool Before, int State) : SubjectBinding(CelType.Timestamp, Root, Path, Before);

    /// <summary>A role that the member in question has on it, by index in <see cref="Edition.Roles"/>.</summary>
    public sealed record OfRole(int Root, IReadOnlyList<Step> Path, bool Before, int Role) : SubjectBinding(CelType.Bool, Root, Path, Before);
}

/// <summary>What the fact at hand carries, by name; and <c>fact.time</c>.</summary>
/// <param name="Field">The field's name; "time" for when it happened.</param>
public sealed record FactBinding(CelType Type, string Field) : Binding(Type);

/// <summary>Something of the member in question.</summary>
/// <param name="Before">True for <c>before.…</c>: as it was just before the instant.</param>
public abstract record StandingBinding(CelType Type, bool Before) : Binding(Type);

/// <summary>A metric of the member, by index in <see cref="Edition.Metrics"/>. One with a key has type map.</summary>
public sealed record MetricBinding(CelType Type, int Metric, bool Before = false) : StandingBinding(Type, Before);

/// <summary>What a metric of the member was so long before, by index in <see cref="Edition.Metrics"/>.</summary>
public sealed record AgoBinding(CelType Type, int Metric, Values.Duration Length, bool Before = false) : StandingBinding(Type, Before);

/// <summary>The member's level on a ladder, by index in <see cref="Edition.Ladders"/>; its type orders the rungs. Of one with <c>per</c> the first index, and a map.</summary>
public sealed record LevelBinding(CelType Type, int Ladder, bool Before = false) : StandingBinding(Type, Before);

/// <summary>The value that a formula or a level with <c>per</c> is for.</summary>
/// <param name="Path">The key, as written.</param>
public sealed record KeyBinding(CelType Type, string Path) : Binding(Type);

/// <summary>How many closed, counted periods in a row an obligation was missed or kept, by index in <see cref="Edition.Obligations"/>.</summary>
/// <param name="Missed">True for missed, false for kept.</param>
public sealed record ObligationBinding(int Obligation, bool Missed, bool Before = false) : StandingBinding(CelType.Number, Before);

/// <summary>A state of the member in question (member.enrolled is state -1), where the subject is another.</summary>
public sealed record MemberStateBinding(int State, bool Before = false) : StandingBinding(CelType.Bool, Before);

/// <summary>A field of the member in question, where the subject is another.</summary>
public sealed record MemberFieldBinding(CelType Type, int Slot, bool Before = false) : StandingBinding(Type, Before);

/// <summary>A constant table (a map, or a map of maps, of numbers).</summary>
public sealed record TableBinding(CelType Type, Table Table) : Binding(Type);
