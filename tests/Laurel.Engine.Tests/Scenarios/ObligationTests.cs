using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>Obligations over the seams of editions, ahead of what is known, and where rules and states read them.</summary>
public sealed class ObligationTests
{
    private const string Vocabulary = """
        program: maple
        units: { hours: {}, points: {} }
        subjects: { member: { hours: number } }
        facts: { hours.given: { about: member, needs: [hours] }, idle.told: { about: member } }
        ---

        """;

    private const string Rules = """
        rules:
          service: { give: fact.hours hours, when: hours.given }

        """;

    private static Told Given(string editions, params string[] facts) => Told.Of(Vocabulary + editions, facts);

    private static MemberTimeline TimelineOf(Told told) => told.Scoring.Derive().ForThread().TimelineOf(told.Scoring.Members.Single());

    private static string Closed(Told told) => string.Join(", ", TimelineOf(told).Closed.Select(c => $"{c.Edition.Name} {c.Period.Ends.ToString()[..10]} {c.Amount}/{c.Obligation.AtLeast} {(c.IsCounted ? c.InARow : "-")}"));

    [Fact]
    public void A_period_that_ends_where_the_next_edition_begins_closes_by_the_old_one_and_the_row_goes_on()
    {
        var one = "edition: a\neffective: 2024-01-01\n" + Rules + "obligations: { monthly: { at-least: 1 hours, each: month, strength: expected } }\n";
        var two = "---\nedition: b\neffective: 2024-03-01\nbased-on: a\nobligations: { monthly: { at-least: 5 hours, each: month, strength: expected } }\ntransition: {}\n";
        var told = Given(one + two, "2024-01-01 member.joined member/ada", "2024-01-10 hours.given member/ada hours=2", "2024-02-10 hours.given member/ada hours=2", "2024-03-10 hours.given member/ada hours=2");
        Assert.StartsWith("a 2024-02-01 2/1 1, a 2024-03-01 2/1 2, b 2024-04-01 2/5 1", Closed(told));
        Assert.Equal((0, 2), (told.At("ada", "2024-03-01").Obligations[0].Missed, told.At("ada", "2024-03-01").Obligations[0].Kept));
        Assert.Equal(1, told.At("ada", "2024-04-01").Obligations[0].Missed);
    }

    [Fact]
    public void A_period_that_began_before_the_edition_asked_for_it_is_not_counted()
    {
        var one = "edition: a\neffective: 2024-01-01\n" + Rules;
        var two = "---\nedition: b\neffective: 2024-02-15\nbased-on: a\nobligations: { monthly: { at-least: 1 hours, each: month, strength: expected } }\ntransition: {}\n";
        Assert.StartsWith("b 2024-03-01 0/1 -, b 2024-04-01 0/1 1", Closed(Given(one + two, "2024-01-01 member.joined member/ada")));
        var longer = "---\nedition: b\neffective: 2024-02-15\nbased-on: a\nobligations: { monthly: { at-least: 1 hours, each: quarter, strength: expected } }\ntransition: {}\n";
        var months = one + "obligations: { monthly: { at-least: 1 hours, each: month, strength: expected } }\n";
        Assert.StartsWith("a 2024-02-01 0/1 1, b 2024-04-01 0/1 -, b 2024-07-01 0/1 2", Closed(Given(months + longer, "2024-01-01 member.joined member/ada")));
    }

    [Fact]
    public void Periods_are_foreseen_for_a_year_after_the_last_fact()
    {
        var edition = "edition: a\neffective: 2024-01-01\n" + Rules + "obligations: { yearly: { at-least: 1 hours, each: year, strength: expected }, monthly: { at-least: 1 hours, each: month, strength: expected } }\n";
        var closed = TimelineOf(Given(edition, "2024-01-01 member.joined member/ada")).Closed;
        Assert.Equal(12, closed.Count(c => c.Obligation.Name == "monthly"));
        Assert.Equal(1, closed.Count(c => c.Obligation.Name == "yearly"));
        Assert.Equal(closed.Select(c => c.Period.Ends), closed.Select(c => c.Period.Ends).Order());
    }

    [Fact]
    public void Leaving_ends_the_row_and_what_is_taken_back_does_not_count()
    {
        var edition = "edition: a\neffective: 2024-01-01\n" + Rules + "obligations: { weekly: { at-least: 1 hours, each: week, strength: expected } }\n";
        var told = Given(edition, "2024-01-01 member.joined member/ada", "2024-01-20 member.left member/ada", "2024-02-05 member.joined member/ada", "2024-02-06 hours.given member/ada hours=1");
        Assert.StartsWith("a 2024-01-08 0/1 1, a 2024-01-15 0/1 2, a 2024-02-12 1/1 1, a 2024-02-19 0/1 1", Closed(told));
        Assert.Null(told.At("ada", "2024-01-25").Obligations[0].Period);
    }

    [Fact]
    public void Rules_and_states_read_how_many_in_a_row_and_the_ledger_has_what_they_give()
    {
        var edition = "edition: a\neffective: 2024-01-01\nstates: { member.idle: { starts: monthly.missed >= 2, ends: monthly.kept >= 1 } }\n" + Rules
            + "  thanks: { give: 10 points, when: each month, where: monthly.kept >= 2 && !member.idle }\n  told: { give: 1 points, when: idle.told, where: member.idle && before.monthly.missed >= 2 }\n"
            + "obligations: { monthly: { at-least: 1 hours, each: month } }\n";
        string[] facts = [
            "2024-01-01 member.joined member/ada", "2024-01-10 hours.given member/ada hours=1", "2024-02-10 hours.given member/ada hours=1", "2024-03-10 hours.given member/ada hours=1",
            "2024-06-02 idle.told member/ada", "2024-06-10 hours.given member/ada hours=1", "2024-07-02 idle.told member/ada"];
        var told = Given(edition, facts);
        // March closes by what was known of it just before: two kept. April's first review of it gives at its end.
        Assert.Equal("20, 21", $"{told.At("ada", "2024-05-15").MetricOf("points")}, {told.At("ada", "2024-08-15").MetricOf("points")}");
        Assert.Equal(["member.idle"], told.At("ada", "2024-06-15").States.Select(s => s.Name));
        Assert.Empty(told.At("ada", "2024-07-01").States);
        var points = Posting.Run(told.Program, told.History, under: null, Instant.Never).SelectMany(p => p.Entries).Where(e => e.Unit == 1).Sum(e => e.To == Account.Member ? e.Amount : -e.Amount);
        Assert.Equal(21, points);
    }

    [Fact]
    public void What_is_encouraged_is_never_missed()
    {
        var edition = "edition: a\neffective: 2024-01-01\n" + Rules + "obligations: { monthly: { at-least: 0 hours, each: month, strength: encouraged } }\n";
        Assert.All(TimelineOf(Given(edition, "2024-01-01 member.joined member/ada")).Closed, c => Assert.True(c.IsMet));
    }

    [Fact]
    public void What_is_released_after_the_close_of_its_period_counts_in_none()
    {
        var edition = "edition: a\neffective: 2024-01-01\nrules:\n  service: { give: fact.hours hours, when: hours.given, after: 20 days }\nobligations: { monthly: { at-least: 1 hours, each: month, strength: expected } }\n";
        var told = Given(edition, "2024-01-01 member.joined member/ada", "2024-01-05 hours.given member/ada hours=1", "2024-02-25 hours.given member/ada hours=2");
        Assert.StartsWith("a 2024-02-01 1/1 1, a 2024-03-01 0/1 1, a 2024-04-01 0/1 2", Closed(told));
        Assert.Equal([0L, 0L, 0L, 0L], "2024-02-26 2024-03-10 2024-03-16 2024-03-20".Split(' ').Select(at => told.At("ada", at).Obligations[0].Amount));
    }

    [Theory]
    [InlineData("service: { give: fact.hours hours, when: hours.given, after: 5 days }", "what time released")]
    [InlineData("service: { give: '(member.fresh ? 1 : 2) hours', while: member.active }", "what time made more")]
    public void What_was_learnt_late_and_counts_by_time_was_met_late(string rule, string why)
    {
        var edition = $"edition: a\neffective: 2024-01-01\nstates: {{ member.active: {{ starts: hours.given }}, member.fresh: {{ starts: hours.given, for: 5 days }} }}\nrules:\n  {rule}\nobligations: {{ monthly: {{ at-least: 2 hours, each: month, strength: expected }} }}\n";
        var told = Given(edition, "2024-01-01T09:00Z hours.given member/ada hours=2 (2024-03-01)", "2024-01-01T10:00Z member.joined member/ada (2024-03-02)");
        var january = TimelineOf(told).Closed[0];
        Assert.True(january.IsLate, $"{why}: {january}");
    }

    [Fact]
    public void A_period_that_began_before_the_first_edition_is_not_counted()
    {
        var edition = "edition: a\neffective: 2024-02-15\n" + Rules + "obligations: { monthly: { at-least: 1 hours, each: month, strength: expected } }\n";
        Assert.StartsWith("a 2024-02-01 0/1 -, a 2024-03-01 0/1 -, a 2024-04-01 0/1 1", Closed(Given(edition, "2024-01-01 member.joined member/ada", "2024-02-20 idle.told member/ada")));
    }

    [Fact]
    public void What_is_learnt_at_the_very_close_was_met_late()
    {
        var edition = "edition: a\neffective: 2024-01-01\n" + Rules + "obligations: { monthly: { at-least: 1 hours, each: month } }\n";
        string[] recorded = ["2024-01-31T23:59:59.999999Z", "2024-02-01T00:00:00Z"];
        Assert.Equal([false, true], recorded.Select(at => TimelineOf(Given(edition, "2024-01-01 member.joined member/ada", $"2024-01-20 hours.given member/ada hours=2 ({at})")).Closed[0].IsLate));
    }

    [Fact]
    public void What_counts_so_far_is_told_though_no_number_counts_it()
    {
        var edition = "edition: a\neffective: 2024-01-01\n" + Rules + "metrics: { hours: points * 2 }\nobligations: { monthly: { at-least: 1 hours, each: month } }\n";
        var standing = Given(edition, "2024-01-01 member.joined member/ada", "2024-01-10 hours.given member/ada hours=2").At("ada", "2024-01-15");
        Assert.Equal(2, standing.ObligationOf("monthly")?.Amount);
        Assert.Null(standing.ObligationOf("yearly"));
    }

    [Fact]
    public void A_period_counts_by_what_was_told_of_the_member()
    {
        var edition = "edition: a\neffective: 2024-01-01\n" + Rules + "obligations: { monthly: { at-least: 1 hours, each: month, during: member.hours < 10 } }\n";
        Assert.StartsWith("a 2024-02-01 2/1 1, a 2024-03-01 20/1 -", Closed(Given(edition, "2023-12-31 hours.given member/ada hours=3", "2024-01-01 member.joined member/ada", "2024-01-10 hours.given member/ada hours=2", "2024-02-10 hours.given member/ada hours=20")));
    }
}
