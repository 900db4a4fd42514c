using System.Text;
using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>Facts that are wrong: named, counted, left out; the rest is scored and the run ends with one.</summary>
public sealed class FactsTests
{
    private const string Joined = """{"id":"1","source":"t","type":"member.joined","subject":"member/ada","time":"2025-01-01"}""";

    [Fact]
    public void A_refused_fact_is_shown_and_the_rest_is_scored()
    {
        var run = CliRun.With($"{Joined}\nnot json\n{Fact("2", "site.made", "site/s1")}\n", "score", "wix-partner").Expect(1);
        Assert.Contains("standard input:2:", run.Error, StringComparison.Ordinal);
        Assert.Contains("standard input:3:", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 facts refused (NotJson 1, UnknownType 1)", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 facts refused: the answer is without them", run.Error, StringComparison.Ordinal);
        Assert.Contains("ada", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_ends_where_a_fact_is_refused()
    {
        var run = CliRun.With($"{Joined}\nnot json\n", "score", "wix-partner", "--strict").Expect(1);
        Assert.Contains("--strict allows none", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        CliRun.With(Joined, "score", "wix-partner", "--strict").Expect(0);
    }

    [Fact]
    public void Of_many_refusals_twenty_are_shown_and_all_are_counted()
    {
        var run = CliRun.With(string.Concat(Enumerable.Repeat("{}\n", 1234)), "score", "wix-partner").Expect(1);
        Assert.Contains("1,234 facts refused; the first 20 are shown (MissingAttribute 1,234)", run.Error, StringComparison.Ordinal);
        Assert.Equal(20, run.Error.Split('\n').Count(l => l.StartsWith("standard input:", StringComparison.Ordinal)));
    }

    [Fact]
    public void All_refusals_go_into_a_file_where_one_is_named()
    {
        using var scratch = new Scratch();
        var facts = string.Concat(Enumerable.Repeat("{}\n", 30)) + "not json\n";
        Assert.Contains("--refusals FILE writes all of them into a file", CliRun.With(facts, "score", "wix-partner").Expect(1).Error, StringComparison.Ordinal);
        var run = CliRun.With(facts, "score", "wix-partner", "--refusals", scratch["refused.jsonl"]).Expect(1);
        Assert.DoesNotContain("--refusals FILE", run.Error, StringComparison.Ordinal);
        var refusals = File.ReadAllLines(scratch["refused.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(31, refusals.Count);
        Assert.Equal(("standard input", 31, "NotJson"), (refusals[30].GetProperty("file").GetString(), refusals[30].GetProperty("line").GetInt32(), refusals[30].GetProperty("code").GetString()));
        Assert.All(refusals, refusal => Assert.NotEqual("", refusal.GetProperty("remedy").GetString()));
        CliRun.With(facts, "score", "wix-partner", "--refusals", "/dev/full").Expect(2);
    }

    [Fact]
    public void A_file_of_refusals_overwrites_no_file_of_facts()
    {
        using var scratch = new Scratch();
        var facts = scratch.Write("facts.jsonl", $"{Joined}\n");
        var run = CliRun.Of("score", "wix-partner", facts, "--refusals", Path.Combine(scratch["none"], "..", "facts.jsonl")).Expect(2);
        Assert.Contains("would overwrite a file that is read", run.Error, StringComparison.Ordinal);
        Assert.Equal($"{Joined}\n", File.ReadAllText(facts));
        Assert.Contains("can't be written", CliRun.Of("score", "wix-partner", facts, "--refusals", Path.Combine(scratch["none"], "r.jsonl")).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retraction_of_what_nobody_told_is_said()
    {
        const string Vain = """{"id":"r1","source":"t","type":"fact.retracted","time":"2025-01-02","data":{"source":"t","id":"999"}}""";
        Assert.Contains("1 retraction of what nobody told: nothing changed by that (`r1` names the id `999` of `t`)", CliRun.With($"{Joined}\n{Vain}\n", "score", "wix-partner").Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_told_twice_out_of_order_or_not_at_all_is_said()
    {
        var run = CliRun.With($"{Fact("2", "member.joined", "member/ben", "2025-02-01")}\n{Joined}\n{Joined}\n", "score", "wix-partner").Expect(0);
        Assert.Contains("1 fact told twice: nothing changed by that", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 fact came after one that was learnt later (the first on line 2): they are put in order", run.Error, StringComparison.Ordinal);
        Assert.Contains("there are no facts", CliRun.With("\n\n", "score", "wix-partner").Expect(0).Error, StringComparison.Ordinal);
    }

    [Theory]
    // what stands there, what is said
    [InlineData("{\"id\":\"2\",\"source\":\"t\",\"ty", "Truncated 1")]
    [InlineData("\u0000\u0001\u0002", "NotJson 1")]
    [InlineData("[1,2]", "NotAnObject 1")]
    public void A_line_that_is_no_fact_is_refused_by_its_code(string line, string says) =>
        Assert.Contains(says, CliRun.With($"{Joined}\n{line}", "score", "wix-partner").Expect(1).Error, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Contains("NotUtf8 1", CliRun.With([.. Encoding.UTF8.GetBytes(Joined), (byte)'\n', 0xFF, 0xFE, 0x0A], "score", "wix-partner").Expect(1).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("-150", "-50", 0)]
    [InlineData("1000000000000000", "1,000,000,000,000,100", 0)]
    [InlineData("-1000000000000000", "-999,999,999,999,900", 0)]
    [InlineData("9223372036854775808", "100", 1)]
    [InlineData("1e400", "100", 1)]
    [InlineData("0.5", "100", 1)]
    public void Negative_and_huge_amounts_are_exact_or_refused(string amount, string points, int exit)
    {
        var run = CliRun.With($"{Joined}\n{Adjusted("2", "100")}\n{Adjusted("3", amount)}\n", "score", "wix-partner", "--at", "2025-02-02").Expect(exit);
        Assert.True(run.Lines[2].Contains($" {points} ", StringComparison.Ordinal), run.Output + run.Error);
    }

    [Fact]
    public void A_sum_that_does_not_fit_names_the_member()
    {
        var facts = $"{Joined}\n{string.Concat(Enumerable.Range(0, 9300).Select(i => $"{Adjusted($"a{i}", "1000000000000000")}\n"))}";
        const string Named = "the amounts of member `ada` add up to more than 64 bits hold, the largest by rule `adjusted` from member/ada, 2025-02-01T00:00:00Z";
        const string Remedy = "laurel ledger, with --member ada, lists what each fact gave";
        foreach (var call in new[] { "score --member ada", "explain --member ada", "forecast --member ada", "what-if --member ada --suppose member.left", "backtest --draft W6" })
        {
            var words = call.Split(' ');
            var run = CliRun.With(facts, [words[0], "wix-partner", .. words[1..], "--at", "2025-02-02"]).Expect(1);
            Assert.Contains(Named, run.Error, StringComparison.Ordinal);
            Assert.Contains(Remedy, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("csv")]
    public void A_member_whose_amounts_cannot_be_added_is_left_out_and_the_others_are_scored(string format)
    {
        var facts = $"{Joined}\n{Fact("2", "member.joined", "member/ben")}\n{string.Concat(Enumerable.Range(0, 9300).Select(i => $"{Adjusted($"a{i}", "1000000000000000")}\n"))}";
        var run = CliRun.With(facts, "score", "wix-partner", "--at", "2025-02-02", "--format", format).Expect(1);
        Assert.Contains("ben", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ada", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 member left out: the answer is without them", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_total_that_does_not_fit_is_left_out()
    {
        var facts = string.Concat(Enumerable.Range(0, 9300).Select(i => $"{Fact($"j{i}", "member.joined", $"member/m{i}")}\n{Adjusted($"a{i}", "1000000000000000").Replace("member/ada", $"member/m{i}", StringComparison.Ordinal)}\n"));
        var run = CliRun.With(facts, "score", "wix-partner", "--at", "2025-02-02").Expect(1);
        Assert.Contains("more than 64 bits hold of: points; there is no total", run.Error, StringComparison.Ordinal);
        Assert.Contains("9,300 members", run.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("points", run.Lines[^1], StringComparison.Ordinal);
        Assert.Contains("\"points\": null", CliRun.With(facts, "score", "wix-partner", "--at", "2025-02-02", "--format", "json").Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Which_of_two_facts_with_one_id_counts_does_not_depend_on_the_order_of_lines()
    {
        var first = Adjusted("2", "100").Replace("\"data\"", "\"recordedtime\":\"2025-02-02\",\"data\"", StringComparison.Ordinal);
        var later = Adjusted("2", "700").Replace("\"data\"", "\"recordedtime\":\"2025-02-03\",\"data\"", StringComparison.Ordinal);
        foreach (var facts in new[] { $"{Joined}\n{first}\n{later}\n", $"{Joined}\n{later}\n{first}\n" })
        {
            var run = CliRun.With(facts, "score", "wix-partner", "--at", "2025-02-05").Expect(1);
            Assert.Contains(" 100 ", run.Lines[2], StringComparison.Ordinal);
            Assert.Contains("1 fact refused (FactIdReused 1)", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_cannot_move_the_cursor()
    {
        var evil = Fact("2", "member.joined", "member/\\u001b[2Jeve\\u202e");
        var run = CliRun.With($"{Joined}\n{evil}\n", "score", "wix-partner").Expect(0);
        Assert.Contains("\\u001b[2Jeve\\u202e", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    private static string Fact(string id, string type, string subject, string time = "2025-01-01") =>
        $$"""{"id":"{{id}}","source":"t","type":"{{type}}","subject":"{{subject}}","time":"{{time}}"}""";

    private static string Adjusted(string id, string amount) =>
        $$$"""{"id":"{{{id}}}","source":"t","type":"member.adjusted","subject":"member/ada","time":"2025-02-01","data":{"unit":"points","amount":{{{amount}}},"reason":"a test","by":"kim"}}""";
}
