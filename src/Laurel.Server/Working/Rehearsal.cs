using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;

namespace Laurel.Server.Working;

/// <summary>What running a program's scenarios came to.</summary>
/// <param name="Passed">How many came out as expected.</param>
/// <param name="Scenarios">Of how many.</param>
/// <param name="Problems">What is wrong with them, and what did not come out as expected.</param>
/// <param name="Coverage">What they reach; null where there are none, or where one is wrong.</param>
internal sealed record Rehearsal(int Passed, int Scenarios, IReadOnlyList<Problem> Problems, CoverageReport? Coverage)
{
    /// <summary>Runs all scenarios, on all cores.</summary>
    public static Rehearsal Of(PartnerProgram program, IReadOnlyDictionary<string, string> texts, CancellationToken stop)
    {
        var read = ScenarioReader.Read(program, texts);
        var results = new (ScenarioResult Result, Reach Reach)[read.Scenarios.Count];
        var coverage = new Coverage(program);
        Parallel.For(0, results.Length, new() { CancellationToken = stop }, i => results[i] = (ScenarioRunner.Run(program, read.Scenarios[i]), coverage.Measure(read.Scenarios[i])));
        var whole = results.Length > 0 && read.Problems.All(p => p.Severity != Severity.Error);
        return new(
            results.Count(r => r.Result.Passed), results.Length, [.. read.Problems, .. results.SelectMany(r => r.Result.Failures)], whole ? coverage.Report(results.Select(r => r.Reach)) : null);
    }
}
