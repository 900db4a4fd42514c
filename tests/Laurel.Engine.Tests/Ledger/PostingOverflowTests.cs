using Laurel.Engine.Ledger;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Ledger;

/// <summary>Amounts whose sum does not fit 64 bits: entries are differences and are posted; what asks for the sum says so.</summary>
public sealed class PostingOverflowTests
{
    private const int Sites = 9_300;

    private const string Program = """
        program: maple
        units: { usd: { money: true } }
        subjects: { site: { size: number } }
        facts: { site.created: { about: site, needs: [member] } }
        ---
        edition: e1
        effective: 2024-01-01
        rules: { sale: { give: 1000000000000000 usd, when: site.created } }
        """;

    private static readonly string[] _facts = ["2024-01-01 member.joined member/ada", .. Enumerable.Range(0, Sites).Select(i => $"2024-01-02 site.created site/s{i} member=ada"), "2024-02-03 member.joined member/ben"];

    [Fact]
    public void Entries_are_posted_all_the_same()
    {
        var told = Told.Of(Program, _facts);
        Assert.Equal(Sites, Posting.Run(told.Program, told.History, under: null, Instant.Never).Sum(posted => posted.Entries.Count));
    }

    [Theory]
    [InlineData("payouts: { usd: { each: month } }", "a payout")]
    [InlineData("metrics: { top: { rank: usd, at: month } }", "a rank")]
    public void What_needs_the_sum_names_the_member_the_rule_and_a_subject(string more, string why)
    {
        var told = Told.Of($"{Program}\n{more}", _facts);
        var overflow = Assert.Throws<AmountOverflowException>(() => Posting.Run(told.Program, told.History, under: null, Instant.Never).Count());
        Assert.True(overflow is { Member: "ada", Rule: "sale", Fact: -1, Message: "the amounts of member `ada` add up to more than 64 bits hold, the largest by rule `sale` from site/s0, 2024-01-02T00:00:00Z" }, $"{why}: {overflow}");
    }
}
