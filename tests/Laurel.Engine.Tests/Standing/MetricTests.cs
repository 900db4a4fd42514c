using Laurel.Engine.Expressions;
using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Standing;

/// <summary>Numbers about a member: what is counted for them, under which key, from when until when.</summary>
public sealed class MetricTests
{
    private const string Vocabulary = """
        program: maple
        units: { points: {} }
        subjects: { site: { plan: text, size: number } }
        facts: { site.sold: { about: site, needs: [member], may: [plan, size] } }
        ---
        edition: e1
        effective: 2024-01-01

        """;

    private const string Joined = "2024-01-01 member.joined member/ada";

    [Fact]
    public void What_has_no_key_counts_under_none()
    {
        var told = Told.Of(
            Vocabulary + "rules: { sale: { give: 100 points, when: site.sold } }\nmetrics: { by_plan: { sum: points, per: site.plan } }\nlimits: { sizes: { of: sale, per: site.size, first: 5 } }",
            Joined, "2024-02-01 site.sold site/s1 member=ada plan=pro size=3", "2024-02-02 site.sold site/s2 member=ada", "2024-02-03 member.adjusted member/ada unit=points amount=7 reason=moved by=kim");
        Assert.Equal("{\"\": 107, \"pro\": 100}", $"{told.At("ada", "2024-03-01").MetricOf("by_plan")}");
    }

    [Fact]
    public void A_name_that_the_edition_does_not_have_is_none() => Assert.Null(Told.Of(Vocabulary, Joined).At("ada", "2024-02-01").MetricOf("growth"));

    [Theory]
    [InlineData("2024-02-10", "0", "it waits")]
    [InlineData("2024-03-05", "0", "it left the window while it waited")]
    [InlineData("2024-04-15", "0", "and is not taken off when it is released")]
    public void What_waits_longer_than_a_window_is_never_in_it(string at, string fresh, string why)
    {
        var told = Told.Of(Vocabulary + "rules: { sale: { give: 100 points, when: site.sold, after: 60 days } }\nmetrics: { fresh: { sum: points, in: last 30 days } }", Joined, "2024-02-01 site.sold site/s1 member=ada");
        Assert.True(fresh == $"{told.At("ada", at).MetricOf("fresh")}", $"{why}: {told.At("ada", at).MetricOf("fresh")}");
    }

    [Fact]
    public void A_middle_of_two_editions_is_of_what_counts_in_each()
    {
        var told = Told.Of(
            Vocabulary + "rules: { sale: { give: site.size points, when: site.sold, for: 20 days } }\nmetrics: { usual: { median: points } }\n---\nedition: e2\neffective: 2024-03-01\nbased-on: e1",
            Joined, "2024-01-10 site.sold site/s1 member=ada size=100", "2024-02-20 site.sold site/s2 member=ada size=10", "2024-03-02 site.sold site/s3 member=ada size=30");
        Assert.Equal(["100", "10", "10", "20", "30"], "2024-01-20 2024-02-25 2024-03-01 2024-03-05 2024-03-15".Split(' ').Select(at => $"{told.At("ada", at).MetricOf("usual")}"));
        Assert.Equal(ValueKind.NotTold, told.At("ada", "2024-02-10").MetricOf("usual")!.Value.Kind);
    }

    [Fact]
    public void A_rule_that_reads_the_level_competes_by_its_own_fields()
    {
        var told = Told.Of(
            Vocabulary.Replace("points: {}", "points: {}, sales: {}", StringComparison.Ordinal)
            + "rules: { sale: { give: 100 points, when: site.sold }, more: { give: 1 sales, when: site.sold, where: level >= \"gold\" } }\nladders: { level: { rungs: [none, gold: points >= 100] } }\nlimits: { sizes: { of: sale, per: site.size, first: 9 }, one_a_plan: { of: more, per: [site.size, site.plan], first: 1 } }\nmetrics: { by_plan: { sum: sales, per: site.plan } }",
            Joined, "2024-02-01 site.sold site/s1 member=ada plan=pro size=3", "2024-02-02 site.sold site/s2 member=ada plan=basic size=3", "2024-02-03 site.sold site/s3 member=ada plan=basic size=3", "2024-02-04 site.sold site/s4 member=ada plan=basic size=4");
        Assert.Equal("{\"basic\": 2, \"pro\": 1}", $"{told.At("ada", "2024-03-01").MetricOf("by_plan")}");
    }

    [Fact]
    public void A_level_is_not_told_of_who_has_not_joined_and_by_an_edition_that_has_no_such_ladder()
    {
        var told = Told.Of(
            Vocabulary.Replace("points: {}", "points: {}, sales: {}", StringComparison.Ordinal)
            + "rules: { sale: { give: 100 points, when: site.sold }, more: { give: 1 sales, when: site.sold, where: before.level == \"none\" } }\nladders: { level: { rungs: [none, gold: points >= 100] } }\n---\nedition: e2\neffective: 2024-03-01\nbased-on: e1\nrules: { sale: { give: 100 points, when: site.sold }, more: { give: 10 sales, when: site.sold, where: before.status == \"new\" } }\nladders: { status: { rungs: [new, old: points >= 300] } }",
            Joined, "2024-01-01 site.sold site/s1 member=ada", "2024-02-01 site.sold site/s2 member=ada", "2024-03-01 site.sold site/s3 member=ada", "2024-03-02 site.sold site/s4 member=ada");
        Assert.Equal("0", $"{told.At("ada", "2024-04-01").MetricOf("sales")}");
    }

    [Fact]
    public void What_the_level_gives_can_make_another_the_second()
    {
        var told = Told.Of(
            """
            program: maple
            units: { points: {}, hours: {} }
            subjects: { site: {}, job: {} }
            facts: { job.done: { about: job, needs: [member] }, job.praised: { about: job, needs: [member] }, site.sold: { about: site, needs: [member] } }
            ---
            edition: e1
            effective: 2024-01-01
            rules: { work: { give: 1 hours, when: job.done }, praise: { give: 10 points, when: job.praised, where: level == "gold" }, sale: { give: 100 points, when: site.sold } }
            ladders: { level: { rungs: [none, gold: hours >= 1] } }
            limits: { from_the_second: { of: [sale, praise], from: 2 } }
            """,
            Joined, "2024-02-01 job.done job/j1 member=ada", "2024-02-02 job.praised job/j1 member=ada", "2024-02-03 site.sold site/s1 member=ada");
        Assert.Equal("100", $"{told.At("ada", "2024-03-01").MetricOf("points")}");
    }

    [Fact]
    public void What_was_some_time_ago_is_read_by_rules()
    {
        var told = Told.Of(
            Vocabulary.Replace("points: {}", "points: {}, sales: {}", StringComparison.Ordinal) + "rules: { sale: { give: 100 points, when: site.sold }, more: { give: 1 sales, when: site.sold, where: 'ago(points, \"1 month\") >= 100' } }",
            Joined, "2024-02-01 site.sold site/s1 member=ada", "2024-02-20 site.sold site/s2 member=ada", "2024-03-10 site.sold site/s3 member=ada");
        Assert.Equal(["0", "1"], "2024-03-01 2024-03-10".Split(' ').Select(at => $"{told.At("ada", at).MetricOf("sales")}"));
    }

    [Fact]
    public void What_is_given_by_level_competes_by_the_plan_of_its_own_site()
    {
        var told = Told.Of(
            Vocabulary.Replace("points: {}", "points: {}, sales: {}", StringComparison.Ordinal)
            + "rules: { sale: { give: 100 points, when: site.sold }, more: { give: 1 sales, when: site.sold, where: level >= \"gold\" } }\nladders: { level: { rungs: [none, gold: points >= 100] } }\nlimits: { one_a_plan: { of: more, per: site.plan, first: 1 } }",
            Joined, "2024-02-01 site.sold site/s1 member=ada plan=pro", "2024-02-02 site.sold site/s2 member=ada plan=basic", "2024-02-03 site.sold site/s3 member=ada plan=basic");
        Assert.Equal("2", $"{told.At("ada", "2024-03-01").MetricOf("sales")}");
    }
}
