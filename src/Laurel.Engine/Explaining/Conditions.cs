using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Reads an evaluated condition back as lines: every part with its value, and why it has it.</summary>
/// <param name="edition">The edition whose condition it is.</param>
/// <param name="facts">Speaks of facts.</param>
/// <param name="explainer">Knows what stands behind states.</param>
/// <param name="subject">What the condition is about.</param>
/// <param name="inFull">True to tell what stands behind states.</param>
internal sealed class Conditions(Edition edition, FactWords facts, Explainer explainer, int subject, bool inFull)
{
    /// <summary>The row of a table for what it does not list.</summary>
    private const string Otherwise = "else";

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
        if (truth == Truth.Unknown && ReferenceOf(expression, node) is { } reference)
        {
            return new(Message.Of("condition.not-judged-without", ("words", _words.Of(expression, node, wanted)), ("name", reference)), mark, []);
        }
        return expression.Bindings.GetValueOrDefault(node.Id) switch
        {
            SubjectBinding.OfState { State: < 0 } or MemberStateBinding { State: < 0 } => new(Message.Of(truth == Truth.True ? "condition.enrolled" : "condition.not-enrolled"), mark, []),
            SubjectBinding.OfState state => State(ConditionWords.NameOf(expression, node, edition.States[state.State]), edition.States[state.State], truth, reason, mark, evaluation.Inner.Find(e => e.ReadBy == node.Id), state.Path.Count > 0 ? -1 : subject, evaluation.At),
            MemberStateBinding state => OfMember(edition.States[state.State], truth, mark, state.Before ? evaluation.At.JustBefore : evaluation.At),
            SubjectBinding.OfRole role => Held(ConditionWords.NameOf(expression, node, edition.Roles[role.Role]), edition.Roles[role.Role], truth, reason, mark, role.Path.Count > 0 ? -1 : subject, evaluation.At),
            _ => Compared(expression, node, evaluation, mark, wanted),
        };
    }

    /// <summary>A state of the member itself that holds, as a line without a mark: whether it should hold nobody asks.</summary>
    public Explanation Own(StateRule state, Instant at) => OfMember(state, Truth.True, Mark.None, at);

    /// <summary>A state of the member itself, and until when it holds where it ends by itself.</summary>
    private Explanation OfMember(StateRule state, Truth truth, Mark mark, Instant at)
    {
        var (since, inside) = explainer.OwnState(edition, state, at);
        var line = State(new Argument.Name(state.Name), state, truth, since, mark, inside, explainer.Member, at);
        return truth == Truth.True && explainer.EndOfOwn(edition, state, at) is { IsReal: true } until
            ? line with { Says = Message.Of("condition.until-then", ("state", line.Says), ("until", until)) } : line;
    }

    private Explanation State(Argument name, StateRule state, Truth truth, Reason? reason, Mark mark, Evaluation? inside, int of, Instant at)
    {
        if (state.Condition is null) { return Held(name, state, truth, reason, mark, of, at); }
        var key = truth switch { Truth.True => "condition.holds", Truth.False => "condition.fails", _ => "condition.not-judged" };
        return new(Message.Of(key, ("words", name)), mark, inside is null ? [] : Lines(state.Condition, inside));
    }

    private Explanation Held(Argument name, StateRule state, Truth truth, Reason? reason, Mark mark, int of, Instant at) =>
        new(Since(name, state, truth, reason), mark, truth == Truth.Unknown || !inFull ? [] : explainer.Behind(edition, state, truth == Truth.True, reason, truth == Truth.True || mark == Mark.No ? of : -1, at));

    /// <summary>What a state or role of another thing is reached by: the reference, as it stands in the condition; null for one of the thing itself.</summary>
    public static Argument? ReferenceOf(Expression expression, Expr node) =>
        node is Expr.Select { Of: var of } && expression.Bindings.GetValueOrDefault(node.Id) is (SubjectBinding.OfState or SubjectBinding.OfRole) and SubjectBinding { Path.Count: > 0 }
            ? new Argument.Name(expression.Source[of.Start..of.End]) : null;

    /// <summary>A state or role, and since when and by what it is so.</summary>
    private Message Since(Argument name, StateRule state, Truth truth, Reason? reason)
    {
        var words = ("words", name);
        if (truth == Truth.Unknown) { return Message.Of("condition.not-judged", words); }
        if (reason is not { } why || !why.Since.IsReal) { return Message.Of(truth == Truth.True ? "condition.holds" : "condition.never", words); }
        var since = ("since", (Argument)why.Since);
        if (why.Fact >= 0) { return Message.Of(truth == Truth.True ? "condition.since-fact" : "condition.until-fact", words, since, ("fact", facts.Then(why.Fact, why.Since))); }
        if (truth == Truth.True)
        {
            var by = state.Starts.Where(t => t.Fact < 0).Select(t => _words.Of(t)).ToList();
            return by.Count == 0 ? Message.Of("condition.since", words, since) : Message.Of("condition.since-condition", words, since, ("when", new Argument.Several(by, "or")));
        }
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
        var values = Values(expression, node, evaluation, _ => true);
        if (ConditionWords.Computed(node) is { } computed && ConditionWords.Needs(node, computed, wanted) is { } limit
            && evaluation.Results.TryGetValue(computed.Id, out var came) && came.Kind == ValueKind.Number)
        {
            var told = facts.Told(expression.Source[computed.Start..computed.End], came, null);
            return new(mark == Mark.Yes ? told : Message.Of("condition.needs", ("told", told), ("needs", limit)), mark, [.. values]);
        }
        var condition = ("condition", _words.Of(expression, node, wanted));
        return Missing.Is(node, evaluation)
            ? new(Message.Of("condition.unjudged", condition, ("reasons", new Argument.Several([.. Missing.Of(expression, node, evaluation)]))), mark, [.. values.Where(v => v.Says.Key != "value.not-told")])
            : new(Message.Of(mark == Mark.Yes ? "condition.met" : "condition.not-met", condition), mark, [.. values]);
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
        Leaves(expression, node).Where(l => evaluation.Results.ContainsKey(l.Id) && which(BindingOf(expression, l)!)).DistinctBy(l => expression.Source[l.Start..l.End])
            .Select(l => Explanation.Of(ValueOf(expression, l, evaluation)));

    /// <summary>What something that is read means: of what is looked up, what in; of a part of a rank, the rank. Null for what has no name.</summary>
    public static Binding? BindingOf(Expression expression, Expr leaf) =>
        expression.Bindings.GetValueOrDefault(ConditionWords.KeysOf(expression, leaf) is var (named, _) ? named.Id : ConditionWords.MapOf(expression, leaf)?.Id ?? leaf.Id);

    /// <summary>A value that was read. What the fact at hand carries does not name that fact once more.</summary>
    private Message ValueOf(Expression expression, Expr leaf, Evaluation evaluation)
    {
        if (ConditionWords.KeysOf(expression, leaf) is var (named, keys)) { return facts.Told(LookedUp(expression, named, keys, evaluation), evaluation.Results[leaf.Id], null); }
        var name = ConditionWords.NameOf(expression, leaf);
        var binding = expression.Bindings.GetValueOrDefault(leaf.Id);
        if (binding is LevelBinding && evaluation.Results[leaf.Id].Kind == ValueKind.NotTold) { return Message.Of("level.none", ("ladder", name)); }
        if (evaluation.Results[leaf.Id].Kind == ValueKind.NotTold && BindingOf(expression, leaf) is MetricBinding metric) { return explainer.NotThere(edition.Metrics[metric.Metric], name, evaluation.At); }
        var reason = binding is MemberFieldBinding { Before: false } own ? explainer.OwnField(edition, own.Slot, evaluation.At)
            : binding is not FactBinding && evaluation.Reasons.TryGetValue(leaf.Id, out var found) ? found : (Reason?)null;
        return facts.Told(name, evaluation.Results[leaf.Id], reason);
    }

    /// <summary>The row of a table that was taken, or the key of a number: each key as it came out; "all others" where a table does not list it.</summary>
    private static Message LookedUp(Expression expression, Expr named, IReadOnlyList<Expr> keys, Evaluation evaluation)
    {
        var came = keys.Select(k => evaluation.Results.TryGetValue(k.Id, out var key) && !key.IsMissing ? FactWords.Shown(key) : (Argument)expression.Source[k.Start..k.End]).ToList();
        if (expression.Bindings[named.Id] is TableBinding { Table: var table })
        {
            var row = RowOf(table.Rows, came[0]);
            if (row is null) { came[0] = Message.Of("table.others"); }
            if (came.Count > 1 && table.Rows.TryGetValue(row ?? Otherwise, out var cells) && RowOf(cells, came[1]) is null) { came[1] = Message.Of("table.others"); }
        }
        return Message.Of("name.keyed", ("name", ConditionWords.NameOf(expression, named)), ("keys", new Argument.Several(came, "list")));
    }

    private static string? RowOf<T>(IReadOnlyDictionary<string, T> rows, Argument key) => key is Argument.Given { Value: var text } && rows.ContainsKey(text) ? text : null;

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

    /// <summary>What is read by name, what is looked up in a table or a number per key as a whole, and its keys.</summary>
    public static IEnumerable<Expr> Leaves(Expression expression, Expr node)
    {
        if (expression.Bindings.ContainsKey(node.Id)) { return [node]; }
        if (ConditionWords.KeysOf(expression, node) is var (_, keys)) { return keys.SelectMany(key => Leaves(expression, key)).Prepend(node); }
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
