namespace Laurel.System.Tests.Cli;

/// <summary>laurel check: every error with its place and a remedy.</summary>
public sealed class CheckTests
{
    [Fact]
    public void A_program_without_errors_is_fine_and_says_what_was_checked()
    {
        var run = CliRun.Of("check", "programs/wix-partner").Expect(0);
        Assert.Matches(@"^programs/wix-partner: 0 errors, 0 warnings; \d+ editions, \d+ drafts, \d+ scenarios", run.Output);
        Assert.Matches(@"  reached by scenarios: rules (\d+) of \1, ", run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void A_program_that_is_not_there_keeps_no_other_from_being_checked()
    {
        var run = CliRun.Of("check", "nosuch", "programs/velo-masters", "programs/wix-partner/program.yaml").Expect(2);
        Assert.StartsWith("programs/velo-masters: 0 errors", run.Output, StringComparison.Ordinal);
        Assert.Contains("there is no program `nosuch`", run.Error, StringComparison.Ordinal);
        Assert.Contains("is a file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x: DEEP", "nested deeper than 20 levels")]
    [InlineData("[a]: 1", "a key is a name")]
    [InlineData("a: &x [1]\nb: *x", "an alias")]
    [InlineData("a: 1\na: 2", "Duplicate key a")]
    [InlineData("- a", "this is no map of keys")]
    public void A_sample_that_means_harm_is_refused_with_its_place(string text, string says)
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        scratch.Write("maple/sample.yaml", text.Replace("DEEP", new string('[', 10_000) + new string(']', 10_000), StringComparison.Ordinal));
        var error = CliRun.Of("check", folder).Expect(1).Error;
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Contains(" | ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_encoding_is_one_error()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        File.WriteAllText(scratch["maple/program.yaml"], File.ReadAllText(scratch["maple/program.yaml"]), global::System.Text.Encoding.Unicode);
        var run = CliRun.Of("check", folder).Expect(1);
        Assert.Contains("program.yaml: error: the file is UTF-16, not UTF-8", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 error, 0 warnings", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_scenario_reaches_is_listed_with_its_place_and_does_not_fail()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        scratch.Write("maple/scenarios/one.yaml", """
            scenario: A site on a plan gives a hundred
            facts:
              - { at: 2024-02-01, fact: member.joined, member: ada }
              - { at: 2024-02-02, fact: site.created, site: s1, member: ada }
              - { at: 2024-02-03, fact: plan.bought, site: s1, plan: small }
            expect:
              - { at: 2024-02-03, member: ada, points: 100 }
            """);
        var run = CliRun.Of("check", folder).Expect(0);
        Assert.Contains("rungs 1 of 2", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  not reached: {folder}/editions/2024.yaml:10:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_meant_is_counted_and_not_warned_of()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        var edition = scratch["maple/editions/2024.yaml"];
        var text = File.ReadAllText(edition);
        scratch.Write("maple/editions/2024.yaml", text + "\ntables: { rate: { small: 1 } }\n");
        var warned = CliRun.Of("check", folder).Expect(0);
        Assert.Matches(@"editions/2024.yaml:\d+:11: warning: nothing looks anything up in the table `rate`", warned.Error);
        Assert.DoesNotContain("with a reason beside it", warned.Output, StringComparison.Ordinal);
        scratch.Write("maple/editions/2024.yaml", text + "\ntables: { rate: { small: 1, meant: Next year } }\n");
        var meant = CliRun.Of("check", folder).Expect(0);
        Assert.DoesNotContain("rate", meant.Error, StringComparison.Ordinal);
        Assert.Contains("  meant, with a reason beside it: 1\n", meant.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_with_the_rules_of_another_reads_them_beside_it()
    {
        using var scratch = new Scratch();
        scratch.WriteProgram();
        scratch.Write("oak/program.yaml", "program: oak\nsame-as: maple\n");
        scratch.Write("oak/scenarios/one.yaml", "scenario: Nobody\nfacts: [{ at: 2024-01-01, fact: member.joined, member: ada }]\nexpect: [{ at: 2024-02-01, member: ada, points: 1 }]\n");
        var run = CliRun.Of("check", scratch["oak"]).Expect(1);
        Assert.Contains("1 edition, 0 drafts, 0 of 1 scenario as expected", run.Output, StringComparison.Ordinal);
        Assert.Contains("/oak/scenarios/one.yaml:3:", run.Error, StringComparison.Ordinal);
        Assert.Contains("/oak/../maple/editions/2024.yaml:", run.Output, StringComparison.Ordinal);
        scratch.Write("oak/program.yaml", "program: oak\nsame-as: mapel\n");
        Assert.Contains("Did you mean `maple`?", CliRun.Of("check", scratch["oak"]).Expect(1).Error, StringComparison.Ordinal);
        scratch.Write("oak/program.yaml", "program: oak\nsame-as: ../maple\n");
        Assert.Contains("there is no program `../maple` beside this one", CliRun.Of("check", scratch["oak"]).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_holidays_that_has_run_out_is_a_warning_with_its_place_and_a_note_on_answers()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        var edition = scratch["maple/editions/2024.yaml"];
        scratch.Write("maple/editions/2024.yaml", File.ReadAllText(edition).Replace("while: site.premium }", "while: site.premium, after: 2 business days }", StringComparison.Ordinal) + "\ncalendar: { holidays: [2024-01-01] }\n");
        scratch.Write("maple/scenarios/one.yaml", """
            scenario: Points come two business days later
            facts:
              - { at: 2024-02-01, fact: member.joined, member: ada }
              - { at: 2024-02-01, fact: site.created, site: s1, member: ada }
              - { at: 2024-02-02, fact: plan.bought, site: s1, plan: small }
            expect:
              - { at: 2024-02-05, member: ada, points: 0 }
              - { at: 2024-02-06, member: ada, points: 100 }
            """);
        var run = CliRun.Of("check", folder).Expect(0);
        Assert.Contains("0 errors, 2 warnings", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"editions/2024.yaml:\d+:\d+: warning: the holidays end on 2024-01-01, and the last date in use is 2024-02-06, in scenarios/one.yaml, line 1", run.Error);
        var facts = scratch.Write("facts.jsonl", """{"id":"1","source":"shop","type":"member.joined","subject":"member/ada","time":"2024-02-01T00:00:00Z","data":{}}""" + "\n");
        foreach (string[] asked in new[] { new[] { "score", folder, facts }, ["explain", folder, facts, "--member", "ada"] })
        {
            Assert.Contains("the holidays of edition maple-2024 end on 2024-01-01, before the last facts", CliRun.Of(asked).Expect(0).Error, StringComparison.Ordinal);
        }
        foreach (string[] asked in new[] { new[] { "forecast", folder, facts, "--member", "ada" }, ["what-if", folder, facts, "--member", "ada", "--suppose", "plan.bought site=s1 plan=small"] })
        {
            Assert.Contains("the holidays of edition maple-2024 end on 2024-01-01, before the end of what is looked at", CliRun.Of(asked).Expect(0).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Errors_are_shown_with_place_excerpt_and_remedy_and_end_with_one()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        var edition = scratch.Write("maple/editions/2024.yaml", File.ReadAllText(scratch["maple/editions/2024.yaml"]).Replace("site.premium }", "site.premiun }", StringComparison.Ordinal));
        var run = CliRun.Of("check", folder).Expect(1);
        Assert.Contains($"{edition}:8:", run.Error, StringComparison.Ordinal);
        Assert.Contains(": error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("^^^", run.Error, StringComparison.Ordinal);
        Assert.StartsWith($"{folder}: 1 error, ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_are_shown_and_do_not_fail()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        scratch.Write("maple/program.yaml", File.ReadAllText(scratch["maple/program.yaml"]).Replace("{ plan: text }", "{ plan: text, colour: text }", StringComparison.Ordinal));
        var run = CliRun.Of("check", folder).Expect(0);
        Assert.Contains(": warning: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("`site.colour`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_wrong_program_among_others_fails_and_all_are_checked()
    {
        using var scratch = new Scratch();
        var (good, bad) = (scratch.WriteProgram("good"), scratch.WriteProgram("bad"));
        scratch.Write("bad/editions/2024.yaml", "edition: [\n");
        var run = CliRun.Of("check", bad, good).Expect(1);
        Assert.Equal(2, run.Lines.Count(line => line[0] != ' '));
        Assert.Contains($"{good}: 0 errors", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  at one instant: {good}/editions/2024.yaml:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_comes_out_otherwise_is_an_error_at_its_line()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        scratch.Write("maple/scenarios/one.yaml", """
            scenario: A site on a plan gives a hundred
            facts:
              - { at: 2024-02-01, fact: member.joined, member: ada }
              - { at: 2024-02-02, fact: site.created, site: s1, member: ada }
              - { at: 2024-02-03, fact: plan.bought, site: s1, plan: small }
            expect:
              - { at: 2024-02-03, member: ada, points: 200 }
            """);
        var run = CliRun.Of("check", folder).Expect(1);
        Assert.Contains($"{folder}/scenarios/one.yaml:7:", run.Error, StringComparison.Ordinal);
        Assert.Contains("0 of 1 scenario as expected", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    // file, its text, what is said
    [InlineData("program.yaml", "program: [maple", "error: ", "malformed YAML")]
    [InlineData("program.yaml", "", "error: ", "an empty file")]
    [InlineData("program.yaml", "just a text", "error: ", "no map")]
    [InlineData("editions/2024.yaml", "\t- x", "error: ", "a tab")]
    [InlineData("sample.yaml", "stories: 7", "sample.yaml", "a sample that is none")]
    public void Whatever_stands_in_a_file_is_answered_in_words(string file, string text, string says, string why)
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        scratch.Write($"maple/{file}", text);
        var run = CliRun.Of("check", folder).Expect(1);
        Assert.True(run.Error.Contains(says, StringComparison.Ordinal) && !run.Error.Contains("   at ", StringComparison.Ordinal), $"{why}: {run.Error}");
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_and_a_folder_without_a_program_are_errors_of_the_program()
    {
        using var scratch = new Scratch();
        var folder = scratch.WriteProgram();
        File.WriteAllBytes(scratch["maple/editions/2024.yaml"], [0x65, 0xFF, 0xFE]);
        Assert.Contains("is not UTF-8", CliRun.Of("check", folder).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("there is no program.yaml", CliRun.Of("check", "programs").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("has 1 error", CliRun.Of("score", "programs", CliRun.Demo).Expect(1).Error, StringComparison.Ordinal);
    }
}
