using System.Text.RegularExpressions;

namespace Laurel.Engine.Tests.House;

/// <summary>What no file of the repository says, and how long and how named files are.</summary>
public sealed partial class TextTests
{
    private const int LinesMax = 400;

    // Files of src/ that are longer, each with its reason.
    private static readonly Dictionary<string, string> Longer = [];

    // In two parts, so that this file does not name them itself.
    private static readonly string[] Hosts = ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "pypi" + ".org", "pythonhosted" + ".org", "crates" + ".io", "docker" + ".io", "proxy.golang" + ".org"];

    [Fact]
    public void Files_are_short() => House.Keeps(
        $"a file of src/ has at most {LinesMax} lines: split it, or give the reason in this test",
        from file in Repository.Under("src/", ".cs")
        let lines = Repository.Read(file).Count(character => character == '\n')
        where lines > LinesMax && !Longer.ContainsKey(file)
        select $"{file} has {lines}");

    [Fact]
    public void Long_files_that_are_excused_are_still_long() => House.Keeps(
        "an excuse that nobody needs is taken out",
        Longer.Keys.Where(file => !Repository.Files.Contains(file) || Repository.Read(file).Count(character => character == '\n') <= LinesMax));

    [Fact]
    public void No_name_says_nothing() => House.Keeps(
        "a name says what a thing is: no Manager, Helper, Service, Utils, Common, Info, Data",
        from file in Repository.Under("", ".cs")
        from problem in NameProblems(file, Repository.Read(file))
        select problem);

    [Theory]
    [InlineData("src/A/B.cs", "public sealed class FactManager;", 1)]
    [InlineData("src/A/B.cs", "internal readonly record struct MemberInfo(int A);", 1)]
    [InlineData("src/A/B.cs", "interface IRuleService { }", 1)]
    [InlineData("src/A/Services/B.cs", "", 1)]
    [InlineData("src/A/TextHelper.cs", "", 1)]
    [InlineData("src/A/B.cs", "public sealed class Informed; // class FactManager", 0)]
    public void Finds_a_name_that_says_nothing(string file, string code, int problems) => Assert.Equal(problems, NameProblems(file, code).Count());

    [Fact]
    public void The_engine_knows_no_particular_program() => House.Keeps(
        "what one program means stands in programs/, never in the engine",
        from file in Repository.Under("src/Laurel.Engine/", "")
        where $"{file}\n{Repository.Read(file)}".Contains("wix", StringComparison.OrdinalIgnoreCase)
        select file);

    [Fact]
    public void No_file_names_a_package_host_or_a_path_of_one_machine() => House.Keeps(
        "a clone works anywhere: packages come from where a machine is set up to take them",
        from file in Repository.Texts
        from problem in PlaceProblems(file.Text)
        select $"{file.File}: {problem}");

    [Theory]
    [InlineData("https://api.nug" + "et.org/v3", 1)]
    [InlineData("cd /wo" + "rk/main", 1)]
    [InlineData("in /ro" + "ot/.cache", 1)]
    [InlineData("a/wo" + "rk/b, https://example.org/wo" + "rk/b", 0)]
    public void Finds_a_place(string text, int problems) => Assert.Equal(problems, PlaceProblems(text).Count());

    [Fact]
    public void Code_has_no_folds_and_no_promises_without_a_number() => House.Keeps(
        "no #region; a TO" + "DO has the number of its issue: TO" + "DO(#12)",
        from file in Repository.Under("", ".cs")
        from Match match in Promise().Matches(Repository.Read(file))
        select $"{file}: {match.Value.Trim()}");

    [Theory]
    [InlineData("    #reg" + "ion Fields", true)]
    [InlineData("// TO" + "DO later", true)]
    [InlineData("// TO" + "DO(#12) later", false)]
    [InlineData("// TO" + "DO #12 later", false)]
    public void Finds_a_fold_and_a_promise(string line, bool found) => Assert.Equal(found, Promise().IsMatch(line));

    private static IEnumerable<string> NameProblems(string file, string source)
    {
        foreach (var part in file.Split('/'))
        {
            if (EmptyName().IsMatch(part.Split('.')[0]) || EmptyFolder().IsMatch(part)) { yield return $"{file}: {part}"; }
        }
        foreach (Match match in TypeName().Matches(CodeText.Of(source)))
        {
            if (EmptyName().IsMatch(match.Groups[1].Value)) { yield return $"{file}: {match.Groups[1].Value}"; }
        }
    }

    private static IEnumerable<string> PlaceProblems(string text) =>
        Hosts.Where(host => text.Contains(host, StringComparison.OrdinalIgnoreCase)).Concat(MachinePath().Matches(text).Select(match => match.Value));

    [GeneratedRegex(@"\b(?:record\s+struct|record\s+class|class|struct|record|interface|enum)\s+(\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex("(?:Manager|Helpers?|Services?|Util(?:itie)?s?|Utility|Common|Info|Data)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex("^(?:Managers|Extensions|Models)$")]
    private static partial Regex EmptyFolder();

    [GeneratedRegex(@"(?<![\w.-])/(?:work|root)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^\s*#reg" + @"ion.*|\bTO" + @"DO\b(?!\s*\(?#\d+).*", RegexOptions.Multiline)]
    private static partial Regex Promise();
}
