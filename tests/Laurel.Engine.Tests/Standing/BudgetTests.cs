using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Standing;

/// <summary>Which claims share a budget, and who of them comes first.</summary>
public sealed class BudgetTests
{
    private const string Program = """
        program: maple
        units: { usd: { money: true } }
        subjects: { site: { plan: text, country: text } }
        facts: { site.sold: { about: site, needs: [member, plan, country] }, site.closed: { about: site } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: 100 usd, when: site.sold }, thanks: { give: 10 usd, when: site.closed, to: site.seller } }
        roles: { site.seller: { starts: site.sold } }
        limits:

        """;

    private static readonly string[] _facts =
    [
        "2024-01-02 member.joined member/ben", "2024-01-02 member.joined member/ada",
        "2024-02-01 site.sold site/z member=ada plan=basic country=DE", "2024-02-01 site.sold site/a member=ben plan=basic country=FR", "2024-02-02 site.sold site/b member=ada plan=pro country=FR",
        "2024-02-03 site.sold site/c member=ben plan=pro country=FR", "2024-03-01 site.closed site/z", "2024-03-02 site.closed site/a",
    ];

    [Theory]
    [InlineData("one: { of: sale, budget: 250 usd }", "a 100, z 100, b 50, c 0, z thanks 10, a thanks 10", "the first by their moments, of one moment by the name of the site")]
    [InlineData("one: { of: sale, per: site.plan, budget: 150 usd }", "a 100, z 50, b 100, c 50, z thanks 10, a thanks 10", "each plan has its own")]
    [InlineData("first: { of: sale, per: site.country, first: 9 }\n  one: { of: sale, per: site.plan, budget: 150 usd }", "a 100, z 50, b 100, c 50, z thanks 10, a thanks 10", "each plan, where another limit is by the country")]
    [InlineData("one: { of: sale, per: site.plan, budget: 150 usd }\n  other: { of: sale, per: site.country, budget: 120 usd }", "a 100, z 50, b 20, c 0, z thanks 10, a thanks 10", "what the first leaves is what the second spends")]
    [InlineData("one: { of: sale, budget: 250 usd }\n  other: { of: thanks, budget: 15 usd }", "a 100, z 100, b 50, c 0, z thanks 10, a thanks 5", "each has its own rules")]
    [InlineData("one: { of: [sale, thanks], per: rule, budget: 15 usd }", "a 15, z 0, b 0, c 0, z thanks 10, a thanks 5", "each rule by itself")]
    [InlineData("one: { of: [sale, thanks], per: month, budget: 15 usd }", "a 15, z 0, b 0, c 0, z thanks 10, a thanks 5", "each month by itself")]
    public void A_budget_is_spent_in_order(string limits, string spent, string why)
    {
        var told = Told.Of($"{Program}  {limits}", _facts);
        var credits = told.Scoring.Derive().ForThread();
        var found = string.Join(", ", told.Scoring.Members.SelectMany(credits.CreditsOf).OrderBy(c => c.Moment).ThenBy(c => told.History.NameOf(c.Subject), StringComparer.Ordinal)
            .Select(c => $"{told.History.NameOf(c.Subject)} {(told.Scoring.Plan.Book.NameOf(c.Rule) == "sale" ? "" : "thanks ")}{c.Counted}"));
        Assert.True(spent == found, $"{why}: {found}");
    }

    [Theory]
    [InlineData("2024-02-14", "200 of ada, 200 of ben", "all before the budget")]
    [InlineData("2024-02-15", "150 of ada, 100 of ben", "what was given before has its place in it")]
    [InlineData("2024-06-15", "200 of ada, 200 of ben", "and all after")]
    public void A_budget_is_for_what_counts_while_its_edition_is_in_force(string at, string had, string why)
    {
        var told = Told.Of(
            $"{Program}  none: {{ of: sale, first: 99 }}\n---\nedition: e2\neffective: 2024-02-15\nbased-on: e1\nlimits: {{ one: {{ of: sale, budget: 250 usd }} }}\n---\nedition: e3\neffective: 2024-06-15\nbased-on: e1",
            [.. _facts.Where(f => !f.Contains("closed", StringComparison.Ordinal))]);
        var found = string.Join(", ", "ada ben".Split(' ').Select(member => $"{told.At(member, at).MetricOf("usd")} of {member}"));
        Assert.True(had == found, $"{why}: {found}");
    }

    [Fact]
    public void What_is_given_by_level_is_spent_in_order_too()
    {
        var told = Told.Of(
            $"{Program.Replace("usd:", "points: {}, usd:", StringComparison.Ordinal).Replace("thanks: {", "points: { give: 100 points, when: site.sold }, thanks: { where: level == \"gold\",", StringComparison.Ordinal)}  fund: {{ of: thanks, budget: 15 usd }}\nladders: {{ level: {{ rungs: [none, gold: points >= 200] }} }}",
            _facts);
        // Each has sold two sites for 100 dollars each.
        Assert.Equal(["210", "205"], "ada ben".Split(' ').Select(member => $"{told.At(member, "2024-04-01").MetricOf("usd")}"));
    }
}
