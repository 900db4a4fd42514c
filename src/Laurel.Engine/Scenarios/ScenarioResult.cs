using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>What running a scenario came to.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Expectations">One result for each of its expectations.</param>
public sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<ExpectationResult> Expectations)
{
    /// <summary>True where everything came out as expected.</summary>
    public bool Passed => Expectations.All(e => e.Passed);

    /// <summary>What did not come out as expected.</summary>
    public IEnumerable<Problem> Failures => Expectations.SelectMany(e => e.Failures);
}

/// <summary>What one expectation came to.</summary>
/// <param name="Expectation">The expectation.</param>
/// <param name="Failures">Each answer that is not as expected: expected and actual, with its place, and which credits count then.</param>
public sealed record ExpectationResult(Expectation Expectation, IReadOnlyList<Problem> Failures)
{
    /// <summary>True where every answer is as expected.</summary>
    public bool Passed => Failures.Count == 0;
}
