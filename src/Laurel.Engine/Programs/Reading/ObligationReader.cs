namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads what a member should do in each period.</summary>
internal sealed class ObligationReader(ReadingContext context)
{
    private static readonly IReadOnlyList<string> Strengths = ["must", "expected", "encouraged"];

    /// <summary>Declares the names of a section.</summary>
    public void Declare(YamlNode? section)
    {
        foreach (var entry in context.Plain.Named(section, "`obligations`"))
        {
            if (Names.Check(entry.Key, "an obligation", root: true, context.Problems)) { context.Names.Obligations[entry.Name] = (context.Names.Obligations.Count, entry.Key.Place); }
        }
    }

    /// <summary>Reads a section whose names are declared.</summary>
    public IReadOnlyList<Obligation> Read(YamlNode? section)
    {
        var obligations = new List<Obligation>();
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            if (context.Names.Obligations.TryGetValue(entry.Name, out var symbol) && ReadOne(entry, symbol.Index) is { } obligation) { obligations.Add(obligation); }
        }
        return obligations;
    }

    private Obligation? ReadOne(YamlNode.Entry entry, int index)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "an obligation", Keys.Obligation, context.Problems) is not { } keys) { return null; }
        var strength = Strengths.ToList().IndexOf(context.Plain.OneOf(keys.Find("strength"), "`strength`", Strengths) ?? "must");
        var least = ReadLeast(keys.Need("at-least"), (Strength)strength);
        var each = ReadEach(keys.Need("each"));
        var owner = $"obligation {entry.Name}";
        var term = context.Condition(keys.Find("term"), "`term`", owner, context.StandingScope());
        var during = context.Condition(keys.Find("during"), "`during`", owner, context.StandingScope());
        var doc = context.Plain.Doc(keys);
        return least is { } asked && each is { } period ? new(entry.Name, index, asked.Unit.Index, asked.Amount, period, term, during, (Strength)strength, doc) : null;
    }

    /// <summary>"3 hours": how much of which unit. Nothing is only asked for by what is counted and thanked.</summary>
    private (long Amount, Unit Unit)? ReadLeast(YamlNode? node, Strength strength)
    {
        if (node is null || context.Plain.Scalar(node, "`at-least`") is not { } text) { return null; }
        var words = text.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2)
        {
            context.Error("at-least", text.Place, $"`at-least` is a number and a unit, and `{text.Text}` is not", $"Write for instance `3 {(context.Names.Vocabulary.Units is [var first, ..] ? first.Name : "hours")}`.");
            return null;
        }
        if (context.Names.Unit(words[1]) is not { } unit)
        {
            context.Unknown("unit", text with { Text = words[1] }, context.Names.Vocabulary.Units.Select(u => u.Name), "The units are");
            return null;
        }
        if (context.Plain.Amount(text, words[0], "`at-least`", unit) is not { } amount) { return null; }
        if (amount > 0 || strength == Strength.Encouraged) { return (amount, unit); }
        context.Error("at-least", text.Place, "this asks for nothing, and so can't be missed", "Write how much, or `strength: encouraged`: what is counted and thanked.");
        return null;
    }

    private WindowKind? ReadEach(YamlNode? node)
    {
        if (node is null || context.Plain.Scalar(node, "`each`") is not { } text) { return null; }
        if (PlainValues.PeriodOf(text.Text) is { } period) { return period; }
        context.Error("each", text.Place, $"`{text.Text}` is no period", "Write `day`, `week`, `month`, `quarter`, `half-year` or `year`.");
        return null;
    }
}
