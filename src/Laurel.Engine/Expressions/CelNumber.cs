using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>Reads the numbers that stand in expressions.</summary>
internal static class CelNumber
{
    /// <summary>Reads one.</summary>
    /// <param name="text">Its text, without a sign.</param>
    /// <param name="negative">True where a minus sign stands before it.</param>
    public static bool TryRead(string text, bool negative, Dialect dialect, out Value value, out (CelProblemKind Kind, string Message, string Remedy) problem)
    {
        problem = default;
        var signed = negative ? "-" + text : text;
        if (dialect == Dialect.Program)
        {
            if (TryReadExact(text, negative, out value)) { return true; }
            problem = text[^1] is 'u' or 'U' && TryReadExact(text[..^1], negative, out _)
                ? (CelProblemKind.NotInDialect, $"`{text}` is an unsigned number, and there are none in a program", "Leave the u out: all numbers are exact here.")
                : (CelProblemKind.BadNumber, $"`{text}` is no number, or has more digits than fit", "Write it like 300 or 0.25, with at most 18 digits.");
            return false;
        }
        if (TryReadPlain(text, signed, negative, out value)) { return true; }
        problem = (CelProblemKind.BadNumber, $"`{text}` is no number, or does not fit 64 bits", "Write an integer like 42, an unsigned one like 42u, a double like 4.2, or in hexadecimal 0x2A.");
        return false;
    }

    private static bool TryReadExact(string text, bool negative, out Value value)
    {
        value = default;
        if (IsHex(text))
        {
            if (!long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole) || whole < 0) { return false; }
            value = Value.Of((Number)(negative ? -whole : whole));
            return true;
        }
        if (!Number.TryParse((negative ? "-" : "") + text, out var number)) { return false; }
        value = Value.Of(number);
        return true;
    }

    private static bool TryReadPlain(string text, string signed, bool negative, out Value value)
    {
        value = default;
        var unsigned = text[^1] is 'u' or 'U';
        var digits = unsigned ? text[..^1] : text;
        if (!IsHex(text) && digits.AsSpan().ContainsAny(".eE"))
        {
            if (unsigned || !double.TryParse(signed, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) { return false; }
            value = Value.Double(real);
            return true;
        }
        var read = IsHex(digits)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size);
        if (!read || (unsigned && negative)) { return false; }
        if (unsigned) { value = Value.UInt(size); }
        else if (size > (ulong)long.MaxValue + (negative ? 1u : 0u)) { return false; }
        else { value = Value.Int(negative ? (long)(-(Int128)size) : (long)size); }
        return true;
    }

    private static bool IsHex(string text) => text.StartsWith("0x", StringComparison.Ordinal) || text.StartsWith("0X", StringComparison.Ordinal);
}
