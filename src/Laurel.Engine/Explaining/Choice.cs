using System.Globalization;
using Laurel.Engine.Expressions;

namespace Laurel.Engine.Explaining;

/// <summary>Says what there is to whoever named what there is not.</summary>
public static class Choice
{
    private const int ListedMax = 12;

    /// <summary>The nearest name, and what there is; full sentences.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">What there is.</param>
    public static string Among(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        var all = names.ToList();
        if (all.Count == 0) { return "There is none."; }
        var nearest = Nearest.To(word, all) is { } near ? $"Did you mean `{near}`? " : "";
        var listed = string.Join(", ", all.Take(ListedMax).Select(name => $"`{name}`"));
        var rest = all.Count > ListedMax ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - ListedMax:N0} more") : "";
        return $"{nearest}There {(all.Count == 1 ? "is" : "are")} {listed}{rest}.";
    }
}
