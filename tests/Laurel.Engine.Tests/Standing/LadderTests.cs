using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Standing;

/// <summary>When a level moves, to the instant.</summary>
public sealed class LadderTests
{
    private const string Vocabulary = """
        program: maple
        units: { points: {} }
        subjects: { site: { days: number }, member: {} }
        facts: { site.sold: { about: site, needs: [member] }, member.praised: { about: member }, member.blamed: { about: member } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: 100 points, when: site.sold, for: 10 days } }
        states: { member.good: { starts: member.praised, ends: member.blamed } }

        """;

    private const string Joined = "2024-01-01 member.joined member/ada";

    /// <summary>Counts until 10 February.</summary>
    private const string Sold = "2024-01-31 site.sold site/s1 member=ada";

    [Theory]
    [InlineData("down: { best: last 30 days }", "2024-02-10", 1, "met less than 30 days ago")]
    [InlineData("down: { best: last 30 days }", "2024-03-10T23:59:59.999999Z", 1, "to the end")]
    [InlineData("down: { best: last 30 days }", "2024-03-11", 0, "no more")]
    [InlineData("down: { best: this month }", "2024-02-29T23:59:59.999999Z", 1, "to the end of the month")]
    [InlineData("down: { best: this month }", "2024-03-01", 0, "not longer")]
    [InlineData("down: { at: month, best: last 40 years }", "2064-02-10", 1, "however long that is")]
    [InlineData("down: { at: month, best: last 40 years }", "2064-03-01", 0, "and not longer")]
    [InlineData("down: { at: month, best: this year, needs: member.good }", "2024-03-31", 1, "what it needs was there just before the review")]
    [InlineData("down: { at: month, best: this year, needs: member.good }", "2024-04-01", 0, "and is not any more")]
    [InlineData("down: { best: this year, needs: member.good }", "2024-03-01", 0, "at once, as it is now")]
    [InlineData("down: { lag: 5 days }", "2024-02-14", 1, "decided, and not in effect yet")]
    [InlineData("down: { lag: 5 days }", "2024-02-15", 0, "from then")]
    [InlineData("down: { grace: 5 days }", "2024-02-14", 1, "it has not failed for so long")]
    [InlineData("down: { grace: 5 days }", "2024-02-15", 0, "now it has")]
    public void A_level_is_kept_as_its_movement_says(string movement, string at, int level, string why)
    {
        // Something else happens just before each end, so that it is looked at.
        var told = Told.Of($"{Vocabulary}ladders: {{ level: {{ rungs: [none, gold: points >= 100], {movement} }} }}", Joined, "2024-01-02 member.praised member/ada", Sold, "2024-03-01 member.blamed member/ada", "2024-02-29T23:59:59.999999Z member.praised member/ada", "2024-03-10T23:59:59.999999Z member.praised member/ada", "2024-03-10T23:59:59.999999Z member.blamed member/ada");
        Assert.True(level == told.At("ada", at).Levels[0], why);
    }

    [Fact]
    public void Who_joins_again_begins_with_what_is_met()
    {
        var told = Told.Of(
            $"{Vocabulary}ladders: {{ level: {{ rungs: [none, gold: points >= 100], up: {{ lag: 5 days }}, down: {{ lag: 5 days }} }} }}",
            Joined, Sold, "2024-02-01 member.left member/ada", "2024-02-03 member.joined member/ada", "2024-02-04 member.left member/ada", "2024-02-20 member.joined member/ada");
        Assert.Equal([0, -1, 1, -1, 0, 0], "2024-01-31 2024-02-01 2024-02-03 2024-02-05 2024-02-20 2024-02-25".Split(' ').Select(at => told.At("ada", at).Levels[0]));
    }

    [Theory]
    [InlineData("ladders: { level: { rungs: [none, big: member.size >= 3] } }", true)]
    [InlineData("metrics: { double: member.size * 2 }\nladders: { level: { rungs: [none, big: double >= 6] } }", true)]
    [InlineData("ladders: { level: { rungs: [none, big: member.size > 3] } }", false)]
    public void What_is_told_of_a_member_alone_can_lead_to_a_level(string rules, bool big)
    {
        var told = Told.Of($"program: maple\nunits: {{ points: {{}} }}\nsubjects: {{ member: {{ size: number }} }}\nfacts: {{ member.grown: {{ about: member, needs: [size] }} }}\n---\nedition: e1\neffective: 2024-01-01\n{rules}", "2023-12-31 member.grown member/ada size=3", Joined);
        Assert.Equal(big ? 1 : 0, told.At("ada", "2024-02-01").Levels[0]);
    }

    [Fact]
    public void What_is_told_of_a_member_alone_can_open_a_benefit()
    {
        var told = Told.Of("program: maple\nunits: { points: {} }\nsubjects: { member: { size: number } }\nfacts: { member.grown: { about: member, needs: [size] } }\n---\nedition: e1\neffective: 2024-01-01\nbenefits: { badge: member.size >= 3 }", "2023-12-31 member.grown member/ada size=3", Joined, "2024-03-01 member.grown member/ada size=2");
        Assert.Equal([true, false], "2024-02-01 2024-03-01".Split(' ').Select(at => told.At("ada", at).Benefits[0]));
    }

    [Fact]
    public void What_was_decided_holds_once()
    {
        // Gold on the day of the review that takes it away again, since nothing was met just before it.
        var told = Told.Of(
            $"{Vocabulary}ladders: {{ level: {{ rungs: [none, gold: points >= 100], up: {{ lag: 1 month }}, down: {{ at: month }} }} }}",
            Joined, "2024-02-01 site.sold site/s1 member=ada", "2024-03-05 member.praised member/ada");
        Assert.Equal([0, 0, 0], "2024-02-20 2024-03-01 2024-03-05".Split(' ').Select(at => told.At("ada", at).Levels[0]));
    }

    [Fact]
    public void A_benefit_that_asks_for_a_number_and_more_opens_with_the_number_and_says_since_when()
    {
        var told = Told.Of($"{Vocabulary}benefits: {{ badge: member.enrolled && points >= 100 }}", Joined, Sold);
        var timeline = told.Scoring.Derive().ForThread().TimelineOf(told.Scoring.Members.Single());
        Assert.Equal((false, Instant.Ever, Some.At("2024-01-31")), timeline.Has("badge", Some.At("2024-01-30")));
        Assert.Equal((true, Some.At("2024-01-31"), Some.At("2024-02-10")), timeline.Has("badge", Some.At("2024-02-01")));
        Assert.Equal((false, Some.At("2024-02-10"), Instant.Never), timeline.Has("badge", Some.At("2024-02-10")));
    }
}
