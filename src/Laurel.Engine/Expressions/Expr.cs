namespace Laurel.Engine.Expressions;

/// <summary>A node of a parsed expression. Numbers run from 0, parents after their parts, without gaps.</summary>
/// <param name="Id">The node's number within its expression.</param>
/// <param name="Start">Where its text starts in the expression's source, in characters.</param>
/// <param name="End">Where its text ends.</param>
public abstract record Expr(int Id, int Start, int End)
{
    /// <summary>A constant.</summary>
    public sealed record Literal(int Id, int Start, int End, Value Value) : Expr(Id, Start, End);

    /// <summary>A name.</summary>
    public sealed record Ident(int Id, int Start, int End, string Name) : Expr(Id, Start, End);

    /// <summary>A field of something, or <c>has(…)</c> of it.</summary>
    public sealed record Select(int Id, int Start, int End, Expr Of, string Field, bool TestOnly) : Expr(Id, Start, End);

    /// <summary>An operator ("_&amp;&amp;_", "_==_", "!_", "_?_:_", "_[_]", "@in" …, as CEL names them), a function, or a method where <paramref name="Target"/> is there.</summary>
    public sealed record Call(int Id, int Start, int End, string Function, Expr? Target, IReadOnlyList<Expr> Arguments) : Expr(Id, Start, End);

    /// <summary>A list.</summary>
    public sealed record ListOf(int Id, int Start, int End, IReadOnlyList<Expr> Elements) : Expr(Id, Start, End);

    /// <summary>A map.</summary>
    public sealed record MapOf(int Id, int Start, int End, IReadOnlyList<KeyValuePair<Expr, Expr>> Entries) : Expr(Id, Start, End);

    /// <summary>A macro (<c>all</c>, <c>exists</c>, <c>exists_one</c>, <c>map</c>, <c>filter</c>) over a list or the keys of a map.</summary>
    public sealed record Comprehension(int Id, int Start, int End, string Macro, Expr Range, string Variable, Expr? Filter, Expr Body) : Expr(Id, Start, End);
}

/// <summary>An expression that was read, and checked against the names it may use.</summary>
/// <param name="Source">Its text.</param>
/// <param name="Root">Its tree.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="NodeCount">How many nodes it has.</param>
/// <param name="Bindings">By node number: what the name (or the whole dotted path that ends at this node) means.</param>
/// <param name="Types">By node number: the type.</param>
public sealed record Expression(
    string Source, Expr Root, CelType Type, int NodeCount, IReadOnlyDictionary<int, Binding> Bindings, IReadOnlyList<CelType> Types)
{
    /// <summary>The dialect that it was read in.</summary>
    public required Dialect Dialect { get; init; }
}
