using Laurel.Engine.Deriving;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Properties.Naive;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>What the engine derives by folding events is what is computed by asking point by point and joining spans.</summary>
public sealed class NaiveProperties
{
    [Fact]
    public void Credits_of_the_editions_in_force_are_as_computed_from_the_words_of_the_language() => Property.Holds(150, made =>
    {
        var history = made.History();
        var credits = CreditLines.Of(new Scoring(made.Program, history, under: null, Instant.Never), history);
        Same.Lines(CreditLines.Of(new NaiveCredits(made.Program.Vocabulary, NaiveCredits.InForce(made.Program, Instant.Never), made.Log)), credits, "credits");
    });

    [Fact]
    public void Credits_under_one_edition_are_as_computed_from_the_words_of_the_language() => Property.Holds(80, made =>
    {
        var edition = new Chance(made.Seed).One(made.Program.Editions);
        var history = made.History();
        var credits = CreditLines.Of(new Scoring(made.Program, history, edition, Instant.Never), history);
        Same.Lines(CreditLines.Of(new NaiveCredits(made.Program.Vocabulary, NaiveCredits.Under(edition), made.Log)), credits, $"credits under {edition.Name}");
    });

    [Fact]
    public void Credits_as_known_earlier_leave_out_what_was_learnt_later() => Property.Holds(60, made =>
    {
        var known = made.SomeInstant(new(made.Seed));
        if (NaiveCredits.InForce(made.Program, known).Count == 0) { return; }
        var history = made.History();
        var scoring = new Scoring(made.Program, history, under: null, known);
        var credits = CreditLines.Of(scoring, history);
        Same.Lines(CreditLines.Of(new NaiveCredits(made.Program.Vocabulary, NaiveCredits.InForce(made.Program, known), made.KnownAt(known), scoring.Horizon)), credits, $"credits as known on {known}");
    });

    [Fact]
    public void Credits_after_a_draft_is_published_are_as_computed_from_the_words_of_the_language() => Property.Holds(60, made =>
    {
        var chance = new Chance(made.Seed);
        var (draft, from) = made.Program.Drafts.Count > 0
            ? (chance.One(made.Program.Drafts), Some.At(chance.One("2025-01-02", "2025-06-01", "2026-01-01")))
            : (made.Program.Editions[^1], made.Program.Editions[^1].Effective);
        var history = made.History();
        var credits = CreditLines.Of(new Scoring(made.Program, history, RuleBook.With(made.Program, draft, from, Instant.Never), Instant.Never), history);
        var before = NaiveCredits.InForce(made.Program, Instant.Never).Where(e => e.InForce.Starts < from && e.Edition != draft).Select(e => (e.Edition, e.InForce with { Ends = Instant.Min(e.InForce.Ends, from) }));
        Same.Lines(CreditLines.Of(new NaiveCredits(made.Program.Vocabulary, [.. before, (draft, new(from, Instant.Never))], made.Log)), credits, $"credits with {draft.Name} from {from}");
    });
}
