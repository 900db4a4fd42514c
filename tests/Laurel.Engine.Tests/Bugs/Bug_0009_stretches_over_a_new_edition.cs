namespace Laurel.Engine.Tests.Bugs;

/// <summary>
/// A stretch that goes on under a new edition is one credit by one moment. After its amount changed it counted by the edition's
/// date; and who joined later got nothing, as if it were kept by the edition before.
/// </summary>
public sealed class Bug_0009_stretches_over_a_new_edition
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { size: number } }
        facts: { site.created: { about: site, needs: [member], may: [size] }, site.grown: { about: site, needs: [size] } }
        ---
        edition: e1
        effective: 2024-01-01
        roles: { site.owner: { starts: site.created } }
        rules: { site: { give: site.size points, to: site.owner } }
        ---
        edition: e2
        effective: 2024-03-01
        based-on: e1
        """;

    [Fact]
    public void An_amount_that_changes_keeps_its_moment() => Told.Of(
        Program, "2024-02-01 member.joined member/ada", "2024-02-02 site.created site/s1 member=ada size=7", "2024-04-01 site.grown site/s1 size=9").Gives(
        "ada site points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-04-01T00:00:00Z: 7, counts 7",
        "ada site points site/s1 2024-02-02T00:00:00Z Active from 2024-04-01T00:00:00Z until never: 9, counts 9");

    [Fact]
    public void An_amount_that_changes_with_the_edition_keeps_its_moment() => Told.Of(
        Program, "2024-02-01 member.joined member/ada", "2024-02-02 site.created site/s1 member=ada size=7", "2024-03-01 site.grown site/s1 size=9").Gives(
        "ada site points site/s1 2024-02-02T00:00:00Z Active from 2024-02-02T00:00:00Z until 2024-03-01T00:00:00Z: 7, counts 7",
        "ada site points site/s1 2024-02-02T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 9, counts 9");

    [Fact]
    public void Who_joins_later_has_what_is_live_then() => Told.Of(
        Program, "2024-02-02 site.created site/s1 member=ada size=7", "2024-04-01 member.joined member/ada")
        .Gives("ada site points site/s1 2024-04-01T00:00:00Z Active from 2024-04-01T00:00:00Z until never: 7, counts 7");
}
