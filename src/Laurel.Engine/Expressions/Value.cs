using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>What kind of value a <see cref="Value"/> is.</summary>
public enum ValueKind : byte
{
    /// <summary>null.</summary>
    Null,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A 64-bit integer (plain dialect).</summary>
    Int,

    /// <summary>A 64-bit unsigned integer (plain dialect).</summary>
    UInt,

    /// <summary>A double (plain dialect).</summary>
    Double,

    /// <summary>An exact number (program dialect).</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>An instant.</summary>
    Timestamp,

    /// <summary>A length of time on the clock.</summary>
    Duration,

    /// <summary>A list.</summary>
    List,

    /// <summary>A map.</summary>
    Map,

    /// <summary>A type.</summary>
    Type,

    /// <summary>A subject, by its number in the history.</summary>
    Reference,

    /// <summary>No value: nobody told the field that is named.</summary>
    NotTold,

    /// <summary>No value: an error, with its message.</summary>
    Error,
}

/// <summary>A value of an expression. Errors and what nobody told are values: they pass through operators as CEL's errors do.</summary>
public readonly partial struct Value
{
    private readonly long _bits;
    private readonly long _more;
    private readonly object? _object;

    private Value(ValueKind kind, long bits, long more, object? reference)
    {
        Kind = kind;
        _bits = bits;
        _more = more;
        _object = reference;
    }

    /// <summary>What kind of value it is.</summary>
    public ValueKind Kind { get; }

    /// <summary>True.</summary>
    public static readonly Value True = new(ValueKind.Bool, 1, 0, null);

    /// <summary>False.</summary>
    public static readonly Value False = new(ValueKind.Bool, 0, 0, null);

    /// <summary>True or false.</summary>
    public static Value Of(bool value) => value ? True : False;

    /// <summary>A truth value; <see cref="Truth.Unknown"/> becomes an error without a name.</summary>
    public static Value Of(Truth value) => value switch
    {
        Truth.True => True,
        Truth.False => False,
        _ => Error("it could not be judged"),
    };

    /// <summary>An exact number.</summary>
    public static Value Of(Number value) => new(ValueKind.Number, value.Numerator, value.Denominator, null);

    /// <summary>A text.</summary>
    public static Value Of(string value) => new(ValueKind.Text, 0, 0, value);

    /// <summary>An instant.</summary>
    public static Value Of(Instant value) => new(ValueKind.Timestamp, value.Micros, 0, null);

    /// <summary>A subject.</summary>
    /// <param name="subject">Its number in the history; not negative.</param>
    public static Value Reference(int subject) => new(ValueKind.Reference, subject, 0, null);

    /// <summary>Nobody told this field.</summary>
    /// <param name="field">Its full name, such as "site.editor".</param>
    public static Value NotTold(string field) => new(ValueKind.NotTold, 0, 0, field);

    /// <summary>An error.</summary>
    public static Value Error(string message) => new(ValueKind.Error, 0, 0, message);

    /// <summary>As a condition: anything but true and false is <see cref="Truth.Unknown"/>.</summary>
    public Truth Truth => Kind == ValueKind.Bool ? (Truth)_bits : Truth.Unknown;

    /// <summary>True where there is no value.</summary>
    public bool IsMissing => Kind is ValueKind.NotTold or ValueKind.Error;

    /// <summary>The number; only of kind <see cref="ValueKind.Number"/>.</summary>
    public Number AsNumber => Number.InLowestTerms(_bits, _more);

    /// <summary>The text; of a text, the name of a field not told, the message of an error.</summary>
    public string AsText => (string?)_object ?? "";

    /// <summary>The instant; only of kind <see cref="ValueKind.Timestamp"/>.</summary>
    public Instant AsInstant => new(_bits);

    /// <summary>The subject's number; only of kind <see cref="ValueKind.Reference"/>.</summary>
    public int AsReference => (int)_bits;
}
