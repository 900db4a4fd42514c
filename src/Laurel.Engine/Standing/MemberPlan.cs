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
    private readonly StateRule[] _own;

    public MemberPlan(Edition edition, History history)
    {
        Edition = edition;
        _history = history;
        var next = 0;
        _memberBits = [.. edition.States.Select(s => s.Kind == Vocabulary.MemberKind ? next++ : -1)];
        Formulas = [.. edition.Metrics.Select(m => m.Formula is null ? null : Compile(m.Formula))];
        Rungs = [.. edition.Ladders.Select(l => l.Rungs.Select(r => r.Condition is null ? null : Compile(r.Condition)).ToArray())];
        Benefits = [.. edition.Benefits.Select(b => Compile(b.While))];
        BenefitsReadMetrics = edition.Benefits.SelectMany(b => b.While.Bindings.Values).Any(b => b is MetricBinding or AgoBinding);
        Obligations = [.. edition.Obligations.Select(o => (o.Term is null ? null : Compile(o.Term), o.During is null ? null : Compile(o.During)))];
        Steps = [.. edition.Metrics.Select(m => (m.Layer, Step: new AssessingStep(m, null, null)))
            .Concat(edition.Obligations.Select(o => (o.Layer, Step: new AssessingStep(null, o, null))))
            .Concat(edition.Ladders.Select(l => (l.Layer, Step: new AssessingStep(null, null, l)))).OrderBy(s => s.Layer).Select(s => s.Step)];
        Needs = [.. edition.Ladders.Select(l => l.Down.Needs is null ? null : Compile(l.Down.Needs))];
        Ranks = [.. edition.Metrics.Where(m => m.Ranking is not null)];
        Lookbacks = [.. Expressions(edition).Concat(edition.Rules.SelectMany(r => new[] { r.Give, r.Where }).OfType<Expression>()).SelectMany(e => e.Bindings.Values).OfType<AgoBinding>().Select(b => b with { Before = false }).Distinct()];
        Remembers = Lookbacks.Length > 0 || edition.Obligations.Count > 0 || edition.Ladders.Any(LadderRun.Remembers);
        _own = [.. edition.States.Where(s => s.Kind == Vocabulary.MemberKind)];
        ReadsOwn = _own.Length > 0 || Expressions(edition).SelectMany(e => e.Bindings.Values).Any(b => b is MemberFieldBinding or SubjectBinding.OfField);
    }

    /// <summary>As written.</summary>
    public Edition Edition { get; }

    /// <summary>By metric: its formula; null for a sum or a count.</summary>
    public Node<MemberFrame, TTrace>?[] Formulas { get; }

    /// <summary>The keys for which a formula with <c>per</c> has a number: all values where they are listed, else those that any number that it reads has one for.</summary>
    public static IEnumerable<Value> KeysOf(Metric metric, MemberFrame frame) => metric.Per switch
    {
        LimitKey.Path { Paths: var paths } when paths.Values.First().Type is CelType.Choice choice => choice.Values.Select(v => Value.Of(v)),
        _ => metric.Formula!.Bindings.Values.OfType<MetricBinding>().Where(b => b.Type is CelType.Map).Select(b => frame.Metrics[b.Metric])
            .Where(v => v.Kind == ValueKind.Map).SelectMany(v => v.AsMap.Keys).Distinct().Order(Tally.Keys),
    };

    /// <summary>By obligation: its term, and what its days need; null for always.</summary>
    public (Node<MemberFrame, TTrace>? Term, Node<MemberFrame, TTrace>? During)[] Obligations { get; }

    /// <summary>By ladder and rung: its condition; null for always.</summary>
    public Node<MemberFrame, TTrace>?[][] Rungs { get; }

    /// <summary>By ladder: what <c>best</c> and <c>stay</c> need; null for nothing.</summary>
    public Node<MemberFrame, TTrace>?[] Needs { get; }

    /// <summary>The metrics that are taken among all members.</summary>
    public Metric[] Ranks { get; }

    /// <summary>The metrics that are read as they were some time ago.</summary>
    public AgoBinding[] Lookbacks { get; }

    /// <summary>Metrics, obligations and ladders, each after what it reads.</summary>
    public AssessingStep[] Steps { get; }

    /// <summary>By benefit: its condition.</summary>
    public Node<MemberFrame, TTrace>[] Benefits { get; }

    /// <summary>True where a benefit reads a metric: then it may turn where nothing else about the member does.</summary>
    public bool BenefitsReadMetrics { get; }

    /// <summary>True where the member itself has states, or a condition reads a field of it.</summary>
    public bool ReadsOwn { get; }

    /// <summary>The member's own states that hold.</summary>
    public StateRule[] StatesOf(SubjectFrame? own) => own is null || own.States == 0 ? [] : StatesOf(own.States);

    private StateRule[] StatesOf(ulong states) => [.. _own.Where((_, bit) => (states >> bit & 1) != 0)];

    /// <summary>True where something at an instant depends on what was before.</summary>
    public bool Remembers { get; }

    /// <summary>Compiles a condition about members.</summary>
    public Node<MemberFrame, TTrace> Compile(Expression expression) =>
        CelCompiler<MemberFrame, TTrace>.Compile(expression, _history.Vocabulary.Zone, Leaf);

    /// <summary>The value of something of the member.</summary>
    public Value ValueOf(StandingBinding binding, MemberFrame frame)
    {
        var trace = default(TTrace);
        return Leaf(binding, 0).Evaluate(frame, ref trace);
    }

    private Node<MemberFrame, TTrace> Leaf(Binding binding, int node) => binding switch
    {
        MetricBinding b => new MetricLeaf<TTrace>(b.Metric),
        AgoBinding b => new AgoLeaf<TTrace>(b),
        ObligationBinding b => new ObligationLeaf<TTrace>(b),
        LevelBinding b when Edition.Ladders[b.Ladder].Per is null => new LevelLeaf<TTrace>(Edition.Ladders[b.Ladder]),
        LevelBinding b => new LevelsLeaf<TTrace>(Edition, b.Ladder),
        KeyBinding => new KeyLeaf<TTrace>(),
        MemberStateBinding b => new OwnStateLeaf<TTrace>(node, b.State < 0 ? -1 : _memberBits[b.State]),
        MemberFieldBinding b => new OwnFieldLeaf<TTrace>(node, _history.Vocabulary.Kinds[Vocabulary.MemberKind].Fields[b.Slot]),
        SubjectBinding.OfState { Path.Count: 0 } b => new OwnStateLeaf<TTrace>(node, b.State < 0 ? -1 : _memberBits[b.State]),
        SubjectBinding.OfField { Path.Count: 0 } b => new OwnFieldLeaf<TTrace>(node, _history.Vocabulary.Kinds[Vocabulary.MemberKind].Fields[b.Slot]),
        TableBinding b => new TableLeaf<MemberFrame, TTrace>(b.Table),
        _ => throw new NotSupportedException($"A member's conditions cannot read {binding}; the reader refuses it."),
    };

    private static IEnumerable<Expression> Expressions(Edition edition) =>
        edition.Metrics.Select(m => m.Formula).Concat(edition.Metrics.Select(m => m.Ranking?.Among))
            .Concat(edition.Ladders.SelectMany(l => l.Rungs.Select(r => r.Condition).Append(l.Down.Needs)))
            .Concat(edition.Obligations.SelectMany(o => new[] { o.Term, o.During }))
            .Concat(edition.Benefits.Select(b => (Expression?)b.While))
            .OfType<Expression>();
}

/// <summary>A metric, an obligation or a ladder, as one step of assessing a member.</summary>
internal readonly record struct AssessingStep(Metric? Metric, Obligation? Obligation, Ladder? Ladder);
