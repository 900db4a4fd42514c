using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Properties.Naive;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Standings swept once over time are what is computed at each instant from all credits.</summary>
public sealed class StandingProperties
{
    private static readonly Instant Oldest = Some.At("2019-01-01");
    private static readonly Instant Newest = Some.At("2028-01-01");

    [Fact]
    public void Metrics_and_levels_are_as_computed_at_every_instant() => Property.Holds(60, made => Each(made, (timeline, naive, history) =>
    {
        foreach (var at in naive.Instants)
        {
            foreach (var near in (Instant[])[new(at.Micros - 1), at]) { Same.Lines([naive.At(near)], [Line(timeline.At(near), history)], $"{history.NameOf(timeline.Member)} at {near}"); }
        }
    }));

    [Fact]
    public void Nothing_changes_before_the_next_change_and_something_does_then() => Property.Holds(60, made => Each(made, (timeline, naive, history) =>
    {
        var at = made.SomeInstant(new(made.Seed));
        for (var i = 0; i < 40 && timeline.NextAfter(at) is { } next && next < Newest; i++)
        {
            var (now, then) = (naive.At(at), naive.At(next));
            foreach (var between in naive.Instants.Where(b => b > at && b < next)) { Assert.Equal(now, naive.At(between)); }
            Assert.True(now != then, $"{history.NameOf(timeline.Member)}: nothing changes at {next} after {at}: {then}");
            at = next;
        }
    }));

    [Fact]
    public void Nothing_about_a_subject_changes_before_it_is_due() => Property.Holds(40, made =>
    {
        var history = made.History();
        var scoring = new Scoring(made.Program, history, under: null, Instant.Never);
        var naive = new NaiveCredits(made.Program.Vocabulary, NaiveCredits.InForce(made.Program, Instant.Never), made.Log);
        var at = made.SomeInstant(new(made.Seed));
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            var name = new SubjectName(made.Program.Vocabulary.Kinds[history.KindOf(subject)].Name, history.NameOf(subject));
            var due = new Due(scoring, history).OfSubject(subject, at) ?? Instant.Never;
            var pieces = naive.Ways.For(name).ToList();
            foreach (var change in pieces.SelectMany(p => new[] { p.Span.Starts, p.Span.Ends }).Where(i => i > at && i < due))
            {
                Assert.True(There(pieces, change).SequenceEqual(There(pieces, new(change.Micros - 1))), $"{name} changes at {change}, and is due at {due}");
            }
        }
    });

    private static IEnumerable<string> There(IEnumerable<Piece> pieces, Instant at) =>
        pieces.Where(p => p.Span.Contains(at)).Select(p => $"{p.Of.Member} {p.Of.Rule} {p.Of.Moment} {p.Pending} {p.Amount}").Order(StringComparer.Ordinal);

    private static void Each(Case made, Action<MemberTimeline, NaiveStandings, History> holds)
    {
        // Reviews go on through all the years between; a few are enough.
        if (made.Log.Any(f => f.Time < Oldest || f.Time > Newest)) { return; }
        var history = made.History();
        var assessing = new Scoring(made.Program, history, under: null, Instant.Never).Derive().ForThread();
        var credits = new NaiveCredits(made.Program.Vocabulary, NaiveCredits.InForce(made.Program, Instant.Never), made.Log);
        foreach (var member in history.SubjectsOf(Vocabulary.MemberKind))
        {
            holds(assessing.TimelineOf(member), new(credits, new("member", history.NameOf(member))), history);
        }
    }

    /// <summary>A number as it is; a map by its keys, what is nought left out.</summary>
    private static string Text(Value value) => value.Kind switch
    {
        ValueKind.NotTold => "not told",
        ValueKind.Map => $"{{{string.Join(", ", value.AsMap.Keys.Where(k => value.AsMap[k].ToString() != "0").Select(k => $"{k}: {value.AsMap[k]}").Order(StringComparer.Ordinal))}}}",
        _ => value.ToString(),
    };

    private static string Line(MemberStanding standing, History history)
    {
        var metrics = standing.Edition.Metrics.Select(m => $"{m.Name} {Text(standing.Metrics[m.Index])}");
        var levels = standing.Edition.Ladders.Select(l => $"{l.Name} {standing.LevelOn(l)}");
        var benefits = standing.Edition.Benefits.Where(b => standing.Benefits[b.Index]).Select(b => b.Name);
        var pending = history.Vocabulary.Units.Select(u => $"pending {standing.Pending[u.Index]} {u.Name}");
        return string.Join(", ", [$"by {standing.Edition.Name}", standing.Enrolled ? "enrolled" : "not enrolled", .. standing.States.Select(s => s.Name), .. metrics, .. levels, .. benefits, .. pending]);
    }
}
