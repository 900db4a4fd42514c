using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Explaining;

/// <summary>Says what a condition asks for, in words: "at least 400 points".</summary>
/// <param name="edition">The edition whose condition it is.</param>
/// <param name="vocabulary">What can be told.</param>
internal sealed class ConditionWords(Edition edition, Vocabulary vocabulary)
{
    /// <summary>What a whole condition asks for.</summary>
    public Argument Of(Expression expression) => Of(expression, expression.Root, wanted: true);

    /// <summary>What a trigger that is no fact asks for, and for how long.</summary>
    public Argument Of(Trigger watched) =>
        watched.For is { } length ? Message.Of("trigger.stays", ("condition", Of(watched.Condition!)), ("length", new Argument.Length(length))) : Of(watched.Condition!);

    /// <summary>What a part of a condition asks for.</summary>
    /// <param name="expression">The condition.</param>
    /// <param name="node">The part.</param>
    /// <param name="wanted">True where it should hold, false where it should not.</param>
    public Argument Of(Expression expression, Expr node, bool wanted)
    {
        if (node is Expr.Call { Function: "!_" } not) { return Of(expression, not.Arguments[0], !wanted); }
        if (node is not Expr.Call { Function: "_&&_" or "_||_" } both) { return Atom(expression, node, wanted); }
        var parts = new Argument.Several(
            [.. Sides(both, both.Function).Select(side => Of(expression, side, wanted))], both.Function == "_&&_" == wanted ? "both" : "or");
        return Message.Of(parts.Joined == "or" ? "wanted.either" : "wanted.all", ("parts", parts));
    }

    /// <summary>The parts of a chain of one operator.</summary>
    public static IEnumerable<Expr> Sides(Expr node, string function) =>
        node is Expr.Call call && call.Function == function ? call.Arguments.SelectMany(a => Sides(a, function)) : [node];

    /// <summary>Of something that is looked up: what in, and by which keys; null for anything else.</summary>
    public static (Expr Named, IReadOnlyList<Expr> Keys)? KeysOf(Expression expression, Expr node)
    {
        var keys = new List<Expr>();
        while (node is Expr.Call { Function: "_[_]", Arguments: [var of, var key] })
        {
            keys.Insert(0, key);
            node = of;
        }
        return keys.Count > 0 && expression.Bindings.ContainsKey(node.Id) ? (node, keys) : null;
    }

    /// <summary>A name as it stands in a condition.</summary>
    public static Argument NameOf(Expression expression, Expr node)
    {
        if (KeysOf(expression, node) is var (named, keys))
        {
            return Message.Of("name.keyed", ("name", NameOf(expression, named)), ("keys", new Argument.Several(
                [.. keys.Select(k => k is Expr.Literal literal ? FactWords.Shown(literal.Value) : expression.Source[k.Start..k.End])], "list")));
        }
        var source = expression.Source[node.Start..node.End];
        if (node is Expr.Select select && MapOf(expression, node) is { } map)
        {
            var of = ("map", (Argument)new Argument.Name(expression.Source[map.Start..map.End]));
            return Message.Of(select.Field switch { "place" => "rank.its-place", "of" => "rank.its-number", _ => "map.part" }, of, ("key", new Argument.Given(select.Field)));
        }
        return (expression.Bindings.GetValueOrDefault(node.Id), node) switch
        {
            (ObligationBinding obligation, _) => Message.Of(obligation.Missed ? "obligation.missed-in-a-row" : "obligation.kept-in-a-row", ("obligation", new Argument.Name(source[..source.LastIndexOf('.')]))),
            (SubjectBinding.Since, Expr.Call { Arguments: [var state] }) => Message.Of("name.since", ("state", NameOf(expression, state))),
            (AgoBinding ago, Expr.Call { Arguments: [var metric, _] }) => Message.Of("name.ago", ("name", NameOf(expression, metric)), ("length", new Argument.Length(ago.Length))),
            _ => new Argument.Name(source),
        };
    }

    /// <summary>Of a place among others, which is read as one thing: what it is a part of; null for anything else.</summary>
    public static Expr? MapOf(Expression expression, Expr node) =>
        node is Expr.Select { TestOnly: false, Of: var of } && expression.Bindings.GetValueOrDefault(of.Id) is MetricBinding or LevelBinding ? of : null;

    /// <summary>What a comparison of a name with constants needs of it; null for anything else.</summary>
    /// <param name="node">The comparison, or the name itself.</param>
    /// <param name="leaf">The name.</param>
    /// <param name="wanted">True where the comparison should hold, false where it should not.</param>
    public static Message? Needs(Expr node, Expr leaf, bool wanted)
    {
        if (node.Id == leaf.Id) { return Message.Of(wanted ? "value.yes" : "value.no"); }
        if (node is not Expr.Call { Arguments: [var left, var right] } call) { return null; }
        if (call.Function == "@in" && left.Id == leaf.Id && right is Expr.ListOf list && list.Elements.All(e => e is Expr.Literal))
        {
            var values = new Argument.Several([.. list.Elements.Select(e => FactWords.Shown(((Expr.Literal)e).Value))], "or");
            return Message.Of(wanted ? "needs.one-of" : "needs.none-of", ("values", values));
        }
        var (function, literal) = left.Id == leaf.Id ? (call.Function, right) : (Mirrored(call.Function), left);
        if ((left.Id != leaf.Id && right.Id != leaf.Id) || literal is not Expr.Literal constant) { return null; }
        return KeyOf(function, wanted) is { } key ? Message.Of(key, ("value", FactWords.Shown(constant.Value))) : null;
    }

    /// <summary>Of a comparison of what is computed, as points * 2, with a constant: what is computed; null for anything else.</summary>
    public static Expr? Computed(Expr node) => node is Expr.Call { Target: null, Arguments: [var left, var right] }
        ? (left, right) switch { (Expr.Call, Expr.Literal) => left, (Expr.Literal, Expr.Call) => right, _ => null } : null;

    private Argument Atom(Expression expression, Expr node, bool wanted)
    {
        switch (expression.Bindings.GetValueOrDefault(node.Id))
        {
            case SubjectBinding.OfState { State: < 0 } or MemberStateBinding { State: < 0 }:
                return Message.Of(wanted ? "wanted.enrolled" : "wanted.not-enrolled");
            case SubjectBinding.OfState state:
                return Named(NameOf(expression, node, edition.States[state.State]), wanted);
            case MemberStateBinding state:
                return Named(new Argument.Name(edition.States[state.State].Name), wanted);
            case SubjectBinding.OfRole role:
                return Named(NameOf(expression, node, edition.Roles[role.Role]), wanted);
            default:
                Argument source = expression.Source[node.Start..node.End];
                if (Compared(expression, node, wanted) is { } compared) { return compared; }
                return wanted ? source : Message.Of("wanted.not", ("words", source));
        }
    }

    private static Argument Named(Argument words, bool wanted) => wanted ? words : Message.Of("wanted.not", ("words", words));

    /// <summary>What a state or role is called; where a condition reads it of several things, with what of.</summary>
    public static Argument NameOf(Expression expression, Expr node, StateRule state)
    {
        var name = new Argument.Name(state.Name);
        var read = expression.Bindings.Values.OfType<SubjectBinding>().Where(b => b switch
        {
            SubjectBinding.OfState other => expression.Bindings[node.Id] is SubjectBinding.OfState own && own.State == other.State,
            SubjectBinding.OfRole other => expression.Bindings[node.Id] is SubjectBinding.OfRole own && own.Role == other.Role,
            _ => false,
        });
        return Conditions.ReferenceOf(expression, node) is { } reference && read.Select(b => string.Join('.', b.Path)).Distinct().Skip(1).Any()
            ? Message.Of("wanted.value", ("name", reference), ("needs", name)) : name;
    }

    private Message? Compared(Expression expression, Expr node, bool wanted)
    {
        if (node is Expr.Select { TestOnly: true } told) { return Message.Of(wanted ? "wanted.told" : "wanted.not-told", ("name", new Argument.Name(told.Field))); }
        var leaf = IsName(node) ? node : (node as Expr.Call)?.Arguments.FirstOrDefault(a => IsName(a) && a is not Expr.Select { TestOnly: true }) ?? Computed(node);
        if (leaf is null || Needs(node, leaf, wanted) is not { } needs) { return null; }
        var name = IsName(leaf) ? NameOf(expression, leaf) : expression.Source[leaf.Start..leaf.End];
        return expression.Bindings.GetValueOrDefault(leaf.Id) switch
        {
            LevelBinding => needs.Key switch
            {
                "needs.at-least" => Message.Of("wanted.level", ("value", needs.Arguments[0].Value)),
                "needs.equal" => Message.Of("wanted.level-exactly", ("value", needs.Arguments[0].Value)),
                _ => Message.Of("wanted.value", ("name", name), ("needs", needs)),
            },
            MetricBinding metric when edition.Metrics[metric.Metric] is { Unit: >= 0 } counted && vocabulary.Units[counted.Unit].Name == counted.Name => InUnits(needs, counted.Name),
            _ when node.Id == leaf.Id => Message.Of(wanted ? "wanted.yes" : "wanted.not", ("words", name)),
            _ => Message.Of("wanted.value", ("name", name), ("needs", needs)),
        };

        bool IsName(Expr part) => expression.Bindings.ContainsKey(part.Id) || KeysOf(expression, part) is not null || MapOf(expression, part) is not null;
    }

    /// <summary>What is needed of a number that is called as its unit: an amount of it.</summary>
    private static Message InUnits(Message needs, string unit) =>
        needs with { Arguments = [.. needs.Arguments.Select(a => KeyValuePair.Create(a.Key, a.Value is Argument.Count { Value: var number } ? new Argument.Amount(number, unit) : a.Value))] };

    private static string Mirrored(string function) => function switch { "_>=_" => "_<=_", "_>_" => "_<_", "_<=_" => "_>=_", "_<_" => "_>_", _ => function };

    private static string? KeyOf(string function, bool wanted) => (function, wanted) switch
    {
        ("_==_", true) or ("_!=_", false) => "needs.equal",
        ("_!=_", true) or ("_==_", false) => "needs.other",
        ("_>=_", true) or ("_<_", false) => "needs.at-least",
        ("_>_", true) or ("_<=_", false) => "needs.more",
        ("_<=_", true) or ("_>_", false) => "needs.at-most",
        ("_<_", true) or ("_>=_", false) => "needs.less",
        _ => null,
    };
}
