using Xunit.Abstractions;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>The plain dialect does what the published conformance files say.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Every_case_of_a_file_passes_that_is_not_left_out_with_a_reason(string file)
    {
        var result = ConformanceResult.Of(file);
        output.WriteLine(result.ToString());
        Assert.True(result.Wrong.Count == 0, string.Join("\n", result.Wrong));
        Assert.NotEqual(0, result.Passed);
    }

    /// <summary>Leaves the figures beside the tests, in cel-conformance.txt, for whoever wants to show them.</summary>
    [ConformanceFact]
    public void The_files_pass_as_a_whole()
    {
        var results = Conformance.Files.Select(ConformanceResult.Of).ToList();
        var total = $"all: {results.Sum(result => result.Passed)} of {results.Sum(result => result.All)} pass, {results.Sum(result => result.LeftOut)} left out";
        var summary = string.Join("\n", [.. results.Select(result => result.ToString()), total, ""]);
        output.WriteLine(summary);
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "cel-conformance.txt"), summary);
        Assert.All(results, result => Assert.Equal(result.All, result.Passed + result.LeftOut));
    }

    public static TheoryData<string> Files() => [.. Conformance.Files];
}
