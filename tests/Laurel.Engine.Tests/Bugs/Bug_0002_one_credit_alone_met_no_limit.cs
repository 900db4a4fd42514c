namespace Laurel.Engine.Tests.Bugs;

/// <summary>Limits were left out where there is one credit, as if one alone could not lose: it can, to a sum or to a number to be reached.</summary>
public sealed class Bug_0002_one_credit_alone_met_no_limit
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: {} }
        facts: { site.created: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { site: { give: 300 points, when: site.created } }
        """;

    [Theory]
    [InlineData("from: 2", 0)]
    [InlineData("at-most: 250", 250)]
    [InlineData("per: site, from: 2", 0)]
    [InlineData("per: site, at-most: 250 points", 250)]
    [InlineData("best: 1", 300)]
    public void A_limit_is_for_one_credit_too(string limit, int counts) =>
        Told.Of($"{Program}\nlimits: {{ limit: {{ of: site, {limit} }} }}", "2024-02-01 member.joined member/ada", "2024-02-02 site.created site/s1 member=ada")
            .Gives($"ada site points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until never: 300, counts {counts}");
}
