using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Posts facts, and what the program itself writes into its log.</content>
internal sealed partial class Bookkeeper
{
    /// <summary>What the program writes next into its log by itself: the close of a period, or an edition's publication; null for nothing.</summary>
    /// <param name="publishes">False to leave editions out.</param>
    private (Edition? Published, Instant At)? NextOwn(bool publishes)
    {
        var close = _told ? NextClose(new(Head.Recorded)) : Instant.Never;
        if (!publishes || NextEdition() is not { } edition) { return close < Instant.Never ? (null, close) : null; }
        var published = PublishedAt(edition);
        return close <= published ? (null, close) : (edition, published);
    }

    /// <summary>When the next period closes, once something is told; never where none does.</summary>
    private Instant NextClose(Instant after) => new PeriodCloses(_rules.Editions, Vocabulary.Zone, after).Until(Instant.Last).DefaultIfEmpty(Instant.Never).First();

    /// <summary>Writes what the program has to write until an instant.</summary>
    /// <param name="until">The instant.</param>
    /// <param name="whole">False to leave an edition that has to be staged for many members first.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>When it has to write next.</returns>
    private async Task<Instant> WriteOwn(Instant until, bool whole, CancellationToken stop)
    {
        var publishes = true;
        while (true)
        {
            if (NextOwn(publishes) is not { } own) { return Instant.Never; }
            // Of facts that were told at the instant at which an edition was opened, each was in the log already.
            var due = own.Published is { } opened && OpenedThere.ContainsKey(opened.Name) ? new Instant(own.At.Micros + 1) : own.At;
            // What the log has reached is over, also where the clock stands before it: a sandbox's, or one that was set back.
            if (due > Instant.Max(until, new(Head.Recorded))) { return due; }
            if (own.Published is { } edition && IsStaged && !whole && !await IsNear(edition, stop).ConfigureAwait(false)) { publishes = false; }
            else { await WriteOwn(own, whole, stop).ConfigureAwait(false); }
        }
    }

    private async Task WriteOwn((Edition? Published, Instant At) own, bool whole, CancellationToken stop)
    {
        using var span = Telemetry.Begin("laurel.due", _rules.Name, []);
        // While a history is told nobody else waits, and what is at hand stays there.
        var isStaged = IsStaged && !(whole && _book is null && Head.FactsTo <= AtHand.FactsMax);
        if (own.Published is { } edition && isStaged) { await Publish(edition, own.At, stop).ConfigureAwait(false); }
        else
        {
            // To whom something is owed is asked of the ledger.
            await Written.ConfigureAwait(false);
            var row = OwnRowOf(own.Published, own.At);
            var posted = new Posted([row], [], [], []);
            await Take(posted, row, fact: null, stop).ConfigureAwait(false);
            if (own.Published is { } published) { posted.Told.Also.AddRange(AskedAnew(published, own.At)); }
            await Write(posted, own.Published is null ? CommitKind.Due : CommitKind.Open, keep: null, ahead: whole, stop).ConfigureAwait(false);
        }
        Telemetry.Due(_rules.Name, own.Published is null ? "close" : "publication", done: 1, skipped: 0);
        if (own.Published is not { } opened) { return; }
        _published.Add(opened.Name);
        Published(opened.Name);
    }

    /// <summary>What the program itself writes, as a fact.</summary>
    private FactRow OwnRowOf(Edition? published, Instant at)
    {
        var line = new LedgerLines(_rules, _atHand.History, RuleBook.InForce(_rules, Instant.Never)).LineOf(new((int)Head.FactsTo, -1, published, at));
        return new()
        {
            Position = Head.FactsTo,
            At = line.Time.Micros,
            Recorded = at.Micros,
            Source = _words.NumberOf(line.Source),
            Type = _words.NumberOf(line.Type),
            Id = line.Id,
            Data = line.Data,
        };
    }

    /// <summary>What a commit is to write.</summary>
    /// <param name="Facts">The new facts.</param>
    /// <param name="Subjects">The subjects that are named for the first time.</param>
    /// <param name="Ties">The subjects that the facts name, each with what the fact is about.</param>
    /// <param name="Personal">What is personal of the facts.</param>
    private sealed record Posted(
        IReadOnlyList<FactRow> Facts, IReadOnlyList<(long Subject, string Kind, string Name)> Subjects, IReadOnlyCollection<(long Subject, long Other)> Ties, IReadOnlyList<PersonalValue> Personal)
    {
        public List<EntryRow> Entries { get; } = [];

        public Told Told { get; } = new();
    }

    /// <summary>Posts facts in one commit. One with which a member would get too much is refused: what came before it is a commit by itself then, and the others follow.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="slice">Which of them, and when they are recorded.</param>
    /// <param name="sifted">What is known of them; their receipts go there.</param>
    /// <param name="all">True to post none where one is refused.</param>
    /// <param name="keep">Makes the answers that are kept with a commit; null for none.</param>
    /// <param name="stop">Ends the waiting.</param>
    private async Task Post(IReadOnlyList<Fact> facts, List<(int Index, Instant At)> slice, Sifted sifted, bool all, Keeping<IReadOnlyList<Receipt?>>? keep, CancellationToken stop)
    {
        for (var most = slice.Count; slice.Count > 0;)
        {
            var part = slice[..Math.Min(most, slice.Count)];
            var posted = RowsOf(facts, part, sifted);
            var about = posted.Facts.Select(f => f.Subject).OfType<long>().ToHashSet();
            var named = part.SelectMany(s => FactForm.Named(facts[s.Index])).Select(n => new SubjectName(Vocabulary.Kinds[n.Kind].Name, n.Name)).ToHashSet();
            await ReadToldUntil(posted.Told, await _atHand.TakeAhead(about, named, Head.FactsTo, stop).ConfigureAwait(false), stop).ConfigureAwait(false);
            var place = 0;
            try
            {
                for (; place < part.Count; place++) { await Take(posted, posted.Facts[place], FactForm.Public(facts[part[place].Index]) with { Recorded = part[place].At }, stop).ConfigureAwait(false); }
            }
            catch (AmountOverflowException)
            {
                var refused = part[place].Index;
                sifted.Receipts[refused] = new Receipt.Refused(_parser.RefuseTotal(facts[refused]));
                slice.RemoveAt(place);
                foreach (var (_, kind, name) in posted.Subjects) { sifted.Numbers.Remove((kind, name)); }
                foreach (var row in posted.Facts) { sifted.Retracted.Remove((_words[row.Source], row.Id)); }
                _words.Forget();
                await Written.ConfigureAwait(false);
                await _atHand.Begin(Head, stop).ConfigureAwait(false);
                await ReadAsked(stop).ConfigureAwait(false);
                if (all) { return; }
                // Nothing is posted more than twice, however many are refused: where one is, the next often are.
                most = Math.Max(place, 1);
                continue;
            }
            for (var i = 0; i < part.Count; i++) { sifted.Receipts[part[i].Index] = new Receipt.Recorded(posted.Facts[i].Position, part[i].At); }
            sifted.Settle();
            await Write(posted, CommitKind.Facts, With(sifted.Receipts, keep), ahead: true, stop).ConfigureAwait(false);
            _nextSubject += posted.Subjects.Count;
            _told = true;
            slice.RemoveRange(0, part.Count);
            most *= 2;
        }
    }

    /// <summary>The rows of facts; subjects that nobody spoke of before get their numbers.</summary>
    private Posted RowsOf(IReadOnlyList<Fact> facts, List<(int Index, Instant At)> slice, Sifted sifted)
    {
        var subjects = new List<(long Subject, string Kind, string Name)>();
        foreach (var ((kind, name), number) in sifted.Numbers) { _atHand.Name(kind, name, number); }
        var (rows, ties, personal) = (new List<FactRow>(slice.Count), new HashSet<(long Subject, long Other)>(), new List<PersonalValue>());
        foreach (var (index, at) in slice)
        {
            var row = RowOf(facts[index], Head.FactsTo + rows.Count, at, sifted, NumberOf, personal);
            sifted.Retracted[(facts[index].Source, facts[index].Id)] = row;
            rows.Add(row);
            if (row.Subject is { } about) { ties.UnionWith(FactForm.Named(facts[index]).Select(n => (Subject: NumberOf(Vocabulary.Kinds[n.Kind].Name, n.Name), Other: about)).Where(t => t.Subject != about)); }
        }
        return new(rows, subjects, ties, personal);

        long NumberOf(string kind, string name)
        {
            if (sifted.Numbers.TryGetValue((kind, name), out var number)) { return number; }
            sifted.Numbers[(kind, name)] = number = _nextSubject + subjects.Count;
            subjects.Add((number, kind, name));
            _atHand.Name(kind, name, number);
            return number;
        }
    }

    private FactRow RowOf(Fact fact, long position, Instant at, Sifted sifted, Func<string, string, long> numberOf, List<PersonalValue> personal)
    {
        var retracted = fact.Type.BuiltIn == BuiltIn.Retracted;
        long? subject = retracted ? sifted.Retracted.GetValueOrDefault(TargetOf(fact))?.Subject : fact.Subject is { } about ? numberOf(about.Kind, about.Name) : null;
        var numbered = FactForm.Numbered(fact, subject, (kind, name) => numberOf(Vocabulary.Kinds[kind].Name, name), (field, text) =>
        {
            personal.Add(PersonalValue.New(position, subject!.Value, field, text));
            return personal[^1].Commitment;
        });
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

    /// <summary>Posts a fact: takes the entries that it causes, and tells what it changes.</summary>
    private async Task Take(Posted posted, FactRow cause, Fact? fact, CancellationToken stop)
    {
        var at = new Instant(cause.Recorded);
        await TellRequests(posted.Told, at, except: cause.Subject, stop).ConfigureAwait(false);
        var (item, may) = await _atHand.Take(cause, fact, Head.FactsTo, stop).ConfigureAwait(false);
        await ReadToldUntil(posted.Told, may.Select(_atHand.NumberOf), stop).ConfigureAwait(false);
        var was = may.ToDictionary(m => m, m => _atHand.TimelineOf(m, UntilOf(posted.Told, m, at), at));
        var asked = cause.Subject is { } about && (_atHand.IsOfRequest(item) || _asked[about] < cause.Recorded) ? cause.Subject : null;
        var due = await DueOf(asked, at, stop).ConfigureAwait(false);
        var (entries, members) = _atHand.Post(item);
        posted.Entries.AddRange(entries.Select(entry => _atHand.RowOf(entry, Head.Book)));
        foreach (var member in members) { Tell(posted.Told, _atHand.NumberOf(member), was.GetValueOrDefault(member), _atHand.TimelineOf(member, at, at), UntilOf(posted.Told, member, at), at, Head.EntriesTo + posted.Entries.Count, cause.Position); }
        foreach (var paid in entries.Where(e => e.To == Account.Paid)) { posted.Told.Changed(_atHand.NumberOf(paid.Member), at, cause.Position, Json(json => StandingJson.WritePaid(json, Vocabulary.Units[paid.Unit], paid.Amount))); }
        if (asked is { } subject) { await TellRequests(posted.Told, subject, at, due, cause.Position, stop).ConfigureAwait(false); }
    }

    private async Task Write(Posted posted, CommitKind kind, Func<Commit, Task<IReadOnlyList<KeptAnswer>>>? keep, bool ahead, CancellationToken stop)
    {
        foreach (var row in posted.Facts) { _facts.Append(_log.LeafOf(row)); }
        var causes = posted.Facts.ToDictionary(r => r.Position);
        foreach (var entry in posted.Entries)
        {
            var cause = causes[entry.Cause];
            _entries.Append(_log.LeafOf(entry, _words[cause.Source], cause.Id, entry.Kind));
        }
        var commit = Next(kind, posted.Facts[^1].Recorded, posted.Facts.Count, posted.Entries.Count, posted.Told.ChangeCount);
        var (subjects, stale) = (SubjectsOf(posted), Stale(posted.Told).ToList());
        await Write(commit, TablesOf(posted).Append(subjects).Concat(posted.Told.Tables(_program, commit, s => BodyOf(s, Vocabulary))).Concat(stale), keep, ahead, stop).ConfigureAwait(false);
        _writing = posted.Facts.ToDictionary(f => (_words[f.Source], f.Id));
        await Keep(posted.Told).ConfigureAwait(false);
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
        Epoch = _epoch,
        FactsRoot = _facts.Root,
        EntriesRoot = _entries.Root,
        Told = null,
    };

    /// <summary>The rows of new subjects; a kind of which there was none is a new word.</summary>
    private Rows SubjectsOf(Posted posted)
    {
        var subjects = posted.Subjects;
        return new Rows("subjects", subjects.Count)
            .With("subject", [.. subjects.Select(s => s.Subject)]).With("kind", [.. subjects.Select(s => (long)_words.NumberOf(s.Kind))]).With("program", _program).With("name", subjects.Select(s => (string?)s.Name).ToArray()).With("salt", subjects.Select(_ => (byte[]?)Salt()).ToArray());
    }

    private IEnumerable<Rows> TablesOf(Posted posted)
    {
        var (facts, entries, ties) = (posted.Facts, posted.Entries, posted.Ties);
        yield return new Rows("facts", facts.Count)
            .With("position", [.. facts.Select(f => f.Position)]).With("subject", facts.Select(f => f.Subject).ToArray()).With("at", [.. facts.Select(f => f.At)]).With("recorded", [.. facts.Select(f => f.Recorded)])
            .With("source", [.. facts.Select(f => f.Source)]).With("type", [.. facts.Select(f => f.Type)]).With("program", _program)
            .With("salt", facts.Select(f => f.Salt).ToArray()).With("id", facts.Select(f => (string?)f.Id).ToArray()).With("data", facts.Select(f => f.Data).ToArray());
        yield return PersonalValue.RowsOf(posted.Personal, _program);
        yield return new Rows("entries", entries.Count)
            .With("position", [.. entries.Select(e => e.Position)]).With("cause", [.. entries.Select(e => e.Cause)]).With("member", [.. entries.Select(e => e.Member)]).With("subject", [.. entries.Select(e => e.Subject)])
            .With("amount", [.. entries.Select(e => e.Amount)]).With("dated", [.. entries.Select(e => e.Dated)]).With("starts", [.. entries.Select(e => e.Starts)]).With("ends", [.. entries.Select(e => e.Ends)])
            .With("rule", [.. entries.Select(e => e.Rule)]).With("unit", [.. entries.Select(e => e.Unit)]).With("program", _program).With("book", [.. entries.Select(e => e.Book)])
            .With("source", [.. entries.Select(e => e.Source)]).With("target", [.. entries.Select(e => e.Target)]);
        yield return new Rows("ties", ties.Count, "program", "subject", "other").With("subject", [.. ties.Select(t => t.Subject)]).With("other", [.. ties.Select(t => t.Other)]).With("program", _program);
    }
}
