using System.Diagnostics;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>
/// Stages editions in books, and opens them. What an edition changes for each member is found ahead of its publication, in steps between the
/// commits of facts, and laid beside the ledger; facts that come meanwhile have it found again for those whom they concern. When nearly
/// all is found and the edition is to be published, the rest is, and one commit takes it over. The ledger is what it would be had all been found at once.
/// </content>
internal sealed partial class Bookkeeper
{
    /// <summary>How many facts a step looks at.</summary>
    private const int FollowMax = 400;

    /// <summary>How many members a step stages at most.</summary>
    private const int PaceMax = 100;

    /// <summary>Of how many members what is left is deleted at a time.</summary>
    private const int SweepMax = 1_000;

    /// <summary>Of how many members it is kept until when they were told of, while all of them are gone through.</summary>
    private const int ToldMax = 100_000;

    /// <summary>How long before an edition's publication its staging begins, in microseconds.</summary>
    private const long Lead = Instant.MicrosPerDay;

    /// <summary>How long the facts that wait may wait for a step; more where steps do not gain on what comes.</summary>
    private static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(2);

    private readonly Books _books;

    // What is being staged, and what a step is to be; not known before the first step.
    private Book? _book;
    private AtHand? _stage;
    private Book[]? _left;
    private int _pace = 8;

    // Of what a step takes, what fewer members would not shorten: in milliseconds, as far as it is known.
    private double _least = double.MaxValue;
    private TimeSpan _allowed = StepMin;
    private long _stale;

    // When an edition that is due was last seen not to be ready: until then nobody knew of it.
    private Instant _waited = Instant.Ever;

    /// <summary>Of so many members, what an edition changes is found while all else waits.</summary>
    public int NearMax { get; set; } = Near;

    /// <summary>The same, where nothing else is said.</summary>
    public const int Near = 100;

    /// <summary>Does one step of what is staged, where an edition is to be published soon; publishes one of which all is staged; deletes what is left of others.</summary>
    /// <returns>True where there is more to do at once.</returns>
    /// <exception cref="LaneLostException">Another server has the lane.</exception>
    /// <exception cref="StorageRefusedException">The database takes nothing.</exception>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add by the edition.</exception>
    public async Task<bool> Stage(CancellationToken stop)
    {
        if (!_told || Status.Archived is not null) { return false; }
        var now = Instant.Max(Now, new(Head.Recorded));
        var edition = NextEdition() is { } next && IsStaged && next.Published.Micros - now.Micros <= Lead ? next : null;
        if (edition is null && _left is []) { return false; }
        // What is staged is read.
        await Written.ConfigureAwait(false);
        await Begin(edition, stop).ConfigureAwait(false);
        if (await Leave(stop).ConfigureAwait(false)) { return true; }
        if (edition is null) { return false; }
        var isDue = edition.Published <= now;
        var isNear = isDue && await IsNear(edition, stop).ConfigureAwait(false);
        if (isDue && (!isNear || _waited > Instant.Ever)) { _waited = now; }
        if (isNear)
        {
            await WriteOwn(now, whole: false, stop).ConfigureAwait(false);
            return _left is { Length: > 0 };
        }
        var through = _book!.Next >= _nextSubject && _book.Followed == Head.FactsTo;
        if (through)
        {
            var stale = await _books.StaleCount(_book.Number, PublishedAt(edition), stop).ConfigureAwait(false);
            // Until its day, what changes once more is left to change again.
            if (!isDue && stale <= NearMax) { return false; }
            _allowed = stale < _stale ? StepMin : TimeSpan.FromTicks(Math.Min(StepMax.Ticks, _allowed.Ticks * 2));
            _stale = stale;
        }
        var begun = Stopwatch.GetTimestamp();
        bool more;
        do
        {
            var step = Stopwatch.GetTimestamp();
            more = await Stage(edition, Math.Min(_pace, NearMax), stop).ConfigureAwait(false);
            var took = Math.Max(1, Stopwatch.GetElapsedTime(step).TotalMilliseconds);
            _least = Math.Min(_least, took);
            _pace = Math.Clamp((int)(_pace * (_least + StepMin.TotalMilliseconds) / took), Math.Max(1, _pace / 2), Math.Min(PaceMax, _pace * 2));
        }
        while (more && _allowed > StepMin && Stopwatch.GetElapsedTime(begun) < _allowed);
        return true;
    }

    /// <summary>True where editions are staged: members who are compared have what they have from all others, and are published at once.</summary>
    private bool IsStaged => !_rules.ComparesMembers(under: null);

    private int MemberWord => _words.NumberOf(Vocabulary.Kinds[Vocabulary.MemberKind].Name);

    /// <summary>The edition that is published next; null for none.</summary>
    private Edition? NextEdition() => _rules.Editions.Where(e => !_published.Contains(e.Name)).MinBy(e => e.Published);

    /// <summary>When editions were opened in the log that this one is to be like: staged until then, they come into it there. Empty for a log of its own.</summary>
    public IReadOnlyDictionary<string, Instant> OpenedThere { get; set; } = new Dictionary<string, Instant>();

    /// <summary>When an edition is published, as the log stands.</summary>
    private Instant PublishedAt(Edition edition) => Instant.Max(Instant.Max(edition.Published, OpenedThere.GetValueOrDefault(edition.Name, Instant.Ever)), Instant.Max(_waited, new(Head.Recorded)));

    /// <summary>Publishes the editions that were opened after the last fact of the log that this one is to be like; periods that close before them do.</summary>
    /// <param name="stop">Ends the waiting for a database that cannot be reached.</param>
    public async Task OpenAsThere(CancellationToken stop)
    {
        var last = OpenedThere.Where(o => o.Value <= Now && !_published.Contains(o.Key)).Select(o => o.Value).DefaultIfEmpty(Instant.Ever).Max();
        if (_told && last > Instant.Ever && last >= new Instant(Head.Recorded)) { await WriteOwn(new Instant(last.Micros + 1), whole: true, stop).ConfigureAwait(false); }
        await Written.ConfigureAwait(false);
    }

    /// <summary>Goes on with an edition's book, or begins one; those of other editions are left.</summary>
    /// <param name="edition">The edition; null for none.</param>
    /// <param name="stop">Ends the waiting.</param>
    private async Task Begin(Edition? edition, CancellationToken stop)
    {
        var hash = edition is null ? "" : Books.HashOf(_rules, edition);
        if (_left is null)
        {
            _left = [.. await _books.Left(stop).ConfigureAwait(false)];
            _book = Array.FindLast(_left, b => b.State == BookState.Staging && b.Hash == hash);
            _left = [.. _left.Where(b => b != _book)];
        }
        if (_book is { } other && other.Edition != edition?.Name) { (_book, _left) = (null, [.. _left, other]); }
        if (_book is not null || edition is null) { return; }
        var number = Math.Max(await _books.NextNumber(stop).ConfigureAwait(false), _left.Select(b => b.Number + 1).DefaultIfEmpty().Max());
        _book = new(number, edition.Name, hash, BookState.Staging, Next: 0, Followed: Head.FactsTo, Done: 0, await _books.Members(MemberWord, stop).ConfigureAwait(false));
        (_pace, _least, _allowed, _stale, _waited) = (8, double.MaxValue, StepMin, 0, Instant.Ever);
    }

    /// <summary>Gives up what is not staged any more, and deletes a part of what is left of it.</summary>
    /// <returns>True where there is more to delete.</returns>
    private async Task<bool> Leave(CancellationToken stop)
    {
        if (_left is not [var first, .. var others]) { return false; }
        if (first.State is BookState.Staging or BookState.Opening)
        {
            first = first with { State = BookState.Abandoned };
            await Write(Next(CommitKind.Stage, Head.Recorded, 0, 0, 0), [first.RowOf(_program, Instant.Never)], keep: null, ahead: false, stop).ConfigureAwait(false);
            _left = [first, .. others];
        }
        else if (!await _books.Sweep(first.Number, SweepMax, stop).ConfigureAwait(false)) { _left = others; }
        return _left.Length > 0;
    }

    /// <summary>True where what an edition changes is to be found for few members only.</summary>
    private async Task<bool> IsNear(Edition edition, CancellationToken stop)
    {
        await Written.ConfigureAwait(false);
        await Begin(edition, stop).ConfigureAwait(false);
        if (Head.FactsTo - _book!.Followed > FollowMax) { return false; }
        var members = _book.Next >= _nextSubject ? [] : await _books.Members(MemberWord, _book.Next, NearMax + 1, stop).ConfigureAwait(false);
        return members.Count <= NearMax && members.Count + await _books.StaleCount(_book.Number, PublishedAt(edition), stop).ConfigureAwait(false) <= NearMax;
    }

    /// <summary>Publishes an edition: what is not staged yet is staged, and one commit takes all of it over.</summary>
    private async Task Publish(Edition edition, Instant at, CancellationToken stop)
    {
        await Written.ConfigureAwait(false);
        await TellRequests(at, stop).ConfigureAwait(false);
        await Begin(edition, stop).ConfigureAwait(false);
        if (_book is { Next: 0 } begun) { _book = begun with { State = BookState.Opening }; }
        while (await Stage(edition, NearMax, stop).ConfigureAwait(false)) { stop.ThrowIfCancellationRequested(); }
        await Open(edition, at, stop).ConfigureAwait(false);
    }

    /// <summary>Stages an edition for some members: those who come next, and then those for whom it holds no more.</summary>
    /// <returns>False where it holds for all.</returns>
    private async Task<bool> Stage(Edition edition, int most, CancellationToken stop)
    {
        var (book, at) = (_book!, PublishedAt(edition));
        var followed = Math.Min(Head.FactsTo, book.Followed + FollowMax);
        var concerned = book.Followed == followed ? [] : await _gathering.Concerned(await _gathering.Told(book.Followed, followed, stop).ConfigureAwait(false), followed, stop).ConfigureAwait(false);
        var stale = concerned.Where(m => m < book.Next).ToList();
        var isNext = book.Next < _nextSubject;
        var members = isNext ? await _books.Members(MemberWord, book.Next, most, stop).ConfigureAwait(false)
            : followed < Head.FactsTo ? [] : [.. stale.Union(await _books.Stale(book.Number, at, most, stop).ConfigureAwait(false)).Take(most).Order()];
        if (!isNext && followed == book.Followed && members.Count == 0) { return false; }
        var next = book with { Followed = followed };
        if (isNext) { next = next with { Next = members.Count < most ? _nextSubject : members[^1] + 1, Done = book.Done + members.Count, Total = Math.Max(book.Total, book.Done + members.Count) }; }
        var told = new Told();
        var staged = members.Count == 0 ? [] : await Find(members, edition, at, told, stop).ConfigureAwait(false);
        var commit = Next(CommitKind.Stage, Head.Recorded, 0, 0, 0) with { StageFrom = members.Count == 0 ? null : members[0], StageTo = members.Count == 0 ? null : members[^1] + 1 };
        IReadOnlyList<Rows> tables = [next.RowOf(_program, edition.Effective), Stale(book.Number, stale), .. Removed(book.Number, isNext ? [] : members), .. staged];
        await Write(commit, tables, keep: null, ahead: false, stop).ConfigureAwait(false);
        _book = next;
        if (_toldUntil.Count > ToldMax) { _toldUntil.Clear(); }
        return true;
    }

    /// <summary>What an edition changes for members, as rows of its book.</summary>
    private async Task<IReadOnlyList<Rows>> Find(IReadOnlyList<long> members, Edition edition, Instant at, Told told, CancellationToken stop)
    {
        _stage ??= new(_database, _program, _words, _gathering, _rules, _atHand.PublishedLast);
        var closes = _told ? new PeriodCloses(_rules.Editions, Vocabulary.Zone, new(Head.Recorded)).Until(at).ToList() : [];
        await ReadToldUntil(told, members, stop).ConfigureAwait(false);
        Instant ToldUntil(long member) => _toldUntil.GetValueOrDefault(member) ?? at;
        var staged = await _stage.Stage([.. members.Select(m => (m, ToldUntil(m)))], edition, closes, at, Head, stop).ConfigureAwait(false);
        foreach (var member in staged) { Tell(told, member.Number, member.Was, member.Becomes, ToldUntil(member.Number), at, position: 0, cause: Head.FactsTo); }
        var close = new PeriodCloses(_rules.Editions, Vocabulary.Zone, at).Until(Instant.Last).Append(Instant.Never).First();
        Instant UntilOf(StagedMember member) => new[] { close, NextOf(member.Was, at), NextOf(member.Becomes, at) }.Min();
        var entries = staged.SelectMany(m => m.Entries.Select(e => (m.Number, e.Subject, e.Kind, e.Entry))).ToList();
        return
        [
            told.Staged(_program, _book!.Number, at, [.. staged.Select(m => (m.Number, UntilOf(m)))], s => BodyOf(s, Vocabulary)),
            new Rows("staged_entries", entries.Count)
                .With("member", [.. entries.Select(e => e.Number)]).With("subject", [.. entries.Select(e => e.Subject)]).With("amount", [.. entries.Select(e => e.Entry.Amount)])
                .With("dated", [.. entries.Select(e => e.Entry.Dated.Micros)]).With("starts", [.. entries.Select(e => e.Entry.Starts.Micros)]).With("ends", [.. entries.Select(e => e.Entry.Ends.Micros)])
                .With("rule", [.. entries.Select(e => (long)e.Entry.Rule)]).With("unit", [.. entries.Select(e => (long)e.Entry.Unit)]).With("program", _program).With("book", _book.Number)
                .With("kind", [.. entries.Select(e => (long)e.Kind)]).With("status", [.. entries.Select(e => (long)StatusOf(e.Entry))])
                .With("source", [.. entries.Select(e => (long)e.Entry.From)]).With("target", [.. entries.Select(e => (long)e.Entry.To)]),
            told.StagedChanges(_program, _book.Number),
        ];
    }

    private static Instant NextOf(MemberTimeline? timeline, Instant at) => timeline?.NextAfter(at) ?? Instant.Never;

    private static CreditStatus StatusOf(Entry entry) => entry.From == Account.Pending || entry.To == Account.Pending ? CreditStatus.Pending : CreditStatus.Active;

    /// <summary>Says that what is staged of members holds no more.</summary>
    private Rows Stale(int book, List<long> members) => new Rows("staged_members", members.Count, "program", "book", "member")
        .With("program", _program).With("book", book).With("member", [.. members]).With("until", Instant.Ever.Micros);

    private IEnumerable<Rows> Removed(int book, IReadOnlyList<long> members) => ((string[])["staged_entries", "staged_changes"])
        .Select(table => new Rows(table, members.Count) { Removes = true }.With("program", _program).With("book", book).With("member", [.. members]));

    /// <summary>Of members of whom something is told, what is staged holds no more.</summary>
    private IEnumerable<Rows> Stale(Told told) => _book is { } book ? [Stale(book.Number, [.. told.Members.Where(m => m < book.Next)])] : [];

    /// <summary>Opens a book of which all is staged.</summary>
    private async Task Open(Edition edition, Instant at, CancellationToken stop)
    {
        var (book, row, rules) = (_book!, OwnRowOf(edition, at), RuleBook.InForce(_rules, at));
        var words = new Dictionary<int, int>();
        var units = Vocabulary.Units.ToDictionary(u => u.Index, u => _words.NumberOf(u.Name));
        _facts.Append(_log.LeafOf(row));
        var count = 0;
        await foreach (var (entry, kind) in _books.Entries(book.Number, stop).ConfigureAwait(false))
        {
            var rule = (int)entry.Rule;
            if (!words.TryGetValue(rule, out var word)) { words[rule] = word = _words.NumberOf(RuleWord.Of(rules, rule)); }
            (entry.Position, entry.Rule, entry.Unit) = (Head.EntriesTo + count++, word, units[(int)entry.Unit]);
            _entries.Append(_log.LeafOf(entry, LedgerLines.OwnSource, row.Id, Vocabulary.Kinds[kind].Name));
        }
        var (changes, told) = await _books.Told(book.Number, row.Position, stop).ConfigureAwait(false);
        var commit = Next(CommitKind.Open, at.Micros, 1, count, changes) with { Told = told };
        var opened = book with { State = BookState.Open, Opened = commit.Number };
        IReadOnlyList<Rows> tables = [.. TablesOf(new([row], [], [], [])), opened.RowOf(_program, edition.Effective), .. _books.Open(book.Number, Head, commit, row.Position, (units, words)), .. AskedAnew(edition, at)];
        await Write(commit, tables, keep: null, ahead: false, stop).ConfigureAwait(false);
        (_book, _stage, _left, _waited) = (null, null, [.. _left ?? [], opened], Instant.Ever);
        _toldUntil.Clear();
        await _atHand.Publish(edition, Head, stop).ConfigureAwait(false);
    }

    /// <content>What is told of members is laid into a book instead.</content>
    private sealed partial class Told
    {
        /// <summary>Of whom it is.</summary>
        public IEnumerable<long> Members => _standings.Keys;

        /// <summary>Where members stand, from an instant until others.</summary>
        public Rows Staged(int program, int book, Instant at, IReadOnlyList<(long Member, Instant Until)> members, Func<MemberStanding, string> bodyOf)
        {
            (long Position, long At, long Next, MemberStanding Standing)? Of(long member) => _standings.TryGetValue(member, out var standing) ? standing : null;
            return new Rows("staged_members", members.Count, "program", "book", "member")
                .With("program", program).With("book", book).With("member", [.. members.Select(m => m.Member)]).With("at", at.Micros).With("until", [.. members.Select(m => m.Until.Micros)])
                .With("next", [.. members.Select(m => Of(m.Member)?.Next ?? Instant.Never.Micros)]).With("body", members.Select(m => Of(m.Member) is { } standing ? bodyOf(standing.Standing) : null).ToArray());
        }

        /// <summary>What is told, each of a member in its place.</summary>
        public Rows StagedChanges(int program, int book) => new Rows("staged_changes", _changes.Count)
            .With("member", [.. _changes.Select(c => c.Member)]).With("effective", [.. _changes.Select(c => c.Effective)]).With("place", [.. _changes.Select((_, i) => (long)i)])
            .With("program", program).With("book", book).With("caused", [.. _changes.Select(c => c.Cause is null ? 0L : 1L)]).With("body", _changes.Select(c => (string?)c.Body).ToArray());
    }
}
