namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads what a level or state opens.</summary>
internal sealed class BenefitReader(ReadingContext context)
{
    private static readonly IReadOnlyList<string> Kinds = ["on", "download", "assigned"];

    /// <summary>Reads a section.</summary>
    public IReadOnlyList<Benefit> Read(YamlNode? section)
    {
        var benefits = new List<Benefit>();
        foreach (var entry in context.Plain.Named(section, "`benefits`"))
        {
            if (Names.Check(entry.Key, "a benefit", root: false, context.Problems) && ReadOne(entry, benefits.Count) is { } benefit) { benefits.Add(benefit); }
        }
        return benefits;
    }

    private Benefit? ReadOne(YamlNode.Entry entry, int index)
    {
        var (condition, kind, doc) = (entry.Value, "on", ReadingContext.At(entry.Key.Place));
        if (entry.Value is not YamlNode.Scalar { Text.Length: > 0 })
        {
            if (Keyed.Of(entry.Value, entry.Key.Place, "a benefit", Keys.Benefit, context.Problems) is not { } keys) { return null; }
            kind = context.Plain.OneOf(keys.Find("kind"), "`kind`", Kinds) ?? "on";
            doc = context.Plain.Doc(keys);
            if (keys.Need("while") is not { } written) { return null; }
            condition = written;
        }
        var expression = context.Condition(condition, $"the condition of `{entry.Name}`", $"benefit {entry.Name}", context.StandingScope());
        return expression is null ? null : new(entry.Name, index, expression, kind, doc);
    }
}
