using System.Text;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>One immutable statement of what happened. The pair of source and id is its identity.</summary>
/// <param name="Source">Who told it; 1 to 1,024 bytes.</param>
/// <param name="Id">Its id among those of its source; 1 to 255 bytes.</param>
/// <param name="Type">Its type.</param>
/// <param name="Subject">What it is about. Null only for a retraction of a fact that nobody told.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Recorded">When it was first learnt; null where that is when it happened.</param>
/// <param name="Data">The fields that it carries, by name, in the order of <see cref="FactType.Carries"/>.</param>
public sealed record Fact(
    string Source,
    string Id,
    FactType Type,
    SubjectName? Subject,
    Instant Time,
    Instant? Recorded,
    IReadOnlyList<KeyValuePair<string, FactValue>> Data)
{
    /// <summary>The value of a field; null where the fact does not carry it.</summary>
    public FactValue? this[string field]
    {
        get
        {
            foreach (var (name, value) in Data)
            {
                if (name == field) { return value; }
            }
            return null;
        }
    }

    /// <summary>Equal in all parts, data included.</summary>
    public bool Equals(Fact? other) =>
        other is not null && Source == other.Source && Id == other.Id && Type.Name == other.Type.Name && Subject == other.Subject
        && Time == other.Time && Recorded == other.Recorded && Data.SequenceEqual(other.Data);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Id);
}

/// <summary>A subject as facts name it: "site/s1".</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Name">Its name among those of its kind; 1 to 255 bytes.</param>
public readonly record struct SubjectName(string Kind, string Name)
{
    /// <summary>The kind, a slash and the name.</summary>
    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>The value of a field of a fact, as told.</summary>
public abstract record FactValue
{
    private FactValue() { }

    /// <summary>Reads a value from its text: of a flag "true" or "false", of all else what stands in the JSON.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">The text.</param>
    /// <param name="vocabulary">The vocabulary that the field is of.</param>
    /// <param name="refusal">What is wrong with the text; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static FactValue? Read(FactField field, string text, Vocabulary vocabulary, out RefusalCode? refusal)
    {
        if (field.Type is FieldType.Flag)
        {
            refusal = text is "true" or "false" ? null : RefusalCode.WrongType;
            return refusal is null ? new Flag(text == "true") : null;
        }
        if (field.Type is FieldType.Choice choice)
        {
            refusal = choice.Values.Contains(text) ? null : RefusalCode.UnknownValue;
            return refusal is null ? new Choice(text) : null;
        }
        refusal = new FieldReader(vocabulary, field, BuiltIn.None).Read(Encoding.UTF8.GetBytes(text), out var bits, out var number);
        if (refusal is not null) { return null; }
        return field.Type switch
        {
            FieldType.Text => new Text(text),
            FieldType.Number => new Number(number),
            FieldType.Instant => new Instant(new(bits)),
            FieldType.Money money => new Money(bits, money.Unit),
            _ => new Reference(text),
        };
    }

    /// <summary>A text.</summary>
    public sealed record Text(string Value) : FactValue;

    /// <summary>An exact number.</summary>
    public sealed record Number(Values.Number Value) : FactValue;

    /// <summary>True or false.</summary>
    public sealed record Flag(bool Value) : FactValue;

    /// <summary>An instant.</summary>
    public sealed record Instant(Values.Instant Value) : FactValue;

    /// <summary>One of the values that the field lists.</summary>
    public sealed record Choice(string Value) : FactValue;

    /// <summary>An amount of a money unit.</summary>
    /// <param name="Parts">In smallest parts of the unit.</param>
    /// <param name="Unit">The unit's <see cref="Unit.Index"/>.</param>
    public sealed record Money(long Parts, int Unit) : FactValue;

    /// <summary>Another subject, by its bare name.</summary>
    public sealed record Reference(string Name) : FactValue;

    /// <summary>The value as text: instants by RFC 3339, flags "true" and "false", money in smallest parts.</summary>
    public sealed override string ToString() => this switch
    {
        Text text => text.Value,
        Number number => number.Value.ToString(),
        Flag flag => flag.Value ? "true" : "false",
        Instant instant => instant.Value.ToString(),
        Choice choice => choice.Value,
        Money money => money.Parts.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Reference reference => reference.Name,
        _ => "",
    };
}
