using System.Globalization;
using System.Text;
using Laurel.Engine.Facts;

namespace Laurel.Engine.Tests.Facts;

public sealed class FactsAtHandTests
{
    [Theory]
    [InlineData(100_000)]
    [InlineData(260_000)]
    public void Take_at_most_110_bytes_each(int facts)
    {
        var hand = new FactsAtHand(Some.Vocabulary());
        for (var i = 0; i < facts; i++) { Assert.IsType<Verdict.Recorded>(hand.AddLine(Encoding.UTF8.GetBytes(HistoryTests.SampleLine(i)), i)); }
        Assert.InRange(hand.History.BytesHeld / (double)facts, 40, 110);
    }

    [Fact]
    public void Keep_their_numbers_while_a_long_history_comes_in_backwards()
    {
        const int Count = 300;
        var hand = new FactsAtHand(Some.Vocabulary());
        for (var i = Count - 1; i >= 0; i--)
        {
            var time = new DateOnly(2024, 1, 1).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            hand.AddLine(Encoding.UTF8.GetBytes(Some.Line($"f{i}", "plan.expired", i % 2 == 0 ? "site/s1" : "site/s2", time)), 10 * i);
            Assert.Equal($"f{i}", hand.History.IdOf(hand.Last));
        }
        var site = hand.History.SubjectOf(2, "s1")!.Value;
        Assert.Equal(Enumerable.Range(0, Count / 2).Select(i => $"f{2 * i}"), hand.History.FactsOf(site).Select(hand.History.IdOf));
        Assert.Equal(Enumerable.Range(0, Count / 2).Select(i => 20 * i), hand.History.FactsOf(site).Select(hand.History.PositionOf));
    }

    [Fact]
    public void Whose_identity_is_there_already_are_unchanged_or_refused()
    {
        var hand = new FactsAtHand(Some.Vocabulary());
        byte[] Line(string type) => Encoding.UTF8.GetBytes(Some.Line("f1", type, "site/s1", "2024-06-02", recorded: "2024-06-04"));
        Assert.IsType<Verdict.Recorded>(hand.AddLine(Line("plan.expired"), 7));
        Assert.IsType<Verdict.Unchanged>(hand.AddLine(Line("plan.expired"), 7));
        Assert.IsType<Verdict.Refused>(hand.AddLine(Encoding.UTF8.GetBytes(Some.Line("f1", "plan.expired", "site/s2", "2024-06-02", recorded: "2024-06-03")), 3));
        Assert.Equal((1, 7), (hand.History.FactCount, hand.History.PositionOf(0)));
    }
}
