using System.Globalization;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Ledger;

/// <summary>A subject of which much is told is derived from marks on: what is posted is what a derivation from its first fact gives.</summary>
public sealed class MarkTests
{
    private const string Program = """
        program: maple
        units: { points: {} }
        subjects:
          site: { size: number, plan: text, ends_on: instant }
          page: { site: site }
        facts:
          site.created: { about: site, needs: [member], may: [size] }
          site.joined:  { about: site, needs: [member] }
          site.grown:   { about: site, needs: [size] }
          plan.bought:  { about: site, may: [ends_on] }
          plan.ended:   { about: site }
          site.sold:    { about: site, may: [plan] }
          site.refunded: { about: site }
          page.made:    { about: page, needs: [site] }
        ---
        edition: e1
        effective: 2024-01-01
        states: { site.premium: { starts: plan.bought, ends: plan.ended, until: site.ends_on }, site.big: site.size > 20 }
        roles: { site.owner: { starts: site.created }, site.mate: { starts: site.joined, ends: site.refunded, one: false } }
        rules:
          held: { give: 10 points, to: site.owner, while: site.premium }
          grew: { give: site.size points, to: site.mate, while: site.premium && site.big }
          sale: { give: 7 points, to: site.owner || site.mate, when: site.sold, while: site.premium }
          once: { give: 3 points, to: site.owner, when: site.sold, for: 20 days }
        """;

    public static TheoryData<string, string> Rules => new()
    {
        { "nothing else", "" },
        { "who gains the role later", "  later: { give: 2 points, to: site.mate, or-later: last 60 days, when: site.sold, unless: plan.ended, within: 30 days }" },
        { "what another refers to", "  paged: { give: 4 points, to: page.site.owner, while: page.site.premium }" },
        { "what waits", "  waits: { give: 6 points, to: site.owner, when: '!site.premium for 5 days', after: 20 days, unless: [site.refunded: site.big] }" },
        { "the best of a site", "limits: { best: { of: [held, grew, sale, once], per: site, best: 1 } }" },
        { "the best of what holds", "limits: { best: { of: [held, grew], per: site, best: 1 } }" },
        { "so much at most", "limits: { cap: { of: [grew, once], per: site, at-most: 25 points } }" },
        { "the first two", "limits: { first: { of: [held, once], per: site, first: 2 } }" },
        { "from the third", "limits: { from: { of: once, per: site, from: 3 }, best: { of: [held, once], per: site, best: 1 } }" },
        { "a cap across sites", "limits: { cap: { of: sale, per: month, at-most: 20 points } }" },
        { "a later edition", "---\nedition: e2\neffective: 2024-03-01\nbased-on: e1\nrules: { held: { give: 20 points, to: site.owner, while: site.premium }, sale: { give: 1 points, to: site.mate, when: site.sold } }\ntransition: { grew: end, once: keep }" },
        { "a later edition that takes over", "---\nedition: e2\neffective: 2024-03-01\nstates: { site.premium: { starts: plan.bought, ends: plan.ended } }\nroles: { site.owner: { starts: site.created } }\nrules: { hold: { give: 20 points, to: site.owner, while: site.premium }, sold: { give: 5 points, to: site.owner, when: site.sold } }\ntransition: { held: hold, sale: sold, once: keep, grew: keep }" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void What_is_posted_does_not_depend_on_marks(string what, string rules)
    {
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var told = Told.Of($"{Program}\n{rules}", [.. Facts(new(seed))]);
            var items = Posting.Log(told.Program, told.History, under: null, Instant.Never, Instant.Ever).ToList();
            var all = new Lane(told.Program, told.History, new(seed)) { MarkEvery = int.MaxValue, Forgets = 0 }.Post(items);
            Assert.NotEmpty(all);
            foreach (var every in (int[])[1, 3, 8])
            {
                // To compare standings takes long.
                Action<Posting, History, LogItem>? compare = seed <= 2 && every == 3 ? (posting, own, item) => LaneProperties.Compare(told.Program, told.History, posting, own, item) : null;
                var lane = new Lane(told.Program, told.History, new(seed)) { MarkEvery = every, Forgets = 0, Told = compare };
                Same.Lines(all, lane.Post(items), $"entries with a mark every {every} facts, of {what} (seed {seed})");
            }
        }
    }

    /// <summary>Much about two sites in half a year: some of it late, some taken back, several at one instant.</summary>
    private static IEnumerable<string> Facts(Chance chance)
    {
        yield return "2024-01-01 member.joined member/ada";
        yield return "2024-01-01 member.joined member/ben";
        yield return "2024-01-02 site.created site/s1 member=ada size=3";
        yield return "2024-01-02 site.created site/s2 member=ada size=30";
        yield return "2024-01-03 page.made page/p1 site=s1";
        for (var i = 5; i < 90; i++)
        {
            var day = new DateOnly(2024, 1, 3).AddDays(i * 2);
            var happened = chance.Percent(20) ? day.AddDays(-chance.Below(40)) : day;
            var site = chance.Percent(70) ? "s1" : "s2";
            var learnt = happened < day ? string.Create(CultureInfo.InvariantCulture, $" ({day:yyyy-MM-dd})") : "";
            yield return (happened, chance.Below(12)) switch
            {
                (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} fact.retracted - source=shop id=f{4 + chance.Below(i - 4)}"),
                (var at, 11) when chance.Percent(50) => string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd} member.adjusted member/{chance.One("ada", "ben")} unit=points amount={chance.Below(30) - 9} reason=r by=b{learnt}"),
                (_, 1) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} member.{chance.One("joined", "left")} member/{chance.One("ben", "cleo")}"),
                (var at, 2 or 3) => Line(at, $"site.sold site/{site}"),
                (var at, 4) => Line(at, $"site.joined site/{site} member={chance.One("ben", "cleo", "dan")}"),
                (var at, 5) => Line(at, $"site.refunded site/{site}"),
                (var at, 6) => Line(at, $"site.grown site/{site} size={10 * chance.Below(5)}"),
                (var at, 7 or 8) => Line(at, string.Create(CultureInfo.InvariantCulture, $"plan.bought site/{site}{(chance.Percent(40) ? $" ends_on={at.AddDays(chance.Below(60)):yyyy-MM-dd}" : "")}")),
                (var at, 9) => Line(at, $"plan.ended site/{site}"),
                (var at, _) => Line(at, $"site.sold site/{site} plan=x"),
            };

            string Line(DateOnly at, string fact) => string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd} {fact}{learnt}");
        }
    }
}
