using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Levels: why this one, why not another, until when it stays, and the way to the next.</content>
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
        var name = ("ladder", (Argument)new Argument.Name(ladder.Name));
        if (level < 0) { return new(Message.Of("level.none", name), Mark.No, [NotEnrolled()]); }
        if (rung is not null) { return Asked(ladder, ladder.Rungs.ToList().IndexOf(rung), level); }
        var lines = new List<Explanation> { RungLine(ladder, level) };
        lines.AddRange(CameBack(_standing.LevelSince[ladder.Index]));
        lines.AddRange(Missed(ladder));
        lines.AddRange(Kept(ladder, level));
        if (Falls(ladder, level) is { } falls) { lines.Add(falls); }
        lines.Add(level + 1 < ladder.Rungs.Count ? Next(ladder, level + 1) : Explanation.Of(Message.Of("level.top")));
        return Explanation.Of(Message.Of("level.is", name, ("level", RungName(ladder, level)), ("since", _standing.LevelSince[ladder.Index])), lines);
    }

    /// <summary>What is written as one ladder: the level, or each of the levels that it has for the values of a field.</summary>
    /// <param name="name">The ladder's name.</param>
    /// <returns>Null where the edition has no ladder of that name.</returns>
    public Explanation? Ladders(string name) => Together(name, _edition.Ladders.Where(l => l.WrittenAs == name || l.Name == name).Select(l => Level(l, null)));

    /// <summary>A rung: why the member has it, or why not, on each ladder that has it.</summary>
    /// <param name="name">The rung's name.</param>
    /// <returns>Null where no ladder of the edition has a rung of that name.</returns>
    public Explanation? Levels(string name) =>
        Together(name, _edition.Ladders.Select(l => l.Rungs.FirstOrDefault(r => r.Name == name) is { } rung ? Level(l, rung) : null).OfType<Explanation>());

    private static Explanation? Together(string name, IEnumerable<Explanation> levels) =>
        levels.ToList() is { Count: > 1 } several ? Explanation.Of(Message.Of("level.several", ("name", new Argument.Name(name))), several) : levels.FirstOrDefault();

    private static Argument.Name RungName(Ladder ladder, int rung) => new(ladder.Rungs[rung].Name);

    private Explanation Asked(Ladder ladder, int asked, int level)
    {
        if (asked == level) { return Level(ladder, null); }
        var names = new[] { ("ladder", (Argument)new Argument.Name(ladder.Name)), ("level", RungName(ladder, asked)), ("now", RungName(ladder, level)) };
        return asked < level
            ? new(Message.Of("level.above", names), Mark.Yes, [RungLine(ladder, asked)])
            : new(Message.Of("level.not", names), Mark.No, [Next(ladder, asked)]);
    }

    private static Expression? ConditionOf(Ladder ladder, int rung) =>
        ladder.Rungs[rung].Condition is { } condition && ladder.Per is { } per ? KeyFilled.Of(condition, per.Value) : ladder.Rungs[rung].Condition;

    /// <summary>What a rung needs, and whether it is there.</summary>
    private Explanation RungLine(Ladder ladder, int rung)
    {
        var name = ("level", (Argument)RungName(ladder, rung));
        if (ConditionOf(ladder, rung) is not { } condition) { return new(Message.Of("level.first", name), Mark.Yes, []); }
        var evaluation = EvaluateRung(ladder, rung, _standing);
        return new(Message.Of("level.needs", name, ("condition", _words.Of(condition))), Holds(condition, evaluation) ? Mark.Yes : Mark.No, _conditions.Lines(condition, evaluation));
    }

    /// <summary>The way to a rung: how much is missing, and for instance how; of several ways, each.</summary>
    private Explanation Next(Ladder ladder, int rung)
    {
        var name = ("level", (Argument)RungName(ladder, rung));
        if (ConditionOf(ladder, rung) is not { } condition || Holds(condition, EvaluateRung(ladder, rung, _standing))) { return Follows(ladder, name); }
        var evaluation = EvaluateRung(ladder, rung, _standing);
        var ways = ConditionWords.Sides(condition.Root, "_||_").SelectMany(side => Ways(condition, side, evaluation, Instant.Never)).ToList();
        if (ways.Count == 0) { return Explanation.Of(Message.Of("level.no-way", name), [RungLine(ladder, rung)]); }
        return Explanation.Of(
            Message.Of("level.next", name, ("missing", ways.Count == 1 ? ways[0] : Message.Of("wanted.either", ("parts", new Argument.Several(ways, "or"))))),
            [RungLine(ladder, rung)]);
    }

    /// <summary>A rung that is met and not yet reached: when it follows.</summary>
    private Explanation Follows(Ladder ladder, (string, Argument) name)
    {
        if (ladder.Up.Never) { return Explanation.Of(Message.Of("level.never-up", name)); }
        return Explanation.Of(Message.Of("level.review", name, ("review", Reviews.NextAfter(ladder.Up.At, _at, _vocabulary.Zone))));
    }

    /// <summary>The least that is missing on one way to a rung, every way of the fewest steps; none where nothing that can be told would do.</summary>
    /// <param name="condition">The rung's condition.</param>
    /// <param name="side">The way.</param>
    /// <param name="evaluation">How the condition was evaluated.</param>
    /// <param name="before">By when it has to be there at the latest.</param>
    private IEnumerable<Argument> Ways(Expression condition, Expr side, Evaluation evaluation, Instant before)
    {
        var aim = new Aim(_place, _edition, _member, []);
        foreach (var way in new LeastChange(condition, evaluation, (atom, becomes) => StepOf(aim, condition, evaluation, atom, becomes)?.Cost).Of(side))
        {
            var missing = way.Select(turn => Distance(condition, turn.Atom, evaluation, before) ?? StepOf(aim, condition, evaluation, turn.Atom, turn.Becomes)!.Says).ToList();
            yield return missing.Count == 1 ? missing[0] : new Argument.Several(missing, "both");
        }
    }

    /// <summary>How far a metric is from a threshold, with an example of what would bridge it.</summary>
    private Message? Distance(Expression condition, Expr atom, Evaluation evaluation, Instant before)
    {
        if (Least.Of(atom) is not { } least
            || !evaluation.Results.TryGetValue(least.Number.Id, out var has) || !evaluation.Results.TryGetValue(least.Bound.Id, out var needs)
            || has.Kind != ValueKind.Number || needs.Kind != ValueKind.Number || needs.AsNumber < has.AsNumber)
        {
            return null;
        }
        if (Conditions.BindingOf(condition, least.Number) is not MetricBinding binding)
        {
            return least is { Number: Expr.Call, IsMore: false }
                ? Message.Of("distance.metric", ("metric", condition.Source[least.Number.Start..least.Number.End]), ("distance", Message.Of("distance", ("amount", needs.AsNumber - has.AsNumber)))) : null;
        }
        var (left, metric) = (least.Number, _edition.Metrics[binding.Metric]);
        var missing = needs.AsNumber - has.AsNumber + (least.IsMore ? SmallestPart(metric) : 0);
        Argument amount = metric.Kind == MetricKind.Sum ? new Argument.Amount(missing, _vocabulary.Units[metric.Unit].Name) : missing;
        var keyed = ConditionWords.KeysOf(condition, left);
        var example = metric.Kind == MetricKind.Sum ? Example(metric, missing, metric.Per is LimitKey.Rule && keyed is (_, [Expr.Literal key]) ? key.Value.AsText : null) : null;
        var more = example is { } rule
            ? Message.Of("distance.example", ("amount", amount), ("count", rule.Count), ("says", Words(rule.Rule.Doc.Says, rule.Rule.Name)))
            : Message.Of("distance", ("amount", amount));
        // A number that is called as its unit, and counts whatever is active, needs no name.
        var isPlain = keyed is null && metric is { Kind: MetricKind.Sum, In: null } && metric.Name == _vocabulary.Units[metric.Unit].Name;
        var name = ConditionWords.NameOf(condition, left);
        var named = metric.In is { } window ? Message.Of("distance.metric-in", ("metric", name), ("window", WindowOf(window)), ("distance", more))
            : isPlain ? more : Message.Of("distance.metric", ("metric", name), ("distance", more));
        return metric.In is { Kind: not (WindowKind.Last or WindowKind.These or WindowKind.Since) } period
            ? Message.Of("distance.until", ("distance", named), ("until", Instant.Min(before, Windows.EndOf(period.Kind, period.Year is { } year ? year with { Cutoff = null } : null, _at, _vocabulary.Zone))))
            : named;
    }

    private Number SmallestPart(Metric metric) => metric.Unit < 0 || metric.Kind == MetricKind.Count ? 1 : _vocabulary.Units[metric.Unit].Whole(1);

    /// <summary>The rule that bridges a distance in the fewest steps, with how many; or a rule that is named, where it can.</summary>
    private (CreditRule Rule, Number Count)? Example(Metric metric, Number missing, string? only)
    {
        CreditRule? best = null;
        Number bestAmount = 0;
        foreach (var rule in _edition.Rules)
        {
            if (rule.Unit != metric.Unit || (only is not null && rule.Name != only) || rule.Give.Root is not Expr.Literal { Value: { Kind: ValueKind.Number } value } || value.AsNumber <= bestAmount) { continue; }
            (best, bestAmount) = (rule, value.AsNumber);
        }
        return best is null ? null : (best, new Number((missing / bestAmount).Ceiling()));
    }

    /// <summary>A level that today's figures alone would not give: why it stays, and until when.</summary>
    private IEnumerable<Explanation> Kept(Ladder ladder, int level)
    {
        var met = Met(ladder, _standing);
        if (met >= level) { yield break; }
        var names = new[] { ("level", (Argument)RungName(ladder, level)), ("figures", RungName(ladder, met)) };
        var review = Reviews.NextAfter(ladder.Down.At, _at, _vocabulary.Zone);
        if (ladder.Down.Never)
        {
            yield return Explanation.Of(Message.Of("level.kept-for-good", names));
            yield break;
        }
        foreach (var line in Stays(ladder, names)) { yield return line; }
        if (ladder.Down.Best is not { } window)
        {
            if (!review.IsReal) { yield break; }
            yield return Explanation.Of(Message.Of("level.kept", [.. names, ("review", review)]));
            yield break;
        }
        yield return Explanation.Of(
            Message.Of(review.IsReal ? "level.kept-best" : "level.kept-window", [.. names, ("review", review), ("window", WindowOf(window))]),
            BestOf(ladder, window, review.IsReal ? review : _at) is { } best ? [best] : []);
    }

    /// <summary>What else keeps a level that is not met: a time on the rung, a time of grace, a time until what was decided holds.</summary>
    private IEnumerable<Explanation> Stays(Ladder ladder, (string, Argument)[] names)
    {
        var since = _standing.LevelSince[ladder.Index];
        if (ladder.Down.Stay is { } stay && since.IsReal && _edition.Calendar.Add(since, stay) is var until && until > _at)
        {
            yield return Explanation.Of(Message.Of("level.kept-stay", [.. names, ("length", new Argument.Length(stay)), ("until", until)]));
        }
        if (ladder.Down.Grace is { } grace) { yield return Explanation.Of(Message.Of("level.kept-grace", [.. names, ("length", new Argument.Length(grace))])); }
        if (ladder.Down.Lag is { } lag) { yield return Explanation.Of(Message.Of("level.kept-lag", [.. names, ("length", new Argument.Length(lag))])); }
        if (ladder.Down.Needs is { } needs)
        {
            var evaluation = EvaluateMember((plan, frame, trace) => plan.Needs[ladder.Index]!.Test(frame, ref trace), ladder.Index, _standing, ladder.Per?.Value);
            yield return new(Message.Of("level.kept-needs", ("condition", _words.Of(needs))), Holds(needs, evaluation) ? Mark.Yes : Mark.No, _conditions.Lines(needs, evaluation));
        }
    }

    /// <summary>The best rung of the window that a review will look at, and when it was last met.</summary>
    private Explanation? BestOf(Ladder ladder, Window window, Instant review)
    {
        var opens = Windows.Opens(window, review, _edition.Calendar);
        var (best, last) = (-1, Instant.Ever);
        for (var i = 0; i < _timeline.Standings.Count; i++)
        {
            var standing = _timeline.Standings[i];
            var until = i + 1 < _timeline.Standings.Count ? _timeline.Standings[i + 1].From : Instant.Never;
            if (standing.From > _at || until <= opens || !standing.Enrolled || standing.Edition.Ladders.FirstOrDefault(l => l.Name == ladder.Name) is not { } then) { continue; }
            var met = ladder.Rungs.ToList().FindIndex(r => r.Name == then.Rungs[Met(then, standing)].Name);
            if (met >= best) { (best, last) = (met, Instant.Min(until, _at)); }
        }
        return best < 0 || !last.IsReal ? null : Explanation.Of(Message.Of("level.best", ("level", RungName(ladder, best)), ("since", Instant.Max(opens, Instant.First)), ("until", last)));
    }

    /// <summary>The highest rung whose condition a standing meets.</summary>
    private int Met(Ladder ladder, MemberStanding standing)
    {
        for (var rung = ladder.Rungs.Count - 1; rung > 0; rung--)
        {
            if (ladder.Rungs[rung].Condition is not { } condition || Holds(condition, EvaluateRung(ladder, rung, standing))) { return rung; }
        }
        return 0;
    }

    /// <summary>The next move of the level if nothing more happens.</summary>
    private Explanation? Falls(Ladder ladder, int level)
    {
        foreach (var standing in _timeline.Standings.Where(s => s.From > _at))
        {
            if (standing.Edition.Ladders.FirstOrDefault(l => l.Name == ladder.Name) is not { } then || standing.LevelOn(then) is not { } name || name == ladder.Rungs[level].Name) { continue; }
            var because = then == ladder && ladder.Rungs.ToList().FindIndex(r => r.Name == name) < level ? ToKeep(ladder, level, standing) : null;
            return Explanation.Of(Message.Of("level.will", ("level", new Argument.Name(name)), ("at", standing.From)), because is null ? [] : [because]);
        }
        return null;
    }

    /// <summary>What is missing for a level to stay when it would fall: by the figures of that instant, or of the one before where a review looks back.</summary>
    private Explanation? ToKeep(Ladder ladder, int level, MemberStanding falls)
    {
        if (ConditionOf(ladder, level) is not { } condition) { return null; }
        var decided = Decided(ladder, falls.From);
        var looked = _timeline.At(ladder.Down.At.Count > 0 ? decided.JustBefore : decided);
        if (looked.Edition != _edition || decided <= _at) { return null; }
        var explainer = On(ladder.Down.At.Count > 0 ? Instant.Max(_at, decided.JustBefore) : decided);
        var evaluation = explainer.EvaluateRung(explainer._edition.Ladders[ladder.Index], level, explainer._standing);
        if (Holds(condition, evaluation)) { return null; }
        var ways = ConditionWords.Sides(condition.Root, "_||_").SelectMany(side => explainer.Ways(condition, side, evaluation, decided)).ToList();
        if (ways.Count == 0) { return null; }
        var once = ladder.Down.Best is { } window ? new[] { Explanation.Of(Message.Of("level.keep-once", ("window", WindowOf(window)), ("at", decided))) } : [];
        return Explanation.Of(
            Message.Of("level.keep", ("level", RungName(ladder, level)), ("at", falls.From), ("missing", ways.Count == 1 ? ways[0] : Message.Of("wanted.either", ("parts", new Argument.Several(ways, "or"))))),
            [.. once, explainer.RungLine(explainer._edition.Ladders[ladder.Index], level), .. explainer.Missed(explainer._edition.Ladders[ladder.Index])]);
    }

    /// <summary>When it is decided that a level falls: with a lag so much earlier.</summary>
    private Instant Decided(Ladder ladder, Instant falls)
    {
        if (ladder.Down.Lag is not { } lag) { return falls; }
        var looks = ladder.Down.At.Count == 0 ? _timeline.Standings.Select(s => s.From) : ReviewsSince(_standing.LevelSince[ladder.Index]);
        return looks.TakeWhile(l => l < falls).FirstOrDefault(l => l.IsReal && _edition.Calendar.Add(l, lag) >= falls, falls);

        IEnumerable<Instant> ReviewsSince(Instant since)
        {
            for (var review = Reviews.NextAfter(ladder.Down.At, since, _vocabulary.Zone); review.IsReal; review = Reviews.NextAfter(ladder.Down.At, review, _vocabulary.Zone)) { yield return review; }
        }
    }

    /// <summary>Where a benefit fails by the level: the way to that level.</summary>
    private Explanation? NearestLevel(Expression condition, Evaluation evaluation)
    {
        foreach (var (node, holds) in Conditions.Atoms(condition.Root, evaluation))
        {
            if (holds || node is not Expr.Call { Function: "_>=_", Arguments: [var left, Expr.Literal literal] } || condition.Bindings.GetValueOrDefault(left.Id) is not LevelBinding binding) { continue; }
            var ladder = _edition.Ladders[binding.Ladder];
            var rung = ladder.Rungs.ToList().FindIndex(r => r.Name == literal.Value.AsText);
            return rung > 0 && _standing.Levels[ladder.Index] >= 0 ? Next(ladder, rung) : null;
        }
        return null;
    }

    private static bool Holds(Expression condition, Evaluation evaluation) =>
        evaluation.Results.TryGetValue(condition.Root.Id, out var value) && value.Truth == Truth.True;

    private Evaluation EvaluateRung(Ladder ladder, int rung, MemberStanding standing) =>
        EvaluateMember((plan, frame, trace) => plan.Rungs[ladder.Index][rung]!.Test(frame, ref trace), rung, standing, ladder.Per?.Value);

    /// <summary>The member's own states and fields at an instant; null before anything was told.</summary>
    private SubjectFrame? OwnAt(Edition edition, Instant at) =>
        _plans.States.Of(PlaceOf(edition), _member, _scoring.UpTo, _timeline.Found).LastOrDefault(o => o.From <= at).Frame;

    /// <summary>When a state of the member that holds now ends by itself; of another instant nobody asks.</summary>
    internal Instant EndOfOwn(Edition edition, StateRule state, Instant at)
    {
        var place = edition.States.Where(s => s.Kind == Vocabulary.MemberKind).TakeWhile(s => s != state).Count();
        return at == _at && OwnAt(edition, at) is { } own ? new(own.StateTimes[place].EndsAt) : Instant.Never;
    }

    /// <summary>Evaluates a condition about the member once more, with its trace, as a standing leaves the member.</summary>
    /// <param name="test">Evaluates it.</param>
    /// <param name="definition">Its place among its like.</param>
    /// <param name="standing">The standing.</param>
    /// <param name="key">What it is for, where it has <c>per</c>.</param>
    private Evaluation EvaluateMember(MemberTest test, int definition, MemberStanding standing, Value? key = null) =>
        EvaluateMember(
            (plan, frame, trace) =>
            {
                frame.Key = key ?? default;
                return test(plan, frame, trace);
            },
            definition, standing, standing == _standing ? _at : standing.From);

    private Evaluation EvaluateMember(MemberTest test, int definition, MemberStanding standing, Instant at)
    {
        var edition = standing.Edition;
        var tape = new TraceTape();
        var trace = new Traced(tape);
        var frame = MemberFrame.Of(_timeline, standing, at, OwnAt(edition, at), _history);
        trace.Begin(TracePart.Member, definition, _member, -1, at);
        test(_plans.OfMembers(PlaceOf(edition)), frame, trace);
        trace.End();
        return tape.ReadLast();
    }
}
