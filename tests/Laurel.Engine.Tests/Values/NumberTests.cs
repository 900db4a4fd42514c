using System.Numerics;
using Laurel.Engine.Values;
using Xunit.Abstractions;

namespace Laurel.Engine.Tests.Values;

/// <summary>Exact numbers are fractions, whatever their size.</summary>
public sealed class NumberTests(ITestOutputHelper output)
{
    [Fact]
    public void Arithmetic_is_that_of_fractions_or_refused()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (fits, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var (a, b) = (Draw(random), Draw(random));
            var (an, ad, bn, bd) = ((BigInteger)a.Numerator, (BigInteger)a.Denominator, (BigInteger)b.Numerator, (BigInteger)b.Denominator);
            Check(() => a + b, (an * bd) + (bn * ad), ad * bd, $"seed {seed}: {a} + {b}");
            Check(() => a - b, (an * bd) - (bn * ad), ad * bd, $"seed {seed}: {a} - {b}");
            Check(() => a * b, an * bn, ad * bd, $"seed {seed}: {a} * {b}");
            if (bn != 0) { Check(() => a / b, an * bd, ad * bn, $"seed {seed}: {a} / {b}"); }
            Assert.Equal((an * bd).CompareTo(bn * ad), Math.Sign(a.CompareTo(b)));
        }
        Assert.True(fits > 2500 && refused > 250, $"seed {seed}: {fits} fit, {refused} were refused");

        void Check(Func<Number> work, BigInteger numerator, BigInteger denominator, string about)
        {
            var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
            (numerator, denominator) = (numerator / divisor, denominator / divisor);
            try
            {
                var result = work();
                Assert.True(result.Numerator == numerator && result.Denominator == denominator, $"{about} gives {result}");
                fits++;
            }
            catch (OverflowException)
            {
                // What would fit may be refused only where a step on the way to it does not fit: a sum of products, or a sign.
                var edge = numerator > long.MaxValue || numerator < long.MinValue || denominator > long.MaxValue;
                Assert.True(edge || about.Contains($"{long.MinValue}", StringComparison.Ordinal), $"{about} is refused, and would be {numerator}/{denominator}");
                refused++;
            }
        }
    }

    private static Number Draw(Random random)
    {
        long[] edges = [0, 1, -1, 2, 10, 100, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1, int.MaxValue, (1L << 32) + 1];
        var numerator = random.Next(3) == 0 ? edges[random.Next(edges.Length)] : random.NextInt64(-10_000, 10_000);
        var denominator = random.Next(4) == 0 ? Math.Max(1, edges[random.Next(edges.Length)]) : random.NextInt64(1, 1000);
        return Number.Of(numerator, denominator);
    }
}
