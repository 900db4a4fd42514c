namespace Laurel.Engine.Expressions;

/// <summary>A comparison that asks a number to be so much at least; also where a constant stands first.</summary>
/// <param name="Number">The number.</param>
/// <param name="Bound">How much it has to be.</param>
/// <param name="IsMore">True where it has to be more than that.</param>
internal sealed record Least(Expr Number, Expr Bound, bool IsMore)
{
    /// <summary>Reads a comparison; null for anything else.</summary>
    public static Least? Of(Expr atom) => atom switch
    {
        Expr.Call { Function: "_>=_" or "_>_", Arguments: [var number, var bound] } more => new(number, bound, more.Function == "_>_"),
        Expr.Call { Function: "_<=_" or "_<_", Arguments: [Expr.Literal bound, var number] } less => new(number, bound, less.Function == "_<_"),
        _ => null,
    };
}
