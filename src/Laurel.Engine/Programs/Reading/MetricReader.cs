using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads the numbers about a member. Every unit is one, unless the edition says it otherwise.</summary>
internal sealed class MetricReader(ReadingContext context)
{
    private readonly KeyReader _keys = new(context);
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
        var window = context.Plain.Window(keys.Find("in"), "`in`", context.Names.Years);
        var unit = context.Unit(keys.Find("sum") ?? keys.Find("count"), keys.Find("sum") is null ? "`count`" : "`sum`");
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
        var forms = ((IReadOnlyList<string>)["sum", "count", "is"]).Where(k => keys.Find(k) is not null).ToList();
        if (forms.Count != 1)
        {
            context.Error("metric", forms.Count == 0 ? entry.Key.Place : keys.PlaceOf(forms[1]), $"the metric `{entry.Name}` is one of `sum`, `count` and `is`", "Write one of `sum: unit`, `count: unit` and `is: formula`.");
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
        var kind = read.Keys?.Find("count") is null ? MetricKind.Sum : MetricKind.Count;
        return new(entry.Name, index, kind, read.Unit?.Index ?? -1, null, read.In, read.Per, read.Doc);
    }
}
