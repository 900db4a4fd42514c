namespace Laurel.Engine.Expressions;

/// <summary>Equality and order of values, for values that are there (not missing).</summary>
internal static class Comparing
{
    /// <summary>What <see cref="TryCompare"/> answers where a side is not a number (NaN): neither less, nor equal, nor greater.</summary>
    public const int Unordered = 2;

    /// <summary>Equality over all kinds; different kinds are not equal, but for plain numbers.</summary>
    public static bool Same(in Value a, in Value b)
    {
        if (a.Kind != b.Kind) { return IsPlainNumber(a.Kind) && IsPlainNumber(b.Kind) && CompareNumbers(a, b) == 0; }
        return a.Kind switch
        {
            ValueKind.Null => true,
            ValueKind.Bool => a.Truth == b.Truth,
            ValueKind.Int or ValueKind.UInt => a.AsInt == b.AsInt,
            ValueKind.Double => a.AsDouble == b.AsDouble,
            ValueKind.Number => a.AsNumber == b.AsNumber,
            ValueKind.Bytes => a.AsBytes.SequenceEqual(b.AsBytes),
            ValueKind.Timestamp => a.AsInstant == b.AsInstant && a.NanosBeyondMicros == b.NanosBeyondMicros,
            ValueKind.Duration => a.AsNanos == b.AsNanos,
            ValueKind.List => SameElements(a.AsList, b.AsList),
            ValueKind.Map => a.AsMap.Same(b.AsMap),
            ValueKind.Reference => a.AsReference == b.AsReference,
            _ => a.AsText == b.AsText,
        };
    }

    /// <summary>Order; -1, 0, 1 or <see cref="Unordered"/>.</summary>
    /// <returns>False where the two have no order.</returns>
    public static bool TryCompare(in Value a, in Value b, out int order)
    {
        order = 0;
        if (a.Kind != b.Kind)
        {
            if (!IsPlainNumber(a.Kind) || !IsPlainNumber(b.Kind)) { return false; }
            order = CompareNumbers(a, b);
            return true;
        }
        switch (a.Kind)
        {
            case ValueKind.Number: order = a.AsNumber.CompareTo(b.AsNumber); return true;
            case ValueKind.Bool: order = a.Truth.CompareTo(b.Truth); return true;
            case ValueKind.Int or ValueKind.UInt or ValueKind.Double: order = CompareNumbers(a, b); return true;
            case ValueKind.Text: order = CompareTexts(a.AsText, b.AsText); return true;
            case ValueKind.Bytes: order = Math.Sign(a.AsBytes.SequenceCompareTo(b.AsBytes)); return true;
            case ValueKind.Duration: order = a.AsNanos.CompareTo(b.AsNanos); return true;
            case ValueKind.Timestamp:
                order = a.AsInstant.CompareTo(b.AsInstant);
                if (order == 0) { order = a.NanosBeyondMicros.CompareTo(b.NanosBeyondMicros); }
                return true;
            default: return false;
        }
    }

    /// <summary>A hash that agrees with <see cref="Same"/>.</summary>
    public static int HashOf(in Value value) => value.Kind switch
    {
        ValueKind.Bool => (int)value.Truth,
        // Numbers of different kinds that are equal must hash alike: all go by their double.
        ValueKind.Int => ((double)value.AsInt).GetHashCode(),
        ValueKind.UInt => ((double)value.AsUInt).GetHashCode(),
        ValueKind.Double => value.AsDouble == 0 ? 0d.GetHashCode() : value.AsDouble.GetHashCode(),
        ValueKind.Number => value.AsNumber.GetHashCode(),
        ValueKind.Timestamp => value.AsInstant.GetHashCode(),
        ValueKind.Duration => value.AsNanos.GetHashCode(),
        ValueKind.Reference => value.AsReference,
        ValueKind.Bytes => value.AsBytes.Length,
        ValueKind.List => value.AsList.Count,
        ValueKind.Map => value.AsMap.Count,
        _ => value.AsText.GetHashCode(StringComparison.Ordinal),
    };

    private static bool IsPlainNumber(ValueKind kind) => kind is ValueKind.Int or ValueKind.UInt or ValueKind.Double;

    private static bool SameElements(IReadOnlyList<Value> a, IReadOnlyList<Value> b)
    {
        if (a.Count != b.Count) { return false; }
        for (var i = 0; i < a.Count; i++)
        {
            if (!Same(a[i], b[i])) { return false; }
        }
        return true;
    }

    private static int CompareNumbers(in Value a, in Value b)
    {
        if (a.Kind == ValueKind.Double || b.Kind == ValueKind.Double)
        {
            var (x, y) = (ToDouble(a), ToDouble(b));
            return double.IsNaN(x) || double.IsNaN(y) ? Unordered : x.CompareTo(y);
        }
        return ((Int128)Whole(a)).CompareTo(Whole(b));
    }

    private static double ToDouble(in Value value) => value.Kind switch
    {
        ValueKind.Int => value.AsInt,
        ValueKind.UInt => value.AsUInt,
        // Adding zero makes the negative zero an ordinary one: CEL does not order the two.
        _ => value.AsDouble + 0.0,
    };

    private static Int128 Whole(in Value value) => value.Kind == ValueKind.Int ? value.AsInt : value.AsUInt;

    /// <summary>By code points, which is not quite the order of UTF-16: surrogates come after all other units.</summary>
    private static int CompareTexts(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] == b[i]) { continue; }
            var (x, y) = (char.IsSurrogate(a[i]), char.IsSurrogate(b[i]));
            return x != y ? (x ? 1 : -1) : a[i].CompareTo(b[i]) < 0 ? -1 : 1;
        }
        return a.Length.CompareTo(b.Length);
    }
}
