using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Tests.Explaining;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Backtesting;

/// <summary>A backtest says what a human would say of two editions and a few members.</summary>
public sealed class BacktestTests
{
    private const string Files = """
        program: maple
        units: { points: {}, eur: { decimals: 2, money: true } }
        subjects:
          member: { country: text, tier: [small, large], vip: flag, rank: number }
          site: { editor: [classic, studio], plan: text }
        facts:
          member.told: { about: member, may: [country, tier, vip, rank] }
          site.created: { about: site, needs: [member], may: [editor, plan] }
          site.told: { about: site, may: [editor, plan] }
        ---
        edition: old
        effective: 2020-01-01
        roles: { site.owner: { starts: site.created } }
        rules:
          site: { says: 100 points a site, give: 100 points, to: site.owner }
          share: { give: 2.50 eur, to: site.owner }
        ladders: { level: { rungs: [bronze, silver: points >= 200, gold: points >= 300] } }
        benefits: { badge: { while: level >= "silver" } }
        ---
        edition: new
        effective: 2030-01-01
        based-on: old
        rules:
          studio: { says: 300 points a Studio site, give: 300 points, to: site.owner, while: site.editor == "studio" }
          share: { give: 2.50 eur, to: site.owner }
        ladders: { level: { rungs: [bronze, gold: points >= 300 && member.vip, platinum: member.vip && member.rank > 1] } }
        benefits: { hotline: { while: level >= "gold" } }
        transition: { site: end }
        """;

    private static readonly string[] Facts =
    [
        "2020-03-01 member.joined member/ada", "2022-03-02 member.joined member/ben", "2023-01-01 member.joined member/cem", "2023-01-01 member.joined member/dot",
        "2020-03-01 member.told member/ada country=DE tier=large vip=true rank=2", "2023-02-01 member.told member/ben country=AT vip=true", "2023-02-01 member.told member/cem vip=false",
        "2023-05-01 site.created site/a1 member=ada editor=studio", "2023-05-01 site.created site/a2 member=ada editor=classic",
        "2023-05-01 site.created site/b1 member=ben editor=classic", "2023-05-01 site.created site/b2 member=ben editor=classic",
        "2023-05-01 site.created site/c1 member=cem editor=studio", "2023-05-01 site.created site/c2 member=cem",
        "2023-06-01 member.left member/dot", "2023-07-01 member.adjusted member/ben unit=points amount=7 reason=sorry by=kim",
    ];

    private readonly Told _told = Told.Of(Files, Facts);

    private Backtest Backtest(string against = "old", string draft = "new", params BacktestGroup[] groups) => new(
        new(_told.Program, _told.History, _told.Program.Find(against), Instant.Last), new(_told.Program, _told.History, _told.Program.Find(draft), Instant.Last), Some.At("2024-03-01"), groups);

    private (Backtest Backtest, Dictionary<string, MemberDifference> Differences, BacktestReport Report) Run(Backtest backtest)
    {
        var differing = backtest.ForThread(backtest.Against.Derive(), backtest.Draft.Derive());
        List<MemberDifference> all = [.. backtest.Draft.Members.Select(differing.Of)];
        return (backtest, all.ToDictionary(d => _told.History.NameOf(d.Member)), BacktestReport.Of(backtest, all, backtest.UnjudgedOn(0, _told.History.SubjectCount)));
    }

    [Theory]
    // who, points, level, what opens and closes
    [InlineData("ada", "200 → 300", "silver → platinum Other", "hotline", "badge")]
    [InlineData("ben", "207 → 7", "silver → bronze Down", "", "badge")]
    [InlineData("cem", "200 → 300", "silver → bronze Down", "", "badge")]
    [InlineData("dot", "0 → 0", "→ Same", "", "")]
    public void Says_what_each_member_has_on_both_sides(string who, string points, string level, string opens, string closes)
    {
        var (backtest, differences, _) = Run(Backtest());
        var (d, ladder) = (differences[who], backtest.Ladders[0]);
        var pair = d.Levels[0];
        Assert.Equal(
            (points, level, opens, closes),
            ($"{d.Amounts[0].Against} → {d.Amounts[0].Draft}",
             $"{BacktestLadder.RungOf(ladder.Against, pair.Against)} → {BacktestLadder.RungOf(ladder.Draft, pair.Draft)} {ladder.WayOf(pair)}".Trim().Replace("  ", " ", StringComparison.Ordinal),
             string.Join(' ', d.Gained.Select(b => backtest.Benefits[b])), string.Join(' ', d.Lost.Select(b => backtest.Benefits[b]))));
    }

    [Fact]
    public void Adds_up_amounts_rules_levels_and_benefits()
    {
        var (backtest, _, report) = Run(Backtest());
        var all = report.All;
        Assert.Equal((4, 3, 3), (all.Members, all.Enrolled, all.Changed));
        Assert.Equal(new UnitSum(new(607, 607, 0, 0), Gaining: 2, Losing: 1), all.Units[0]);
        Assert.Equal(new UnitSum(new(1500, 1500, 0, 0), Gaining: 0, Losing: 0), all.Units[1]);
        Assert.Equal(
            ["adjusted 7 7", "share 1500 1500", "site 600 0", "studio 0 600"],
            all.Rules.Select(r => $"{backtest.Rules[r.Rule].Name} {r.Against} {r.Draft}").Order(StringComparer.Ordinal));
        Assert.Equal((0, 2, 1), (all.Ladders[0].Up, all.Ladders[0].Down, all.Ladders[0].Other));
        Assert.Equal(["hotline +1 −0", "badge +0 −3"], all.Benefits.Select((b, i) => $"{backtest.Benefits[i]} +{b.Gained} −{b.Lost}"));
    }

    [Fact]
    public void Groups_by_tenure_size_and_what_was_told_of_members()
    {
        var fields = _told.Program.Vocabulary.Kinds[Vocabulary.MemberKind].Fields;
        var (_, _, report) = Run(Backtest(groups: [new BacktestGroup.Tenure(), new BacktestGroup.Size(), new BacktestGroup.OfField(fields.Single(f => f.Name == "country")), new BacktestGroup.OfField(fields.Single(f => f.Name == "vip"))]));
        Assert.Equal(
            ["1: 2, 4: 1, null: 1", "0: 1, 2: 3", "\"AT\": 1, \"DE\": 1, null: 2", "false: 1, true: 2, null: 1"],
            report.Groups.Select(g => string.Join(", ", g.Select(s => $"{s.Key}: {s.Sum.Members}"))));
        // Ben joined on 2 March 2022: one day short of two years.
        Assert.Equal((2, 2), (report.Groups[0][0].Sum.Changed, report.Groups[0][0].Sum.Ladders[0].Down));
    }

    [Fact]
    public void Names_who_misses_a_level_by_one_gate_the_nearest_first()
    {
        var (_, _, report) = Run(Backtest());
        Assert.Equal(
            ["gold points >= 300: ben 293", "gold member.vip: cem", "platinum member.rank > 1: ben"],
            report.NearMisses.Where(g => g.Missing.Count > 0).Select(g => $"{g.Rung.Name} {g.Source}: {string.Join(", ", g.Missing.Select(m => $"{_told.History.NameOf(m.Member)} {m.Missing}".Trim()))}"));
    }

    [Fact]
    public void Says_what_could_not_be_judged_and_for_want_of_what()
    {
        var (_, _, report) = Run(Backtest());
        Assert.Equal(
            ["Rule studio site.editor 1 1", "Level level platinum member.rank 1 1"],
            report.Unjudged.Select(u => $"{u.What.Of} {u.What.Name} {u.What.Field} {u.Subjects} {u.Members}"));
    }

    [Fact]
    public void What_is_told_in_time_is_judged_and_what_is_told_later_is_not()
    {
        string[] facts = ["2023-01-01 member.joined member/cem", "2023-05-01 site.created site/c member=cem", "2024-05-01 site.told site/c editor=studio"];
        var told = Told.Of(Files, facts);
        var scoring = new Scoring(told.Program, told.History, told.Program.Find("new"), Instant.Last);
        Assert.Single(new Backtest(scoring, scoring, Some.At("2024-04-30"), []).UnjudgedOn(0, told.History.SubjectCount));
        Assert.Empty(new Backtest(scoring, scoring, Some.At("2024-05-01"), []).UnjudgedOn(0, told.History.SubjectCount));
    }

    [Theory]
    [InlineData("new", "old")]
    [InlineData("old", "new")]
    public void A_level_goes_up_or_down_by_the_ladder_that_has_both_names(string against, string draft)
    {
        var ladder = Backtest(against, draft).Ladders[0];
        // Silver is only on one of the ladders, and gold on both: which is higher says the ladder that has silver.
        var (up, same) = against == "old" ? (new LevelPair(1, 1), new LevelPair(2, 1)) : (new LevelPair(0, 1), new LevelPair(1, 2));
        Assert.Equal(LevelWay.Up, ladder.WayOf(up));
        Assert.Equal(LevelWay.Same, ladder.WayOf(same));
        Assert.Equal(LevelWay.Same, ladder.WayOf(new(-1, -1)));
        Assert.Equal(LevelWay.Other, ladder.WayOf(new(-1, 0)));
    }

    [Fact]
    public void Explains_a_difference_by_both_sides()
    {
        var backtest = Backtest();
        var differing = backtest.ForThread(backtest.Against.Derive(), backtest.Draft.Derive());
        var told = differing.Explain(differing.Of(_told.History.SubjectOf(Vocabulary.MemberKind, "cem")!.Value));
        Assert.Equal(
            """
            cem on 1 March 2024, by old and by new
              Level: silver by old, bronze by new
                By old: Level: silver, since 1 May 2023
                By new: Level: bronze, since 1 January 2023
              200 points by old, 300 points by new
                “100 points a site”: 200 points by old, 0 points by new
                “300 points a Studio site”: 0 points by old, 300 points by new
                Site c1: 100 points by old, 300 points by new
                Site c2: 100 points by old, 0 points by new
              Closes: badge
                ✓ badge: yes, since 1 May 2023
            """,
            string.Join('\n', ExplainingCase.Lines(told, PhraseBook.In("en", _told.Program.Vocabulary)).Where(line => !line.StartsWith("      ", StringComparison.Ordinal))));
    }

    [Fact]
    public void Nobody_and_nothing_can_be_compared()
    {
        var told = Told.Of(Files);
        var scoring = new Scoring(told.Program, told.History, told.Program.Find("new"), Instant.Last);
        var backtest = new Backtest(scoring, scoring, Some.At("2024-03-01"), [new BacktestGroup.Tenure()]);
        Assert.Empty(backtest.Draft.Members);
        Assert.Equal((0, 0), (BacktestReport.Of(backtest, [], []).All.Members, BacktestReport.Of(backtest, [], []).All.Changed));
    }

    [Fact]
    public void Sides_that_read_other_facts_are_refused() => Assert.Throws<ArgumentException>(() => new Backtest(
        new(_told.Program, _told.History, _told.Program.Find("old"), Instant.Last), new(_told.Program, _told.History, _told.Program.Find("new"), Some.At("2021-01-01")), Some.At("2024-03-01"), []));
}
