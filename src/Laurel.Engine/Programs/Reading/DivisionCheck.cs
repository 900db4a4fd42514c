using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Refuses to divide by a nought that is written.</summary>
internal static class DivisionCheck
{
    /// <summary>Looks at all expressions of an edition.</summary>
    public static void Check(ReadingContext context)
    {
        foreach (var condition in context.Conditions.All) { Check(condition.Expression.Root, condition, context); }
    }

    private static void Check(Expr at, ReadCondition condition, ReadingContext context)
    {
        if (at is Expr.Call { Function: "_/_" or "_%_", Arguments: [_, Expr.Literal { Value.Kind: ValueKind.Number } by] } && by.Value.AsNumber == 0)
        {
            context.Error("divides-by-zero", condition.Text.PlaceOf(condition.Offset + at.Start, at.End - at.Start), "nothing can be divided by 0", "Write another number: this would never come to anything.");
        }
        foreach (var part in ExprParts.Of(at)) { Check(part, condition, context); }
    }
}
