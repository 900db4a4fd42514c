using Laurel.Cli.Calling;
using Laurel.Cli.Samples;
using Laurel.Cli.Writing;
using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;
using Laurel.Server.Working;

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
        var rehearsal = Rehearsal.Of(program, texts, terminal.Stop);
        return new(Count(program, rehearsal.Passed, rehearsal.Scenarios), [.. rehearsal.Problems, .. SampleOf(program, texts)], rehearsal.Coverage);
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
