using Laurel.Engine.Expressions;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Standing;

/// <summary>What an edition says about members as such, compiled: formulas, rungs, benefits, and who may ask for what.</summary>
internal sealed class MemberPlan<TTrace>
    where TTrace : struct, ITrace
{
    private readonly History _history;
    private readonly int[] _memberBits;

    public MemberPlan(Edition edition, History history)
    {
        Edition = edition;
        _history = history;
        var next = 0;
        _memberBits = [.. edition.States.Select(s => s.Kind == Vocabulary.MemberKind ? next++ : -1)];
        Formulas = [.. edition.Metrics.Select(m => m.Formula is null ? null : Compile(m.Formula))];
        Rungs = [.. edition.Ladders.Select(l => l.Rungs.Select(r => r.Condition is null ? null : Compile(r.Condition)).ToArray())];
        Benefits = [.. edition.Benefits.Select(b => Compile(b.While))];
        Remembers = edition.Ladders.Any(LadderRun.Remembers);
        ReadsOwn = Expressions(edition).SelectMany(e => e.Bindings.Values)
            .Any(b => b is MemberStateBinding { State: >= 0 } or MemberFieldBinding or SubjectBinding.OfState { State: >= 0 } or SubjectBinding.OfField);
    }

    /// <summary>As written.</summary>
    public Edition Edition { get; }

    /// <summary>By metric: its formula; null for a sum or a count.</summary>
    public Node<MemberFrame, TTrace>?[] Formulas { get; }

    /// <summary>By ladder and rung: its condition; null for always.</summary>
    public Node<MemberFrame, TTrace>?[][] Rungs { get; }

    /// <summary>By benefit: its condition.</summary>
    public Node<MemberFrame, TTrace>[] Benefits { get; }

    /// <summary>True where a condition reads a state or field of the member itself.</summary>
    public bool ReadsOwn { get; }

    /// <summary>True where a level depends on what was before.</summary>
    public bool Remembers { get; }

    /// <summary>Compiles a condition about members.</summary>
    public Node<MemberFrame, TTrace> Compile(Expression expression) =>
        CelCompiler<MemberFrame, TTrace>.Compile(expression, _history.Vocabulary.Zone, Leaf);

    /// <summary>The value of a metric, a level, a state or field of the member; null for what is not of the member.</summary>
    public Value? ValueOf(Binding binding, MemberFrame frame)
    {
        var trace = default(TTrace);
        return binding is MetricBinding or LevelBinding or MemberFieldBinding or MemberStateBinding { State: >= 0 } ? Leaf(binding, 0).Evaluate(frame, ref trace) : null;
    }

    private Node<MemberFrame, TTrace> Leaf(Binding binding, int node) => binding switch
    {
        MetricBinding b => new MetricLeaf<TTrace>(node, b.Metric),
        LevelBinding b => new LevelLeaf<TTrace>(node, Edition.Ladders[b.Ladder]),
        MemberStateBinding b => new OwnStateLeaf<TTrace>(node, b.State < 0 ? -1 : _memberBits[b.State]),
        MemberFieldBinding b => new OwnFieldLeaf<TTrace>(node, _history.Vocabulary.Kinds[Vocabulary.MemberKind].Fields[b.Slot]),
        SubjectBinding.OfState { Path.Count: 0 } b => new OwnStateLeaf<TTrace>(node, b.State < 0 ? -1 : _memberBits[b.State]),
        SubjectBinding.OfField { Path.Count: 0 } b => new OwnFieldLeaf<TTrace>(node, _history.Vocabulary.Kinds[Vocabulary.MemberKind].Fields[b.Slot]),
        TableBinding b => new TableLeaf<MemberFrame, TTrace>(node, b.Table),
        _ => throw new NotSupportedException($"A member's conditions cannot read {binding}; the reader refuses it."),
    };

    private static IEnumerable<Expression> Expressions(Edition edition) =>
        edition.Metrics.Select(m => m.Formula)
            .Concat(edition.Ladders.SelectMany(l => l.Rungs).Select(r => r.Condition))
            .Concat(edition.Benefits.Select(b => (Expression?)b.While))
            .Concat(edition.Requests.Where(r => r.About == Vocabulary.MemberKind).Select(r => r.Where))
            .OfType<Expression>();
}
