namespace Laurel.Engine.Tests.Bugs;

/// <summary>
/// A credit that an edition keeps could not be ended any more once a later edition had a rule of its name: a transition that ends
/// the rule ended the new credits alone.
/// </summary>
public sealed class Bug_0033_a_kept_credit_outlived_the_end_of_its_name
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { size: number } }
        facts: { site.created: { about: site, needs: [member, size] }, site.paid: { about: site } }
        ---
        edition: e1
        effective: 2024-01-01
        roles: { site.owner: { starts: site.created } }
        rules: { owned: { give: 5 points, to: site.owner, while: site.size > 0 } }
        ---
        edition: e2
        effective: 2025-01-01
        roles: { site.owner: { starts: site.created } }
        rules: { sale: { give: 2 points, to: site.owner, when: site.paid } }
        transition: { owned: keep }
        ---
        edition: e3
        effective: 2026-01-01
        roles: { site.owner: { starts: site.created } }
        rules: { owned: { give: 9 points, to: site.owner, while: site.size > 0 } }
        transition: { sale: keep }
        ---
        edition: e4
        effective: 2027-01-01
        roles: { site.owner: { starts: site.created } }
        rules: { other: { give: 1 points, to: site.owner, when: site.paid } }
        transition: { owned: end }
        """;

    [Fact]
    public void What_was_kept_ends_with_the_rule_that_has_its_name_now() => Told.Of(Program, "2024-01-01 member.joined member/ada", "2024-02-01 site.created site/s1 member=ada size=3").Gives(
        "ada owned points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until 2027-01-01T00:00:00Z: 5, counts 5",
        "ada owned points site/s1 2026-01-01T00:00:00Z Active from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z: 9, counts 9");
}
