namespace Laurel.Engine.Programs.Reading;

/// <summary>A rule of an earlier edition whose credits go on under it.</summary>
/// <param name="Kind">The kind that it is about.</param>
/// <param name="Unit">What it gives.</param>
internal sealed record KeptRule(string Name, int Kind, int Unit);

/// <summary>Reads how rules compete.</summary>
internal sealed class LimitReader(ReadingContext context, IReadOnlyDictionary<string, KeptRule> kept, bool allBefore)
{
    private static readonly IReadOnlyList<string> Ways = ["best", "first", "from", "at-most", "budget"];

    private readonly KeyReader _keys = new(context);

    /// <summary>Reads a section.</summary>
    public IReadOnlyList<Limit> Read(YamlNode? section)
    {
        var limits = new List<Limit>();
        foreach (var entry in context.Plain.Named(section, "`limits`"))
        {
            if (Names.Check(entry.Key, "a limit", root: false, context.Problems) && ReadOne(entry, limits.Count) is { } limit) { limits.Add(limit); }
        }
        CheckBudgets(limits);
        return limits;
    }

    /// <summary>What a budget is spent on was settled with each member before.</summary>
    private void CheckBudgets(List<Limit> limits)
    {
        foreach (var budget in limits.Where(l => l.Kind == LimitKind.Budget))
        {
            foreach (var limit in limits.Where(l => l.Index > budget.Index && l.Kind != LimitKind.Budget && (l.Of.Intersect(budget.Of).Any() || l.OfKept.Intersect(budget.OfKept).Any())))
            {
                context.Error(
                    "budget-last", limit.Doc.Place, $"the limit `{limit.Name}` stands after the budget `{budget.Name}`, and both are about a rule",
                    "A budget is settled among all members, after what is settled with each: write it below.");
            }
        }
    }

    private Limit? ReadOne(YamlNode.Entry entry, int index)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "a limit", Keys.Limit, context.Problems) is not { } keys) { return null; }
        var (rules, keptRules, whole) = ReadRules(keys.Need("of"));
        var doc = context.Plain.Doc(keys);
        var kinds = rules.Select(r => r.Kind).Concat(keptRules.Select(k => k.Kind)).Where(k => k >= 0).Distinct().ToList();
        var per = new List<LimitKey>();
        foreach (var text in context.Plain.Texts(keys.Find("per"), "a key of `per`"))
        {
            if (_keys.Read(text, $"limit {entry.Name}", kinds) is { } key) { per.Add(key); }
        }
        var units = rules.Select(r => r.Unit).Concat(keptRules.Select(k => k.Unit)).Where(u => u >= 0).Distinct().ToList();
        if (units.Count > 1)
        {
            var names = string.Join(" and ", units.Select(u => $"`{context.Names.Vocabulary.Units[u].Name}`"));
            context.Error("limit-units", entry.Key.Place, $"the rules of the limit `{entry.Name}` give {names}", "Only credits of one unit compete: write one limit for each.");
            return null;
        }
        if (ReadWay(keys, units.Count == 1 ? context.Names.Vocabulary.Units[units[0]] : null) is not { } way || !whole) { return null; }
        return new(entry.Name, index, [.. rules.Select(r => r.Index)], [.. keptRules.Select(k => k.Name)], per, way.Kind, way.Number, doc);
    }

    private (IReadOnlyList<RuleSymbol> Rules, IReadOnlyList<KeptRule> Kept, bool Whole) ReadRules(YamlNode? node)
    {
        var (rules, keptRules) = (new List<RuleSymbol>(), new List<KeptRule>());
        var texts = context.Plain.Texts(node, "a rule of `of`");
        foreach (var text in texts)
        {
            if (rules.Exists(r => r.Name == text.Text) || keptRules.Exists(k => k.Name == text.Text))
            {
                context.Error("name-twice", text.Place, $"the rule `{text.Text}` is there twice", "Name it once.");
            }
            else if (context.Names.Rules.TryGetValue(text.Text, out var rule)) { rules.Add(rule); }
            else if (kept.TryGetValue(text.Text, out var old)) { keptRules.Add(old); }
            else if (allBefore) { context.Unknown("rule", text, context.Names.Rules.Keys.Concat(kept.Keys), "The rules are"); }
        }
        return (rules, keptRules, texts.Count > 0 && rules.Count + keptRules.Count == texts.Count);
    }

    private (LimitKind Kind, long Number)? ReadWay(Keyed keys, Unit? unit)
    {
        var written = Ways.Where(w => keys.Find(w) is not null).ToList();
        if (written is not [var way])
        {
            context.Error(
                "limit-way", written.Count == 0 ? keys.Place : keys.PlaceOf(written[1]), written.Count == 0 ? "the limit does not say how it chooses" : "the limit says twice how it chooses",
                "Write one of `best: 1`, `first: 5`, `from: 5`, `at-most: 1000`, `budget: 100000`.");
            return null;
        }
        var node = keys.Find(way)!;
        if (way is "at-most" or "budget") { return ReadAmount(node, way, unit) is { } amount ? (way == "budget" ? LimitKind.Budget : LimitKind.AtMost, amount) : null; }
        var number = context.Plain.Whole(node, $"`{way}`", 1, 1_000_000);
        return number is null ? null : (way switch { "best" => LimitKind.Best, "first" => LimitKind.First, _ => LimitKind.From }, number.Value);
    }

    private long? ReadAmount(YamlNode node, string way, Unit? unit)
    {
        if (context.Plain.Scalar(node, $"`{way}`") is not { } text || unit is null) { return null; }
        var words = text.Text.Split(' ');
        if (words.Length == 2 && words[1] != unit.Name)
        {
            context.Error("unknown-unit", text.Place, $"the rules of this limit give {unit.Name}, not {words[1]}", $"Write `{words[0]} {unit.Name}`.");
            return null;
        }
        return context.Plain.Amount(text, words.Length == 2 ? words[0] : text.Text, $"`{way}`", unit);
    }
}
