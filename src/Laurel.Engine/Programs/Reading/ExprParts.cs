using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>The parts of a node of an expression.</summary>
internal static class ExprParts
{
    /// <summary>The nodes directly below a node, in the order written.</summary>
    public static IEnumerable<Expr> Of(Expr expr) => expr switch
    {
        Expr.Select select => [select.Of],
        Expr.Call { Target: { } target } call => call.Arguments.Prepend(target),
        Expr.Call call => call.Arguments,
        Expr.ListOf list => list.Elements,
        Expr.MapOf map => map.Entries.SelectMany(e => (IReadOnlyList<Expr>)[e.Key, e.Value]),
        Expr.Comprehension each => each.Filter is null ? [each.Range, each.Body] : [each.Range, each.Filter, each.Body],
        _ => [],
    };
}
