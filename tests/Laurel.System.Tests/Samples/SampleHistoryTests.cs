using System.Security.Cryptography;
using Laurel.Cli.Samples;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.System.Tests.Samples;

public sealed class SampleHistoryTests
{
    private const int Members = 200;
    private const int Facts = 10_000;

    private static readonly string Folder = FindFolder();
    private static readonly Vocabulary Vocabulary = ReadVocabulary();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_every_machine()
    {
        var bytes = Sample(seed: 1, Members, Facts);
        Assert.Equal(Facts, bytes.Count(b => b == '\n'));
        Assert.Equal("44475c8b8f4a3a5999a692a9b6b8cda06cdabde21154482a776f6a110ea7bd96", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.NotEqual(bytes, Sample(seed: 2, Members, Facts));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 1)]
    [InlineData(200, 10_000)]
    [InlineData(5_000, 50_000)]
    [InlineData(300, 100)]
    [InlineData(10, 20_000)]
    public void Every_fact_is_one_that_the_program_accepts_in_the_order_of_the_log(int members, int facts)
    {
        var (builder, lines) = Read(Sample(seed: 7, members, facts));
        Assert.Equal((0, 0), (lines.Refused, builder.OutOfOrder));
        Assert.Equal(facts, lines.Lines);
    }

    [Fact]
    public void Holds_what_makes_a_history_hard()
    {
        const int Many = 200_000;
        var (builder, lines) = Read(Sample(seed: 1, 4_000, Many));
        var history = builder.Build();
        var types = Enumerable.Range(0, history.FactCount).CountBy(fact => history.TypeOf(fact).Name).ToDictionary();
        double Share(int some, int all) => 100.0 * some / all;

        var late = Enumerable.Range(0, history.FactCount).Count(fact => history.RecordedAt(history.PositionOf(fact)) > history.TimeOf(fact));
        Assert.InRange(Share(late, history.FactCount), 5, 10);
        Assert.InRange(Share((int)lines.Unchanged, Many), 1, 2);
        Assert.InRange(Share(types["site.transferred"], history.FactCount), 1, 3);
        Assert.InRange(Share(types["claim.declined"], types["claim.submitted"]), 3, 25);
        Assert.InRange(types["fact.retracted"], 50, 200);
        Assert.Equal(types["fact.retracted"], Enumerable.Range(0, history.FactCount).Count(fact => history.IsRetracted(fact, history.FactCount)));
        string[] all = ["member.joined", "member.left", "member.adjusted", "person.joined_team", "person.left_team", "certificate.earned", "certificate.revoked", "site.created",
            "collaborator.added", "collaborator.removed", "plan.activated", "plan.renewed", "plan.expired", "plan.cancelled", "plan.moved_out", "plan.moved_in", "site.resubmitted",
            "claim.submitted", "claim.approved", "claim.declined", "claim.reopened", "claim.withdrawn"];
        Assert.All(all, type => Assert.True(types.GetValueOrDefault(type) > 0, type));
    }

    [Fact]
    public void Most_members_have_a_few_sites_and_a_few_have_very_many()
    {
        var (builder, _) = Read(Sample(seed: 1, 4_000, 200_000));
        var history = builder.Build();
        var sizes = Enumerable.Range(0, history.FactCount).Select(history.FactOf).Where(fact => fact.Type.Name == "site.created")
            .CountBy(fact => ((FactValue.Reference)fact["member"]!).Name).Select(pair => pair.Value).Order().ToList();
        Assert.InRange(sizes.Count(size => size <= 10) * 100.0 / sizes.Count, 75, 97);
        Assert.True(sizes[^1] >= 1_000, $"{sizes[^1]}");
    }

    [Fact]
    public void A_sample_that_the_program_does_not_understand_is_told_all_its_faults()
    {
        const string Text = """
            source: sample
            from: 2024-06-01
            to: 2023-06-01
            late: { share: 5, by: soon }
            stories:
              site:
                about: site
                weight: 1
                starts: born
                steps:
                  created:
                    fact: site.created
                    data: { member: nobody, editor: { vi: 1 }, colour: red }
                    then: [ { step: gone, chance: 60%, after: 1 day }, { story: none, chance: 60%, after: 1 day } ]
                  sold: { fact: site.sold }
                  moved: { fact: plan.moved_in }
            """;
        var (plan, problems) = SampleReader.Read("sample.yaml", Text, Vocabulary);
        Assert.Null(plan);
        Assert.Equal(
            [
                "`from` is not before `to`", "this is no share", "this is no length of time", "the story has no step of this name", "`nobody` is nobody",
                "`vi` can't be a value of `editor`: UnknownValue", "`site.created` carries no field `colour`", "the story has no step of this name", "there is no story of this name",
                "what follows comes to more than 100%", "the program knows no fact `site.sold` about this kind", "`plan.moved_in` needs the field `plan`",
            ], problems.Select(problem => problem.Message));
        Assert.Equal(4, problems.First(problem => problem.Message == "this is no share").Place.Line);
        Assert.Single(SampleReader.Read("sample.yaml", "- a list", Vocabulary).Problems);
        Assert.Single(SampleReader.Read("sample.yaml", "a: [", Vocabulary).Problems);
    }

    private static byte[] Sample(long seed, int members, long facts)
    {
        var (plan, problems) = SampleReader.Read("sample.yaml", File.ReadAllText(Path.Combine(Folder, "sample.yaml")), Vocabulary);
        Assert.Empty(problems);
        using var stream = new MemoryStream();
        Assert.Equal(facts, SampleHistory.Write(stream, plan!, seed, members, facts));
        return stream.ToArray();
    }

    private static (HistoryBuilder History, FactLines Lines) Read(byte[] bytes)
    {
        var history = new HistoryBuilder(Vocabulary);
        var lines = new FactLines(history, refusal => Assert.Fail(refusal.ToString()));
        lines.Feed(bytes);
        lines.Finish();
        return (history, lines);
    }

    private static Vocabulary ReadVocabulary()
    {
        var files = Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText);
        var read = ProgramReader.Read(files);
        Assert.DoesNotContain(read.Problems, problem => problem.Severity == Severity.Error);
        return read.Program!.Vocabulary;
    }

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Laurel.slnx"))) { folder = folder.Parent; }
        return Path.Combine(folder.FullName, "programs", "wix-partner");
    }
}
