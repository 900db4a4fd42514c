using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>What an operator with two operands does.</summary>
internal interface IOperation
{
    /// <summary>The result; missing operands pass through.</summary>
    static abstract Value Of(in Value left, in Value right);
}

internal readonly struct Adding : IOperation
{
    public static Value Of(in Value left, in Value right) => Arithmetic.Add(left, right);
}

internal readonly struct Subtracting : IOperation
{
    public static Value Of(in Value left, in Value right) => Arithmetic.Subtract(left, right);
}

internal readonly struct Multiplying : IOperation
{
    public static Value Of(in Value left, in Value right) => Arithmetic.Multiply(left, right);
}

internal readonly struct Dividing : IOperation
{
    public static Value Of(in Value left, in Value right) => Arithmetic.Divide(left, right);
}

internal readonly struct Remaining : IOperation
{
    public static Value Of(in Value left, in Value right) => Arithmetic.Remainder(left, right);
}

internal readonly struct Indexing : IOperation
{
    public static Value Of(in Value left, in Value right) => Containers.Index(left, right);
}

internal readonly struct Containing : IOperation
{
    public static Value Of(in Value left, in Value right) => Containers.Contains(left, right);
}

/// <summary>An operator with two operands.</summary>
internal sealed class BinaryNode<TFrame, TTrace, TOperation>(Node<TFrame, TTrace> left, Node<TFrame, TTrace> right) : Parted<TFrame, TTrace>(left, right)
    where TTrace : struct, ITrace
    where TOperation : struct, IOperation
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        var r = right.Evaluate(frame, ref trace);
        return TOperation.Of(l, r);
    }
}

/// <summary>A number with the other sign.</summary>
internal sealed class NegativeNode<TFrame, TTrace>(Node<TFrame, TTrace> inner) : Parted<TFrame, TTrace>(inner)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace) => Arithmetic.Negate(inner.Evaluate(frame, ref trace));
}

/// <summary>A field of a map, or whether it is there.</summary>
internal sealed class FieldNode<TFrame, TTrace>(Node<TFrame, TTrace> of, string field, bool testOnly) : Parted<TFrame, TTrace>(of)
    where TTrace : struct, ITrace
{
    private readonly Value _key = Value.Of(field);

    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var value = of.Evaluate(frame, ref trace);
        if (value.IsMissing) { return value; }
        if (value.Kind != ValueKind.Map) { return Value.Error($"no such overload: {value.Kind} has no field {field}"); }
        return testOnly ? Value.Of(value.AsMap.Contains(_key)) : value.AsMap[_key];
    }
}

/// <summary>A list, written out.</summary>
internal sealed class ListNode<TFrame, TTrace>(Node<TFrame, TTrace>[] elements) : Parted<TFrame, TTrace>(elements)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var values = new Value[Parts.Count];
        var missing = -1;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Parts[i].Evaluate(frame, ref trace);
            if (values[i].IsMissing && missing < 0) { missing = i; }
        }
        return missing < 0 ? Value.List(values) : values[missing];
    }
}

/// <summary>A map, written out.</summary>
internal sealed class MapNode<TFrame, TTrace>(Node<TFrame, TTrace>[] keys, Node<TFrame, TTrace>[] values) : Parted<TFrame, TTrace>([.. keys, .. values])
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var entries = new KeyValuePair<Value, Value>[keys.Length];
        var problem = Value.Null;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(keys[i].Evaluate(frame, ref trace), values[i].Evaluate(frame, ref trace));
            if (problem.Kind == ValueKind.Null) { problem = ProblemOf(entries[i]); }
        }
        if (problem.Kind != ValueKind.Null) { return problem; }
        var map = ValueMap.Of(entries);
        return map.Count == entries.Length ? Value.Map(map) : Value.Error("a map has the same key twice");
    }

    private static Value ProblemOf(KeyValuePair<Value, Value> entry)
    {
        if (entry.Key.IsMissing) { return entry.Key; }
        if (entry.Value.IsMissing) { return entry.Value; }
        var isKey = entry.Key.Kind is ValueKind.Int or ValueKind.UInt or ValueKind.Bool or ValueKind.Text or ValueKind.Number;
        return isKey ? Value.Null : Value.Error($"{entry.Key} cannot be the key of a map");
    }
}

/// <summary>A function: the first of its forms that takes the values that are there.</summary>
internal sealed class FunctionNode<TFrame, TTrace>(string name, Overload[] forms, Zone zone, Node<TFrame, TTrace>[] operands) : Parted<TFrame, TTrace>(operands)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var values = new Value[Parts.Count];
        var missing = -1;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Parts[i].Evaluate(frame, ref trace);
            if (values[i].IsMissing && missing < 0) { missing = i; }
        }
        if (missing >= 0) { return values[missing]; }
        foreach (var form in forms)
        {
            if (!Takes(form, values)) { continue; }
            try
            {
                return form.Work(zone, values);
            }
            catch (Exception refused) when (refused is OverflowException or ArgumentOutOfRangeException)
            {
                // A number too big, or a date before year 1 or after 9999 in the zone that is asked for.
                return Value.Error($"overflow: the result of {name} does not fit");
            }
        }
        return Value.Error($"no such overload: {name} of {string.Join(", ", values)}");
    }

    private static bool Takes(Overload form, Value[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!CelTypes.IsOf(values[i], form.Operand(i)!)) { return false; }
        }
        return true;
    }
}
