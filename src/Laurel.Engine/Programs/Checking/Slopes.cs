using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>
/// Finds amounts and levels that rise with a number, and fall again where it grows further: a higher band that pays less at its edge, a
/// level with a gap above it. A search at the numbers that are written and their neighbours; it proves nothing.
/// </summary>
internal static class Slopes
{
    private const int TrialsMax = 20_000;

    /// <summary>Looks at the amounts and ladders of an edition.</summary>
    public static void Check(Edition edition, Remarks remarks)
    {
        foreach (var rule in edition.Rules)
        {
            if (Fall([rule.Give], trial => trial.Of(rule.Give) is { Kind: ValueKind.Number } amount ? amount.AsNumber : null) is not { } fall) { continue; }
            remarks.Warning(
                "more-gives-less", rule.Doc, $"more `{fall.What}` gives less: {fall.AtLess} where it is {fall.Less}, {fall.AtMore} where it is {fall.More}",
                "Let each band pay for what lies in it: `min(x, 100) * 2 + max(0, x - 100) * 1`; or let the higher band pay more.");
        }
        foreach (var ladder in edition.Ladders)
        {
            var conditions = ladder.Rungs.Select(r => r.Condition).OfType<Expression>().ToList();
            if (Fall(conditions, trial => LevelOf(ladder, trial)) is not { } fall) { continue; }
            remarks.Warning(
                "more-gives-less", ladder.Doc,
                $"more `{fall.What}` is a lower level: `{ladder.Rungs[(int)fall.AtLess.Round()].Name}` where it is {fall.Less}, `{ladder.Rungs[(int)fall.AtMore.Round()].Name}` where it is {fall.More}",
                "A level is the highest whose condition holds: ask for the least of each, and leave out the most.");
        }
    }

    private static Number? LevelOf(Ladder ladder, Trial trial)
    {
        for (var i = ladder.Rungs.Count - 1; i > 0; i--)
        {
            if (ladder.Rungs[i].Condition is not { } condition) { continue; }
            if (trial.Of(condition) is not { Kind: ValueKind.Bool } met) { return null; }
            if (met.Truth == Truth.True) { return i; }
        }
        return 0;
    }

    /// <summary>Where a result rises with a number and falls again; null where nowhere is found.</summary>
    private static Drop? Fall(IReadOnlyList<Expression> expressions, Func<Trial, Number?> result)
    {
        var inputs = Inputs.Of(expressions);
        if (inputs.Trials > TrialsMax) { return null; }
        foreach (var (what, values) in inputs.Numbers)
        {
            foreach (var others in inputs.Without(what))
            {
                var row = values.Select(at => (At: at, Result: result(new(others, what, Value.Of(at))))).Where(r => r.Result is not null).Select(r => (r.At, Result: r.Result!.Value)).ToList();
                var steps = row.Zip(row.Skip(1)).ToList();
                if (!steps.Exists(s => s.Second.Result > s.First.Result)) { continue; }
                var (less, more) = steps.Find(s => s.Second.Result < s.First.Result);
                if (more.Result < less.Result) { return new(what, less.At, more.At, less.Result, more.Result); }
            }
        }
        return null;
    }

    private sealed record Drop(string What, Number Less, Number More, Number AtLess, Number AtMore);
}
