namespace Laurel.Engine.Tests.Bugs;

/// <summary>A fact that gives and takes back, so that a later one replaces an earlier one, took back also what it gave itself.</summary>
public sealed class Bug_0003_a_fact_took_back_what_it_gave
{
    [Fact]
    public void Each_replaces_the_one_before() => Told.Of(
        """
        program: maple
        units: { points: {} }
        subjects: { site: { size: number } }
        facts: { site.measured: { about: site, needs: [member, size] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { size: { give: fact.size points, when: site.measured, unless: site.measured } }
        """,
        "2024-02-01 member.joined member/ada", "2024-02-02 site.measured site/s1 member=ada size=7", "2024-02-05 site.measured site/s1 member=ada size=9").Gives(
        "ada size points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-02-05T00:00:00Z: 7, counts 7",
        "ada size points site/s1 2024-02-05T00:00:00Z Active from 2024-02-05T00:00:00Z until never: 9, counts 9");
}
