using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds the ways in which conditions of an edition can hold; a state that is a condition is read as that.</summary>
/// <param name="ranges">Between which numbers metrics lie; null for anywhere.</param>
internal sealed class WaysReader(Edition edition, Ranges? ranges = null)
{
    private readonly Dictionary<(int State, bool Holds), Ways?> _states = [];

    /// <summary>The ways of a condition; null where there are too many to look at.</summary>
    public Ways? Of(Expression condition) => Of(condition, condition.Root, holds: true);

    /// <summary>True where the condition can't hold, as far as can be seen.</summary>
    public bool Never(Expression? condition) => condition is not null && Of(condition) is { IsEmpty: true };

    /// <summary>The ways in which all conditions of a rule hold together; those of its moments are left out.</summary>
    public Ways? Of(CreditRule rule)
    {
        Ways? all = Ways.Always;
        foreach (var condition in new[] { rule.To is { Type: not CelType.Reference } ? rule.To : null, rule.Where, rule.While })
        {
            if (condition is not null && Of(condition) is { } ways) { all = all?.And(ways); }
        }
        return all;
    }

    private Ways? Of(Expression condition, Expr at, bool holds)
    {
        if (at is not Expr.Select { TestOnly: true } && condition.Bindings.TryGetValue(at.Id, out var binding) && Meaning(binding) is { } state) { return Of(state, holds); }
        switch (at)
        {
            case Expr.Literal { Value.Kind: ValueKind.Bool } literal:
                return (literal.Value.Truth == Truth.True) == holds ? Ways.Always : Ways.None;
            case Expr.Call { Function: "!_", Arguments: [var of] }:
                return Of(condition, of, !holds);
            case Expr.Call { Function: "_&&_" or "_||_", Arguments: [var left, var right] } call:
                var (a, b) = (Of(condition, left, holds), Of(condition, right, holds));
                return (call.Function == "_||_") == holds ? a?.Or(b) : a?.And(b);
            case Expr.Call { Function: "_?_:_", Arguments: [var test, var yes, var no] }:
                var (met, unmet) = (Of(condition, test, holds: true), Of(condition, test, holds: false));
                return met?.And(Of(condition, yes, holds))?.Or(unmet?.And(Of(condition, no, holds)));
            default:
                return Compared(condition, at, holds) ?? Ways.Of(Canon.Expression(at), holds);
        }
    }

    private StateRule? Meaning(Binding binding)
    {
        var state = binding switch
        {
            SubjectBinding.OfState { State: >= 0, Path.Count: 0, Before: false } of => edition.States[of.State],
            MemberStateBinding { State: >= 0, Before: false } of => edition.States[of.State],
            _ => null,
        };
        return state?.Condition is null ? null : state;
    }

    // Each state once: a chain of states that each read the last one twice would take for ever.
    private Ways? Of(StateRule state, bool holds)
    {
        if (_states.TryGetValue((state.Index, holds), out var known)) { return known; }
        return _states[(state.Index, holds)] = Of(state.Condition!, state.Condition!.Root, holds);
    }

    /// <summary>The ways of a comparison with constants; null for anything else.</summary>
    private Ways? Compared(Expression condition, Expr at, bool holds)
    {
        if (at is not Expr.Call { Arguments: [var left, var right] } call) { return null; }
        var function = call.Function;
        if (left is Expr.Literal && right is not Expr.Literal)
        {
            (left, right) = (right, left);
            function = function switch { "_<_" => "_>_", "_<=_" => "_>=_", "_>_" => "_<_", "_>=_" => "_<=_", _ => function };
        }
        if (left is Expr.Literal) { return null; }
        var what = Canon.Expression(left);
        var values = (condition.Types[left.Id] as CelType.Choice)?.Values;
        switch (right)
        {
            case Expr.Literal { Value.Kind: ValueKind.Number } number when Bounds.Of(function, number.Value.AsNumber, holds) is { } bounds:
                return ranges is not null && !bounds.And(ranges.Of(condition, left)).IsPossible ? Ways.None : Ways.Of(what, bounds);
            case Expr.Literal { Value.Kind: ValueKind.Text } text when Chosen(function, text.Value.AsText, values) is { } chosen:
                return Ways.Of(what, Texts.Of(chosen, !holds ^ (function == "_!=_"), values));
            case Expr.ListOf list when function == "@in" && holds && list.Elements.All(e => e is Expr.Literal { Value.Kind: ValueKind.Number }):
                return list.Elements.Select(e => ((Expr.Literal)e).Value.AsNumber).Aggregate((Ways?)Ways.None, (all, number) => all?.Or(Ways.Of(what, new Bounds(number, number))));
            case Expr.ListOf list when function == "@in" && list.Elements.All(e => e is Expr.Literal { Value.Kind: ValueKind.Text }):
                return Ways.Of(what, Texts.Of([.. list.Elements.Select(e => ((Expr.Literal)e).Value.AsText)], !holds, values));
            default:
                return null;
        }
    }

    // Values in an order compare by it.
    private static IReadOnlyList<string>? Chosen(string function, string text, IReadOnlyList<string>? values)
    {
        if (function is "_==_" or "_!=_") { return [text]; }
        var at = values?.ToList().IndexOf(text) ?? -1;
        if (at < 0) { return null; }
        return function switch
        {
            "_<_" => [.. values!.Take(at)],
            "_<=_" => [.. values!.Take(at + 1)],
            "_>_" => [.. values!.Skip(at + 1)],
            "_>=_" => [.. values!.Skip(at)],
            _ => null,
        };
    }
}
