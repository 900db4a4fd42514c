using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Where triggers stand, and which forms they may have there.</summary>
/// <param name="What">For messages: "`ends` of `site.premium`".</param>
/// <param name="Owner">The definition that they are part of.</param>
/// <param name="Kind">The kind that they are about.</param>
/// <param name="Conditional">True where <c>fact: condition</c> is allowed.</param>
internal sealed record TriggerPlace(string What, string Owner, SubjectKind Kind, bool Conditional);

/// <summary>Reads what makes something happen.</summary>
internal sealed class TriggerReader(ReadingContext context)
{
    /// <summary>Reads one trigger, or a list of them.</summary>
    public IReadOnlyList<Trigger> Read(YamlNode? node, TriggerPlace place)
    {
        if (node is null) { return []; }
        var triggers = new List<Trigger>();
        foreach (var item in PlainValues.Items(node))
        {
            if (ReadOne(item, place) is { } trigger) { triggers.Add(trigger); }
        }
        return triggers;
    }

    /// <summary>The facts that triggers name, without a word about those that do not exist.</summary>
    public IReadOnlyList<FactType> FactsIn(YamlNode? node)
    {
        if (node is null) { return []; }
        return [.. PlainValues.Items(node)
            .Select(i => i is YamlNode.Scalar text ? context.Names.Fact(text.Text) : i is YamlNode.Map { Entries: [var entry] } ? context.Names.Fact(entry.Name) : null)
            .OfType<FactType>()];
    }

    private Trigger? ReadOne(YamlNode item, TriggerPlace place)
    {
        if (item is YamlNode.Map map) { return ReadConditional(map, place); }
        if (context.Plain.Scalar(item, $"an item of {place.What}") is not { } text) { return null; }
        if (text.Text.StartsWith("each ", StringComparison.Ordinal)) { return ReadEach(text, place); }
        if (context.Names.Fact(text.Text) is { } fact) { return Usable(fact, text, place) ? new(fact.Order, null, null, ReadingContext.At(text.Place)) : null; }
        if (Names.IsDotted(text.Text) && !IsOfSubject(text.Text, place.Kind))
        {
            UnknownFact(text, place);
            return null;
        }
        return ReadCondition(text, place);
    }

    /// <summary>The close of each period: of a rule only, since a state that each period starts anew would be no state.</summary>
    private Trigger? ReadEach(YamlNode.Scalar text, TriggerPlace place)
    {
        var period = PlainValues.PeriodOf(text.Text[5..].Trim());
        if (period is null)
        {
            context.Error("each", text.Place, $"`{text.Text}` is the close of no period", "Write `each day`, `each week`, `each month`, `each quarter`, `each half-year` or `each year`.");
            return null;
        }
        if (place.Conditional)
        {
            context.Error("each", text.Place, $"{place.What} can't be the close of a period", "The close of a period is a moment of a rule: write it under `when`.");
            return null;
        }
        return new(-1, null, null, ReadingContext.At(text.Place)) { Each = period };
    }

    private Trigger? ReadConditional(YamlNode.Map map, TriggerPlace place)
    {
        if (map.Entries is not [var entry] || !Names.IsDotted(entry.Name))
        {
            context.Error(
                "swallowed-condition", map.Place, $"YAML reads a map here, where {place.What} has a fact or a condition",
                "Put a condition in quotes. A fact under a condition is written `fact.type: condition`.");
            return null;
        }
        if (context.Names.Fact(entry.Name) is not { } fact)
        {
            UnknownFact(entry.Key, place);
            return null;
        }
        if (!Usable(fact, entry.Key, place)) { return null; }
        if (!place.Conditional)
        {
            context.Error("conditional-moment", entry.Key.Place, $"{place.What} can't have a condition at a fact", "Name the fact alone, and write the condition under `where`.");
            return null;
        }
        var condition = context.Conditions.Read(
            entry.Value, $"the condition at `{fact.Name}`", place.Owner, context.SubjectScope(place.Kind, fact), CelType.Bool, justBefore: true);
        return condition is null ? null : new(fact.Order, condition, null, ReadingContext.At(entry.Key.Place));
    }

    private Trigger? ReadCondition(YamlNode.Scalar text, TriggerPlace place)
    {
        var (condition, length) = (text.Text, (Duration?)null);
        var at = condition.LastIndexOf(" for ", StringComparison.Ordinal);
        if (at > 0 && context.Plain.TryLength(condition[(at + 5)..], out var stayed)) { (condition, length) = (condition[..at].TrimEnd(), stayed); }
        else if (at > 0 && StartsAsNumber(condition[(at + 5)..]))
        {
            context.Error(
                "duration", text.Place, $"what stands after `for` is a length of time, and `{condition[(at + 5)..]}` is none",
                "Write for instance `14 days`, `3 business days`, `3 months`, `1 year 6 months` or `36 hours`.");
            return null;
        }
        if (length is not null && context.Names.Fact(condition) is not null)
        {
            context.Error("fact-for", text.Place, $"`{condition}` is a fact, and a fact has no length", "Name a state that the fact starts.");
            return null;
        }
        var expression = context.Conditions.Read(text, condition, 0, place.Owner, context.SubjectScope(place.Kind), CelType.Bool);
        return expression is null ? null : new(-1, expression, length, ReadingContext.At(text.Place));
    }

    private static bool StartsAsNumber(string text) => text.AsSpan().TrimStart().TrimStart('-') is [>= '0' and <= '9', ..];

    private bool Usable(FactType fact, YamlNode.Scalar text, TriggerPlace place)
    {
        if (fact.BuiltIn is BuiltIn.Retracted or BuiltIn.Published)
        {
            context.Error("fact-of-the-log", text.Place, $"`{fact.Name}` says something about the log, and is no trigger", "Name a fact about a subject.");
            return false;
        }
        if (fact.About == place.Kind.Index) { return true; }
        var about = context.Names.Vocabulary.Kinds[fact.About].Name;
        context.Error(
            "fact-of-other-kind", text.Place, $"`{fact.Name}` is about `{about}`, and {place.What} is about `{place.Kind.Name}`",
            $"Name a fact about `{place.Kind.Name}`: each subject is looked at by its own facts.");
        return false;
    }

    private bool IsOfSubject(string text, SubjectKind kind)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var name = text[(point + 1)..];
        return text[..point] == kind.Name
            && (context.Names.States.ContainsKey(text) || kind.Fields.Any(f => f.Name == name) || (kind.Index == Vocabulary.MemberKind && name == SubjectPaths.Enrolled));
    }

    private void UnknownFact(YamlNode.Scalar text, TriggerPlace place)
    {
        if (context.Problems.IsBroken($"fact {text.Text}")) { return; }
        var known = context.Names.Vocabulary.FactTypes.Where(f => f.About == place.Kind.Index && f.BuiltIn is not (BuiltIn.Retracted or BuiltIn.Published)).Select(f => f.Name).ToList();
        var elsewhere = Nearest.To(text.Text, known) is null ? Nearest.To(text.Text, context.Names.Vocabulary.FactTypes.Select(f => f.Name)) : null;
        var remedy = elsewhere is null ? Spelling.Suggest(text.Text, known, $"The facts about `{place.Kind.Name}` are") : $"Did you mean `{elsewhere}`?";
        context.Error("unknown-fact", text.Place, $"there is no fact `{text.Text}`, and `{place.Kind.Name}` has no state of that name", remedy);
    }
}
