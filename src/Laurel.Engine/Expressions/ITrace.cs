using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>
/// What an evaluation leaves behind. There is one evaluator, generic over a struct of this kind: with <see cref="NoTrace"/>
/// the just-in-time compiler removes every call, so an explanation costs nothing where none is asked for and cannot
/// disagree with the amount where one is.
/// </summary>
public interface ITrace
{
    /// <summary>True where results are kept. Then <c>&amp;&amp;</c>, <c>||</c> and <c>?:</c> evaluate all their sides (the result is the same).</summary>
    static abstract bool On { get; }

    /// <summary>A node of an expression came to a value.</summary>
    /// <param name="node">The node's number within its expression (<see cref="Expr.Id"/>).</param>
    /// <param name="value">What it came to.</param>
    void Result(int node, in Value value);

    /// <summary>A node of an expression came to true or false.</summary>
    /// <param name="node">The node's number within its expression (<see cref="Expr.Id"/>).</param>
    /// <param name="holds">What it came to.</param>
    void Result(int node, bool holds);

    /// <summary>Why a leaf has its value: the fact that made it so, and of a state or role since when.</summary>
    /// <param name="node">The leaf's number.</param>
    /// <param name="fact">The fact's index in the history; -1 for none (never told, or by time alone).</param>
    /// <param name="since">Since when the state or role is so; <see cref="Instant.Ever"/> for always, and for whatever else a leaf reads.</param>
    void Because(int node, int fact, Instant since);
}

/// <summary>Keeps nothing.</summary>
public readonly struct NoTrace : ITrace
{
    /// <inheritdoc/>
    public static bool On => false;

    /// <inheritdoc/>
    public void Result(int node, in Value value) { }

    /// <inheritdoc/>
    public void Result(int node, bool holds) { }

    /// <inheritdoc/>
    public void Because(int node, int fact, Instant since) { }
}
