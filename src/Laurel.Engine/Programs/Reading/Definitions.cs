using System.Globalization;
using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>
/// Writes the definitions of an edition as canonical JSON, and finds out which others each reads. Words that explain, places and
/// the order of keys leave no trace.
/// </summary>
internal sealed class Definitions(Vocabulary vocabulary, Edition edition)
{
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<int> _triggers = [];
    private readonly HashSet<(int Kind, int Slot)> _fields = [];

    /// <summary>What was read, definition by definition: "state site.premium", "field site.plan", "unit usd".</summary>
    public string Read() => Canon.Object(_written.Select(w => (w.Key, (string?)w.Value)).Append(("facts", Facts())));

    /// <summary>A rule.</summary>
    public string Rule(CreditRule rule)
    {
        Unit(rule.Unit);
        return Canon.Object(
            ("kind", Kind(rule.Kind)), ("unit", Canon.Text(vocabulary.Units[rule.Unit].Name)), ("give", Expression(rule.Give)), ("to", Expression(rule.To)),
            ("or-later", Window(rule.OrLater)), ("when", Triggers(rule.When)), ("where", Expression(rule.Where)), ("while", Expression(rule.While)),
            ("after", After(rule)), ("for", Length(rule.For)), ("unless", Triggers(rule.Unless)), ("within", Length(rule.Within)));
    }

    /// <summary>A state or role.</summary>
    public string State(StateRule state)
    {
        if (state.Until >= 0) { Field(state.Kind, state.Until); }
        return Canon.Object(
            ("kind", Kind(state.Kind)), ("condition", Expression(state.Condition)), ("starts", Triggers(state.Starts)), ("ends", Triggers(state.Ends)),
            ("for", Length(state.For)), ("until", state.Until < 0 ? null : Canon.Text(vocabulary.Kinds[state.Kind].Fields[state.Until].Name)),
            ("one", state.One ? "true" : null), ("who", state.Who == "member" ? null : Canon.Text(state.Who)));
    }

    /// <summary>A limit.</summary>
    public string Limit(Limit limit) => Canon.Object(
        ("of", Canon.Set(limit.Of.Select(r => Canon.Text(edition.Rules[r].Name)).Concat(limit.OfKept.Select(Canon.Text)))),
        ("per", Canon.Set(limit.Per.Select(Key))), ("way", Canon.Text(limit.Kind.ToString())), ("number", Canon.Whole(limit.Number)));

    /// <summary>A metric; what it adds up is read too.</summary>
    public string Metric(Metric metric)
    {
        if (metric.Unit >= 0) { Unit(metric.Unit); }
        if (metric.BrokenBy >= 0) { Unit(metric.BrokenBy); }
        return Canon.Object(
            ("kind", Canon.Text(metric.Kind.ToString())), ("unit", metric.Unit < 0 ? null : Canon.Text(vocabulary.Units[metric.Unit].Name)),
            ("length", metric.Kind == MetricKind.Runs ? Canon.Whole(metric.Length) : null), ("broken-by", metric.BrokenBy < 0 ? null : Canon.Text(vocabulary.Units[metric.BrokenBy].Name)),
            ("formula", Expression(metric.Formula)), ("in", Window(metric.In)), ("per", metric.Per is null ? null : Key(metric.Per)),
            ("rank", metric.Ranking is { } ranking ? Ranking(ranking) : null));
    }

    private string Ranking(Ranking ranking)
    {
        foreach (var by in ranking.By) { ReadMetric(edition.Metrics.First(m => m.Name == by)); }
        return Canon.Object(("by", Canon.List(ranking.By.Select(Canon.Text))), ("among", Expression(ranking.Among)), ("at", Reviews(ranking.At)));
    }

    /// <summary>An obligation.</summary>
    public string Obligation(Obligation obligation)
    {
        Unit(obligation.Unit);
        return Canon.Object(
            ("unit", Canon.Text(vocabulary.Units[obligation.Unit].Name)), ("at-least", Canon.Whole(obligation.AtLeast)), ("each", Canon.Text(obligation.Each.ToString())),
            ("term", Expression(obligation.Term)), ("during", Expression(obligation.During)), ("strength", Canon.Text(obligation.Strength.ToString())));
    }

    /// <summary>A ladder.</summary>
    public string Ladder(Ladder ladder) => Canon.Object(
        ("per", ladder.Per is { } per ? Canon.Text(per.Path) : null),
        ("rungs", Canon.List(ladder.Rungs.Select(r => Canon.Object(("name", Canon.Text(r.Name)), ("condition", Expression(r.Condition)))))),
        ("up", Movement(ladder.Up)), ("down", Movement(ladder.Down)));

    /// <summary>A benefit.</summary>
    public string Benefit(Benefit benefit) => Canon.Object(("while", Expression(benefit.While)), ("kind", Canon.Text(benefit.Kind)));

    /// <summary>A payout.</summary>
    public string Payout(Payout payout)
    {
        Unit(payout.Unit);
        return Canon.Object(
            ("each", Canon.Text(payout.Each.ToString())), ("after", Length(payout.After)), ("at-least", Canon.Whole(payout.AtLeast)), ("where", Expression(payout.Where)));
    }

    /// <summary>A request.</summary>
    public string Request(Request request) => Canon.Object(
        ("about", Kind(request.About)), ("asks", Canon.Text(request.Asks)), ("where", Expression(request.Where)), ("form", Canon.Set(request.Form.Select(f => Canon.Text(f.Name)))),
        ("remind", Length(request.Remind)), ("escalate", Length(request.Escalate)), ("expires", Length(request.Expires)));

    /// <summary>A table.</summary>
    public static string Table(Table table) => Canon.Object(
        table.Rows.Select(r => (r.Key, (string?)Canon.Object(r.Value.Select(c => (c.Key, (string?)Canon.Exact(c.Value)))))));

    /// <summary>What becomes of a rule of an edition before.</summary>
    public string Transition(Transition transition) => transition.Kind == TransitionKind.As
        ? Canon.Object(("as", Canon.Text(edition.Rules[transition.As].Name)))
        : Canon.Text(transition.Kind == TransitionKind.Keep ? "keep" : "end");

    private string Kind(int kind) => Canon.Text(vocabulary.Kinds[kind].Name);

    private string? Movement(Movement movement) => Canon.Object(
        ("never", movement.Never ? "true" : null), ("best", Window(movement.Best)), ("lag", Length(movement.Lag)), ("grace", Length(movement.Grace)),
        ("stay", Length(movement.Stay)), ("needs", Expression(movement.Needs)),
        ("at", Reviews(movement.At)));

    private static string? Reviews(IReadOnlyList<Review> reviews) => Canon.Set(reviews.Select(r => Canon.Text(r.Each is { } each ? each.ToString() : FormattableString.Invariant($"{r.Month:00}-{r.Day:00}"))));

    private string? After(CreditRule rule)
    {
        switch (rule.After)
        {
            case Delay.Length length: return Length(length.Value);
            case Delay.UntilTold told:
                Field(rule.Kind, told.Slot);
                return Canon.Object(("told", Canon.Text(vocabulary.Kinds[rule.Kind].Fields[told.Slot].Name)));
            case Delay.UntilRun { Run: var run }:
                if (run.Rolls) { BusinessDays(); }
                return Canon.Object(
                    ("each", Canon.Text(Period(run.Each, null))), ("day", Canon.Whole(run.Day)), ("rolls", run.Rolls ? "true" : null), ("covers", Length(run.Covers)));
            default: return null;
        }
    }

    private string? Length(Duration? length)
    {
        if (length is { BusinessDays: > 0 }) { BusinessDays(); }
        return length is { } l ? Canon.Text(l.ToString()) : null;
    }

    private string? Window(Window? window)
    {
        if (window is null) { return null; }
        if (window.Kind == WindowKind.Since) { return Canon.Object(("since", Canon.Text(vocabulary.FactTypes[window.Fact].Name))); }
        return window.Length.IsZero ? Canon.Text(Period(window.Kind, window.Year)) : Canon.Text($"{window.Kind} {Length(window.Length)![1..^1]}");
    }

    private static string Period(WindowKind kind, NamedYear? year) => year is null ? kind.ToString() : FormattableString.Invariant($"{kind} from {year.Month:00}-{year.Day:00}{(year.Cutoff is { } cut ? FormattableString.Invariant($" cut {cut.Month:00}-{cut.Day:00}") : "")}");

    private void BusinessDays() => Define("calendar", () => Canon.Object(
        ("weekend", Canon.Set(edition.Calendar.Weekend.Select(d => Canon.Text(d.ToString())))),
        ("holidays", Canon.List(edition.Calendar.Holidays.Select(d => Canon.Text(d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))))));

    private string? Triggers(IReadOnlyList<Trigger> triggers) => Canon.Set(triggers.Select(trigger =>
    {
        if (trigger.Fact >= 0) { _triggers.Add(trigger.Fact); }
        return Canon.Object(
            ("fact", trigger.Fact < 0 ? null : Canon.Text(vocabulary.FactTypes[trigger.Fact].Name)), ("if", Expression(trigger.Condition)), ("for", Length(trigger.For)),
            ("each", trigger.Each is { } each ? Canon.Text(each.ToString()) : null));
    }));

    private string Key(LimitKey key) => key switch
    {
        LimitKey.Rule => Canon.Text("rule"),
        LimitKey.Period period => Canon.Text(Period(period.Kind, period.Year)),
        LimitKey.Path path => Canon.Set(path.Paths.Values.Select(p => Expression(p)!)) ?? "[]",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private string? Expression(Expression? expression)
    {
        if (expression is null) { return null; }
        foreach (var binding in expression.Bindings.Values) { ReadBinding(binding); }
        var carried = expression.Bindings.Values.OfType<FactBinding>().DistinctBy(b => b.Field).Select(b => (b.Field, (string?)Canon.Text(TypeText(b.Type)))).ToList();
        var text = Canon.Text(Canon.Expression(expression.Root));
        return carried.Count == 0 ? text : Canon.Object(("text", text), ("fact", Canon.Object(carried)));
    }

    private void ReadBinding(Binding binding)
    {
        switch (binding)
        {
            case SubjectBinding subject:
                var kind = subject.Root;
                foreach (var step in subject.Path) { kind = Field(step.Kind, step.Slot) is FieldType.Reference reference ? reference.Kind : kind; }
                switch (subject)
                {
                    case SubjectBinding.OfField field: Field(kind, field.Slot); break;
                    case SubjectBinding.OfState { State: >= 0 } state: Define("state " + edition.States[state.State].Name, () => State(edition.States[state.State])); break;
                    case SubjectBinding.Since state: Define("state " + edition.States[state.State].Name, () => State(edition.States[state.State])); break;
                    case SubjectBinding.OfRole role: Define("role " + edition.Roles[role.Role].Name, () => State(edition.Roles[role.Role])); break;
                }
                break;
            case MemberFieldBinding field: Field(Vocabulary.MemberKind, field.Slot); break;
            case MemberStateBinding { State: >= 0 } state: Define("state " + edition.States[state.State].Name, () => State(edition.States[state.State])); break;
            case LevelBinding level:
                foreach (var ladder in edition.Ladders.Where(l => l.WrittenAs == edition.Ladders[level.Ladder].WrittenAs)) { Define("ladder " + ladder.Name, () => Ladder(ladder)); }
                break;
            case TableBinding table: Define("table " + table.Table.Name, () => Table(table.Table)); break;
            case ObligationBinding obligation: ReadObligation(edition.Obligations[obligation.Obligation]); break;
            case MetricBinding metric: ReadMetric(edition.Metrics[metric.Metric]); break;
            case AgoBinding metric:
                ReadMetric(edition.Metrics[metric.Metric]);
                Length(metric.Length);
                break;
        }
    }

    // A number about a member is what the rules of its unit give, and what limits leave of it.
    private void ReadMetric(Metric metric)
    {
        Define("metric " + metric.Name, () => Metric(metric));
        foreach (var unit in metric.UnitsRead) { ReadUnit(unit); }
    }

    private void ReadObligation(Obligation obligation)
    {
        Define("obligation " + obligation.Name, () => Obligation(obligation));
        ReadUnit(obligation.Unit);
    }

    private void ReadUnit(int unit)
    {
        foreach (var rule in edition.Rules.Where(r => r.Unit == unit)) { Define("rule " + rule.Name, () => Rule(rule)); }
        foreach (var limit in edition.Limits.Where(l => l.Of.Any(r => edition.Rules[r].Unit == unit))) { Define("limit " + limit.Name, () => Limit(limit)); }
    }

    private void Define(string name, Func<string> write)
    {
        if (!_written.TryAdd(name, "")) { return; }
        _written[name] = write();
    }

    private void Unit(int index)
    {
        var unit = vocabulary.Units[index];
        Define("unit " + unit.Name, () => Canon.Object(("decimals", Canon.Whole(unit.Decimals)), ("money", unit.Money ? "true" : null)));
    }

    private FieldType Field(int kind, int slot)
    {
        var field = vocabulary.Kinds[kind].Fields[slot];
        _fields.Add((kind, slot));
        if (field.Type is FieldType.Money money) { Unit(money.Unit); }
        Define($"field {vocabulary.Kinds[kind].Name}.{field.Name}", () => Canon.Text(TypeText(field.Type)));
        return field.Type;
    }

    private string TypeText(FieldType type) => type switch
    {
        FieldType.Choice choice => Choice(choice.Values),
        FieldType.Money money => "money " + vocabulary.Units[money.Unit].Name,
        FieldType.Reference reference => "of " + vocabulary.Kinds[reference.Kind].Name,
#pragma warning disable CA1308 // The type's name as program.yaml writes it.
        _ => type.GetType().Name.ToLowerInvariant(),
#pragma warning restore CA1308
    };

    private static string TypeText(CelType type) => type is CelType.Choice choice ? Choice(choice.Values) : type.ToString() ?? "";

    private static string Choice(IReadOnlyList<string> values) => "one of " + string.Join(",", values.Select(Canon.Text).Order(StringComparer.Ordinal));

    // Facts of one instant count in the order of program.yaml: of those that are triggers, or set a field that is read.
    private string? Facts() => Canon.List(vocabulary.FactTypes
        .Where(f => _triggers.Contains(f.Order) || f.Carries.Any(c => c.Slot >= 0 && _fields.Contains((f.About, c.Slot))))
        .Select(f => Canon.Object(
            ("name", Canon.Text(f.Name)), ("about", Kind(f.About)), ("sets", Canon.Set(f.Carries.Where(c => c.Slot >= 0 && _fields.Contains((f.About, c.Slot))).Select(c => Canon.Text(c.Name)))))));
}
