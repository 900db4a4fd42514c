using System.Globalization;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>What was told decides, not how it came: in which order, how late, with a trace or without, once or taken back.</summary>
public sealed class OrderProperties
{
    private static readonly Instant Later = Some.At("2025-06-01");

    [Fact]
    public void Whatever_order_facts_arrive_in_the_end_is_the_same() => Property.Holds(120, made =>
    {
        var ranks = new Chance(made.Seed).Shuffled(Enumerable.Range(0, made.Log.Count));
        // Of facts of one type and instant the one told first counts first: their order among themselves is kept.
        var first = made.Log.Select((f, i) => (Key: (f.Time, f.Type.Order), Place: i)).GroupBy(f => f.Key).ToDictionary(g => g.Key, g => ranks[g.First().Place]);
        var shuffled = made.Log.Select((f, i) => (Fact: f, Rank: first[(f.Time, f.Type.Order)], Place: i)).OrderBy(f => f.Rank).ThenBy(f => f.Place)
            .Select((f, i) => f.Fact with { Recorded = new(Later.Micros + i) });
        Ends(made, made.Log, shuffled, "in another order");
    });

    [Fact]
    public void A_late_fact_ends_as_if_it_had_come_in_time() => Property.Holds(120, made =>
    {
        var chance = new Chance(made.Seed);
        var late = made.Log.Select(f => (f.Time, f.Type.Order)).Distinct().ToDictionary(k => k, _ => chance.Percent(40));
        var inTime = SomeFacts.Log(made.Log.Select(f => f with { Recorded = null }));
        var told = SomeFacts.Log(inTime.Select(f => late[(f.Time, f.Type.Order)] ? f with { Recorded = Instant.Max(f.Time, Later) } : f));
        Ends(made, inTime, told, "with some facts late");
    });

    [Fact]
    public void A_fact_retracted_is_as_if_never_told() => Property.Holds(120, made =>
    {
        var chance = new Chance(made.Seed);
        var fact = chance.One(made.Log);
        if (fact.Type.BuiltIn == BuiltIn.Retracted) { return; }
        var type = made.Program.Vocabulary.FactTypes.First(t => t.BuiltIn == BuiltIn.Retracted);
        var retraction = new Fact("shop", "retraction", type, null, made.SomeInstant(chance), null, [new("source", new FactValue.Text(fact.Source)), new("id", new FactValue.Text(fact.Id))]);
        Ends(made, made.Log.Where(f => f != fact), SomeFacts.Log(made.Log.Append(retraction)), $"with {fact.Id} retracted");
    });

    [Fact]
    public void The_same_fact_told_twice_changes_nothing() => Property.Holds(60, made =>
    {
        var chance = new Chance(made.Seed);
        var builder = new HistoryBuilder(made.Program.Vocabulary);
        foreach (var fact in made.Log)
        {
            builder.Add(fact);
            if (!chance.Percent(30)) { continue; }
            var again = chance.One(made.Log) with { Recorded = Instant.Max(fact.Time, Later) };
            if (builder.Count > made.Log.ToList().FindIndex(f => f.Id == again.Id)) { Assert.IsType<Verdict.Unchanged>(builder.Add(again)); }
        }
        var (once, twice) = (made.History(), builder.Build());
        Same.Lines(CreditLines.Of(Scored(made, once), once), CreditLines.Of(Scored(made, twice), twice), "credits of facts told twice");
    });

    [Fact]
    public void What_is_traced_is_what_is_derived() => Property.Holds(120, made =>
    {
        var history = made.History();
        var scoring = Scored(made, history);
        var book = scoring.Plan.Book;
        var plans = book.Editions.Select((_, e) => new EditionPlan<Traced>(book, e, history)).ToList();
        var traced = new SubjectDeriver<Traced>(book, plans, history, scoring.Enrolment, _ => new(new TraceTape()));
        var untraced = new SubjectDeriver<Untraced>(book, scoring.Plan.Editions, history, scoring.Enrolment, _ => default);
        var members = history.SubjectsOf(Vocabulary.MemberKind).ToList();
        var asked = new Chance(made.Seed).Below(members.Count + 1) - 1;
        for (var e = 0; e < plans.Count; e++) { traced.Fold(e).Asked = asked < 0 ? -1 : members[asked]; }
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            var (with, without) = (new CreditList(), new CreditList());
            traced.Derive(subject, scoring.UpTo, with);
            untraced.Derive(subject, scoring.UpTo, without);
            Same.Lines(CreditLines.Of(without.Items.ToArray(), book, history), CreditLines.Of(with.Items.ToArray(), book, history), string.Create(CultureInfo.InvariantCulture, $"credits traced for member {asked}"));
        }
    });

    private static Scoring Scored(Case made, History history) => new(made.Program, history, under: null, Instant.Never) { Horizon = Some.At("2025-03-01") };

    private static void Ends(Case made, IEnumerable<Fact> one, IEnumerable<Fact> other, string how)
    {
        // A rank is what was known on its date: when facts were learnt decides it, and nothing else does.
        if (made.Program.Editions.Any(e => e.Metrics.Any(m => m.Ranking is not null))) { return; }
        var (first, second) = (made.HistoryOf(one), made.HistoryOf(other));
        Same.Lines(CreditLines.Of(Scored(made, first), first), CreditLines.Of(Scored(made, second), second), $"credits {how}");
        Same.Lines(StandingLines.Of(Scored(made, first), first), StandingLines.Of(Scored(made, second), second), $"standings {how}");
    }
}
