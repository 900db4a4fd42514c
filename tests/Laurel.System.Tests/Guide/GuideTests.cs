using System.Text.RegularExpressions;
using Laurel.System.Tests.Cli;

namespace Laurel.System.Tests.Guide;

/// <summary>The guide is true: whoever does what its pages say, from an empty folder, sees what they print.</summary>
[Collection("alone, in a working directory of its own")]
public sealed partial class GuideTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly GuidePlayer _player;

    public GuideTests()
    {
        Directory.SetCurrentDirectory(_scratch[""]);
        _player = new(_scratch[""]);
    }

    public static TheoryData<string> Pages => [.. PagesIn("docs/guide", SearchOption.AllDirectories), "docs/import.md"];

    public static TheoryData<string> Recipes => [.. PagesIn("docs/guide/recipes", SearchOption.TopDirectoryOnly)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_plays_as_it_is_printed(string page)
    {
        var path = Path.Combine(CliRun.Root, page);
        var played = _player.Play(File.ReadAllText(path));
        if (Environment.GetEnvironmentVariable("LAUREL_APPROVE") == "1") { File.WriteAllText(path, played); }
        Assert.Equal(File.ReadAllText(path), played);
    }

    /// <summary>Since each page plays as it is printed, what it prints is what check says.</summary>
    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_recipe_is_a_program_without_faults_of_which_its_cases_reach_all(string page)
    {
        foreach (var recipe in Heading().Split(File.ReadAllText(Path.Combine(CliRun.Root, page))).Skip(1))
        {
            var title = $"{page}, {recipe.Split('\n')[0]}";
            Assert.True(recipe.Contains("/program.yaml\n", StringComparison.Ordinal), $"{title}: has no program");
            var check = Checked().Match(recipe);
            Assert.True(check.Success, $"{title}: is not checked, or not without faults");
            foreach (Match tally in Tally().Matches(check.Groups["reached"].Value)) { Assert.True(tally.Groups["reached"].Value == tally.Groups["all"].Value, $"{title}: {tally.Value}"); }
            Assert.DoesNotContain("not reached", recipe, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Finds_what_is_not_printed_so()
    {
        const string Page = "`facts.jsonl`:\n\n```json\n{}\n```\n\n```console\n$ cat facts.jsonl\n{ }\n\n$ laurel --versoin\n```\n";
        var played = _player.Play(Page);
        Assert.Contains("$ cat facts.jsonl\n{}\n\n", played, StringComparison.Ordinal);
        Assert.Contains("$ laurel --versoin\nlaurel: error: a call begins with a verb", played, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_changed_where_the_page_says()
    {
        var played = _player.Play("```yaml\n# a.yaml\none\ntwo\n```\n```diff\n# in a.yaml\n one\n-two\n+three\n```\n```console\n$ cat a.yaml\n```\n");
        Assert.Contains("$ cat a.yaml\n# a.yaml\none\nthree\n", played, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```yaml\nprogram: a\n```", "names no file")]
    [InlineData("```json\n{}\n```", "names no file")]
    [InlineData("```yaml\n# a.yaml\none\n```\n```diff\n# in a.yaml\n-two\n```", "no such lines")]
    [InlineData("```python\n1\n```", "can't be played")]
    [InlineData("```console\n$ false\n```", "ended with 1")]
    public void A_block_that_cannot_be_played_is_found(string page, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidOperationException>(() => _player.Play(page)).Message, StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _scratch.Dispose();
    }

    private static IEnumerable<string> PagesIn(string folder, SearchOption depth) =>
        Directory.EnumerateFiles(Path.Combine(CliRun.Root, folder), "*.md", depth).Select(file => Path.GetRelativePath(CliRun.Root, file)).Order(StringComparer.Ordinal);

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\$ laurel check \S+\n\S+: 0 errors, 0 warnings; .* scenarios?\n(?:  (?:meant, with a reason beside it|levels whose distance|at one instant).*\n)*  reached by scenarios: (?<reached>.*)$", RegexOptions.Multiline)]
    private static partial Regex Checked();

    [GeneratedRegex(@"(?<reached>\d+) of (?<all>\d+)")]
    private static partial Regex Tally();
}

/// <summary>The working directory is one for the whole process.</summary>
[CollectionDefinition("alone, in a working directory of its own", DisableParallelization = true)]
public sealed class AloneCollection;
