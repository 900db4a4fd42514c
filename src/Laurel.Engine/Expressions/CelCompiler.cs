using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>Turns checked expressions into nodes that evaluate them.</summary>
public static class CelCompiler<TFrame, TTrace>
    where TTrace : struct, ITrace
{
    /// <summary>Compiles an expression. The nodes hold no state: any number of threads may evaluate them at once.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="zone">The zone of dates, years and months.</param>
    /// <param name="leaf">Makes the node that reads what a name means; given the binding and the number of the node.</param>
    public static Node<TFrame, TTrace> Compile(Expression expression, Zone zone, Func<Binding, int, Node<TFrame, TTrace>> leaf)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(leaf);
        return new FrameCompiler<TFrame, TTrace>(expression, zone, leaf).Compile(expression.Root);
    }
}
