using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Looks at what a condition says about roles.</summary>
internal static class Roles
{
    /// <summary>True where each way in which the condition can hold has a role that holds.</summary>
    public static bool Implied(Expression condition) => Implied(condition, condition.Root, holds: true);

    private static bool Implied(Expression condition, Expr at, bool holds)
    {
        if (condition.Bindings.TryGetValue(at.Id, out var binding)) { return holds && binding is SubjectBinding.OfRole && at is not Expr.Select { TestOnly: true }; }
        switch (at)
        {
            case Expr.Literal { Value: var value }:
                // What can never be has no way to hold.
                return value.Kind == ValueKind.Bool && value.Truth == (holds ? Truth.False : Truth.True);
            case Expr.Call { Function: "!_", Arguments: [var of] }:
                return Implied(condition, of, !holds);
            case Expr.Call { Function: "_&&_", Arguments: [var left, var right] }:
                return holds ? Implied(condition, left, holds) || Implied(condition, right, holds) : Implied(condition, left, holds) && Implied(condition, right, holds);
            case Expr.Call { Function: "_||_", Arguments: [var left, var right] }:
                return holds ? Implied(condition, left, holds) && Implied(condition, right, holds) : Implied(condition, left, holds) || Implied(condition, right, holds);
            case Expr.Call { Function: "_?_:_", Arguments: [var test, var yes, var no] }:
                return (Implied(condition, test, holds: true) || Implied(condition, yes, holds)) && (Implied(condition, test, holds: false) || Implied(condition, no, holds));
            default:
                return false;
        }
    }
}
