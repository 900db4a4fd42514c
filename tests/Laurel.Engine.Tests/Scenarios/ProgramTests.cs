using Laurel.Engine.Scenarios;
using Laurel.Engine.Tests.Programs;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>Every program of the library reads, and does what its scenarios say.</summary>
public sealed class ProgramTests
{
    public static TheoryData<string> Programs => [.. ProgramFolder.Names];

    /// <summary>The scenario files of each program, with those of the program whose rules it has.</summary>
    public static TheoryData<string, string> ScenarioFiles
    {
        get
        {
            var files = new TheoryData<string, string>();
            foreach (var name in ProgramFolder.Names)
            {
                foreach (var file in Folder.Read($"programs/{name}/").Keys.Where(IsScenario).Order(StringComparer.Ordinal)) { files.Add(name, file); }
            }
            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_reads_without_a_problem(string name)
    {
        var folder = ProgramFolder.Of(name);
        Assert.True(folder.Read.Program is not null, string.Join("\n\n", folder.Read.Problems));
        Assert.True(folder.Scenarios!.Problems.Count == 0, string.Join("\n\n", folder.Scenarios.Problems));
        Assert.NotEmpty(folder.Scenarios.Scenarios);
    }

    [Theory]
    [MemberData(nameof(ScenarioFiles))]
    public void All_scenarios_of_a_file_come_out_as_expected(string name, string file)
    {
        var folder = ProgramFolder.Of(name);
        var failures = folder.Scenarios!.Scenarios.Where(scenario => scenario.Place.File == file).SelectMany(scenario => ScenarioRunner.Run(folder.Read.Program!, scenario).Failures).ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} failures\n{string.Join("\n\n", failures)}");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_scenarios_of_a_program_reach_all_of_it(string name)
    {
        var folder = ProgramFolder.Of(name);
        var coverage = new Coverage(folder.Read.Program!);
        var report = coverage.Report(folder.Scenarios!.Scenarios.Select(coverage.Measure));
        Assert.True(report.IsComplete, $"{report}\n{string.Join('\n', report.Gaps.Where(gap => gap.Reason is null))}");
        Assert.True(report.Needless.Count == 0, string.Join('\n', report.Needless));
    }

    private static bool IsScenario(string file) => file.Contains("scenarios/", StringComparison.Ordinal);
}
