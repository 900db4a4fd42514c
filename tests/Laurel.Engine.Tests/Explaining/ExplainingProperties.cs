using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;
using Metric = Laurel.Engine.Programs.Metric;

namespace Laurel.Engine.Tests.Explaining;

/// <summary>What explanations say of any program and any facts is what the engine gives.</summary>
public sealed class ExplainingProperties
{
    [Fact]
    public void Anything_can_be_explained_in_every_language() => Property.Holds(150, made =>
    {
        var some = Question.Some(made);
        if (some is null) { return; }
        foreach (var told in some.Everything())
        {
            foreach (var language in PhraseBook.Languages) { Assert.All(ExplainingCase.Lines(told, PhraseBook.In(language, made.Program.Vocabulary)), line => Assert.False(string.IsNullOrWhiteSpace(line))); }
        }
    });

    [Fact]
    public void The_arithmetic_of_a_metric_comes_to_the_metric_and_has_every_credit_that_counts() => Property.Holds(150, made =>
    {
        var some = Question.Some(made);
        if (some is null) { return; }
        foreach (var metric in some.Edition.Metrics.Where(m => m is { Kind: MetricKind.Sum, Per: null }))
        {
            var told = some.Explainer.Metric(metric);
            var rules = told.Because;
            Assert.All(rules, rule => Assert.Equal(AmountOf(rule), rule.Because.Aggregate(new Number(0), (sum, credit) => sum + AmountOf(credit))));
            Assert.Equal(some.Standing.MetricOf(metric.Name)!.Value.AsNumber, rules.Aggregate(new Number(0), (sum, rule) => sum + AmountOf(rule)));
            Assert.Equal(some.Credits.Count(c => some.Counts(c, metric)), rules.Sum(rule => rule.Because.Count));
        }
    });

    [Fact]
    public void A_rule_that_gives_nothing_says_why_and_one_that_gives_has_no_condition_that_fails() => Property.Holds(200, made =>
    {
        var some = Question.Some(made);
        if (some is null) { return; }
        foreach (var (subject, rule) in some.Rules())
        {
            var told = some.Explainer.Rule(rule.Name, subject)!;
            var holding = some.Credits.Where(c => c.Subject == subject && c.Holds(some.At) && some.NameOf(c) == rule.Name).ToList();
            var text = $"{some.Who}, {rule.Name} on {some.History.NameOf(subject)} at {some.At}: {string.Join('\n', ExplainingCase.Lines(told, PhraseBook.In("en", made.Program.Vocabulary)))}";
            Assert.True(told.Mark == (holding.Exists(c => c.Counted != 0) ? Mark.Yes : Mark.No), text);
            if (holding.Count == 0) { Assert.True(told.Says.Key is "rule.not" or "rule.ended", text); }
            if (told.Mark == Mark.Yes && rule.When.Count == 0) { Assert.True(told.Because.All(line => line.Mark != Mark.No || line.Says.Key.StartsWith("limit.", StringComparison.Ordinal)), text); }
        }
    });

    [Fact]
    public void Every_part_that_must_hold_has_a_line_of_its_own() => Property.Holds(100, made =>
    {
        var some = Question.Some(made);
        if (some is null) { return; }
        foreach (var (subject, rule) in some.Rules().Where(r => r.Rule is { When.Count: 0, To: { Type: not CelType.Reference }, While: not null }))
        {
            var told = some.Explainer.Rule(rule.Name, subject)!;
            if (told.Because.Count == 0 || told.Because.Any(line => line.Says.Key is "rule.kept" or "rule.by")) { continue; }
            var parts = Parts(rule.To!.Root, wanted: true) + Parts(rule.While!.Root, wanted: true);
            Assert.True(parts == told.Because.Count(line => line.Mark != Mark.None && line.Says.Key.Split('.')[0] is not ("limit" or "missing")), $"{rule.To.Source} / {rule.While.Source}\n{string.Join('\n', ExplainingCase.Lines(told, PhraseBook.In("en", made.Program.Vocabulary)))}");
        }
    });

    /// <summary>How many parts a condition has that must all hold.</summary>
    private static int Parts(Expr node, bool wanted) => node switch
    {
        Expr.Call { Function: "!_" } not => Parts(not.Arguments[0], !wanted),
        Expr.Call { Function: "_&&_" or "_||_" } both => both.Function == "_&&_" == wanted ? both.Arguments.Sum(a => Parts(a, wanted)) : 1,
        Expr.Literal => 0,
        _ => 1,
    };

    private static Number AmountOf(Explanation line) => ((Argument.Amount)line.Says.Arguments.First(a => a.Key == "amount").Value).Value;

    /// <summary>A member and an instant of a case, under some rules, as known at some time.</summary>
    private sealed record Question(Chance Chance, History History, Scoring Scoring, Assessing Assessing, int Member, Instant At)
    {
        public Explainer Explainer { get; } = new(Scoring, History, Assessing, Member, At);

        public Edition Edition => Explainer.Edition;

        public string Who => History.NameOf(Member);

        public IReadOnlyList<Credit> Credits { get; } = Assessing.CreditsOf(Member);

        public MemberStanding Standing { get; } = Assessing.TimelineOf(Member).At(At);

        /// <summary>A question; null where nobody is named or nothing is published.</summary>
        public static Question? Some(Case made)
        {
            var chance = new Chance(made.Seed + 1);
            var history = made.History();
            var members = history.SubjectsOf(Vocabulary.MemberKind).ToList();
            var under = chance.Percent(25) ? chance.One(made.Program.Editions) : null;
            var scoring = new Scoring(made.Program, history, under, chance.Percent(50) ? Instant.Never : made.SomeInstant(chance));
            if (members.Count == 0 || scoring.Plan.Book.Editions.Count == 0) { return null; }
            return new(chance, history, scoring, scoring.Derive().ForThread(), chance.One(members), made.SomeInstant(chance));
        }

        public string NameOf(Credit credit) => Scoring.Plan.Book.NameOf(credit.Rule);

        public bool Counts(Credit credit, Metric metric) =>
            credit.Status == CreditStatus.Active && credit.Counted != 0 && credit.Holds(At) && Scoring.Plan.Book.UnitOf(credit.Rule) == metric.Unit
            && At < Windows.Leaves(metric.In, credit.Moment, Edition.Calendar);

        public IEnumerable<(int Subject, CreditRule Rule)> Rules() =>
            from subject in Enumerable.Range(0, History.SubjectCount)
            from rule in Edition.Rules
            where rule.Kind == History.KindOf(subject)
            select (subject, rule);

        /// <summary>Everything that can be asked of the member.</summary>
        public IEnumerable<Explanation> Everything()
        {
            yield return Explainer.Standing();
            foreach (var metric in Edition.Metrics) { yield return Explainer.Metric(metric); }
            foreach (var benefit in Edition.Benefits) { yield return Explainer.Benefit(benefit); }
            foreach (var ladder in Edition.Ladders)
            {
                foreach (var rung in ladder.Rungs) { yield return Explainer.Level(ladder, rung); }
            }
            for (var subject = 0; subject < History.SubjectCount; subject++) { yield return Explainer.Subject(subject); }
            var names = Scoring.Program.Editions.SelectMany(e => e.Rules).Select(r => r.Name).Distinct();
            foreach (var rule in names)
            {
                if (Explainer.Rule(rule, Chance.Below(History.SubjectCount)) is { } told) { yield return told; }
            }
        }
    }
}
