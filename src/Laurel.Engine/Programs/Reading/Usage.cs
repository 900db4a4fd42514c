using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Finds what can be told and means nothing: facts, fields and units that no edition uses.</summary>
internal sealed class Usage
{
    private readonly Vocabulary _vocabulary;
    private readonly HashSet<(int Kind, int Slot)> _fields = [];
    private readonly HashSet<int> _facts = [];
    private readonly HashSet<int> _units = [];
    private readonly HashSet<string> _carried = new(StringComparer.Ordinal);

    private Usage(Vocabulary vocabulary) => _vocabulary = vocabulary;

    /// <summary>Warns of what nothing uses; says nothing where there are errors, since then much can't be seen.</summary>
    public static void Check(PartnerProgram program, IReadOnlyDictionary<string, Place> places, ProblemList problems)
    {
        if (problems.ErrorCount > 0) { return; }
        var usage = new Usage(program.Vocabulary);
        foreach (var edition in program.Editions.Concat(program.Drafts)) { usage.Read(edition); }
        usage.Tell(places, problems);
        TellWords(program, places, problems);
        TellRuns([.. program.Editions.Concat(program.Drafts)], problems);
    }

    // Words are looked up by name, whole or after the point: one that nothing has is never said.
    private static void TellWords(PartnerProgram program, IReadOnlyDictionary<string, Place> places, ProblemList problems)
    {
        var names = new HashSet<string>(program.Vocabulary.Names(), StringComparer.Ordinal);
        foreach (var edition in program.Editions.Concat(program.Drafts)) { names.UnionWith(edition.Names()); }
        names.UnionWith([.. names.Select(name => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])]);
        foreach (var word in program.Vocabulary.Words.Keys.Where(word => !names.Contains(word)))
        {
            var meant = Nearest.To(word, names) is { } nearest ? $"Did you mean `{nearest}`? " : "";
            problems.Warning("unused-word", places["word " + word], $"nothing is called `{word}`", $"{meant}Write the name of something in program.yaml or an edition, or take the line out.");
        }
    }

    // An edition takes over a calendar as a whole, and may have no use for a run that another one has.
    private static void TellRuns(IReadOnlyList<Edition> editions, ProblemList problems)
    {
        var used = editions.SelectMany(e => e.Rules).Select(r => r.After).OfType<Delay.UntilRun>().Select(after => after.Run.Doc.Place).ToHashSet();
        foreach (var run in editions.SelectMany(e => e.Runs).Where(run => used.Add(run.Doc.Place)))
        {
            problems.Warning("unused-run", run.Doc.Place, $"no rule waits for the run `{run.Name}`", $"Write `after: {run.Name}` at a rule, or take the run out.");
        }
    }

    private void Read(Edition edition)
    {
        foreach (var expression in EditionExpressions.Of(edition))
        {
            foreach (var binding in expression.Bindings.Values) { Read(binding); }
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
            Read(rule.When);
            Read(rule.Unless);
        }
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

    private void Tell(IReadOnlyDictionary<string, Place> places, ProblemList problems)
    {
        foreach (var fact in _vocabulary.FactTypes.Where(f => !_facts.Contains(f.Order)))
        {
            if (places.TryGetValue("fact " + fact.Name, out var place) && !fact.Carries.Any(c => c.Slot >= 0 && _fields.Contains((fact.About, c.Slot))))
            {
                problems.Warning("unused-fact", place, $"no edition uses the fact `{fact.Name}`", "It can be told and means nothing. Use it, or take it out if nobody sends it yet.");
            }
        }
        foreach (var kind in _vocabulary.Kinds)
        {
            foreach (var field in kind.Fields.Where(f => !_fields.Contains((kind.Index, f.Slot)) && !_carried.Contains(f.Name)))
            {
                problems.Warning("unused-field", places[$"field {kind.Name}.{field.Name}"], $"no edition reads the field `{kind.Name}.{field.Name}`", "It can be told and means nothing. Use it, or take it out if nobody sends it yet.");
            }
        }
        var asTypes = _vocabulary.Kinds.SelectMany(k => k.Fields).Select(f => f.Type).OfType<FieldType.Money>().Select(m => m.Unit).ToHashSet();
        foreach (var unit in _vocabulary.Units.Where(u => !_units.Contains(u.Index) && !asTypes.Contains(u.Index)))
        {
            problems.Warning("unused-unit", places["unit " + unit.Name], $"no rule gives `{unit.Name}`", "Only adjustments can. Write a rule, or take the unit out.");
        }
    }
}
