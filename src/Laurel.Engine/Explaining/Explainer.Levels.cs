using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Levels: why this one, why not another, and the way to the next.</content>
public sealed partial class Explainer
{
    private delegate Truth MemberTest(MemberPlan<Traced> plan, MemberFrame frame, Traced trace);

    /// <summary>A level: why the member has it, or why not.</summary>
    /// <param name="ladder">The ladder.</param>
    /// <param name="rung">The rung asked about; null for the present one and the way to the next.</param>
    public Explanation Level(Ladder ladder, Rung? rung)
    {
        ArgumentNullException.ThrowIfNull(ladder);
        var level = _standing.Levels[ladder.Index];
        if (level < 0) { return new(Message.Of("level.none", ("ladder", new Argument.Name(ladder.Name))), Mark.No, [NotEnrolled()]); }
        if (rung is not null) { return Asked(ladder, ladder.Rungs.ToList().IndexOf(rung), level); }
        var lines = new List<Explanation> { RungLine(ladder, level) };
        if (Kept(ladder, level) is { } kept) { lines.Add(kept); }
        lines.Add(level + 1 < ladder.Rungs.Count ? Next(ladder, level + 1) : Explanation.Of(Message.Of("level.top")));
        return Explanation.Of(
            Message.Of("level.is", ("ladder", new Argument.Name(ladder.Name)), ("level", new Argument.Name(ladder.Rungs[level].Name)), ("since", _standing.LevelSince[ladder.Index])),
            lines);
    }

    private Explanation Asked(Ladder ladder, int asked, int level)
    {
        var name = new Argument.Name(ladder.Rungs[asked].Name);
        if (asked == level) { return Level(ladder, null); }
        if (asked < level) { return new(Message.Of("level.above", ("level", name), ("now", new Argument.Name(ladder.Rungs[level].Name))), Mark.Yes, [RungLine(ladder, asked)]); }
        return new(Message.Of("level.not", ("level", name), ("now", new Argument.Name(ladder.Rungs[level].Name))), Mark.No, [Next(ladder, asked)]);
    }

    /// <summary>What a rung needs, and whether it is there.</summary>
    private Explanation RungLine(Ladder ladder, int rung)
    {
        var condition = ladder.Rungs[rung].Condition;
        var name = new Argument.Name(ladder.Rungs[rung].Name);
        if (condition is null) { return new(Message.Of("level.first", ("level", name)), Mark.Yes, []); }
        var evaluation = EvaluateRung(ladder, rung);
        var holds = evaluation.Results[condition.Root.Id].Truth == Truth.True;
        return new(Message.Of("level.needs", ("level", name), ("condition", condition.Source)), holds ? Mark.Yes : Mark.No, _conditions.Lines(condition, evaluation));
    }

    /// <summary>The way to a rung: how much is missing, and for instance how.</summary>
    private Explanation Next(Ladder ladder, int rung)
    {
        var condition = ladder.Rungs[rung].Condition!;
        var evaluation = EvaluateRung(ladder, rung);
        var name = new Argument.Name(ladder.Rungs[rung].Name);
        var lines = new List<Explanation>();
        foreach (var atom in LeastChange.Of(condition, evaluation, Cost(condition)) ?? [])
        {
            lines.Add(Distance(condition, atom, evaluation) ?? _conditions.Line(condition, atom, evaluation, wanted: true));
        }
        if (lines.Count == 0) { return Explanation.Of(Message.Of("level.review", ("level", name))); }
        return new(Message.Of("level.next", ("level", name), ("missing", new Argument.Several([.. lines.Select(l => (Argument)l.Says)]))), Mark.None, [RungLine(ladder, rung)]);
    }

    /// <summary>How far a metric is from a threshold, with an example of what would bridge it.</summary>
    private Explanation? Distance(Expression condition, Expr atom, Evaluation evaluation)
    {
        if (atom is not Expr.Call { Function: "_>=_" or "_>_", Arguments: [var left, var right] } call
            || condition.Bindings.GetValueOrDefault(left.Id) is not MetricBinding binding
            || !evaluation.Results.TryGetValue(left.Id, out var has) || !evaluation.Results.TryGetValue(right.Id, out var needs)
            || has.Kind != ValueKind.Number || needs.Kind != ValueKind.Number)
        {
            return null;
        }
        var metric = _edition.Metrics[binding.Metric];
        var missing = needs.AsNumber - has.AsNumber + (call.Function == "_>_" ? SmallestPart(metric) : 0);
        if (metric.Unit < 0) { return Explanation.Of(Message.Of("distance.metric", ("amount", missing), ("metric", new Argument.Name(metric.Name)))); }
        Argument amount = new Argument.Amount(missing, _history.Vocabulary.Units[metric.Unit].Name);
        if (Example(metric, missing) is not { } example) { return Explanation.Of(Message.Of("distance", ("amount", amount))); }
        return Explanation.Of(Message.Of("distance.example", ("amount", amount), ("count", example.Count), ("says", Words(example.Rule.Doc.Says, example.Rule.Name))));
    }

    private Number SmallestPart(Metric metric) => metric.Unit < 0 ? 1 : Number.Of(1, Scales.Of(_history.Vocabulary.Units[metric.Unit]));

    /// <summary>The rule that bridges a distance in the fewest steps, with how many.</summary>
    private (CreditRule Rule, Number Count)? Example(Metric metric, Number missing)
    {
        CreditRule? best = null;
        Number bestAmount = 0;
        foreach (var rule in _edition.Rules)
        {
            if (rule.Unit != metric.Unit || rule.Give.Root is not Expr.Literal { Value: { Kind: ValueKind.Number } value } || value.AsNumber <= bestAmount) { continue; }
            (best, bestAmount) = (rule, value.AsNumber);
        }
        if (best is null) { return null; }
        return (best, metric.Kind == MetricKind.Count ? missing : new Number((missing / bestAmount).Ceiling()));
    }

    /// <summary>A level that today's figures alone would not give: until when it stays, and why.</summary>
    private Explanation? Kept(Ladder ladder, int level)
    {
        var met = 0;
        for (var rung = ladder.Rungs.Count - 1; rung > 0 && met == 0; rung--)
        {
            if (ladder.Rungs[rung].Condition is not { } condition || EvaluateRung(ladder, rung).Results[condition.Root.Id].Truth == Truth.True) { met = rung; }
        }
        if (met >= level) { return null; }
        var now = new Argument.Name(ladder.Rungs[level].Name);
        var figures = new Argument.Name(ladder.Rungs[met].Name);
        if (ladder.Down.Never) { return Explanation.Of(Message.Of("level.kept-for-good", ("level", now), ("figures", figures))); }
        var review = Reviews.NextAfter(ladder.Down.At, _at, _history.Vocabulary.Zone);
        return Explanation.Of(Message.Of(
            ladder.Down.Best is null ? "level.kept" : "level.kept-best",
            ("level", now), ("figures", figures), ("review", review), ("window", ladder.Down.Best is { } window ? WindowOf(window) : "")));
    }

    /// <summary>Where a benefit fails by the level: the way to that level.</summary>
    private Explanation? NearestLevel(Expression condition, Evaluation evaluation)
    {
        foreach (var (node, holds) in Conditions.Atoms(condition, evaluation))
        {
            if (holds || node is not Expr.Call { Function: "_>=_", Arguments: [var left, Expr.Literal literal] } || condition.Bindings.GetValueOrDefault(left.Id) is not LevelBinding binding) { continue; }
            var ladder = _edition.Ladders[binding.Ladder];
            var rung = ladder.Rungs.ToList().FindIndex(r => r.Name == literal.Value.AsText);
            return rung > 0 && ladder.Rungs[rung].Condition is not null && _standing.Levels[ladder.Index] >= 0 ? Next(ladder, rung) : null;
        }
        return null;
    }

    private Explanation Formula(Metric metric)
    {
        var evaluation = EvaluateMember(
            (plan, frame, trace) =>
            {
                plan.Formulas[metric.Index]!.Evaluate(frame, ref trace);
                return Truth.True;
            },
            metric.Index);
        var lines = new List<Explanation>();
        foreach (var (node, binding) in metric.Formula!.Bindings)
        {
            if (binding is MetricBinding other) { lines.Add(Metric(_edition.Metrics[other.Metric])); }
            else if (evaluation.Results.TryGetValue(node, out var value)) { lines.Add(Explanation.Of(_facts.Told(binding.ToString() ?? "", value, null))); }
        }
        return Explanation.Of(
            Message.Of("metric.formula", ("metric", new Argument.Name(metric.Name)), ("value", FactWords.Shown(_standing.Metrics[metric.Index])), ("formula", metric.Formula.Source)),
            lines);
    }

    private Evaluation EvaluateRung(Ladder ladder, int rung) =>
        EvaluateMember((plan, frame, trace) => plan.Rungs[ladder.Index][rung]!.Test(frame, ref trace), rung);

    /// <summary>Evaluates a condition about the member once more, with its trace.</summary>
    private Evaluation EvaluateMember(MemberTest test, int definition)
    {
        var tape = new TraceTape();
        var trace = new Traced(tape);
        var place = _book.Editions.ToList().FindIndex(e => e.Edition == _edition);
        var own = new MemberStates(_scoring.Plan, _scoring.Enrolment).Of(place, _member, _scoring.UpTo);
        var frame = new MemberFrame(_history, _edition.Metrics.Count, _edition.Ladders.Count)
        {
            Member = _member,
            At = _at,
            Enrolled = _standing.Enrolled,
            Own = own.LastOrDefault(o => o.From <= _at).Frame,
        };
        _standing.Metrics.ToArray().CopyTo(frame.Metrics, 0);
        _standing.Levels.ToArray().CopyTo(frame.Levels, 0);
        trace.Begin(TracePart.Member, definition, _member, -1, _at);
        test(new MemberPlan<Traced>(_edition, _history), frame, trace);
        trace.End();
        return tape.Read()[0];
    }
}
