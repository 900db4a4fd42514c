namespace Laurel.Engine.Tests.Bugs;

/// <summary>The keys of a map stood in the order in which subjects were first told; and a map by a reference could not be asked by its name.</summary>
public sealed class Bug_0006_maps_in_the_order_of_coming
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { firm: {}, site: { firm: firm } }
        facts: { site.created: { about: site, needs: [member, firm] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { site: { give: 100 points, when: site.created } }
        metrics: { by_firm: { sum: points, per: site.firm }, of_f1: 'by_firm["f1"]' }
        """;

    [Theory]
    [InlineData("f1", "f2")]
    [InlineData("f2", "f1")]
    public void Keys_have_an_order_and_are_names(string first, string second)
    {
        var standing = Told.Of(
            Program, "2024-02-01 member.joined member/ada", $"2024-02-02 site.created site/s1 member=ada firm={first}", $"2024-02-03 site.created site/s2 member=ada firm={second}").At("ada", "2024-03-01");
        Assert.Equal("""{"f1": 100, "f2": 100}""", standing.MetricOf("by_firm").ToString());
        Assert.Equal("100", standing.MetricOf("of_f1").ToString());
    }
}
