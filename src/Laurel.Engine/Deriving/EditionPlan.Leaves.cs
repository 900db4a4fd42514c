using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <content>What names in conditions read.</content>
internal sealed partial class EditionPlan<TTrace>
{
    private Node<FoldFrame, TTrace> Leaf(Binding binding, int node) => binding switch
    {
        SubjectBinding.OfState b when b.State < 0 => new OwnEnrolledLeaf<TTrace>([.. b.Path], b.Before),
        SubjectBinding.OfState b => State(b, node),
        SubjectBinding.Since b => new SinceLeaf<TTrace>(node, [.. b.Path], b.Before, _reads.StateBits[b.State], Edition.States[b.State].Name),
        SubjectBinding.OfRole b => new RoleLeaf<TTrace>(node, [.. b.Path], b.Before, _reads.RoleBits[b.Role], Edition.Roles[b.Role].Name),
        SubjectBinding.OfField b => Field(b, node),
        SubjectBinding.Itself b => new ReferenceLeaf<TTrace>([.. b.Path], b.Before, _vocabulary.Kinds[b.Root].Name),
        FactBinding b => new FactLeaf<TTrace>(node, b.Field, PlacesOf(b.Field), TypesOf(b.Field)),
        MemberStateBinding { State: -1, Before: false } => new EnrolledLeaf<TTrace>(),
        StandingBinding b => new StandingLeaf<TTrace>(Edition, b),
        TableBinding b => new TableLeaf<FoldFrame, TTrace>(b.Table),
        _ => throw new NotSupportedException($"A subject's conditions cannot read {binding}; the reader refuses it."),
    };

    private StateLeaf<TTrace> State(SubjectBinding.OfState binding, int node)
    {
        var leaf = new StateLeaf<TTrace>(node, [.. binding.Path], binding.Before, _reads.StateBits[binding.State], Edition.States[binding.State].Name);
        _stateLeaves.Push((leaf, binding.State));
        return leaf;
    }

    private FieldLeaf<TTrace> Field(SubjectBinding.OfField binding, int node)
    {
        var kind = binding.Root;
        foreach (var step in binding.Path) { kind = ((FieldType.Reference)_vocabulary.Kinds[step.Kind].Fields[step.Slot].Type).Kind; }
        var field = _vocabulary.Kinds[kind].Fields[binding.Slot];
        return new(node, [.. binding.Path], binding.Before, binding.Slot, $"{_vocabulary.Kinds[kind].Name}.{field.Name}", field.Type, _history);
    }

    private FieldType[] TypesOf(string field) =>
        [.. _history.Shapes.Select(shape => _vocabulary.FactTypes[shape.Type].Carries.FirstOrDefault(f => f.Name == field)?.Type ?? new FieldType.Flag())];

    /// <summary>Whether a condition can hold for one member and not for another.</summary>
    private static bool IsOfMember(Expression expression) => expression.Bindings.Values.Any(b => b is SubjectBinding.OfRole);

    private Reads ReadsOf(Expression expression)
    {
        var reads = default(Reads);
        foreach (var binding in expression.Bindings.Values)
        {
            reads |= binding switch
            {
                SubjectBinding { Path.Count: > 0 } => new(0, 0, 0, Others: true),
                SubjectBinding.OfState { State: >= 0 } b => new(1UL << _reads.StateBits[b.State], 0, 0, Others: false),
                SubjectBinding.Since b => new(1UL << _reads.StateBits[b.State], 0, 0, Others: false),
                SubjectBinding.OfRole b => new(0, 0, 1UL << _reads.RoleBits[b.Role], Others: false),
                SubjectBinding.OfField b => new(0, 1UL << b.Slot, 0, Others: false),
                SubjectBinding.Itself => default,
                _ => new(0, 0, 0, Others: true),
            };
        }
        return reads;
    }

    /// <summary>What a trace of a condition shows: what it reads, and what the states read that are conditions.</summary>
    private Reads ShownBy(Expression expression)
    {
        var shown = ReadsOf(expression);
        foreach (var binding in expression.Bindings.Values.OfType<SubjectBinding>())
        {
            if (binding.Before) { shown |= new Reads(0, 0, 0, Others: true); }
            if (binding is SubjectBinding.OfState { Path.Count: 0, State: >= 0 } state && Edition.States[state.State].Condition is { } condition) { shown |= ShownBy(condition); }
        }
        return shown;
    }
}
