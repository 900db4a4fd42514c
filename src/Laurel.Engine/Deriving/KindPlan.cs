using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>What an edition means for the subjects of one kind, compiled.</summary>
internal sealed class KindPlan<TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>The kind.</summary>
    public required SubjectKind Kind { get; init; }

    /// <summary>States and roles, each after those that it reads.</summary>
    public required HoldingPlan<TTrace>[] Holdings { get; init; }

    /// <summary>Those of them that change by more than facts: by a condition or by time.</summary>
    public required HoldingPlan<TTrace>[] Settling { get; init; }

    /// <summary>Those of them that can end by themselves.</summary>
    public required HoldingPlan<TTrace>[] Timed { get; init; }

    /// <summary>How many states.</summary>
    public required int StateCount { get; init; }

    /// <summary>How many roles.</summary>
    public required int RoleCount { get; init; }

    /// <summary>How many conditions are watched for becoming true.</summary>
    public required int TriggerCount { get; init; }

    /// <summary>The rules about this kind.</summary>
    public required RulePlan<TTrace>[] Rules { get; init; }

    /// <summary>Those rules that a condition which becomes true gives or takes back.</summary>
    public required RulePlan<TTrace>[] Watching { get; init; }

    /// <summary>Those rules whose moments are the closes of periods.</summary>
    public required PeriodClose<TTrace>[] Closes { get; init; }

    /// <summary>Those rules that hold for stretches and are not in the table.</summary>
    public required RulePlan<TTrace>[] Stretching { get; init; }

    /// <summary>The rules that hold for stretches and whose conditions have few cases; null for none.</summary>
    public required DecisionTable? Table { get; init; }

    /// <summary>By number: the conditions that are evaluated again only where something has changed; none without a trace.</summary>
    public required RecalledNode<TTrace>[] Recalled { get; init; }

    /// <summary>By shape of fact: what it does; null where it is about another kind.</summary>
    public required FactPlan<TTrace>?[] Facts { get; init; }

    /// <summary>How many references lead on from here: a subject is settled after those of smaller depth.</summary>
    public required int Depth { get; init; }

    /// <summary>Reference fields that the kind's own conditions follow first.</summary>
    public required int[] Followed { get; init; }

    /// <summary>Reference fields that conditions of any kind pass on their way.</summary>
    public required int[] Passed { get; init; }

    /// <summary>True where a condition reads <c>before.…</c>.</summary>
    public required bool ReadsBefore { get; init; }

    /// <summary>True where a condition that becomes true for one member and not for another starts or ends a role.</summary>
    public required bool WatchesMembers { get; init; }

    /// <summary>True where anything waits until a condition has stayed true for a time.</summary>
    public required bool Waits { get; init; }

    /// <summary>True where a rule gives also to those who gain the role later.</summary>
    public required bool GivesLater { get; init; }

    /// <summary>The highest stage of its rules.</summary>
    public required int StageMost { get; init; }

    /// <summary>True where any state or role ends by time, or waits on a condition for a time.</summary>
    public bool HasTimers => Timed.Length > 0 || Waits;
}

/// <summary>What a definition reads of its subject; a bit each for states, fields and roles.</summary>
/// <param name="States">States.</param>
/// <param name="Fields">Fields.</param>
/// <param name="Roles">Roles.</param>
/// <param name="Others">True where it reads another subject.</param>
internal readonly record struct Reads(ulong States, ulong Fields, ulong Roles, bool Others)
{
    /// <summary>What both read.</summary>
    public static Reads operator |(Reads a, Reads b) => new(a.States | b.States, a.Fields | b.Fields, a.Roles | b.Roles, a.Others || b.Others);

    /// <summary>True where something that is read of the subject itself has changed at the instant at hand.</summary>
    public bool Concern(SubjectFrame subject) => ((States & subject.ChangedStates) | (Fields & subject.ChangedFields) | (Roles & subject.ChangedRoles)) != 0;
}

/// <summary>A state or a role, compiled.</summary>
internal sealed class HoldingPlan<TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>As written.</summary>
    public required StateRule Rule { get; init; }

    /// <summary>True for a role.</summary>
    public required bool IsRole { get; init; }

    /// <summary>Its bit.</summary>
    public required int Bit { get; init; }

    /// <summary>Where it is a condition: that.</summary>
    public Node<FoldFrame, TTrace>? Condition { get; init; }

    /// <summary>The condition's number in <see cref="EditionPlan{TTrace}.Tested"/>; -1 for none.</summary>
    public required int Number { get; init; }

    /// <summary>What the condition reads.</summary>
    public Reads Reads { get; init; }

    /// <summary>Conditions that start it when they become true.</summary>
    public required Watch<TTrace>[] Starts { get; init; }

    /// <summary>Conditions that end it when they become true.</summary>
    public required Watch<TTrace>[] Ends { get; init; }

    /// <summary>True where it can end by itself.</summary>
    public required bool Timed { get; init; }

    /// <summary>When a stretch that started then ends by itself. An <c>until</c> that is not later than the last start is of an earlier stretch.</summary>
    /// <param name="lastStart">Its last start, renewals included.</param>
    /// <param name="until">What the field tells that says when it ends; null for nothing.</param>
    /// <param name="calendar">The edition's.</param>
    public long EndOf(long lastStart, long? until, Calendar calendar)
    {
        var end = Rule.For is { } length ? calendar.Add(new(lastStart), length).Micros : long.MaxValue;
        return until > lastStart ? Math.Min(end, until.Value) : end;
    }
}

/// <summary>A condition that is watched for becoming true.</summary>
/// <param name="Bit">Its bit among the kind's.</param>
/// <param name="Condition">The condition.</param>
/// <param name="Trigger">As written.</param>
/// <param name="Number">The condition's number in <see cref="EditionPlan{TTrace}.Tested"/>.</param>
/// <param name="Reads">What it reads.</param>
/// <param name="OfMember">True where it can hold for one member and not for another.</param>
internal sealed record Watch<TTrace>(int Bit, Node<FoldFrame, TTrace> Condition, Trigger Trigger, int Number, Reads Reads, bool OfMember)
    where TTrace : struct, IFoldTrace;

/// <summary>What a fact of a shape does to a subject of its kind.</summary>
internal sealed class FactPlan<TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>For each of its values, the field of the subject that it sets; -1 for none.</summary>
    public required int[] Slots { get; init; }

    /// <summary>Its values that refer to subjects which the conditions of its kind follow first.</summary>
    public required int[] Following { get; init; }

    /// <summary>Its values that refer to subjects which conditions of any kind follow on their way.</summary>
    public required int[] Passing { get; init; }

    /// <summary>True where it enrols a member, or ends that.</summary>
    public required bool Enrols { get; init; }

    /// <summary>States and roles that it starts or ends; ends first, so that a start at the same fact wins.</summary>
    public required FactAction<TTrace>[] Actions { get; init; }

    /// <summary>Rules whose moment it is, by their place among the kind's.</summary>
    public required int[] Moments { get; init; }

    /// <summary>Rules whose credits it takes back.</summary>
    public required RuleTrigger<TTrace>[] TakesBack { get; init; }

    /// <summary>True where an action or a taking back has a condition.</summary>
    public required bool HasConditions { get; init; }
}

/// <summary>A state or role that a fact starts or ends.</summary>
/// <param name="Holding">Which.</param>
/// <param name="Starts">True for a start.</param>
/// <param name="Condition">Tested just before the fact; null for always.</param>
/// <param name="Number">The condition's number in <see cref="EditionPlan{TTrace}.Tested"/>; -1 for none.</param>
/// <param name="Who">Of a role: where among the fact's values the member stands; -1 for nowhere.</param>
internal sealed record FactAction<TTrace>(HoldingPlan<TTrace> Holding, bool Starts, Node<FoldFrame, TTrace>? Condition, int Number, int Who)
    where TTrace : struct, IFoldTrace;

/// <summary>A rule whose credits a fact takes back.</summary>
/// <param name="Rule">Its place among the kind's rules.</param>
/// <param name="Condition">Tested just before the fact; null for always.</param>
/// <param name="Number">The condition's number in <see cref="EditionPlan{TTrace}.Tested"/>; -1 for none.</param>
internal sealed record RuleTrigger<TTrace>(int Rule, Node<FoldFrame, TTrace>? Condition, int Number)
    where TTrace : struct, IFoldTrace;

/// <summary>A rule whose moments are the closes of a period.</summary>
internal sealed record PeriodClose<TTrace>(RulePlan<TTrace> Rule, WindowKind Period)
    where TTrace : struct, IFoldTrace;

/// <summary>A rule, compiled.</summary>
internal sealed class RulePlan<TTrace>
    where TTrace : struct, IFoldTrace
{
    /// <summary>As written.</summary>
    public required CreditRule Rule { get; init; }

    /// <summary>Its place among the kind's rules.</summary>
    public required int Place { get; init; }

    /// <summary>Who, as a condition over roles; null for a path or for the member that the fact names.</summary>
    public Node<FoldFrame, TTrace>? To { get; init; }

    /// <summary>Who, as a path to a member; null for a condition or for the member that the fact names.</summary>
    public Node<FoldFrame, TTrace>? ToPath { get; init; }

    /// <summary>What must stay true; null for nothing.</summary>
    public Node<FoldFrame, TTrace>? While { get; init; }

    /// <summary>What must hold at the moment; null for nothing.</summary>
    public Node<FoldFrame, TTrace>? Where { get; init; }

    /// <summary>How much; null where it is constant.</summary>
    public Node<FoldFrame, TTrace>? Give { get; init; }

    /// <summary>How much, in smallest parts, where it is constant.</summary>
    public long Constant { get; init; }

    /// <summary>How many smallest parts a whole unit has.</summary>
    public required long Scale { get; init; }

    /// <summary>What its conditions read.</summary>
    public required Reads Reads { get; init; }

    /// <summary>Conditions whose becoming true is its moment.</summary>
    public required Watch<TTrace>[] Moments { get; init; }

    /// <summary>Conditions whose becoming true takes its credits back.</summary>
    public required Watch<TTrace>[] TakesBack { get; init; }

    /// <summary>By shape: where among the fact's values the member stands that the fact names; -1 for nowhere.</summary>
    public required int[] Names { get; init; }

    /// <summary>The values that limits group its credits by.</summary>
    public required KeyReader[] Keys { get; init; }

    /// <summary>True for a rule that gives at moments, false for one that holds for stretches.</summary>
    public required bool AtMoments { get; init; }
}
