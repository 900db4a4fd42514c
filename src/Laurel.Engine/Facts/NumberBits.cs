using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>
/// An exact number in 64 bits: a whole number of at most 63 bits times two, or the place of any other among the history's numbers,
/// times two, plus one. Equal numbers have equal bits.
/// </summary>
internal static class NumberBits
{
    /// <summary>The bits of a number that needs no place of its own; null for one that does.</summary>
    public static long? Of(Number number) =>
        number.IsWhole && number.Numerator is >= long.MinValue / 2 and <= long.MaxValue / 2 ? number.Numerator * 2 : null;

    /// <summary>The bits of a number that stands aside.</summary>
    public static long Aside(int place) => (place * 2L) + 1;

    /// <summary>The number of its bits.</summary>
    public static Number Read(long bits, Number[] aside) => (bits & 1) == 0 ? new(bits >> 1) : aside[bits >> 1];
}
