using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel explain: why, why not, and what would change it.</summary>
public sealed class ExplainTests
{
    [Theory]
    // what is asked, what the reason names
    [InlineData("--member ada", "Creator")]
    [InlineData("--member ada --metric points", "1,250")]
    [InlineData("--member finn --level icon", "1,900")]
    [InlineData("--member finn --benefit partner_badge", "✗ partner badge")]
    [InlineData("--member finn --subject site/skate-shop --rule studio_creator", "finn-4")]
    [InlineData("--member cleo --subject certificate/tom-web-designer", "pia-web-designer")]
    [InlineData("--member member/dan --subject site/museum", "dan-8")]
    [InlineData("--member museum-trust", "never joined")]
    [InlineData("--member finn --level icon --language de", "noch 1.900")]
    public void Says_it_with_its_reason(string asked, string names) =>
        Assert.Contains(names, CliRun.Of(["explain", "wix-partner", CliRun.Demo, "--at", "2025-12-31", .. asked.Split(' ')]).Expect(0).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("explain", "--member ada --at 2026-07-10 --obligation monthly_hours", "May 2026: 4 of 3 hours, met late")]
    [InlineData("explain", "--member ben --at 2026-04-14 --level compliance", "Week of 6 April 2026: 0 of 1 contribution, missed, number 2 in a row")]
    [InlineData("score", "--member ben --at 2026-04-14", "missed 2 in a row; 0 of 1 contributions before 2026-04-20")]
    [InlineData("score", "--member ben --at 2026-04-14 --format json", "\"weekly_slack\": {\n      \"missed\": 2,\n      \"kept\": 0,\n      \"amount\": \"0\",\n      \"needed\": \"1\"")]
    public void Obligations_are_told_period_by_period(string verb, string asked, string names) =>
        Assert.Contains(names, CliRun.Of([verb, "community-leaders-velo", CliRun.Demo.Replace("wix-partner", "community-leaders-velo", StringComparison.Ordinal), .. asked.Split(' ')]).Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Lines_fold_within_eighty_columns()
    {
        foreach (var line in CliRun.Of("explain", "wix-partner", CliRun.Demo, "--at", "2025-12-31", "--known", "2025-12-31", "--member", "cleo", "--subject", "certificate/tom-web-designer").Expect(0).Lines)
        {
            Assert.True(line.Length <= 80, line);
        }
    }

    [Fact]
    public void Json_has_every_line_with_its_key_and_reasons_and_whether_it_holds()
    {
        using var document = JsonDocument.Parse(CliRun.Of("explain", "wix-partner", CliRun.Demo, "--at", "2025-12-31", "--member", "ben", "--subject", "site/yoga", "--format", "json").Expect(0).Output);
        var explanation = document.RootElement.GetProperty("explanation");
        Assert.Equal("ben", document.RootElement.GetProperty("member").GetString());
        Assert.Equal("subject.nothing", explanation.GetProperty("key").GetString());
        Assert.Contains(explanation.GetProperty("because").EnumerateArray(), b => b.TryGetProperty("holds", out var holds) && !holds.GetBoolean() && b.GetProperty("says").GetString()!.Contains("eve-2", StringComparison.Ordinal));
    }
}
