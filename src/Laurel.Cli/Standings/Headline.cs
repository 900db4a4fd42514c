using Laurel.Cli.Reading;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Standings;

/// <summary>Says what a question asked: program, instant, what was known, which rules.</summary>
internal static class Headline
{
    /// <summary>Of a standing.</summary>
    public static string Of(Asked asked, Edition edition) => $"{When(asked)}, {(asked.Under is null ? $"by edition {edition.Name}" : Alone(asked.Under))}";

    /// <summary>Of an explanation, which names its edition itself.</summary>
    public static string OfExplanation(Asked asked) => $"{When(asked)}, {Rules(asked)}";

    /// <summary>Of a ledger, which is about all of time.</summary>
    public static string OfLedger(Asked asked) =>
        $"Ledger of {asked.Program.Name}, {Known(asked)}, {Rules(asked)}";

    /// <summary>Of a backtest.</summary>
    /// <param name="asked">What was asked.</param>
    /// <param name="sides">What is compared.</param>
    public static string OfBacktest(Asked asked, string sides) => $"{When(asked)}: {sides}";

    private static string When(Asked asked) =>
        $"{asked.Program.Name} at {asked.Zone.WrittenAsked(asked.At)}{(asked.Known < asked.At || asked.Known > asked.At ? $", {Known(asked)}" : "")}";

    private static string Rules(Asked asked) => asked.Under is null ? "by the editions in force" : Alone(asked.Under);

    private static string Known(Asked asked) => $"as known at {asked.Zone.WrittenAsked(asked.Known)}";

    private static string Alone(Edition edition) => $"as if {edition.Name} had always been in force";
}
