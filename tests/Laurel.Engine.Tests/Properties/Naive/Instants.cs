using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>
/// The instants at which something about a subject can change: of its facts, of those of whatever it may refer to, and what time
/// does after them. More than do change; never fewer.
/// </summary>
internal sealed class Instants(World world, Edition edition)
{
    private readonly Dictionary<(Only, SubjectName), IReadOnlyList<Instant>> _ofCondition = [];
    private readonly Dictionary<(Only, SubjectName), IReadOnlyList<Instant>> _ofHolding = [];

    public IReadOnlyList<Instant> OfCondition(Expression condition, SubjectName subject)
    {
        if (!_ofCondition.TryGetValue((new(condition), subject), out var instants))
        {
            _ofCondition[(new(condition), subject)] = instants = Sorted(OfFacts(subject).Concat(condition.Bindings.Values.SelectMany(b => OfBinding(b, subject))));
        }
        return instants;
    }

    public IReadOnlyList<Instant> OfTrigger(Trigger trigger, SubjectName subject)
    {
        if (trigger.Fact >= 0) { return OfFacts(subject); }
        if (trigger.Condition is null) { return []; }
        var instants = OfCondition(trigger.Condition, subject);
        return trigger.For is { } length ? Sorted(instants.Concat(instants.Select(i => Calendar.Add(edition, i, length)))) : instants;
    }

    public IReadOnlyList<Instant> OfRule(CreditRule rule, SubjectName subject) => Sorted(
        OfFacts(subject)
            .Concat(new[] { rule.To, rule.While, rule.Give }.OfType<Expression>().SelectMany(e => OfCondition(e, subject)))
            .Concat(rule.When.Concat(rule.Unless).SelectMany(t => OfTrigger(t, subject)))
            .Append(Instant.Ever));

    private List<Instant> OfFacts(SubjectName subject) => Sorted(world.Of(subject).Select(f => world.Facts[f].Time));

    private IEnumerable<Instant> OfBinding(Binding binding, SubjectName subject)
    {
        if (binding is MemberStateBinding { State: -1 }) { return world.Enrolled.Values.SelectMany(s => s).SelectMany(s => new[] { s.Starts, s.Ends }); }
        if (binding is StandingBinding) { return world.SubjectsOf("member").Where(m => subject.Kind != m.Kind || m == subject).SelectMany(m => world.StandingInstants?.Invoke(m) ?? []); }
        if (binding is not SubjectBinding read) { return []; }
        var way = new List<SubjectName> { subject };
        var at = new List<SubjectName> { subject };
        foreach (var step in read.Path)
        {
            var kind = ((FieldType.Reference)world.Vocabulary.Kinds[step.Kind].Fields[step.Slot].Type).Kind;
            at = [.. world.SubjectsOf(world.Vocabulary.Kinds[kind].Name)];
            way.AddRange(at);
        }
        var facts = way.SelectMany(OfFacts);
        return read switch
        {
            SubjectBinding.OfState { State: -1 } => facts,
            SubjectBinding.OfState state => facts.Concat(at.SelectMany(s => OfHolding(edition.States[state.State], s))),
            SubjectBinding.OfRole role => facts.Concat(at.SelectMany(s => OfHolding(edition.Roles[role.Role], s))),
            _ => facts,
        };
    }

    public IReadOnlyList<Instant> OfHolding(StateRule rule, SubjectName subject)
    {
        if (_ofHolding.TryGetValue((new(rule), subject), out var found)) { return found; }
        if (rule.Condition is not null) { return _ofHolding[(new(rule), subject)] = OfCondition(rule.Condition, subject); }
        var instants = OfFacts(subject).Concat(rule.Starts.Concat(rule.Ends).SelectMany(t => OfTrigger(t, subject))).ToList();
        if (rule.For is { } length) { instants.AddRange(instants.Select(i => Calendar.Add(edition, i, length)).ToList()); }
        if (rule.Until >= 0)
        {
            var field = world.Vocabulary.Kinds[rule.Kind].Fields[rule.Until].Name;
            instants.AddRange(world.Of(subject).Select(f => world.Facts[f][field]).OfType<FactValue.Instant>().Select(v => v.Value));
        }
        return _ofHolding[(new(rule), subject)] = Sorted(instants);
    }

    private static List<Instant> Sorted(IEnumerable<Instant> instants) => [.. instants.Where(i => i != Instant.Never).Distinct().Order()];
}

/// <summary>A definition as a key: equal to itself only, however alike another is.</summary>
internal readonly record struct Only(object Of)
{
    public bool Equals(Only other) => ReferenceEquals(Of, other.Of);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Of);
}
