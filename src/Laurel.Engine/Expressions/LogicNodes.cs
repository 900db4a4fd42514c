namespace Laurel.Engine.Expressions;

/// <summary>A node made of others.</summary>
internal abstract class Parted<TFrame, TTrace>(params Node<TFrame, TTrace>[] parts) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    /// <summary>What it is made of.</summary>
    public IReadOnlyList<Node<TFrame, TTrace>> Parts { get; } = parts;

    /// <summary>What a value is as a condition: itself where it is true, false or missing; else an error.</summary>
    protected static Value Condition(in Value value) =>
        value.Kind == ValueKind.Bool || value.IsMissing ? value : Value.Error($"no such overload: {value} is no condition");
}

/// <summary>A value that is always the same.</summary>
internal sealed class ConstantNode<TFrame, TTrace>(Value value) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    private readonly Truth _truth = value.Truth;

    public Value Value { get; } = value;

    public override Value Evaluate(TFrame frame, ref TTrace trace) => Value;

    public override Truth Test(TFrame frame, ref TTrace trace) => _truth;
}

/// <summary>Notes the value of another node: only where there is a trace.</summary>
internal sealed class NotedNode<TFrame, TTrace>(int id, Node<TFrame, TTrace> inner) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var value = inner.Evaluate(frame, ref trace);
        trace.Result(id, value);
        return value;
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var truth = inner.Test(frame, ref trace);
        // What is missing has a name, which only the value knows.
        if (truth == Truth.Unknown) { trace.Result(id, inner.Evaluate(frame, ref trace)); }
        else { trace.Result(id, truth == Truth.True); }
        return truth;
    }
}

/// <summary>Both. False where one side is false, whatever the other is; else what is missing, the left first.</summary>
internal sealed class AndNode<TFrame, TTrace>(Node<TFrame, TTrace> left, Node<TFrame, TTrace> right) : Parted<TFrame, TTrace>(left, right)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        if (!TTrace.On && l.Truth == Truth.False) { return Value.False; }
        var r = right.Evaluate(frame, ref trace);
        if (l.Truth == Truth.False || r.Truth == Truth.False) { return Value.False; }
        return l.Truth == Truth.True ? Condition(r) : Condition(l);
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var l = left.Test(frame, ref trace);
        if (!TTrace.On && l == Truth.False) { return Truth.False; }
        var r = right.Test(frame, ref trace);
        return l == Truth.False || r == Truth.False ? Truth.False : (Truth)Math.Max((byte)l, (byte)r);
    }
}

/// <summary>At least one. True where one side is true, whatever the other is; else what is missing, the left first.</summary>
internal sealed class OrNode<TFrame, TTrace>(Node<TFrame, TTrace> left, Node<TFrame, TTrace> right) : Parted<TFrame, TTrace>(left, right)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        if (!TTrace.On && l.Truth == Truth.True) { return Value.True; }
        var r = right.Evaluate(frame, ref trace);
        if (l.Truth == Truth.True || r.Truth == Truth.True) { return Value.True; }
        return l.Truth == Truth.False ? Condition(r) : Condition(l);
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var l = left.Test(frame, ref trace);
        if (!TTrace.On && l == Truth.True) { return Truth.True; }
        var r = right.Test(frame, ref trace);
        return l == Truth.True || r == Truth.True ? Truth.True : (Truth)Math.Max((byte)l, (byte)r);
    }
}

/// <summary>Not.</summary>
internal sealed class NotNode<TFrame, TTrace>(Node<TFrame, TTrace> inner) : Parted<TFrame, TTrace>(inner)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var value = Condition(inner.Evaluate(frame, ref trace));
        return value.IsMissing ? value : Value.Of(value.Truth == Truth.False);
    }

    public override Truth Test(TFrame frame, ref TTrace trace) => inner.Test(frame, ref trace) switch
    {
        Truth.False => Truth.True,
        Truth.True => Truth.False,
        _ => Truth.Unknown,
    };
}

/// <summary>One or the other.</summary>
internal sealed class ConditionalNode<TFrame, TTrace>(Node<TFrame, TTrace> condition, Node<TFrame, TTrace> yes, Node<TFrame, TTrace> no)
    : Parted<TFrame, TTrace>(condition, yes, no)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var value = Condition(condition.Evaluate(frame, ref trace));
        if (!TTrace.On) { return value.IsMissing ? value : value.Truth == Truth.True ? yes.Evaluate(frame, ref trace) : no.Evaluate(frame, ref trace); }
        var (y, n) = (yes.Evaluate(frame, ref trace), no.Evaluate(frame, ref trace));
        return value.IsMissing ? value : value.Truth == Truth.True ? y : n;
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        if (TTrace.On) { return Evaluate(frame, ref trace).Truth; }
        return condition.Test(frame, ref trace) switch
        {
            Truth.True => yes.Test(frame, ref trace),
            Truth.False => no.Test(frame, ref trace),
            _ => Truth.Unknown,
        };
    }
}

/// <summary>At least one of several tests; only made without a trace.</summary>
internal sealed class AnyNode<TFrame, TTrace>(Node<TFrame, TTrace>[] tests) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var missing = Value.False;
        foreach (var test in tests)
        {
            var value = test.Evaluate(frame, ref trace);
            if (value.Truth == Truth.True) { return value; }
            if (value.IsMissing) { missing = value; }
        }
        return missing;
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var result = Truth.False;
        foreach (var test in tests)
        {
            var truth = test.Test(frame, ref trace);
            if (truth == Truth.True) { return Truth.True; }
            if (truth == Truth.Unknown) { result = Truth.Unknown; }
        }
        return result;
    }
}

/// <summary>Whether a field was told.</summary>
internal sealed class ToldNode<TFrame, TTrace>(Node<TFrame, TTrace> leaf) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var value = leaf.Evaluate(frame, ref trace);
        return value.Kind == ValueKind.Error ? value : Value.Of(value.Kind != ValueKind.NotTold);
    }
}
