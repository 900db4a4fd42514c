using System.Globalization;
using System.Text;
using Laurel.Engine.Facts;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>A history that grew, however it grew, says what one says that was built of the same facts.</summary>
public sealed class AtHandProperties
{
    [Fact]
    public void Facts_that_came_to_hand_in_any_order_are_those_of_the_log() => Property.Holds(200, made =>
    {
        var (built, grown) = (made.History(), Grown(made));
        for (var upTo = 0; upTo <= made.Log.Count; upTo++) { Same.Lines(Lines(built, upTo), Lines(grown, upTo), $"facts of which {upTo} are known"); }
        Assert.Equal(Nobody(built), Nobody(grown));
        var at = made.SomeInstant(new(made.Seed));
        Assert.Equal(built.KnownUpTo(at), grown.KnownUpTo(at));
    });

    [Fact]
    public void Credits_and_standings_of_a_history_that_grew_are_those_of_one_that_was_built() => Property.Holds(120, made =>
    {
        var (built, grown) = (made.History(), Grown(made));
        var known = made.SomeInstant(new(made.Seed));
        Same.Lines(CreditLines.Of(new(made.Program, built, under: null, known), built), CreditLines.Of(new(made.Program, grown, under: null, known), grown), "credits");
        Same.Lines(Standings(made, built, known), Standings(made, grown, known), "standings");
    });

    private static IReadOnlyList<string> Standings(Case made, History history, Instant known) => StandingLines.Of(new Scoring(made.Program, history, under: null, known), history);

    /// <summary>The facts of a case in any order, each with its position.</summary>
    internal static History Grown(Case made)
    {
        var hand = new FactsAtHand(made.Program.Vocabulary);
        foreach (var (position, fact) in new Chance(made.Seed).Shuffled(made.Log.Index()))
        {
            Assert.IsType<Verdict.Recorded>(hand.Add(fact, position));
            if (position % 3 == 0) { Assert.IsType<Verdict.Unchanged>(hand.Add(fact, position)); }
        }
        return hand.History;
    }

    private static List<string> Lines(History history, int upTo)
    {
        var lines = new List<string>();
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            foreach (var fact in history.FactsOf(subject)) { lines.Add($"{history.KindOf(subject)}/{history.NameOf(subject)} {Line(history, fact)} {history.IsKnown(fact, upTo)} {history.IsRetracted(fact, upTo)} {history.AboutOf(fact) == subject}"); }
        }
        return [.. lines.GroupBy(line => line.Split(' ')[0]).OrderBy(group => group.Key, StringComparer.Ordinal).SelectMany(group => group)];
    }

    private static IEnumerable<string> Nobody(History history) => history.FactsOfNobody.Select(fact => $"{Line(history, fact)} {history.AboutOf(fact)}").Order(StringComparer.Ordinal);

    private static string Line(History history, int fact) =>
        string.Create(CultureInfo.InvariantCulture, $"{history.PositionOf(fact)} {history.RecordedOf(fact)} {Encoding.UTF8.GetString(FactJson.Write(history.FactOf(fact), history.Vocabulary))} {history.Find(history.SourceOf(fact), history.IdOf(fact)) == fact}");
}
