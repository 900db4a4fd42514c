using Laurel.Engine.Scenarios;
using Laurel.Engine.Tests.House;
using Laurel.Engine.Tests.Programs;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>What the reader says of scenarios in which something is wrong, as printed. The cases are written as those of bad programs are.</summary>
public sealed class BadScenarioTests
{
    private const string Folder = "tests/Laurel.Engine.Tests/Scenarios/Bad/";

    public static TheoryData<string> Cases => [.. Repository.Under(Folder, ".txt").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Says_what_is_wrong_where_and_what_to_do(string name)
    {
        var (head, files) = BadProgramTests.Parse(Repository.Read($"{Folder}{name}.txt"));
        var read = ScenarioReader.Read(Maple.ProgramOf(files), files);
        House.House.Approves($"{Folder}{name}.txt", $"{head}{string.Concat(read.Problems.Select(p => $"[{p.Code}] {p}\n\n"))}{read.Scenarios.Count} read\n");
    }

    [Theory]
    [InlineData("facts", "unknown-fact", "missing-key", "MissingField", "unknown-field", "UnknownValue", "InvalidTime", "TimeWithoutZone", "WrongType", "TooManyDecimals", "not-a-text", "not-a-map")]
    [InlineData("told-twice", "FactIdReused", "InvalidTime", "not-a-number", "needs-repeat", "not-refused", "unknown-word")]
    [InlineData("names", "unknown-member", "unknown-subject", "unknown-key", "unknown-word", "unknown-benefit", "unknown-state", "unknown-role", "unknown-rule", "unknown-edition")]
    [InlineData("values", "missing-key", "date", "not-a-number", "not-a-text", "not-a-map", "unknown-word", "needs-under", "nothing-expected", "missing-subject", "two-subjects")]
    [InlineData("files", "file-name", "scenario-twice", "nothing-expected", "missing-key", "unknown-key", "not-a-map", "empty-file")]
    public void Every_kind_of_problem_is_provoked(string name, params string[] codes)
    {
        var (_, files) = BadProgramTests.Parse(Repository.Read($"{Folder}{name}.txt"));
        Assert.Equal(codes.Order(), ScenarioReader.Read(Maple.ProgramOf(files), files).Problems.Select(p => p.Code).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Marks_a_part_of_a_line_that_is_there(string name)
    {
        var (_, files) = BadProgramTests.Parse(Repository.Read($"{Folder}{name}.txt"));
        foreach (var problem in ScenarioReader.Read(Maple.ProgramOf(files), files).Problems.Where(p => p.Place.Line > 0))
        {
            Assert.Equal(files[problem.Place.File].Split('\n')[problem.Place.Line - 1], problem.Excerpt);
            Assert.InRange(problem.Place.Column, 1, problem.Excerpt.Length + 1);
            Assert.True(problem.Remedy.Trim()[^1] is '.' or '?' or ':', problem.ToString());
        }
    }
}
