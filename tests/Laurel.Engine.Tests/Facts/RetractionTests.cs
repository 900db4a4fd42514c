using Laurel.Engine.Facts;

namespace Laurel.Engine.Tests.Facts;

public sealed class RetractionTests
{
    private static readonly string First = Some.Line("f1", "plan.expired", "site/s1", "2024-06-01");

    /// <summary>Lines in order of the log, and for each count of known facts whether f1 is retracted for who knows so many.</summary>
    public static TheoryData<string, string[], string> Cases => new()
    {
        { "nobody retracts it", [First], ".." },
        { "retracted by the next fact", [First, Some.Retraction("r1", "f1", "2024-06-02")], "..r" },
        { "retracted before it came", [Some.Retraction("r1", "f1", "2024-05-02"), First], "..r" },
        { "retracted twice", [First, Some.Retraction("r1", "f1", "2024-06-02"), Some.Retraction("r2", "f1", "2024-06-03")], "..rr" },
        { "retracted, and the retraction too", [First, Some.Retraction("r1", "f1", "2024-06-02"), Some.Retraction("r2", "r1", "2024-06-03")], "..r." },
        { "one of two retractions taken back", [First, Some.Retraction("r1", "f1", "2024-06-02"), Some.Retraction("r2", "f1", "2024-06-03"), Some.Retraction("r3", "r1", "2024-06-04")], "..rrr" },
        { "taken back, then retracted anew", [First, Some.Retraction("r1", "f1", "2024-06-02"), Some.Retraction("r2", "r1", "2024-06-03"), Some.Retraction("r3", "f1", "2024-06-04")], "..r.r" },
        { "the taking back taken back: that does nothing", [First, Some.Retraction("r1", "f1", "2024-06-02"), Some.Retraction("r2", "r1", "2024-06-03"), Some.Retraction("r3", "r2", "2024-06-04")], "..r.." },
        { "retracted and taken back before it came", [Some.Retraction("r1", "f1", "2024-05-02"), Some.Retraction("r2", "r1", "2024-05-03"), First], "...." },
        { "a retraction that names itself", [First, Some.Retraction("r1", "r1", "2024-06-02")], "..." },
        { "taken back before it was retracted", [First, Some.Retraction("r1", "r2", "2024-06-02"), Some.Retraction("r2", "f1", "2024-06-03")], "...." },
        { "two retractions that name each other", [First, Some.Retraction("r1", "r2", "2024-06-02"), Some.Retraction("r2", "r1", "2024-06-03")], "...." },
        { "a fact of another source", [First, Some.Retraction("r1", "f1", "2024-06-02", ofSource: "another")], "..." },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Hold_for_who_knows_of_them(string why, string[] lines, string retracted)
    {
        var history = Some.History(lines);
        var fact = history.Find("shop", "f1")!.Value;
        Assert.True(retracted == string.Concat(Enumerable.Range(0, lines.Length + 1).Select(known => history.IsRetracted(fact, known) ? 'r' : '.')), why);
        for (var known = 0; known <= lines.Length; known++)
        {
            Assert.Equal(known > history.PositionOf(fact) && retracted[known] == '.', history.IsKnown(fact, known));
        }
    }

    [Fact]
    public void Are_filed_under_the_subject_of_the_fact_that_they_name()
    {
        var history = Some.History(
            Some.Retraction("r1", "f1", "2024-06-02"), Some.Retraction("r2", "r1", "2024-06-03"), First, Some.Retraction("r3", "f9", "2024-06-04"), Some.Retraction("r4", "r3", "2024-06-05"));
        string About(string id) => history.AboutOf(history.Find("shop", id)!.Value) is >= 0 and var subject ? history.NameOf(subject) : "nobody";
        Assert.Equal("s1 s1 s1 nobody nobody", string.Join(' ', About("f1"), About("r1"), About("r2"), About("r3"), About("r4")));
        Assert.Equal(["f1", "r1", "r2", "r3", "r4"], Enumerable.Range(0, 5).Select(history.IdOf));
        Assert.Equal(3, history.FirstFact[history.SubjectCount]);
        Assert.Null(history.FactOf(3).Subject);
    }

    [Fact]
    public void Are_found_where_the_log_was_out_of_order()
    {
        var history = Some.History(Some.Retraction("r1", "f1", "2024-06-02"), Some.Line("f0", "plan.expired", "site/s0", "2024-05-01"), First);
        Assert.True(history.IsRetracted(history.Find("shop", "f1")!.Value, 3));
        Assert.Equal([2], history.RetractedFrom.Values);
    }

    [Fact]
    public void Of_a_subject_that_is_told_wrong_or_not_at_all_are_the_same()
    {
        var builder = new HistoryBuilder(Some.Vocabulary());
        builder.Tell(Some.Retraction("r1", "f1", "2024-06-02"));
        Assert.IsType<Verdict.Unchanged>(builder.Tell(Some.Line("r1", "fact.retracted", "nonsense", "2024-06-02", """{"id":"f1","source":"shop"}""")));
    }

    [Fact]
    public void A_long_chain_of_them_is_read_at_once()
    {
        const int Length = 200_000;
        var builder = new HistoryBuilder(Some.Vocabulary());
        builder.Tell(First);
        for (var i = 1; i < Length; i++) { builder.Tell(Some.Retraction($"r{i}", i == 1 ? "f1" : $"r{i - 1}", "2024-06-02")); }
        var history = builder.Build();
        Assert.Equal((false, true, false, false), (history.IsRetracted(0, 1), history.IsRetracted(0, 2), history.IsRetracted(0, 3), history.IsRetracted(0, Length)));
    }
}
