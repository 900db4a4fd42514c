namespace Laurel.Engine.Tests.Bugs;

/// <summary>Just before the second fact of an instant a state that is a condition was still as before the first.</summary>
public sealed class Bug_0013_before_a_fact_among_others
{
    [Fact]
    public void Conditions_see_the_facts_before_of_the_same_instant() => Told.Of(
        """
        program: maple
        units: { points: {} }
        subjects: { site: {} }
        facts: { plan.bought: { about: site }, site.sold: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        states:
          site.premium: { starts: plan.bought, for: 14 days }
          site.counts: site.premium
        rules: { sale: { give: 100 points, when: site.sold, where: before.site.counts } }
        """,
        "2024-01-01 member.joined member/ada", "2024-02-01 plan.bought site/s1", "2024-02-01 site.sold site/s1 member=ada")
        .Gives("ada sale points site/s1 2024-02-01T00:00:00Z Active from 2024-02-01T00:00:00Z until never: 100, counts 100");
}
