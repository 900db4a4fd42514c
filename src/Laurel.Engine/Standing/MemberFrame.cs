using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What a condition about a member reads: metrics, levels, the member's own states and fields, at one instant.</summary>
internal sealed class MemberFrame(History history, Edition edition)
{
    /// <summary>Where the facts are.</summary>
    public History History { get; } = history;

    /// <summary>The member.</summary>
    public int Member { get; set; }

    /// <summary>The instant.</summary>
    public Instant At { get; set; }

    /// <summary>What a formula or a level with <c>per</c> is for, while that is evaluated.</summary>
    public Value Key { get; set; }

    /// <summary>By metric: its value now.</summary>
    public Value[] Metrics { get; } = new Value[edition.Metrics.Count];

    /// <summary>By ladder: the rung's place; -1 for a member who is not enrolled.</summary>
    public int[] Levels { get; } = new int[edition.Ladders.Count];

    /// <summary>By obligation: where it stands.</summary>
    public ObligationStanding[] Obligations { get; } = new ObligationStanding[edition.Obligations.Count];

    /// <summary>What a metric was so long ago.</summary>
    public Func<int, Duration, Value>? Ago { get; set; }

    /// <summary>The member's own states and fields now; null where nothing was ever told.</summary>
    public SubjectFrame? Own { get; set; }

    /// <summary>Whether the member is enrolled now.</summary>
    public bool Enrolled { get; set; }

    /// <summary>Begins anew, for another member of whom nothing was told.</summary>
    public void Clear(int member)
    {
        (Member, At, Key, Own, Enrolled) = (member, default, default, null, false);
        Array.Clear(Metrics);
        Array.Clear(Levels);
        Array.Clear(Obligations);
    }

    /// <summary>The frame of a member as a standing leaves it.</summary>
    /// <param name="timeline">Whose standing it is.</param>
    /// <param name="standing">The standing.</param>
    /// <param name="at">The instant.</param>
    /// <param name="own">The member's states and fields then; null where nothing was told.</param>
    /// <param name="history">Where the facts are.</param>
    public static MemberFrame Of(MemberTimeline timeline, MemberStanding standing, Instant at, SubjectFrame? own, History history)
    {
        var edition = standing.Edition;
        var frame = new MemberFrame(history, edition)
        {
            Member = timeline.Member,
            At = at,
            Enrolled = standing.Enrolled,
            Own = own,
            Ago = (metric, length) => Lookback.Read(timeline, edition.Metrics[metric].Name, length, at, edition.Calendar),
        };
        standing.Metrics.ToArray().CopyTo(frame.Metrics, 0);
        standing.Levels.ToArray().CopyTo(frame.Levels, 0);
        standing.Obligations.ToArray().CopyTo(frame.Obligations, 0);
        return frame;
    }
}

/// <summary>What is true of a member at one instant.</summary>
/// <param name="Edition">The edition that says so.</param>
/// <param name="Frame">Metrics, levels, and what conditions read besides.</param>
/// <param name="Benefits">By benefit: whether the member has it.</param>
internal readonly record struct MemberAt(Edition Edition, MemberFrame Frame, IReadOnlyList<bool> Benefits);

/// <summary>What a metric of the member was so long ago.</summary>
internal sealed class AgoLeaf<TTrace>(AgoBinding binding) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(MemberFrame frame, ref TTrace trace) => frame.Ago!(binding.Metric, binding.Length);
}

/// <summary>A metric of the member.</summary>
internal sealed class MetricLeaf<TTrace>(int metric) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(MemberFrame frame, ref TTrace trace) => frame.Metrics[metric];
}

/// <summary>How many periods of an obligation in a row were missed or kept.</summary>
internal sealed class ObligationLeaf<TTrace>(ObligationBinding binding) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(MemberFrame frame, ref TTrace trace) => frame.Obligations[binding.Obligation].InARow(binding.Missed);
}

/// <summary>The key of <c>per</c>.</summary>
internal sealed class KeyLeaf<TTrace> : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(MemberFrame frame, ref TTrace trace) => frame.Key;
}

/// <summary>The member's level on a ladder.</summary>
internal sealed class LevelLeaf<TTrace>(Ladder ladder) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    private readonly Value[] _rungs = [.. ladder.Rungs.Select(r => Value.Of(r.Name))];
    private readonly Value _none = Value.NotTold(ladder.Name);

    public override Value Evaluate(MemberFrame frame, ref TTrace trace) => On(frame);

    /// <summary>The level on it.</summary>
    public Value On(MemberFrame frame) => frame.Levels[ladder.Index] is >= 0 and var level ? _rungs[level] : _none;
}

/// <summary>The member's levels on a ladder with <c>per</c>: a map.</summary>
internal sealed class LevelsLeaf<TTrace>(Edition edition, int first) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    private readonly Dictionary<Ladder, LevelLeaf<TTrace>> _leaves = edition.Ladders.ToDictionary(l => l, l => new LevelLeaf<TTrace>(l));

    public override Value Evaluate(MemberFrame frame, ref TTrace trace) => edition.LevelsOf(first, ladder => _leaves[ladder].On(frame));
}

/// <summary>A state of the member itself; -1 is being enrolled.</summary>
internal sealed class OwnStateLeaf<TTrace>(int node, int bit) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(MemberFrame frame, ref TTrace trace)
    {
        var holds = bit < 0 ? frame.Enrolled : frame.Own is { } own && (own.States >> bit & 1) != 0;
        if (TTrace.On && bit >= 0 && frame.Own is { } told)
        {
            var times = told.StateTimes[bit];
            trace.Because(node, times.CausePlusOne - 1, times.WasNever ? Instant.Ever : new(times.Since));
        }
        return Value.Of(holds);
    }
}

/// <summary>A field of the member itself.</summary>
internal sealed class OwnFieldLeaf<TTrace>(int node, Field field) : Node<MemberFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(MemberFrame frame, ref TTrace trace)
    {
        var fact = frame.Own is { } own ? own.Told[field.Slot] : -1;
        var value = fact < 0 ? Value.NotTold($"member.{field.Name}") : FactValues.Of(frame.Own!.Data[field.Slot], field.Type, frame.History);
        if (TTrace.On) { trace.Because(node, fact, Instant.Ever); }
        return value;
    }
}
