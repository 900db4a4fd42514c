using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>The operators that make numbers, texts, lists and times of others. Missing values pass through, the left one first.</summary>
internal static class Arithmetic
{
    private const string Overflow = "overflow: the result needs more than 64 bits";

    public static Value Add(in Value a, in Value b)
    {
        if (a.IsMissing) { return a; }
        if (b.IsMissing) { return b; }
        try
        {
            return (a.Kind, b.Kind) switch
            {
                (ValueKind.Number, ValueKind.Number) => Value.Of(a.AsNumber + b.AsNumber),
                (ValueKind.Int, ValueKind.Int) => Value.Int(a.AsInt + b.AsInt),
                (ValueKind.UInt, ValueKind.UInt) => Value.UInt(a.AsUInt + b.AsUInt),
                (ValueKind.Double, ValueKind.Double) => Value.Double(a.AsDouble + b.AsDouble),
                (ValueKind.Text, ValueKind.Text) => Value.Of(a.AsText + b.AsText),
                (ValueKind.Bytes, ValueKind.Bytes) => Value.Bytes([.. a.AsBytes, .. b.AsBytes]),
                (ValueKind.List, ValueKind.List) => Value.List([.. a.AsList, .. b.AsList]),
                (ValueKind.Duration, ValueKind.Duration) => Value.Duration(a.AsNanos + b.AsNanos),
                (ValueKind.Timestamp, ValueKind.Duration) => Moved(a, b.AsNanos),
                (ValueKind.Duration, ValueKind.Timestamp) => Moved(b, a.AsNanos),
                _ => NoOverload("+", a, b),
            };
        }
        catch (OverflowException)
        {
            return Value.Error(a.Kind == ValueKind.Duration ? "the duration is out of range" : Overflow);
        }
    }

    public static Value Subtract(in Value a, in Value b)
    {
        if (a.IsMissing) { return a; }
        if (b.IsMissing) { return b; }
        try
        {
            return (a.Kind, b.Kind) switch
            {
                (ValueKind.Number, ValueKind.Number) => Value.Of(a.AsNumber - b.AsNumber),
                (ValueKind.Int, ValueKind.Int) => Value.Int(a.AsInt - b.AsInt),
                (ValueKind.UInt, ValueKind.UInt) => Value.UInt(a.AsUInt - b.AsUInt),
                (ValueKind.Double, ValueKind.Double) => Value.Double(a.AsDouble - b.AsDouble),
                (ValueKind.Duration, ValueKind.Duration) => Value.Duration(a.AsNanos - b.AsNanos),
                (ValueKind.Timestamp, ValueKind.Duration) => Moved(a, -(Int128)b.AsNanos),
                (ValueKind.Timestamp, ValueKind.Timestamp) => Value.Duration((long)(Nanos(a) - Nanos(b))),
                _ => NoOverload("-", a, b),
            };
        }
        catch (OverflowException)
        {
            return Value.Error(a.Kind is ValueKind.Duration or ValueKind.Timestamp ? "the duration is out of range" : Overflow);
        }
    }

    public static Value Multiply(in Value a, in Value b)
    {
        if (a.IsMissing) { return a; }
        if (b.IsMissing) { return b; }
        try
        {
            return (a.Kind, b.Kind) switch
            {
                (ValueKind.Number, ValueKind.Number) => Value.Of(a.AsNumber * b.AsNumber),
                (ValueKind.Int, ValueKind.Int) => Value.Int(a.AsInt * b.AsInt),
                (ValueKind.UInt, ValueKind.UInt) => Value.UInt(a.AsUInt * b.AsUInt),
                (ValueKind.Double, ValueKind.Double) => Value.Double(a.AsDouble * b.AsDouble),
                _ => NoOverload("*", a, b),
            };
        }
        catch (OverflowException)
        {
            return Value.Error(Overflow);
        }
    }

    public static Value Divide(in Value a, in Value b)
    {
        if (a.IsMissing) { return a; }
        if (b.IsMissing) { return b; }
        if (IsZero(b)) { return a.Kind == b.Kind ? Value.Error("division by zero") : NoOverload("/", a, b); }
        try
        {
            return (a.Kind, b.Kind) switch
            {
                (ValueKind.Number, ValueKind.Number) => Value.Of(a.AsNumber / b.AsNumber),
                (ValueKind.Int, ValueKind.Int) => Value.Int(a.AsInt / b.AsInt),
                (ValueKind.UInt, ValueKind.UInt) => Value.UInt(a.AsUInt / b.AsUInt),
                (ValueKind.Double, ValueKind.Double) => Value.Double(a.AsDouble / b.AsDouble),
                _ => NoOverload("/", a, b),
            };
        }
        catch (OverflowException)
        {
            return Value.Error(Overflow);
        }
    }

    /// <summary>What is left over by a whole division; it has the sign of the dividend. Fractions have none.</summary>
    public static Value Remainder(in Value a, in Value b)
    {
        if (a.IsMissing) { return a; }
        if (b.IsMissing) { return b; }
        if (IsZero(b)) { return a.Kind == b.Kind ? Value.Error("division by zero: a remainder modulo zero") : NoOverload("%", a, b); }
        return (a.Kind, b.Kind) switch
        {
            (ValueKind.Number, ValueKind.Number) when a.AsNumber.IsWhole && b.AsNumber.IsWhole => Value.Of((Number)Remainder(a.AsNumber.Numerator, b.AsNumber.Numerator)),
            (ValueKind.Number, ValueKind.Number) => Value.Error("% takes whole numbers only"),
            (ValueKind.Int, ValueKind.Int) => Value.Int(Remainder(a.AsInt, b.AsInt)),
            (ValueKind.UInt, ValueKind.UInt) => Value.UInt(a.AsUInt % b.AsUInt),
            _ => NoOverload("%", a, b),
        };
    }

    public static Value Negate(in Value a)
    {
        if (a.IsMissing) { return a; }
        try
        {
            return a.Kind switch
            {
                ValueKind.Number => Value.Of(-a.AsNumber),
                ValueKind.Int => Value.Int(-a.AsInt),
                ValueKind.Double => Value.Double(-a.AsDouble),
                _ => Value.Error($"no such overload: - of {a.Kind}"),
            };
        }
        catch (OverflowException)
        {
            return Value.Error(Overflow);
        }
    }

    // The smallest integer by -1 leaves nothing over, yet the processor refuses it.
    private static long Remainder(long a, long b) => b == -1 ? 0 : a % b;

    private static bool IsZero(in Value value) => value.Kind switch
    {
        ValueKind.Number => value.AsNumber.Numerator == 0,
        ValueKind.Int => value.AsInt == 0,
        ValueKind.UInt => value.AsUInt == 0,
        _ => false,
    };

    private static Int128 Nanos(in Value instant) => ((Int128)instant.AsInstant.Micros * 1000) + instant.NanosBeyondMicros;

    private static Value Moved(in Value instant, Int128 nanos)
    {
        var (micros, beyond) = Int128.DivRem(Nanos(instant) + nanos, 1000);
        if (beyond < 0) { (micros, beyond) = (micros - 1, beyond + 1000); }
        return !instant.AsInstant.IsReal || micros < Instant.First.Micros || micros > Instant.Last.Micros
            ? Value.Error("the instant is out of range: outside the years 0001 to 9999")
            : Value.Timestamp(new((long)micros), (int)beyond);
    }

    private static Value NoOverload(string name, in Value a, in Value b) =>
        Value.Error($"no such overload: {a.Kind} {name} {b.Kind}");
}
