using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using YamlDotNet.RepresentationModel;

namespace Laurel.Cli.Samples;

/// <summary>Reads a program's sample.yaml and checks it against what the program can be told.</summary>
internal sealed class SampleReader
{
    /// <summary>The file of a program's folder that tells it.</summary>
    public const string File = "sample.yaml";

    private const int TextMax = 200;

    private readonly Vocabulary _vocabulary;
    private readonly SampleYaml _yaml;
    private readonly List<(string Name, YamlNode Node, List<string> Steps)> _stories = [];

    private SampleReader(Vocabulary vocabulary, SampleYaml yaml) => (_vocabulary, _yaml) = (vocabulary, yaml);

    /// <summary>Reads a sample.</summary>
    /// <returns>The plan, null where anything is wrong; and all that is wrong.</returns>
    public static (SamplePlan? Plan, IReadOnlyList<Problem> Problems) Read(string file, string text, Vocabulary vocabulary)
    {
        var yaml = new SampleYaml(file);
        var plan = yaml.Parse(text) is { } root ? new SampleReader(vocabulary, yaml).ReadPlan(root) : null;
        return (yaml.Problems.Count == 0 ? plan : null, yaml.Problems);
    }

    private SamplePlan ReadPlan(YamlMappingNode root)
    {
        _yaml.Only(root, "source", "from", "to", "names", "late", "twice", "retracted", "stories");
        if (_yaml.Needed(root, "stories") is { } stories)
        {
            foreach (var (key, story) in _yaml.Entries(stories))
            {
                var steps = _yaml.Needed(story, "steps") is { } node ? _yaml.Entries(node).Select(step => step.Key.Value!).ToList() : [];
                _stories.Add((key.Value!, story, steps));
            }
        }
        var (from, to) = (_yaml.Day(root, "from"), _yaml.Day(root, "to"));
        if (from >= to && SampleYaml.Find(root, "from") is not null && SampleYaml.Find(root, "to") is not null) { _yaml.Wrong(root, "`from` is not before `to`", "Swap them."); }
        return new(_yaml.Text(root, "source"), from, to, [.. _vocabulary.Kinds.Select(kind => kind.Name)], Names(root), Quirk(root, "late"), Quirk(root, "twice"), Quirk(root, "retracted"), [.. _stories.Select(story => ReadStory(story.Name, story.Node, story.Steps))]);
    }

    private List<string> Names(YamlMappingNode root)
    {
        var names = SampleYaml.Find(root, "names");
        if (names is not null) { _yaml.Only(names, [.. _vocabulary.Kinds.Select(kind => kind.Name)]); }
        return [.. _vocabulary.Kinds.Select(kind => SampleYaml.Find(names, kind.Name) is { } prefix ? _yaml.Text(prefix) : kind.Name)];
    }

    private SampleQuirk Quirk(YamlMappingNode root, string key)
    {
        if (SampleYaml.Find(root, key) is not { } node) { return new(0, default); }
        _yaml.Only(node, "share", "by");
        return new(_yaml.Share(node, "share"), _yaml.Wait(node, "by"));
    }

    private SampleStory ReadStory(string name, YamlNode node, List<string> steps)
    {
        _yaml.Only(node, "about", "weight", "starts", "steps");
        var about = _yaml.Text(node, "about");
        var kind = _vocabulary.Kinds.FirstOrDefault(k => k.Name == about);
        if (kind is null) { _yaml.Wrong(node, $"the program knows no `{about}`", $"Use one of {string.Join(", ", _vocabulary.Kinds.Select(k => k.Name))}."); }
        var weight = SampleYaml.Find(node, "weight") is { } weighed ? _yaml.Weight(weighed) : 0;
        var starts = _yaml.Needed(node, "starts") is { } start ? StepOf(start, steps) : 0;
        var read = SampleYaml.Find(node, "steps") is { } all ? _yaml.Entries(all).Select(step => ReadStep(step.Value, kind?.Index ?? -1, _stories.FindIndex(s => s.Name == name), steps)).ToList() : [];
        return new(name, kind?.Index ?? 0, weight, starts, read);
    }

    private SampleStep ReadStep(YamlNode node, int kind, int story, List<string> steps)
    {
        _yaml.Only(node, "fact", "data", "then", "also");
        var name = _yaml.Text(node, "fact");
        var type = _vocabulary.FactTypes.FirstOrDefault(t => t.Name == name && t.About == kind && t.BuiltIn is not (BuiltIn.Retracted or BuiltIn.Published));
        if (type is null)
        {
            _yaml.Wrong(node, $"the program knows no fact `{name}` about this kind", $"Use one of {string.Join(", ", _vocabulary.FactTypes.Where(t => t.About == kind).Select(t => t.Name))}.");
        }
        var data = SampleYaml.Find(node, "data");
        var fields = type is null || data is null ? [] : _yaml.Entries(data).Select(field => ReadField(field.Key, field.Value, type)).OfType<SampleField>().ToList();
        foreach (var field in type?.Carries ?? [])
        {
            var missing = fields.Find(f => f.Name == field.Name) is { } told ? told.Options.Any(option => option.Who == SampleWord.Nothing) : true;
            if (field.Needed && missing) { _yaml.Wrong(node, $"`{name}` needs the field `{field.Name}`", "Say in each case what it is."); }
        }
        var then = Ways(SampleYaml.Find(node, "then"), story, steps);
        if (then.Sum(way => way.Chance) > 10_000) { _yaml.Wrong(node, "what follows comes to more than 100%", "Only one of `then` can follow; what may follow besides is `also`."); }
        return new(name, fields, then, Ways(SampleYaml.Find(node, "also"), story, steps));
    }

    private List<SampleWay> Ways(YamlNode? node, int story, List<string> steps) => [.. _yaml.Items(node).Select(way =>
    {
        _yaml.Only(way, "step", "story", "chance", "after");
        var (chance, after) = (_yaml.Share(way, "chance"), _yaml.Wait(way, "after"));
        if (SampleYaml.Find(way, "story") is not { } other) { return new(story, _yaml.Needed(way, "step") is { } step ? StepOf(step, steps) : 0, chance, after); }
        var target = _stories.FindIndex(s => s.Name == _yaml.Text(other));
        if (target < 0) { _yaml.Wrong(other, "there is no story of this name", $"Use one of {string.Join(", ", _stories.Select(s => s.Name))}."); }
        return new SampleWay(Math.Max(0, target), target < 0 ? 0 : Math.Max(0, _stories[target].Steps.IndexOf(SampleYaml.Find(_stories[target].Node, "starts")?.ToString() ?? "")), chance, after);
    })];

    private int StepOf(YamlNode node, List<string> steps)
    {
        var step = steps.IndexOf(_yaml.Text(node));
        if (step < 0) { _yaml.Wrong(node, "the story has no step of this name", $"Use one of {string.Join(", ", steps)}."); }
        return Math.Max(0, step);
    }

    private SampleField? ReadField(YamlScalarNode key, YamlNode value, FactType type)
    {
        var field = type.Carries.FirstOrDefault(f => f.Name == key.Value);
        if (field is null)
        {
            _yaml.Wrong(key, $"`{type.Name}` carries no field `{key.Value}`", $"It may carry {string.Join(", ", type.Carries.Select(f => f.Name))}.");
            return null;
        }
        var options = value is YamlMappingNode
            ? _yaml.Entries(value).Select(option => ReadOption(option.Key, field, _yaml.Weight(option.Value)))
            : [ReadOption(value, field, 1)];
        return new(field.Name, (field.Type as FieldType.Reference)?.Kind ?? -1, [.. options]);
    }

    private SampleOption ReadOption(YamlNode node, FactField field, int weight)
    {
        var text = _yaml.Text(node);
        if (text.Length > TextMax) { _yaml.Wrong(node, "this is too long for a sample", $"Write at most {TextMax} characters."); }
        if (text == "-") { return new(weight, SampleWord.Nothing, [], 0); }
        if (field.Type is FieldType.Reference)
        {
            if (Enum.TryParse<SampleWord>(text, ignoreCase: true, out var who) && who is >= SampleWord.Owner and <= SampleWord.Parent) { return new(weight, who, [], 0); }
            _yaml.Wrong(node, $"`{text}` is nobody", "Write owner, other, another or parent.");
            return new(weight, SampleWord.Owner, [], 0);
        }
        if (field.Type is FieldType.Instant && text.Split(' ') is ["in", var count, "days" or "day"] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 100_000)
        {
            return new(weight, SampleWord.Day, [], days);
        }
        if (FactValue.Read(field, text, _vocabulary, out var refusal) is not { } value)
        {
            _yaml.Wrong(node, $"`{text}` can't be a value of `{field.Name}`: {refusal}", "Write what a fact could say there; or `-` for nothing; or, of an instant, `in 30 days`.");
            return new(weight, SampleWord.Constant, [], 0);
        }
        var bare = value is FactValue.Number or FactValue.Money or FactValue.Flag;
        return new(weight, SampleWord.Constant, bare ? Encoding.UTF8.GetBytes(text) : [.. "\""u8, .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, .. "\""u8], 0);
    }
}
