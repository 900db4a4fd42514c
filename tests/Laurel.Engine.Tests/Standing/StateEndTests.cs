using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Standing;

/// <summary>Which states end by time, by which fact they would be renewed, and until when.</summary>
public sealed class StateEndTests
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects: { site: { plan: text, note: text, ends_on: instant } }
        facts:
          site.created: { about: site, needs: [member] }
          plan.renewed: { about: site, may: [ends_on, note] }
          plan.bought:  { about: site, needs: [plan], may: [ends_on, note] }
          care.bought:  { about: site }
          plan.ended:   { about: site }
        ---
        edition: e1
        effective: 2024-01-01
        states:
          site.paid:   { starts: [plan.renewed, plan.bought], until: site.ends_on, ends: plan.ended }
          site.cared:  { starts: [care.bought, plan.bought], for: 31 days }
          site.rested: { starts: "!site.paid", for: 31 days }
        roles: { site.owner: { starts: site.created } }
        rules: { site: { give: 10 points, to: site.owner, while: site.paid }, care: { give: 5 points, to: site.owner, while: site.cared } }
        """;

    // After what the stories tell, so that this is the very first of all facts.
    private static readonly string[] _start = ["2024-01-01 member.joined member/ada (2024-05-15)", "2024-05-02 site.created site/s1 member=ada (2024-05-15)"];

    [Theory]
    [InlineData("site.paid", "since 2024-02-01 ends 2024-06-01", "the end that was told", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-06-01")]
    [InlineData("site.paid", "since 2024-02-01 ends 2024-06-01 renewed", "renewed before the end", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-04-01", "2024-03-20 plan.renewed site/s1 ends_on=2024-06-01")]
    [InlineData("site.paid", "since 2024-02-01 ends 2024-06-01 renewed", "renewed at the very end, which is no end", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-04-01", "2024-04-01 plan.renewed site/s1 ends_on=2024-06-01")]
    [InlineData("site.paid", "since 2024-02-01 ends 2024-03-25, since 2024-04-01 ends 2024-06-01", "a gap is no renewal", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-03-25", "2024-04-01 plan.renewed site/s1 ends_on=2024-06-01")]
    [InlineData("site.paid", "", "ended by a fact", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-06-01", "2024-05-01 plan.ended site/s1")]
    [InlineData("site.cared", "since 2024-03-01 ends 2024-05-02 renewed", "so long since the last start", "2024-03-01 care.bought site/s1", "2024-04-01 care.bought site/s1")]
    [InlineData("site.paid", "", "an end that is not after the start is none", "2024-04-01 plan.bought site/s1 plan=pro ends_on=2024-04-01")]
    [InlineData("site.rested", "since 2024-03-01 ends 2024-05-02", "begun again by itself at the very end", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-03-01", "2024-03-15 plan.bought site/s1 plan=pro ends_on=2024-04-01")]
    public void States_end_by_time(string state, string ends, string why, params string[] facts)
    {
        var (score, told) = ScoreOf(facts);
        var found = string.Join(", ", score.Ends().Of(told.History.SubjectOf(2, "s1")!.Value, Some.At("2024-02-15"), Some.At("2024-07-01")).Where(e => e.State.Name == state)
            .Select(e => $"since {e.Since.ToString()[..10]} ends {e.Ends.ToString()[..10]}{(e.RenewedBy >= 0 ? " renewed" : "")}"));
        Assert.True(ends == found, $"{why}: {found}");
    }

    [Theory]
    [InlineData("paid until 2024-10-01 by plan.bought 2024-06-01 plan=pro ends_on=2024-10-01T00:00:00Z", "for as long again, as it was bought", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-06-01")]
    [InlineData("paid until 2024-08-13 by plan.renewed 2024-06-01 ends_on=2024-08-13T00:00:00Z", "as it was renewed", "2024-03-20 plan.renewed site/s1 ends_on=2024-06-01", "2024-02-01 plan.bought site/s1 plan=pro ends_on=2024-04-01 (2024-03-21)")]
    [InlineData("paid until 2024-07-17 by plan.bought 2024-06-16 plan=pro ends_on=2024-07-17T00:00:00Z", "what has just begun", "2024-05-15 plan.bought site/s1 plan=pro ends_on=2024-06-16")]
    [InlineData("cared until 2024-07-02 by care.bought 2024-06-01 ", "for so many days", "2024-05-01 care.bought site/s1")]
    [InlineData("paid+cared until 2024-08-01 by plan.bought 2024-06-01 plan=pro ends_on=2024-07-01T00:00:00Z, plan.bought 2024-07-01 plan=pro ends_on=2024-08-01T00:00:00Z", "two that one fact renews, as often as the first of them ends", "2024-05-01 plan.bought site/s1 plan=pro ends_on=2024-06-01")]
    [InlineData("paid until 2024-08-13 by plan.bought 2024-06-01 plan=max ends_on=2024-08-13T00:00:00Z", "with what the last one said", "2024-02-01 plan.bought site/s1 plan=pro note=gift ends_on=2024-04-01", "2024-03-20 plan.bought site/s1 plan=max ends_on=2024-06-01")]
    public void What_ends_could_be_renewed(string renewals, string why, params string[] facts)
    {
        var (score, _) = ScoreOf(facts);
        var found = string.Join(", ", new Renewals(score, Some.At("2024-05-15"), Some.At("2024-07-01")).Find().Select(r =>
            $"{string.Join('+', r.States.Select(s => s[5..]))} until {r.Until.ToString()[..10]} by {string.Join(", ", r.Facts.Select(f => $"{f.Type.Name} {f.Time.ToString()[..10]} {string.Join(' ', f.Data.Select(d => $"{d.Key}={d.Value}"))}"))}"));
        Assert.True(renewals == found, $"{why}: {found}");
    }

    private static (MemberScore Score, Told Told) ScoreOf(string[] facts)
    {
        var told = Told.Of(Program, [.. facts, .. _start]);
        return (MemberScore.Of(told.Program, told.History, under: null, Instant.Never, told.Scoring.Members.Single(), Some.At("2025-01-01")), told);
    }
}
