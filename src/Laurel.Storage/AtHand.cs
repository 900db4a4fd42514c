using Dapper;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>
/// Posts fact by fact with the part of the log that was needed so far at hand; what is missing is read from the database. Thrown away when
/// it has become large, or when anything fails: it goes on from what is written.
/// </summary>
internal sealed partial class AtHand(Database database, int program, Words words, Gathering gathering, PartnerProgram rules, Instant published)
{
    /// <summary>So many facts are kept at hand, of all programs together.</summary>
    public const int FactsMax = 500_000;

    private readonly Dictionary<SubjectName, long> _numbers = [];
    private readonly Dictionary<long, SubjectName> _names = [];

    // By number at hand: the number in the database; -1 where it was not asked yet.
    private readonly List<long> _numbersAtHand = [];
    private readonly Dictionary<(string Source, string Id), List<FactRow>> _kept = [];
    private FactsAtHand _hand = new(rules.Vocabulary);
    private Posting _posting = null!;
    private Instant _published = published;

    /// <summary>The last instant that an edition that is in the log was to be published at; <see cref="Instant.Ever"/> for none.</summary>
    public Instant PublishedLast => _published;

    /// <summary>What is at hand.</summary>
    public History History => _hand.History;

    /// <summary>Begins where the log ends.</summary>
    /// <param name="head">The last commit.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task Begin(Commit head, CancellationToken stop)
    {
        BeginAnew();
        if (rules.ComparesMembers(under: null))
        {
            // Places and shares are nowhere written: they are found again as they were found.
            var rows = await Rows("facts e WHERE program = @program AND position < @upTo ORDER BY position", new { program, upTo = head.FactsTo }, stop).ConfigureAwait(false);
            await Name(rows, stop).ConfigureAwait(false);
            foreach (var row in rows) { _posting.Post(ItemOf(row, fact: null)); }
            return;
        }
        await KeepRetractions(head, stop).ConfigureAwait(false);
        _posting = new(rules, _hand, StartAt(head) with { Paid = await Paid(stop).ConfigureAwait(false) });
    }

    private async Task KeepRetractions(Commit head, CancellationToken stop)
    {
        foreach (var row in await Rows($"facts e WHERE program = @program AND subject IS NULL AND {Database.UpTo}", new { program, upTo = head.FactsTo }, stop).ConfigureAwait(false)) { Keep(row); }
    }

    private PostingStart StartAt(Commit head) => new((int)head.EntriesTo, (int)head.FactsTo, head.Recorded == long.MinValue ? Instant.Ever : new(head.Recorded)) { Published = _published };

    /// <summary>Begins before the first fact.</summary>
    public void BeginAnew()
    {
        Clear();
        _kept.Clear();
        _posting = new(rules, _hand, PostingStart.Nothing);
    }

    /// <summary>Posts what follows in the log once more; the subjects that it speaks of have their names.</summary>
    public IReadOnlyList<Entry> PostAgain(FactRow row) => _posting.Post(ItemOf(row, fact: null));

    /// <summary>Gives subjects of facts that are to be posted their numbers.</summary>
    public void Name(string kind, string name, long number) => (_numbers[new(kind, name)], _names[number]) = (number, new(kind, name));

    /// <summary>The number of a subject that is at hand, in the database; null for another.</summary>
    public long? NumberOf(string kind, string name) => _numbers.TryGetValue(new(kind, name), out var number) ? number : null;

    /// <summary>The name of a subject that was given it.</summary>
    public string NameOf(long subject) => _names[subject].Name;

    /// <summary>The number at hand of a member; it has its name.</summary>
    public int AtHandOf(long member) => History.SubjectOf(Vocabulary.MemberKind, _names[member].Name)!.Value;

    /// <summary>The number of a subject in the database.</summary>
    public long NumberOf(int subject)
    {
        while (_numbersAtHand.Count <= subject) { _numbersAtHand.Add(-1); }
        return _numbersAtHand[subject] is >= 0 and var number ? number : _numbersAtHand[subject] = _numbers[new(KindOf(subject), History.NameOf(subject))];
    }

    /// <summary>An entry that was posted last as the ledger has it.</summary>
    public EntryRow RowOf(Entry entry, int book)
    {
        return new()
        {
            Position = entry.Position,
            Cause = entry.Cause,
            Member = NumberOf(entry.Member),
            Subject = NumberOf(entry.Subject),
            Amount = entry.Amount,
            Dated = entry.Dated.Micros,
            Starts = entry.Starts.Micros,
            Ends = entry.Ends.Micros,
            Rule = words.NumberOf(RuleWord.Of(_posting.Book!, entry.Rule)),
            Unit = words.NumberOf(rules.Vocabulary.Units[entry.Unit].Name),
            Book = book,
            Source = (long)entry.From,
            Target = (long)entry.To,
            Kind = KindOf(entry.Subject),
        };
    }

    private string KindOf(int subject) => rules.Vocabulary.Kinds[History.KindOf(subject)].Name;

    /// <summary>The numbers at hand of members, made ready to be assessed.</summary>
    public async Task<IReadOnlyList<int>> Members(IReadOnlyCollection<long> members, long upTo, CancellationToken stop)
    {
        await Name(members, stop).ConfigureAwait(false);
        await Complete(() => Missing(members, _posting.MissingFor), upTo, stop).ConfigureAwait(false);
        return [.. members.Select(AtHandOf)];
    }

    /// <summary>Takes to hand what facts concern that come next, as far as it can be told before they are there: together, where one by one would ask the database for each.</summary>
    /// <param name="about">What they are about.</param>
    /// <param name="named">What they name, each with its number.</param>
    /// <param name="upTo">How far the log is written.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The members whose standing they may change, as far as it can be told.</returns>
    public async Task<IEnumerable<long>> TakeAhead(IReadOnlyCollection<long> about, IReadOnlyCollection<SubjectName> named, long upTo, CancellationToken stop)
    {
        // The subject of what is retracted goes by its number alone.
        await Name(about, stop).ConfigureAwait(false);
        List<SubjectName> told = [.. about.Select(s => _names[s])];
        await Complete(() => [.. told.SelectMany(_posting.MissingAbout).Union(named.SelectMany(_posting.MissingThrough))], upTo, stop).ConfigureAwait(false);
        return _posting.MayConcern(told, named).Select(NumberOf);
    }

    /// <summary>Takes what comes next in the log to hand, and all that it concerns.</summary>
    /// <param name="row">Its row; the subjects that it speaks of have their names.</param>
    /// <param name="fact">The fact that the row has, without what is personal; null to read it from the row.</param>
    /// <param name="upTo">How far the log is written.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The item to post, and the members whose standing it may change; none where no rules were in force.</returns>
    public async Task<(LogItem Item, IReadOnlyCollection<int> Members)> Take(FactRow row, Fact? fact, long upTo, CancellationToken stop)
    {
        var item = ItemOf(row, fact);
        await Complete(() => _posting.MissingFor(item), upTo, stop).ConfigureAwait(false);
        return (item, _posting.MayConcern(item));
    }

    /// <summary>Posts what was taken to hand.</summary>
    /// <returns>The entries, and the members whose standing it may have changed, in order.</returns>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add; nothing can be posted here after that.</exception>
    public (IReadOnlyList<Entry> Entries, IEnumerable<int> Members) Post(LogItem item)
    {
        var entries = _posting.Post(item);
        if (item.Published is { } edition) { _published = Instant.Max(_published, edition.Published); }
        // By their numbers in the database: those at hand depend on what was taken to hand before, and so on how facts were sent.
        return (entries, _posting.Concerned.OrderBy(NumberOf));
    }

    /// <summary>A member's standing by what was posted: from an instant until the first change after another.</summary>
    public MemberTimeline TimelineOf(int member, Instant from, Instant at) => _posting.TimelineOf(member, from, at);

    /// <summary>How many facts are at hand that can be thrown away.</summary>
    public int Spare => rules.ComparesMembers(under: null) ? 0 : History.FactCount;

    /// <summary>Throws away what is at hand: what was posted is written.</summary>
    public void Rest()
    {
        var reached = _posting.Reached;
        Clear();
        _posting = new(rules, _hand, reached);
    }

    private void Clear()
    {
        _hand = new(rules.Vocabulary);
        _numbers.Clear();
        _numbersAtHand.Clear();
        _names.Clear();
    }

    private LogItem ItemOf(FactRow row, Fact? fact)
    {
        if (gathering.TypeOf(row) is null)
        {
            var edition = row.Id.StartsWith(LedgerLines.PublishedId, StringComparison.Ordinal) ? rules.Editions.First(e => e.Name == row.Id[LedgerLines.PublishedId.Length..]) : null;
            return new((int)row.Position, -1, edition, new(row.Recorded));
        }
        var (source, id) = (words[row.Source], row.Id);
        foreach (var retraction in Waiting(row)) { _hand.Add(FactOf(retraction), (int)retraction.Position); }
        if (_hand.Add(fact ?? FactOf(row), (int)row.Position) is not Verdict.Recorded) { throw Impossible(row); }
        Keep(row);
        return new((int)row.Position, History.Find(source, id)!.Value, null, new(row.Recorded));
    }

    /// <summary>Keeps a retraction of what nobody had told.</summary>
    private void Keep(FactRow row)
    {
        if (row.Subject is not null || gathering.TypeOf(row) is null) { return; }
        var fact = FactOf(row);
        var key = (fact["source"]?.ToString() ?? "", fact["id"]?.ToString() ?? "");
        if (!_kept.TryGetValue(key, out var kept)) { _kept[key] = kept = []; }
        if (!kept.Exists(r => r.Position == row.Position)) { kept.Add(row); }
    }

    private IReadOnlyList<Missing> Missing(IEnumerable<long> subjects, Func<SubjectName, IReadOnlyList<Missing>> ask) => [.. subjects.SelectMany(s => ask(_names[s])).Distinct()];

    private async Task Complete(Func<IReadOnlyList<Missing>> ask, long upTo, CancellationToken stop)
    {
        for (var missing = ask(); missing.Count > 0; missing = ask())
        {
            if (missing.Any(m => m is Missing.All)) { await LayInAll(upTo, stop).ConfigureAwait(false); }
            else
            {
                await LayIn([.. missing.OfType<Missing.FactsOf>().Select(m => m.Subject)], upTo, stop).ConfigureAwait(false);
                await LayInNaming([.. missing.OfType<Missing.Naming>().Select(m => m.Subject)], stop).ConfigureAwait(false);
                foreach (var owed in missing.OfType<Missing.Owed>()) { _posting.LayInOwed(owed, await OwedTo(owed, stop).ConfigureAwait(false)); }
                foreach (var named in missing.OfType<Missing.FactOf>()) { await LayIn(named, upTo, stop).ConfigureAwait(false); }
            }
        }
    }

    private async Task LayIn(IReadOnlyCollection<SubjectName> subjects, long upTo, CancellationToken stop)
    {
        if (subjects.Count == 0) { return; }
        var rows = await Rows(Database.Each("facts", "subject", "subjects", Database.UpTo), new { program, upTo, subjects = database.Many(subjects.Select(s => _numbers[s])) }, stop).ConfigureAwait(false);
        await Name(rows, stop).ConfigureAwait(false);
        var bySubject = rows.ToLookup(r => r.Subject!.Value);
        foreach (var subject in subjects) { _posting.LayIn(subject, WithKept(bySubject[_numbers[subject]])); }
    }

    private async Task LayInNaming(IReadOnlyCollection<SubjectName> subjects, CancellationToken stop)
    {
        if (subjects.Count == 0) { return; }
        var ties = (await database.Ask(c => c.QueryAsync<(long Subject, long Other)>(
            database.Sql(Gathering.TiesOf("subjects")),
            new { program, subjects = database.Many(subjects.Select(s => _numbers[s])) }), stop).ConfigureAwait(false)).ToLookup(t => t.Subject, t => t.Other);
        await Name([.. ties.SelectMany(t => t)], stop).ConfigureAwait(false);
        foreach (var subject in subjects) { _posting.LayInNaming(subject, ties[_numbers[subject]].Select(o => _names[o])); }
    }

    private async Task LayIn(Missing.FactOf named, long upTo, CancellationToken stop)
    {
        if (await gathering.SubjectOf(named.Source, named.Id, upTo, stop).ConfigureAwait(false) is not { } subject) { _posting.NobodyTold(named.Source, named.Id); return; }
        await Name([subject], stop).ConfigureAwait(false);
        await LayIn([_names[subject]], upTo, stop).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SubjectName>> OwedTo(Missing.Owed owed, CancellationToken stop)
    {
        List<long> members = [.. await database.Ask(c => c.QueryAsync<long>(
            """
            SELECT member FROM entries WHERE program = @program AND unit = @unit AND (source = @has OR target = @has)
            GROUP BY member HAVING sum(CASE WHEN target = @paid THEN -amount WHEN starts > @at OR ends <= @at THEN 0 WHEN target = @has THEN amount ELSE -amount END) > 0
            """, new { program, unit = words.Find(owed.Unit.Name), at = owed.At.Micros, has = (long)Account.Member, paid = (long)Account.Paid }), stop).ConfigureAwait(false)];
        await Name(members, stop).ConfigureAwait(false);
        return [.. members.Select(m => _names[m])];
    }

    private async Task LayInAll(long upTo, CancellationToken stop)
    {
        var rows = await Rows("facts e WHERE program = @program AND subject IS NOT NULL AND position < @upTo", new { program, upTo }, stop).ConfigureAwait(false);
        await Name(rows, stop).ConfigureAwait(false);
        foreach (var subject in rows.GroupBy(r => r.Subject!.Value)) { _posting.LayIn(_names[subject.Key], WithKept(subject)); }
        // What was posted since the last commit is at hand, and its subjects too.
        for (var subject = 0; subject < History.SubjectCount; subject++) { _posting.LayIn(new(KindOf(subject), History.NameOf(subject)), []); }
        _posting.LaidInAll();
    }

    private IEnumerable<(Fact Fact, int Position)> WithKept(IEnumerable<FactRow> rows)
    {
        foreach (var row in rows)
        {
            yield return (FactOf(row), (int)row.Position);
            foreach (var retraction in Waiting(row)) { yield return (FactOf(retraction), (int)retraction.Position); }
        }
    }

    /// <summary>The retractions of a fact that came before it, and those that took these back.</summary>
    private IEnumerable<FactRow> Waiting(FactRow row) => _kept.TryGetValue((words[row.Source], row.Id), out var kept) ? kept.SelectMany(retraction => Waiting(retraction).Prepend(retraction)) : [];

    private Fact FactOf(FactRow row) => FactForm.Read(row, gathering.TypeOf(row)!, words[row.Source], rules.Vocabulary, NameOf, personalOf: _ => null);

    private async Task<IReadOnlyList<FactRow>> Rows(string from, object parameters, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<FactRow>(database.Sql($"SELECT e.* FROM {from}"), parameters).ConfigureAwait(false)];
    }

    private Task Name(IReadOnlyList<FactRow> rows, CancellationToken stop) =>
        Name([.. rows.SelectMany(r => gathering.TypeOf(r) is { } type ? FactForm.Subjects(r, type) : []).Distinct()], stop);

    /// <summary>Gives subjects of the log their names.</summary>
    public async Task Name(IReadOnlyCollection<long> subjects, CancellationToken stop)
    {
        var unnamed = subjects.Where(s => !_names.ContainsKey(s)).ToList();
        if (unnamed.Count == 0) { return; }
        foreach (var (subject, name) in await gathering.Names(unnamed, stop).ConfigureAwait(false)) { Name(name.Kind, name.Name, subject); }
    }

    private async Task<IReadOnlyList<PaidSum>> Paid(CancellationToken stop)
    {
        if (!rules.Editions.Any(e => e.Payouts.Count > 0)) { return []; }
        var paid = (await database.Ask(c => c.QueryAsync<(long Member, long Unit, long Amount)>(
            "SELECT member, unit, sum(amount) FROM entries WHERE program = @program AND target = @paid GROUP BY member, unit", new { program, paid = (long)Account.Paid }), stop).ConfigureAwait(false)).ToList();
        await Name([.. paid.Select(p => p.Member).Distinct()], stop).ConfigureAwait(false);
        return [.. paid.Select(p => new PaidSum(_names[p.Member].Name, rules.Vocabulary.Units.First(u => u.Name == words[p.Unit]).Index, p.Amount))];
    }

    private static InvalidDataException Impossible(FactRow row) => new($"the log has at {row.Position} what no log can have");
}
