using Laurel.Engine.Backtesting;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Explaining;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Backtesting;

/// <summary>What a backtest of any program over any facts says is what the ledger, the standings and the sums say.</summary>
public sealed class BacktestProperties
{
    [Fact]
    public void What_counts_and_waits_by_the_editions_in_force_is_the_ledger_s_balance_to_the_point() => Property.Holds(60, made =>
    {
        var history = made.History();
        var at = made.SomeInstant(new(made.Seed));
        var entries = Posting.Run(made.Program, history, under: null, Instant.Never).SelectMany(p => p.Entries).ToList();
        var backtest = new Backtest(new(made.Program, history, under: (Edition?)null, Instant.Never) { Horizon = history.RecordedAt(history.FactCount - 1) }, Under(made, history, made.Program.Editions[0]), at, []);
        foreach (var difference in All(backtest))
        {
            foreach (var unit in history.Vocabulary.Units)
            {
                var amounts = difference.Amounts[unit.Index];
                Assert.Equal(
                    (Balances.Of(entries, difference.Member, unit.Index, Account.Member, at), Balances.Of(entries, difference.Member, unit.Index, Account.Pending, at)),
                    (amounts.Against, amounts.AgainstPending));
                var rules = difference.Rules.Where(r => backtest.Rules[r.Rule].Unit == unit.Index).ToList();
                Assert.Equal((amounts.Against, amounts.Draft), (rules.Sum(r => r.Against), rules.Sum(r => r.Draft)));
            }
        }
    });

    [Fact]
    public void An_edition_does_not_differ_from_itself() => Property.Holds(60, made =>
    {
        var history = made.History();
        var edition = new Chance(made.Seed).One(made.Program.Editions);
        var backtest = new Backtest(Under(made, history, edition), Under(made, history, edition), made.SomeInstant(new(made.Seed)), []);
        var differences = All(backtest);
        Assert.DoesNotContain(differences, d => d.Changed || d.Gained.Count + d.Lost.Count > 0);
        Assert.All(differences, d => Assert.All(d.Amounts, a => Assert.Equal((a.Against, a.AgainstPending), (a.Draft, a.DraftPending))));
        Assert.Equal(0, BacktestReport.Of(backtest, differences, []).All.Changed);
    });

    [Fact]
    public void The_side_in_force_with_its_last_edition_taken_over_on_its_date_is_the_side_in_force() => Property.Holds(40, made =>
    {
        var history = made.History();
        var last = made.Program.Editions[^1];
        // Taken over on its date it was known then: where it was published later, ranks that were taken before went by another.
        if (last.Published > last.Effective && made.Program.ComparesMembers(under: null)) { return; }
        // What was published ahead of another's date, and known to be, is the same in both books; only the numbers of rules differ.
        var taken = new Scoring(made.Program, history, RuleBook.With(made.Program, last, last.Effective, Instant.Never), Instant.Never);
        Assert.DoesNotContain(All(new(InForce(made, history), taken, made.SomeInstant(new(made.Seed)), [])), d => d.Changed);
    });

    [Fact]
    public void A_standing_found_alone_is_that_of_the_timeline() => Property.Holds(100, made =>
    {
        var history = made.History();
        var chance = new Chance(made.Seed);
        foreach (var scoring in (Scoring[])[InForce(made, history), Under(made, history, chance.One(made.Program.Editions))])
        {
            var assessing = scoring.Derive().ForThread();
            foreach (var member in scoring.Members)
            {
                var timeline = assessing.TimelineOf(member);
                foreach (var at in timeline.Standings.Select(s => s.From).Append(made.SomeInstant(chance)).Append(made.SomeInstant(chance)))
                {
                    var (alone, among) = (assessing.StandingOf(member, at).Standing, timeline.At(at));
                    Assert.Equal(
                        Line(among.Edition, among.Enrolled, among.Metrics, among.Levels, among.Benefits),
                        Line(alone.Edition, alone.Frame.Enrolled, alone.Frame.Metrics, alone.Frame.Levels, alone.Benefits));
                }
            }
        }
    });

    [Fact]
    public void How_the_work_is_divided_makes_no_difference() => Property.Holds(40, made =>
    {
        var history = made.History();
        var chance = new Chance(made.Seed);
        var backtest = Some(made, history, chance);
        var whole = Lines(backtest, All(backtest), backtest.UnjudgedOn(0, history.SubjectCount));
        var (against, draft) = (InParts(backtest.Against, history, chance), InParts(backtest.Draft, history, chance));
        var unjudged = Cuts(history.SubjectCount, chance).SelectMany(cut => backtest.UnjudgedOn(cut.First, cut.End)).ToList();
        var found = new SortedDictionary<int, MemberDifference>();
        foreach (var member in chance.Shuffled(backtest.Draft.Members)) { found[member] = backtest.ForThread(against, draft).Of(member); }
        Same.Lines(whole, Lines(backtest, [.. backtest.Draft.Members.Select(m => found[m])], unjudged), "a backtest in parts");
    });

    [Fact]
    public void Members_and_groups_add_up_to_the_totals_and_sides_can_be_swapped() => Property.Holds(60, made =>
    {
        var history = made.History();
        var backtest = Some(made, history, new(made.Seed));
        var (differences, swapped) = (All(backtest), All(new(backtest.Draft, backtest.Against, backtest.At, backtest.Groups)));
        var report = BacktestReport.Of(backtest, differences, []);
        Assert.Equal(differences.Count(d => d.Changed), report.All.Changed);
        foreach (var unit in history.Vocabulary.Units)
        {
            var sum = report.All.Units[unit.Index].Amounts;
            Assert.Equal(differences.Sum(d => d.Amounts[unit.Index].Difference), sum.Difference);
            Assert.All(report.Groups, groups => Assert.Equal(sum, groups.Aggregate(default(AmountPair), (all, g) => all + g.Sum.Units[unit.Index].Amounts)));
            Assert.Equal(differences.Select(d => -d.Amounts[unit.Index].Difference), swapped.Select(d => d.Amounts[unit.Index].Difference));
        }
        Assert.All(report.Groups, groups => Assert.Equal((report.All.Members, report.All.Changed), (groups.Sum(g => g.Sum.Members), groups.Sum(g => g.Sum.Changed))));
        Assert.All(report.All.Ladders, ladder => Assert.Equal(report.All.Members, ladder.Pairs.Sum(p => p.Members)));
        Assert.Equal(differences.Select(d => (d.Gained.Count, d.Lost.Count)), swapped.Select(d => (d.Lost.Count, d.Gained.Count)));
    });

    [Fact]
    public void Every_changed_member_can_be_explained_with_every_amount_that_differs() => Property.Holds(60, made =>
    {
        var history = made.History();
        var backtest = Some(made, history, new(made.Seed));
        var differing = backtest.ForThread(backtest.Against.Derive(), backtest.Draft.Derive());
        foreach (var difference in backtest.Draft.Members.Select(differing.Of))
        {
            var told = differing.Explain(difference);
            foreach (var language in PhraseBook.Languages) { Assert.All(ExplainingCase.Lines(told, PhraseBook.In(language, made.Program.Vocabulary)), line => Assert.False(string.IsNullOrWhiteSpace(line))); }
            Assert.Equal(!difference.Changed, told.Because is [{ Says.Key: "backtest.nothing" }] || !difference.Changed);
            if (difference.Changed) { Assert.NotEqual("backtest.nothing", told.Because[0].Says.Key); }
            Assert.Equal(difference.Levels.Where((pair, i) => backtest.Ladders[i].WayOf(pair) != LevelWay.Same).Count(), told.Because.Count(b => b.Says.Key == "backtest.level"));
        }
    });

    [Fact]
    public void What_could_not_be_judged_is_what_the_trace_of_every_subject_says() => Property.Holds(120, made =>
    {
        var history = made.History();
        var chance = new Chance(made.Seed);
        var edition = chance.One(made.Program.Editions);
        var scoring = Under(made, history, edition);
        var at = made.SomeInstant(chance);
        var found = new Backtest(scoring, scoring, at, []).UnjudgedOn(0, history.SubjectCount).Where(u => u.What.Of == UnjudgedKind.Rule)
            .Select(u => $"{u.What.Name} {history.NameOf(u.Subject)} {(u.Member < 0 ? "" : history.NameOf(u.Member))}").Distinct().Order(StringComparer.Ordinal).ToList();
        Same.Lines([.. Traced(scoring, history, edition, at).Distinct().Order(StringComparer.Ordinal)], found, $"what {edition.Name} can't judge at {at}");
    });

    /// <summary>The rules that the whole trace says were not judged: no part false, and one without a truth.</summary>
    private static IEnumerable<string> Traced(Scoring scoring, History history, Edition edition, Instant at)
    {
        var plan = new EditionPlan<Traced>(scoring.Plan.Book, 0, history);
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            var first = history.FactsOf(subject).Where(f => history.IsKnown(f, scoring.UpTo)).Select(f => (Instant?)history.TimeOf(f)).FirstOrDefault();
            if (first is null || first > at) { continue; }
            var tape = new TraceTape();
            new SubjectFold<Traced>(plan, history, scoring.Enrolment, new(tape)) { Horizon = scoring.Horizon }.Fold(subject, scoring.UpTo);
            var parts = tape.Read().Where(e => e.At <= at && (e.Part is TracePart.To or TracePart.While or TracePart.Where or TracePart.Give)).ToList();
            foreach (var rule in parts.GroupBy(e => (e.Definition, e.Member)))
            {
                var looks = rule.GroupBy(e => (e.At, e.Fact)).ToList();
                var counting = edition.Rules[rule.Key.Definition].When.Count > 0 ? looks.Where(l => l.Key.At >= first) : looks.TakeLast(1);
                var values = counting.Select(look => look.Select(e => e.Results[RootOf(edition.Rules[e.Definition], e.Part)]).ToList());
                if (values.Any(look => look.TrueForAll(v => v.Truth != Truth.False) && look.Exists(v => v.Kind == ValueKind.NotTold)))
                {
                    yield return $"{edition.Rules[rule.Key.Definition].Name} {history.NameOf(subject)} {(rule.Key.Member < 0 ? "" : history.NameOf(rule.Key.Member))}";
                }
            }
        }
    }

    private static int RootOf(CreditRule rule, TracePart part) => (part switch { TracePart.To => rule.To!, TracePart.While => rule.While!, TracePart.Where => rule.Where!, _ => rule.Give }).Root.Id;

    private static Scoring InForce(Case made, History history) => new(made.Program, history, under: null, Instant.Never);

    private static Scoring Under(Case made, History history, Edition edition) => new(made.Program, history, edition, Instant.Never);

    private static Backtest Some(Case made, History history, Chance chance)
    {
        List<Edition> editions = [.. made.Program.Editions, .. made.Program.Drafts];
        var fields = history.Vocabulary.Kinds[Vocabulary.MemberKind].Fields.Where(f => BacktestGroup.Groups(f.Type)).Select(BacktestGroup (f) => new BacktestGroup.OfField(f));
        return new(
            chance.Percent(30) ? InForce(made, history) : Under(made, history, chance.One(editions)), Under(made, history, chance.One(editions)),
            made.SomeInstant(chance), [new BacktestGroup.Tenure(), new BacktestGroup.Size(), .. fields]);
    }

    private static List<MemberDifference> All(Backtest backtest)
    {
        var differing = backtest.ForThread(backtest.Against.Derive(), backtest.Draft.Derive());
        return [.. backtest.Draft.Members.Select(differing.Of)];
    }

    private static MemberCredits InParts(Scoring scoring, History history, Chance chance) => scoring.Gather([.. Cuts(history.SubjectCount, chance).Select(cut => scoring.Derive(cut.First, cut.End))]);

    private static List<(int First, int End)> Cuts(int count, Chance chance)
    {
        var at = Enumerable.Range(0, 3).Select(_ => chance.Below(count + 1)).Prepend(0).Append(count).Order().ToList();
        return [.. at.Zip(at.Skip(1))];
    }

    private static string Line(Edition edition, bool enrolled, IReadOnlyList<Value> metrics, IReadOnlyList<int> levels, IReadOnlyList<bool> benefits) =>
        $"{edition.Name} {enrolled} {string.Join(',', metrics)} {string.Join(',', levels)} {string.Join(',', benefits)}";

    private static List<string> Lines(Backtest backtest, IReadOnlyList<MemberDifference> differences, IReadOnlyList<UnjudgedSubject> unjudged)
    {
        var report = BacktestReport.Of(backtest, differences, unjudged);
        return
        [
            .. differences.Select(d => $"{d.Member} {d.Changed} {string.Join(',', d.Amounts)} {string.Join(',', d.Rules)} {string.Join(',', d.Levels)} {string.Join(',', d.Gained)} {string.Join(',', d.Lost)} {string.Join(',', d.Groups)} {string.Join(',', d.NearMisses)} {string.Join(',', d.Unjudged)}"),
            .. report.Groups.SelectMany(groups => groups).Select(g => $"{g.Key} {Line(g.Sum)}"), Line(report.All),
            .. report.NearMisses.Select(g => $"{g.Rung.Name} {g.Source} {string.Join(',', g.Missing)}"), .. report.Unjudged.Select(u => $"{u}"),
        ];
    }

    private static string Line(BacktestSum sum) =>
        $"{sum.Members} {sum.Enrolled} {sum.Changed} {string.Join(',', sum.Units)} {string.Join(',', sum.Rules)} {string.Join(',', sum.Ladders.Select(l => $"{string.Join(',', l.Pairs)} {l.Up} {l.Down} {l.Other}"))} {string.Join(',', sum.Benefits)}";
}
