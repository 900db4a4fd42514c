namespace Laurel.Engine.Expressions;

/// <summary>Equality.</summary>
internal sealed class EqualNode<TFrame, TTrace>(Node<TFrame, TTrace> left, Node<TFrame, TTrace> right) : Parted<TFrame, TTrace>(left, right)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        var r = right.Evaluate(frame, ref trace);
        return l.IsMissing ? l : r.IsMissing ? r : Value.Of(Comparing.Same(l, r));
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        var r = right.Evaluate(frame, ref trace);
        return l.IsMissing || r.IsMissing ? Truth.Unknown : Comparing.Same(l, r) ? Truth.True : Truth.False;
    }
}

/// <summary>Which orders an operator accepts: <c>&lt;=</c> accepts less and equal.</summary>
internal readonly record struct Accepted(bool Less, bool Equal, bool Greater)
{
    /// <summary>True where it accepts what <see cref="Comparing.TryCompare"/> found.</summary>
    public bool Holds(int order) => order switch
    {
        < 0 => Less,
        0 => Equal,
        1 => Greater,
        _ => false,
    };
}

/// <summary>Order.</summary>
internal sealed class OrderNode<TFrame, TTrace>(Node<TFrame, TTrace> left, Node<TFrame, TTrace> right, Accepted accepted) : Parted<TFrame, TTrace>(left, right)
    where TTrace : struct, ITrace
{
    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        var r = right.Evaluate(frame, ref trace);
        if (l.IsMissing) { return l; }
        if (r.IsMissing) { return r; }
        return Comparing.TryCompare(l, r, out var order) ? Value.Of(accepted.Holds(order)) : Value.Error($"no such overload: {l.Kind} and {r.Kind} have no order");
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        var r = right.Evaluate(frame, ref trace);
        // Missing values have no order, so they answer false here too.
        if (!Comparing.TryCompare(l, r, out var order)) { return Truth.Unknown; }
        return accepted.Holds(order) ? Truth.True : Truth.False;
    }
}

/// <summary>Order of a choice: by place in its list.</summary>
internal sealed class ChoiceOrderNode<TFrame, TTrace>(Node<TFrame, TTrace> left, Node<TFrame, TTrace> right, CelType.Choice choice, Accepted accepted)
    : Parted<TFrame, TTrace>(left, right)
    where TTrace : struct, ITrace
{
    private readonly string[] _values = [.. choice.Values];

    public override Value Evaluate(TFrame frame, ref TTrace trace)
    {
        var l = left.Evaluate(frame, ref trace);
        var r = right.Evaluate(frame, ref trace);
        if (l.IsMissing) { return l; }
        if (r.IsMissing) { return r; }
        var (a, b) = (PlaceOf(l), PlaceOf(r));
        return a >= 0 && b >= 0 ? Value.Of(accepted.Holds(a.CompareTo(b))) : Value.Error($"{(a < 0 ? l : r)} is not a value of {choice.Name}");
    }

    public override Truth Test(TFrame frame, ref TTrace trace)
    {
        var (a, b) = (PlaceOf(left.Evaluate(frame, ref trace)), PlaceOf(right.Evaluate(frame, ref trace)));
        return a < 0 || b < 0 ? Truth.Unknown : accepted.Holds(a.CompareTo(b)) ? Truth.True : Truth.False;
    }

    private int PlaceOf(in Value value) => value.Kind == ValueKind.Text ? Array.IndexOf(_values, value.AsText) : -1;
}
