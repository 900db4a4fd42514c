using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Sorts an edition's states, metrics and ladders so that each reads only earlier ones, and refuses circles.</summary>
internal sealed class EditionOrder(ReadingContext context)
{
    private readonly string[] _states = NamesOf(context.Names.States.Values.Where(s => !s.IsRole).Select(s => (s.Index, s.Name)));
    private readonly string[] _roles = NamesOf(context.Names.States.Values.Where(s => s.IsRole).Select(s => (s.Index, s.Name)));
    private readonly string[] _metrics = NamesOf(context.Names.Metrics.Values.Select(m => (m.Index, m.Name)));
    private readonly string[] _obligations = NamesOf(context.Names.Obligations.Select(o => (o.Value.Index, o.Key)));
    private readonly string[] _ladders = NamesOf(context.Names.Ladders.Values.Select(l => (l.Index, l.Name)));

    /// <summary>The edition sorted; null, and a problem, where there is a circle.</summary>
    public Edition? Sort(Edition edition)
    {
        var graph = Graph(edition, withJustBefore: true);
        if (graph.Circle() is not null)
        {
            // What is tested just before a fact sees what was settled earlier: it makes no circle.
            graph = Graph(edition, withJustBefore: false);
            if (graph.Circle() is { } circle)
            {
                // The unit's name stands in another file: begin with what stands here.
                var first = circle.ToList().FindIndex(n => !n.StartsWith("unit ", StringComparison.Ordinal));
                circle = [.. circle.Skip(first), .. circle.Take(first)];
                context.Error(
                    "circle", PlaceOf(circle[0], edition), $"a circle: {Layers.Print(circle, "reads")}",
                    "Each of these would have to be known before the others. Take one of them out of another's conditions.");
                return null;
            }
        }
        RefuseStanding(edition);
        RefuseReadBudgets(edition, graph);
        if (new Stages(context, edition, NameOf).Find() is not { } stages)
        {
            var round = Graph(edition, withJustBefore: true).Circle()!;
            context.Error(
                "circle", PlaceOf(round[0], edition), $"a circle: {Layers.Print(round, "reads")}",
                "What is tested just before a fact reads a metric or a level here that depends on it. Take one of them out of another's conditions.");
            return null;
        }
        return Renumber(edition, graph.Depths(), stages);
    }

    private Layers Graph(Edition edition, bool withJustBefore)
    {
        var graph = new Layers();
        foreach (var state in edition.States.Concat(edition.Roles)) { graph.Add(state.Name, []); }
        foreach (var unit in context.Names.Vocabulary.Units) { graph.Add($"unit {unit.Name}", []); }
        foreach (var metric in edition.Metrics) { graph.Add($"metric {metric.Name}", metric.UnitsRead.Select(unit => $"unit {context.Names.Vocabulary.Units[unit].Name}")); }
        foreach (var obligation in edition.Obligations) { graph.Add($"obligation {obligation.Name}", [$"unit {context.Names.Vocabulary.Units[obligation.Unit].Name}"]); }
        foreach (var ladder in edition.Ladders) { graph.Add($"ladder {ladder.WrittenAs}", []); }
        foreach (var rule in edition.Rules)
        {
            graph.Add($"rule {rule.Name}", []);
            graph.Add($"unit {context.Names.Vocabulary.Units[rule.Unit].Name}", [$"rule {rule.Name}"]);
        }
        foreach (var condition in context.Conditions.All.Where(c => withJustBefore || !c.JustBefore)) { graph.Add(condition.Owner, ReadBy(condition.Expression)); }
        return graph;
    }

    private IEnumerable<string> ReadBy(Expression expression) => expression.Bindings.Values.Select(NameOf).OfType<string>();

    private string? NameOf(Binding binding) => binding switch
    {
        SubjectBinding { Before: true } => null,
        SubjectBinding.OfState { State: >= 0 } state => _states[state.State],
        SubjectBinding.OfRole role => _roles[role.Role],
        MemberStateBinding { State: >= 0 } state => _states[state.State],
        SubjectBinding.Since state => _states[state.State],
        MetricBinding metric => $"metric {_metrics[metric.Metric]}",
        AgoBinding metric => $"metric {_metrics[metric.Metric]}",
        ObligationBinding obligation => $"obligation {_obligations[obligation.Obligation]}",
        LevelBinding level => $"ladder {_ladders[level.Ladder]}",
        _ => null,
    };

    // What depends on metrics and levels is settled after all subjects: no condition of a subject can read it.
    private void RefuseStanding(Edition edition)
    {
        var standing = StandingStates();
        foreach (var condition in context.Conditions.All)
        {
            foreach (var (node, binding) in condition.Expression.Bindings)
            {
                if (binding is not SubjectBinding read || StateOf(read) is not { } state || !standing.Contains(state)) { continue; }
                var ofMember = read.Root == Vocabulary.MemberKind && read.Path.Count == 0;
                if (ofMember && condition.Standing) { continue; }
                var (start, end) = PositionOf(condition.Expression.Root, node);
                context.Error(
                    "reads-standing", condition.Text.PlaceOf(condition.Offset + start, end - start), $"`{state}` depends on the member's metrics or levels, and can't be read here",
                    ofMember ? "A rule without `when`, and `to` and `while`, read only what facts say of the member." : "Of another member only fields, and states that facts start and end, can be read.");
            }
        }
    }

    // Budgets are settled once, after all rules: what one leaves can't decide what another rule gives.
    private void RefuseReadBudgets(Edition edition, Layers graph)
    {
        foreach (var budget in edition.Limits.Where(l => l.Kind == LimitKind.Budget && l.Of.Count > 0))
        {
            // Of a rule in which something is wrong nothing more is said.
            if (edition.Rules.FirstOrDefault(r => r.Index == budget.Of[0]) is not { } spent) { continue; }
            var unit = $"unit {context.Names.Vocabulary.Units[spent.Unit].Name}";
            foreach (var name in edition.Rules.Select(r => $"rule {r.Name}").Concat(edition.States.Where(s => s.Kind == Vocabulary.MemberKind).Select(s => s.Name)))
            {
                if (graph.Way(name, unit) is not { } way) { continue; }
                context.Error(
                    "budget-read", PlaceOf(name, edition), $"`{name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]}` depends on what the budget `{budget.Name}` leaves: {string.Join(" reads ", way.Select(w => $"`{w}`"))}",
                    "A budget is settled among all members once all rules have given. Let the rules of the budget give a unit of their own, which no rule and no state reads.");
            }
        }
    }

    private string? StateOf(SubjectBinding binding) => binding switch
    {
        SubjectBinding.OfState { State: >= 0 } state => _states[state.State],
        SubjectBinding.Since state => _states[state.State],
        _ => null,
    };

    private HashSet<string> StandingStates()
    {
        var standing = new HashSet<string>(StringComparer.Ordinal);
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var condition in context.Conditions.All.Where(c => context.Names.States.ContainsKey(c.Owner) && !standing.Contains(c.Owner)))
            {
                var reads = condition.Expression.Bindings.Values.Any(b => b is MetricBinding or AgoBinding or ObligationBinding or LevelBinding || (NameOf(b) is { } name && standing.Contains(name)));
                if (reads && context.Names.States[condition.Owner].Kind == Vocabulary.MemberKind) { grown |= standing.Add(condition.Owner); }
            }
        }
        return standing;
    }

    private Edition Renumber(Edition edition, IReadOnlyDictionary<string, int> depths, IReadOnlyDictionary<string, int> stages)
    {
        int Depth(string name) => depths.GetValueOrDefault(name);
        int Stage(string name) => stages.GetValueOrDefault(name);
        var states = edition.States.OrderBy(s => Depth(s.Name)).ToList();
        var roles = edition.Roles.OrderBy(r => Depth(r.Name)).ToList();
        var metrics = edition.Metrics.OrderBy(m => Depth($"metric {m.Name}")).ToList();
        var ladders = edition.Ladders.OrderBy(l => Depth($"ladder {l.WrittenAs}")).ToList();
        var places = new Places(
            Array.ConvertAll(_states, n => states.FindIndex(s => s.Name == n)), Array.ConvertAll(_roles, n => roles.FindIndex(r => r.Name == n)),
            Array.ConvertAll(_metrics, n => metrics.FindIndex(m => m.Name == n)), Array.ConvertAll(_ladders, n => ladders.FindIndex(l => l.WrittenAs == n)));
        return EditionExpressions.Rewrite(
            edition with
            {
                States = [.. states.Select((s, i) => s with { Index = i, Layer = Depth(s.Name), Stage = Stage(s.Name) })],
                Roles = [.. roles.Select((r, i) => r with { Index = i, Layer = Depth(r.Name) })],
                Rules = [.. edition.Rules.Select(r => r with { Stage = Stage($"rule {r.Name}") })],
                Metrics = [.. metrics.Select((m, i) => m with { Index = i, Layer = Depth($"metric {m.Name}"), Stage = Stage($"metric {m.Name}") })],
                Obligations = [.. edition.Obligations.Select(o => o with { Layer = Depth($"obligation {o.Name}") })],
                Ladders = [.. ladders.Select((l, i) => l with { Index = i, Layer = Depth($"ladder {l.WrittenAs}"), Stage = Stage($"ladder {l.WrittenAs}") })],
            },
            expression => expression with { Bindings = expression.Bindings.ToDictionary(b => b.Key, b => places.Move(b.Value)) });
    }

    private static (int Start, int End) PositionOf(Expr at, int node)
    {
        if (at.Id == node) { return (at.Start, at.End); }
        foreach (var part in ExprParts.Of(at))
        {
            if (PositionOf(part, node) is { End: > 0 } found) { return found; }
        }
        return (0, 0);
    }

    private static Place PlaceOf(string name, Edition edition)
    {
        var own = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return edition.States.Concat(edition.Roles).Select(s => (s.Name, s.Doc))
            .Concat(edition.Metrics.Select(m => ($"metric {m.Name}", m.Doc)))
            .Concat(edition.Obligations.Select(o => ($"obligation {o.Name}", o.Doc)))
            .Concat(edition.Ladders.Select(l => ($"ladder {l.WrittenAs}", l.Doc)))
            .Concat(edition.Rules.Select(r => ($"rule {r.Name}", r.Doc)))
            .FirstOrDefault(d => d.Item1 == name || d.Item1 == own).Item2?.Place ?? edition.Doc.Place;
    }

    private static string[] NamesOf(IEnumerable<(int Index, string Name)> symbols) => [.. symbols.OrderBy(s => s.Index).Select(s => s.Name)];

    /// <summary>By number in file order: the number after sorting.</summary>
    private sealed record Places(int[] States, int[] Roles, int[] Metrics, int[] Ladders)
    {
        public Binding Move(Binding binding) => binding switch
        {
            SubjectBinding.OfState { State: >= 0 } state => state with { State = States[state.State] },
            SubjectBinding.OfRole role => role with { Role = Roles[role.Role] },
            MemberStateBinding { State: >= 0 } state => state with { State = States[state.State] },
            SubjectBinding.Since state => state with { State = States[state.State] },
            MetricBinding metric => metric with { Metric = Metrics[metric.Metric] },
            AgoBinding metric => metric with { Metric = Metrics[metric.Metric] },
            LevelBinding level => level with { Ladder = Ladders[level.Ladder] },
            _ => binding,
        };
    }
}
