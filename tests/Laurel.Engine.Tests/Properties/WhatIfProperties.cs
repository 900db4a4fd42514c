using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>What is supposed gives what recording it gives; a part of the history gives what the whole gives.</summary>
public sealed class WhatIfProperties
{
    [Fact]
    public void What_if_of_facts_then_recording_them_gives_the_same_credits_entries_and_standing() => Property.Holds(150, made =>
    {
        var chance = new Chance(made.Seed);
        var known = made.SomeInstant(chance);
        if (!made.Program.Editions.Any(e => e.Published <= known)) { return; }
        var told = made.KnownAt(known).ToList();
        var supposed = made.Log.Except(told).ToList();
        if (supposed.Count == 0) { return; }
        var recorded = made.HistoryOf(told.Concat(supposed.Select(f => f with { Recorded = known })));
        foreach (var member in (IReadOnlyList<string>)["ada", "ben", "cyd"])
        {
            var whatIf = new WhatIf(made.Program, made.History(), under: null, known, member, [.. supposed]);
            // Facts that are in the history already, and learnt later, are not there as known.
            Assert.All(whatIf.Verdicts, verdict => Assert.IsType<Verdict.Recorded>(verdict));
            var text = $"{member}, as known on {known}";
            var number = recorded.SubjectOf(Vocabulary.MemberKind, member);
            var scoring = new Scoring(made.Program, recorded, under: null, known);
            var assessing = scoring.Derive().ForThread();
            if (number is not null) { Same.Lines([.. StandingLines.Of(assessing.TimelineOf(number.Value), recorded)], [.. StandingLines.Of(whatIf.After, whatIf.History)], $"standing of {text}"); }
            Same.Lines(
                number is null ? [] : CreditLines.Of(assessing.CreditsOf(number.Value), scoring.Plan.Book, recorded),
                CreditLines.Of(CreditsOf(made, whatIf, known, member), whatIf.Book, whatIf.History), $"credits of {text}");
            Same.Lines([.. Entries(made, recorded, known, told.Count, member)], [.. whatIf.Entries().Select(e => Line(e, whatIf.History))], $"entries of {text}");
        }
    });

    [Fact]
    public void What_speaks_of_a_member_gives_what_the_whole_history_gives() => Property.Holds(150, made =>
    {
        var known = made.SomeInstant(new Chance(made.Seed));
        if (!made.Program.Editions.Any(e => e.Published <= known)) { return; }
        var history = made.History();
        var scoring = new Scoring(made.Program, history, under: null, known);
        var assessing = scoring.Derive().ForThread();
        foreach (var member in history.SubjectsOf(Vocabulary.MemberKind))
        {
            var excerpt = new Excerpt(history, known, history.NameOf(member), [], made.Program.ComparesMembers(under: null));
            var part = new Scoring(made.Program, excerpt.History, under: null, known) { Horizon = scoring.Horizon };
            Same.Lines(
                CreditLines.Of(assessing.CreditsOf(member), scoring.Plan.Book, history),
                CreditLines.Of(part.Derive().ForThread().CreditsOf(excerpt.Member), part.Plan.Book, excerpt.History), $"credits of {history.NameOf(member)} as known on {known}");
        }
    });

    [Fact]
    public void A_fact_that_is_told_already_changes_nothing_and_every_difference_can_be_explained() => Property.Holds(80, made =>
    {
        var chance = new Chance(made.Seed);
        var at = made.SomeInstant(chance);
        if (!made.Program.Editions.Any(e => e.Published <= Instant.Last)) { return; }
        var fact = chance.One(made.Log);
        var again = new WhatIf(made.Program, made.History(), under: null, Instant.Last, "ada", [fact]);
        Assert.IsType<Verdict.Unchanged>(Assert.Single(again.Verdicts));
        Assert.False(again.ChangesAnything);
        var without = new WhatIf(made.Program, made.HistoryOf(made.Log.Where(f => f != fact)), under: null, Instant.Last, "ada", [fact]);
        foreach (var list in without.Explain(at, Instant.Last)) { Said(list, made.Program.Vocabulary); }
        if (!without.ChangesAnything) { Assert.NotEmpty(without.Explain(at, Instant.Last)[0].Because); }
    });

    [Fact]
    public void A_forecast_has_every_change_of_the_timeline_and_its_renewals_are_facts() => Property.Holds(80, made =>
    {
        var at = made.SomeInstant(new Chance(made.Seed));
        var until = new Instant(Math.Min(at.Micros + (400 * Instant.MicrosPerDay), Instant.Last.Micros));
        if (!made.Program.Editions.Any(e => e.Published <= Instant.Last)) { return; }
        var history = made.History();
        var scoring = new Scoring(made.Program, history, under: null, Instant.Last) { Horizon = until };
        var assessing = scoring.Derive().ForThread();
        foreach (var member in history.SubjectsOf(Vocabulary.MemberKind))
        {
            var forecaster = new Forecaster(made.Program, history, under: null, Instant.Last, history.NameOf(member), at, until);
            var (will, renewals) = (forecaster.Will(), forecaster.If());
            Said(will.Told, made.Program.Vocabulary);
            Said(renewals.Told, made.Program.Vocabulary);
            var timeline = assessing.TimelineOf(member);
            var changes = timeline.Standings.Select(s => s.From).Where(i => i > at && i <= until && i.IsReal)
                .Where(i => Change.Between(timeline.At(new(i.Micros - 1)), timeline.At(i), made.Program.Vocabulary).Count > 0);
            Assert.Equal(changes, will.Steps.Where(s => s.Changes.Count > 0).Select(s => s.At));
            foreach (var renewal in renewals.Each.Select(e => e.Renewal))
            {
                Assert.True(renewal.Ends > at && renewal.Ends <= until && renewal.Until > renewal.Ends && renewal.Facts[0].Time == renewal.Ends, renewal.ToString());
                var excerpt = new Excerpt(history, Instant.Last, history.NameOf(member), renewal.Facts, made.Program.ComparesMembers(under: null));
                Assert.All(excerpt.Suppose(renewal.Facts).Verdicts, verdict => Assert.IsType<Verdict.Recorded>(verdict));
            }
        }
    });

    private static void Said(Explanation told, Vocabulary vocabulary)
    {
        foreach (var language in PhraseBook.Languages) { Assert.All(Explaining.ExplainingCase.Lines(told, PhraseBook.In(language, vocabulary)), line => Assert.False(string.IsNullOrWhiteSpace(line))); }
    }

    private static IReadOnlyList<Credit> CreditsOf(Case made, WhatIf whatIf, Instant known, string member) =>
        new Scoring(made.Program, whatIf.History, under: null, known).Derive().ForThread().CreditsOf(whatIf.History.SubjectOf(Vocabulary.MemberKind, member)!.Value);

    private static IEnumerable<string> Entries(Case made, History history, Instant known, int first, string member) =>
        Posting.Run(made.Program, history, under: null, known).Where(p => p.Item.Fact >= 0 && history.PositionOf(p.Item.Fact) >= first)
            .SelectMany(p => p.Entries).Where(e => history.NameOf(e.Member) == member).Select(e => Line(e, history));

    private static string Line(Entry e, History history) => $"{history.NameOf(e.Subject)} {e.Unit} {e.Rule} {e.From} {e.To} {e.Amount} {e.Dated} {e.Starts} {e.Ends}";
}
