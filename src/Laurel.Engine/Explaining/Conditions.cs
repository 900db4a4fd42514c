using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Reads an evaluated condition back as lines: every part with its value, and why it has it.</summary>
/// <param name="edition">The edition whose condition it is.</param>
/// <param name="facts">Speaks of facts.</param>
/// <param name="endOf">When a state of the member that holds now ends by itself; null where nobody knows.</param>
internal sealed class Conditions(Edition edition, FactWords facts, Func<StateRule, Instant>? endOf = null)
{
    private readonly ConditionWords _words = new(edition, facts.Vocabulary);

    /// <summary>The lines of a condition; parts joined by "and" are lines of their own.</summary>
    public IReadOnlyList<Explanation> Lines(Expression expression, Evaluation evaluation)
    {
        var lines = new List<Explanation>();
        AddLines(expression, expression.Root, evaluation, wanted: true, lines);
        return lines;
    }

    /// <summary>The parts that can be true or false by themselves, with what they came to.</summary>
    public static IReadOnlyList<(Expr Node, bool Holds)> Atoms(Expr condition, Evaluation evaluation)
    {
        var atoms = new List<(Expr, bool)>();
        Collect(condition);
        return atoms;

        void Collect(Expr node)
        {
            if (node is Expr.Call { Function: "_&&_" or "_||_" or "!_" or "_?_:_" } call)
            {
                foreach (var argument in call.Arguments) { Collect(argument); }
                return;
            }
            if (node is not Expr.Literal) { atoms.Add((node, TruthOf(node, evaluation) == Truth.True)); }
        }
    }

    /// <summary>The names in an expression, each with its value and who told it.</summary>
    public IEnumerable<Explanation> Values(Expression expression, Evaluation evaluation, Func<Binding, bool> which) =>
        Values(expression, expression.Root, evaluation, which);

    /// <summary>One line for a part that can be true or false by itself.</summary>
    /// <param name="expression">The condition.</param>
    /// <param name="node">The part.</param>
    /// <param name="evaluation">How it was evaluated.</param>
    /// <param name="wanted">True where it should hold, false where it should not.</param>
    public Explanation Line(Expression expression, Expr node, Evaluation evaluation, bool wanted)
    {
        var truth = TruthOf(node, evaluation);
        var mark = truth == (wanted ? Truth.True : Truth.False) ? Mark.Yes : Mark.No;
        var reason = evaluation.Reasons.TryGetValue(node.Id, out var found) ? found : (Reason?)null;
        return expression.Bindings.GetValueOrDefault(node.Id) switch
        {
            SubjectBinding.OfState { State: < 0 } or MemberStateBinding { State: < 0 } => new(Message.Of(truth == Truth.True ? "condition.enrolled" : "condition.not-enrolled"), mark, []),
            SubjectBinding.OfState state => State(edition.States[state.State], truth, reason, mark, evaluation),
            MemberStateBinding state => UntilThen(State(edition.States[state.State], truth, reason, mark, evaluation), edition.States[state.State], truth),
            SubjectBinding.OfRole role => new(Since(edition.Roles[role.Role], truth, reason), mark, []),
            _ => Compared(expression, node, evaluation, mark, wanted),
        };
    }

    /// <summary>A state of the member that ends by itself: until when it holds.</summary>
    private Explanation UntilThen(Explanation line, StateRule state, Truth truth) =>
        truth == Truth.True && endOf?.Invoke(state) is { IsReal: true } until ? line with { Says = Message.Of("condition.until-then", ("state", line.Says), ("until", until)) } : line;

    private Explanation State(StateRule state, Truth truth, Reason? reason, Mark mark, Evaluation evaluation)
    {
        if (state.Condition is null) { return new(Since(state, truth, reason), mark, []); }
        var inner = evaluation.Inner.Find(e => e.Part == TracePart.State && e.Definition == state.Index);
        var key = truth switch { Truth.True => "condition.holds", Truth.False => "condition.fails", _ => "condition.not-judged" };
        return new(Message.Of(key, ("words", new Argument.Name(state.Name))), mark, inner is null ? [] : Lines(state.Condition, inner));
    }

    /// <summary>A state or role, and since when and by what it is so.</summary>
    private Message Since(StateRule state, Truth truth, Reason? reason)
    {
        var words = ("words", (Argument)new Argument.Name(state.Name));
        if (truth == Truth.Unknown) { return Message.Of("condition.not-judged", words); }
        if (reason is not { } why || !why.Since.IsReal) { return Message.Of(truth == Truth.True ? "condition.holds" : "condition.never", words); }
        var since = ("since", (Argument)why.Since);
        if (why.Fact >= 0) { return Message.Of(truth == Truth.True ? "condition.since-fact" : "condition.until-fact", words, since, ("fact", facts.Then(why.Fact, why.Since))); }
        if (truth == Truth.True) { return Message.Of("condition.since", words, since); }
        var watched = state.Ends.Where(t => t.Fact < 0).ToList();
        var timed = state.For is not null || state.Until >= 0;
        return (watched.Count, timed) switch
        {
            (0, true) => Message.Of("condition.until-time", words, since),
            (1, false) => Message.Of("condition.until-condition", words, since, ("when", _words.Of(watched[0].Condition!))),
            _ => Message.Of("condition.until", words, since),
        };
    }

    /// <summary>A comparison, or anything else: what was read, and what is needed.</summary>
    private Explanation Compared(Expression expression, Expr node, Evaluation evaluation, Mark mark, bool wanted)
    {
        if (node is Expr.Select { TestOnly: true } asked && expression.Bindings.ContainsKey(node.Id)) { return Told(asked, evaluation, mark); }
        var leaves = Leaves(expression, node).Where(l => evaluation.Results.ContainsKey(l.Id)).ToList();
        if (leaves.Count == 1 && ConditionWords.Needs(node, leaves[0], wanted) is { } needs)
        {
            var told = ValueOf(expression, leaves[0], evaluation);
            return new(mark == Mark.Yes ? told : Message.Of("condition.needs", ("told", told), ("needs", needs)), mark, []);
        }
        return new(Message.Of(mark == Mark.Yes ? "condition.met" : "condition.not-met", ("condition", _words.Of(expression, node, wanted))), mark, [.. Values(expression, node, evaluation, _ => true)]);
    }

    private Explanation Told(Expr.Select asked, Evaluation evaluation, Mark mark)
    {
        var told = TruthOf(asked, evaluation) == Truth.True;
        var fact = evaluation.Reasons.TryGetValue(asked.Id, out var reason) ? reason.Fact : -1;
        var name = ("name", (Argument)new Argument.Name(asked.Field));
        if (told && fact >= 0) { return new(Message.Of("condition.told", name, ("fact", facts.Of(fact))), mark, []); }
        return new(Message.Of(told ? "condition.is-told" : "condition.not-told", name), mark, []);
    }

    private IEnumerable<Explanation> Values(Expression expression, Expr node, Evaluation evaluation, Func<Binding, bool> which) =>
        Leaves(expression, node).Where(l => evaluation.Results.ContainsKey(l.Id) && which(expression.Bindings[ConditionWords.MapOf(expression, l)?.Id ?? l.Id])).DistinctBy(l => expression.Source[l.Start..l.End])
            .Select(l => Explanation.Of(ValueOf(expression, l, evaluation)));

    /// <summary>A value that was read. What the fact at hand carries does not name that fact once more.</summary>
    private Message ValueOf(Expression expression, Expr leaf, Evaluation evaluation)
    {
        var name = ConditionWords.NameOf(expression, leaf);
        var binding = expression.Bindings.GetValueOrDefault(leaf.Id);
        if (binding is LevelBinding && evaluation.Results[leaf.Id].Kind == ValueKind.NotTold) { return Message.Of("level.none", ("ladder", name)); }
        var reason = binding is not FactBinding && evaluation.Reasons.TryGetValue(leaf.Id, out var found) ? found : (Reason?)null;
        return facts.Told(name, evaluation.Results[leaf.Id], reason);
    }

    private void AddLines(Expression expression, Expr node, Evaluation evaluation, bool wanted, List<Explanation> into)
    {
        if (node is Expr.Call { Function: "!_" } not)
        {
            AddLines(expression, not.Arguments[0], evaluation, !wanted, into);
        }
        else if (node is Expr.Call { Function: "_&&_" or "_||_" } both)
        {
            if (both.Function == "_&&_" == wanted)
            {
                foreach (var argument in both.Arguments) { AddLines(expression, argument, evaluation, wanted, into); }
                return;
            }
            var either = new List<Explanation>();
            foreach (var side in ConditionWords.Sides(both, both.Function))
            {
                var lines = new List<Explanation>();
                AddLines(expression, side, evaluation, wanted, lines);
                either.Add(lines.Count == 1 ? lines[0] : new(Message.Of("wanted.all", ("parts", new Argument.Several([_words.Of(expression, side, wanted)]))), Holds(side) ? Mark.Yes : Mark.No, lines));
            }
            into.Add(Either(either, Holds(node)));
        }
        else if (node is not Expr.Literal)
        {
            into.Add(Line(expression, node, evaluation, wanted));
        }

        bool Holds(Expr part) => TruthOf(part, evaluation) == (wanted ? Truth.True : Truth.False);
    }

    /// <summary>Of several ways: the one that holds first; where none does, all of them under one line.</summary>
    private static Explanation Either(List<Explanation> ways, bool holds)
    {
        if (!holds) { return new(Message.Of("condition.none"), Mark.No, ways); }
        var first = ways.Find(w => w.Mark == Mark.Yes)!;
        return first with { Because = [.. first.Because, .. ways.Where(w => w.Mark != Mark.Yes).Select(w => w with { Says = Message.Of("condition.or", ("way", w.Says)), Mark = Mark.None })] };
    }

    /// <summary>Every line that fails, each as one sentence.</summary>
    public static IEnumerable<Message> Failing(IEnumerable<Explanation> lines) => lines.Where(l => l.Mark == Mark.No).Select(Reason);

    /// <summary>Why a line fails: of several ways why each does, of several parts and of a state that is a condition those that do.</summary>
    private static Message Reason(Explanation line)
    {
        var failing = Failing(line.Because).Select(f => (Argument)f).ToList();
        return line.Says.Key switch
        {
            "condition.none" => Message.Of("wanted.all", ("parts", new Argument.Several(failing, "nor"))),
            "wanted.all" when failing.Count > 0 => Message.Of("wanted.all", ("parts", new Argument.Several(failing, "both"))),
            "condition.fails" when failing.Count > 0 => Message.Of("wanted.all", ("parts", new Argument.Several(failing))),
            _ => line.Says,
        };
    }

    private static IEnumerable<Expr> Leaves(Expression expression, Expr node)
    {
        if (expression.Bindings.ContainsKey(node.Id)) { return [node]; }
        return node switch
        {
            Expr.Call call => (call.Target is null ? call.Arguments : call.Arguments.Prepend(call.Target)).SelectMany(a => Leaves(expression, a)),
            _ when ConditionWords.MapOf(expression, node) is not null => [node],
            Expr.Select select => Leaves(expression, select.Of),
            Expr.ListOf list => list.Elements.SelectMany(e => Leaves(expression, e)),
            Expr.MapOf map => map.Entries.SelectMany(e => Leaves(expression, e.Value)),
            Expr.Comprehension comprehension => Leaves(expression, comprehension.Range),
            _ => [],
        };
    }

    private static Truth TruthOf(Expr node, Evaluation evaluation) =>
        evaluation.Results.TryGetValue(node.Id, out var value) ? value.Truth : Truth.Unknown;
}
