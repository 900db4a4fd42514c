using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Scenarios;

/// <summary>Business days, runs and years, worked on a marketplace's rules; and what is said where the list of holidays ends.</summary>
public sealed class CalendarTests
{
    private const string Folder = "tests/Laurel.Engine.Tests/Programs/Good/marketplace/";

    private static Dictionary<string, string> Files => Programs.Folder.Read(Folder);

    [Fact]
    public void Its_cases_come_out()
    {
        var (program, read) = Read(Files);
        var failures = read.Scenarios.SelectMany(s => ScenarioRunner.Run(program, s).Failures).ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.Equal(6, read.Scenarios.Count);
    }

    [Theory]
    [InlineData("2024-12-24", "2024-12-25", false)]
    [InlineData("2024-12-25", "2024-12-25", false)]
    [InlineData("2024-12-25", "2024-12-26", true)]
    [InlineData("2024-12-28", "2024-12-20", true)]
    public void A_list_of_holidays_that_ends_before_the_last_date_in_use_is_found(string told, string asked, bool found)
    {
        var files = Files;
        files["scenarios/answers.yaml"] = $"scenario: late\nfacts: [{{ at: {told}, fact: member.joined, member: ada }}]\nexpect: [{{ at: {asked}, member: ada, expiry: 0 }}]\n";
        var (_, read) = Read(files);
        if (!found)
        {
            Assert.Empty(read.Problems);
            return;
        }
        var problem = Assert.Single(read.Problems);
        Assert.Equal((Severity.Warning, "holidays-end", "editions/m1.yaml", 6), (problem.Severity, problem.Code, problem.Place.File, problem.Place.Line));
        Assert.Contains("holidays end on 2024-12-25", problem.Message, StringComparison.Ordinal);
        Assert.Contains("line 1", problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("  holidays: [", problem.Excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_edition_that_counts_business_days_has_its_own_dates()
    {
        var files = Files;
        files["scenarios/answers.yaml"] = "scenario: late\nexpect: [{ at: 2025-12-01, member: ada, expiry: 0 }]\nfacts: [{ at: 2024-01-01, fact: member.joined, member: ada }]\n";
        files["editions/m3.yaml"] = files["editions/m3.yaml"].Replace("for 3 days", "for 3 business days", StringComparison.Ordinal);
        Assert.Contains("2025-12-01", Assert.Single(Read(files).Read.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calendar_by_which_nothing_is_counted_may_end()
    {
        var files = Files;
        files["editions/m1.yaml"] = files["editions/m1.yaml"].Replace("business day", "days", StringComparison.Ordinal).Replace("roll: next days, ", "", StringComparison.Ordinal).Replace("dayss", "days", StringComparison.Ordinal);
        files["scenarios/answers.yaml"] = "scenario: late\nexpect: [{ at: 2027-12-01, member: ada, expiry: 0 }]\nfacts: [{ at: 2024-01-01, fact: member.joined, member: ada }]\n";
        Assert.Empty(Read(files).Read.Problems);
    }

    private static (PartnerProgram Program, ScenariosRead Read) Read(Dictionary<string, string> files)
    {
        var read = ProgramReader.Read(files);
        Assert.True(read.Program is not null && read.Problems.Count == 0, string.Join("\n\n", read.Problems));
        return (read.Program, ScenarioReader.Read(read.Program, files));
    }
}
