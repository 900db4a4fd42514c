using Laurel.Cli.Calling;
using Laurel.System.Tests.Guide;

namespace Laurel.System.Tests.Cli;

/// <summary>What help says, and that it is true.</summary>
public sealed class HelpTests
{
    private static readonly string Approved = Path.Combine(CliRun.Root, "tests", "Laurel.System.Tests", "Cli", "help.approved.txt");

    public static TheoryData<string> Verbs => [.. CommandLine.Verbs().Select(v => v.Help.Name)];

    [Fact]
    public void Help_says_what_was_approved()
    {
        var said = CliRun.Of("help").Expect(0).Output + string.Concat(CommandLine.Verbs().Select(v => $"{new string('-', 80)}\n{CliRun.Of("help", v.Help.Name).Expect(0).Output}"));
        if (Environment.GetEnvironmentVariable("LAUREL_APPROVE") == "1") { File.WriteAllText(Approved, said); }
        Assert.True(File.Exists(Approved), "Run with LAUREL_APPROVE=1 to write it.");
        Assert.Equal(File.ReadAllText(Approved), said);
    }

    [Fact]
    public void Help_is_at_most_eighty_columns_wide()
    {
        foreach (var line in CommandLine.Verbs().SelectMany(v => v.Help.ToString().Split('\n')).Concat(CliRun.Of().Lines)) { Assert.True(line.Length <= 80, line); }
    }

    // What serves runs until it is stopped, and verifies what was served; ServeTests has them.
    public static TheoryData<string> VerbsThatEnd => [.. CommandLine.Verbs().Select(v => v.Help.Name).Where(name => name is not ("serve" or "export" or "verify" or "backup" or "restored"))];

    [Theory]
    [MemberData(nameof(VerbsThatEnd))]
    public void The_example_of_a_verb_runs(string verb)
    {
        var help = CliRun.Of(verb, "--help").Expect(0).Lines;
        var example = GuidePlayer.Words(string.Join('\n', help.SkipWhile(line => line != "Example:").Skip(1)));
        Assert.Equal("laurel", example[0]);
        var programs = Directory.EnumerateDirectories(Path.Combine(CliRun.Root, "programs")).Select(d => $"programs/{Path.GetFileName(d)}");
        var run = CliRun.Of([.. example.Skip(1).SelectMany(a => a == "programs/*" ? programs : [a])]).Expect(0);
        Assert.NotEmpty(run.Output);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_names_every_option_of_a_verb_and_no_other(string name)
    {
        var verb = CommandLine.Verbs().First(v => v.Help.Name == name);
        Assert.Equal(verb.Command.Options.Select(o => o.Name).Order(), verb.Help.Options.Select(o => o.Option.Split(' ')[0]).Order());
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("")]
    public void Every_way_of_asking_for_help_says_the_same(string argument) =>
        Assert.Equal(CliRun.Of("help").Expect(0), CliRun.Of([.. argument.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Expect(0));

    [Fact]
    public void A_program_may_be_called_like_a_verb()
    {
        using var scratch = new Scratch();
        scratch.WriteProgram("check");
        Assert.StartsWith(Path.Combine(scratch[""], "check"), CliRun.WithPrograms(scratch[""], "check", "check").Expect(0).Output, StringComparison.Ordinal);
        Assert.StartsWith("laurel help: ", CliRun.Of("help", "help").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_that_of_the_build() => Assert.Matches(@"^laurel \d+\.\d+\.\d+\n$", CliRun.Of("--version").Expect(0).Output);
}
