using System.Globalization;
using System.Numerics;

namespace Laurel.Engine.Values;

/// <summary>
/// An exact number: a fraction in lowest terms with 64-bit parts. Arithmetic is checked: a result that needs more throws
/// <see cref="OverflowException"/>, which the evaluation turns into a refusal that names the place.
/// </summary>
public readonly struct Number : IEquatable<Number>, IComparable<Number>
{
    private readonly long _denominatorLessOne;

    private Number(long numerator, long denominator)
    {
        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    /// <summary>A whole number.</summary>
    public Number(long value) => Numerator = value;

    /// <summary>Above the line; carries the sign.</summary>
    public long Numerator { get; }

    /// <summary>Below the line; at least 1.</summary>
    public long Denominator => _denominatorLessOne + 1;

    /// <summary>True where nothing stands below the line.</summary>
    public bool IsWhole => _denominatorLessOne == 0;

    /// <summary>A fraction in lowest terms.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    /// <exception cref="OverflowException">A part does not fit 64 bits.</exception>
    public static Number Of(Int128 numerator, Int128 denominator)
    {
        if (denominator == 0) { throw new DivideByZeroException(); }
        if (denominator == 1) { return new((long)numerator); }
        if (denominator < 0) { (numerator, denominator) = (-numerator, -denominator); }
        var divisor = GreatestCommonDivisor(Int128.Abs(numerator), denominator);
        return new((long)(numerator / divisor), (long)(denominator / divisor));
    }

    /// <summary>A fraction that is in lowest terms already, such as one that was taken apart.</summary>
    internal static Number InLowestTerms(long numerator, long denominator) => new(numerator, denominator);

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != 0)
        {
            // Most numbers are small, and dividing them in 64 bits is many times faster.
            if (a <= ulong.MaxValue && b <= ulong.MaxValue) { return GreatestCommonDivisor((ulong)a, (ulong)b); }
            (a, b) = (b, a % b);
        }
        return a;
    }

    private static ulong GreatestCommonDivisor(ulong a, ulong b)
    {
        while (b != 0) { (a, b) = (b, a % b); }
        return a;
    }

    /// <summary>Reads a decimal such as "12", "-0.30", "1.5e3", exactly.</summary>
    /// <returns>False where the text is no decimal, or does not fit.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Number number)
    {
        number = default;
        var exponentAt = text.IndexOfAny('e', 'E');
        var exponent = 0;
        if (exponentAt >= 0)
        {
            if (!int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || exponent is < -40 or > 40) { return false; }
            text = text[..exponentAt];
        }
        var point = text.IndexOf('.');
        var digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        if (point >= 0) { exponent -= text.Length - point - 1; }
        if (digits.Length is 0 or > 60 || !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) { return false; }
        var numerator = exponent > 0 ? value * BigInteger.Pow(10, exponent) : value;
        var denominator = exponent < 0 ? BigInteger.Pow(10, -exponent) : BigInteger.One;
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        (numerator, denominator) = (numerator / divisor, denominator / divisor);
        if (numerator < long.MinValue || numerator > long.MaxValue || denominator > long.MaxValue) { return false; }
        number = new((long)numerator, (long)denominator);
        return true;
    }

    /// <summary>The nearest whole number; a half goes away from zero.</summary>
    public long Round() => IsWhole ? Numerator : Round(scale: 1);

    /// <summary>The whole number that is nearest to so many times it; a half goes away from zero. Exact where the product itself would not fit.</summary>
    /// <param name="scale">How many times; at least 1.</param>
    /// <exception cref="OverflowException">It does not fit 64 bits.</exception>
    public long Round(long scale)
    {
        var (quotient, remainder) = Int128.DivRem((Int128)Numerator * scale, Denominator);
        if (Int128.Abs(remainder) * 2 >= Denominator) { quotient += Numerator < 0 ? -1 : 1; }
        return checked((long)quotient);
    }

    /// <summary>The largest whole number that is not larger.</summary>
    public long Floor() => IsWhole || Numerator >= 0 ? Numerator / Denominator : checked((Numerator / Denominator) - 1);

    /// <summary>The smallest whole number that is not smaller.</summary>
    public long Ceiling() => IsWhole || Numerator <= 0 ? Numerator / Denominator : checked((Numerator / Denominator) + 1);

    /// <inheritdoc/>
    public int CompareTo(Number other) =>
        IsWhole && other.IsWhole ? Numerator.CompareTo(other.Numerator) : ((Int128)Numerator * other.Denominator).CompareTo((Int128)other.Numerator * Denominator);

    /// <inheritdoc/>
    public bool Equals(Number other) => Numerator == other.Numerator && _denominatorLessOne == other._denominatorLessOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Number other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, _denominatorLessOne);

    /// <summary>A decimal where it ends within 18 digits, else "numerator/denominator".</summary>
    public override string ToString()
    {
        if (IsWhole) { return Numerator.ToString(CultureInfo.InvariantCulture); }
        Int128 power = 1;
        for (var digits = 1; digits <= 18; digits++)
        {
            power *= 10;
            if (power % Denominator != 0) { continue; }
            var scaled = Int128.Abs(Numerator) * (power / Denominator);
            var sign = Numerator < 0 ? "-" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{scaled / power}.{(scaled % power).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
    }

    /// <summary>A whole number as a number.</summary>
    public static implicit operator Number(long value) => new(value);

    /// <summary>The sum.</summary>
    public static Number operator +(Number a, Number b) => a.IsWhole && b.IsWhole
        ? new(checked(a.Numerator + b.Numerator))
        : Of(checked(((Int128)a.Numerator * b.Denominator) + ((Int128)b.Numerator * a.Denominator)), (Int128)a.Denominator * b.Denominator);

    /// <summary>The difference.</summary>
    public static Number operator -(Number a, Number b) => a.IsWhole && b.IsWhole
        ? new(checked(a.Numerator - b.Numerator))
        : Of(checked(((Int128)a.Numerator * b.Denominator) - ((Int128)b.Numerator * a.Denominator)), (Int128)a.Denominator * b.Denominator);

    /// <summary>The number with the other sign.</summary>
    public static Number operator -(Number a) => new(checked(-a.Numerator), a.Denominator);

    /// <summary>The product.</summary>
    public static Number operator *(Number a, Number b) => Of((Int128)a.Numerator * b.Numerator, (Int128)a.Denominator * b.Denominator);

    /// <summary>The quotient.</summary>
    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static Number operator /(Number a, Number b) => Of((Int128)a.Numerator * b.Denominator, (Int128)a.Denominator * b.Numerator);

    /// <summary>Equal.</summary>
    public static bool operator ==(Number a, Number b) => a.Equals(b);

    /// <summary>Not equal.</summary>
    public static bool operator !=(Number a, Number b) => !a.Equals(b);

    /// <summary>Less than.</summary>
    public static bool operator <(Number a, Number b) => a.CompareTo(b) < 0;

    /// <summary>Greater than.</summary>
    public static bool operator >(Number a, Number b) => a.CompareTo(b) > 0;

    /// <summary>Not greater than.</summary>
    public static bool operator <=(Number a, Number b) => a.CompareTo(b) <= 0;

    /// <summary>Not less than.</summary>
    public static bool operator >=(Number a, Number b) => a.CompareTo(b) >= 0;
}
