using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Explaining;

/// <summary>Finds the least that would have to change for a condition to hold: the fewest of its atoms turned.</summary>
internal static class LeastChange
{
    /// <summary>Conditions of more atoms than this are not searched.</summary>
    private const int AtomsMax = 16;

    /// <summary>The atoms to turn, the fewest there are; empty where it holds already, null where turning cannot help.</summary>
    /// <param name="condition">The condition, or a part of one.</param>
    /// <param name="evaluation">How it was evaluated.</param>
    /// <param name="costOf">How hard an atom is to turn, at least 1: of equals the first is taken.</param>
    public static IReadOnlyList<Expr>? Of(Expr condition, Evaluation evaluation, Func<Expr, int> costOf)
    {
        var atoms = Conditions.Atoms(condition, evaluation);
        if (atoms.Count > AtomsMax) { return null; }
        var values = new Dictionary<int, bool>();
        var best = -1;
        var bestCost = int.MaxValue;
        for (var turned = 0; turned < 1 << atoms.Count; turned++)
        {
            var cost = 0;
            for (var i = 0; i < atoms.Count; i++)
            {
                var turns = (turned >> i & 1) != 0;
                values[atoms[i].Node.Id] = atoms[i].Holds != turns;
                cost += turns ? costOf(atoms[i].Node) : 0;
            }
            if (cost >= bestCost || !Holds(condition, values)) { continue; }
            (best, bestCost) = (turned, cost);
        }
        return best < 0 ? null : [.. atoms.Where((_, i) => (best >> i & 1) != 0).Select(a => a.Node)];
    }

    private static bool Holds(Expr node, Dictionary<int, bool> values) => node switch
    {
        Expr.Call { Function: "_&&_" } both => both.Arguments.All(a => Holds(a, values)),
        Expr.Call { Function: "_||_" } either => either.Arguments.Any(a => Holds(a, values)),
        Expr.Call { Function: "!_" } not => !Holds(not.Arguments[0], values),
        Expr.Call { Function: "_?_:_" } choice => Holds(choice.Arguments[Holds(choice.Arguments[0], values) ? 1 : 2], values),
        Expr.Literal literal => literal.Value.Truth == Truth.True,
        _ => values[node.Id],
    };
}
