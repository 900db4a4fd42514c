using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds rules, states, levels and others whose conditions can never hold.</summary>
internal static class Possible
{
    /// <summary>Looks at all conditions of an edition; those of one rule together.</summary>
    public static void Check(Vocabulary vocabulary, Edition edition, Remarks remarks)
    {
        var ways = new WaysReader(edition);
        foreach (var state in edition.States.Concat(edition.Roles))
        {
            var never = state.Condition is not null ? ways.Never(state.Condition) : state.Starts.Count > 0 && state.Starts.All(s => s.Condition is not null && ways.Never(s.Condition));
            if (never) { Tell(state.Doc, $"`{state.Name}` can never hold", remarks); }
        }
        foreach (var rule in edition.Rules)
        {
            if (ways.Of(rule) is { IsEmpty: true }) { Tell(rule.Doc, $"the rule `{rule.Name}` can never give anything", remarks); }
        }
        // Who writes `false` means it: nobody may ask, and is told so.
        foreach (var request in edition.Requests.Where(r => r.Where is { Root: not Expr.Literal } where && ways.Never(where))) { Tell(request.Doc, $"nobody can ever ask for `{request.Name}`", remarks); }
        foreach (var obligation in edition.Obligations.Where(o => ways.Never(o.Term) || ways.Never(o.During))) { Tell(obligation.Doc, $"`{obligation.Name}` never counts", remarks); }
        foreach (var metric in edition.Metrics.Where(m => ways.Never(m.Ranking?.Among))) { Tell(metric.Doc, $"nobody is ever ranked by `{metric.Name}`", remarks); }
        foreach (var benefit in edition.Benefits.Where(b => ways.Never(b.While))) { Tell(benefit.Doc, $"the benefit `{benefit.Name}` is never open", remarks); }
        foreach (var payout in edition.Payouts.Where(p => ways.Never(p.Where))) { Tell(payout.Doc, "nobody can ever be paid", remarks); }
        CheckRungs(vocabulary, edition, remarks);
    }

    // What holds of numbers by what rules can give: a person may still adjust them.
    private static void CheckRungs(Vocabulary vocabulary, Edition edition, Remarks remarks)
    {
        var ways = new WaysReader(edition, new Ranges(vocabulary, edition));
        foreach (var ladder in edition.Ladders)
        {
            foreach (var rung in ladder.Rungs.Where(r => r.Condition is not null && ways.Never(r.Condition)))
            {
                remarks.Warning(
                    "rung-out-of-reach", rung.Doc.Place, [ladder.Doc], $"the level `{rung.Name}` asks for more than limits and formulas leave",
                    "Nobody reaches it unless a person adjusts. Ask less, or look at what caps the number.");
            }
        }
    }

    // Where a program says why no scenario can reach it, it has said it.
    private static void Tell(Documentation doc, string what, Remarks remarks) => remarks.Warning(
        "never-holds", doc with { Meant = doc.Meant ?? doc.Unreached }, $"{what}: what its conditions ask excludes itself", "Look at what it compares: a value is not two at once, and no number is both above and below.");
}
