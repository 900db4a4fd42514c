namespace Laurel.Engine.Expressions;

/// <summary>What checking an expression came to.</summary>
/// <param name="Expression">The checked expression; null where there are problems.</param>
/// <param name="Problems">Everything that is wrong with it, from left to right.</param>
public sealed record CheckResult(Expression? Expression, IReadOnlyList<CelProblem> Problems);

/// <summary>Gives every node of a tree its type and every name its meaning, or tells why that can't be.</summary>
public sealed class CelChecker
{
    private readonly IScope _scope;
    private readonly Dialect _dialect;
    private readonly CelType[] _types;
    private readonly Dictionary<int, Binding> _bindings = [];
    private readonly List<CelProblem> _problems = [];
    private readonly List<(string Name, CelType Type)> _variables = [];
    private readonly OperatorTypes _operators;

    private CelChecker(int nodeCount, IScope scope, Dialect dialect)
    {
        _scope = scope;
        _dialect = dialect;
        _types = new CelType[nodeCount];
        Array.Fill(_types, CelType.Dyn);
        _operators = new(dialect, Report);
    }

    /// <summary>Checks a tree.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="nodeCount">How many nodes it has.</param>
    /// <param name="source">Its text.</param>
    /// <param name="scope">The names that it may use.</param>
    /// <param name="expected">The type that its value must have; null for any.</param>
    public static CheckResult Check(Expr root, int nodeCount, string source, IScope scope, Dialect dialect, CelType? expected)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(scope);
        var checker = new CelChecker(nodeCount, scope, dialect);
        var type = checker.TypeOf(root);
        if (expected is not null && checker._problems.Count == 0) { checker.CheckResultIs(root, type, expected); }
        return checker._problems.Count == 0
            ? new(new(source, root, type, nodeCount, checker._bindings, checker._types) { Dialect = dialect }, [])
            : new(null, [.. checker._problems.OrderBy(problem => problem.Start)]);
    }

    /// <summary>Resolves names without checking: what does not fit becomes an error when it is evaluated, as CEL has it for unchecked expressions.</summary>
    internal static Expression Unchecked(Expr root, int nodeCount, string source, IScope scope, Dialect dialect)
    {
        var checker = new CelChecker(nodeCount, scope, dialect);
        checker.TypeOf(root);
        Array.Fill(checker._types, CelType.Dyn);
        return new(source, root, CelType.Dyn, nodeCount, checker._bindings, checker._types) { Dialect = dialect };
    }

    private CelType TypeOf(Expr node) => _types[node.Id] = node switch
    {
        Expr.Literal literal => OfLiteral(literal),
        Expr.Ident or Expr.Select => OfPath(node),
        Expr.Call call => OfCall(call),
        Expr.ListOf list => new CelType.List(JoinAll(list.Elements)),
        Expr.MapOf map => new CelType.Map(JoinAll(map.Entries.Select(entry => entry.Key)), JoinAll(map.Entries.Select(entry => entry.Value))),
        Expr.Comprehension comprehension => OfComprehension(comprehension),
        _ => CelType.Dyn,
    };

    private CelType OfLiteral(Expr.Literal literal)
    {
        if (literal.Value.Kind == ValueKind.Null && _dialect == Dialect.Program)
        {
            Report(literal, CelProblemKind.NotInDialect, "nothing is ever null in a program", "Ask with has(…) whether a field was told.");
            return CelType.Dyn;
        }
        return CelTypes.TypeOf(literal.Value);
    }

    private CelType JoinAll(IEnumerable<Expr> nodes)
    {
        CelType? joined = null;
        foreach (var node in nodes)
        {
            var type = TypeOf(node);
            joined = joined is null ? type : CelTypes.Join(joined, type);
        }
        return joined ?? CelType.Dyn;
    }

    /// <summary>A name, or a dotted chain of names: the scope tells how much of it is one thing; the rest are fields of that.</summary>
    private CelType OfPath(Expr node)
    {
        if (PathOf(node) is not { } path) { return OfField((Expr.Select)node, TypeOf(((Expr.Select)node).Of)); }
        if (path.Links[0] is Expr.Ident root && FindVariable(root.Name) is { } variable) { return OfRest(path.Links, 0, variable); }
        var binding = _scope.Resolve(path.Names, out var used, out var problem);
        if (binding is not null)
        {
            _bindings[path.Links[used - 1].Id] = binding;
            return OfRest(path.Links, used - 1, binding.Type);
        }
        if (_dialect == Dialect.Plain && CelTypes.IsTypeName(string.Join('.', path.Names))) { return CelType.Type; }
        ReportUnknownName(node, path.Names[0], problem);
        return CelType.Dyn;
    }

    /// <summary>The types of what comes after the part of a chain that has a meaning of its own.</summary>
    private CelType OfRest(List<Expr> links, int from, CelType type)
    {
        _types[links[from].Id] = type;
        for (var i = from + 1; i < links.Count; i++) { type = _types[links[i].Id] = OfField((Expr.Select)links[i], type); }
        return links[from] is Expr.Select { TestOnly: true } ? CelType.Bool : type;
    }

    private CelType OfField(Expr.Select select, CelType of)
    {
        if (select.TestOnly && (of == CelType.Dyn || of is CelType.Map)) { return CelType.Bool; }
        if (of == CelType.Dyn) { return CelType.Dyn; }
        if (of is CelType.Map map && CelTypes.Fits(CelType.Text, map.Key)) { return map.Value; }
        if (of is CelType.Map { Key: CelType.Choice choice } keyed)
        {
            _operators.CheckIsAmong(select, select.Field, choice);
            return keyed.Value;
        }
        Report(select, CelProblemKind.NoOverload, $"{CelTypes.Describe(of)} has no field `{select.Field}`", "Take it out, or name something that has fields.");
        return CelType.Dyn;
    }

    private static (List<Expr> Links, List<string> Names)? PathOf(Expr node)
    {
        var links = new List<Expr> { node };
        while (links[^1] is Expr.Select { Of: Expr.Ident or Expr.Select { TestOnly: false } } select) { links.Add(select.Of); }
        if (links[^1] is not Expr.Ident) { return null; }
        links.Reverse();
        return (links, links.ConvertAll(link => link is Expr.Ident ident ? ident.Name.TrimStart('.') : ((Expr.Select)link).Field));
    }

    private CelType? FindVariable(string name)
    {
        var index = _variables.FindLastIndex(variable => variable.Name == name);
        return index < 0 ? null : _variables[index].Type;
    }

    private CelType OfComprehension(Expr.Comprehension node)
    {
        var range = TypeOf(node.Range);
        CelType element = range switch
        {
            CelType.List list => list.Element,
            CelType.Map map => map.Key,
            _ => CelType.Dyn,
        };
        if (range is not (CelType.List or CelType.Map) && range != CelType.Dyn)
        {
            Report(node.Range, CelProblemKind.NoOverload, $"`{node.Macro}` takes a list or a map, and this is {CelTypes.Describe(range)}", "Name a list or a map before it.");
        }
        _variables.Add((node.Variable, element));
        if (node.Filter is not null) { _operators.CheckIsBool(node.Filter, TypeOf(node.Filter)); }
        var body = TypeOf(node.Body);
        _variables.RemoveAt(_variables.Count - 1);
        if (node.Macro != "map") { _operators.CheckIsBool(node.Body, body); }
        return node.Macro switch
        {
            "map" => new CelType.List(body),
            "filter" => new CelType.List(element),
            _ => CelType.Bool,
        };
    }

    private CelType OfCall(Expr.Call call)
    {
        var operands = new List<Expr>(call.Arguments);
        if (call.Target is not null) { operands.Insert(0, call.Target); }
        var types = operands.ConvertAll(TypeOf);
        if (_dialect == Dialect.Program && call is { Function: "ago" or "since", Target: null, Arguments: [var name, ..] }) { return OfNamed(call, name); }
        return OperatorTypes.IsOperator(call.Function) ? _operators.Of(call, types) : OfFunction(call, operands, types);
    }

    /// <summary>A call that is a name with something beside it: the scope tells what it means, and the call is its leaf.</summary>
    private CelType OfNamed(Expr.Call call, Expr name)
    {
        var text = call.Arguments is [_, Expr.Literal { Value: { Kind: ValueKind.Text } literal }] ? literal.AsText : null;
        var of = call.Arguments.Count == (text is null ? 1 : 2) ? _bindings.GetValueOrDefault(name.Id) : null;
        if (_scope.ResolveCall(call.Function, of, text, out var problem) is not { } binding)
        {
            if (_problems.Count == 0) { ReportUnknownName(call, call.Function, problem); }
            return CelType.Dyn;
        }
        _bindings.Remove(name.Id);
        _bindings[call.Id] = binding;
        return binding.Type;
    }

    private CelType OfFunction(Expr.Call call, List<Expr> operands, List<CelType> types)
    {
        var forms = Functions.Named(call.Function, _dialect).ToList();
        if (forms.Count == 0)
        {
            ReportUnknownFunction(call);
            return CelType.Dyn;
        }
        var fitting = forms.FindAll(form => form.IsCalled(method: call.Target is not null) && form.Takes(types.Count)
            && types.Select((type, i) => CelTypes.Fits(type, form.Operand(i)!)).All(fits => fits));
        if (fitting.Count == 0)
        {
            Report(call, CelProblemKind.NoOverload, $"`{call.Function}` does not take {(types.Count == 0 ? "nothing" : string.Join(", ", types.Select(CelTypes.Describe)))}",
                $"It is called like this: {string.Join(", or ", forms.Select(form => form.ToString()).Distinct())}.");
            return CelType.Dyn;
        }
        CheckConstant(call, operands);
        return fitting.TrueForAll(form => form.Result == fitting[0].Result) ? fitting[0].Result : CelType.Dyn;
    }

    /// <summary>A date, instant or duration written out in a program is read at once, so that a slip in it is told before anything runs.</summary>
    private void CheckConstant(Expr.Call call, List<Expr> operands)
    {
        if (_dialect != Dialect.Program || call.Function is not ("date" or "timestamp" or "duration") || operands is not [Expr.Literal { Value.Kind: ValueKind.Text } literal]) { return; }
        var work = Functions.Named(call.Function, _dialect).First(form => form.Operands[0] == CelType.Text).Work;
        var value = work(Values.Zone.Utc, [literal.Value]);
        if (value.Kind == ValueKind.Error) { Report(literal, CelProblemKind.BadConstant, value.AsText, "Write it in that form."); }
    }

    private void CheckResultIs(Expr root, CelType type, CelType expected)
    {
        if (CelTypes.Fits(type, expected)) { return; }
        if (expected is CelType.Choice choice && root is Expr.Literal { Value.Kind: ValueKind.Text } literal) { _operators.CheckIsAmong(literal, literal.Value.AsText, choice); }
        else { Report(root, CelProblemKind.WrongResult, $"this is {CelTypes.Describe(type)}, and {CelTypes.Describe(expected)} is needed here", $"Write an expression that gives {CelTypes.Describe(expected)}."); }
    }

    private void ReportUnknownName(Expr node, string name, string problem)
    {
        // A scope may tell in a second sentence what to do; where it does not, the nearest name of a variable may be what was meant.
        var cut = problem.IndexOf(". ", StringComparison.Ordinal);
        var message = (cut < 0 ? problem : problem[..cut]).TrimEnd('.');
        var nearest = Nearest.To(name, _variables.Select(variable => variable.Name));
        var remedy = cut >= 0 ? problem[(cut + 2)..] : nearest is not null ? $"Did you mean `{nearest}`?" : "Use a name that is known here.";
        Report(node, CelProblemKind.UnknownName, message.Length == 0 ? $"`{name}` is not known here" : message, remedy);
    }

    private void ReportUnknownFunction(Expr.Call call)
    {
        var nearest = Nearest.To(call.Function, Functions.Names(_dialect));
        if (_dialect == Dialect.Program && Functions.Named(call.Function, Dialect.Plain).Length > 0)
        {
            var remedy = call.Function == "matches" ? "Compare with ==, startsWith, endsWith or contains." : $"Functions here are: {string.Join(", ", Functions.Names(_dialect))}.";
            Report(call, CelProblemKind.NotInDialect, $"there is no function `{call.Function}` in a program", remedy);
            return;
        }
        Report(call, CelProblemKind.UnknownFunction, $"there is no function `{call.Function}`",
            nearest is null ? $"Functions here are: {string.Join(", ", Functions.Names(_dialect))}." : $"Did you mean `{nearest}`?");
    }

    private void Report(Expr node, CelProblemKind kind, string message, string remedy) =>
        _problems.Add(new(node.Start, Math.Max(1, node.End - node.Start), message, remedy) { Kind = kind });
}
