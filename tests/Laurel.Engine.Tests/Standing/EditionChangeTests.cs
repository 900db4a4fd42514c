using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Standing;

/// <summary>What a member keeps under its name where an edition puts it in another place.</summary>
public sealed class EditionChangeTests
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: {} }
        facts: { site.sold: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: 100 points, when: site.sold } }
        ladders: { level: { rungs: [bronze, silver: points >= 100, gold: points >= 200], up: { lag: 14 days }, down: { lag: 14 days } } }
        benefits: { badge: points >= 100, help: points >= 1000 }
        ---
        edition: e2
        effective: 2024-03-10
        rules: { sale: { give: 100 points, when: site.sold } }
        ladders: { level: { rungs: [bronze, iron: points >= 50, silver: points >= 100, gold: points >= 200], up: { lag: 14 days }, down: { lag: 14 days } } }
        benefits: { help: points >= 100, badge: points >= 100 }
        """;

    private static readonly Told Ada = Told.Of(Program, "2024-01-01 member.joined member/ada", "2024-02-01 site.sold site/s1 member=ada", "2024-03-01 site.sold site/s2 member=ada");

    [Theory]
    [InlineData("2024-02-14", "bronze", "it waits")]
    [InlineData("2024-02-15", "silver", "14 days after it was met")]
    [InlineData("2024-03-10", "silver", "the same by its name, where another came in below")]
    [InlineData("2024-03-15", "gold", "what was decided before the edition holds after it")]
    public void A_level_and_what_was_decided_of_it_go_on_by_name(string at, string level, string why)
    {
        var standing = Ada.At("ada", at);
        Assert.True(level == standing.LevelOn(standing.Edition.Ladders[0]), $"{why}: {standing.LevelOn(standing.Edition.Ladders[0])}");
    }

    [Fact]
    public void A_benefit_is_compared_with_that_of_its_name()
    {
        var changes = Change.Between(Ada.At("ada", "2024-03-09"), Ada.At("ada", "2024-03-10"), Ada.Program.Vocabulary);
        var opened = Assert.IsType<Change.Benefit>(Assert.Single(changes));
        Assert.Equal(("help", true), (opened.Of.Name, opened.To));
    }

    [Fact]
    public void A_ladder_that_an_edition_brings_begins_with_what_is_met()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { site: {} }
            facts: { site.sold: { about: site, needs: [member] } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { sale: { give: 100 points, when: site.sold } }
            ---
            edition: e2
            effective: 2024-03-10
            based-on: e1
            ladders: { level: { rungs: [none, silver: points >= 100, gold: points >= 200], up: never, down: never } }
            """,
            "2024-01-01 member.joined member/ada", "2024-01-01 member.joined member/ben", "2024-02-01 site.sold site/s1 member=ada", "2024-02-01 site.sold site/s2 member=ada", "2024-04-01 site.sold site/s3 member=ben");
        Assert.Equal([2, 2], "2024-03-10 2024-05-01".Split(' ').Select(at => told.At("ada", at).Levels[0]));
        Assert.Equal([0, 0], "2024-03-10 2024-05-01".Split(' ').Select(at => told.At("ben", at).Levels[0]));
    }
}
