using Dapper;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>A part of a program's log as a history, and the place up to which it was read.</summary>
/// <param name="History">The facts.</param>
/// <param name="Position">Nothing after it is in them.</param>
public sealed record Extract(History History, Position Position);

/// <summary>An entry of the ledger with names for numbers.</summary>
/// <param name="Position">Its place in the ledger, from 0.</param>
/// <param name="Cause">The place in the log of the fact that caused it.</param>
/// <param name="Recorded">When that was recorded.</param>
/// <param name="Line">What it says.</param>
public sealed record PostedEntry(long Position, long Cause, Instant Recorded, EntryLine Line);

/// <summary>A fact of the log.</summary>
/// <param name="Position">Its place in the log, from 0.</param>
/// <param name="Fact">What it says, and when it was recorded; without what is withheld or erased.</param>
/// <param name="Withheld">The personal fields whose values are there and not shown.</param>
/// <param name="Erased">The personal fields whose values were erased, each with when.</param>
public sealed record LoggedFact(long Position, Fact Fact, IReadOnlyList<string> Withheld, IReadOnlyList<(string Field, Instant At)> Erased)
{
    /// <summary>True where a fact says nothing else. Of what was erased nobody knows what it said, and who leaves out what is personal denies nothing.</summary>
    public bool Says(Fact told)
    {
        ArgumentNullException.ThrowIfNull(told);
        bool Counts(FactField field) => !field.Personal || (told[field.Name] is not null && !Erased.Any(e => e.Field == field.Name));
        Fact Part(Fact of) => of with { Recorded = null, Data = [.. of.Data.Where(d => Counts(of.Type.Carries.First(f => f.Name == d.Key)))] };
        return Part(Fact) == Part(told);
    }
}

/// <summary>A change of a member's standing as it was announced.</summary>
/// <param name="Number">Its place among changes, from 0.</param>
/// <param name="Commit">The commit that told it.</param>
/// <param name="Member">The member's name.</param>
/// <param name="Effective">From when on.</param>
/// <param name="Cause">The place in the log of the fact that caused it; null where time did.</param>
/// <param name="Subject">What the member asked about, where it is of a request; null for what is of the member.</param>
/// <param name="Body">What changed, as JSON: <c>{"changes": […]}</c>.</param>
public sealed record ToldChange(long Number, long Commit, string Member, Instant Effective, long? Cause, SubjectName? Subject, string Body);

/// <summary>A member as it was last looked at.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Told">When it was looked at; null for never.</param>
/// <param name="Body">Its standing then, as JSON; null for none.</param>
public sealed record ListedMember(long Number, string Name, Instant? Told, string? Body)
{
    /// <summary>The member as it stands at another instant.</summary>
    public ListedMember At(Instant at, MemberStanding standing, Vocabulary vocabulary) => this with { Told = at, Body = Bookkeeper.BodyOf(standing, vocabulary) };
}

/// <summary>What facts are looked for.</summary>
/// <param name="Subject">About this subject; null for any.</param>
/// <param name="Member">About this member, or about what was ever tied to it; null for any.</param>
/// <param name="Type">Of this type; null for any.</param>
/// <param name="From">That happened at this instant or later.</param>
/// <param name="Until">That happened before this instant.</param>
public sealed record FactFilter(SubjectName? Subject, string? Member, string? Type, Instant From, Instant Until);

/// <summary>Reads a program's log and ledger beside its lane, each time as of one position. Any number of readers may.</summary>
public sealed partial class Reader
{
    private readonly Database _database;
    private readonly int _number;
    private readonly Guid _incarnation;
    private readonly TimeProvider _clock;
    private readonly bool _sandbox;

    // Where nobody tells what is due, what is published counts all the same, unless it is being staged.
    private readonly bool _isServed;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (long Position, Instant Recorded)> _opened = new(StringComparer.Ordinal);

    // Read only, and anew where there are more by now.
    private volatile Words? _words;
    private volatile RuleBook? _book;

    internal Reader(Database database, int number, PartnerProgram program, Guid incarnation, TimeProvider clock, bool sandbox, bool isServed) =>
        (_database, _number, Program, _incarnation, _clock, _sandbox, _isServed) = (database, number, program, incarnation, clock, sandbox, isServed);

    /// <summary>The program and its rules.</summary>
    public PartnerProgram Program { get; }

    private Vocabulary Vocabulary => Program.Vocabulary;

    /// <summary>What an operator has said of the program.</summary>
    public Task<ProgramStatus> Status(CancellationToken stop) => Statuses.Of(_database, _number, stop);

    /// <summary>What time it is in the program: by its own clock, where it is a sandbox.</summary>
    public async Task<Instant> Now(CancellationToken stop) => _sandbox ? (await Status(stop).ConfigureAwait(false)).Clock!.Value : Bookkeeper.NowBy(_clock);

    /// <summary>The editions in force as known at an instant. Most who ask ask as of now, and for all of them it is one.</summary>
    /// <param name="program">The program; without the editions that are being staged.</param>
    /// <param name="known">The instant.</param>
    public RuleBook BookOf(PartnerProgram program, Instant known)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!ReferenceEquals(program, Program)) { return RuleBook.InForce(program, known); }
        var count = program.Editions.Count(e => e.Published <= known);
        return _book is { } book && book.Editions.Count == count ? book : _book = RuleBook.InForce(program, known);
    }

    /// <summary>The program's texts as they are in use, by their path in its folder.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Texts(CancellationToken stop) => (await ProgramTexts.Of(_database, _number, stop).ConfigureAwait(false)).Files;

    /// <summary>The program's texts as they would be with changes: texts by their path; null for one that is taken away.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Texts(IReadOnlyDictionary<string, string?> changes, CancellationToken stop) =>
        ProgramTexts.With((await ProgramTexts.Of(_database, _number, stop).ConfigureAwait(false)).Files, changes);

    /// <summary>The end of the log.</summary>
    public async Task<Position> Head(CancellationToken stop) => PositionOf(_incarnation, await Spine.HeadOf(_database, _number, stop).ConfigureAwait(false));

    /// <summary>The place right after a commit.</summary>
    internal static Position PositionOf(Guid incarnation, Commit head) => new(incarnation, head.Number, head.FactsTo, head.EntriesTo, head.ChangesTo, head.Number == 0 ? Instant.Ever : new(head.Recorded));

    /// <summary>The end of the log, and the words that are there by then.</summary>
    private async Task<(Position Head, Words Words)> Look(CancellationToken stop)
    {
        var (head, word) = await Last("ORDER BY number DESC", new { program = _number }, stop).ConfigureAwait(false);
        if (_words is not { } words || words.Count <= word) { _words = words = await Words.Of(_database, _number, stop).ConfigureAwait(false); }
        return (head, words);
    }

    /// <summary>The end of the log as it was at an instant. Of facts that were recorded together as they were learnt, some may be known: it goes up to what these made.</summary>
    public async Task<Position> At(Instant known, CancellationToken stop)
    {
        var (whole, _) = await Last("AND recorded <= @known ORDER BY recorded DESC, number DESC", new { program = _number, known = known.Micros }, stop).ConfigureAwait(false);
        if (await Commits(whole.Number, 1, stop).ConfigureAwait(false) is not [var next] || next.Facts - whole.Facts < 2) { return whole; }
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var told = await connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM facts WHERE program = @program AND position >= @from AND position < @upTo AND recorded <= @known",
            new { program = _number, from = whole.Facts, upTo = next.Facts, known = known.Micros }).ConfigureAwait(false);
        if (told == 0) { return whole; }
        var (facts, parameters) = (whole.Facts + told, new { program = _number, whole.Entries, whole.Changes, upToEntries = next.Entries, upToChanges = next.Changes, fact = whole.Facts + told, known = known.Micros });
        var entries = await connection.QuerySingleAsync<long?>("SELECT min(position) FROM entries WHERE program = @program AND position >= @Entries AND position < @upToEntries AND cause >= @fact", parameters).ConfigureAwait(false);
        var changes = await connection.QuerySingleAsync<long?>(
            "SELECT min(change) FROM changes WHERE program = @program AND change >= @Changes AND change < @upToChanges AND (cause >= @fact OR (cause IS NULL AND effective > @known))", parameters).ConfigureAwait(false);
        return whole with { Facts = facts, Entries = entries ?? next.Entries, Changes = changes ?? next.Changes };
    }

    /// <summary>The place right after the first of some commits, and the last word that is there by now.</summary>
    private async Task<(Position Position, long? Word)> Last(string which, object parameters, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var row = await connection.QueryFirstOrDefaultAsync<(long Number, long Facts, long Entries, long Changes, long Recorded, long? Word)?>(
            $"SELECT number, facts_to, entries_to, changes_to, recorded, (SELECT max(word) FROM words WHERE program = @program) FROM commits WHERE program = @program {which} LIMIT 1", parameters).ConfigureAwait(false);
        return row is { } found ? (new(_incarnation, found.Number, found.Facts, found.Entries, found.Changes, new(found.Recorded)), found.Word) : (PositionOf(_incarnation, Commit.None), null);
    }

    /// <summary>What the standings of members, and credits on other subjects, depend on.</summary>
    /// <param name="subjects">The members and other subjects; those that nobody told of are left out.</param>
    /// <param name="whole">True for the whole log: where members are compared.</param>
    /// <param name="stop">Ends the waiting.</param>
    public Task<Extract> About(IReadOnlyCollection<SubjectName> subjects, bool whole, CancellationToken stop) =>
        About(async gathering => [.. (await gathering.Find(subjects.Select(s => (s.Kind, s.Name)), stop).ConfigureAwait(false)).Values], whole, stop);

    /// <summary>What the standings of members depend on.</summary>
    /// <param name="members">The members.</param>
    /// <inheritdoc cref="About(IReadOnlyCollection{SubjectName}, bool, CancellationToken)"/>
    public Task<Extract> AboutListed(IReadOnlyCollection<ListedMember> members, bool whole, CancellationToken stop) =>
        About(_ => Task.FromResult<IReadOnlyCollection<long>>([.. members.Select(m => m.Number)]), whole, stop);

    private async Task<Extract> About(Func<Gathering, Task<IReadOnlyCollection<long>>> numbersOf, bool whole, CancellationToken stop)
    {
        // The position comes first: a word or a tie that is read too much does no harm.
        var (head, words) = await Look(stop).ConfigureAwait(false);
        var gathering = new Gathering(_database, _number, words, Vocabulary);
        if (whole) { return new((await gathering.All(head.Facts, stop).ConfigureAwait(false)).Build(), head); }
        return new((await gathering.About(await numbersOf(gathering).ConfigureAwait(false), head.Facts, stop).ConfigureAwait(false)).Build(), head);
    }

    /// <summary>A member as a subject.</summary>
    public SubjectName Member(string name) => new(Vocabulary.Kinds[Vocabulary.MemberKind].Name, name);

    /// <summary>True where a fact speaks of a member.</summary>
    public async Task<bool> Knows(string member, CancellationToken stop) => await NumberOf(await Gather(stop).ConfigureAwait(false), member, stop).ConfigureAwait(false) is not null;

    /// <summary>Facts by when they were recorded.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="from">The first position.</param>
    /// <param name="head">The end of the log, as of which it is read.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="personal">True to show what is personal.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<LoggedFact>> Facts(FactFilter filter, long from, Position head, int most, bool personal, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(head);
        var words = await Words.Of(_database, _number, stop).ConfigureAwait(false);
        var gathering = new Gathering(_database, _number, words, Vocabulary);
        var named = await gathering.Find([.. new[] { filter.Subject, filter.Member is { } m ? Member(m) : null }.OfType<SubjectName>().Select(s => (s.Kind, s.Name))], stop).ConfigureAwait(false);
        long? NumberOf(SubjectName name) => named.TryGetValue((name.Kind, name.Name), out var number) ? number : null;
        if ((filter.Subject is { } s && NumberOf(s) is null) || (filter.Member is { } w && NumberOf(Member(w)) is null)) { return []; }
        var rows = await _database.Ask(c => c.QueryAsync<FactRow>(
            "SELECT * FROM facts f WHERE program = @program AND position >= @from AND position < @upTo AND NOT (subject IS NULL AND source = @own) AND at >= @starts AND at < @ends"
            + (filter.Subject is null ? "" : " AND subject = @subject") + (filter.Type is null ? "" : " AND type = @type")
            + (filter.Member is null ? "" : " AND (subject = @member OR EXISTS (SELECT 1 FROM ties t WHERE t.program = @program AND t.subject = @member AND t.other = f.subject))")
            + " ORDER BY position LIMIT @most",
            new
            {
                program = _number,
                from,
                upTo = head.Facts,
                own = words.NumberOf(LedgerLines.OwnSource),
                starts = filter.From.Micros,
                ends = filter.Until.Micros,
                subject = filter.Subject is { } about ? NumberOf(about) : null,
                member = filter.Member is { } of ? NumberOf(Member(of)) : null,
                type = filter.Type is { } type ? words.NumberOf(type) : -1,
                most,
            }), stop).ConfigureAwait(false);
        return await Read(gathering, words, [.. rows], personal, stop).ConfigureAwait(false);
    }

    /// <summary>What was erased, in the order in which it was.</summary>
    /// <param name="from">The first commit.</param>
    /// <param name="upTo">The last commit.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<Erasure>> Erasures(long from, long upTo, int most, CancellationToken stop)
    {
        var rows = await Storage.Erasures.Range(_database, _number, from, upTo, most, stop).ConfigureAwait(false);
        var names = await NamesOf(await Gather(stop).ConfigureAwait(false), rows.Select(r => r.Subject), stop).ConfigureAwait(false);
        return [.. rows.Select(r => r.Of(names[r.Subject]))];
    }

    /// <summary>The facts of the log by source and id; those that nobody told are left out.</summary>
    public async Task<IReadOnlyDictionary<(string Source, string Id), LoggedFact>> Find(IReadOnlyCollection<(string Source, string Id)> keys, CancellationToken stop)
    {
        var head = await Head(stop).ConfigureAwait(false);
        var words = await Words.Of(_database, _number, stop).ConfigureAwait(false);
        var gathering = new Gathering(_database, _number, words, Vocabulary);
        var rows = await gathering.Find(keys, head.Facts, stop).ConfigureAwait(false);
        return (await Read(gathering, words, [.. rows.Values], personal: true, stop).ConfigureAwait(false)).ToDictionary(f => (f.Fact.Source, f.Fact.Id));
    }

    /// <summary>Entries in the order in which they were posted.</summary>
    /// <param name="member">Of this member; null for all.</param>
    /// <param name="at">That count at this instant; null for all.</param>
    /// <param name="from">The first position.</param>
    /// <param name="upTo">The position after the last one.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<PostedEntry>> Entries(string? member, Instant? at, long from, long upTo, int most, CancellationToken stop)
    {
        var words = await Words.Of(_database, _number, stop).ConfigureAwait(false);
        var gathering = new Gathering(_database, _number, words, Vocabulary);
        var number = await NumberOf(gathering, member, stop).ConfigureAwait(false);
        if (member is not null && number is null) { return []; }
        var rows = (await _database.Ask(c => c.QueryAsync<EntryRow>(
            $"SELECT * FROM entries WHERE program = @program AND position >= @from AND position < @upTo{(member is null ? "" : " AND member = @number")}{(at is null ? "" : " AND starts <= @at AND ends > @at")} ORDER BY position LIMIT @most",
            new { program = _number, from, upTo, number, at = at?.Micros, most }), stop).ConfigureAwait(false)).ToList();
        var causes = (await _database.Ask(c => c.QueryAsync<(long Position, long Recorded, long Source, string Id)>(
            _database.Sql($"SELECT position, recorded, source, id FROM {Database.Each("facts", "position", "causes")}"),
            new { program = _number, causes = _database.Many(rows.Select(r => r.Cause)) }), stop).ConfigureAwait(false)).ToDictionary(c => c.Position);
        var names = await NamesOf(gathering, rows.SelectMany(r => new[] { r.Member, r.Subject }), stop).ConfigureAwait(false);
        return [.. rows.Select(row =>
        {
            var (_, recorded, source, id) = causes[row.Cause];
            var (edition, rule) = RuleWord.Read(words[row.Rule]);
            return new PostedEntry(row.Position, row.Cause, new(recorded), new(
                row.Position, words[source], id, edition, rule, names[row.Member].Name, names[row.Subject].ToString(), words[row.Unit], (Account)row.Source, (Account)row.Target, row.Amount,
                new(row.Dated), new(row.Starts), new(row.Ends)));
        })];
    }

    /// <summary>Changes in the order in which they were told.</summary>
    /// <param name="member">Of this member; null for all.</param>
    /// <param name="at">That are effective by this instant; null for all.</param>
    /// <param name="from">The first one's number.</param>
    /// <param name="upTo">The number after the last one's.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<ToldChange>> Changes(string? member, Instant? at, long from, long upTo, int most, CancellationToken stop)
    {
        var gathering = await Gather(stop).ConfigureAwait(false);
        var number = await NumberOf(gathering, member, stop).ConfigureAwait(false);
        if (member is not null && number is null) { return []; }
        var rows = (await _database.Ask(c => c.QueryAsync<ChangeRow>(
            "SELECT c.change, c.number, c.member, c.effective, c.cause, f.subject, c.body FROM changes c LEFT JOIN facts f ON f.program = c.program AND f.position = c.asked"
            + $" WHERE c.program = @program AND c.change >= @from AND c.change < @upTo{(member is null ? "" : " AND c.member = @member")}{(at is null ? "" : " AND c.effective <= @at")} ORDER BY c.change LIMIT @most",
            new { program = _number, from, upTo, member = number, at = at?.Micros, most }), stop).ConfigureAwait(false)).ToList();
        var names = await NamesOf(gathering, rows.Select(r => r.Member).Concat(rows.Select(r => r.Subject).OfType<long>()), stop).ConfigureAwait(false);
        return [.. rows.Select(r => new ToldChange(r.Change, r.Number, names[r.Member].Name, new(r.Effective), r.Cause, r.Subject is { } subject ? names[subject] : null, r.Body))];
    }

    /// <summary>The ends of commits, in order: up to where each goes.</summary>
    /// <param name="after">The commit before the first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<Position>> Commits(long after, int most, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(long Number, long Facts, long Entries, long Changes, long Recorded)>(
            "SELECT number, facts_to, entries_to, changes_to, recorded FROM commits WHERE program = @program AND number > @after ORDER BY number LIMIT @most", new { program = _number, after, most }).ConfigureAwait(false);
        return [.. rows.Select(r => new Position(_incarnation, r.Number, r.Facts, r.Entries, r.Changes, new(r.Recorded)))];
    }

    /// <summary>Members in the order in which they were first told.</summary>
    /// <param name="from">The first one's number.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<IReadOnlyList<ListedMember>> Members(long from, int most, CancellationToken stop)
    {
        var words = await Words.Of(_database, _number, stop).ConfigureAwait(false);
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(long Number, string? Name, long? Told, string? Body)>(
            "SELECT s.subject, s.name, t.told, t.body FROM subjects s LEFT JOIN standings t ON t.program = s.program AND t.member = s.subject AND t.book = (SELECT book FROM commits c WHERE c.program = @program ORDER BY number DESC LIMIT 1)"
            + " WHERE s.program = @program AND s.kind = @kind AND s.subject >= @from ORDER BY s.subject LIMIT @most",
            new { program = _number, kind = words.NumberOf(Vocabulary.Kinds[Vocabulary.MemberKind].Name), from, most }).ConfigureAwait(false);
        return [.. rows.Select(r => new ListedMember(r.Number, Gathering.NameOf(r.Number, r.Name), r.Told is { } told ? new Instant(told) : null, r.Body))];
    }

    /// <summary>The members of whom something was told after an instant, by their names.</summary>
    public async Task<IReadOnlyList<string>> ToldSince(Instant recorded, CancellationToken stop)
    {
        using var connection = await _database.Connect(stop).ConfigureAwait(false);
        var rows = await connection.QueryAsync<(long Member, string? Name)>(
            "SELECT DISTINCT t.member, s.name FROM standings t JOIN subjects s ON s.program = t.program AND s.subject = t.member WHERE t.program = @program AND t.told > @recorded ORDER BY t.member", new { program = _number, recorded = recorded.Micros }).ConfigureAwait(false);
        return [.. rows.Select(r => Gathering.NameOf(r.Member, r.Name))];
    }

    private async Task<Gathering> Gather(CancellationToken stop) => new(_database, _number, await Words.Of(_database, _number, stop).ConfigureAwait(false), Vocabulary);

    private async Task<IReadOnlyList<LoggedFact>> Read(Gathering gathering, Words words, IReadOnlyList<FactRow> rows, bool personal, CancellationToken stop)
    {
        var typed = rows.Select(row => (Row: row, Type: gathering.TypeOf(row)!)).Where(r => r.Type is not null).Select(r => (r.Row, r.Type, Personal: FactForm.Personal(r.Row, r.Type))).ToList();
        var kept = await PersonalValue.Of(_database, _number, [.. typed.Where(r => r.Personal.Count > 0).Select(r => r.Row.Position)], stop).ConfigureAwait(false);
        bool IsKept(FactRow row, string field) => kept.ContainsKey((row.Position, field));
        var erasures = (await Storage.Erasures.Of(_database, _number, [.. typed.Where(r => r.Personal.Any(p => !IsKept(r.Row, p.Field))).Select(r => r.Row.Subject!.Value).Distinct()], stop).ConfigureAwait(false)).ToLookup(e => e.Subject);
        Storage.Erasures.Row? ErasureOf(FactRow row) => erasures[row.Subject ?? -1].FirstOrDefault(e => e.Facts_To > row.Position);
        var names = await NamesOf(gathering, typed.SelectMany(r => FactForm.Subjects(r.Row, r.Type)), stop).ConfigureAwait(false);
        return [.. typed.Select(r => new LoggedFact(
            r.Row.Position,
            FactForm.Read(r.Row, r.Type, words[r.Row.Source], Vocabulary, number => names[number].Name, field => personal ? kept.GetValueOrDefault((r.Row.Position, field))?.Value : null),
            personal ? [] : [.. r.Personal.Where(p => IsKept(r.Row, p.Field)).Select(p => p.Field)],
            [.. r.Personal.Where(p => !IsKept(r.Row, p.Field)).SelectMany(p => ErasureOf(r.Row) is { } erasure ? [(p.Field, new Instant(erasure.At))] : Array.Empty<(string, Instant)>())]))];
    }

    private static async Task<Dictionary<long, SubjectName>> NamesOf(Gathering gathering, IEnumerable<long> subjects, CancellationToken stop) =>
        (await gathering.Names(subjects, stop).ConfigureAwait(false)).ToDictionary(n => n.Subject, n => n.Name);

    /// <summary>The number of a member; null where none is asked of, or nobody told of it.</summary>
    private async Task<long?> NumberOf(Gathering gathering, string? member, CancellationToken stop)
    {
        if (member is null) { return null; }
        var named = Member(member);
        var found = await gathering.Find([(named.Kind, named.Name)], stop).ConfigureAwait(false);
        return found.TryGetValue((named.Kind, named.Name), out var number) ? number : null;
    }

    // As the table has it.
    private sealed class ChangeRow
    {
        public long Change { get; set; }

        public long Number { get; set; }

        public long Member { get; set; }

        public long Effective { get; set; }

        public long? Cause { get; set; }

        public long? Subject { get; set; }

        public string Body { get; set; } = "";
    }
}
