using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;

namespace Laurel.Engine.Explaining;

/// <summary>Speaks of facts, with both their times, and of what they made so.</summary>
internal sealed class FactWords(History history)
{
    /// <summary>A fact: its type and id, when it happened and, where that was later, when it was learnt.</summary>
    public Message Of(int fact)
    {
        var (happened, learnt) = (history.TimeOf(fact), history.RecordedAt(history.PositionOf(fact)));
        var key = learnt == happened ? "fact" : learnt > happened ? "fact.late" : "fact.ahead";
        return Message.Of(key, ("type", history.TypeOf(fact).Name), ("id", history.IdOf(fact)), ("happened", happened), ("learnt", learnt));
    }

    /// <summary>A state or role, and since when and by what fact it is so.</summary>
    public Message Since(string key, string name, Reason? reason)
    {
        Argument words = new Argument.Name(name);
        if (reason is not { } why || !why.Since.IsReal) { return Message.Of($"{key}.always", ("words", words)); }
        return why.Fact < 0
            ? Message.Of($"{key}.by-time", ("words", words), ("since", why.Since))
            : Message.Of($"{key}.by-fact", ("words", words), ("since", why.Since), ("fact", Of(why.Fact)));
    }

    /// <summary>A value that was read, and the fact that told it.</summary>
    public Message Told(string name, in Value value, Reason? reason)
    {
        if (value.Kind == ValueKind.NotTold) { return Message.Of("value.not-told", ("name", new Argument.Name(name))); }
        if (value.Kind == ValueKind.Error) { return Message.Of("value.error", ("name", new Argument.Name(name)), ("error", value.AsText)); }
        return reason is { Fact: >= 0 } why
            ? Message.Of("value.told", ("name", new Argument.Name(name)), ("value", Shown(value)), ("fact", Of(why.Fact)))
            : Message.Of("value.is", ("name", new Argument.Name(name)), ("value", Shown(value)));
    }

    /// <summary>A value as an argument.</summary>
    public static Argument Shown(in Value value) => value.Kind switch
    {
        ValueKind.Number => value.AsNumber,
        ValueKind.Timestamp => value.AsInstant,
        ValueKind.Text => new Argument.Name(value.AsText),
        _ => value.ToString(),
    };
}
