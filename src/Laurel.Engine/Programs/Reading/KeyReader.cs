using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads what makes credits a group of their own: <c>rule</c>, a period, a kind, a field path.</summary>
internal sealed class KeyReader(ReadingContext context)
{
    private static readonly IReadOnlyList<string> Periods = ["day", "week", "month", "quarter", "half-year", "year"];

    /// <summary>Reads one key.</summary>
    /// <param name="owner">The definition that it is part of.</param>
    /// <param name="kinds">The kinds that the rules in question are about.</param>
    public LimitKey? Read(YamlNode.Scalar text, string owner, IReadOnlyList<int> kinds)
    {
        if (text.Text == "rule") { return new LimitKey.Rule(); }
        if (PlainValues.PeriodOf(text.Text) is { } period) { return new LimitKey.Period(period, null); }
        if (context.Names.Years.TryGetValue(text.Text, out var year)) { return new LimitKey.Period(WindowKind.ThisYear, year); }
        if (text.Text.Length == 0 || !Array.TrueForAll(text.Text.Split('.'), Names.IsName))
        {
            context.Error("key", text.Place, $"`{text.Text}` is nothing to group by", "Write `rule`, a period such as `year`, a kind such as `site`, or a field such as `certificate.course`.");
            return null;
        }
        if (context.Names.Kind(text.Text.Split('.')[0]) is not { } root)
        {
            context.Unknown("kind", text with { Text = text.Text.Split('.')[0] }, context.Names.Vocabulary.Kinds.Select(k => k.Name).Concat(Periods).Concat(context.Names.Years.Keys).Append("rule"), "One can group by");
            return null;
        }
        var paths = new Dictionary<int, Expression>();
        foreach (var kind in kinds)
        {
            if (ReadPath(text, owner, root, context.Names.Vocabulary.Kinds[kind]) is { } path) { paths[kind] = path; }
        }
        return paths.Count == kinds.Count ? new LimitKey.Path(text.Text, paths) : null;
    }

    /// <summary>The type of a key's values in a map.</summary>
    public CelType TypeOf(LimitKey? key) => key switch
    {
        LimitKey.Rule => new CelType.Choice("rule", [.. context.Names.Rules.Keys.Union(context.Names.Kept.Keys)], Ordered: false),
        LimitKey.Path { Paths: var paths } when paths.Values.Select(p => p.Type).Distinct().ToList() is [var type] => type is CelType.Reference ? CelType.Text : type,
        _ => CelType.Text,
    };

    private Expression? ReadPath(YamlNode.Scalar text, string owner, SubjectKind root, SubjectKind kind)
    {
        var path = text.Text;
        if (root != kind)
        {
            var way = new SubjectPaths(context.Names).WayTo(kind, root, out var ways);
            if (way is null)
            {
                context.Error(
                    "key", text.Place, ways == 0 ? $"`{kind.Name}` refers to no `{root.Name}`" : $"`{kind.Name}` refers to `{root.Name}` in more than one way",
                    ways == 0 ? $"Group by `{kind.Name}`, or by what it refers to." : "Write the whole path, such as `certificate.holder`.");
                return null;
            }
            path = way + path[root.Name.Length..];
        }
        var scope = new ConditionScope(context.Names, kind, [], Before: false, Standing: false, "A group is made by the subject and what it refers to.");
        if (context.Conditions.Read(text, path, 0, owner, scope, null) is not { } expression) { return null; }
        if (expression.Type is CelType.Reference or CelType.Choice || expression.Type == CelType.Text || expression.Type == CelType.Number || expression.Type == CelType.Bool || expression.Type == CelType.Timestamp) { return expression; }
        context.Error("key", text.Place, $"`{text.Text}` is of type {expression.Type}: nothing to group by", "Name a kind or a field.");
        return null;
    }
}
