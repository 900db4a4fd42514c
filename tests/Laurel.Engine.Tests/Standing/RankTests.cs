using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Standing;

/// <summary>Who is ranked, by what, and by the rules of when.</summary>
public sealed class RankTests
{
    private const string Vocabulary = """
        program: maple
        units: { points: {} }
        subjects: { site: {} }
        facts: { site.sold: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: 100 points, when: site.sold } }

        """;

    private static readonly string[] _facts =
    [
        "2024-01-02 member.joined member/ada", "2024-01-02 member.joined member/ben", "2024-01-02 member.joined member/cleo",
        "2024-01-10 site.sold site/s1 member=ada", "2024-02-10 site.sold site/s2 member=ben", "2024-02-11 site.sold site/s3 member=ben",
        // So long is foreseen.
        "2024-06-10 site.sold site/s4 member=cleo",
    ];

    [Theory]
    [InlineData("ada", "2024-02-01", "{\"place\": 1, \"of\": 1}")]
    [InlineData("ben", "2024-02-01", "{\"of\": 1}")]
    [InlineData("cleo", "2024-03-01", "{\"of\": 2}")]
    public void Who_lacks_a_number_is_not_ranked(string member, string at, string rank) =>
        Assert.Equal(rank, $"{Told.Of(Vocabulary + "metrics: { usual: { median: points }, top: { rank: usual, at: month } }", _facts).At(member, at).MetricOf("top")}");

    [Theory]
    [InlineData("ada", "2024-02-01", "{\"of\": 0}")]
    [InlineData("ada", "2024-03-01", "{\"place\": 1, \"of\": 1}")]
    [InlineData("ben", "2024-03-01", "{\"of\": 1}")]
    [InlineData("ben", "2024-04-01", "{\"place\": 1, \"of\": 2}")]
    public void Who_is_ranked_by_level_is_so_by_the_reviews_that_led_to_it(string member, string at, string rank) =>
        Assert.Equal(rank, $"{Told.Of(Vocabulary + "ladders: { level: { rungs: [none, gold: points >= 100], up: month } }\nmetrics: { top: { rank: points, among: level == \"gold\", at: month } }", _facts).At(member, at).MetricOf("top")}");

    [Theory]
    [InlineData("2024-03-15", "{\"place\": 1, \"of\": 3}", "by the edition of then")]
    [InlineData("2024-05-15", "{\"place\": 3, \"of\": 3}", "by the next one, which was announced long before")]
    public void What_is_ranked_is_by_the_edition_of_the_date(string at, string rank, string why)
    {
        var next = "---\nedition: e2\neffective: 2024-04-15\npublished: 2024-01-15\nbased-on: e1\nmetrics: { few: -points, top: { rank: few, at: month } }";
        var found = Told.Of($"{Vocabulary}metrics: {{ top: {{ rank: points, at: month }} }}\n{next}", _facts).At("ben", at).MetricOf("top");
        Assert.True(rank == $"{found}", $"{why}: {found}");
    }

    [Fact]
    public void What_happens_at_the_last_moment_before_the_date_counts()
    {
        var told = Told.Of(Vocabulary + "metrics: { top: { rank: points, at: month } }", [.. _facts, "2024-06-30T23:59:59.999999Z site.sold site/s5 member=cleo", "2024-07-02 member.left member/ben"]);
        Assert.Equal("{\"place\": 1, \"of\": 3}", $"{told.At("cleo", "2024-07-01").MetricOf("top")}");
    }

    [Fact]
    public void What_is_ranked_is_by_the_numbers_of_the_edition_of_the_date()
    {
        var next = "---\nedition: e2\neffective: 2024-04-15\npublished: 2024-01-15\nbased-on: e1\nmetrics: { points: { sum: points, in: this week }, top: { rank: points, at: month } }";
        Assert.Equal("{\"place\": 2, \"of\": 3}", $"{Told.Of($"{Vocabulary}metrics: {{ top: {{ rank: points, at: month }} }}\n{next}", _facts).At("ada", "2024-03-15").MetricOf("top")}");
    }

    [Fact]
    public void Who_is_ranked_by_growth_is_so_by_what_was_before()
    {
        // Ada has had her points for longer than a month, and Cleo has none.
        var told = Told.Of(Vocabulary + "metrics: { growth: 'points - ago(points, \"1 month\")', top: { rank: growth, at: month } }", _facts);
        Assert.Equal(["{\"place\": 2, \"of\": 3}", "{\"place\": 1, \"of\": 3}", "{\"place\": 2, \"of\": 3}"], "ada ben cleo".Split(' ').Select(member => $"{told.At(member, "2024-03-01").MetricOf("top")}"));
    }
}
