using Laurel.Cli.Writing;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Backtests;

/// <summary>Says parts of a backtest as people read them.</summary>
internal static class BacktestWords
{
    /// <summary>A difference with its sign.</summary>
    public static string Signed(long parts, Unit unit) => parts > 0 ? $"+{Shown.Amount(parts, unit)}" : Shown.Amount(parts, unit);

    /// <summary>A level; "none" for none.</summary>
    public static string Level(Ladder? ladder, int rung) => BacktestLadder.RungOf(ladder, rung) ?? "none";

    /// <summary>What the members of a group have in common.</summary>
    public static string KeyOf(BacktestGroup group, in Value key) => (group, key.Kind) switch
    {
        (BacktestGroup.Tenure, ValueKind.Null) => "not enrolled",
        (_, ValueKind.Null) => "not told",
        (BacktestGroup.Tenure, _) => key.AsNumber == 0 ? "under 1 year" : Shown.Count(key.AsNumber.Numerator, "year"),
        (BacktestGroup.Size, _) => Band((int)key.AsNumber.Numerator),
        _ => StandingJson.Key(key),
    };

    /// <summary>What could not be judged, and why.</summary>
    public static string Of(Unjudged what) => $"{what.Of.ToString().ToLowerInvariant()} {what.Name}: nobody told {what.Field}";

    private static string Band(int least) => least == 1 ? "1 subject" : $"{BacktestGroup.Size.Written(least)} subjects";
}
