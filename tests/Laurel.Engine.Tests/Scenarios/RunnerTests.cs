using Laurel.Engine.Scenarios;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>What is not as expected is said with what came out, and why.</summary>
public sealed class RunnerTests
{
    private const string Facts =
        """
        scenario: A site on a plan
        case: [M-1, M-2]
        source: https://example.org/rules
        facts:
          - { at: 2024-01-01, fact: member.joined, member: ada }
          - { at: 2024-01-01, fact: member.joined, member: ben }
          - { repeat: 2, at: 2024-01-02, fact: site.created, site: "s{n}", member: ada, live: true, size: 3 }
          - { repeat: 2, from: 7, at: 2024-01-02, fact: site.created, site: "s{n}", member: ben }
          - { at: 2024-01-03, fact: plan.bought, site: s1, plan: pro, price: 9.90, ends_on: 2024-03-01 }
          - { at: 2024-01-04, fact: plan.bought, site: s2, plan: gold, refused: UnknownValue }
          - { at: 2024-01-04, fact: plan.bought, site: s2, plan: pro, recorded: 2024-01-06, source: shop, id: sale-1 }
          - { at: 2024-01-05, fact: badge.submitted, member: ada }
          - { at: 2024-01-05, fact: claim.submitted, site: s1, member: ben }
          - { at: 2024-01-20, fact: fact.retracted, source: shop, id: sale-1 }
        expect:

        """;

    [Theory]
    // what is expected                                                                     what is said where it is not
    [InlineData("at: 2024-01-03, known: 2024-01-19, member: ada, points: 100", null)]
    [InlineData("at: 2024-01-04, known: 2024-01-05, member: ada, points: 100", null)]
    [InlineData("at: 2024-01-04, known: 2024-01-06, member: ada, points: 200, level: gold", null)]
    [InlineData("at: 2024-01-04, member: ada, points: 100, level: silver", null)]
    [InlineData("at: 2024-01-04, member: ada, points: 300", "`points` is 100, not 300")]
    [InlineData("at: 2024-01-04T00:00Z, member: ada, usd: 9.9, pending: 0", null)]
    [InlineData("at: 2024-01-04, member: ada, usd: 9.91", "`usd` is 9.9, not 9.91")]
    [InlineData("at: 2024-01-04, member: ada, pending: 100", "`pending` is 0, not 100")]
    [InlineData("at: 2024-01-04, member: ada, by_rule: { site: 100, other: 0 }", null)]
    [InlineData("at: 2024-01-04, member: ada, by_rule: { site: 200, other: 1 }", "`by_rule` `site` is 100, not 200; `other` is 0, not 1")]
    [InlineData("at: 2024-01-04, member: ada, site: s1, rule: site, points: 100", null)]
    [InlineData("at: 2024-01-04, member: ada, site: s2, rule: site, points: 100", "`points` is 0, not 100")]
    [InlineData("at: 2024-01-04, member: ada, rule: sale, usd: 9.90", null)]
    [InlineData("at: 2024-01-04, member: ada, level: gold", "`level` is silver, not gold")]
    [InlineData("at: 2023-12-31, member: ada, level: silver", "`level` is none, since the member is not enrolled, not silver")]
    [InlineData("at: 2024-01-04, member: ada, benefits: { badge_file: true }", "`badge_file` is false, not true")]
    [InlineData("at: 2024-01-04, site: s1, states: { site.premium: true }", null)]
    [InlineData("at: 2024-02-29, site: s1, states: { site.premium: false }", "`site.premium` is true, not false")]
    [InlineData("at: 2024-03-01, site: s1, states: { site.premium: false }", null)]
    [InlineData("at: 2024-01-01, member: ada, states: { member.enrolled: true }", null)]
    [InlineData("at: 2024-01-04, member: ada, site: s1, roles: { site.owner: true }", null)]
    [InlineData("at: 2024-01-04, member: ben, site: s8, roles: { site.owner: true }", null)]
    [InlineData("at: 2024-01-04, member: ben, site: s1, roles: { site.owner: true }", "`site.owner` is false, not true")]
    [InlineData("at: 2024-01-05, member: ben, site: s1, claim: open, next: 2024-01-12", null)]
    [InlineData("at: 2024-01-12, member: ben, site: s1, claim: reminded, next: never", null)]
    [InlineData("at: 2024-01-05, member: ada, badge: refused", null)]
    [InlineData("at: 2024-01-05, member: ada, badge: open", "`badge` is refused, not open")]
    [InlineData("at: 2024-01-31, member: ada, next: 2024-03-01", null)]
    [InlineData("at: 2024-01-31, member: ada, next: never", "`next` is 2024-03-01T00:00:00Z, not never")]
    [InlineData("at: 2024-03-01, member: ada, next: 2024-04-01", "`next` is never, not 2024-04-01")]
    [InlineData("at: 2024-01-04, known: 2023-12-31, member: ada, points: 0", "`points` has no answer: no edition was known then")]
    [InlineData("at: 2024-01-04, known: 2023-12-31, under: 2024, member: ada, points: 0", null)]
    public void Compares_each_answer(string expectation, string? difference)
    {
        var result = ScenarioRunner.Run(Maple.Program(), Maple.Scenario(Maple.Program(), $"{Facts}  - {{ {expectation} }}\n"));
        Assert.Equal(difference is null, result.Passed);
        if (difference is not null) { Assert.EndsWith($": {difference}", Assert.Single(result.Failures).Message, StringComparison.Ordinal); }
    }

    [Fact]
    public void A_failure_is_printed_with_its_place_and_the_credits_that_there_are_then()
    {
        var program = Maple.Program();
        var result = ScenarioRunner.Run(program, Maple.Scenario(program, $"{Facts}  - {{ at: 2024-01-10, known: 2024-01-19T00:00Z, member: ada, points: 300, level: gold }}\n"));
        Assert.Equal(
            """
            scenarios/a.yaml:16:70: error: A site on a plan: on 2024-01-10, as known on 2024-01-19T00:00:00Z, ada: `points` is 200, not 300
               16 |   - { at: 2024-01-10, known: 2024-01-19T00:00Z, member: ada, points: 300, level: gold }
                  |                                                                      ^^^
            The member's credits then:
              site (2024) for site/s1: 100 points, from 2024-01-03T00:00:00Z until 2024-03-01T00:00:00Z
              sale (2024) for site/s1: 9.9 usd, from 2024-01-03T00:00:00Z until never
              site (2024) for site/s2: 100 points, from 2024-01-04T00:00:00Z until never
            """,
            Assert.Single(result.Failures).ToString());
    }

    [Fact]
    public void A_scenario_keeps_what_the_handbook_prints()
    {
        var program = Maple.Program();
        var scenario = Maple.Scenario(program, $"{Facts}  - {{ at: 2024-01-10, member: ada, points: 100 }}\n");
        Assert.Equal("A site on a plan", scenario.Name);
        Assert.Equal(["M-1", "M-2"], scenario.Cases);
        Assert.Equal("https://example.org/rules", scenario.Source);
        Assert.Equal(11, scenario.History.FactCount);
    }

    [Fact]
    public void Amounts_that_cannot_be_added_are_a_failure_and_no_crash()
    {
        var program = Maple.Program();
        var most = "{ repeat: 10000, at: 2024-01-02, fact: member.adjusted, member: ada, unit: points, amount: 1e15, reason: none, by: nobody }";
        var scenario = Maple.Scenario(program, $"scenario: Too much\nfacts:\n  - {{ at: 2024-01-01, fact: member.joined, member: ada }}\n  - {most}\nexpect:\n  - {{ at: 2024-01-03, member: ada, points: 1 }}\n");
        Assert.Contains("add up to more than 64 bits hold, the largest by rule `adjusted` from member/ada", Assert.Single(ScenarioRunner.Run(program, scenario).Failures).Message, StringComparison.Ordinal);
        Assert.NotNull(new Coverage(program).Measure(scenario));
    }

    [Fact]
    public void An_edition_can_be_asked_as_if_published_on_a_date()
    {
        var program = Maple.Program();
        var scenario = Maple.Scenario(program, $"{Facts}  - {{ at: 2024-01-10, under: 2024, from: 2024-02-01, member: ada, points: 0 }}\n  - {{ at: 2024-02-01, under: 2024, from: 2024-02-01, member: ada, points: 100 }}\n");
        Assert.Empty(ScenarioRunner.Run(program, scenario).Failures);
    }
}
