using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>A worked case of a program: facts in, standings out.</summary>
/// <param name="Name">What it shows, in a sentence.</param>
/// <param name="Cases">The published cases that it works, such as "W1-2".</param>
/// <param name="Source">The public address that it comes from; null for none.</param>
/// <param name="Says">More words about it; null for none.</param>
/// <param name="History">Its facts, all but those that were to be refused.</param>
/// <param name="Expectations">What must come out, in the order written.</param>
/// <param name="Place">Where it is written.</param>
public sealed record Scenario(
    string Name, IReadOnlyList<string> Cases, string? Source, Phrase? Says, History History, IReadOnlyList<Expectation> Expectations, Place Place);

/// <summary>What reading scenario files came to.</summary>
/// <param name="Scenarios">The scenarios in which nothing is wrong.</param>
/// <param name="Problems">Everything that is wrong with the others, by file and line; and warnings.</param>
public sealed record ScenariosRead(IReadOnlyList<Scenario> Scenarios, IReadOnlyList<Problem> Problems);
