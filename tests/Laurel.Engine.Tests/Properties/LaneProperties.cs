using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
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
        var run = Posting.Run(made.Program, history, under: null, Instant.Never).SelectMany(p => Lines(p.Item, p.Entries, history)).ToList();
        Same.Lines(run, new Lane(made, history).Post(items), "entries posted with a part of the log at hand");
    });

    [Fact]
    public void Standings_of_those_concerned_are_those_of_a_scoring_and_nobody_else_has_another() => Property.Holds(40, made =>
    {
        var history = made.History();
        var items = Posting.Log(made.Program, history, under: null, Instant.Never, Instant.Ever).ToList();
        new Lane(made, history) { Told = (posting, own, item) => Compare(made, history, posting, own, item) }.Post(items);
    });

    private static void Compare(Case made, History log, Posting posting, History own, LogItem item)
    {
        if (item.Fact < 0 || log.KnownUpTo(item.Recorded) > log.PositionOf(item.Fact) + 1 || !made.Program.Editions.Any(e => e.Published <= item.Recorded)) { return; }
        var scoring = new Scoring(made.Program, log, under: null, item.Recorded);
        var (now, before) = (scoring.Derive().ForThread(), new Scoring(scoring, scoring.Plan.Book, log.PositionOf(item.Fact), scoring.Ranks).Derive().ForThread());
        var concerned = posting.Concerned.ToDictionary(own.NameOf);
        foreach (var member in log.SubjectsOf(Vocabulary.MemberKind))
        {
            var expected = StandingLines.Of(now.TimelineOf(member).At(item.Recorded), log.Vocabulary);
            var found = concerned.TryGetValue(log.NameOf(member), out var number)
                ? posting.TimelineOf(number, item.Recorded).At(item.Recorded)
                : before.TimelineOf(member).At(item.Recorded);
            Assert.Equal(expected, StandingLines.Of(found, log.Vocabulary));
        }
    }

    private static IEnumerable<string> Lines(LogItem item, IReadOnlyList<Entry> entries, History history) =>
        entries.Select(e => $"{item.Position} {e with { Member = 0, Subject = 0 }} {history.NameOf(e.Member)} {history.KindOf(e.Subject)}/{history.NameOf(e.Subject)}");

    /// <summary>Posts a log as a server does: with a store that is asked for what is missing.</summary>
    private sealed class Lane(Case made, History log)
    {
        /// <summary>Told of every item after it was posted.</summary>
        public Action<Posting, History, LogItem>? Told { get; init; }

        private readonly Chance _chance = new(made.Seed);
        private readonly List<(Fact Fact, int Position, int About)> _stored = [];
        private FactsAtHand _hand = new(made.Program.Vocabulary);
        private Posting _posting = null!;

        public List<string> Post(List<LogItem> items)
        {
            _posting = new(made.Program, _hand, PostingStart.Nothing);
            var lines = new List<string>();
            foreach (var item in items)
            {
                if (_chance.Percent(30)) { ThrowAway(); }
                var own = item.Fact < 0 ? item : item with { Fact = Add(item) };
                for (var missing = _posting.MissingFor(own); missing.Count > 0; missing = _posting.MissingFor(own))
                {
                    foreach (var one in _chance.Shuffled(missing)) { Answer(one, item); }
                }
                var mayConcern = _posting.MayConcern(own).ToHashSet();
                var first = !made.Program.Editions.Any(e => e.Published < item.Recorded);
                var entries = _posting.Post(own);
                if (!first) { Assert.Subset(mayConcern, _posting.Concerned.ToHashSet()); }
                lines.AddRange(Lines(own, entries, _hand.History));
                Told?.Invoke(_posting, _hand.History, item);
                if (item.Fact >= 0) { _stored.Add((log.FactOf(item.Fact), item.Position, log.AboutOf(item.Fact))); }
            }
            return lines;
        }

        private void ThrowAway()
        {
            _hand = new(made.Program.Vocabulary);
            _posting = new(made.Program, _hand, _posting.Reached);
        }

        private int Add(LogItem item)
        {
            var fact = log.FactOf(item.Fact);
            // A retraction that came before what it names is kept until then.
            foreach (var (retraction, position, _) in _stored.Where(s => s.Fact["id"]?.ToString() == fact.Id && s.Fact["source"]?.ToString() == fact.Source)) { _hand.Add(retraction, position); }
            Assert.IsType<Verdict.Recorded>(_hand.Add(fact, item.Position));
            return _hand.History.Find(fact.Source, fact.Id)!.Value;
        }

        private void Answer(Missing missing, LogItem item)
        {
            switch (missing)
            {
                case Missing.FactsOf facts:
                    LayIn(facts.Subject);
                    break;
                case Missing.Naming naming:
                    _posting.LayInNaming(naming.Subject, _stored.Where(s => s.Fact.Data.Any(d => Names(s.Fact, d.Key, d.Value, naming.Subject))).Select(s => s.Fact.Subject!.Value).Distinct());
                    break;
                case Missing.FactOf named when _stored.FirstOrDefault(s => s.Fact.Source == named.Source && s.Fact.Id == named.Id) is { Fact: not null, About: >= 0 and var about }:
                    LayIn(NameOf(about));
                    break;
                case Missing.FactOf named:
                    _posting.NobodyTold(named.Source, named.Id);
                    break;
                default:
                    foreach (var subject in _stored.Where(s => s.About >= 0).Select(s => s.About).Append(item.Fact < 0 ? -1 : log.AboutOf(item.Fact)).Where(s => s >= 0).Distinct()) { LayIn(NameOf(subject)); }
                    _posting.LaidInAll();
                    break;
            }
        }

        private void LayIn(SubjectName subject) => _posting.LayIn(subject, _chance.Shuffled(_stored.Where(s => s.About >= 0 && NameOf(s.About) == subject)).Select(s => (s.Fact, s.Position)));

        private SubjectName NameOf(int subject) => new(log.Vocabulary.Kinds[log.KindOf(subject)].Name, log.NameOf(subject));

        private bool Names(Fact fact, string field, FactValue value, SubjectName subject) =>
            value is FactValue.Reference reference && reference.Name == subject.Name
            && fact.Type.Carries.First(c => c.Name == field).Type is FieldType.Reference { Kind: var kind } && log.Vocabulary.Kinds[kind].Name == subject.Kind;
    }
}
