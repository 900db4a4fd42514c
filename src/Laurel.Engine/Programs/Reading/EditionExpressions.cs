using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>All expressions of an edition.</summary>
internal static class EditionExpressions
{
    /// <summary>The edition with each expression replaced.</summary>
    public static Edition Rewrite(Edition edition, Func<Expression, Expression> change)
    {
        Expression? Each(Expression? expression) => expression is null ? null : change(expression);
        IReadOnlyList<Trigger> Triggers(IReadOnlyList<Trigger> triggers) => [.. triggers.Select(t => t with { Condition = Each(t.Condition) })];
        StateRule State(StateRule state) => state with { Condition = Each(state.Condition), Starts = Triggers(state.Starts), Ends = Triggers(state.Ends) };
        LimitKey Key(LimitKey key) => key is LimitKey.Path path ? path with { Paths = path.Paths.ToDictionary(p => p.Key, p => change(p.Value)) } : key;
        // The levels of one ladder with a key share what is written.
        IEnumerable<Ladder> Levels(IEnumerable<Ladder> written)
        {
            var (down, rungs) = (written.First().Down, written.First().Rungs);
            (down, rungs) = (down with { Needs = Each(down.Needs) }, [.. rungs.Select(r => r with { Condition = Each(r.Condition) })]);
            return written.Select(l => l with { Down = down, Rungs = rungs });
        }

        return edition with
        {
            States = [.. edition.States.Select(State)],
            Roles = [.. edition.Roles.Select(State)],
            Requests = [.. edition.Requests.Select(r => r with { Where = Each(r.Where) })],
            Rules = [.. edition.Rules.Select(r => r with
            {
                Give = change(r.Give), To = Each(r.To), When = Triggers(r.When), Where = Each(r.Where), While = Each(r.While), Unless = Triggers(r.Unless),
            })],
            Limits = [.. edition.Limits.Select(l => l with { Per = [.. l.Per.Select(Key)] })],
            Metrics = [.. edition.Metrics.Select(m => m with { Formula = Each(m.Formula), Per = m.Per is null ? null : Key(m.Per), Ranking = m.Ranking is { } ranking ? ranking with { Among = Each(ranking.Among) } : null })],
            Obligations = [.. edition.Obligations.Select(o => o with { Term = Each(o.Term), During = Each(o.During) })],
            Ladders = [.. edition.Ladders.GroupBy(l => l.WrittenAs).SelectMany(Levels)],
            Payouts = [.. edition.Payouts.Select(p => p with { Where = Each(p.Where) })],
            Benefits = [.. edition.Benefits.Select(b => b with { While = change(b.While) })],
        };
    }

    /// <summary>All expressions, in the order of the sections.</summary>
    public static IReadOnlyList<Expression> Of(Edition edition)
    {
        var all = new List<Expression>();
        Rewrite(edition, expression =>
        {
            all.Add(expression);
            return expression;
        });
        return all;
    }
}
