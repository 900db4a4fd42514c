using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Facts;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-12", "-12")]
    [InlineData("0.1", "0.1")]
    [InlineData("-0.30", "-0.3")]
    [InlineData("1.5e3", "1500")]
    [InlineData("15E-1", "1.5")]
    [InlineData("1e+2", "100")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("922337203685477580.7", "922337203685477580.7")]
    [InlineData("0.000000000000000001", "0.000000000000000001")]
    [InlineData("9007199254740993", "9007199254740993")]
    public void Reads_decimals_exactly(string text, string number)
    {
        Assert.Null(Read(text, out var value));
        Assert.Equal(number, value.ToString());
    }

    [Theory]
    [InlineData("9223372036854775808", RefusalCode.NumberOutOfRange)]
    [InlineData("-9223372036854775809", RefusalCode.NumberOutOfRange)]
    [InlineData("0.0000000000000000001", RefusalCode.NumberOutOfRange)]
    [InlineData("1e400", RefusalCode.NumberOutOfRange)]
    [InlineData("1e99999999999999999999", RefusalCode.NumberOutOfRange)]
    [InlineData("1e-2147483648", RefusalCode.NumberOutOfRange)]
    [InlineData("", RefusalCode.WrongType)]
    [InlineData("-", RefusalCode.WrongType)]
    [InlineData("+1", RefusalCode.WrongType)]
    [InlineData("01", RefusalCode.WrongType)]
    [InlineData("-01", RefusalCode.WrongType)]
    [InlineData(".5", RefusalCode.WrongType)]
    [InlineData("5.", RefusalCode.WrongType)]
    [InlineData("1e", RefusalCode.WrongType)]
    [InlineData("1e+", RefusalCode.WrongType)]
    [InlineData("1,5", RefusalCode.WrongType)]
    [InlineData("1 ", RefusalCode.WrongType)]
    [InlineData("NaN", RefusalCode.WrongType)]
    public void Tells_what_is_wrong(string text, RefusalCode code) => Assert.Equal(code, Read(text, out _));

    [Fact]
    public void A_number_of_a_megabyte_is_refused_at_once() => Assert.Equal(RefusalCode.NumberOutOfRange, Read(new string('9', 1 << 20), out _));

    [Theory]
    [InlineData("12.50", 2, 1250L, null)]
    [InlineData("12.500", 2, 1250L, null)]
    [InlineData("-0.01", 2, -1L, null)]
    [InlineData("12.505", 2, 0L, RefusalCode.TooManyDecimals)]
    [InlineData("1", 0, 1L, null)]
    [InlineData("0.1", 0, 0L, RefusalCode.TooManyDecimals)]
    [InlineData("10000000000000", 2, Scales.AmountMax, null)]
    [InlineData("-10000000000000.00", 2, -Scales.AmountMax, null)]
    [InlineData("10000000000000.01", 2, 0L, RefusalCode.AmountOutOfRange)]
    [InlineData("-10000000000000.01", 2, 0L, RefusalCode.AmountOutOfRange)]
    [InlineData("9223372036854775807", 9, 0L, RefusalCode.AmountOutOfRange)]
    public void An_amount_is_whole_in_the_smallest_parts_of_its_unit(string text, int decimals, long parts, RefusalCode? code)
    {
        Assert.Null(Read(text, out var number));
        Assert.Equal(code, DecimalText.ToParts(number, decimals, out var told));
        Assert.Equal(parts, told);
        if (code is null) { Assert.Equal(number, Number.TryParse(DecimalText.WriteParts(told, decimals), out var again) ? again : default); }
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var numerator = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            var number = Number.Of(numerator, (Int128)(1L << random.Next(40)) * (random.Next(2) == 0 ? 1 : 5));
            Assert.Null(Read(DecimalText.Write(number), out var again));
            Assert.Equal(number, again);
        }
        Assert.Equal(RefusalCode.WrongType, Read(DecimalText.Write(Number.Of(1, 3)), out _));
    }

    private static RefusalCode? Read(string text, out Number number) => DecimalText.Read(Encoding.UTF8.GetBytes(text), out number);
}
