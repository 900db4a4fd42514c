using Laurel.Cli.Calling;
using Laurel.Engine.Backtesting;
using Laurel.Server.Answering;
using Laurel.Server.Working;

namespace Laurel.Cli.Backtests;

/// <summary>A backtest as comma-separated values: a line for each member that changed.</summary>
internal static class BacktestCsv
{
    /// <summary>Writes a header and the lines.</summary>
    public static void Write(Compared compared, IEnumerable<MemberDifference> changed, Terminal terminal)
    {
        var (backtest, history, units) = (compared.Backtest, compared.History, compared.History.Vocabulary.Units);
        using var text = terminal.OpenText();
        Csv.Write(text, [
            "member", "enrolled", .. units.SelectMany(u => (string[])[$"{u.Name}_against", $"{u.Name}_draft", $"{u.Name}_pending_against", $"{u.Name}_pending_draft"]),
            .. backtest.Ladders.SelectMany(l => (string[])[$"{l.Name}_against", $"{l.Name}_draft", $"{l.Name}_way"]),
            "benefits_gained", "benefits_lost", .. backtest.Groups.Select(g => g.Name)]);
        foreach (var difference in changed)
        {
            Csv.Write(text, [
                history.NameOf(difference.Member), difference.Enrolled ? "true" : "false",
                .. units.SelectMany(u => Amounts(difference.Amounts[u.Index]).Select(amount => u.Whole(amount).ToString())),
                .. backtest.Ladders.SelectMany((l, i) => Levels(l, difference.Levels[i])),
                Names(backtest, difference.Gained), Names(backtest, difference.Lost),
                .. backtest.Groups.Select((g, i) => g.Written(difference.Groups[i]) ?? "")]);
        }
    }

    private static long[] Amounts(AmountPair pair) => [pair.Against, pair.Draft, pair.AgainstPending, pair.DraftPending];

    private static string[] Levels(BacktestLadder ladder, LevelPair pair) =>
        [BacktestLadder.RungOf(ladder.Against, pair.Against) ?? "", BacktestLadder.RungOf(ladder.Draft, pair.Draft) ?? "", ladder.WayOf(pair).ToString().ToLowerInvariant()];

    private static string Names(Backtest backtest, IReadOnlyList<int> benefits) => string.Join(' ', benefits.Select(b => backtest.Benefits[b]));
}
