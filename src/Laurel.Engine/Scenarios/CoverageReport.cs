using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>What the scenarios of a program reach of it.</summary>
/// <param name="Rules">Rules that gave something at least once.</param>
/// <param name="Conditions">Outcomes of the parts of conditions: each must have been true once, and false once.</param>
/// <param name="Rungs">Levels that somebody had.</param>
/// <param name="Limits">Outcomes of limits: each must have set something aside once, and once not.</param>
/// <param name="Obligations">Outcomes of obligations: each must have been met once, and missed once where it asks for anything.</param>
/// <param name="Gaps">What no scenario reaches, by file and line; with the reason where the program writes one.</param>
/// <param name="Needless">What the program gives such a reason for, and scenarios reach.</param>
public sealed record CoverageReport(Tally Rules, Tally Conditions, Tally Rungs, Tally Limits, Tally Obligations, IReadOnlyList<Gap> Gaps, IReadOnlyList<Gap> Needless)
{
    /// <summary>True where everything is reached, but for what the program gives a reason for.</summary>
    public bool IsComplete => Gaps.All(gap => gap.Reason is not null);

    /// <summary>One line: how many of each.</summary>
    public override string ToString() =>
        $"rules {Rules}, conditions {Conditions} outcomes, rungs {Rungs}, limits {Limits} outcomes{(Obligations.All == 0 ? "" : $", obligations {Obligations} outcomes")}";
}

/// <summary>How many of how many.</summary>
/// <param name="Reached">How many are reached.</param>
/// <param name="All">How many there are to reach; those left out with a reason do not count.</param>
public readonly record struct Tally(int Reached, int All)
{
    /// <summary>Hundredths of a percent, rounded down: only all of them are 100 percent.</summary>
    public int HundredthsOfPercent => All == 0 ? 10_000 : (int)(10_000L * Reached / All);

    /// <summary>"18 of 18".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Reached} of {All}");
}

/// <summary>Something that no scenario reaches.</summary>
/// <param name="What">What it is a part of: "rule upgrade of edition W1".</param>
/// <param name="Missing">What was never seen.</param>
/// <param name="Place">Where that is written.</param>
/// <param name="Reason">Why nothing can reach it, as the program says; null where it says nothing.</param>
public sealed record Gap(string What, string Missing, Place Place, string? Reason)
{
    /// <summary>One line: where, what, what is missing, and the reason.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Place.File}:{Place.Line}:{Place.Column}: {What}: {Missing}{(Reason is null ? "" : $" ({Reason})")}");
}
