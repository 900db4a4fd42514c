using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>Makes nodes of trees, whatever frame they read. What depends on where the variables of macros are kept is left to its two kinds.</summary>
internal abstract class TreeCompiler<TFrame, TTrace>(Expression expression, Zone zone, Func<Binding, int, Node<TFrame, TTrace>> leaf)
    where TTrace : struct, ITrace
{
    protected Expression Expression { get; } = expression;

    protected Zone Zone { get; } = zone;

    /// <summary>Compiles a tree. With a trace every node notes its value under its number.</summary>
    public Node<TFrame, TTrace> Compile(Expr tree)
    {
        var node = tree switch
        {
            Expr.Literal literal => Constant(literal.Value),
            Expr.Ident or Expr.Select or Expr.Call when Expression.Bindings.TryGetValue(tree.Id, out var binding) => Bound(tree, binding),
            Expr.Ident ident => Unbound(ident),
            Expr.Select select => Field(select),
            Expr.Call call => Call(call),
            Expr.ListOf list => Folded(new ListNode<TFrame, TTrace>([.. list.Elements.Select(Compile)])),
            Expr.MapOf map => Folded(new MapNode<TFrame, TTrace>([.. map.Entries.Select(entry => Compile(entry.Key))], [.. map.Entries.Select(entry => Compile(entry.Value))])),
            Expr.Comprehension comprehension => Comprehension(comprehension),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return TTrace.On ? new NotedNode<TFrame, TTrace>(tree.Id, node) : node;
    }

    /// <summary>A macro over a list or map.</summary>
    protected abstract Node<TFrame, TTrace> Comprehension(Expr.Comprehension comprehension);

    /// <summary>The variable of a macro around; null where there is none of that name.</summary>
    protected abstract Node<TFrame, TTrace>? Variable(string name);

    private static ConstantNode<TFrame, TTrace> Constant(Value value) => new(value);

    /// <summary>The node itself; its value where all that it is made of is constant.</summary>
    private static Node<TFrame, TTrace> Folded(Parted<TFrame, TTrace> node)
    {
        if (TTrace.On || !node.Parts.All(part => part is ConstantNode<TFrame, TTrace>)) { return node; }
        // Constants read no frame.
        var trace = default(TTrace);
        return Constant(node.Evaluate(default!, ref trace));
    }

    private Node<TFrame, TTrace> Bound(Expr tree, Binding binding)
    {
        var node = leaf(binding, tree.Id);
        return tree is Expr.Select { TestOnly: true } ? new ToldNode<TFrame, TTrace>(node) : node;
    }

    private Node<TFrame, TTrace> Unbound(Expr.Ident ident)
    {
        var name = ident.Name.TrimStart('.');
        if (name.Length == ident.Name.Length && Variable(name) is { } variable) { return variable; }
        return Constant(CelTypes.IsTypeName(name) ? Value.TypeNamed(name) : Value.Error($"unknown name: {name}"));
    }

    private Node<TFrame, TTrace> Field(Expr.Select select)
    {
        if (TypeNameOf(select) is { } type) { return Constant(Value.TypeNamed(type)); }
        return Folded(new FieldNode<TFrame, TTrace>(Compile(select.Of), select.Field, select.TestOnly));
    }

    /// <summary>The name of a type that has dots in it.</summary>
    private string? TypeNameOf(Expr.Select select)
    {
        if (select is not { TestOnly: false, Of: Expr.Select { TestOnly: false, Of: Expr.Ident root } middle } || Expression.Bindings.ContainsKey(root.Id)) { return null; }
        var name = $"{root.Name.TrimStart('.')}.{middle.Field}.{select.Field}";
        return CelTypes.IsTypeName(name) ? name : null;
    }

    private Node<TFrame, TTrace> Call(Expr.Call call) => call.Function switch
    {
        "_&&_" => Folded(new AndNode<TFrame, TTrace>(Compile(call.Arguments[0]), Compile(call.Arguments[1]))),
        "_||_" => Folded(new OrNode<TFrame, TTrace>(Compile(call.Arguments[0]), Compile(call.Arguments[1]))),
        "!_" => Folded(new NotNode<TFrame, TTrace>(Compile(call.Arguments[0]))),
        "_?_:_" => Folded(new ConditionalNode<TFrame, TTrace>(Compile(call.Arguments[0]), Compile(call.Arguments[1]), Compile(call.Arguments[2]))),
        "_==_" => Equality(call),
        "_!=_" => Folded(new NotNode<TFrame, TTrace>(Equality(call))),
        "_<_" => Order(call, new(Less: true, Equal: false, Greater: false)),
        "_<=_" => Order(call, new(Less: true, Equal: true, Greater: false)),
        "_>_" => Order(call, new(Less: false, Equal: false, Greater: true)),
        "_>=_" => Order(call, new(Less: false, Equal: true, Greater: true)),
        "@in" => In(call),
        "_+_" => Binary<Adding>(call),
        "_-_" => Binary<Subtracting>(call),
        "_*_" => Binary<Multiplying>(call),
        "_/_" => Binary<Dividing>(call),
        "_%_" => Binary<Remaining>(call),
        "_[_]" => Binary<Indexing>(call),
        "-_" => Folded(new NegativeNode<TFrame, TTrace>(Compile(call.Arguments[0]))),
        _ => Function(call),
    };

    private Node<TFrame, TTrace> Binary<TOperation>(Expr.Call call)
        where TOperation : struct, IOperation =>
        Folded(new BinaryNode<TFrame, TTrace, TOperation>(Compile(call.Arguments[0]), Compile(call.Arguments[1])));

    /// <summary>Equality. Where one side is constant, the other may know a faster way.</summary>
    private Node<TFrame, TTrace> Equality(Expr.Call call)
    {
        var (left, right) = (Compile(call.Arguments[0]), Compile(call.Arguments[1]));
        return EqualTo(call.Id, left, right) ?? EqualTo(call.Id, right, left) ?? Folded(new EqualNode<TFrame, TTrace>(left, right));
    }

    /// <summary>A test for equality with a constant. None with a trace: then every side notes its value.</summary>
    private static Node<TFrame, TTrace>? EqualTo(int id, Node<TFrame, TTrace> side, Node<TFrame, TTrace> constant) =>
        !TTrace.On && side is not ConstantNode<TFrame, TTrace> && constant is ConstantNode<TFrame, TTrace> { Value: { IsMissing: false } value }
            ? side.EqualTo(id, value) : null;

    private Node<TFrame, TTrace> Order(Expr.Call call, Accepted accepted)
    {
        var (left, right) = (Compile(call.Arguments[0]), Compile(call.Arguments[1]));
        var choice = Expression.Types[call.Arguments[0].Id] as CelType.Choice ?? Expression.Types[call.Arguments[1].Id] as CelType.Choice;
        return Folded(choice is null ? new OrderNode<TFrame, TTrace>(left, right, accepted) : new ChoiceOrderNode<TFrame, TTrace>(left, right, choice, accepted));
    }

    /// <summary>Membership. A list that is written out becomes one test for each element where the left side knows a faster way to be equal.</summary>
    private Node<TFrame, TTrace> In(Expr.Call call)
    {
        var (left, right) = (Compile(call.Arguments[0]), Compile(call.Arguments[1]));
        if (!TTrace.On && right is ConstantNode<TFrame, TTrace> { Value: { Kind: ValueKind.List } list } && list.AsList.Count > 0)
        {
            var tests = list.AsList.Select(element => EqualTo(call.Id, left, Constant(element))).ToList();
            if (!tests.Contains(null)) { return new AnyNode<TFrame, TTrace>([.. tests.OfType<Node<TFrame, TTrace>>()]); }
        }
        return Folded(new BinaryNode<TFrame, TTrace, Containing>(left, right));
    }

    private Node<TFrame, TTrace> Function(Expr.Call call)
    {
        var operands = new List<Expr>(call.Arguments);
        if (call.Target is not null) { operands.Insert(0, call.Target); }
        var forms = Functions.Named(call.Function, Expression.Dialect).Where(form => form.IsCalled(method: call.Target is not null) && form.Takes(operands.Count)).ToArray();
        return Folded(new FunctionNode<TFrame, TTrace>(call.Function, forms, Zone, [.. operands.Select(Compile)]));
    }
}
