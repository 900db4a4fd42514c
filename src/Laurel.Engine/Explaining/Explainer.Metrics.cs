using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Metrics: the arithmetic from credits to the number.</content>
public sealed partial class Explainer
{
    /// <summary>A metric: the arithmetic from credits to the number.</summary>
    public Explanation Metric(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (metric.Kind == MetricKind.Formula) { return Formula(metric, inFull: true); }
        if (metric.Ranking is not null) { return Rank(metric); }
        var value = _standing.Metrics[metric.Index];
        var counted = Counted(metric);
        var name = ("metric", (Argument)new Argument.Name(metric.Name));
        var window = ("window", metric.In is null ? "" : WindowOf(metric.In));
        if (metric.Per is not null)
        {
            var keys = counted.GroupBy(c => _metricKeys.Of(metric, c, _keys)).Select(g => KeyLine(metric, g.Key, value, [.. g])).ToList();
            return Explanation.Of(Message.Of((keys.Count, metric.In) switch { (0, null) => "metric.per-none", (0, _) => "metric.per-none-in", (_, null) => "metric.per", _ => "metric.per-in" }, name, window), keys);
        }
        var rules = RuleLines(metric, counted);
        if (metric.Kind is MetricKind.Median or MetricKind.Runs) { return Explanation.Of(InWords(metric, value, counted), rules); }
        var key = (rules.Count, metric.In) switch { (0, null) => "metric.none", (0, _) => "metric.none-in", (_, null) => "metric.sum", _ => "metric.sum-in" };
        return Explanation.Of(Message.Of(key, name, ("value", Of(metric, value)), window, ("rules", new Number(rules.Count))), rules);
    }

    /// <summary>A number per key without what each is made of.</summary>
    private static Explanation InShort(Explanation metric) => metric with { Because = [.. metric.Because.Select(key => key with { Because = [] })] };

    /// <summary>So many amounts are told one by one.</summary>
    private const int AmountsTold = 9;

    /// <summary>The middle of amounts, or how often credits came in a row.</summary>
    private Message InWords(Metric metric, in Value value, List<Credit> counted)
    {
        Argument name = new Argument.Name(metric.Name);
        var named = ("metric", metric.In is { } window ? Message.Of("metric.in-window", ("metric", name), ("window", WindowOf(window))) : name);
        if (value.Kind == ValueKind.NotTold) { return Message.Of("metric.no-median", named); }
        var shown = ("value", FactWords.Shown(value));
        if (metric.Kind == MetricKind.Runs)
        {
            return Message.Of(
                metric.BrokenBy < 0 ? "metric.runs" : "metric.runs-broken-by", named, shown, ("length", new Number(metric.Length)),
                ("unit", new Argument.Name(_vocabulary.Units[metric.Unit].Name)), ("breaks", new Argument.Name(_vocabulary.Units[Math.Max(metric.BrokenBy, 0)].Name)), ("count", new Number(counted.Count)));
        }
        if (counted.Count > AmountsTold) { return Message.Of("metric.median", named, shown, ("count", new Number(counted.Count))); }
        var amounts = counted.OrderBy(c => c.Counted).Select(c => (Argument)AmountOf(c.Rule, c.Counted).Value).ToList();
        return Message.Of("metric.median-of", named, shown, ("amounts", new Argument.Several(amounts)));
    }

    private Explanation KeyLine(Metric metric, Value key, Value map, IReadOnlyList<Credit> credits) => Explanation.Of(
        Message.Of("metric.key", ("key", FactWords.Shown(key)), ("value", Of(metric, map.Kind == ValueKind.Map ? map.AsMap[key] : map))),
        RuleLines(metric, credits));

    private List<Explanation> RuleLines(Metric metric, IReadOnlyList<Credit> credits) => [.. credits.GroupBy(c => _book.NameOf(c.Rule)).Select(g => RuleLine(metric, [.. g]))];

    /// <summary>The value of a metric: an amount, where its name alone does not say of what.</summary>
    private Argument Of(Metric metric, in Value value)
    {
        var unit = _vocabulary.Units[metric.Unit];
        return value.Kind == ValueKind.Number && metric.Kind == MetricKind.Sum && (unit.Money || unit.Name != metric.Name) ? new Argument.Amount(value.AsNumber, unit.Name) : FactWords.Shown(value);
    }

    private List<Credit> Counted(Metric metric) => [.. _credits.Where(c =>
        c.Status == CreditStatus.Active && c.Counted != 0 && c.Holds(_at) && _book.UnitOf(c.Rule) == metric.Unit && _at < Leaves(metric.In, c))];

    private Instant Leaves(Window? window, in Credit credit) => MetricWindow.Leaves(window, credit.Moment, _history, _member, _scoring.UpTo, _edition.Calendar);

    /// <summary>What one rule adds to a metric, with the credits it is made of.</summary>
    private Explanation RuleLine(Metric metric, IReadOnlyList<Credit> credits)
    {
        var rule = credits[0].Rule;
        var lines = credits.OrderBy(c => c.Starts).ThenBy(c => c.Subject).Select(c => CreditLine(c, metric.In)).ToList();
        Argument amount = metric.Kind == MetricKind.Count ? new Number(credits.Count) : Sum(credits);
        return Explanation.Of(
            Message.Of("metric.rule", ("amount", amount), ("count", new Number(credits.Count)), ("rule", new Argument.Name(_book.NameOf(rule))), ("says", WordsOf(rule))),
            lines);
    }

    /// <summary>One credit: how much, on what, since when, until when, by what fact.</summary>
    private Explanation CreditLine(Credit credit, Window? window)
    {
        var ends = Instant.Min(EndOf(credit), Leaves(window, credit));
        var byHand = _book.IsBuiltIn(credit.Rule);
        var key = byHand ? "credit.by-hand" : credit.Status == CreditStatus.Pending ? ends < Instant.Never ? "credit.pending" : "credit.pending-open" : ends < Instant.Never ? "credit.until" : "credit";
        var lines = new List<Explanation>();
        if (credit.Fact >= 0) { lines.Add(Explanation.Of(_facts.Of(credit.Fact))); }
        if (byHand) { lines.AddRange(ByWhom(credit.Fact)); }
        else if (IsKept(credit.Rule)) { lines.Add(Explanation.Of(Message.Of("rule.kept", ("edition", _book.Editions[_book.EditionOf(credit.Rule)].Edition.Name)))); }
        if (credit.Counted != credit.Amount) { lines.Add(SetAside(credit)); }
        return Explanation.Of(
            Message.Of(
                key,
                ("amount", AmountOf(credit.Rule, credit.Counted)), ("subject", SubjectName(credit.Subject)), ("since", StartOf(credit)), ("until", ends)),
            lines);
    }

    /// <summary>When a credit ends: its spans that follow without a gap and count as much belong to it.</summary>
    private Instant EndOf(Credit credit) => _book.WholeSpanOf(credit, _credits).Ends;

    /// <summary>When a credit began to count as much.</summary>
    private Instant StartOf(Credit credit) => _book.WholeSpanOf(credit, _credits).Starts;

    private Explanation Formula(Metric metric, bool inFull)
    {
        var formula = metric.Formula!;
        var parts = formula.Bindings.Values.OfType<MetricBinding>().Select(b => b.Metric).Distinct().Select(m => Metric(_edition.Metrics[m]))
            .Select(part => inFull ? part : part with { Because = [] });
        var name = ("metric", (Argument)new Argument.Name(metric.Name));
        if (metric.Per is null)
        {
            var (missing, read) = Inputs(metric, null);
            return Explanation.Of(Message.Of("metric.formula", name, ("value", FactWords.Shown(_standing.Metrics[metric.Index])), ("formula", formula.Source)), [.. missing, .. parts, .. read]);
        }
        var map = _standing.Metrics[metric.Index].AsMap;
        var keys = map.Keys.Select(key =>
        {
            var (missing, read) = Inputs(metric, key);
            return Explanation.Of(Message.Of("metric.key", ("key", FactWords.Shown(key)), ("value", FactWords.Shown(map[key]))), [.. missing, .. read]);
        });
        return Explanation.Of(Message.Of("metric.formula-per", name, ("formula", formula.Source)), [.. keys, .. parts]);
    }

    /// <summary>What a formula lacks, and what it reads besides metrics.</summary>
    /// <param name="metric">The formula.</param>
    /// <param name="key">What it is for, where it has <c>per</c>: then also what it reads of metrics.</param>
    private (IEnumerable<Explanation> Missing, IEnumerable<Explanation> Read) Inputs(Metric metric, Value? key)
    {
        var formula = metric.Formula!;
        var evaluation = EvaluateMember(
            (plan, frame, trace) =>
            {
                plan.Formulas[metric.Index]!.Evaluate(frame, ref trace);
                return Truth.True;
            },
            metric.Index, _standing, key);
        return (
            Missing.Of(formula, formula.Root, evaluation).Select(reason => new Explanation(reason, Mark.No, [])),
            _conditions.Values(formula, evaluation, binding => key is null ? binding is not MetricBinding : binding is not KeyBinding).Where(line => line.Says.Key != "value.not-told"));
    }
}
