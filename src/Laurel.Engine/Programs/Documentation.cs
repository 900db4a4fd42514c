using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>What may stand on anything: its own words, where it comes from, and where it is written.</summary>
/// <param name="Says">The rule in the words of the program; null where it has none.</param>
/// <param name="Source">The public address that it comes from; null where it has none.</param>
/// <param name="Place">Where it is written.</param>
public sealed record Documentation(Phrase? Says, string? Source, Place Place)
{
    /// <summary>Why no scenario can reach it; null where one should. No part of what it means.</summary>
    public string? Unreached { get; init; }

    /// <summary>Why what <c>check</c> would warn of is meant; null where nothing is said. No part of what it means.</summary>
    public string? Meant { get; init; }
}
