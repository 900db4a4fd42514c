using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Tests.Ledger;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties;

/// <summary>Who posts fact by fact, with a part of the log at hand that is thrown away at any time, posts what a run over the whole log posts.</summary>
public sealed class LaneProperties
{
    [Fact]
    public void Entries_do_not_depend_on_what_is_at_hand() => Property.Holds(150, made =>
    {
        var history = made.History();
        var items = Posting.Log(made.Program, history, under: null, Instant.Never, Instant.Ever).ToList();
        var run = Posting.Run(made.Program, history, under: null, Instant.Never).SelectMany(p => Lane.Lines(p.Item, p.Entries, history)).ToList();
        Same.Lines(run, new Lane(made.Program, history, new(made.Seed)).Post(items), "entries posted with a part of the log at hand");
    });

    [Fact]
    public void Entries_do_not_depend_on_where_derivations_go_on() => Property.Holds(300, made =>
    {
        var history = made.History();
        var items = Posting.Log(made.Program, history, under: null, Instant.Never, Instant.Ever).ToList();
        var run = Posting.Run(made.Program, history, under: null, Instant.Never).SelectMany(p => Lane.Lines(p.Item, p.Entries, history)).ToList();
        foreach (var every in (int[])[1, 2, 5]) { Same.Lines(run, new Lane(made.Program, history, new(made.Seed)) { MarkEvery = every, Forgets = (int)(made.Seed % 5) }.Post(items), $"entries posted with a mark every {every} facts"); }
    });

    [Fact]
    public void Standings_of_those_concerned_are_those_of_a_scoring_and_nobody_else_has_another() => Property.Holds(40, made =>
    {
        var history = made.History();
        var items = Posting.Log(made.Program, history, under: null, Instant.Never, Instant.Ever).ToList();
        new Lane(made.Program, history, new(made.Seed)) { Forgets = made.Seed % 2 == 0 ? 0 : 30, MarkEvery = made.Seed % 4 < 2 ? 2 : 64, CoursesMax = made.Seed % 3 == 0 ? 1 : 1000, Told = (posting, own, item) => Compare(made.Program, history, posting, own, item) }.Post(items);
    });

    /// <summary>Compares the standings of all members after an item with those of a scoring: of those concerned as posting has them, of all others as they were.</summary>
    internal static void Compare(PartnerProgram program, History log, Posting posting, History own, LogItem item)
    {
        if (item.Fact < 0 || log.KnownUpTo(item.Recorded) > log.PositionOf(item.Fact) + 1 || !program.Editions.Any(e => e.Published <= item.Recorded)) { return; }
        var scoring = new Scoring(program, log, under: null, item.Recorded);
        var (now, before) = (scoring.Derive().ForThread(), new Scoring(scoring, scoring.Plan.Book, log.PositionOf(item.Fact), scoring.Ranks).Derive().ForThread());
        var concerned = posting.Concerned.ToDictionary(own.NameOf);
        foreach (var member in log.SubjectsOf(Vocabulary.MemberKind))
        {
            var expected = now.TimelineOf(member);
            var found = concerned.TryGetValue(log.NameOf(member), out var number) ? posting.TimelineOf(number, item.Position % 2 == 0 ? Instant.Ever : item.Recorded, item.Recorded) : before.TimelineOf(member);
            Assert.Equal(StandingLines.Of(expected.At(item.Recorded), log.Vocabulary), StandingLines.Of(found.At(item.Recorded), log.Vocabulary));
            if (!program.Editions.Any(ReadsCloses)) { Assert.Equal(expected.NextAfter(item.Recorded), found.NextAfter(item.Recorded)); }
            if (concerned.ContainsKey(log.NameOf(member)) && item.Position % 2 == 0) { Same.Lines([.. StandingLines.Of(UpTo(expected), log)], [.. StandingLines.Of(UpTo(found), own)], "standing over time"); }
        }

        // What closes later is nothing to whoever posts.
        static bool ReadsCloses(Edition edition) => edition.Obligations.Count > 0 || edition.Metrics.Any(m => m.Ranking is not null) || edition.Rules.Any(r => r.When.Any(t => t.Each is not null));

        MemberTimeline UpTo(MemberTimeline timeline) => timeline with { Standings = [.. timeline.Standings.Where(s => s.From <= item.Recorded)] };
    }
}
