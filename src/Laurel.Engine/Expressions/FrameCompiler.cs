using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>Makes nodes that read the frame itself. A macro goes over to a frame that has the variables beside it.</summary>
internal sealed class FrameCompiler<TFrame, TTrace>(Expression expression, Zone zone, Func<Binding, int, Node<TFrame, TTrace>> leaf)
    : TreeCompiler<TFrame, TTrace>(expression, zone, leaf)
    where TTrace : struct, ITrace
{
    private readonly Func<Binding, int, Node<TFrame, TTrace>> _leaf = leaf;

    protected override Node<TFrame, TTrace> Comprehension(Expr.Comprehension comprehension)
    {
        var compiler = new LocalCompiler<TFrame, TTrace>(Expression, Zone, (binding, node) => new OuterNode<TFrame, TTrace>(_leaf(binding, node)));
        var body = compiler.CompileMacro(comprehension);
        return new EnterNode<TFrame, TTrace>(body, compiler.Variables);
    }

    protected override Node<TFrame, TTrace>? Variable(string name) => null;
}

/// <summary>Makes nodes inside macros: they read variables, and the frame outside.</summary>
internal sealed class LocalCompiler<TFrame, TTrace>(Expression expression, Zone zone, Func<Binding, int, Node<Local<TFrame>, TTrace>> leaf)
    : TreeCompiler<Local<TFrame>, TTrace>(expression, zone, leaf)
    where TTrace : struct, ITrace
{
    private readonly List<string> _names = [];

    /// <summary>How many variables there are at once, at most.</summary>
    public int Variables { get; private set; }

    /// <summary>A macro, and whatever is inside it.</summary>
    public Node<Local<TFrame>, TTrace> CompileMacro(Expr.Comprehension comprehension)
    {
        var range = Compile(comprehension.Range);
        var slot = _names.Count;
        _names.Add(comprehension.Variable);
        Variables = Math.Max(Variables, _names.Count);
        var filter = comprehension.Filter is null ? null : Compile(comprehension.Filter);
        var body = Compile(comprehension.Body);
        _names.RemoveAt(slot);
        return comprehension.Macro switch
        {
            "all" => new QuantifierNode<TFrame, TTrace>(range, slot, body, decides: Truth.False),
            "exists" => new QuantifierNode<TFrame, TTrace>(range, slot, body, decides: Truth.True),
            "exists_one" => new ExistsOneNode<TFrame, TTrace>(range, slot, body),
            "filter" => new TransformNode<TFrame, TTrace>(range, slot, body, body: null),
            _ => new TransformNode<TFrame, TTrace>(range, slot, filter, body),
        };
    }

    protected override Node<Local<TFrame>, TTrace> Comprehension(Expr.Comprehension comprehension) => CompileMacro(comprehension);

    protected override Node<Local<TFrame>, TTrace>? Variable(string name)
    {
        var slot = _names.LastIndexOf(name);
        return slot < 0 ? null : new VariableNode<TFrame, TTrace>(slot);
    }
}
