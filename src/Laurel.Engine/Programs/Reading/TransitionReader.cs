using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads what becomes of the credits of earlier editions.</summary>
/// <param name="before">The rules of the edition before.</param>
/// <param name="earlier">The rules of all editions before, the nearest of each name.</param>
/// <param name="hasBefore">True where there is an edition before.</param>
internal sealed class TransitionReader(ReadingContext context, IReadOnlySet<string> before, IReadOnlyDictionary<string, KeptRule> earlier, bool hasBefore)
{
    /// <summary>Reads the section.</summary>
    public IReadOnlyList<Transition> Read(YamlNode? section, Place place)
    {
        var transitions = new List<Transition>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in context.Plain.Named(section, "`transition`"))
        {
            named.Add(entry.Name);
            if (ReadOne(entry) is { } transition) { transitions.Add(transition); }
        }
        foreach (var rule in before.Where(r => !context.Names.Rules.ContainsKey(r) && !named.Contains(r)))
        {
            context.Error(
                "rule-gone", place, $"the rule `{rule}` of the edition before is gone, and `transition` does not say what becomes of its credits",
                $"Write under `transition` one of `{rule}: keep` (they go on until they end by their own edition), `{rule}: end`, or `{rule}: rule` (they go on as that rule's).");
        }
        return transitions;
    }

    /// <summary>The rules whose credits go on under an old edition: kept by this transition, or by an earlier one and not named here.</summary>
    public static Dictionary<string, KeptRule> Kept(YamlNode? section, IReadOnlyDictionary<string, KeptRule> earlier, IReadOnlyDictionary<string, KeptRule> keptBefore)
    {
        var kept = new Dictionary<string, KeptRule>(keptBefore, StringComparer.Ordinal);
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            kept.Remove(entry.Name);
            if (entry.Value is YamlNode.Scalar { Text: "keep" } && earlier.TryGetValue(entry.Name, out var rule)) { kept[entry.Name] = rule; }
        }
        return kept;
    }

    private Transition? ReadOne(YamlNode.Entry entry)
    {
        if (!hasBefore)
        {
            context.Error("unknown-rule", entry.Key.Place, $"there is no edition before this one, so there is no rule `{entry.Name}` to go on", "Take the line out.");
            return null;
        }
        if (!earlier.TryGetValue(entry.Name, out var old))
        {
            context.Unknown("rule", entry.Key, earlier.Keys, "The rules of the editions before are");
            return null;
        }
        if (context.Plain.Scalar(entry.Value, $"what becomes of `{entry.Name}`") is not { } text) { return null; }
        var doc = ReadingContext.At(entry.Key.Place);
        switch (text.Text)
        {
            case "keep":
                return new(entry.Name, TransitionKind.Keep, -1, doc);
            case "end" when old.Unit >= 0 && context.Names.Vocabulary.Units[old.Unit].Money:
                context.Error("money-ends", text.Place, $"`{entry.Name}` gives {context.Names.Vocabulary.Units[old.Unit].Name}, and money that is owed does not end", "Write `keep`, or the name of a rule of this edition.");
                return null;
            case "end":
                return new(entry.Name, TransitionKind.End, -1, doc);
        }
        if (!context.Names.Rules.TryGetValue(text.Text, out var rule))
        {
            context.Unknown("rule", text, context.Names.Rules.Keys, "Write `keep`, `end`, or a rule of this edition:");
            return null;
        }
        if (rule.Unit >= 0 && old.Unit >= 0 && rule.Unit != old.Unit)
        {
            context.Error("transition-units", text.Place, $"`{entry.Name}` gives {context.Names.Vocabulary.Units[old.Unit].Name} and `{rule.Name}` gives {context.Names.Vocabulary.Units[rule.Unit].Name}", "Credits go on in their own unit.");
            return null;
        }
        return new(entry.Name, TransitionKind.As, rule.Index, doc);
    }
}
