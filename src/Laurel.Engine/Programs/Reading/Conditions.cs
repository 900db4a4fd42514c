using System.Text;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>An expression that was read, with what is needed to look at it again.</summary>
/// <param name="Owner">The definition that it is part of, such as "rule upgrade".</param>
/// <param name="Text">Where it is written.</param>
/// <param name="Offset">Where it starts in that text.</param>
/// <param name="JustBefore">True where it is tested just before a fact: then what it reads need not be settled first.</param>
/// <param name="Standing">True where it may read what depends on metrics and levels.</param>
internal sealed record ReadCondition(string Owner, Expression Expression, YamlNode.Scalar Text, int Offset, bool JustBefore, bool Standing);

/// <summary>Reads conditions and amounts, and remembers them for the checks that look at all of them.</summary>
internal sealed class Conditions(ProblemList problems)
{
    private readonly List<ReadCondition> _all = [];

    /// <summary>All that were read without a problem.</summary>
    public IReadOnlyList<ReadCondition> All => _all;

    /// <summary>Reads an expression that is all of a text.</summary>
    /// <param name="expected">The type that it must have; null for any.</param>
    /// <returns>Null where it can't be read, and problems say why.</returns>
    public Expression? Read(YamlNode node, string what, string owner, ConditionScope scope, CelType? expected, bool justBefore = false)
    {
        switch (node)
        {
            case YamlNode.Scalar { Refused: true }:
                return null;
            case YamlNode.Scalar { Text.Length: 0 }:
                problems.Error("nothing-written", node.Place, $"{what} is empty", "Write a condition, or take the key out.");
                return null;
            case YamlNode.Scalar scalar:
                return Read(scalar, scalar.Text, 0, owner, scope, expected, justBefore);
            default:
                problems.Error("swallowed-condition", node.Place, $"{what} is a condition, and YAML reads {node.What} here", "Put the condition in quotes: YAML takes brackets, braces and `: ` for its own.");
                return null;
        }
    }

    /// <summary>Reads an expression that is a part of a text.</summary>
    public Expression? Read(YamlNode.Scalar scalar, string text, int offset, string owner, ConditionScope scope, CelType? expected, bool justBefore = false)
    {
        var found = CelReader.Read(text, scope, Dialect.Program, expected, out var expression);
        foreach (var problem in found)
        {
            var place = scalar.PlaceOf(offset + problem.Start, problem.Length);
            if (scalar.CommentFollows && (problem.Kind == CelProblemKind.OpenText || (problem.Kind == CelProblemKind.Unexpected && problem.Start + problem.Length >= text.Length)))
            {
                problems.Error("swallowed-condition", place, $"{problem.Message}, where YAML begins a comment", "Put the condition in quotes: YAML reads ` #` as the start of a comment.");
            }
            else { problems.Error(CodeOf(problem.Kind), place, problem.Message, problem.Remedy); }
        }
        if (expression is not null && found.Count == 0) { _all.Add(new(owner, expression, scalar, offset, justBefore, scope.Standing)); }
        return found.Count == 0 ? expression : null;
    }

    /// <summary>The stable name of a problem of an expression: "cel-unknown-name".</summary>
    public static string CodeOf(CelProblemKind kind)
    {
        var code = new StringBuilder("cel");
        foreach (var c in kind.ToString())
        {
            if (char.IsAsciiLetterUpper(c)) { code.Append('-'); }
            code.Append(char.ToLowerInvariant(c));
        }
        return code.ToString();
    }
}
