using System.Globalization;
using System.Numerics;
using System.Text;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>Decimals as JSON writes them, read from their text and written exactly; never through a binary fraction.</summary>
internal static class DecimalText
{
    private const int TextMax = 128;

    /// <summary>Reads a decimal: an optional minus, digits, an optional fraction, an optional exponent.</summary>
    /// <returns>Null; or <see cref="RefusalCode.WrongType"/> where it is none, or <see cref="RefusalCode.NumberOutOfRange"/> where it does not fit.</returns>
    public static RefusalCode? Read(ReadOnlySpan<byte> text, out Number number)
    {
        number = default;
        var at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        long value = 0;
        var whole = Digits(text, ref at, ref value);
        if (whole == 0 || (whole > 1 && text[at - whole] == '0')) { return RefusalCode.WrongType; }
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at, ref value);
            if (fraction == 0) { return RefusalCode.WrongType; }
        }
        if (at == text.Length && whole + fraction <= 18)
        {
            if (text[0] == '-') { value = -value; }
            number = fraction == 0 ? new Number(value) : Number.Of(value, PowerOfTen(fraction));
            return null;
        }
        if (at < text.Length && !IsExponent(text[at..])) { return RefusalCode.WrongType; }
        if (text.Length > TextMax) { return RefusalCode.NumberOutOfRange; }
        Span<char> characters = stackalloc char[TextMax];
        var length = Encoding.ASCII.GetChars(text, characters);
        return Number.TryParse(characters[..length], out number) ? null : RefusalCode.NumberOutOfRange;
    }

    /// <summary>An amount of a unit in its smallest parts.</summary>
    /// <param name="number">In whole units.</param>
    /// <param name="decimals">The unit's digits after the point, 0 to 9.</param>
    /// <param name="parts">In smallest parts.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static RefusalCode? ToParts(Number number, int decimals, out long parts)
    {
        var (quotient, remainder) = Int128.DivRem((Int128)number.Numerator * PowerOfTen(decimals), number.Denominator);
        parts = 0;
        if (remainder != 0) { return RefusalCode.TooManyDecimals; }
        if (quotient < -Scales.AmountMax || quotient > Scales.AmountMax) { return RefusalCode.AmountOutOfRange; }
        parts = (long)quotient;
        return null;
    }

    /// <summary>True for a number that is surely a decimal which <see cref="Read"/> reads.</summary>
    public static bool IsShort(Number number) => number.IsWhole || PowerOfTen(18) % number.Denominator == 0;

    /// <summary>The decimal that <see cref="Read"/> reads as this number. A fraction that has none is written as a fraction, which it refuses.</summary>
    public static string Write(Number number)
    {
        var text = number.ToString();
        if (!text.Contains('/', StringComparison.Ordinal)) { return text; }
        BigInteger power = 1;
        for (var digits = 1; digits <= 64; digits++)
        {
            power *= 10;
            if (power % number.Denominator != 0) { continue; }
            var scaled = (BigInteger.Abs(number.Numerator) * (power / number.Denominator)).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
            return $"{(number.Numerator < 0 ? "-" : "")}{scaled[..^digits]}.{scaled[^digits..]}";
        }
        return text;
    }

    /// <summary>An amount in whole units, with as many digits as its unit has.</summary>
    public static string WriteParts(long parts, int decimals)
    {
        if (decimals == 0) { return parts.ToString(CultureInfo.InvariantCulture); }
        var digits = Int128.Abs(parts).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return $"{(parts < 0 ? "-" : "")}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static int Digits(ReadOnlySpan<byte> text, ref int at, ref long value)
    {
        var start = at;
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            // Past 18 digits the value is not used: the slow way reads it again.
            if (value < 100_000_000_000_000_000) { value = (value * 10) + (text[at] - '0'); }
        }
        return at - start;
    }

    private static bool IsExponent(ReadOnlySpan<byte> text)
    {
        if (text[0] is not ((byte)'e' or (byte)'E')) { return false; }
        text = text[(text.Length > 1 && text[1] is (byte)'+' or (byte)'-' ? 2 : 1)..];
        return text.Length > 0 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static long PowerOfTen(int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++) { power *= 10; }
        return power;
    }
}
