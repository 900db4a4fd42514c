using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

// The kinds that only the plain dialect makes, lists and maps, and equality, which both dialects share.
public readonly partial struct Value : IEquatable<Value>
{
    /// <summary>null.</summary>
    public static readonly Value Null;

    /// <summary>A 64-bit integer (plain dialect).</summary>
    public static Value Int(long value) => new(ValueKind.Int, value, 0, null);

    /// <summary>A 64-bit unsigned integer (plain dialect).</summary>
    public static Value UInt(ulong value) => new(ValueKind.UInt, unchecked((long)value), 0, null);

    /// <summary>A double (plain dialect).</summary>
    public static Value Double(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value), 0, null);

    /// <summary>Bytes (plain dialect).</summary>
    public static Value Bytes(ReadOnlySpan<byte> value) => new(ValueKind.Bytes, 0, 0, value.ToArray());

    /// <summary>An instant with the nanoseconds that an <see cref="Instant"/> does not have (plain dialect).</summary>
    /// <param name="at">The instant, in whole microseconds.</param>
    /// <param name="nanos">The nanoseconds beyond it, 0 to 999.</param>
    public static Value Timestamp(Instant at, int nanos) => new(ValueKind.Timestamp, at.Micros, nanos, null);

    /// <summary>A length of time on the clock.</summary>
    /// <param name="nanos">Nanoseconds; may be negative.</param>
    public static Value Duration(long nanos) => new(ValueKind.Duration, nanos, 0, null);

    /// <summary>A list.</summary>
    public static Value List(IReadOnlyList<Value> elements) => new(ValueKind.List, 0, 0, elements);

    /// <summary>A map.</summary>
    public static Value Map(ValueMap map) => new(ValueKind.Map, 0, 0, map);

    /// <summary>A type.</summary>
    /// <param name="name">Its name, as CEL has it: "int", "null_type", "google.protobuf.Timestamp".</param>
    public static Value TypeNamed(string name) => new(ValueKind.Type, 0, 0, name);

    /// <summary>The integer; only of kind <see cref="ValueKind.Int"/>.</summary>
    public long AsInt => _bits;

    /// <summary>The unsigned integer; only of kind <see cref="ValueKind.UInt"/>.</summary>
    public ulong AsUInt => unchecked((ulong)_bits);

    /// <summary>The double; only of kind <see cref="ValueKind.Double"/>.</summary>
    public double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The bytes; only of kind <see cref="ValueKind.Bytes"/>.</summary>
    public ReadOnlySpan<byte> AsBytes => (byte[])_object!;

    /// <summary>The nanoseconds of an instant beyond its whole microseconds.</summary>
    public int NanosBeyondMicros => (int)_more;

    /// <summary>The length of time in nanoseconds; only of kind <see cref="ValueKind.Duration"/>.</summary>
    public long AsNanos => _bits;

    /// <summary>The elements; only of kind <see cref="ValueKind.List"/>.</summary>
    public IReadOnlyList<Value> AsList => (IReadOnlyList<Value>)_object!;

    /// <summary>The map; only of kind <see cref="ValueKind.Map"/>.</summary>
    public ValueMap AsMap => (ValueMap)_object!;

    /// <summary>Equality as CEL has it: integers, unsigned integers and doubles are equal where the number is; what differs in kind is not equal.</summary>
    public bool Equals(Value other) => Comparing.Same(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Comparing.HashOf(this);

    /// <summary>Equal.</summary>
    public static bool operator ==(Value a, Value b) => a.Equals(b);

    /// <summary>Not equal.</summary>
    public static bool operator !=(Value a, Value b) => !a.Equals(b);

    /// <summary>The value as an expression would write it; a word or two where it could not.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Bool => _bits != 0 ? "true" : "false",
        ValueKind.Int => AsInt.ToString(CultureInfo.InvariantCulture),
        ValueKind.UInt => AsUInt.ToString(CultureInfo.InvariantCulture) + "u",
        ValueKind.Double => AsDouble.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Number => AsNumber.ToString(),
        ValueKind.Text => $"\"{AsText}\"",
        ValueKind.Bytes => $"{AsBytes.Length} bytes",
        ValueKind.Timestamp or ValueKind.Duration => TimeText.Of(this),
        ValueKind.List => $"[{string.Join(", ", AsList)}]",
        ValueKind.Map => AsMap.ToString(),
        ValueKind.Type => AsText,
        ValueKind.Reference => $"subject {AsReference}",
        ValueKind.NotTold => $"{AsText}: not told",
        _ => $"error: {AsText}",
    };
}
