using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

public sealed class BalancesTests
{
    private static readonly Entry[] Entries =
    [
        Entry(Account.Rule, Account.Member, 10, "2024-01-01", "2024-03-01"),
        Entry(Account.Member, Account.Rule, 4, "2024-02-01", "2024-03-01"),
        Entry(Account.Rule, Account.Pending, 100, "2024-02-01", "2024-03-01"),
        Entry(Account.Rule, Account.Member, 1000, "2024-01-01", "2024-03-01") with { Member = 2 },
        Entry(Account.Rule, Account.Member, 1000, "2024-01-01", "2024-03-01") with { Unit = 1 },
    ];

    [Theory]
    [InlineData(Account.Member, "2023-12-31", 0, "before it starts")]
    [InlineData(Account.Member, "2024-01-01", 10, "from its first instant")]
    [InlineData(Account.Member, "2024-02-01", 6, "what goes is taken off")]
    [InlineData(Account.Member, "2024-03-01", 0, "not at its end")]
    [InlineData(Account.Pending, "2024-02-01", 100, "what waits is apart")]
    public void Is_what_came_less_what_went(Account account, string at, long balance, string why) =>
        Assert.True(balance == Balances.Of(Entries, member: 1, unit: 0, account, Some.At(at)), why);

    private static Entry Entry(Account from, Account to, long amount, string starts, string ends) =>
        new(0, 0, Member: 1, Subject: 1, Unit: 0, Rule: 0, from, to, amount, Some.At(starts), Some.At(starts), Some.At(ends));
}
