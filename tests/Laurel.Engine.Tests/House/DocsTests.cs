using System.Text;
using System.Text.RegularExpressions;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.House;

/// <summary>The reference pages say what the reader does: their examples run, and they name every function and code.</summary>
public sealed partial class DocsTests
{
    private const string Conditions = "docs/guide/conditions.md";
    private const string Facts = "docs/facts.md";

    public static TheoryData<string, string> Sections
    {
        get
        {
            var sections = new TheoryData<string, string>();
            foreach (var page in DocPage.All)
            {
                foreach (var section in page.Sections.Where(s => s.Blocks.Count > 0)) { sections.Add(page.File, section.Title); }
            }
            return sections;
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_example_runs(string file, string title)
    {
        var section = DocPage.All.Single(page => page.File == file).Sections.Single(s => s.Title == title);
        House.Keeps($"{file}, {title}: read without errors, facts recorded, scenarios as expected", Run(section));
    }

    [Fact]
    public void Every_example_is_one_that_can_run() => House.Keeps(
        "a block is yaml with the name of its file in a comment, or json: facts, one on a line",
        from page in DocPage.All
        from section in page.Sections
        from block in section.Blocks
        where !(block.Language == "json" || (block.Language == "yaml" && block.Name.EndsWith(".yaml", StringComparison.Ordinal)))
        select $"{page.File}, {section.Title}: {block.Text.Split('\n')[0]}");

    [Theory]
    [InlineData("# in editions/2024.yaml\nrules:\n  odd: { give: 1 points, to: site.buyer }\n", "cel-unknown-name")]
    [InlineData("# scenarios/odd.yaml\nscenario: odd\nfacts: [{ at: 2024-06-01, fact: member.joined, member: ada }]\nexpect: [{ at: 2024-06-01, member: ada, points: 1 }]\n", "not-as-expected")]
    [InlineData("# scenarios/odd.yaml\nscenario: odd\nexpect: [{ at: 2024-06-01, colour: red }]\n", "unknown-key")]
    public void An_example_that_is_wrong_is_found(string yaml, string code) =>
        Assert.Contains(Run(new("Odd", [new("yaml", yaml)])), problem => problem.Contains(code, StringComparison.Ordinal));

    [Fact]
    public void A_fact_that_is_refused_is_found() =>
        Assert.Single(Run(new("Odd", [new("json", """{"id":"1","source":"a","type":"plan.bought","subject":"site/s1","time":"2024-06-01","data":{"plan":"gigantic"}}""")])));

    [Fact]
    public void Every_function_is_explained() => House.Keeps(
        $"{Conditions} names every function that a condition may call",
        Functions.Names(Dialect.Program).Concat(["has", "since", "ago", "all", "exists", "exists_one", "filter", "map"])
            .Where(function => !Regex.IsMatch(Repository.Read(Conditions), $"`[a-z]?\\.?{function}\\(")));

    [Fact]
    public void Refusals_stand_in_the_order_in_which_they_are_found() =>
        Assert.Equal(Enum.GetNames<RefusalCode>(), Code().Matches(Repository.Read(Facts)).Select(m => m.Groups[1].Value));

    private static List<string> Run(DocSection section)
    {
        var files = DocPage.FilesOf(section);
        var read = ProgramReader.Read(files);
        var problems = read.Problems.Where(p => p.Severity == Severity.Error).Select(p => $"{p.Code}: {p}").ToList();
        if (read.Program is not { } program) { return problems; }
        var scenarios = ScenarioReader.Read(program, files);
        problems.AddRange(scenarios.Problems.Concat(scenarios.Scenarios.SelectMany(s => ScenarioRunner.Run(program, s).Failures)).Select(p => $"{p.Code}: {p}"));
        var history = new HistoryBuilder(program.Vocabulary);
        foreach (var line in section.Facts)
        {
            if (history.AddLine(Encoding.UTF8.GetBytes(line), 0) is Verdict.Refused refused) { problems.Add($"{refused.Refusal}"); }
        }
        return problems;
    }

    [GeneratedRegex(@"^\| `([A-Z]\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Code();
}
