using Laurel.Engine.Expressions;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads the rules of an edition: who gets what.</summary>
internal sealed class RuleReader(ReadingContext context)
{
    private readonly TriggerReader _triggers = new(context);

    /// <summary>Declares the rules: their names, what they give, and the kind that each is about.</summary>
    public void Declare(YamlNode? section)
    {
        foreach (var entry in context.Plain.Named(section, "`rules`"))
        {
            if (!Names.Check(entry.Key, "a rule", root: false, context.Problems)) { continue; }
            var map = entry.Value as YamlNode.Map;
            var unit = map?.Find("give") is YamlNode.Scalar give ? context.Names.Unit(LastWord(give.Text)) : null;
            var kind = map is null ? null : new RuleKind(context, _triggers).Find(entry.Key, map);
            context.Names.Rules[entry.Name] = new(entry.Name, context.Names.Rules.Count, kind?.Index ?? -1, unit?.Index ?? -1, entry.Key.Place);
        }
    }

    /// <summary>Reads a section whose rules are declared. The hashes are found later.</summary>
    public IReadOnlyList<CreditRule> Read(YamlNode? section)
    {
        var rules = new List<CreditRule>();
        foreach (var entry in section is YamlNode.Map map ? map.Entries : [])
        {
            if (context.Names.Rules.TryGetValue(entry.Name, out var symbol) && ReadOne(entry, symbol) is { } rule) { rules.Add(rule with { Index = rules.Count }); }
        }
        return rules;
    }

    private CreditRule? ReadOne(YamlNode.Entry entry, RuleSymbol symbol)
    {
        if (Keyed.Of(entry.Value, entry.Key.Place, "a rule", Keys.Rule, context.Problems) is not { } keys) { return null; }
        CheckTogether(keys);
        var orLater = context.Plain.Window(keys.Find("or-later"), "`or-later`", context.Names.Years);
        var length = context.Plain.Length(keys.Find("for"), "`for`");
        var within = context.Plain.Length(keys.Find("within"), "`within`");
        var doc = context.Plain.Doc(keys);
        var giveNode = keys.Need("give");
        if (symbol.Kind < 0)
        {
            if (giveNode is not null) { SplitGive(giveNode); }
            return null;
        }
        var kind = context.Names.Vocabulary.Kinds[symbol.Kind];
        var after = new DelayReader(context).Read(keys, kind);
        var owner = $"rule {entry.Name}";
        var whenNode = keys.Find("when");
        var when = _triggers.Read(whenNode, new($"`when` of `{entry.Name}`", owner, kind, Conditional: false));
        if (whenNode is not null && when.Count < PlainValues.Items(whenNode).Count)
        {
            // A moment that can't be read is told of there: what else the rule says is read by its facts.
            ReadTo(keys.Find("to"), owner, SubjectScope(kind));
            return null;
        }
        var unless = _triggers.Read(keys.Find("unless"), new($"`unless` of `{entry.Name}`", owner, kind, Conditional: true));
        var (always, moment) = (SubjectScope(kind), whenNode is null ? SubjectScope(kind) : MomentScope(kind, _triggers.FactsIn(whenNode)));
        var give = ReadGive(giveNode, owner, whenNode is null ? GiveScope(kind) : moment);
        var to = ReadTo(keys.Find("to"), owner, always);
        var where = whenNode is null ? null : context.Condition(keys.Find("where"), "`where`", owner, moment);
        var whileTrue = context.Condition(keys.Find("while"), "`while`", owner, always);
        CheckReceiver(keys, kind, whenNode is not null, to);
        if (give is not { } amount) { return null; }
        return new(
            entry.Name, symbol.Index, "", kind.Index, amount.Unit.Index, amount.Expression, to, orLater, when, where, whileTrue, after, length, unless, within, doc);
    }

    private void CheckTogether(Keyed keys)
    {
        foreach (var key in (IReadOnlyList<string>)["where", "or-later"])
        {
            if (keys.Find(key) is not null && keys.Find("when") is null)
            {
                context.Error("needs-when", keys.PlaceOf(key), $"`{key}` stands without `when`", key == "where" ? "Write `when: fact`, or `while` for what must stay true." : "Write `when: fact`: the window is that of the moment.");
            }
        }
        if (keys.Find("within") is not null && keys.Find("unless") is null)
        {
            context.Error("needs-unless", keys.PlaceOf("within"), "`within` stands without `unless`", "Write `unless: fact`: within is how long after the moment that can take the credit back.");
        }
        if (keys.Find("or-later") is not null && keys.Find("to") is null)
        {
            context.Error("needs-to", keys.PlaceOf("or-later"), "`or-later` stands without `to`", "Write `to: role`: it is for who gains the role later.");
        }
    }

    private ConditionScope SubjectScope(SubjectKind kind) =>
        new(context.Names, kind, [], Before: false, Standing: false, "`to` and `while` never read the member, a metric or a level: each fact of a member would touch all its subjects. With `when`, `where` and `give` can.");

    private ConditionScope GiveScope(SubjectKind kind) =>
        new(context.Names, kind, [], Before: false, Standing: false, "Without `when` an amount follows the subject's data; with `when` it can read the member, metrics and levels.");

    private ConditionScope MomentScope(SubjectKind kind, IReadOnlyList<FactType> facts) =>
        new(context.Names, kind, facts, Before: facts.Count > 0, Standing: true, "");

    private (Expression Expression, Unit Unit)? ReadGive(YamlNode? node, string owner, ConditionScope scope)
    {
        if (node is null || SplitGive(node) is not { } split) { return null; }
        var expression = context.Conditions.Read(split.Text, split.Amount, 0, owner, scope, CelType.Number);
        if (expression is null || split.Unit is null) { return null; }
        CheckConstant(expression, split.Unit, split.Text);
        return (expression, split.Unit);
    }

    // What is given without reading anything is known now.
    private void CheckConstant(Expression give, Unit unit, YamlNode.Scalar text)
    {
        if (give.Bindings.Count > 0) { return; }
        var trace = default(NoTrace);
        var value = CelCompiler<object?, NoTrace>.Compile(give, context.Names.Vocabulary.Zone, (_, _) => throw new System.Diagnostics.UnreachableException()).Evaluate(null, ref trace);
        if (value.Kind == ValueKind.Error) { context.Error("give", text.Place, $"`{give.Source}` cannot be worked out: {value.AsText}", "Write an amount that can be."); }
        else if (value.AsNumber > Scales.AmountMax / Scales.Of(unit) || value.AsNumber < -(Scales.AmountMax / Scales.Of(unit)))
        {
            context.Error("give", text.Place, $"`{give.Source}` is more {unit.Name} than can be given", $"Write at most {Scales.AmountMax / Scales.Of(unit)} {unit.Name}.");
        }
        else if (Scales.Of(unit) % value.AsNumber.Denominator != 0)
        {
            context.Error("give", text.Place, $"`{give.Source}` is finer than the smallest part of {unit.Name}", unit.Decimals == 0 ? $"Write a whole number of {unit.Name}." : $"Write at most {unit.Decimals} digits after the point.");
        }
    }

    // The last word is the unit, the rest the amount.
    private (YamlNode.Scalar Text, string Amount, Unit? Unit)? SplitGive(YamlNode node)
    {
        if (context.Plain.Scalar(node, "`give`") is not { } text) { return null; }
        var word = LastWord(text.Text);
        var amount = text.Text[..^word.Length].TrimEnd();
        if (amount.Length == 0 || !Names.IsName(word))
        {
            context.Error("give", text.Place, "`give` is an amount and a unit", $"Write for instance `100 {(context.Names.Vocabulary.Units is [var first, ..] ? first.Name : "points")}`.");
            return null;
        }
        if (context.Names.Unit(word) is { } unit) { return (text, amount, unit); }
        context.Error(
            "unknown-unit", text.PlaceOf(text.Text.Length - word.Length, word.Length), $"there is no unit `{word}`",
            Spelling.Suggest(word, context.Names.Vocabulary.Units.Select(u => u.Name), "The last word of `give` is a unit of program.yaml:"));
        return (text, amount, null);
    }

    private Expression? ReadTo(YamlNode? node, string owner, ConditionScope scope)
    {
        if (node is null || context.Conditions.Read(node, "`to`", owner, scope, null) is not { } to) { return null; }
        if (to.Type == new CelType.Reference("member")) { return to; }
        if (to.Type != CelType.Bool)
        {
            context.Error("to", node.Place, $"`to` says who: a condition over roles, or a path to a member; this is of type {to.Type}", "Write a role such as `site.owner`, or a path such as `certificate.holder.team`.");
            return null;
        }
        if (Roles.Implied(to)) { return to; }
        context.Error("to-implies-no-role", node.Place, "`to` can hold for a member that has no role", "Let every way in which it can hold have a role: `site.owner || site.creator && …`.");
        return null;
    }

    private void CheckReceiver(Keyed keys, SubjectKind kind, bool atMoments, Expression? to)
    {
        if (to is not null || keys.Find("to") is not null || kind.Index == Vocabulary.MemberKind) { return; }
        var nameless = _triggers.FactsIn(keys.Find("when")).Where(f => f.Carries.All(c => c.Name != "member" || c.Type is not FieldType.Reference { Kind: Vocabulary.MemberKind })).ToList();
        var items = keys.Find("when") is { } when ? PlainValues.Items(when).Count : 0;
        if (atMoments && nameless.Count == 0 && items == _triggers.FactsIn(keys.Find("when")).Count) { return; }
        var why = !atMoments ? "a rule without `when` must say `to` whom it gives" :
            nameless.Count > 0 ? $"`{nameless[0].Name}` names no member, and the rule does not say `to` whom it gives" : "a condition names no member, and the rule does not say `to` whom it gives";
        context.Error("to-missing", keys.Place, why, $"Write `to`: a role on `{kind.Name}`, or a path to a member.");
    }

    private static string LastWord(string text) => text[(text.LastIndexOf(' ') + 1)..];
}
