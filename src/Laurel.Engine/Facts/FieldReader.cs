using System.Text;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>What the reader of facts must know of one field, ready for bytes.</summary>
internal sealed class FieldReader
{
    /// <summary>The longest text that a field may have, in bytes.</summary>
    public const int TextMax = 4096;

    /// <summary>The longest name of a subject, in bytes.</summary>
    public const int NameMax = 255;

    private readonly Vocabulary _vocabulary;
    private readonly Texts? _choices;

    public FieldReader(Vocabulary vocabulary, FactField field, BuiltIn builtIn)
    {
        (_vocabulary, Field, Name) = (vocabulary, field, Encoding.UTF8.GetBytes(field.Name));
        Role = builtIn is BuiltIn.Adjusted or BuiltIn.Migrated ? (field.Name, field.Type) switch
        {
            ("unit", FieldType.Text) => FieldRole.Unit,
            ("amount", FieldType.Number) => FieldRole.Amount,
            ("reason" or "by", FieldType.Text) => FieldRole.Reason,
            _ => FieldRole.None,
        } : FieldRole.None;
        if ((field.Type is FieldType.Choice { Values: var chosen } ? chosen : Role == FieldRole.Unit ? vocabulary.Units.Select(unit => unit.Name) : null) is not { } values) { return; }
        var choices = new TextsBuilder();
        foreach (var value in values) { choices.Intern(Encoding.UTF8.GetBytes(value)); }
        _choices = choices.Freeze();
    }

    /// <summary>The field.</summary>
    public FactField Field { get; }

    /// <summary>Its name.</summary>
    public byte[] Name { get; }

    /// <summary>What an adjustment makes of it.</summary>
    public FieldRole Role { get; }

    /// <summary>Its name among the parts of a fact: "data.plan".</summary>
    public string Path => $"data.{Field.Name}";

    /// <summary>True where the value is kept by its text: a text, or a name of a subject.</summary>
    public bool IsText => Field.Type is FieldType.Text or FieldType.Reference;

    /// <summary>Reads a value from its text. Flags have none: they are JSON's own.</summary>
    /// <param name="text">The text, well-formed UTF-8.</param>
    /// <param name="bits">The value as the history holds it; 0 for a text, a name or a number; of an adjustment's unit, its index.</param>
    /// <param name="number">The value of a number.</param>
    /// <returns>Null, or what is wrong.</returns>
    public RefusalCode? Read(ReadOnlySpan<byte> text, out long bits, out Number number)
    {
        (bits, number) = (0, default);
        switch (Field.Type)
        {
            case FieldType.Text:
                if (Role == FieldRole.Unit && (bits = _choices!.Find(text)) < 0) { return RefusalCode.UnknownValue; }
                return text.Length > TextMax || text.Contains((byte)0) || (Role == FieldRole.Reason && text.IndexOfAnyExcept(" \t\r\n"u8) < 0) ? RefusalCode.InvalidText : null;
            case FieldType.Reference:
                return text.Length is 0 or > NameMax || text.Contains((byte)0) ? RefusalCode.InvalidText : null;
            case FieldType.Choice:
                bits = _choices!.Find(text);
                return bits < 0 ? RefusalCode.UnknownValue : null;
            case FieldType.Instant:
                return TimeText.Read(text, _vocabulary.Zone, out bits);
            case FieldType.Number:
                return DecimalText.Read(text, out number);
            case FieldType.Money money:
                if (DecimalText.Read(text, out var amount) is { } wrong) { return wrong == RefusalCode.NumberOutOfRange ? RefusalCode.AmountOutOfRange : wrong; }
                return DecimalText.ToParts(amount, _vocabulary.Units[money.Unit].Decimals, out bits);
            default:
                return RefusalCode.WrongType;
        }
    }
}

/// <summary>What an adjustment makes of a field.</summary>
internal enum FieldRole
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It names the unit.</summary>
    Unit,

    /// <summary>It is the amount, in whole units.</summary>
    Amount,

    /// <summary>It says why, or who: never empty.</summary>
    Reason,
}

/// <summary>What the reader of facts must know of one type of fact, ready for bytes.</summary>
internal sealed class TypeReader
{
    /// <summary>The most fields that a type of fact may carry.</summary>
    public const int FieldsMax = 64;

    public TypeReader(Vocabulary vocabulary, FactType type)
    {
        if (type.Carries.Count > FieldsMax) { throw new ArgumentException($"{type.Name} carries more than {FieldsMax} fields", nameof(type)); }
        Type = type;
        Fields = [.. type.Carries.Select(field => new FieldReader(vocabulary, field, type.BuiltIn))];
        for (var i = 0; i < Fields.Length; i++)
        {
            if (Fields[i].Field.Needed) { Needed |= 1UL << i; }
            if (Fields[i].Field.Type is FieldType.Reference) { References |= 1UL << i; }
        }
        (Unit, Amount) = (Array.FindIndex(Fields, f => f.Role == FieldRole.Unit), Array.FindIndex(Fields, f => f.Role == FieldRole.Amount));
    }

    /// <summary>The type.</summary>
    public FactType Type { get; }

    /// <summary>Its fields, in the order of <see cref="FactType.Carries"/>.</summary>
    public FieldReader[] Fields { get; }

    /// <summary>One bit for each field that a fact needs.</summary>
    public ulong Needed { get; }

    /// <summary>One bit for each field that names a subject.</summary>
    public ulong References { get; }

    /// <summary>For an adjustment: the field that names the unit; else -1.</summary>
    public int Unit { get; }

    /// <summary>For an adjustment: the field that has the amount; else -1.</summary>
    public int Amount { get; }

    /// <summary>True for a retraction: what it is about is looked up, not believed.</summary>
    public bool IsRetraction => Type.BuiltIn == BuiltIn.Retracted;
}
