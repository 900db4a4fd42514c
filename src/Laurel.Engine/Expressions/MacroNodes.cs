namespace Laurel.Engine.Expressions;

/// <summary>A frame with the variables of the macros around. The variables belong to one evaluation alone.</summary>
internal readonly record struct Local<TFrame>(TFrame Frame, Value[] Variables);

/// <summary>The way into a macro: it makes room for the variables.</summary>
internal sealed class EnterNode<TFrame, TTrace>(Node<Local<TFrame>, TTrace> inner, int variables) : Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace) => inner.Evaluate(new(frame, new Value[variables]), ref trace);

    public override Truth Test(TFrame frame, ref TTrace trace) => inner.Test(new(frame, new Value[variables]), ref trace);
}

/// <summary>A leaf of the frame outside.</summary>
internal sealed class OuterNode<TFrame, TTrace>(Node<TFrame, TTrace> leaf) : Node<Local<TFrame>, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(Local<TFrame> frame, ref TTrace trace) => leaf.Evaluate(frame.Frame, ref trace);

    public override Truth Test(Local<TFrame> frame, ref TTrace trace) => leaf.Test(frame.Frame, ref trace);

    public override Node<Local<TFrame>, TTrace>? EqualTo(int node, Value constant) =>
        leaf.EqualTo(node, constant) is { } equal ? new OuterNode<TFrame, TTrace>(equal) : null;
}

/// <summary>The variable of a macro.</summary>
internal sealed class VariableNode<TFrame, TTrace>(int slot) : Node<Local<TFrame>, TTrace>
    where TTrace : struct, ITrace
{
    public override Value Evaluate(Local<TFrame> frame, ref TTrace trace) => frame.Variables[slot];
}

/// <summary>A macro: it goes over the elements of a list or the keys of a map.</summary>
internal abstract class MacroNode<TFrame, TTrace>(Node<Local<TFrame>, TTrace> range) : Node<Local<TFrame>, TTrace>
    where TTrace : struct, ITrace
{
    public sealed override Value Evaluate(Local<TFrame> frame, ref TTrace trace)
    {
        var value = range.Evaluate(frame, ref trace);
        return value.Kind switch
        {
            ValueKind.List => Over(value.AsList, frame, ref trace),
            ValueKind.Map => Over(value.AsMap.Keys, frame, ref trace),
            _ => value.IsMissing ? value : Value.Error($"no such overload: {value.Kind} is no list or map to go over"),
        };
    }

    /// <summary>The value of the macro over these elements.</summary>
    protected abstract Value Over(IReadOnlyList<Value> elements, Local<TFrame> frame, ref TTrace trace);

    protected static Value NoCondition(in Value value) => value.IsMissing ? value : Value.Error($"no such overload: {value} is no condition");
}

/// <summary><c>all</c> and <c>exists</c>: one element that <paramref name="decides"/> decides, whatever is missing elsewhere.</summary>
internal sealed class QuantifierNode<TFrame, TTrace>(Node<Local<TFrame>, TTrace> range, int slot, Node<Local<TFrame>, TTrace> body, Truth decides)
    : MacroNode<TFrame, TTrace>(range)
    where TTrace : struct, ITrace
{
    protected override Value Over(IReadOnlyList<Value> elements, Local<TFrame> frame, ref TTrace trace)
    {
        var decided = false;
        var missing = Value.Null;
        foreach (var element in elements)
        {
            frame.Variables[slot] = element;
            var value = body.Evaluate(frame, ref trace);
            if (value.Truth == decides)
            {
                decided = true;
                if (!TTrace.On) { break; }
            }
            else if (value.Truth == Truth.Unknown && missing.Kind == ValueKind.Null) { missing = NoCondition(value); }
        }
        if (decided) { return Value.Of(decides == Truth.True); }
        return missing.Kind == ValueKind.Null ? Value.Of(decides == Truth.False) : missing;
    }
}

/// <summary><c>exists_one</c>: what is missing anywhere is missing in the result.</summary>
internal sealed class ExistsOneNode<TFrame, TTrace>(Node<Local<TFrame>, TTrace> range, int slot, Node<Local<TFrame>, TTrace> body) : MacroNode<TFrame, TTrace>(range)
    where TTrace : struct, ITrace
{
    protected override Value Over(IReadOnlyList<Value> elements, Local<TFrame> frame, ref TTrace trace)
    {
        var count = 0;
        foreach (var element in elements)
        {
            frame.Variables[slot] = element;
            var value = body.Evaluate(frame, ref trace);
            if (value.Truth == Truth.Unknown) { return NoCondition(value); }
            if (value.Truth == Truth.True) { count++; }
        }
        return Value.Of(count == 1);
    }
}

/// <summary><c>filter</c> (no body) and <c>map</c> (with or without a filter).</summary>
internal sealed class TransformNode<TFrame, TTrace>(Node<Local<TFrame>, TTrace> range, int slot, Node<Local<TFrame>, TTrace>? filter, Node<Local<TFrame>, TTrace>? body)
    : MacroNode<TFrame, TTrace>(range)
    where TTrace : struct, ITrace
{
    protected override Value Over(IReadOnlyList<Value> elements, Local<TFrame> frame, ref TTrace trace)
    {
        var result = new List<Value>();
        foreach (var element in elements)
        {
            frame.Variables[slot] = element;
            if (filter is not null)
            {
                var kept = filter.Evaluate(frame, ref trace);
                if (kept.Truth == Truth.Unknown) { return NoCondition(kept); }
                if (kept.Truth == Truth.False) { continue; }
            }
            var value = body is null ? element : body.Evaluate(frame, ref trace);
            if (value.IsMissing) { return value; }
            result.Add(value);
        }
        return Value.List(result);
    }
}
