using Laurel.Cli.Calling;
using Laurel.Cli.Ledgers;
using Laurel.Cli.Reading;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Values;

namespace Laurel.System.Tests.Cli;

/// <summary>Balances that the ledger prints: sums of thousands of entries, each of which may be as large as amounts get.</summary>
public sealed class LedgerBalancesTests
{
    [Fact]
    public void A_balance_that_does_not_fit_is_left_out_and_named()
    {
        var program = new ProgramFolder(Path.Combine(CliRun.Root, "programs/wix-partner")).Read().Program!;
        var history = new HistoryBuilder(program.Vocabulary);
        foreach (var member in new[] { "ada", "ben" })
        {
            history.AddLine(global::System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{member}}","source":"t","type":"member.joined","subject":"member/{{member}}","time":"2025-01-01"}"""), 1);
        }
        var asked = new Asked(program, history.Build(), new(0), new(0), null, null, 0);
        var balances = new LedgerBalances(asked);
        for (var i = 0; i < 9300; i++) { balances.Add(Entry(i, member: 0, 1_000_000_000_000_000)); }
        balances.Add(Entry(9300, member: 1, 5));
        Assert.Equal([("ben", 5L)], balances.All().Select(b => (b.Member, b.Counts)));
        using var terminal = Terminal.OfProcess(TimeProvider.System, CancellationToken.None);
        Assert.Equal(ExitCode.Wrong, balances.Say(terminal, ExitCode.Fine));
    }

    private static Entry Entry(int position, int member, long amount) =>
        new(position, 0, member, member, 0, 0, Account.Rule, Account.Member, amount, new(0), Instant.Ever, Instant.Never);
}
