using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Finds what is declared and means nothing: facts, fields, units, states, roles, metrics, tables, requests and runs that no edition uses.</summary>
/// <remarks>
/// An edition takes over sections as a whole, and may have no use for a part of them that another one has. Levels, benefits, states of
/// the member and metrics that say what they are are answers: they need no further use.
/// </remarks>
internal sealed class Usage
{
    private readonly Vocabulary _vocabulary;
    private readonly Remarks _remarks;
    private readonly HashSet<(int Kind, int Slot)> _fields = [];
    private readonly HashSet<int> _facts = [];
    private readonly HashSet<int> _units = [];
    private readonly HashSet<string> _carried = new(StringComparer.Ordinal);
    private readonly HashSet<Place> _definitions = [];

    private Usage(Vocabulary vocabulary, Remarks remarks) => (_vocabulary, _remarks) = (vocabulary, remarks);

    /// <summary>Warns of what nothing uses.</summary>
    public static void Check(Vocabulary vocabulary, IReadOnlyList<Edition> editions, IReadOnlyDictionary<string, Documentation> declared, Remarks remarks)
    {
        var usage = new Usage(vocabulary, remarks);
        foreach (var edition in editions) { usage.Read(edition); }
        usage.Tell(declared);
        foreach (var edition in editions) { usage.Tell(edition); }
        TellWords(vocabulary, editions, declared, remarks);
    }

    // Words are looked up by name, whole or after the point: one that nothing has is never said.
    private static void TellWords(Vocabulary vocabulary, IReadOnlyList<Edition> editions, IReadOnlyDictionary<string, Documentation> declared, Remarks remarks)
    {
        var names = new HashSet<string>(vocabulary.Names(), StringComparer.Ordinal);
        foreach (var edition in editions) { names.UnionWith(edition.Names()); }
        names.UnionWith([.. names.Select(name => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])]);
        foreach (var word in vocabulary.Words.Keys.Where(word => !names.Contains(word)))
        {
            var meant = Nearest.To(word, names) is { } nearest ? $"Did you mean `{nearest}`? " : "";
            remarks.Warning("unused-word", declared["word " + word].Place, [], $"nothing is called `{word}`", $"{meant}Write the name of something in program.yaml or an edition, or take the line out.");
        }
    }

    private void Read(Edition edition)
    {
        foreach (var expression in EditionExpressions.Of(edition))
        {
            foreach (var binding in expression.Bindings.Values)
            {
                Read(binding);
                if (DefinitionOf(binding, edition) is { } doc) { _definitions.Add(doc.Place); }
            }
        }
        foreach (var state in edition.States.Concat(edition.Roles))
        {
            if (state.Until >= 0) { _fields.Add((state.Kind, state.Until)); }
            _carried.Add(state.Who);
            Read(state.Starts);
            Read(state.Ends);
        }
        foreach (var rule in edition.Rules)
        {
            _units.Add(rule.Unit);
            if (rule.After is Delay.UntilTold told) { _fields.Add((rule.Kind, told.Slot)); }
            if (rule.After is Delay.UntilRun after) { _definitions.Add(after.Run.Doc.Place); }
            Read(rule.When);
            Read(rule.Unless);
        }
        var rankedBy = edition.Metrics.SelectMany(m => m.Ranking?.By ?? []).ToHashSet(StringComparer.Ordinal);
        _definitions.UnionWith(edition.Metrics.Where(m => rankedBy.Contains(m.Name)).Select(m => m.Doc.Place));
        foreach (var request in edition.Requests)
        {
            foreach (var field in request.Form) { _fields.Add((request.About, field.Slot)); }
        }
    }

    private void Read(IReadOnlyList<Trigger> triggers) => _facts.UnionWith(triggers.Select(t => t.Fact));

    private void Read(Binding binding)
    {
        switch (binding)
        {
            case SubjectBinding subject:
                var kind = subject.Root;
                foreach (var step in subject.Path)
                {
                    _fields.Add((step.Kind, step.Slot));
                    kind = _vocabulary.Kinds[step.Kind].Fields[step.Slot].Type is FieldType.Reference reference ? reference.Kind : kind;
                }
                if (subject is SubjectBinding.OfField last) { _fields.Add((kind, last.Slot)); }
                break;
            case MemberFieldBinding field: _fields.Add((Vocabulary.MemberKind, field.Slot)); break;
            case FactBinding fact: _carried.Add(fact.Field); break;
        }
    }

    private static Documentation? DefinitionOf(Binding binding, Edition edition) => binding switch
    {
        SubjectBinding.OfState { State: >= 0 } state => edition.States[state.State].Doc,
        SubjectBinding.Since { State: >= 0 } state => edition.States[state.State].Doc,
        SubjectBinding.OfRole role => edition.Roles[role.Role].Doc,
        MetricBinding metric => edition.Metrics[metric.Metric].Doc,
        AgoBinding metric => edition.Metrics[metric.Metric].Doc,
        ObligationBinding obligation => edition.Obligations[obligation.Obligation].Doc,
        TableBinding table => table.Table.Doc,
        _ => null,
    };

    private void Tell(IReadOnlyDictionary<string, Documentation> declared)
    {
        foreach (var fact in _vocabulary.FactTypes.Where(f => !_facts.Contains(f.Order)))
        {
            if (declared.TryGetValue("fact " + fact.Name, out var doc) && !fact.Carries.Any(c => c.Personal || (c.Slot >= 0 && _fields.Contains((fact.About, c.Slot)))))
            {
                _remarks.Warning("unused-fact", doc, $"no edition uses the fact `{fact.Name}`", "It can be told and means nothing. Use it, or take it out if nobody sends it yet.");
            }
        }
        foreach (var kind in _vocabulary.Kinds)
        {
            foreach (var field in kind.Fields.Where(f => !f.Personal && !_fields.Contains((kind.Index, f.Slot)) && !_carried.Contains(f.Name)))
            {
                _remarks.Warning("unused-field", declared[$"field {kind.Name}.{field.Name}"].Place, [], $"no edition reads the field `{kind.Name}.{field.Name}`", "It can be told and means nothing. Use it, or take it out if nobody sends it yet.");
            }
        }
        var asTypes = _vocabulary.Kinds.SelectMany(k => k.Fields).Select(f => f.Type).OfType<FieldType.Money>().Select(m => m.Unit).ToHashSet();
        foreach (var unit in _vocabulary.Units.Where(u => !_units.Contains(u.Index) && !asTypes.Contains(u.Index)))
        {
            _remarks.Warning("unused-unit", declared["unit " + unit.Name], $"no rule gives `{unit.Name}`", "Only adjustments can. Write a rule, or take the unit out.");
        }
    }

    private void Tell(Edition edition)
    {
        foreach (var run in edition.Runs.Where(r => IsUnused(r.Doc)))
        {
            _remarks.Warning("unused-run", run.Doc, $"no rule waits for the run `{run.Name}`", $"Write `after: {run.Name}` at a rule, or take the run out.");
        }
        foreach (var table in edition.Tables.Values.Where(t => IsUnused(t.Doc)))
        {
            _remarks.Warning("unused-table", table.Doc, $"nothing looks anything up in the table `{table.Name}`", $"Write `tables.{table.Name}[…]` where it is needed, or take it out.");
        }
        foreach (var state in edition.States.Where(s => s.Kind != Vocabulary.MemberKind && IsUnused(s.Doc)))
        {
            _remarks.Warning("unused-state", state.Doc.Place, state.Condition is null ? [state.Doc] : [], $"no rule, state or request reads the state `{state.Name}`", "It can hold and means nothing. Read it, or take it out.");
        }
        foreach (var role in edition.Roles.Where(r => IsUnused(r.Doc)))
        {
            _remarks.Warning("unused-role", role.Doc, $"no rule, state or request reads the role `{role.Name}`", $"Whoever has it gets nothing by it. Write `to: {role.Name}` at a rule, or take it out.");
        }
        foreach (var metric in edition.Metrics.Where(m => m.Doc.Says is null && m.Doc.Place != edition.Doc.Place && _vocabulary.Units.All(u => u.Name != m.Name) && IsUnused(m.Doc)))
        {
            _remarks.Warning("unused-metric", metric.Doc.Place, [], $"nothing reads the metric `{metric.Name}`, and it does not say what it is", "Read it, write `says` if it is there to be shown, or take it out.");
        }
        foreach (var obligation in edition.Obligations.Where(o => o.Strength == Strength.Must && IsUnused(o.Doc)))
        {
            _remarks.Warning(
                "obligation-without-effect", obligation.Doc, $"`{obligation.Name}` must be done, and nothing depends on it",
                $"Let a metric, a level or a state read `{obligation.Name}.missed`, or write `strength: expected`.");
        }
        foreach (var request in edition.Requests.Where(r => r.Where is not { Root: Expr.Literal } && !_facts.Contains(r.Approved) && !_facts.Contains(r.Declined)))
        {
            _remarks.Warning(
                "unused-request", request.Doc, $"the request `{request.Name}` can be approved, and nothing follows from it",
                $"Let a state or a role start at `{request.Name}.approved`, or take the request out.");
        }
    }

    private bool IsUnused(Documentation doc) => !_definitions.Contains(doc.Place);
}
