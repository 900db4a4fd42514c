using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Explaining;

/// <summary>Finds the least that would have to change for a condition to come out as wanted: every smallest set of its atoms.</summary>
/// <param name="expression">The condition.</param>
/// <param name="evaluation">How it was evaluated.</param>
/// <param name="costOf">How hard it is to make an atom true or false, at least 1; null where that cannot be.</param>
internal sealed class LeastChange(Expression expression, Evaluation evaluation, Func<Expr, bool, int?> costOf)
{
    /// <summary>Conditions of more atoms than this are not searched.</summary>
    private const int AtomsMax = 16;

    private readonly Dictionary<string, Truth> _truths = [];
    private readonly List<(Expr Atom, bool Becomes)> _turned = [];
    private readonly List<IReadOnlyList<(Expr Atom, bool Becomes)>> _found = [];
    private int _least = int.MaxValue;

    /// <summary>Every set of atoms of the least cost, each with what it has to become. One empty set where it comes out already; none where turning cannot help.</summary>
    /// <param name="part">The condition, or a part of it.</param>
    /// <param name="wanted">What it should come out as.</param>
    public IReadOnlyList<IReadOnlyList<(Expr Atom, bool Becomes)>> Of(Expr part, bool wanted = true)
    {
        // What is written twice is one thing.
        var atoms = Conditions.Atoms(part, evaluation).Select(a => a.Node).DistinctBy(Text).ToList();
        if (atoms.Count <= AtomsMax) { Search(part, wanted, atoms, 0, 0); }
        // The search turns later atoms first.
        _found.Reverse();
        return _found;
    }

    private string Text(Expr atom) => expression.Source[atom.Start..atom.End];

    private void Search(Expr part, bool wanted, List<Expr> atoms, int place, int cost)
    {
        if (cost > _least) { return; }
        if (place == atoms.Count)
        {
            if (TruthOf(part) != (wanted ? Truth.True : Truth.False)) { return; }
            if (cost < _least) { _found.Clear(); }
            _least = cost;
            _found.Add([.. _turned]);
            return;
        }
        var atom = atoms[place];
        var now = evaluation.Results.TryGetValue(atom.Id, out var value) ? value.Truth : Truth.Unknown;
        _truths[Text(atom)] = now;
        Search(part, wanted, atoms, place + 1, cost);
        foreach (var becomes in new[] { true, false })
        {
            if (now == (becomes ? Truth.True : Truth.False) || costOf(atom, becomes) is not { } more) { continue; }
            _truths[Text(atom)] = becomes ? Truth.True : Truth.False;
            _turned.Add((atom, becomes));
            Search(part, wanted, atoms, place + 1, cost + more);
            _turned.RemoveAt(_turned.Count - 1);
        }
    }

    private Truth TruthOf(Expr node) => node switch
    {
        Expr.Call { Function: "_&&_", Arguments: [var left, var right] } => Joined(TruthOf(left), TruthOf(right), Truth.False, Truth.True),
        Expr.Call { Function: "_||_", Arguments: [var left, var right] } => Joined(TruthOf(left), TruthOf(right), Truth.True, Truth.False),
        Expr.Call { Function: "!_" } not => TruthOf(not.Arguments[0]) switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Unknown },
        Expr.Call { Function: "_?_:_" } choice => TruthOf(choice.Arguments[0]) switch { Truth.True => TruthOf(choice.Arguments[1]), Truth.False => TruthOf(choice.Arguments[2]), _ => Truth.Unknown },
        Expr.Literal literal => literal.Value.Truth,
        _ => _truths[Text(node)],
    };

    private static Truth Joined(Truth left, Truth right, Truth either, Truth both) =>
        left == either || right == either ? either : left == both && right == both ? both : Truth.Unknown;
}
