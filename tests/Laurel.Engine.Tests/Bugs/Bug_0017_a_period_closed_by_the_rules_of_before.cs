using Laurel.Engine.Ledger;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>An edition that was published between two facts stood in the log after the periods that closed between them: they were posted by the rules of before, and then again.</summary>
public sealed class Bug_0017_a_period_closed_by_the_rules_of_before
{
    private const string Program = """
        program: maple
        units: { usd: { decimals: 2, money: true } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { fee: { give: 10 usd, when: each month } }
        ---
        edition: e2
        effective: 2024-02-10
        rules: { fee: { give: 20 usd, when: each month } }
        """;

    [Fact]
    public void Periods_close_and_editions_are_published_in_their_order() =>
        Assert.Equal(
            ["2024-01-01 e1 ", "2024-01-15 fact ", "2024-02-01 close 1000", "2024-02-10 e2 ", "2024-03-01 close 2000", "2024-03-05 fact "],
            Posted("2024-01-15 member.joined member/ada", "2024-03-05 member.joined member/ada"));

    [Fact]
    public void What_closes_before_an_edition_that_is_published_after_the_last_fact_closes_before_it() =>
        Assert.Equal(["2024-01-01 e1 ", "2024-01-15 fact ", "2024-02-01 close 1000", "2024-02-10 e2 "], Posted("2024-01-15 member.joined member/ada"));

    private static IEnumerable<string> Posted(params string[] facts)
    {
        var told = Told.Of(Program, facts);
        return Posting.Run(told.Program, told.History, under: null, Instant.Never)
            .Select(p => $"{p.Item.Recorded.ToString()[..10]} {(p.Item.IsClose ? "close" : p.Item.Published?.Name ?? "fact")} {string.Join(", ", p.Entries.Select(e => e.Amount))}");
    }
}
