namespace Laurel.Engine.Tests.Bugs;

/// <summary>An amount that is a fraction of nearly 64 bits, as of two numbers that a fact tells, was made too large on its way to smallest parts: nobody could be scored any more.</summary>
public sealed class Bug_0034_a_fine_fraction_stopped_the_scoring
{
    [Theory]
    [InlineData("9223372036854775807", "9223372036854775806", "1")]
    [InlineData("9223372036854775807", "3000000000000000001", "3.07")]
    [InlineData("-9223372036854775807", "6148914691236517204", "-1.5")]
    [InlineData("9223372036854775807", "2", "0")]
    public void It_is_rounded_to_the_smallest_part(string part, string whole, string eur)
    {
        var told = Told.Of(
            "program: maple\nunits: { eur: { decimals: 2, money: true } }\nsubjects: { site: { part: number, whole: number } }\nfacts: { site.sold: { about: site, needs: [member, part, whole] } }\n---\nedition: e1\neffective: 2024-01-01\nrules: { share: { give: fact.part / fact.whole eur, when: site.sold } }",
            "2024-01-01 member.joined member/ada", $"2024-02-01 site.sold site/s1 member=ada part={part} whole={whole}");
        Assert.Equal(eur, $"{told.At("ada", "2024-03-01").MetricOf("eur")}");
    }
}
