namespace Laurel.Engine.Expressions;

/// <summary>
/// A compiled expression, or a part of one. Operators are made by the compiler here; leaves (fields, states, roles, metrics)
/// by the room that owns the frame they read.
/// </summary>
/// <typeparam name="TFrame">What is read: a subject at an instant, a member at an instant, a bag of bindings.</typeparam>
/// <typeparam name="TTrace">What is kept of the evaluation.</typeparam>
public abstract class Node<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    /// <summary>The value. Errors and what nobody told are values too, never exceptions.</summary>
    public abstract Value Evaluate(TFrame frame, ref TTrace trace);

    /// <summary>The value as a condition: the same answer as <see cref="Evaluate"/>, without making a value.</summary>
    public virtual Truth Test(TFrame frame, ref TTrace trace) => Evaluate(frame, ref trace).Truth;

    /// <summary>
    /// A node that tests equality with a constant faster than by making values (an interned text, an enumeration), and
    /// answers the same; null where there is none.
    /// </summary>
    /// <param name="node">The number of the <c>==</c> that asks (its result is noted by the caller).</param>
    /// <param name="constant">The constant on the other side.</param>
    public virtual Node<TFrame, TTrace>? EqualTo(int node, Value constant) => null;
}
