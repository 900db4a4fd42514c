using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>Names and values for expressions, where it does not matter which.</summary>
internal static class Some
{
    public static readonly CelType Editor = new CelType.Choice("site.editor", ["classic", "studio", "editor-x"], Ordered: false);

    public static readonly CelType Level = new CelType.Choice("level", ["explorer", "pioneer", "creator", "icon"], Ordered: true);

    public static readonly CelType ByArea = new CelType.Map(CelType.Text, CelType.Number);

    public static Names Names(bool fast = false) => new Names { Fast = fast }
        .Add("site.editor", Editor, Value.Of("studio"))
        .Add("site.second_editor", Editor, Value.NotTold("site.second_editor"))
        .Add("site.premium", CelType.Bool, Value.True)
        .Add("site.trial", CelType.Bool, Value.NotTold("site.trial"))
        .Add("site.note", CelType.Text, Value.Of("hello"))
        .Add("site.price", CelType.Number, Value.NotTold("site.price"))
        .Add("site.starts_on", CelType.Timestamp, Value.Of(At("2024-06-01T09:00:00Z")))
        .Add("site.holder", new CelType.Reference("person"), Value.Reference(7))
        .Add("site.creator", new CelType.Reference("person"), Value.Reference(7))
        .Add("site.firm", new CelType.Reference("firm"), Value.Reference(3))
        .Add("level", Level, Value.Of("creator"))
        .Add("points", CelType.Number, Value.Of((Number)420))
        .Add("by_area", ByArea, Value.Map(ValueMap.Of([new(Value.Of("video"), Value.Of((Number)3)), new(Value.Of("text"), Value.Of((Number)4))], Value.Of((Number)0))))
        .Add("share", new CelType.Map(Level, CelType.Number), Value.Map(ValueMap.Of([new(Value.Of("icon"), Value.Of((Number)30))], otherwise: null)))
        .Add("hours", new CelType.List(CelType.Number), Value.List([Value.Of((Number)1), Value.Of(Number.Of(5, 2)), Value.Of((Number)4)]));

    public static Instant At(string text) => Zone.TryParseInstant(text, out var at) ? at : throw new FormatException(text);

    /// <summary>Reads an expression that must be right.</summary>
    public static Expression Read(string text, Names? names = null, CelType? expected = null)
    {
        var problems = CelReader.Read(text, names ?? Names(), Dialect.Program, expected, out var expression);
        Assert.True(expression is not null, $"{text}: {string.Join("; ", problems.Select(problem => problem.Message))}");
        return expression!;
    }
}
