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

    [Theory]
    [InlineData("remind: 7 days, escalate: 20 days, expires: 30 days", "remind: 5 days, escalate: 10 days, expires: 40 days", "2024-03-08 Reminded, 2024-03-15 Escalated, 2024-04-10 Expired", "what came before stays, what it would have done before it does when it begins")]
    [InlineData("remind: 7 days", "remind: 20 days", "2024-03-08 Reminded", "who was reminded is not reminded again")]
    [InlineData("remind: 20 days", "remind: 2 days, escalate: 3 days, expires: 4 days", "2024-03-15 Expired", "of what falls together the furthest counts")]
    [InlineData("remind: 10 days", "remind: 30 days", "2024-03-11 Reminded", "what was due before it was due")]
    [InlineData("remind: 20 days", "remind: 30 days", "2024-03-31 Reminded", "what was due later goes by the edition of that day")]
    [InlineData("expires: 30 days", "", "", "an edition without it ends nothing")]
    [InlineData("", "remind: 30 days", "2024-03-31 Reminded", "one that was asked before there was any is reminded too")]
    [InlineData("remind: 7 days, expires: 7 days", "remind: 7 days, expires: 7 days", "2024-03-08 Expired", "what expires when it was to be reminded has expired")]
    public void It_goes_by_the_edition_of_the_day(string first, string second, string steps, string why)
    {
        static string Requests(string times) => $"requests: {{ claim: {{ about: site, asks: member{(times.Length > 0 ? ", " : "")}{times} }} }}";
        var story = Told.Of(
            $"program: maple\nunits: {{ points: {{}} }}\nsubjects: {{ site: {{}} }}\nfacts: {{ site.sold: {{ about: site, needs: [member] }} }}\n---\nedition: e1\neffective: 2024-01-01\n{Requests(first)}\n---\nedition: e2\neffective: 2024-03-15\n{Requests(second)}",
            "2024-01-01 member.joined member/ada", "2024-03-01 claim.submitted site/s1 member=ada", "2024-03-20 site.sold site/s1 member=ada");
        var ada = story.History.SubjectOf(Vocabulary.MemberKind, "ada")!.Value;
        var found = new Requests(story.Scoring, story.History).StepsOf("claim", ada, story.History.SubjectOf(2, "s1")!.Value, story.Scoring.Derive().ForThread().TimelineOf(ada));
        var line = string.Join(", ", found.Skip(1).Select(s => $"{s.From.ToString()[..10]} {s.Status}"));
        Assert.True(steps == line, $"{why}: {line}");
    }

    [Theory]
    [InlineData("site", "'points >= 100'", "2024-03-01", RequestStatus.Open, "what is asked about a site goes by the points of who asks")]
    [InlineData("site", "'points >= 100'", "2024-01-03", RequestStatus.Refused, "of then")]
    [InlineData("member", "'member.country == \"DE\"'", "2024-03-01", RequestStatus.Open, "what is asked about a member goes by what was told of it")]
    [InlineData("member", "'member.country == \"DE\"'", "2024-02-01", RequestStatus.Open, "at the same instant too")]
    [InlineData("member", "'member.country == \"DE\"'", "2024-01-31", RequestStatus.Refused, "and not before")]
    public void Who_may_ask(string about, string where, string at, RequestStatus status, string why)
    {
        var (asked, subject) = about == "site" ? ("claim.submitted site/s1 member=ada", "s1") : ("claim.submitted member/ada", "ada");
        var told = Told.Of(
            $"program: maple\nunits: {{ points: {{}} }}\nsubjects: {{ member: {{ country: text }}, site: {{}} }}\nfacts: {{ member.moved: {{ about: member, needs: [country] }}, site.sold: {{ about: site, needs: [member] }} }}\n---\nedition: e1\neffective: 2024-01-01\nrules: {{ sale: {{ give: 100 points, when: site.sold }} }}\nrequests: {{ claim: {{ about: {about}, asks: operator, where: {where} }} }}",
            "2024-01-01 member.joined member/ada", "2024-01-05 site.sold site/s1 member=ada", "2024-02-01 member.moved member/ada country=DE", $"{at} {asked}");
        var ada = told.History.SubjectOf(Vocabulary.MemberKind, "ada")!.Value;
        var kind = about == "site" ? told.Program.Vocabulary.Kinds.Single(k => k.Name == "site").Index : Vocabulary.MemberKind;
        var steps = new Requests(told.Scoring, told.History).StepsOf("claim", ada, told.History.SubjectOf(kind, subject)!.Value, told.Scoring.Derive().ForThread().TimelineOf(ada));
        Assert.True(status == steps[0].Status, $"{why}: {steps[0].Status}");
    }
}
