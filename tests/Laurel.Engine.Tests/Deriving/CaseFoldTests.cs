using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Tests.Bugs;
using Laurel.Engine.Tests.Properties;

namespace Laurel.Engine.Tests.Deriving;

public sealed class CaseFoldTests
{
    private const string Vocabulary =
        """
        program: maple
        units: { points: {} }
        subjects: { site: { editor: [classic, studio], ends_on: instant, size: number }, page: { site: site } }
        facts:
          site.created: { about: site, needs: [member, editor], may: [size] }
          site.joined: { about: site, needs: [member] }
          plan.bought: { about: site, may: [ends_on] }
          plan.ended: { about: site }
          page.made: { about: page, needs: [site] }
        ---
        edition: e1
        effective: 2024-01-01
        states:
          site.premium: { starts: [plan.bought], ends: plan.ended, until: site.ends_on }
        roles: { site.worker: { starts: [site.created, site.joined] } }
        rules:
        """;

    private const string Plain = "give: 100 points, to: site.worker, while: site.premium && site.editor == 'studio'";

    private static readonly string[] Site = ["2024-01-01 member.joined member/ada", "2024-02-01 site.created site/s1 member=ada editor=studio size=3", "2024-03-01 plan.bought site/s1 ends_on=2024-05-01"];

    [Theory]
    [InlineData(Plain, true, "states, roles and choices have few values")]
    [InlineData("give: 100 points, to: site.worker, while: site.premium && has(site.size)", true, "whether a number was told is one of two")]
    [InlineData("give: 100 points, to: site.worker, while: site.premium && site.size > 2", false, "a number has many values")]
    [InlineData("give: site.size points, to: site.worker, while: site.premium", false, "and so has an amount that follows one")]
    [InlineData("give: 100 points, to: site.worker, while: site.premium && since(site.premium) < date('2024-06-01')", false, "a time has many")]
    [InlineData("give: 100 points, to: site.worker, when: plan.bought", false, "what is given at moments may end by what comes after")]
    [InlineData("give: 100 points, to: site.worker, when: plan.bought, unless: plan.ended", false, "what may be taken back is remembered")]
    public void Kinds_go_by_cases_where_these_are_few(string rule, bool goes, string why) => Assert.True(goes == GoesByCases(rule, Site), why);

    [Theory]
    [InlineData(true, "one after the other", "2024-04-01 plan.ended site/s1", "2024-04-02 plan.bought site/s1")]
    [InlineData(false, "facts of one instant may depend on each other", "2024-04-01 plan.ended site/s1", "2024-04-01 plan.bought site/s1")]
    [InlineData(true, "four members", "2024-04-01 site.joined site/s1 member=ben", "2024-04-02 site.joined site/s1 member=cyd", "2024-04-03 site.joined site/s1 member=dan")]
    [InlineData(false, "a fifth", "2024-04-01 site.joined site/s1 member=ben", "2024-04-02 site.joined site/s1 member=cyd", "2024-04-03 site.joined site/s1 member=dan", "2024-04-04 site.joined site/s1 member=eve")]
    public void Subjects_go_by_cases_where_these_are_few(bool goes, string why, params string[] facts) => Assert.True(goes == GoesByCases(Plain, [.. Site, .. facts]), why);

    [Theory]
    [InlineData(9, true)]
    [InlineData(11, false)]
    public void Cases_are_learnt_until_they_are_a_thousand(int flags, bool goes)
    {
        // Each fact turns one flag, so that the site walks through all that there are.
        var names = Enumerable.Range(0, flags).Select(f => $"f{f}").ToList();
        var program = Vocabulary.Replace("size: number", $"size: number, {string.Join(", ", names.Select(f => $"{f}: flag"))}", StringComparison.Ordinal)
            .Replace("may: [ends_on]", $"may: [ends_on, {string.Join(", ", names)}]", StringComparison.Ordinal);
        var walk = Enumerable.Range(1, (1 << flags) - 1).Select(i => (At: new DateOnly(2024, 3, 1).AddDays(i), Flag: System.Numerics.BitOperations.TrailingZeroCount(i), Told: (i ^ (i >> 1)) >> System.Numerics.BitOperations.TrailingZeroCount(i) & 1));
        var told = walk.Select(w => $"{w.At:yyyy-MM-dd} plan.bought site/s1 {names[w.Flag]}={(w.Told == 1 ? "true" : "false")}");
        Assert.Equal(goes, GoesByCases($"give: 100 points, to: site.worker, while: 'site.premium && ({string.Join(" || ", names.Select(f => $"site.{f}"))})'", [.. Site, .. told, "2023-12-01 member.joined member/ben"], vocabulary: program));
    }

    [Fact]
    public void What_follows_others_is_folded() =>
        Assert.False(GoesByCases("give: 100 points, to: page.site.worker, while: page.site.premium", [.. Site, "2024-04-01 page.made page/p1 site=s1"], "page", "p1"));

    [Fact]
    public void What_is_found_by_cases_is_what_the_fold_finds()
    {
        var byCases = 0;
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var made = Case.Some(seed);
            var history = made.HistoryOf(Lives.Of(made.Program, seed, 12));
            foreach (var book in made.Program.Editions.Select(e => RuleBook.Under(made.Program, e)))
            {
                byCases += Compare(book, history, forGiving: true, seed) + Compare(book, history, forGiving: false, seed);
            }
        }
        Assert.True(byCases > 5_000, $"only {byCases} subjects went by cases");
    }

    /// <summary>Folds each subject both ways: twice, so that the second time is by look-ups alone.</summary>
    /// <returns>How many went by cases.</returns>
    private static int Compare(RuleBook book, History history, bool forGiving, ulong seed)
    {
        var plan = new EditionPlan<Untraced>(book, 0, history, forGiving);
        var enrolment = new Enrolment(history, history.FactCount);
        var fold = new SubjectFold<Untraced>(plan, history, enrolment, default);
        var cases = new CaseFold<Untraced>(plan, new(plan, history, enrolment, default), history, enrolment);
        var byCases = 0;
        var upTo = history.FactCount - new Chance(seed).Below(10);
        for (var subject = 0; subject < 2 * history.SubjectCount; subject++)
        {
            if (!cases.TryFold(subject % history.SubjectCount, upTo)) { continue; }
            fold.Fold(subject % history.SubjectCount, upTo);
            Same.Lines(Lines(fold.Results, fold.Keys, plan), Lines(cases.Results, cases.Keys, plan), $"seed {seed}, {book.Editions[0].Edition.Name}, subject {history.NameOf(subject % history.SubjectCount)}");
            byCases++;
        }
        return byCases;
    }

    private static List<string> Lines(Span<Raw> results, List<long> keys, EditionPlan<Untraced> plan)
    {
        var lines = new List<string>();
        foreach (var raw in results)
        {
            var count = plan.Kinds.SelectMany(k => k.Rules).Single(r => r.Rule.Index == raw.Rule).Keys.Length;
            lines.Add($"{raw.Rule} {raw.Member} {raw.Fact} {raw.Moment} {raw.Starts} {raw.Release} {raw.Ends} {raw.Amount} [{string.Join(", ", keys.Skip(Math.Max(raw.Key, 0)).Take(count))}]");
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static bool GoesByCases(string rule, string[] facts, string kind = "site", string name = "s1", string vocabulary = Vocabulary)
    {
        var told = Told.Of($"{vocabulary}\n  r: {{ {rule} }}", facts);
        var plan = told.Scoring.Plan.Giving[0];
        var fold = new CaseFold<Untraced>(plan, new(plan, told.History, told.Scoring.Enrolment, default), told.History, told.Scoring.Enrolment);
        var subject = told.History.SubjectOf(told.Program.Vocabulary.Kinds.Single(k => k.Name == kind).Index, name);
        return fold.TryFold(subject!.Value, told.History.FactCount);
    }
}
