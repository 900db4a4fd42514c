using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>Reads the facts of a scenario into a history, by the same reader that files of facts go through.</summary>
internal sealed class FactItemReader(Vocabulary vocabulary, ProblemList problems)
{
    private const int RepeatMax = 100_000;

    private readonly PlainValues _plain = new(problems);
    private readonly HistoryBuilder _history = new(vocabulary);
    private int _ids;

    /// <summary>Reads a list of facts.</summary>
    /// <returns>All that could be recorded.</returns>
    public History Read(YamlNode node)
    {
        foreach (var item in PlainValues.Items(node))
        {
            if (ItemOf(item) is { } fact) { Record(fact); }
        }
        return _history.Build();
    }

    private FactItem? ItemOf(YamlNode node)
    {
        if (node is not YamlNode.Map map)
        {
            if (node is not YamlNode.Scalar { Refused: true })
            {
                problems.Error("not-a-map", node.Place, $"a fact is a map of keys, and this is {node.What}", "Write `{ at: 2024-06-01, fact: site.created, site: s1, … }`.");
            }
            return null;
        }
        foreach (var key in (IReadOnlyList<string>)["at", "fact"])
        {
            if (map.Find(key) is null) { problems.Error("missing-key", map.Place, $"a fact needs the key `{key}`", $"Write `{key}: …` here."); }
        }
        if (map.Find("at") is not { } at || map.Find("fact") is not { } name || _plain.Scalar(at, "`at`") is null || _plain.Scalar(name, "`fact`") is not { } text) { return null; }
        var type = vocabulary.FactTypes.FirstOrDefault(t => t.Name == text.Text);
        var kind = type is not null ? vocabulary.Kinds[type.About] : vocabulary.Kinds.FirstOrDefault(k => map.Find(k.Name) is not null);
        return new(map, text, type, kind?.Name ?? "");
    }

    private void Record(FactItem item)
    {
        var refused = item.Own("refused");
        if (refused is null && !Check(item)) { return; }
        var (first, count) = (1, 1);
        int? number = null;
        if (item.Own("repeat") is { } repeat)
        {
            if (_plain.Whole(repeat, "`repeat`", 1, RepeatMax) is not { } times) { return; }
            count = times;
            if (item.Own("from") is { } from) { first = _plain.Whole(from, "`from`", 0, RepeatMax) ?? 1; }
            number = first;
        }
        else if (item.Own("from") is { } from)
        {
            problems.Error("needs-repeat", from.Place, "`from` stands without `repeat`", "Write `repeat: 10` for ten facts, numbered from this on.");
        }
        for (var i = 0; i < count; i++)
        {
            var line = item.ToLine($"f{++_ids}", number is null ? null : first + i);
            var refusal = _history.AddLine(line, 0) switch
            {
                Verdict.Refused verdict => verdict.Refusal,
                Verdict.Recorded verdict => verdict.Displaced,
                _ => null,
            };
            if (!Answer(item, refused, refusal)) { return; }
        }
    }

    /// <summary>Compares what became of a fact with what the scenario says of it.</summary>
    private bool Answer(FactItem item, YamlNode? refused, Refusal? refusal)
    {
        if (refused is null)
        {
            if (refusal is not null) { problems.Error(refusal.Code.ToString(), PlaceOf(item, refusal.Field), refusal.Message, refusal.Remedy); }
            return refusal is null;
        }
        if (_plain.OneOf(refused, "`refused`", Enum.GetNames<RefusalCode>()) is not { } code || refusal?.Code.ToString() == code) { return true; }
        var actual = refusal is null ? "it is recorded" : $"it is refused as `{refusal.Code}`: {refusal.Message}";
        problems.Error("not-refused", refused.Place, $"this fact was to be refused as `{code}`, and {actual}", "Correct the fact or the code; where the fact is good, take `refused` out.");
        return false;
    }

    /// <summary>Finds all that is wrong with a fact before it is told: the history would name the first only.</summary>
    private bool Check(FactItem item)
    {
        var before = problems.ErrorCount;
        if (item.Type is not { } type)
        {
            problems.Error("unknown-fact", item.Name.Place, $"there is no fact `{item.Name.Text}`", Spelling.Suggest(item.Name.Text, vocabulary.FactTypes.Where(t => t.BuiltIn != BuiltIn.Published).Select(t => t.Name), "The facts are"));
            return false;
        }
        if (item.Subject is null && type.BuiltIn != BuiltIn.Retracted)
        {
            problems.Error("missing-key", item.Map.Place, $"`{type.Name}` is about a {item.Kind}, and does not say which", $"Write `{item.Kind}: name` here.");
        }
        foreach (var field in type.Carries.Where(f => f.Needed && item.Map.Find(f.Name) is null))
        {
            problems.Error(nameof(RefusalCode.MissingField), item.Map.Place, $"`{type.Name}` needs the field `{field.Name}`", RefusalText.Remedy(RefusalCode.MissingField, $"data.{field.Name}", type, vocabulary));
        }
        foreach (var own in ScenarioKeys.Fact.Append(item.Kind).Where(k => item.Own(k) is not null))
        {
            if (_plain.Scalar(item.Own(own)!, $"`{own}`") is { } text && own is "at" or "recorded") { Tell(TimeText.Read(Encoding.UTF8.GetBytes(text.Text), vocabulary.Zone, out _), own, text, type); }
        }
        foreach (var entry in item.Fields) { Check(item, type, entry); }
        return problems.ErrorCount == before;
    }

    private void Check(FactItem item, FactType type, YamlNode.Entry entry)
    {
        if (item.FieldOf(entry.Name) is not { } field)
        {
            problems.Error(
                "unknown-field", entry.Key.Place, $"`{type.Name}` carries no field `{entry.Name}`",
                Spelling.Suggest(entry.Name, type.Carries.Select(f => f.Name).Append(item.Kind).Concat(ScenarioKeys.Fact), "Here can stand"));
            return;
        }
        if (_plain.Scalar(entry.Value, $"`{entry.Name}`") is not { } text) { return; }
        var wrong = field.Type is FieldType.Flag
            ? text.Text is "true" or "false" ? null : RefusalCode.WrongType
            : new FieldReader(vocabulary, field, type.BuiltIn).Read(Encoding.UTF8.GetBytes(text.Text), out _, out _);
        Tell(wrong, field.Name, text, type);
    }

    private void Tell(RefusalCode? wrong, string field, YamlNode.Scalar text, FactType type)
    {
        // What is repeated is looked at number by number, when it is told.
        if (wrong is not { } code || text.Text.Contains("{n}", StringComparison.Ordinal)) { return; }
        problems.Error(code.ToString(), text.Place, RefusalText.Message(code, field, $"\"{text.Text}\"", type), RefusalText.Remedy(code, field, type, vocabulary));
    }

    private static Place PlaceOf(FactItem item, string field)
    {
        var node = field switch
        {
            "time" => item.Map.Find("at"),
            "recordedtime" => item.Own("recorded"),
            "subject" => item.Subject,
            "type" => item.Name,
            "id" or "source" => item.Own(field),
            _ => field.StartsWith("data.", StringComparison.Ordinal) ? item.Map.Find(field[5..]) : null,
        };
        return node?.Place ?? item.Map.Place;
    }
}
