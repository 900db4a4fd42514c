using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Facts;

/// <summary>An excerpt has what a member depends on, and no more.</summary>
public sealed class ExcerptTests
{
    private static readonly PartnerProgram Program = Read();

    private static readonly string[] Told =
    [
        """{"id":"1","source":"a","type":"member.joined","subject":"member/ada","time":"2024-01-01"}""",
        """{"id":"2","source":"a","type":"firm.opened","subject":"firm/f1","time":"2024-01-01","data":{"size":2.5,"name":"One"}}""",
        """{"id":"3","source":"a","type":"site.created","subject":"site/s1","time":"2024-01-02","data":{"member":"ada","firm":"f1"}}""",
        """{"id":"4","source":"a","type":"site.created","subject":"site/s2","time":"2024-01-02","data":{"member":"ben","firm":"f2"}}""",
        """{"id":"5","source":"a","type":"firm.opened","subject":"firm/f2","time":"2024-01-03"}""",
        """{"id":"6","source":"a","type":"visit.made","subject":"visit/v1","time":"2024-01-04","data":{"site":"s1"}}""",
        """{"id":"7","source":"a","type":"fact.retracted","time":"2024-01-05","data":{"source":"a","id":"6"}}""",
        """{"id":"8","source":"a","type":"visit.made","subject":"visit/v2","time":"2024-01-06","data":{"site":"s2"}}""",
        """{"id":"9","source":"a","type":"firm.opened","subject":"firm/f1","time":"2024-02-01","recordedtime":"2024-03-01"}""",
    ];

    [Theory]
    // member, known, the ids of its facts: of what names it, of what names that, and of what they name
    [InlineData("ada", "2024-12-31", "1 2 3 6 7 9")]
    [InlineData("ada", "2024-02-15", "1 2 3 6 7")]
    [InlineData("ben", "2024-12-31", "4 5 8")]
    [InlineData("zoe", "2024-12-31", "")]
    public void Has_what_speaks_of_the_member_and_what_that_speaks_of(string member, string known, string ids)
    {
        var history = History();
        var excerpt = new Excerpt(history, At(known), member, [], withPeers: false);
        Assert.Equal(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries), Log(excerpt.History).Select(f => f.Id));
        Assert.Equal(member, excerpt.History.NameOf(excerpt.Member));
        Assert.All(Log(excerpt.History), fact => Assert.Equal(history.FactOf(history.Find(fact.Source, fact.Id)!.Value), fact));
    }

    [Fact]
    public void What_is_supposed_stands_at_the_end_as_learnt_last_and_says_so()
    {
        var excerpt = new Excerpt(History(), At("2024-06-01"), "ada", [], withPeers: false);
        var early = Log(History())[2] with { Id = "x", Time = At("2023-01-01") };
        var (history, verdicts) = excerpt.Suppose([early, Log(History())[0], Log(History())[0] with { Time = At("2020-01-01") }]);
        Assert.IsType<Verdict.Recorded>(verdicts[0]);
        Assert.IsType<Verdict.Unchanged>(verdicts[1]);
        Assert.Equal(RefusalCode.FactIdReused, Assert.IsType<Verdict.Refused>(verdicts[2]).Refusal.Code);
        var last = Log(history)[^1];
        Assert.Equal(("x", At("2024-06-01")), (last.Id, last.Recorded));
        Assert.Equal(["x"], Enumerable.Range(0, history.FactCount).Where(history.IsSupposed).Select(history.IdOf));
    }

    [Fact]
    public void What_is_supposed_brings_along_what_it_speaks_of()
    {
        var fact = Log(History())[3] with { Id = "x", Data = [new("member", new FactValue.Reference("ada")), new("firm", new FactValue.Reference("f2"))] };
        Assert.Equal("1 2 3 4 5 6 7 8 9", string.Join(' ', Log(new Excerpt(History(), Instant.Last, "ada", [fact], withPeers: false).History).Select(f => f.Id)));
    }

    private static Fact[] Log(History history) => [.. Enumerable.Range(0, history.FactCount).OrderBy(history.PositionOf).Select(history.FactOf)];

    private static Instant At(string date) => Zone.Utc.TryParse(date, out var at, out _) ? at : throw new FormatException(date);

    private static History History()
    {
        var builder = new HistoryBuilder(Program.Vocabulary);
        foreach (var line in Told) { Assert.IsType<Verdict.Recorded>(builder.AddLine(System.Text.Encoding.UTF8.GetBytes(line), 0)); }
        return builder.Build();
    }

    private static PartnerProgram Read()
    {
        var read = ProgramReader.Read(new Dictionary<string, string>
        {
            ["program.yaml"] = """
                program: elm
                units: { points: {} }
                subjects:
                  firm: { size: number, name: text }
                  site: { firm: firm }
                  visit: { site: site }
                facts:
                  firm.opened: { about: firm, may: [size, name] }
                  site.created: { about: site, needs: [member], may: [firm] }
                  visit.made: { about: visit, needs: [site] }
                """,
            ["editions/2024.yaml"] = """
                edition: "2024"
                effective: 2024-01-01
                states: { firm.open: { starts: firm.opened } }
                roles: { site.owner: { starts: site.created } }
                rules: { site: { give: 1 points, to: site.owner, while: site.firm.open } }
                """,
        });
        return read.Program ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
    }
}
