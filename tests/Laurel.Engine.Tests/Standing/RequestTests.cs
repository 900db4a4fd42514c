using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;

namespace Laurel.Engine.Tests.Standing;

/// <summary>Where a request stands after facts, and by itself.</summary>
public sealed class RequestTests
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { plan: text } }
        facts: { site.sold: { about: site, needs: [plan, member] }, site.moved: { about: site, needs: [plan] } }
        ---
        edition: e1
        effective: 2024-01-01
        requests: { claim: { about: site, asks: member, remind: 7 days, escalate: 20 days, expires: 30 days } }
        """;

    [Theory]
    [InlineData("2024-03-08 Reminded, 2024-03-21 Escalated, 2024-03-31 Expired", "nobody answers")]
    [InlineData("2024-03-08 Reminded, 2024-03-21 Escalated, 2024-03-31 Expired", "what else is told of the site is no answer", "2024-03-02 site.sold site/s1 plan=pro member=ada", "2024-03-15 site.sold site/s1 plan=pro member=ada", "2024-03-20 site.moved site/s1 plan=basic")]
    [InlineData("2024-03-05 Approved", "nothing follows an answer", "2024-03-05 claim.approved site/s1 member=ada")]
    [InlineData("2024-03-08 Reminded, 2024-03-21 Escalated, 2024-03-31 Expired", "what is answered to another is no answer", "2024-03-05 claim.approved site/s1 member=ben")]
    [InlineData("2024-03-08 Reminded, 2024-03-10 Declined, 2024-04-01 Open, 2024-04-08 Reminded, 2024-04-21 Escalated, 2024-05-01 Expired", "who asks again is reminded again", "2024-03-10 claim.declined site/s1 member=ada", "2024-04-01 claim.submitted site/s1 member=ada")]
    [InlineData("2024-03-08 Reminded, 2024-03-10 Declined, 2024-04-01 Reopened, 2024-04-21 Escalated, 2024-05-01 Expired", "what is opened again is the same asking", "2024-03-10 claim.declined site/s1 member=ada", "2024-04-01 claim.reopened site/s1 member=ada")]
    [InlineData("2024-03-08 Reminded, 2024-03-10 Withdrawn", "withdrawn once", "2024-03-10 claim.withdrawn site/s1 member=ada", "2024-03-11 claim.withdrawn site/s1 member=ada")]
    [InlineData("2024-03-08 Reminded, 2024-03-21 Escalated, 2024-03-31 Expired", "asked twice is asked once", "2024-03-10 claim.submitted site/s1 member=ada", "2024-03-11 claim.reopened site/s1 member=ada")]
    public void It_stands(string steps, string why, params string[] facts)
    {
        string[] told = ["2024-01-05 site.sold site/s1 plan=pro member=ben", "2024-01-01 member.joined member/ada", "2024-01-01 member.joined member/ben", "2024-03-01 claim.submitted site/s1 member=ada", .. facts];
        var story = Told.Of(Program, told);
        var ada = story.History.SubjectOf(Vocabulary.MemberKind, "ada")!.Value;
        var found = new Requests(story.Scoring, story.History).StepsOf("claim", ada, story.History.SubjectOf(2, "s1")!.Value, story.Scoring.Derive().ForThread().TimelineOf(ada));
        var line = string.Join(", ", found.Select(s => $"{s.From.ToString()[..10]} {s.Status}"));
        Assert.True($"2024-03-01 Open, {steps}" == line, $"{why}: {line}");
    }
}
