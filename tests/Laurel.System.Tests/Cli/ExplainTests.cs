using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel explain: why, why not, and what would change it.</summary>
public sealed class ExplainTests
{
    [Theory]
    // what is asked, what is said
    [InlineData("--member ada", "Creator, since 20 January 2025")]
    [InlineData("--member ada --metric points", "Points: 1,250 from 4 rules")]
    [InlineData("--member finn --level icon", "1,900 points more")]
    [InlineData("--member finn --benefit partner_badge", "✗ partner badge: no")]
    [InlineData("--member finn --subject site/skate-shop --rule studio_creator", "plan cancelled, fact finn-4")]
    [InlineData("--member cleo --subject certificate/tom-web-designer", "A course counts once")]
    [InlineData("--member member/dan --subject site/museum", "100 points for site museum to dan")]
    [InlineData("--member museum-trust", "never joined")]
    public void Says_it_with_its_reason(string asked, string says) =>
        Assert.Contains(says, CliRun.Of(["explain", "wix-partner", CliRun.Demo, "--at", "2025-12-31", .. asked.Split(' ')]).Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Lines_fold_within_eighty_columns()
    {
        foreach (var line in CliRun.Of("explain", "wix-partner", CliRun.Demo, "--at", "2025-12-31", "--known", "2025-12-31", "--member", "cleo", "--subject", "certificate/tom-web-designer").Expect(0).Lines)
        {
            Assert.True(line.Length <= 80, line);
        }
    }

    [Fact]
    public void Json_has_every_line_with_its_key_arguments_and_reasons_and_whether_it_holds()
    {
        using var document = JsonDocument.Parse(CliRun.Of("explain", "wix-partner", CliRun.Demo, "--at", "2025-12-31", "--member", "ben", "--subject", "site/yoga", "--format", "json").Expect(0).Output);
        var explanation = document.RootElement.GetProperty("explanation");
        Assert.Equal("ben", document.RootElement.GetProperty("member").GetString());
        Assert.Equal("subject.nothing", explanation.GetProperty("key").GetString());
        Assert.Contains(explanation.GetProperty("because").EnumerateArray(), b =>
            b.TryGetProperty("holds", out var holds) && !holds.GetBoolean() && b.GetProperty("says").GetString()!.Contains("site moved to another account, fact eve-2", StringComparison.Ordinal));
        Assert.Equal("site", explanation.GetProperty("arguments").GetProperty("subject").GetProperty("arguments").GetProperty("kind").GetString());
    }
}
