using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Says what was probably meant.</summary>
internal static class Spelling
{
    /// <summary>"Did you mean `x`? …" with all that there is, or only the latter.</summary>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">The names that there are.</param>
    /// <param name="what">What they are, such as "The keys here are".</param>
    public static string Suggest(string name, IEnumerable<string> known, string what)
    {
        var names = known.Distinct().ToList();
        if (names.Count == 0) { return "There is none here."; }
        var list = $"{what} {string.Join(", ", names.Take(30).Select(n => $"`{n}`"))}{(names.Count > 30 ? ", …" : "")}.";
        return Nearest.To(name, names) is { } nearest ? $"Did you mean `{nearest}`? {list}" : list;
    }
}
