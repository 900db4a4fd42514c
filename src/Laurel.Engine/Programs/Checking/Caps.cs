using System.Globalization;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds limits, and caps in formulas, that can never bind.</summary>
internal static class Caps
{
    /// <summary>Looks at the limits and formulas of an edition.</summary>
    public static void Check(Vocabulary vocabulary, Edition edition, Remarks remarks)
    {
        var ways = new WaysReader(edition);
        foreach (var limit in edition.Limits)
        {
            if (Needless(edition, limit, ways) is { } why) { Tell(limit.Doc, $"the limit `{limit.Name}` can never set anything aside: {why}", remarks); }
        }
        var ranges = new Ranges(vocabulary, edition);
        foreach (var (formula, doc) in edition.Metrics.Where(m => m.Formula is not null).Select(m => (m.Formula!, m.Doc)).Concat(edition.Rules.Select(r => (r.Give, r.Doc))))
        {
            Check(formula, formula.Root, doc, ranges, remarks);
        }
    }

    /// <summary>The most of a unit that a member can have by its rules, in whole units; null where there is no most.</summary>
    public static Number? Most(Vocabulary vocabulary, Edition edition, int unit, Ranges ranges)
    {
        var rules = edition.Rules.Where(r => r.Unit == unit).ToList();
        var capped = edition.Limits.Where(l => l.Per.Count == 0 && l.Kind != LimitKind.From).ToList();
        Number most = 0;
        while (rules.Count > 0)
        {
            if (capped.Find(l => l.Of.Contains(rules[0].Index)) is not { } limit || ranges.Of(rules[0].Give, rules[0].Give.Root).High is not { } each) { return null; }
            var under = rules.Where(r => limit.Of.Contains(r.Index)).Select(r => ranges.Of(r.Give, r.Give.Root).High).ToList();
            if (limit.Kind != LimitKind.AtMost && under.Contains(null)) { return null; }
            most += limit.Kind == LimitKind.AtMost ? vocabulary.Units[unit].Whole(limit.Number) : new Number(limit.Number) * under.Max()!.Value;
            rules.RemoveAll(r => limit.Of.Contains(r.Index));
        }
        return edition.Rules.Any(r => r.Unit == unit) ? most : null;
    }

    private static string? Needless(Edition edition, Limit limit, WaysReader ways)
    {
        if (limit is { Kind: LimitKind.From, Number: 1 }) { return "all count from the first on"; }
        var rules = limit.Of.Select(i => edition.Rules[i]).ToList();
        var bySubject = limit.Per.OfType<LimitKey.Path>().Any(p => p.IsSubject);
        if (limit is { Kind: LimitKind.Best, OfKept.Count: 0 } && bySubject && rules.TrueForAll(r => r.When.Count == 0))
        {
            // What holds while something does is one credit of a subject at a time.
            var most = limit.Per.Any(p => p is LimitKey.Rule) || Exclusive(rules, ways) ? 1 : rules.Count;
            if (most <= limit.Number) { return $"at one time there {(most == 1 ? "is only one credit" : $"are only {most.ToString(CultureInfo.InvariantCulture)} credits")} of a subject"; }
        }
        var stronger = edition.Limits.Take(limit.Index).FirstOrDefault(l => l.Kind == limit.Kind && l.Kind != LimitKind.From && l.Number <= limit.Number && Covers(l, limit));
        return stronger is null ? null : $"`{stronger.Name}` before it leaves no more";
    }

    // The same credits or more, in the same groups or larger ones.
    private static bool Covers(Limit wide, Limit narrow) =>
        narrow.Of.All(wide.Of.Contains) && narrow.OfKept.All(wide.OfKept.Contains) && wide.Per.All(key => narrow.Per.Any(other => Same(key, other)));

    private static bool Same(LimitKey a, LimitKey b) => (a, b) switch
    {
        (LimitKey.Rule, LimitKey.Rule) => true,
        (LimitKey.Period one, LimitKey.Period other) => one == other,
        (LimitKey.Path one, LimitKey.Path other) => one.Text == other.Text,
        _ => false,
    };

    private static bool Exclusive(List<CreditRule> rules, WaysReader ways)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (rules[i].Kind != rules[j].Kind || ways.Of(rules[i])?.And(ways.Of(rules[j])) is not { IsEmpty: true }) { return false; }
            }
        }
        return true;
    }

    private static void Check(Expression formula, Expr at, Documentation doc, Ranges ranges, Remarks remarks)
    {
        if (at is Expr.Call { Function: "min" } least)
        {
            foreach (var cap in least.Arguments.OfType<Expr.Literal>().Where(a => a.Value.Kind == ValueKind.Number).Select(a => a.Value.AsNumber))
            {
                if (least.Arguments.Any(a => a is not Expr.Literal && ranges.Of(formula, a).High is { } high && high <= cap))
                {
                    Tell(doc, $"`{formula.Source[at.Start..at.End]}` is never capped: it can't be above {cap}", remarks);
                }
            }
        }
        foreach (var part in ExprParts.Of(at)) { Check(formula, part, doc, ranges, remarks); }
    }

    private static void Tell(Documentation doc, string what, Remarks remarks) =>
        remarks.Warning("never-binds", doc, what, "Lower it, or take it out.");
}
