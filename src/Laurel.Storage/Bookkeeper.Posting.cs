using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Posts facts, and what the program itself writes into its log.</content>
internal sealed partial class Bookkeeper
{
    /// <summary>What the program writes next into its log by itself: the close of a period, or an edition's publication; null for nothing.</summary>
    private (Edition? Published, Instant At)? NextOwn()
    {
        var close = _told ? new PeriodCloses(_rules.Editions, Vocabulary.Zone, new(Head.Recorded)).Until(Instant.Last).Cast<Instant?>().FirstOrDefault() : null;
        var edition = _rules.Editions.Where(e => !_published.Contains(e.Name)).MinBy(e => e.Published);
        if (edition is null) { return close is { } only ? (null, only) : null; }
        var published = Instant.Max(edition.Published, new(Head.Recorded));
        return close is { } at && at <= published ? (null, at) : (edition, published);
    }

    /// <summary>Writes what the program has to write until an instant.</summary>
    private async Task WriteOwn(Instant until, CancellationToken stop)
    {
        while (NextOwn() is { } own && own.At <= until) { await WriteOwn(own, stop).ConfigureAwait(false); }
    }

    private async Task WriteOwn((Edition? Published, Instant At) own, CancellationToken stop)
    {
        var gathered = await _gathering.All([], Head.FactsTo, stop).ConfigureAwait(false);
        var history = gathered.Build();
        var (item, entries) = Posting.Run(_rules, history, under: null, Instant.Never, own.At).First(p => p.Item.Fact < 0 && (own.Published is { } edition ? p.Item.Published == edition : p.Item.IsClose && p.Item.Recorded == own.At));
        var lines = new LedgerLines(_rules, history, _book);
        var line = lines.LineOf(item);
        var row = new FactRow
        {
            Position = Head.FactsTo,
            At = line.Time.Micros,
            Recorded = own.At.Micros,
            Source = _words.NumberOf(line.Source),
            Type = _words.NumberOf(line.Type),
            Id = line.Id,
            Data = line.Data,
        };
        var posted = new Posted(gathered, history, [row], []);
        Take(posted, lines, row, entries);
        await Write(posted, own.Published is null ? CommitKind.Due : CommitKind.Open, stop).ConfigureAwait(false);
        if (own.Published is { } opened) { _published.Add(opened.Name); }
    }

    /// <summary>What a commit is to write.</summary>
    /// <param name="Gathered">What it was made from.</param>
    /// <param name="History">The same as a history, with the new facts.</param>
    /// <param name="Facts">The new facts.</param>
    /// <param name="Subjects">The subjects that are named for the first time.</param>
    private sealed record Posted(Gathered Gathered, History History, IReadOnlyList<FactRow> Facts, IReadOnlyList<(long Subject, string Kind, string Name)> Subjects)
    {
        public List<EntryRow> Entries { get; } = [];

        /// <summary>The members, by their numbers in the history, whose standing may be another.</summary>
        public SortedSet<int> Members { get; } = [];
    }

    /// <summary>Gathers what some subjects depend on: everything, where members are compared.</summary>
    private Task<Gathered> Gather(IReadOnlyCollection<long> subjects, IReadOnlyList<FactRow> rows, CancellationToken stop) => _rules.ComparesMembers(under: null)
        ? _gathering.All(rows, Head.FactsTo, stop)
        : _gathering.About(subjects, rows, Head.FactsTo, stop);

    private async Task Post(IReadOnlyList<Fact> facts, List<(int Index, Instant At)> slice, Sifted sifted, CancellationToken stop)
    {
        var subjects = new List<(long Subject, string Kind, string Name)>();
        long NumberOf(string kind, string name)
        {
            if (sifted.Numbers.TryGetValue((kind, name), out var number)) { return number; }
            sifted.Numbers[(kind, name)] = number = _nextSubject + subjects.Count;
            subjects.Add((number, kind, name));
            return number;
        }
        var rows = new List<FactRow>(slice.Count);
        foreach (var (index, at) in slice)
        {
            var row = RowOf(facts[index], Head.FactsTo + rows.Count, at, sifted, NumberOf);
            sifted.Retracted[(facts[index].Source, facts[index].Id)] = row;
            rows.Add(row);
        }
        var gathered = await Gather([.. rows.Select(r => r.Subject).OfType<long>()], rows, stop).ConfigureAwait(false);
        foreach (var (number, kind, name) in subjects) { gathered.Name(number, kind, name); }
        var history = gathered.Build();
        var before = history.FactCount - rows.Count;
        var posted = new Posted(gathered, history, rows, subjects);
        var lines = new LedgerLines(_rules, history, _book);
        foreach (var (item, entries) in Posting.Run(_rules, history, under: null, Instant.Never))
        {
            if (item.Fact >= 0 && history.PositionOf(item.Fact) >= before) { Take(posted, lines, rows[history.PositionOf(item.Fact) - before], entries); }
        }
        AddMembers(posted);
        await Write(posted, CommitKind.Facts, stop).ConfigureAwait(false);
        _nextSubject += subjects.Count;
        _told = true;
        for (var i = 0; i < slice.Count; i++) { sifted.Receipts[slice[i].Index] = new Receipt.Recorded(rows[i].Position, slice[i].At); }
    }

    private FactRow RowOf(Fact fact, long position, Instant at, Sifted sifted, Func<string, string, long> numberOf)
    {
        var retracted = fact.Type.BuiltIn == BuiltIn.Retracted;
        long? subject = retracted ? sifted.Retracted.GetValueOrDefault(TargetOf(fact))?.Subject : fact.Subject is { } about ? numberOf(about.Kind, about.Name) : null;
        var numbered = FactForm.Numbered(fact, subject, Vocabulary, (kind, name) => numberOf(Vocabulary.Kinds[kind].Name, name));
        return new()
        {
            Position = position,
            Subject = subject,
            At = fact.Time.Micros,
            Recorded = at.Micros,
            Source = _words.NumberOf(fact.Source),
            Type = _words.NumberOf(fact.Type.Name),
            Salt = Salt(),
            Id = fact.Id,
            Data = DataOf(numbered),
        };
    }

    /// <summary>Takes the entries that a fact caused.</summary>
    private void Take(Posted posted, LedgerLines lines, FactRow cause, IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            posted.Members.Add(entry.Member);
            posted.Entries.Add(new()
            {
                Position = Head.EntriesTo + posted.Entries.Count,
                Cause = cause.Position,
                Member = posted.Gathered.NumberOf(posted.History, entry.Member),
                Subject = posted.Gathered.NumberOf(posted.History, entry.Subject),
                Amount = entry.Amount,
                Dated = entry.Dated.Micros,
                Starts = entry.Starts.Micros,
                Ends = entry.Ends.Micros,
                Rule = _words.NumberOf(RuleWord.Of(lines.EditionOf(entry), _book.NameOf(entry.Rule))),
                Unit = _words.NumberOf(Vocabulary.Units[entry.Unit].Name),
                Book = Head.Book,
                Source = (long)entry.From,
                Target = (long)entry.To,
            });
        }
    }

    /// <summary>Adds the members that new facts are about or name.</summary>
    private void AddMembers(Posted posted)
    {
        var history = posted.History;
        var kind = Vocabulary.Kinds[Vocabulary.MemberKind].Name;
        foreach (var row in posted.Facts)
        {
            var type = _gathering.TypeOf(row)!;
            var about = type.About == Vocabulary.MemberKind && row.Subject is { } subject ? [subject] : Enumerable.Empty<long>();
            foreach (var number in about.Concat(FactForm.Named(row, type)))
            {
                if (posted.Gathered.NameOf(number) is { } named && named.Kind == kind && history.SubjectOf(Vocabulary.MemberKind, named.Name) is { } member) { posted.Members.Add(member); }
            }
        }
    }

    private async Task Write(Posted posted, CommitKind kind, CancellationToken stop)
    {
        var (factsMark, entriesMark) = (_facts.Mark(), _entries.Mark());
        foreach (var row in posted.Facts) { _facts.Append(_log.LeafOf(row)); }
        var causes = posted.Facts.ToDictionary(r => r.Position);
        foreach (var entry in posted.Entries)
        {
            var cause = causes[entry.Cause];
            _entries.Append(_log.LeafOf(entry, _words[cause.Source], cause.Id, posted.Gathered.NameOf(entry.Subject)!.Value.Kind));
        }
        var recorded = posted.Facts[^1].Recorded;
        var standings = await StandingsOf(posted, new(recorded), posted.Facts[^1].Position, stop).ConfigureAwait(false);
        var commit = Next(kind, recorded, posted.Facts.Count, posted.Entries.Count, standings.ChangeCount);
        await Write(commit, [.. TablesOf(posted), .. standings.Tables(_program, commit)], factsMark, entriesMark, stop).ConfigureAwait(false);
    }

    /// <summary>The commit that follows.</summary>
    private Commit Next(CommitKind kind, long recorded, int facts, int entries, int changes) => Head with
    {
        Number = Head.Number + 1,
        Batch = Guid.NewGuid().ToByteArray(),
        Recorded = recorded,
        FactsTo = Head.FactsTo + facts,
        EntriesTo = Head.EntriesTo + entries,
        ChangesTo = Head.ChangesTo + changes,
        StageFrom = null,
        StageTo = null,
        Kind = kind,
        FactsRoot = _facts.Root,
        EntriesRoot = _entries.Root,
    };

    private IEnumerable<Rows> TablesOf(Posted posted)
    {
        var (facts, entries, subjects) = (posted.Facts, posted.Entries, posted.Subjects);
        yield return new Rows("facts", facts.Count)
            .With("position", [.. facts.Select(f => f.Position)]).With("subject", facts.Select(f => f.Subject).ToArray()).With("at", [.. facts.Select(f => f.At)]).With("recorded", [.. facts.Select(f => f.Recorded)])
            .With("source", [.. facts.Select(f => f.Source)]).With("type", [.. facts.Select(f => f.Type)]).With("program", _program)
            .With("salt", facts.Select(f => f.Salt).ToArray()).With("id", facts.Select(f => (string?)f.Id).ToArray()).With("data", facts.Select(f => f.Data).ToArray());
        yield return new Rows("entries", entries.Count)
            .With("position", [.. entries.Select(e => e.Position)]).With("cause", [.. entries.Select(e => e.Cause)]).With("member", [.. entries.Select(e => e.Member)]).With("subject", [.. entries.Select(e => e.Subject)])
            .With("amount", [.. entries.Select(e => e.Amount)]).With("dated", [.. entries.Select(e => e.Dated)]).With("starts", [.. entries.Select(e => e.Starts)]).With("ends", [.. entries.Select(e => e.Ends)])
            .With("rule", [.. entries.Select(e => e.Rule)]).With("unit", [.. entries.Select(e => e.Unit)]).With("program", _program).With("book", [.. entries.Select(e => e.Book)])
            .With("source", [.. entries.Select(e => e.Source)]).With("target", [.. entries.Select(e => e.Target)]);
        yield return new Rows("subjects", subjects.Count)
            .With("subject", [.. subjects.Select(s => s.Subject)]).With("kind", [.. subjects.Select(s => (long)_words.NumberOf(s.Kind))]).With("program", _program).With("name", subjects.Select(s => (string?)s.Name).ToArray());
        var ties = facts.Where(f => f.Subject is not null).SelectMany(f => _gathering.TypeOf(f) is { } type ? FactForm.Named(f, type).Where(n => n != f.Subject).Select(n => (Subject: n, Other: f.Subject!.Value)) : []).Distinct().ToList();
        yield return new Rows("ties", ties.Count, "program", "subject", "other").With("subject", [.. ties.Select(t => t.Subject)]).With("other", [.. ties.Select(t => t.Other)]).With("program", _program);
    }
}
