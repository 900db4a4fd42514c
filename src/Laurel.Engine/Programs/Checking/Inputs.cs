using Laurel.Engine.Expressions;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>What expressions read, each with the values that are worth a trial.</summary>
internal sealed class Inputs
{
    private readonly SortedDictionary<string, List<Value>> _values = new(StringComparer.Ordinal);
    private readonly SortedSet<Number> _written = [0, 1];
    private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _relative = new(StringComparer.Ordinal);

    /// <summary>The inputs of expressions, by the text that reads them.</summary>
    public static Inputs Of(IReadOnlyList<Expression> expressions)
    {
        var inputs = new Inputs();
        foreach (var expression in expressions) { inputs.Read(expression, expression.Root); }
        var around = inputs._written.SelectMany(n => new[] { n - 1, n, n + 1 }).Append((inputs._written.Max * 2) + 1).Where(n => n >= 0);
        foreach (var number in inputs._numbers) { inputs._values[number] = [.. around.Distinct().Order().Select(Value.Of)]; }
        return inputs;
    }

    /// <summary>
    /// The numbers among them that can grow by themselves, with their values from low to high. Not those of which others are a share: a share
    /// falls where its whole grows, and is meant to.
    /// </summary>
    public IEnumerable<(string What, IReadOnlyList<Number> Values)> Numbers => _numbers.Except(_relative).Order(StringComparer.Ordinal).Select(n => (n, (IReadOnlyList<Number>)[.. _values[n].Select(v => v.AsNumber)]));

    /// <summary>How many trials all combinations are, at most.</summary>
    public long Trials => _values.Values.Aggregate(1L, (all, values) => Math.Min(int.MaxValue, all * Math.Max(1, values.Count)));

    /// <summary>All combinations of the values of the others.</summary>
    public IEnumerable<IReadOnlyDictionary<string, Value>> Without(string what)
    {
        IEnumerable<Dictionary<string, Value>> all = [new(StringComparer.Ordinal)];
        foreach (var (name, values) in _values.Where(v => v.Key != what))
        {
            all = all.SelectMany(before => values.Select(value => new Dictionary<string, Value>(before, StringComparer.Ordinal) { [name] = value }));
        }
        return all;
    }

    /// <summary>True where a part of an expression is read as a whole: a name, a look-up in a map of metrics, or a test of what has no values here.</summary>
    public static bool IsInput(Expression expression, Expr at) => at switch
    {
        Expr.Select { TestOnly: true } => true,
        Expr.Call { Function: "_[_]", Arguments: [var of, Expr.Literal] } => expression.Bindings.GetValueOrDefault(of.Id) is MetricBinding,
        Expr.Call { Function: "_<_" or "_<=_" or "_>_" or "_>=_" or "_==_" or "_!=_", Arguments: [var left, _] } => expression.Types[left.Id] == CelType.Timestamp,
        _ => expression.Bindings.TryGetValue(at.Id, out var binding) && binding is not TableBinding,
    };

    private void Read(Expression expression, Expr at)
    {
        if (IsInput(expression, at))
        {
            Read(Canon.Expression(at), at is Expr.Select { TestOnly: true } ? CelType.Bool : expression.Types[at.Id]);
            return;
        }
        if (at is Expr.Literal { Value.Kind: ValueKind.Number } literal && IsSmall(literal.Value.AsNumber)) { _written.Add(literal.Value.AsNumber); }
        if (at is Expr.Call { Function: "_/_", Arguments: [_, var whole] }) { _relative.UnionWith(ReadBy(expression, whole)); }
        if (at is Expr.Call { Function: "_<_" or "_<=_" or "_>_" or "_>=_" or "_==_" or "_!=_", Arguments: [var left, var right] })
        {
            var (one, other) = (ReadBy(expression, left).ToList(), ReadBy(expression, right).ToList());
            if (one.Count > 0 && other.Count > 0) { _relative.UnionWith(one.Concat(other)); }
        }
        foreach (var part in ExprParts.Of(at)) { Read(expression, part); }
    }

    private static IEnumerable<string> ReadBy(Expression expression, Expr at) =>
        IsInput(expression, at) ? [Canon.Expression(at)] : ExprParts.Of(at).SelectMany(part => ReadBy(expression, part));

    // A neighbour of the largest numbers does not fit.
    private static bool IsSmall(Number number) => Math.Abs((decimal)number.Numerator) < int.MaxValue && number.Denominator < int.MaxValue;

    private void Read(string what, CelType type)
    {
        if (type == CelType.Number) { _numbers.Add(what); }
        _values[what] = type switch
        {
            CelType.Choice choice => [.. choice.Values.Select(Value.Of)],
            _ when type == CelType.Bool => [Value.False, Value.True],
            _ => [],
        };
    }
}

/// <summary>One combination of values, and what expressions come to with it.</summary>
internal sealed class Trial(IReadOnlyDictionary<string, Value> others, string what, Value at)
{
    private static readonly Value Unknown = Value.Error("not tried");

    /// <summary>What an expression comes to; an error where that can't be told.</summary>
    public Value Of(Expression expression)
    {
        try
        {
            return Of(expression, expression.Root);
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            return Unknown;
        }
    }

    private Value Of(Expression expression, Expr expr)
    {
        if (Inputs.IsInput(expression, expr))
        {
            var name = Canon.Expression(expr);
            return name == what ? at : others.GetValueOrDefault(name, Unknown);
        }
        switch (expr)
        {
            case Expr.Literal literal:
                return literal.Value;
            case Expr.Call { Function: "_?_:_", Arguments: [var test, var yes, var no] }:
                return Of(expression, test) is { Kind: ValueKind.Bool } met ? Of(expression, met.Truth == Truth.True ? yes : no) : Unknown;
            case Expr.Call { Function: "@in", Arguments: [var item, Expr.ListOf list] }:
                return Value.Of(list.Elements.Any(e => Same(Of(expression, item), Of(expression, e))));
            case Expr.Call { Function: "_[_]" }:
                return Looked(expression, expr);
            case Expr.Call { Target: null, Arguments.Count: > 0 } call:
                return Of(call, [.. call.Arguments.Select(a => Of(expression, a))], expression.Types[call.Arguments[0].Id] as CelType.Choice);
            default:
                return Unknown;
        }
    }

    private Value Looked(Expression expression, Expr expr)
    {
        var keys = new List<string>();
        while (expr is Expr.Call { Function: "_[_]", Arguments: [var of, var key] })
        {
            if (Of(expression, key) is not { Kind: ValueKind.Text } text) { return Unknown; }
            keys.Insert(0, text.AsText);
            expr = of;
        }
        if ((expression.Bindings.GetValueOrDefault(expr.Id) as TableBinding)?.Table is not { } table || table.Keys != keys.Count) { return Unknown; }
        var row = table.Rows.GetValueOrDefault(keys[0]) ?? table.Rows.GetValueOrDefault("else");
        var column = keys.Count == 2 ? keys[1] : "";
        return row is null ? Unknown : row.TryGetValue(column, out var cell) || row.TryGetValue("else", out cell) ? Value.Of(cell) : Unknown;
    }

    private static Value Of(Expr.Call call, IReadOnlyList<Value> parts, CelType.Choice? order)
    {
        if (parts.Any(p => p.Kind == ValueKind.Error)) { return Unknown; }
        if (parts.All(p => p.Kind == ValueKind.Number)) { return OfNumbers(call.Function, [.. parts.Select(p => p.AsNumber)]); }
        if (parts.All(p => p.Kind == ValueKind.Text)) { return OfTexts(call.Function, parts[0].AsText, parts[^1].AsText, order); }
        if (parts.Any(p => p.Kind != ValueKind.Bool)) { return Unknown; }
        var (first, last) = (parts[0].Truth == Truth.True, parts[^1].Truth == Truth.True);
        return call.Function switch
        {
            "_&&_" => Value.Of(first && last),
            "_||_" => Value.Of(first || last),
            "!_" => Value.Of(!first),
            "_==_" => Value.Of(first == last),
            "_!=_" => Value.Of(first != last),
            _ => Unknown,
        };
    }

    private static Value OfNumbers(string function, IReadOnlyList<Number> n) => function switch
    {
        "_+_" => Value.Of(n[0] + n[1]),
        "_-_" => Value.Of(n[0] - n[1]),
        "_*_" => Value.Of(n[0] * n[1]),
        "_/_" => Value.Of(n[0] / n[1]),
        "-_" => Value.Of(-n[0]),
        "min" => Value.Of(n.Min()),
        "max" => Value.Of(n.Max()),
        "floor" => Value.Of((Number)n[0].Floor()),
        "ceil" => Value.Of((Number)n[0].Ceiling()),
        "round" => Value.Of((Number)n[0].Round()),
        "_<_" => Value.Of(n[0] < n[1]),
        "_<=_" => Value.Of(n[0] <= n[1]),
        "_>_" => Value.Of(n[0] > n[1]),
        "_>=_" => Value.Of(n[0] >= n[1]),
        "_==_" => Value.Of(n[0] == n[1]),
        "_!=_" => Value.Of(n[0] != n[1]),
        _ => Unknown,
    };

    private static Value OfTexts(string function, string first, string last, CelType.Choice? order)
    {
        if (function is "_==_" or "_!=_") { return Value.Of((first == last) == (function == "_==_")); }
        if (order is not { Ordered: true }) { return Unknown; }
        var values = order.Values.ToList();
        return OfNumbers(function, [values.IndexOf(first), values.IndexOf(last)]);
    }

    private static bool Same(Value a, Value b) =>
        a.Kind == b.Kind && (a.Kind == ValueKind.Text ? a.AsText == b.AsText : a.Kind == ValueKind.Number && a.AsNumber == b.AsNumber);
}
