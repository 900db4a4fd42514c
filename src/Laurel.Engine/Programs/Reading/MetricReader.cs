using System.Globalization;
using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads the numbers about a member. Every unit is one, unless the edition says it otherwise.</summary>
internal sealed class MetricReader(ReadingContext context)
{
    private readonly KeyReader _keys = new(context);
    /// <summary>The keys that say what a metric is: a metric has one of them.</summary>
    private static readonly IReadOnlyList<string> Forms = ["sum", "count", "median", "runs", "is"];

    private readonly Dictionary<string, (Keyed? Keys, Window? In, LimitKey? Per, Unit? Unit, Documentation Doc)> _read = new(StringComparer.Ordinal);

    /// <summary>Declares the metrics with their types; what they group by is read here, since it is part of the type.</summary>
    public void Declare(YamlNode? section)
    {
        var entries = context.Plain.Named(section, "`metrics`");
        foreach (var unit in context.Names.Vocabulary.Units)
        {
            if (entries.All(e => e.Name != unit.Name)) { context.Names.Metrics[unit.Name] = new(unit.Name, context.Names.Metrics.Count, CelType.Number, default); }
        }
        foreach (var entry in entries)
        {
            if (Names.Check(entry.Key, "a metric", root: true, context.Problems)) { DeclareOne(entry); }
        }
    }

    /// <summary>Reads a section whose metrics are declared.</summary>
    public IReadOnlyList<Metric> Read(YamlNode? section, Documentation edition)
    {
        var metrics = new List<Metric>();
        foreach (var unit in context.Names.Vocabulary.Units)
        {
            if (!_read.ContainsKey(unit.Name)) { metrics.Add(new(unit.Name, metrics.Count, MetricKind.Sum, unit.Index, null, null, null, edition)); }
        }
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            if (_read.TryGetValue(entry.Name, out var read)) { metrics.Add(ReadOne(entry, read, metrics.Count)); }
        }
        return metrics;
    }

    private void DeclareOne(YamlNode.Entry entry)
    {
        var doc = ReadingContext.At(entry.Key.Place);
        if (entry.Value is YamlNode.Scalar)
        {
            Keep(null, null, null, null, doc, CelType.Number);
            return;
        }
        if (Keyed.Of(entry.Value, entry.Key.Place, "a metric", Keys.Metric, context.Problems) is not { } keys)
        {
            Keep(null, null, null, null, doc, CelType.Number);
            return;
        }
        doc = context.Plain.Doc(keys);
        var window = ReadWindow(keys.Find("in"));
        var form = Forms.FirstOrDefault(f => keys.Find(f) is not null) ?? "sum";
        var unit = form switch
        {
            "is" => null,
            "runs" => ReadRuns(keys.Find("runs"))?.Unit,
            _ => context.Unit(keys.Find(form), $"`{form}`"),
        };
        CheckForm(entry, keys);
        LimitKey? per = null;
        if (keys.Find("per") is { } node && context.Plain.Scalar(node, "`per`") is { } text && unit is not null)
        {
            var kinds = context.Names.Rules.Values.Where(r => r.Unit == unit.Index && r.Kind >= 0).Select(r => r.Kind).Distinct().ToList();
            per = _keys.Read(text, $"metric {entry.Name}", kinds);
        }
        Keep(keys, window, per, unit, doc, keys.Find("per") is null ? CelType.Number : new CelType.Map(_keys.TypeOf(per), CelType.Number));

        void Keep(Keyed? keyed, Window? inWindow, LimitKey? key, Unit? of, Documentation says, CelType type)
        {
            _read[entry.Name] = (keyed, inWindow, key, of, says);
            context.Names.Metrics[entry.Name] = new(entry.Name, context.Names.Metrics.Count, type, entry.Key.Place);
        }
    }

    private void CheckForm(YamlNode.Entry entry, Keyed keys)
    {
        var forms = Forms.Where(k => keys.Find(k) is not null).ToList();
        if (forms.Count == 0 && Forms.Any(keys.IsMisspelt)) { return; }
        if (forms.Count != 1)
        {
            context.Error(
                "metric", forms.Count == 0 ? entry.Key.Place : keys.PlaceOf(forms[1]), $"the metric `{entry.Name}` is one of `sum`, `count`, `median`, `runs` and `is`",
                "Write one of `sum: unit`, `count: unit`, `median: unit`, `runs: 3 unit` and `is: formula`.");
        }
        else if (forms[0] != "runs" && keys.Find("broken-by") is not null)
        {
            context.Error("metric", keys.PlaceOf("broken-by"), $"`broken-by` breaks a run, and `{entry.Name}` counts none", "Write `runs: 3 unit`, or take the line out.");
        }
        else if (forms[0] == "is" && (keys.Find("in") ?? keys.Find("per")) is not null)
        {
            var key = keys.Find("in") is null ? "per" : "in";
            context.Error("metric", keys.PlaceOf(key), $"a formula has no `{key}`", "Write it at the `sum` or `count` that the formula reads.");
        }
    }

    private Metric ReadOne(YamlNode.Entry entry, (Keyed? Keys, Window? In, LimitKey? Per, Unit? Unit, Documentation Doc) read, int index)
    {
        var formula = read.Keys is null ? entry.Value : read.Keys.Find("is");
        if (formula is not null and not (YamlNode.Map or YamlNode.List))
        {
            var expression = context.Conditions.Read(formula, $"the formula of `{entry.Name}`", $"metric {entry.Name}", context.StandingScope(), CelType.Number);
            return new(entry.Name, index, MetricKind.Formula, -1, expression, null, null, read.Doc);
        }
        if (formula is not null && read.Keys is not null) { context.Conditions.Read(formula, "`is`", $"metric {entry.Name}", context.StandingScope(), CelType.Number); }
        var kind = read.Keys switch
        {
            { } keys when keys.Find("count") is not null => MetricKind.Count,
            { } keys when keys.Find("median") is not null => MetricKind.Median,
            { } keys when keys.Find("runs") is not null => MetricKind.Runs,
            _ => MetricKind.Sum,
        };
        return new(entry.Name, index, kind, read.Unit?.Index ?? -1, null, read.In, read.Per, read.Doc)
        {
            Length = kind == MetricKind.Runs && read.Keys!.Find("runs") is YamlNode.Scalar runs ? ReadRuns(runs)?.Length ?? 0 : 0,
            BrokenBy = kind == MetricKind.Runs ? context.Unit(read.Keys!.Find("broken-by"), "`broken-by`")?.Index ?? -1 : -1,
        };
    }

    /// <summary>"3 expiry": how many credits of which unit make a run.</summary>
    private (int Length, Unit Unit)? ReadRuns(YamlNode? node)
    {
        if (node is null || context.Plain.Scalar(node, "`runs`") is not { } text) { return null; }
        if (text.Text.Split(' ') is [var count, var name] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is > 0 and <= 1000 && context.Names.Unit(name) is { } unit)
        {
            return (length, unit);
        }
        context.Error("runs", text.Place, $"`runs` is how many credits of a unit make one, and `{text.Text}` is not", "Write for instance `runs: 3 expiry`: a number from 1 to 1000, and a unit of program.yaml.");
        return null;
    }

    /// <summary>A window of moments: one of the calendar's, or since a fact about the member.</summary>
    private Window? ReadWindow(YamlNode? node)
    {
        if (node is not YamlNode.Scalar text || !text.Text.StartsWith("since ", StringComparison.Ordinal)) { return context.Plain.Window(node, "`in`", context.Names.Years); }
        var name = text.Text[6..].Trim();
        if (context.Names.Fact(name) is { About: Vocabulary.MemberKind, BuiltIn: not (BuiltIn.Retracted or BuiltIn.Published) } fact) { return new(WindowKind.Since, Duration.Zero) { Fact = fact.Order }; }
        context.Error(
            "window", text.Place, $"`{name}` is no fact about `member`",
            Spelling.Suggest(name, context.Names.Vocabulary.FactTypes.Where(f => f is { About: Vocabulary.MemberKind, BuiltIn: not (BuiltIn.Retracted or BuiltIn.Published) }).Select(f => f.Name), "The facts about `member` are"));
        return null;
    }
}
