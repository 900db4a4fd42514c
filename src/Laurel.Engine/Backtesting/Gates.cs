using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>The rungs of the draft, gate by gate: the parts of a rung's condition that must all hold.</summary>
internal sealed class Gates
{
    private readonly MemberPlan<NoTrace> _plan;
    private readonly Gate[][][] _rungs;

    public Gates(Backtest backtest)
    {
        var edition = backtest.DraftEdition;
        _plan = new(edition, backtest.History);
        var words = new ConditionWords(edition, backtest.History.Vocabulary);
        var all = new List<BacktestGate>();
        _rungs = [.. edition.Ladders.Select(ladder => ladder.Rungs.Select(rung => GatesOf(ladder, rung, words, all)).ToArray())];
        All = all;
    }

    /// <summary>All gates.</summary>
    public IReadOnlyList<BacktestGate> All { get; }

    /// <summary>A gate; where it compares a metric with a least number, also both sides of that.</summary>
    private sealed record Gate(int Number, Node<MemberFrame, NoTrace> Test, Node<MemberFrame, NoTrace>? Has, Node<MemberFrame, NoTrace>? Needs);

    /// <summary>The rungs above the member's that it misses by one gate.</summary>
    public IEnumerable<NearMiss> Missed(MemberFrame frame)
    {
        foreach (var ladder in _plan.Edition.Ladders)
        {
            if (frame.Levels[ladder.Index] < 0) { continue; }
            if (ladder.Per is { } per) { frame.Key = per.Value; }
            for (var rung = frame.Levels[ladder.Index] + 1; rung < ladder.Rungs.Count; rung++)
            {
                if (OnlyFailing(_rungs[ladder.Index][rung], frame) is { } gate) { yield return new(gate.Number, Missing(gate, frame)); }
            }
        }
    }

    /// <summary>The rungs above the member's, and the benefits that it does not have, that could not be judged.</summary>
    public IEnumerable<Unjudged> Unjudged(MemberFrame frame, IReadOnlyList<bool> benefits)
    {
        foreach (var ladder in _plan.Edition.Ladders)
        {
            if (ladder.Per is { } per) { frame.Key = per.Value; }
            for (var rung = frame.Levels[ladder.Index] + 1; frame.Enrolled && rung < ladder.Rungs.Count; rung++)
            {
                if (_plan.Rungs[ladder.Index][rung] is { } condition && Untold(condition, frame) is { } field) { yield return new(UnjudgedKind.Level, $"{ladder.Name} {ladder.Rungs[rung].Name}", field); }
            }
        }
        foreach (var benefit in _plan.Edition.Benefits)
        {
            if (frame.Enrolled && !benefits[benefit.Index] && Untold(_plan.Benefits[benefit.Index], frame) is { } field) { yield return new(UnjudgedKind.Benefit, benefit.Name, field); }
        }
    }

    private static string? Untold(Node<MemberFrame, NoTrace> condition, MemberFrame frame)
    {
        var trace = default(NoTrace);
        return condition.Test(frame, ref trace) == Truth.Unknown && condition.Evaluate(frame, ref trace) is { Kind: ValueKind.NotTold } value ? value.AsText : null;
    }

    /// <summary>The one gate that fails; null where none or several do.</summary>
    private static Gate? OnlyFailing(Gate[] gates, MemberFrame frame)
    {
        var trace = default(NoTrace);
        Gate? failing = null;
        foreach (var gate in gates)
        {
            if (gate.Test.Test(frame, ref trace) == Truth.True) { continue; }
            if (failing is not null) { return null; }
            failing = gate;
        }
        return failing;
    }

    private static Number? Missing(Gate gate, MemberFrame frame)
    {
        var trace = default(NoTrace);
        if (gate.Has is null || gate.Needs is null) { return null; }
        var (has, needs) = (gate.Has.Evaluate(frame, ref trace), gate.Needs.Evaluate(frame, ref trace));
        return has.Kind == ValueKind.Number && needs.Kind == ValueKind.Number ? needs.AsNumber - has.AsNumber : null;
    }

    private Gate[] GatesOf(Ladder ladder, Rung rung, ConditionWords words, List<BacktestGate> all)
    {
        if (rung.Condition is not { } condition) { return []; }
        var gates = new List<Gate>();
        foreach (var part in ConditionWords.Sides(condition.Root, "_&&_"))
        {
            var numbers = part is Expr.Call { Function: "_>=_" or "_>_", Arguments: [var left, _] } && condition.Bindings.GetValueOrDefault(left.Id) is MetricBinding ? ((Expr.Call)part).Arguments : null;
            gates.Add(new(all.Count, Compile(part), numbers is null ? null : Compile(numbers[0]), numbers is null ? null : Compile(numbers[1])));
            all.Add(new(ladder, rung, condition.Source[part.Start..part.End], Message.Of("wanted.all", ("parts", words.Of(condition, part, wanted: true)))));
        }
        return [.. gates];

        Node<MemberFrame, NoTrace> Compile(Expr part) => _plan.Compile(condition with { Root = part });
    }
}
