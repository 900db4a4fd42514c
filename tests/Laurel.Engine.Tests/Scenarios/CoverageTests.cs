using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>Coverage counts what scenarios reach, and names what they do not.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void A_condition_of_many_parts_is_measured_part_by_part()
    {
        const int Parts = 20_000;
        var program = Laurel.Engine.Programs.ProgramReader.Read(new Dictionary<string, string>
        {
            ["program.yaml"] = "program: a\nunits: { points: {} }\nsubjects: { site: { size: number } }\nfacts: { site.created: { about: site, needs: [member], may: [size] } }\n",
            ["editions/1.yaml"] = $"edition: 1\neffective: 2024-01-01\nstates: {{ site.a: \"{string.Concat(Enumerable.Repeat("site.size > 1 || ", Parts - 1))}site.size > 1\" }}\n",
        }).Program!;
        Assert.Equal(2 * Parts, new Coverage(program).Report([]).Gaps.Count);
    }

    private const string Joined = "  - { at: 2024-01-01, fact: member.joined, member: ada }\n";
    private const string Own = "  - { at: 2024-01-02, fact: site.created, site: s1, member: ada }\n";
    private const string Bought = "  - { at: 2024-01-03, fact: plan.bought, site: s1, plan: pro }\n";

    [Fact]
    public void Without_a_fact_nothing_is_reached()
    {
        var report = Report(Maple.Program(), "");
        Assert.Equal("rules 0 of 2, conditions 0 of 22 outcomes, rungs 0 of 4, limits 0 of 0 outcomes", report.ToString());
        Assert.Equal(28, report.Gaps.Count);
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void Each_gap_says_what_was_never_seen_and_where_that_is_written() => Assert.Equal(
        [
            "editions/2024.yaml:9:3: request claim of edition 2024: where: `site.premium` was never true",
            "editions/2024.yaml:9:3: request claim of edition 2024: where: `site.premium` was never false",
            "editions/2024.yaml:9:3: request claim of edition 2024: where: `site.owner` was never true",
            "editions/2024.yaml:9:3: request claim of edition 2024: where: `site.owner` was never false",
            "editions/2024.yaml:10:3: request badge of edition 2024: where: `level >= \"gold\"` was never true",
            "editions/2024.yaml:10:3: request badge of edition 2024: where: `level >= \"gold\"` was never false",
            "editions/2024.yaml:12:3: rule site of edition 2024: to: `site.owner` was never false",
            "editions/2024.yaml:12:3: rule site of edition 2024: while: `site.plan == \"pro\"` was never false",
            "editions/2024.yaml:13:3: rule sale of edition 2024: it never gave anything",
            "editions/2024.yaml:13:3: rule sale of edition 2024: to: `site.owner` was never false",
            "editions/2024.yaml:13:3: rule sale of edition 2024: where: `has(fact.price)` was never true",
            "editions/2024.yaml:15:37: ladder level of edition 2024: nobody ever had the level `gold`",
            "editions/2024.yaml:15:37: ladder level of edition 2024: gold: `points >= 200` was never true",
            "editions/2024.yaml:16:13: benefit badge_file of edition 2024: `level >= \"gold\"` was never true",
        ],
        Report(Maple.Program(), Joined + Own + Bought).Gaps.Select(gap => gap.ToString()));

    [Fact]
    public void What_was_not_told_is_neither_true_nor_false() =>
        Assert.Contains(Report(Maple.Program(), Joined + Own).Gaps, gap => gap.Missing == "while: `site.plan == \"pro\"` was never false");

    [Fact]
    public void What_runs_on_when_an_edition_begins_counts()
    {
        var early = Report(Maple.Program(), (Joined + Own + Bought).Replace("2024-", "2023-", StringComparison.Ordinal));
        Assert.Equal(1, early.Rules.Reached);
        Assert.DoesNotContain(early.Gaps, gap => gap.Missing == "while: `site.plan == \"pro\"` was never true");
        Assert.Contains(early.Gaps, gap => gap.Missing == "while: `site.plan == \"pro\"` was never false");
    }

    [Fact]
    public void Nothing_that_was_over_before_an_edition_is_in_force_counts()
    {
        var over = Report(Maple.Program(), (Joined + Own + Bought + "  - { at: 2024-01-04, fact: plan.bought, site: s1, plan: basic }\n").Replace("2024-", "2023-", StringComparison.Ordinal));
        Assert.Contains(over.Gaps, gap => gap.Missing == "while: `site.plan == \"pro\"` was never true");
        Assert.DoesNotContain(over.Gaps, gap => gap.Missing == "while: `site.plan == \"pro\"` was never false");
    }

    [Fact]
    public void Reaching_everything_is_complete()
    {
        var report = Report(
            Maple.Program(),
            Joined + Own + Bought
            + "  - { at: 2024-01-01, fact: member.joined, member: ben }\n"
            + "  - { at: 2024-01-02, fact: site.created, site: s2, member: ada }\n"
            + "  - { at: 2024-01-04, fact: claim.submitted, site: s2, member: ben }\n"
            + "  - { at: 2024-01-04, fact: claim.submitted, site: s2, member: ada }\n"
            + "  - { at: 2024-01-04, fact: badge.submitted, member: ada }\n"
            + "  - { at: 2024-01-05, fact: plan.bought, site: s2, plan: basic, price: 5 }\n"
            + "  - { at: 2024-01-06, fact: plan.bought, site: s2, plan: pro }\n"
            + "  - { at: 2024-01-07, fact: badge.submitted, member: ada }\n"
            + "  - { at: 2024-01-07, fact: claim.submitted, site: s2, member: ben }\n"
            + "  - { at: 2024-01-08, fact: site.created, site: s2, member: ben }\n"
            + "  - { at: 2024-01-09, fact: plan.bought, site: s2, plan: pro }\n"
            + "  - { at: 2024-01-10, fact: plan.cancelled, site: s2 }\n");
        Assert.Empty(report.Gaps);
        Assert.True(report.IsComplete);
        Assert.Equal("rules 2 of 2, conditions 22 of 22 outcomes, rungs 4 of 4, limits 0 of 0 outcomes", report.ToString());
    }

    [Fact]
    public void A_limit_is_seen_to_set_aside_and_not_to()
    {
        var program = Maple.Program("ladders:", "limits: { one: { of: site, best: 1 } }\nladders:");
        Assert.Equal(0, Report(program, Joined).Limits.Reached);
        Assert.Equal(["it never set anything aside"], Report(program, Joined + Own + Bought).Gaps.Where(g => g.What == "limit one of edition 2024").Select(g => g.Missing));
        Assert.Equal(new Tally(2, 2), Report(program, Joined + Own + Bought + (Own + Bought).Replace("s1", "s2", StringComparison.Ordinal)).Limits);
    }

    [Fact]
    public void An_obligation_is_seen_to_be_met_and_to_be_missed()
    {
        var program = Maple.Program("ladders:", "obligations: { some: { at-least: 1 points, each: month, strength: expected }, any: { at-least: 0 points, each: year, strength: encouraged } }\nladders:");
        Assert.Equal(new Tally(2, 3), Report(program, Joined).Obligations);
        Assert.Equal(["it was never met"], Report(program, Joined).Gaps.Where(g => g.What == "obligation some of edition 2024").Select(g => g.Missing));
        Assert.Equal(new Tally(3, 3), Report(program, Joined + Own + Bought).Obligations);
    }

    [Fact]
    public void Parts_of_triggers_are_conditions_too()
    {
        var program = Maple.Program("ends: plan.cancelled, until", "ends: [plan.cancelled: site.plan == \"pro\"], until");
        Assert.Contains(Report(program, Joined + Own + Bought).Gaps, gap => gap is { What: "state site.premium of edition 2024", Missing: "ends plan.cancelled: `site.plan == \"pro\"` was never true" });
        var cancelled = Report(program, Joined + Own + Bought + "  - { at: 2024-01-04, fact: plan.cancelled, site: s1 }\n");
        Assert.Equal(["ends plan.cancelled: `site.plan == \"pro\"` was never false"], cancelled.Gaps.Where(g => g.What == "state site.premium of edition 2024").Select(g => g.Missing));
    }

    [Fact]
    public void What_has_a_reason_is_listed_and_does_not_count()
    {
        var program = Maple.Program("  sale: { give:", "  sale: { unreached: Nobody sells yet, give:");
        var report = Report(program, Joined + Own + Bought);
        Assert.Equal(new Tally(1, 1), report.Rules);
        Assert.All(report.Gaps.Where(g => g.What == "rule sale of edition 2024"), g => Assert.Equal("Nobody sells yet", g.Reason));
        Assert.Equal(3, report.Gaps.Count(g => g.Reason is not null));
    }

    [Fact]
    public void A_reason_for_what_scenarios_reach_is_told()
    {
        var program = Maple.Program("rungs: [silver, gold: points >= 200]", "rungs: [silver, gold: points >= 200], unreached: Nobody is so good");
        Assert.Empty(Report(program, Joined + Own + Bought).Needless);
        var needless = Assert.Single(Report(program, Joined + Own + Bought + (Own + Bought).Replace("s1", "s2", StringComparison.Ordinal)).Needless);
        Assert.Equal("ladder level of edition 2024", needless.What);
    }

    [Fact]
    public void A_reason_is_no_part_of_what_a_rule_means()
    {
        var (with, without) = (Maple.Program("  sale: { give:", "  sale: { unreached: Nobody sells yet, give:"), Maple.Program());
        Assert.Equal(without.Editions[0].Hash, with.Editions[0].Hash);
        Assert.Equal(without.Editions[0].Rules[1].Hash, with.Editions[0].Rules[1].Hash);
    }

    [Fact]
    public void A_definition_that_an_edition_takes_over_is_reached_where_the_other_is()
    {
        var files = new Dictionary<string, string>
        {
            ["program.yaml"] = "program: a\nunits: { points: {} }\nsubjects: { site: { } }\nfacts: { site.created: { about: site, needs: [member] }, site.closed: { about: site } }\n",
            ["editions/1.yaml"] = "edition: 1\neffective: 2024-01-01\nstates: { site.open: { starts: site.created, ends: site.closed } }\nroles: { site.owner: { starts: site.created } }\nrules: { site: { give: 1 points, to: site.owner, while: site.open } }\n",
            ["editions/2.yaml"] = "edition: 2\neffective: 2025-01-01\nbased-on: 1\n",
            ["editions/3.yaml"] = "edition: 3\neffective: 2026-01-01\nbased-on: 2\nrules: { site: { give: 2 points, to: site.owner, while: site.open } }\n",
        };
        var program = ProgramReader.Read(files).Program!;
        var report = Report(program, Joined + Own + "  - { at: 2024-02-01, fact: site.closed, site: s1 }\n");
        Assert.Equal(new Tally(1, 2), report.Rules);
        Assert.All(report.Gaps.Where(g => !g.Missing.Contains("site.owner", StringComparison.Ordinal)), g => Assert.Equal("rule site of edition 3", g.What));
    }

    [Fact]
    public void A_share_is_never_rounded_up()
    {
        Assert.Equal(9_999, new Tally(99_999, 100_000).HundredthsOfPercent);
        Assert.Equal(10_000, new Tally(3, 3).HundredthsOfPercent);
        Assert.Equal(10_000, new Tally(0, 0).HundredthsOfPercent);
        Assert.Equal(6_666, new Tally(2, 3).HundredthsOfPercent);
    }

    private static CoverageReport Report(PartnerProgram program, string facts)
    {
        var coverage = new Coverage(program);
        if (facts.Length == 0) { return coverage.Report([]); }
        return coverage.Report([coverage.Measure(Maple.Scenario(program, $"scenario: Some facts\nfacts:\n{facts}expect:\n  - {{ at: 2024-12-31, member: ada, points: 0 }}\n"))]);
    }
}
