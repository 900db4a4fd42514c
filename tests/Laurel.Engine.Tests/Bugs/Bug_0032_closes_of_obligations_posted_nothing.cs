using Laurel.Engine.Ledger;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Bugs;

/// <summary>The close of a period of an obligation posted nothing: what was announced for later, and reads how many were missed or kept, stood in the ledger only with the next fact of its member.</summary>
public sealed class Bug_0032_closes_of_obligations_posted_nothing
{
    private const string Program = """
        program: maple
        units: { hours: {}, points: {} }
        subjects: { member: { hours: number } }
        facts: { hours.given: { about: member, needs: [hours] }, day.announced: { about: member } }
        ---
        edition: e1
        effective: 2024-01-01
        states: { member.idle: { starts: monthly.missed >= 2, ends: hours.given } }
        rules:
          service: { give: fact.hours hours, when: hours.given }
          loyal: { give: 10 points, when: day.announced, where: monthly.kept >= 2 }
          idle: { give: -5 points, when: member.idle }
        obligations: { monthly: { at-least: 1 hours, each: month } }
        """;

    [Fact]
    public void What_was_announced_is_posted_when_the_period_closes_that_it_waits_for()
    {
        var told = Told.Of(
            Program, "2024-01-01 member.joined member/ada", "2024-01-10 hours.given member/ada hours=1", "2024-02-10 hours.given member/ada hours=1",
            "2024-04-20 day.announced member/ada (2024-02-11)", "2024-06-01 member.joined member/ben");
        var posted = Posting.Run(told.Program, told.History, under: null, Instant.Never).SelectMany(p => p.Entries.Where(e => e.Unit == 1).Select(e => $"{p.Item.Recorded}: {e.Amount} from {e.Starts}"));
        Assert.Equal(["2024-03-01T00:00:00Z: 10 from 2024-04-20T00:00:00Z", "2024-04-01T00:00:00Z: 10 from 2024-04-20T00:00:00Z", "2024-05-01T00:00:00Z: 5 from 2024-05-01T00:00:00Z"], posted);
    }
}
