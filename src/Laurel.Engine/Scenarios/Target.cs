using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Scenarios;

/// <summary>What is counted together.</summary>
internal enum TargetGroup
{
    Rule,
    Condition,
    Rung,
    Limit,
    Obligation,
}

/// <summary>Something that scenarios should reach.</summary>
/// <param name="Group">What it is counted with.</param>
/// <param name="What">What it is a part of.</param>
/// <param name="Missing">What is said where it is not reached.</param>
/// <param name="Doc">Where it is written, and perhaps why nothing can reach it.</param>
internal sealed record Target(TargetGroup Group, string What, string Missing, Documentation Doc);

/// <summary>The parts of a condition that are true or false by themselves, and the targets that their outcomes are.</summary>
/// <param name="Node">The part's number within the expression.</param>
/// <param name="True">The target of its being true; that of its being false comes next.</param>
internal readonly record struct Atom(int Node, int True)
{
    /// <summary>The parts of a condition: comparisons, states, roles, flags; not what joins them, and no constants.</summary>
    public static IEnumerable<Expr> Of(Expr expr) => expr switch
    {
        Expr.Literal => [],
        Expr.Call { Function: "_&&_" or "_||_" or "!_" or "_?_:_" } call => call.Arguments.SelectMany(Of),
        _ => [expr],
    };
}
