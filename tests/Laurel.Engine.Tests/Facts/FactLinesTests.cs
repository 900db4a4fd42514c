using System.Text;
using Laurel.Engine.Facts;

namespace Laurel.Engine.Tests.Facts;

public sealed class FactLinesTests
{
    private static readonly string First = Some.Line("f1", "plan.expired", "site/s1", "2024-06-01");
    private static readonly string Second = Some.Line("f2", "plan.expired", "site/s2", "2024-06-02", source: "café");

    [Theory]
    [InlineData("{0}\n{1}\n", "each line ended")]
    [InlineData("{0}\n{1}", "the last line not ended")]
    [InlineData("{0}\r\n{1}\r\n", "ended the other way")]
    [InlineData("\uFEFF{0}\n{1}\n", "a byte order mark")]
    [InlineData("\n{0}\n \t\r\n\n{1}\n\n", "blank lines")]
    [InlineData("\uFEFF\n{0}\n{0}\n{1}\n", "told twice")]
    public void Reads_the_same_facts_in_pieces_of_any_size(string file, string why)
    {
        var bytes = Encoding.UTF8.GetBytes(file.Replace("{0}", First, StringComparison.Ordinal).Replace("{1}", Second, StringComparison.Ordinal));
        for (var size = 1; size <= bytes.Length; size++)
        {
            var (history, lines, refusals) = Read(bytes, size);
            Assert.True(refusals.Count == 0, $"{why}, {size}");
            Assert.Equal(2, lines.Recorded);
            Assert.Equal(["f1", "f2"], Enumerable.Range(0, 2).Select(history.IdOf));
            Assert.Equal("café", history.SourceOf(1));
        }
    }

    [Fact]
    public void Keeps_what_comes_before_a_last_line_that_is_cut_off_wherever_it_is_cut()
    {
        var bytes = Encoding.UTF8.GetBytes($"{First}\n{Second}");
        for (var length = First.Length + 2; length < bytes.Length; length++)
        {
            var (history, lines, refusals) = Read(bytes[..length], 64);
            var refusal = Assert.Single(refusals);
            Assert.Equal((RefusalCode.Truncated, 2), (refusal.Code, refusal.Line));
            Assert.Equal((1, 1, 1), (history.FactCount, lines.Recorded, lines.Refused));
        }
        Assert.Contains("The facts before this line are kept", Read(bytes[..^5], 64).Refusals[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_a_last_line_that_never_was_a_fact_by_its_own_name()
    {
        Assert.Equal(RefusalCode.NotJson, Assert.Single(Read(Encoding.UTF8.GetBytes($"{First}\nthe end"), 64).Refusals).Code);
        Assert.Equal(RefusalCode.NotUtf8, Assert.Single(Read([.. "{\"id\":\""u8, 0xFF, .. "\",\"type\":\"site\"}"u8], 64).Refusals).Code);
        Assert.Equal(RefusalCode.NotJson, Assert.Single(Read("{\"id\n"u8.ToArray(), 64).Refusals).Code);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    [InlineData(1 << 23)]
    public void Goes_on_after_a_line_that_is_too_long_and_after_one_that_is_no_text(int pieceSize)
    {
        byte[] bytes = [.. new byte[3 << 20].Select(_ => (byte)'x'), (byte)'\n', 0xFF, 0xFE, (byte)'\n', .. Encoding.UTF8.GetBytes(First), (byte)'\n'];
        var (history, lines, refusals) = Read(bytes, pieceSize);
        Assert.Equal([(RefusalCode.LineTooLong, 1), (RefusalCode.NotUtf8, 2)], refusals.Select(refusal => (refusal.Code, refusal.Line)));
        Assert.Equal((3, 1, 1), (lines.Lines, lines.Recorded, history.FactCount));
    }

    [Fact]
    public void Takes_a_line_of_exactly_a_mebibyte_in_pieces()
    {
        var line = First + new string(' ', (1 << 20) - First.Length);
        Assert.Empty(Read(Encoding.UTF8.GetBytes($"\uFEFF{line}\r\n"), 4096).Refusals);
        Assert.Equal(RefusalCode.LineTooLong, Assert.Single(Read(Encoding.UTF8.GetBytes($"\uFEFF{line} \r\n"), 4096).Refusals).Code);
    }

    [Fact]
    public void Counts_what_became_of_each_line()
    {
        var reused = Some.Line("f1", "plan.expired", "site/s9", "2024-06-01");
        var (_, lines, refusals) = Read(Encoding.UTF8.GetBytes($"{First}\n\n{First}\n{reused}\n{Second}\n"), 100);
        Assert.Equal((5, 2, 1, 1), (lines.Lines, lines.Recorded, lines.Unchanged, lines.Refused));
        Assert.Equal((RefusalCode.FactIdReused, 4), (refusals[0].Code, refusals[0].Line));
    }

    private static (History History, FactLines Lines, List<Refusal> Refusals) Read(byte[] bytes, int pieceSize)
    {
        var history = new HistoryBuilder(Some.Vocabulary());
        var refusals = new List<Refusal>();
        var lines = new FactLines(history, refusals.Add);
        foreach (var piece in bytes.Chunk(pieceSize)) { lines.Feed(piece); }
        lines.Finish();
        return (history.Build(), lines, refusals);
    }
}
