using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Tests.Properties;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Ledger;

/// <summary>Posts a log as a server does: with a part of it at hand, which is thrown away now and then, and a store that is asked for what is missing.</summary>
/// <param name="program">The program.</param>
/// <param name="log">The whole log, that the store has as far as it was posted.</param>
/// <param name="chance">In which order the store answers, and when what is at hand is thrown away.</param>
internal sealed class Lane(PartnerProgram program, History log, Chance chance)
{
    private readonly List<(Fact Fact, int Position, int About)> _stored = [];
    private readonly List<(Entry Entry, SubjectName Member)> _ledger = [];
    private FactsAtHand _hand = new(program.Vocabulary);
    private Posting _posting = null!;

    /// <summary>Told of every item after it was posted.</summary>
    public Action<Posting, History, LogItem>? Told { get; init; }

    /// <summary>How many times in a hundred all is thrown away before an item.</summary>
    public int Forgets { get; init; } = 30;

    /// <summary>How many times in a hundred it is asked ahead what some of the items that come next miss.</summary>
    public int LooksAhead { get; init; } = 10;

    /// <summary>A subject with more facts is derived from marks on.</summary>
    public int MarkEvery { get; init; } = 64;

    /// <inheritdoc cref="Posting.CoursesMax"/>
    public int CoursesMax { get; init; } = 1000;

    /// <summary>What was asked for before items were posted, each with the item's position.</summary>
    public List<(int Position, Missing Missing)> Asked { get; } = [];

    /// <summary>An item of the log and its entries, with names for numbers.</summary>
    public static IEnumerable<string> Lines(LogItem item, IReadOnlyList<Entry> entries, History history) =>
        entries.Select(e => $"{item.Position} {e with { Member = 0, Subject = 0 }} {history.NameOf(e.Member)} {history.KindOf(e.Subject)}/{history.NameOf(e.Subject)}");

    public List<string> Post(List<LogItem> items)
    {
        _posting = new(program, _hand, PostingStart.Nothing) { MarkEvery = MarkEvery, CoursesMax = CoursesMax };
        var lines = new List<string>();
        for (var place = 0; place < items.Count; place++)
        {
            var item = items[place];
            if (chance.Percent(Forgets)) { ThrowAway(); }
            if (chance.Percent(LooksAhead)) { LookAhead(items[place..Math.Min(items.Count, place + 5)]); }
            var own = item.Fact < 0 ? item : item with { Fact = Add(item) };
            for (var missing = _posting.MissingFor(own); missing.Count > 0; missing = _posting.MissingFor(own))
            {
                Asked.AddRange(missing.Select(one => (item.Position, one)));
                foreach (var one in chance.Shuffled(missing)) { Answer(one, item); }
            }
            var mayConcern = _posting.MayConcern(own).ToHashSet();
            var first = !program.Editions.Any(e => e.Published < item.Recorded);
            var entries = _posting.Post(own);
            if (!first) { Assert.Subset(mayConcern, _posting.Concerned.ToHashSet()); }
            lines.AddRange(Lines(own, entries, _hand.History));
            _ledger.AddRange(entries.Select(e => (e, new SubjectName(log.Vocabulary.Kinds[Vocabulary.MemberKind].Name, _hand.History.NameOf(e.Member)))));
            Told?.Invoke(_posting, _hand.History, item);
            if (item.Fact >= 0) { _stored.Add((log.FactOf(item.Fact), item.Position, log.AboutOf(item.Fact))); }
        }
        return lines;
    }

    private void ThrowAway()
    {
        _hand = new(program.Vocabulary);
        _posting = new(program, _hand, _posting.Reached) { MarkEvery = MarkEvery, CoursesMax = CoursesMax };
    }

    /// <summary>Lays in what facts will miss, as far as it can be told before they are there.</summary>
    private void LookAhead(List<LogItem> items)
    {
        var facts = items.Where(i => i.Fact >= 0 && log.AboutOf(i.Fact) >= 0).ToList();
        IReadOnlyList<Missing> Ask() => [.. facts.SelectMany(i => _posting.MissingAbout(NameOf(log.AboutOf(i.Fact))).Concat(NamesOf(log.FactOf(i.Fact)).SelectMany(_posting.MissingThrough))).Distinct()];
        for (var missing = Ask(); missing.Count > 0; missing = Ask())
        {
            foreach (var one in chance.Shuffled(missing)) { Answer(one, items[0] with { Fact = -1 }); }
        }
    }

    private IEnumerable<SubjectName> NamesOf(Fact fact) => fact.Data.Where(d => d.Value is FactValue.Reference).Select(d =>
        new SubjectName(log.Vocabulary.Kinds[((FieldType.Reference)fact.Type.Carries.First(c => c.Name == d.Key).Type).Kind].Name, ((FactValue.Reference)d.Value).Name));

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
            case Missing.Owed owed:
                _posting.LayInOwed(owed, _ledger.Where(e => e.Entry.Unit == owed.Unit.Index).GroupBy(e => e.Member).Where(own => own.Sum(e => Owes(e.Entry, owed.At)) > 0 || chance.Percent(20)).Select(own => own.Key));
                break;
            default:
                foreach (var subject in _stored.Where(s => s.About >= 0).Select(s => s.About).Append(item.Fact < 0 ? -1 : log.AboutOf(item.Fact)).Where(s => s >= 0).Distinct()) { LayIn(NameOf(subject)); }
                _posting.LaidInAll();
                break;
        }
    }

    /// <summary>How much more is owed to a member by an entry.</summary>
    private static long Owes(Entry entry, Instant at) =>
        entry.To == Account.Paid ? -entry.Amount : entry.Starts > at || entry.Ends <= at ? 0 : entry.To == Account.Member ? entry.Amount : entry.From == Account.Member ? -entry.Amount : 0;

    private void LayIn(SubjectName subject) => _posting.LayIn(subject, chance.Shuffled(_stored.Where(s => s.About >= 0 && NameOf(s.About) == subject)).Select(s => (s.Fact, s.Position)));

    private SubjectName NameOf(int subject) => new(log.Vocabulary.Kinds[log.KindOf(subject)].Name, log.NameOf(subject));

    private bool Names(Fact fact, string field, FactValue value, SubjectName subject) =>
        value is FactValue.Reference reference && reference.Name == subject.Name
        && fact.Type.Carries.First(c => c.Name == field).Type is FieldType.Reference { Kind: var kind } && log.Vocabulary.Kinds[kind].Name == subject.Kind;
}
