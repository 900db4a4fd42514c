using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Obligations of random lives are what a calendar, read day by day, says of them; and how facts come changes nothing but what is late.</summary>
public sealed class ObligationProperties
{
    private const int Lives = 60;
    private const string Program = """
        program: maple
        time-zone: Europe/Berlin
        units: { hours: { decimals: 2 } }
        subjects: { member: { hours: number } }
        facts:
          admission.told: { about: member }
          removal.told: { about: member }
          leave.begun: { about: member }
          leave.over: { about: member }
          hours.given: { about: member, needs: [hours] }
        ---
        edition: 2024
        effective: 2020-01-01
        states:
          member.admitted: { starts: admission.told, ends: removal.told }
          member.on_leave: { starts: leave.begun, ends: leave.over }
        rules:
          service: { give: fact.hours hours, when: hours.given }
        obligations:
          daily: { at-least: 1 hours, each: day, term: member.admitted, during: "!member.on_leave" }
          weekly: { at-least: 2 hours, each: week, term: member.admitted, during: "!member.on_leave" }
          monthly: { at-least: 5 hours, each: month, term: member.admitted, during: "!member.on_leave" }
          quarterly: { at-least: 9.5 hours, each: quarter, term: member.admitted, during: "!member.on_leave" }
          half_yearly: { at-least: 14 hours, each: half-year, term: member.admitted }
          yearly: { at-least: 0 hours, each: year, term: member.admitted, strength: encouraged }
        ladders:
          level: { rungs: [low, high: "max(weekly.missed, monthly.missed) == 0"] }
        """;

    private static readonly Zone Berlin = Zone.Find("Europe/Berlin")!;

    [Fact]
    public void Periods_are_what_the_calendar_says_day_by_day()
    {
        for (var seed = 1UL; seed <= Lives; seed++)
        {
            var life = Life(seed);
            var (timeline, horizon) = Timeline(life);
            Same.Lines([.. Naive(life, timeline, horizon)], [.. timeline.Closed.Select(c => Line(c.Obligation, c.Period, c.Amount, c.IsCounted, c.InARow, c.IsMet, c.IsLate)).Order(StringComparer.Ordinal)], $"seed {seed}: closed periods");
        }
    }

    [Fact]
    public void However_facts_come_only_what_is_late_differs()
    {
        for (var seed = 1UL; seed <= Lives; seed++)
        {
            var life = Life(seed);
            var last = life.Max(f => f.Recorded);
            var inTime = Timeline([.. life.Select(f => f with { Recorded = f.Time }), new(last, last, "leave.over", 0)]);
            var late = Timeline([.. life, new(last, last, "leave.over", 0)]);
            Same.Lines(Ends(inTime.Timeline), Ends(late.Timeline), $"seed {seed}: closed periods of late facts");
            Assert.Equal(inTime.Timeline.Standings.Select(s => (s.From, s.Obligations.Count, Stand(s))), late.Timeline.Standings.Select(s => (s.From, s.Obligations.Count, Stand(s))));
            Assert.DoesNotContain(inTime.Timeline.Closed, c => c.IsLate);
        }

        static List<string> Ends(MemberTimeline timeline) => [.. timeline.Closed.Select(c => Line(c.Obligation, c.Period, c.Amount, c.IsCounted, c.InARow, c.IsMet, false))];

        static string Stand(MemberStanding standing) => string.Join(' ', standing.Obligations);
    }

    [Fact]
    public void A_period_met_late_was_missed_as_known_at_its_close()
    {
        var found = 0;
        for (var seed = 1UL; seed <= Lives; seed++)
        {
            var life = Life(seed);
            foreach (var late in Timeline(life).Timeline.Closed.Where(c => c.IsLate))
            {
                var then = Timeline(life, late.Period.Ends).Timeline.Closed.FirstOrDefault(c => c.Obligation.Name == late.Obligation.Name && c.Period == late.Period);
                if (then is null) { continue; }
                found++;
                Assert.True(then.IsMissed, $"seed {seed}: {late.Obligation.Name} of {late.Period.Starts}");
            }
        }
        Assert.True(found > 20);
    }

    [Fact]
    public void Periods_lie_side_by_side_and_within_the_calendar()
    {
        for (var seed = 1UL; seed <= Lives; seed++)
        {
            foreach (var periods in Timeline(Life(seed)).Timeline.Closed.GroupBy(c => c.Obligation.Name))
            {
                var before = Instant.Ever;
                foreach (var closed in periods)
                {
                    Assert.Equal((Windows.StartOf(closed.Obligation.Each, null, closed.Period.Starts, Berlin), Windows.EndOf(closed.Obligation.Each, null, closed.Period.Starts, Berlin)), (closed.Period.Starts, closed.Period.Ends));
                    Assert.True(closed.Period.Starts >= before, $"seed {seed}: {periods.Key} {closed.Period.Starts}");
                    before = closed.Period.Ends;
                }
            }
        }
    }

    private sealed record Told(Instant Time, Instant Recorded, string Type, int Hundredths);

    /// <summary>A member's life: admissions, removals, leaves and hours, some told late.</summary>
    private static List<Told> Life(ulong seed)
    {
        var chance = new Chance(seed);
        var first = new DateOnly(2024, 1, 1);
        var facts = new List<Told> { At(new DateOnly(2023, 12, 20), 0, "member.joined", late: false), At(chance.Percent(30) ? first : first.AddDays(chance.Below(60)), 0, "admission.told", late: false) };
        for (var i = 0; i < 30 + chance.Below(60); i++)
        {
            var day = first.AddDays(chance.Below(500));
            var type = chance.One("hours.given", "hours.given", "hours.given", "hours.given", "hours.given", "leave.begun", "leave.over", "admission.told", "removal.told");
            if (type == "removal.told" && chance.Percent(70)) { continue; }
            facts.Add(At(day, chance.One(0, 0, 9, 23), type, type == "hours.given" && chance.Percent(40)));
        }
        return [.. facts.DistinctBy(f => f.Time).OrderBy(f => f.Recorded).ThenBy(f => f.Time)];

        Told At(DateOnly day, int hour, string type, bool late)
        {
            var time = new Instant(Berlin.StartOfDay(day).Micros + (hour * 3600 * Instant.MicrosPerSecond) + (type == "hours.given" ? 1_000_000 : 0));
            return new(time, late ? new(time.Micros + ((1 + chance.Below(60)) * Instant.MicrosPerDay)) : time, type, type == "hours.given" ? 25 * (1 + chance.Below(20)) : 0);
        }
    }

    private static (MemberTimeline Timeline, Instant Horizon) Timeline(IReadOnlyList<Told> life, Instant? known = null)
    {
        var told = Bugs.Told.Of(Program, [.. life.OrderBy(f => f.Recorded).ThenBy(f => f.Time).Select(f => f.Hundredths == 0 ? $"{f.Time} {f.Type} member/ada ({f.Recorded})" : string.Create(CultureInfo.InvariantCulture, $"{f.Time} {f.Type} member/ada hours={f.Hundredths / 100m} ({f.Recorded})"))]);
        var scoring = new Scoring(told.Program, told.History, under: null, known ?? Instant.Never);
        return (scoring.Derive().ForThread().TimelineOf(scoring.Members.Single()), scoring.Horizon);
    }

    /// <summary>The same from the words of the language: every day of every period looked at by itself.</summary>
    private static IEnumerable<string> Naive(List<Told> life, MemberTimeline timeline, Instant horizon)
    {
        var facts = life.OrderBy(f => f.Time).ToList();
        bool Holds(string starts, string ends, Instant at) => facts.LastOrDefault(f => f.Time <= at && (f.Type == starts || f.Type == ends))?.Type == starts;
        bool InTerm(Instant at) => Holds("admission.told", "removal.told", at);
        var lines = new List<string>();
        foreach (var obligation in timeline.At(horizon).Edition.Obligations)
        {
            var (missed, kept) = (0, 0);
            for (var starts = Windows.StartOf(obligation.Each, null, facts[0].Time, Berlin); ;)
            {
                var period = new Span(starts, Windows.EndOf(obligation.Each, null, starts, Berlin));
                if (period.Ends > horizon) { break; }
                if (facts.Exists(f => f.Type == "removal.told" && period.Contains(f.Time))) { (missed, kept) = (0, 0); }
                starts = period.Ends;
                if (!InTerm(period.Ends.JustBefore)) { (missed, kept) = (0, 0); continue; }
                var counts = true;
                for (var day = period.Starts; day < period.Ends; day = Windows.EndOf(WindowKind.ThisDay, null, day, Berlin))
                {
                    var end = Windows.EndOf(WindowKind.ThisDay, null, day, Berlin).JustBefore;
                    counts &= InTerm(end) && (obligation.During is null || !Holds("leave.begun", "leave.over", end));
                }
                var given = facts.Where(f => f.Type == "hours.given" && period.Contains(f.Time)).ToList();
                var amount = given.Sum(f => (long)f.Hundredths);
                var met = counts && amount >= obligation.AtLeast;
                if (counts) { (missed, kept) = met ? (0, kept + 1) : (missed + 1, 0); }
                var late = met && given.Where(f => f.Recorded <= period.Ends).Sum(f => (long)f.Hundredths) < obligation.AtLeast;
                lines.Add(Line(obligation, period, amount, counts, counts ? Math.Max(missed, kept) : 0, met, late));
            }
        }
        return lines.Order(StringComparer.Ordinal);
    }

    private static string Line(Obligation obligation, Span period, long amount, bool counts, int row, bool met, bool late) =>
        string.Create(CultureInfo.InvariantCulture, $"{obligation.Name} {period.Starts} {period.Ends}: {amount}{(counts ? $", {(met ? "met" : "missed")} {row}{(late ? " late" : "")}" : ", not counted")}");
}
