using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Tests.House;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>A small program that the tests of scenarios are told in.</summary>
internal static class Maple
{
    private const string Folder = "tests/Laurel.Engine.Tests/Scenarios/Bad/";

    /// <summary>The program; its edition with a text replaced by another.</summary>
    public static PartnerProgram Program(string replaced = "", string by = "")
    {
        var edition = Repository.Read($"{Folder}edition.yaml");
        if (replaced.Length > 0)
        {
            Assert.Contains(replaced, edition, StringComparison.Ordinal);
            edition = edition.Replace(replaced, by, StringComparison.Ordinal);
        }
        return Read(edition);
    }

    /// <summary>The program of a case: with the case's own edition where it has one.</summary>
    public static PartnerProgram ProgramOf(IReadOnlyDictionary<string, string> files) => files.TryGetValue("editions/2024.yaml", out var own) ? Read(own) : Program();

    private static PartnerProgram Read(string edition)
    {
        var read = ProgramReader.Read(new Dictionary<string, string> { ["program.yaml"] = Repository.Read($"{Folder}program.yaml"), ["editions/2024.yaml"] = edition });
        Assert.True(read.Program is not null, string.Join("\n\n", read.Problems));
        return read.Program;
    }

    /// <summary>Reads one scenario in which nothing is wrong.</summary>
    public static Scenario Scenario(PartnerProgram program, string text)
    {
        var read = ScenarioReader.Read(program, new Dictionary<string, string> { ["scenarios/a.yaml"] = text });
        Assert.True(read.Problems.Count == 0, string.Join("\n\n", read.Problems));
        return Assert.Single(read.Scenarios);
    }
}
