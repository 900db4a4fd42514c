using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds levels that ask something of a number and not a least amount of it: how much is missing can't be told then, only what is needed.</summary>
internal static class Distances
{
    /// <summary>The levels, each once, as "compliance good".</summary>
    public static IReadOnlyList<string> Missing(PartnerProgram program) =>
    [
        .. (from edition in program.Editions.Concat(program.Drafts)
            from ladder in edition.Ladders
            from rung in ladder.Rungs
            where rung.Condition is { } condition && Atoms(condition.Root).Any(atom => ReadsNumber(condition, atom) && !IsLeast(condition, atom))
            select $"{ladder.WrittenAs} {rung.Name}").Distinct(),
    ];

    private static IEnumerable<Expr> Atoms(Expr at) =>
        at is Expr.Call { Function: "_&&_" or "_||_" or "!_" or "_?_:_" } call ? call.Arguments.SelectMany(Atoms) : [at];

    private static bool ReadsNumber(Expression condition, Expr at) =>
        condition.Bindings.GetValueOrDefault(at.Id) is MetricBinding or ObligationBinding || ExprParts.Of(at).Any(part => ReadsNumber(condition, part));

    /// <summary>True for a number, that of a key or what is computed of numbers, that must be so much at least.</summary>
    private static bool IsLeast(Expression condition, Expr atom) => Least.Of(atom) is { } least && least.Number switch
    {
        Expr.Call { Function: "_[_]", Arguments: [var by, _] } => condition.Bindings.GetValueOrDefault(by.Id) is MetricBinding,
        Expr.Call => !least.IsMore,
        var number => condition.Bindings.GetValueOrDefault(number.Id) is MetricBinding,
    };
}
