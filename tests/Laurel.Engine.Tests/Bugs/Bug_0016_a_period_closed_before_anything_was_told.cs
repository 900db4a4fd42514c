namespace Laurel.Engine.Tests.Bugs;

/// <summary>A rank was taken before the first fact about a member: from then on periods closed for it, and gave.</summary>
public sealed class Bug_0016_a_period_closed_before_anything_was_told
{
    [Fact]
    public void Periods_close_from_the_first_fact_on() => Told.Of(
        """
        program: maple
        units: { points: {}, usd: { decimals: 2, money: true } }
        ---
        edition: e1
        effective: 2024-01-01
        counts-from: 2023-01-01
        metrics: { top: { rank: points, at: quarter } }
        rules: { fee: { give: 10 usd, when: each year, where: points < 100 } }
        """,
        "2023-06-01 member.joined member/ben", "2024-01-10 member.joined member/ada").Gives(
        "ada fee usd member/ada 2024-12-31T23:59:59.999999Z Active from 2025-01-01T00:00:00Z until never: 1000, counts 1000",
        "ben fee usd member/ben 2023-12-31T23:59:59.999999Z Active from 2024-01-01T00:00:00Z until never: 1000, counts 1000",
        "ben fee usd member/ben 2024-12-31T23:59:59.999999Z Active from 2025-01-01T00:00:00Z until never: 1000, counts 1000");
}
