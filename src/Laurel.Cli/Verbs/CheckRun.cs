using Laurel.Cli.Calling;
using Laurel.Cli.Samples;
using Laurel.Cli.Writing;
using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;

namespace Laurel.Cli.Verbs;

/// <summary>What running a program's scenarios, and reading its sample, came to.</summary>
/// <param name="Said">How much there was.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="Coverage">What the scenarios reach; null where there are none, or where one is wrong.</param>
internal sealed record CheckRun(string Said, IReadOnlyList<Problem> Problems, CoverageReport? Coverage)
{
    /// <summary>Runs all scenarios, on all cores.</summary>
    public static CheckRun Of(PartnerProgram program, IReadOnlyDictionary<string, string> texts, Terminal terminal)
    {
        var read = ScenarioReader.Read(program, texts);
        var results = new (ScenarioResult Result, Reach Reach)[read.Scenarios.Count];
        var coverage = new Coverage(program);
        Parallel.For(0, results.Length, new() { CancellationToken = terminal.Stop }, i => results[i] = (ScenarioRunner.Run(program, read.Scenarios[i]), coverage.Measure(read.Scenarios[i])));
        var problems = read.Problems.Concat(results.SelectMany(r => r.Result.Failures)).Concat(SampleOf(program, texts)).ToList();
        var whole = results.Length > 0 && read.Problems.All(p => p.Severity != Severity.Error);
        return new(Count(program, results.Count(r => r.Result.Passed), results.Length), problems, whole ? coverage.Report(results.Select(r => r.Reach)) : null);
    }

    private static string Count(PartnerProgram program, int passed, int scenarios)
    {
        var ran = passed == scenarios ? Shown.Count(scenarios, "scenario") : $"{Shown.Count(passed)} of {Shown.Count(scenarios, "scenario")} as expected";
        return $"{Shown.Count(program.Editions.Count, "edition")}, {Shown.Count(program.Drafts.Count, "draft")}, {ran}";
    }

    /// <summary>What is wrong with the program's sample, where it has one.</summary>
    private static IReadOnlyList<Problem> SampleOf(PartnerProgram program, IReadOnlyDictionary<string, string> texts) =>
        texts.TryGetValue(SampleReader.File, out var text) ? SampleReader.Read(SampleReader.File, text, program.Vocabulary).Problems : [];
}
