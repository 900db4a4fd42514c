using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Explaining;

/// <summary>Reads an evaluated condition back as lines: every part with its value, and why it has it.</summary>
/// <param name="edition">The edition whose condition it is.</param>
/// <param name="facts">Speaks of facts.</param>
internal sealed class Conditions(Edition edition, FactWords facts)
{
    /// <summary>The lines of a condition; parts joined by "and" are lines of their own.</summary>
    public IReadOnlyList<Explanation> Lines(Expression expression, Evaluation evaluation)
    {
        var lines = new List<Explanation>();
        AddLines(expression, expression.Root, evaluation, wanted: true, lines);
        return lines;
    }

    /// <summary>The parts that can be true or false by themselves, with what they came to.</summary>
    public static IReadOnlyList<(Expr Node, bool Holds)> Atoms(Expression expression, Evaluation evaluation)
    {
        var atoms = new List<(Expr, bool)>();
        Collect(expression.Root);
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

    /// <summary>One line for a part that can be true or false by itself.</summary>
    /// <param name="expression">The condition.</param>
    /// <param name="node">The part.</param>
    /// <param name="evaluation">How it was evaluated.</param>
    /// <param name="wanted">True where it should hold, false where it should not.</param>
    public Explanation Line(Expression expression, Expr node, Evaluation evaluation, bool wanted)
    {
        var truth = TruthOf(node, evaluation);
        var holds = truth == Truth.True;
        var mark = holds == wanted && truth != Truth.Unknown ? Mark.Yes : Mark.No;
        var reason = evaluation.Reasons.TryGetValue(node.Id, out var found) ? found : (Reason?)null;
        return expression.Bindings.GetValueOrDefault(node.Id) switch
        {
            SubjectBinding.OfState { State: < 0 } or MemberStateBinding { State: < 0 } => new(Message.Of(holds ? "condition.enrolled" : "condition.not-enrolled"), mark, []),
            SubjectBinding.OfState state => State(edition.States[state.State], truth, reason, mark, evaluation),
            MemberStateBinding state => State(edition.States[state.State], truth, reason, mark, evaluation),
            SubjectBinding.OfRole role => new(facts.Since(holds ? "condition.role" : "condition.not-role", edition.Roles[role.Role].Name, reason), mark, []),
            _ => Compared(expression, node, evaluation, mark),
        };
    }

    private Explanation State(StateRule state, Truth truth, Reason? reason, Mark mark, Evaluation evaluation)
    {
        var key = truth == Truth.Unknown ? "condition.not-judged" : truth == Truth.True ? "condition.state" : "condition.not-state";
        var says = facts.Since(key, state.Name, state.Condition is null ? reason : null);
        var inner = state.Condition is null ? null : evaluation.Inner.Find(e => e.Part == TracePart.State && e.Definition == state.Index);
        return new(says, mark, inner is null ? [] : Lines(state.Condition!, inner));
    }

    /// <summary>A comparison, or anything else: what was read, and what is needed.</summary>
    private Explanation Compared(Expression expression, Expr node, Evaluation evaluation, Mark mark)
    {
        var leaves = Leaves(expression, node).Where(l => evaluation.Results.ContainsKey(l.Id)).ToList();
        if (leaves.Count == 1 && Needs(expression, node, leaves[0]) is { } needs)
        {
            var reason = evaluation.Reasons.TryGetValue(leaves[0].Id, out var found) ? found : (Reason?)null;
            var told = facts.Told(expression.Source[leaves[0].Start..leaves[0].End], evaluation.Results[leaves[0].Id], reason);
            return new(mark == Mark.Yes ? told : Message.Of("condition.needs", ("told", told), ("needs", needs)), mark, []);
        }
        var lines = leaves.Select(l => Explanation.Of(facts.Told(
            expression.Source[l.Start..l.End], evaluation.Results[l.Id], evaluation.Reasons.TryGetValue(l.Id, out var found) ? found : null))).ToList();
        return new(Message.Of(mark == Mark.Yes ? "condition.met" : "condition.not-met", ("condition", expression.Source[node.Start..node.End])), mark, lines);
    }

    /// <summary>What a comparison of a name with constants needs; null for anything else.</summary>
    private static Message? Needs(Expression expression, Expr node, Expr leaf)
    {
        if (node.Id == leaf.Id) { return Message.Of("needs.true"); }
        if (node is not Expr.Call { Arguments: [var left, var right] } call || left.Id != leaf.Id) { return null; }
        if (call.Function == "@in" && right is Expr.ListOf list && list.Elements.All(e => e is Expr.Literal))
        {
            return Message.Of("needs.one-of", ("values", new Argument.Several([.. list.Elements.Select(e => FactWords.Shown(((Expr.Literal)e).Value))], "or")));
        }
        if (right is not Expr.Literal literal) { return null; }
        var key = call.Function switch
        {
            "_==_" => "needs.equal",
            "_!=_" => "needs.other",
            "_>=_" => "needs.at-least",
            "_>_" => "needs.more",
            "_<=_" => "needs.at-most",
            "_<_" => "needs.less",
            _ => null,
        };
        return key is null ? null : Message.Of(key, ("value", FactWords.Shown(literal.Value)));
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
            foreach (var side in Sides(both, both.Function))
            {
                var lines = new List<Explanation>();
                AddLines(expression, side, evaluation, wanted, lines);
                either.Add(lines.Count == 1 ? lines[0] : new(Message.Of("condition.all"), Holds(side) ? Mark.Yes : Mark.No, lines));
            }
            into.Add(Either(either, Holds(node)));
        }
        else if (node is not Expr.Literal)
        {
            into.Add(Line(expression, node, evaluation, wanted));
        }

        bool Holds(Expr part) => TruthOf(part, evaluation) == (wanted ? Truth.True : Truth.False);
    }

    /// <summary>Of several ways: the one that holds first; where none does, all of them in one sentence.</summary>
    private static Explanation Either(List<Explanation> ways, bool holds) => holds
        ? new(ways.Find(w => w.Mark == Mark.Yes)!.Says, Mark.Yes, [.. ways.Find(w => w.Mark == Mark.Yes)!.Because, .. ways.Where(w => w.Mark != Mark.Yes).Select(w => w with { Says = Message.Of("condition.or", ("way", w.Says)), Mark = Mark.None })])
        : new(Message.Of("condition.none", ("ways", new Argument.Several([.. ways.Select(w => (Argument)w.Says)], "nor"))), Mark.No, [.. ways.Where(w => w.Because.Count > 0)]);

    private static IEnumerable<Expr> Sides(Expr node, string function) =>
        node is Expr.Call call && call.Function == function ? call.Arguments.SelectMany(a => Sides(a, function)) : [node];

    private static IEnumerable<Expr> Leaves(Expression expression, Expr node)
    {
        if (expression.Bindings.ContainsKey(node.Id)) { return [node]; }
        return node switch
        {
            Expr.Call call => (call.Target is null ? call.Arguments : call.Arguments.Prepend(call.Target)).SelectMany(a => Leaves(expression, a)),
            Expr.Select select => Leaves(expression, select.Of),
            Expr.ListOf list => list.Elements.SelectMany(e => Leaves(expression, e)),
            Expr.Comprehension comprehension => Leaves(expression, comprehension.Range),
            _ => [],
        };
    }

    private static Truth TruthOf(Expr node, Evaluation evaluation) =>
        evaluation.Results.TryGetValue(node.Id, out var value) ? value.Truth : Truth.Unknown;
}
