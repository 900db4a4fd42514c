using System.Collections.Frozen;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>What may be a name: what a condition can read as one.</summary>
internal static class Names
{
    // CEL's own words, and the roots that every condition has.
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while");

    private static readonly FrozenSet<string> Roots = FrozenSet.Create(
        "fact", "before", "tables", "rule", "day", "week", "month", "quarter", "year", "has");

    /// <summary>True for lower-case letters, digits and underscores that begin with a letter.</summary>
    public static bool IsName(string text)
    {
        if (text.Length == 0 || text[0] is < 'a' or > 'z') { return false; }
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')) { return false; }
        }
        return true;
    }

    /// <summary>True for two names with a point between.</summary>
    public static bool IsDotted(string text) =>
        text.IndexOf('.', StringComparison.Ordinal) is > 0 and var point && IsName(text[..point]) && IsName(text[(point + 1)..]);

    /// <summary>Says whether a text can be a name here, with a problem where it can't.</summary>
    /// <param name="root">True where conditions begin with it: then the roots that every condition has are taken.</param>
    public static bool Check(YamlNode.Scalar name, string what, bool root, ProblemList problems) => Check(name.Text, name.Place, what, root, problems);

    /// <summary>Says whether a text can be a name here, with a problem where it can't.</summary>
    public static bool Check(string text, Place place, string what, bool root, ProblemList problems)
    {
        if (!IsName(text))
        {
            problems.Error(
                "name", place, $"`{text}` can't be the name of {what}",
                "Names are lower-case letters, digits and underscores, and begin with a letter: a condition reads `first-owner` as a subtraction.");
            return false;
        }
        if (Reserved.Contains(text) || (root && Roots.Contains(text)))
        {
            problems.Error("name", place, $"`{text}` can't be the name of {what}: it means something else in conditions", "Choose another name.");
            return false;
        }
        return true;
    }

    /// <summary>Says whether a text is two names with a point between, with a problem where it is not.</summary>
    public static bool CheckDotted(YamlNode.Scalar name, string what, ProblemList problems)
    {
        if (!IsDotted(name.Text))
        {
            problems.Error("name", name.Place, $"`{name.Text}` can't be the name of {what}", "Write two names with a point between, such as `site.created`: lower-case letters, digits and underscores.");
            return false;
        }
        var point = name.Text.IndexOf('.', StringComparison.Ordinal);
        return Check(name.Text[(point + 1)..], name.Place, what, root: false, problems);
    }
}
