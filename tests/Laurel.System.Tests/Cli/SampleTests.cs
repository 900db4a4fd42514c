using System.Text.RegularExpressions;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel sample: a history to try a program with.</summary>
public sealed class SampleTests
{
    [Fact]
    public void The_sample_of_the_handbook_is_told_and_scored()
    {
        using var scratch = new Scratch();
        var blocks = Regex.Matches(File.ReadAllText(Path.Combine(CliRun.Root, "docs/language.md")), @"```yaml\n# (program\.yaml|editions/2024\.yaml|sample\.yaml)\n(.*?)```", RegexOptions.Singleline);
        Assert.Equal(3, blocks.Count);
        foreach (Match block in blocks) { scratch.Write($"maple/{block.Groups[1].Value}", block.Groups[2].Value); }
        Assert.Contains("0 errors", CliRun.Of("check", scratch["maple"]).Expect(0).Output, StringComparison.Ordinal);
        var facts = CliRun.Of("sample", scratch["maple"], "--facts", "300", "--members", "20").Expect(0).Output;
        Assert.Contains("20 members", CliRun.With(facts, "score", scratch["maple"]).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_call_gives_the_same_bytes_and_another_seed_gives_others()
    {
        string[] call = ["sample", "wix-partner", "--facts", "500", "--members", "20"];
        var first = CliRun.Of(call).Expect(0);
        Assert.Equal(500, first.Lines.Count);
        Assert.Equal(first, CliRun.Of([.. call, "--seed", "1"]));
        Assert.NotEqual(first, CliRun.Of([.. call, "--seed", "-9223372036854775808"]).Expect(0));
    }

    [Fact]
    public void A_sample_is_scored_without_a_complaint() =>
        CliRun.With(CliRun.Of("sample", "wix-partner", "--facts", "2000", "--members", "50").Expect(0).Output, "score", "wix-partner", "--strict").Expect(0);

    [Fact]
    public void A_program_without_a_sample_says_so()
    {
        using var scratch = new Scratch();
        Assert.Contains("has no sample.yaml", CliRun.Of("sample", scratch.WriteProgram()).Expect(1).Error, StringComparison.Ordinal);
    }
}
