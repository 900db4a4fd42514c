using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>Speaks of facts, with both their times, and of what they made so.</summary>
internal sealed class FactWords(History history)
{
    /// <summary>What can be told.</summary>
    public Vocabulary Vocabulary => history.Vocabulary;

    /// <summary>A fact: what it is called, its id, when it happened and, where that was another time, when it was learnt.</summary>
    public Message Of(int fact)
    {
        var (happened, learnt) = (history.TimeOf(fact), history.RecordedOf(fact));
        var key = history.IsSupposed(fact) ? "fact.supposed" : learnt == happened ? "fact" : learnt > happened ? "fact.late" : "fact.ahead";
        return Message.Of(key, ("type", TypeOf(history.TypeOf(fact))), ("id", history.IdOf(fact)), ("happened", happened), ("learnt", learnt));
    }

    /// <summary>A fact where its time has just been said.</summary>
    public Message Then(int fact, Instant said)
    {
        var (happened, learnt) = (history.TimeOf(fact), history.RecordedOf(fact));
        if (happened != said) { return Of(fact); }
        var key = history.IsSupposed(fact) ? "fact.then-supposed" : learnt == happened ? "fact.then" : learnt > happened ? "fact.then-late" : "fact.then-ahead";
        return Message.Of(key, ("type", TypeOf(history.TypeOf(fact))), ("id", history.IdOf(fact)), ("happened", happened), ("learnt", learnt));
    }

    /// <summary>What a type of fact is called: in the program's words where it has some.</summary>
    public Argument TypeOf(FactType type) => history.Vocabulary.Words.ContainsKey(type.Name) ? new Argument.Name(type.Name) : type.Name;

    /// <summary>A value that was read, and the fact that told it.</summary>
    public Message Told(Argument name, in Value value, Reason? reason)
    {
        if (value.Kind == ValueKind.NotTold) { return Message.Of("value.not-told", ("name", name)); }
        if (value.Kind == ValueKind.Error) { return Message.Of("value.error", ("name", name)); }
        var shown = value.Kind == ValueKind.Reference ? history.NameOf(value.AsReference) : Shown(value);
        return reason is { Fact: >= 0 } why
            ? Message.Of("value.told", ("name", name), ("value", shown), ("fact", Of(why.Fact)))
            : Message.Of("value.is", ("name", name), ("value", shown));
    }

    /// <summary>A value as an argument.</summary>
    public static Argument Shown(in Value value) => value.Kind switch
    {
        ValueKind.Bool => Message.Of(value.Truth == Truth.True ? "value.yes" : "value.no"),
        ValueKind.Number => value.AsNumber,
        ValueKind.Timestamp => value.AsInstant,
        ValueKind.Text => new Argument.Given(value.AsText),
        ValueKind.Map when value.AsMap.Keys.Any() => new Argument.Several([.. Entries(value.AsMap)], "list"),
        ValueKind.Map => Message.Of("value.nothing"),
        ValueKind.NotTold => Message.Of("value.nobody-told"),
        ValueKind.Error => Message.Of("value.unknown"),
        _ => value.ToString(),
    };

    private static IEnumerable<Argument> Entries(ValueMap map) => map.Keys.Select(key => (Argument)Message.Of("metric.key", ("key", Shown(key)), ("value", Shown(map[key]))));
}
