namespace Laurel.Engine.Expressions;

/// <summary>Reads and checks an expression in one go.</summary>
public static class CelReader
{
    /// <summary>Reads an expression and checks it against the names that it may use.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="scope">The names that it may use.</param>
    /// <param name="expected">The type that its value must have; null for any.</param>
    /// <param name="expression">The expression; null where there are problems.</param>
    /// <returns>What is wrong with it.</returns>
    public static IReadOnlyList<CelProblem> Read(string text, IScope scope, Dialect dialect, CelType? expected, out Expression? expression)
    {
        expression = null;
        var parsed = CelParser.Parse(text, dialect);
        if (parsed.Root is null) { return parsed.Problems; }
        var checkedResult = CelChecker.Check(parsed.Root, parsed.NodeCount, text, scope, dialect, expected);
        expression = checkedResult.Expression;
        return checkedResult.Problems;
    }
}
