using System.Text.Json;

namespace Laurel.System.Tests.Cli;

/// <summary>laurel score: where every member stands.</summary>
public sealed class ScoreTests
{
    private static readonly string[] Asked = ["score", "wix-partner", CliRun.Demo, "--at", "2025-12-31"];

    [Fact]
    public void Text_is_an_aligned_table_with_totals()
    {
        var run = CliRun.Of([.. Asked, "--known", "2025-12-31"]).Expect(0);
        Assert.Equal("""
            wix-partner at 2025-12-31, by edition W5

            MEMBER  LEVEL    POINTS  USD  PENDING POINTS  PENDING USD  NEXT CHANGE
            ada     creator   1,250    0               0            0  2026-01-20 points 1,250 → 950, level creator → pioneer
            dan     pioneer     100    0               0            0  2026-03-01 points 100 → 0
            ben     pioneer     300    0               0            0  2026-12-10 points 300 → 0
            eve     pioneer     100    0               0            0  2026-02-12 points 100 → 0
            cleo    pioneer     200    0               0            0
            finn    pioneer     100    0               0            0  2026-10-03 points 100 → 0

            6 members, 5 pioneer, 1 creator, 2,050 points, 0 usd

            """, run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Json_is_one_document_with_amounts_as_texts()
    {
        using var document = JsonDocument.Parse(CliRun.Of([.. Asked, "--format", "json"]).Expect(0).Output);
        var root = document.RootElement;
        Assert.Equal("wix-partner", root.GetProperty("program").GetString());
        Assert.Equal("2025-12-31T23:59:59.999999Z", root.GetProperty("at").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("under").ValueKind);
        var ada = root.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("member").GetString() == "ada");
        Assert.Equal("1250", ada.GetProperty("metrics").GetProperty("points").GetString());
        Assert.Equal("creator", ada.GetProperty("levels").GetProperty("level").GetProperty("rung").GetString());
        Assert.Equal("2026-01-20T00:00:00Z", ada.GetProperty("next").GetProperty("at").GetString());
        Assert.Contains(ada.GetProperty("benefits").EnumerateArray(), b => b.GetString() == "partner_badge");
        Assert.Equal("2050", root.GetProperty("totals").GetProperty("metrics").GetProperty("points").GetString());
        Assert.Equal(5, root.GetProperty("totals").GetProperty("levels").GetProperty("level").GetProperty("pioneer").GetInt32());
    }

    [Fact]
    public void Csv_has_a_header_and_a_line_for_each_member_as_RFC_4180_wants()
    {
        var output = CliRun.Of([.. Asked, "--format", "csv"]).Expect(0).Output;
        var lines = output.Split("\r\n");
        Assert.Equal("member,enrolled,level,points,usd,pending_points,pending_usd,next_at,next", lines[0]);
        Assert.Equal("ada,true,creator,1250,0,0,0,2026-01-20T00:00:00Z,\"points 1,250 → 950, level creator → pioneer, closes partner_badge\"", lines[1]);
        Assert.Equal(8, lines.Length);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public void Top_shows_the_best_and_totals_all()
    {
        var run = CliRun.Of([.. Asked, "--top", "2"]).Expect(0);
        Assert.Equal(["ada", "ben"], run.Lines.Skip(2).Take(2).Select(l => l.Split(' ')[0]));
        Assert.StartsWith("6 members", run.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(5, run.Lines.Count);
    }

    [Fact]
    public void One_member_is_shown_with_its_credits_and_what_is_set_aside()
    {
        var run = CliRun.Of([.. Asked, "--member", "ada"]).Expect(0);
        Assert.Contains("creator since 2025-01-20T16:00Z", run.Output, StringComparison.Ordinal);
        Assert.Contains(run.Lines, l => l.StartsWith("editor_x_collaborator", StringComparison.Ordinal) && l.EndsWith("set aside: best_of_a_site", StringComparison.Ordinal));
        Assert.Contains(run.Lines, l => l.StartsWith("classic", StringComparison.Ordinal) && l.Contains(" 2022-04-08 ", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(CliRun.Of([.. Asked, "--member", "member/ada", "--format", "json"]).Expect(0).Output);
        var credits = document.RootElement.GetProperty("credits").EnumerateArray().ToList();
        Assert.Equal(1250, credits.Sum(c => long.Parse(c.GetProperty("counted").GetString()!, null)));
        Assert.Contains(credits, c => c.GetProperty("status").GetString() == "set-aside" && c.GetProperty("limit").GetString() == "best_of_a_site");
        var csv = CliRun.Of([.. Asked, "--member", "ada", "--format", "csv"]).Expect(0).Output.Split("\r\n");
        Assert.Equal(credits.Count + 2, csv.Length);
    }

    [Theory]
    // what else is asked, who, points
    [InlineData("--at 2025-06-03", "cleo", "200", "the plan had expired, as we know today")]
    [InlineData("--at 2025-06-03 --known 2025-06-05", "cleo", "500", "nobody had told that it expired")]
    [InlineData("--at 2025-09-09", "finn", "300", "the trial runs")]
    [InlineData("--at 2025-09-10", "finn", "0", "the trial was cancelled")]
    [InlineData("--at 2025-09-10T17:59:59Z", "finn", "300", "a second before, it was not")]
    [InlineData("--at 2021-03-16", "dan", "0", "declined and opened again")]
    [InlineData("--at 2021-03-17", "dan", "100", "confirmed")]
    [InlineData("--at 2024-08-31", "ben", "300", "before the transfer")]
    [InlineData("--at 2024-09-01", "ben", "0", "after it")]
    [InlineData("--at 2022-05-01 --under W5", "ada", "100", "one edition as if it alone had always been in force")]
    [InlineData("--at 9999-12-31", "cleo", "200", "the end of time")]
    [InlineData("--at 0001-01-01", "ada", "0", "its beginning")]
    public void At_known_and_under_choose_what_counts(string asked, string member, string points, string why)
    {
        var run = CliRun.Of(["score", "wix-partner", CliRun.Demo, "--format", "csv", .. asked.Split(' ')]).Expect(0);
        var line = run.Output.Split("\r\n").Single(l => l.StartsWith(member + ",", StringComparison.Ordinal));
        Assert.True(line.Split(',')[3] == points, $"{why}: {line}");
    }

    [Fact]
    public void A_fact_dated_ahead_is_the_known_future_and_what_was_learnt_later_is_left_out()
    {
        var ahead = """{"id":"a","source":"t","type":"member.joined","subject":"member/ada","time":"9000-01-01","recordedtime":"2024-01-01"}""";
        var run = CliRun.With(ahead, "score", "wix-partner").Expect(0);
        Assert.Contains("1 fact dated after now: the known future", run.Error, StringComparison.Ordinal);
        Assert.Contains("left out", CliRun.Of(["score", "wix-partner", CliRun.Demo, "--known", "2025-01-01"]).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_come_from_files_in_turn_or_from_standard_input()
    {
        var text = File.ReadAllText(Path.Combine(CliRun.Root, CliRun.Demo));
        var whole = CliRun.Of([.. Asked, "--known", "2025-12-31"]).Expect(0);
        Assert.Equal(whole, CliRun.With(text, "score", "wix-partner", "-", "--at", "2025-12-31", "--known", "2025-12-31"));
        Assert.Equal(whole, CliRun.With(text, "score", "programs/wix-partner/", "--at", "2025-12-31", "--known", "2025-12-31"));
        using var scratch = new Scratch();
        var half = text.IndexOf('\n', text.Length / 2) + 1;
        var (first, second) = (scratch.Write("1.jsonl", text[..half]), scratch.Write("2.jsonl", text[half..]));
        Assert.Equal(whole, CliRun.Of("score", "wix-partner", first, second, "--at", "2025-12-31", "--known", "2025-12-31"));
    }

    [Fact]
    public void The_order_of_cores_changes_nothing()
    {
        var facts = CliRun.Of("sample", "wix-partner", "--facts", "20000", "--members", "9000").Expect(0).Output;
        var first = CliRun.With(facts, "score", "wix-partner", "--at", "2025-06-30", "--known", "2026-01-01", "--format", "json").Expect(0);
        Assert.Equal(first, CliRun.With(facts, "score", "wix-partner", "--at", "2025-06-30", "--known", "2026-01-01", "--format", "json"));
    }
}
