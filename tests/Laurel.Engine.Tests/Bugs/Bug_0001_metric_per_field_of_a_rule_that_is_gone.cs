using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>A metric grouped by a field threw where its edition had no rule about that kind any more, and one before had given.</summary>
public sealed class Bug_0001_metric_per_field_of_a_rule_that_is_gone
{
    private const string Vocabulary = """
        program: maple
        units: { points: {}, hours: {} }
        subjects: { site: { editor: [classic, studio] }, talk: {} }
        facts:
          site.created: { about: site, needs: [member, editor] }
          talk.given: { about: talk, needs: [member] }
        """;

    private const string Before = """
        edition: 2024
        effective: 2024-01-01
        rules:
          built: { give: 100 points, when: site.created }
          talked: { give: 10 hours, when: talk.given }
        metrics: { by_editor: { sum: points, per: site.editor } }
        """;

    private const string After = """
        edition: 2025
        effective: 2025-01-01
        based-on: 2024
        rules: { talked: { give: 10 hours, when: talk.given } }
        transition: { built: keep }
        """;

    [Fact]
    public void Credits_of_the_rule_before_are_still_grouped()
    {
        var read = ProgramReader.Read(new Dictionary<string, string> { ["program.yaml"] = Vocabulary, ["editions/2024.yaml"] = Before, ["editions/2025.yaml"] = After });
        var program = read.Program ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
        var builder = new HistoryBuilder(program.Vocabulary);
        Tell(builder, 1, "member.joined", "member/ada", "{}");
        Tell(builder, 2, "site.created", "site/s1", """{"member":"ada","editor":"studio"}""");
        var history = builder.Build();
        var scoring = new Scoring(program, history, under: (Edition?)null, Instant.Last);
        var standing = scoring.Derive().ForThread().TimelineOf(scoring.Members.Single()).At(Instant.Last);
        Assert.Equal("{\"studio\": 100}", standing.MetricOf("by_editor").ToString());
    }

    private static void Tell(HistoryBuilder builder, int id, string type, string subject, string data) =>
        Assert.IsType<Verdict.Recorded>(builder.AddLine(
            Encoding.UTF8.GetBytes($$"""{"id":"f{{id}}","source":"test","type":"{{type}}","subject":"{{subject}}","time":"2024-06-01T00:00Z","data":{{data}}}"""), id));
}
