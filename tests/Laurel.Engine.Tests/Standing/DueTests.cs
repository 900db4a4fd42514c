using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Standing;

public sealed class DueTests
{
    private static readonly Told Site = Told.Of(
        """
        program: maple
        units: { points: {} }
        subjects: { site: { ends_on: instant } }
        facts: { plan.bought: { about: site, needs: [member], may: [ends_on] } }
        ---
        edition: e1
        effective: 2024-01-01
        states: { site.paid: { starts: plan.bought, until: site.ends_on } }
        rules: { sale: { give: 100 points, when: plan.bought, after: 14 days } }
        """,
        "2024-01-01 member.joined member/ada", "2024-02-01 plan.bought site/s1 member=ada ends_on=2024-06-01");

    [Theory]
    [InlineData("2024-01-10", "2024-02-01", "a fact that is announced")]
    [InlineData("2024-02-01", "2024-02-15", "a release")]
    [InlineData("2024-02-15", "2024-06-01", "the end of a state")]
    [InlineData("2024-06-01", null, "nothing more")]
    public void The_next_is_the_first_instant_at_which_anything_changes(string after, string? next, string why)
    {
        var due = new Due(Site.Scoring, Site.History).OfSubject(Site.History.SubjectOf(2, "s1")!.Value, Some.At(after));
        Assert.True((next is null ? null : Some.At(next)) == due, $"{why}: {due}");
    }

    [Fact]
    public void What_an_edition_would_end_on_the_day_of_the_next_is_not_due()
    {
        var plan = Told.Of(
            """
            program: maple
            units: { points: {} }
            subjects: { site: { ends_on: instant } }
            facts: { plan.bought: { about: site, needs: [member, ends_on] } }
            ---
            edition: e1
            effective: 2024-01-01
            states: { site.paid: { starts: plan.bought, until: site.ends_on } }
            ---
            edition: e2
            effective: 2024-06-01
            states: { site.paid: { starts: plan.bought, for: 1 year } }
            """,
            "2024-01-01 member.joined member/ada", "2024-02-01 plan.bought site/s1 member=ada ends_on=2024-06-01");
        Assert.Equal(Some.At("2025-02-01"), new Due(plan.Scoring, plan.History).OfSubject(plan.History.SubjectOf(2, "s1")!.Value, Some.At("2024-03-01")));
    }

    [Fact]
    public void What_is_given_at_an_announced_fact_is_due()
    {
        var sale = Told.Of(
            "program: maple\nunits: { points: {} }\nsubjects: { site: {} }\nfacts: { site.sold: { about: site, needs: [member] } }\n---\nedition: e1\neffective: 2024-01-01\nrules: { sale: { give: 100 points, when: site.sold } }",
            "2024-01-01 member.joined member/ada", "2024-02-01 site.sold site/s1 member=ada (2024-01-02)");
        Assert.Equal(Some.At("2024-02-01"), new Due(sale.Scoring, sale.History).OfSubject(sale.History.SubjectOf(2, "s1")!.Value, Some.At("2024-01-10")));
    }

    [Fact]
    public void The_next_change_of_a_member_is_the_first_that_people_see()
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
            rules: { sale: { give: 100 points, when: site.sold, for: 90 days } }
            metrics: { by_month: { sum: points, in: last 30 days, per: month } }
            """,
            "2024-01-01 member.joined member/ada", "2024-02-01 site.sold site/s1 member=ada");
        var timeline = told.Scoring.Derive().ForThread().TimelineOf(told.Scoring.Members.Single());
        // What is only in the map by months leaves in March, and nobody is told.
        Assert.Equal(Some.At("2024-03-02"), timeline.NextAfter(Some.At("2024-02-10")));
        var next = NextChange.After(Some.At("2024-02-10"), timeline, told.Program.Vocabulary)!;
        Assert.Equal(Some.At("2024-05-01"), next.At);
        Assert.Equal("points", Assert.IsType<Change.Metric>(Assert.Single(next.Changes)).Of.Name);
        Assert.Null(NextChange.After(next.At, timeline, told.Program.Vocabulary));
    }
}
