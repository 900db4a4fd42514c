using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Explaining;

/// <summary>Says why an expression came to no value: what nobody told, and what could not be worked out from which values.</summary>
internal static class Missing
{
    /// <summary>Every reason once; none where there is a value.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="node">The part of it that has no value.</param>
    /// <param name="evaluation">How it was evaluated.</param>
    public static IEnumerable<Message> Of(Expression expression, Expr node, Evaluation evaluation) =>
        Faults(expression, node, evaluation).DistinctBy(fault => Source(expression, fault)).Select(fault => Says(expression, fault, evaluation));

    /// <summary>True where a part was evaluated, and came to no value.</summary>
    public static bool Is(Expr node, Evaluation evaluation) => evaluation.Results.TryGetValue(node.Id, out var value) && value.IsMissing;

    /// <summary>The innermost parts without a value: all that they are made of has one.</summary>
    private static List<Expr> Faults(Expression expression, Expr node, Evaluation evaluation)
    {
        if (!Is(node, evaluation)) { return []; }
        var inner = expression.Bindings.ContainsKey(node.Id) ? [] : Parts(node, evaluation).SelectMany(part => Faults(expression, part, evaluation)).ToList();
        return inner.Count > 0 ? inner : [node];
    }

    private static IEnumerable<Expr> Parts(Expr node, Evaluation evaluation) => node switch
    {
        Expr.Call { Function: "_?_:_", Arguments: [var condition, var yes, var no] } => Is(condition, evaluation) ? [condition] : [evaluation.Results[condition.Id].Truth == Truth.True ? yes : no],
        Expr.Call call => call.Target is null ? call.Arguments : call.Arguments.Prepend(call.Target),
        Expr.Select select => [select.Of],
        Expr.ListOf list => list.Elements,
        Expr.MapOf map => map.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }),
        Expr.Comprehension comprehension => [comprehension.Range],
        _ => [],
    };

    private static Message Says(Expression expression, Expr fault, Evaluation evaluation)
    {
        if (expression.Bindings.ContainsKey(fault.Id))
        {
            var name = ("name", ConditionWords.NameOf(expression, fault));
            return Message.Of(evaluation.Results[fault.Id].Kind == ValueKind.NotTold ? "missing.not-told" : "missing.unknown", name);
        }
        var formula = ("formula", (Argument)Source(expression, fault));
        if (fault is not Expr.Call { Arguments: [var left, var right] } call || !evaluation.Results.TryGetValue(left.Id, out var a) || !evaluation.Results.TryGetValue(right.Id, out var b))
        {
            return Message.Of("missing.unknown", ("name", formula.Item2));
        }
        var (from, by) = (("left", FactWords.Shown(a)), ("right", FactWords.Shown(b)));
        return call.Function switch
        {
            "_/_" or "_%_" when b.Kind == ValueKind.Number && b.AsNumber.Numerator == 0 => Message.Of("missing.by-zero", formula, from, by),
            "_%_" => Message.Of("missing.not-whole", formula, from, by),
            "_+_" or "_-_" or "_*_" or "_/_" => Message.Of("missing.too-large", formula, from, by),
            "_[_]" => Message.Of("missing.no-row", formula, by),
            _ => Message.Of("missing.unknown", ("name", formula.Item2)),
        };
    }

    private static string Source(Expression expression, Expr node) => expression.Source[node.Start..node.End];
}
