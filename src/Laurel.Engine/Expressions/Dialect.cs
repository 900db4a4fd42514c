namespace Laurel.Engine.Expressions;

/// <summary>Which of the two dialects of the expression language a text is in. One implementation reads both.</summary>
public enum Dialect
{
    /// <summary>The Common Expression Language's own: 64-bit integers, doubles, bytes. The conformance files are in it.</summary>
    Plain,

    /// <summary>The dialect of programs: every number is exact, choices compare by their order, dates are those of the program's zone.</summary>
    Program,
}
