namespace Laurel.Engine.Tests.Bugs;

/// <summary>
/// Who was in the role all along got what it had failed to get at the moment, once anybody's role changed; and where what had to hold
/// at the moment speaks of the member, nobody could gain it later.
/// </summary>
public sealed class Bug_0012_who_gains_a_role_later
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { live: flag } }
        facts:
          site.given: { about: site, needs: [member] }
          site.told: { about: site, needs: [live] }
          site.sold: { about: site }
        ---
        edition: e1
        effective: 2024-01-01
        roles: { site.owner: { starts: site.given } }
        rules: { sale: { give: 100 points, to: site.owner, or-later: this year, when: site.sold, where: member.enrolled, while: site.live } }
        """;

    [Fact]
    public void Who_gains_the_role_gets_it_from_then() => Told.Of(
        Program, "2024-01-01 member.joined member/ada", "2024-02-01 site.told site/s1 live=true", "2024-02-02 site.sold site/s1", "2024-03-01 site.given site/s1 member=ada")
        .Gives("ada sale points site/s1 2024-02-02T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 100, counts 100");

    [Fact]
    public void Who_was_not_enrolled_at_the_moment_does_not() => Told.Of(
        Program, "2024-02-01 site.told site/s1 live=true", "2024-02-02 site.sold site/s1", "2024-02-05 member.joined member/ada", "2024-03-01 site.given site/s1 member=ada").Gives();

    [Fact]
    public void Who_was_in_the_role_and_got_nothing_gains_nothing_when_another_does() => Told.Of(
        Program, "2024-01-01 member.joined member/ada", "2024-01-01 member.joined member/ben", "2024-02-01 site.given site/s1 member=ada", "2024-02-01 site.told site/s1 live=false",
        "2024-02-02 site.sold site/s1", "2024-02-05 site.told site/s1 live=true", "2024-03-01 site.given site/s1 member=ben")
        .Gives("ben sale points site/s1 2024-02-02T00:00:00Z Active from 2024-03-01T00:00:00Z until never: 100, counts 100");
}
