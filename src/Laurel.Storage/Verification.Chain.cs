using Dapper;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;

namespace Laurel.Storage;

/// <content>Reads log and ledger as they were written: that nothing is missing, and that each commit has the roots that it says.</content>
internal sealed partial class Verification
{
    /// <summary>A fact of the log.</summary>
    /// <param name="Row">As the log has it.</param>
    /// <param name="Leaf">The hash of its leaf; null where it has none, as no row that the program ever writes.</param>
    /// <param name="Named">The subjects that it names; null where that can't be read, or where one is of another kind.</param>
    private sealed record Logged(FactRow Row, Digest? Leaf, IReadOnlyList<int>? Named);

    private async Task<Difference?> Chain(Commit head, CancellationToken stop)
    {
        var words = await Words.Of(database, program, stop).ConfigureAwait(false);
        if (await ReadKinds(words, stop).ConfigureAwait(false) is { } missing) { return missing; }
        // Facts are hashed beside the entries: each with a log of their own.
        var (log, hashed, gathering) = (new LogReader(database, program, words, rules), new LogReader(database, program, words, rules), new Gathering(database, program, words, rules.Vocabulary));
        await using var facts = new ReadAhead<Logged>(async (from, to) => [.. (await hashed.Facts(from, to, stop).ConfigureAwait(false)).Select(row => new Logged(row, Try<Digest?>(() => hashed.LeafOf(row)), Try(() => Named(row, gathering))))], head.FactsTo);
        await using var entries = new ReadAhead<EntryRow>((from, to) => log.Entries(from, to, stop), head.EntriesTo);
        await using var changes = new ReadAhead<(long Change, long Number, Announcement Told)>((from, to) => Changes(from, to, stop), head.ChangesTo);
        await using var names = new ReadAhead<NamedSubject>((from, to) => Names(from, to, stop), _kinds.Count);
        var before = Commit.None;
        while (before.Number < head.Number)
        {
            var commits = await Spine.Range(database, program, before.Number, Math.Min(before.Number + Range, head.Number), stop).ConfigureAwait(false);
            if (commits.Count == 0) { return new($"commit {before.Number + 1} is not there"); }
            foreach (var commit in commits)
            {
                if (commit.Number != before.Number + 1) { return new($"commit {before.Number + 1} is not there"); }
                if (commit.Recorded < before.Recorded || commit.FactsTo < before.FactsTo || commit.EntriesTo < before.EntriesTo || commit.ChangesTo < before.ChangesTo) { return new($"commit {commit.Number} goes back behind the one before it"); }
                if (!Enum.IsDefined(commit.Kind)) { return new($"commit {commit.Number} is of no kind"); }
                var rows = await facts.Take(commit.FactsTo - before.FactsTo).ConfigureAwait(false);
                if (Facts(log, rows, before, commit) is { } difference) { return difference; }
                if (Entries(log, rows, await entries.Take(commit.EntriesTo - before.EntriesTo).ConfigureAwait(false), commit) is { } other) { return other; }
                if (Told(await changes.Take(commit.ChangesTo - before.ChangesTo).ConfigureAwait(false), before, commit) is { } untold) { return untold; }
                if (await Hash(before, commit, names).ConfigureAwait(false) is { } changed) { return changed; }
                before = commit;
                _commits++;
            }
        }
        return null;
    }

    private async Task<Difference?> ReadKinds(Words words, CancellationToken stop)
    {
        var kinds = rules.Vocabulary.Kinds.Where(k => words.Has(k.Name)).ToDictionary(k => (long)words.Find(k.Name), k => k.Index);
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        await foreach (var (subject, kind) in connection.QueryUnbufferedAsync<(long, long)>("SELECT subject, kind FROM subjects WHERE program = @program ORDER BY subject", new { program }).WithCancellation(stop).ConfigureAwait(false))
        {
            if (subject != _kinds.Count) { return new($"subject {_kinds.Count} is not there"); }
            _kinds.Add(kinds.GetValueOrDefault(kind, -1));
        }
        return null;
    }

    private async Task<IReadOnlyList<NamedSubject>> Names(long from, long to, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<(long Subject, long Kind, string Name, byte[]? Salt)>("SELECT subject, kind, name, salt FROM subjects WHERE program = @program AND subject >= @from AND subject < @to ORDER BY subject", new { program, from, to }).ConfigureAwait(false))
            .Select(s => new NamedSubject(s.Subject, s.Kind, s.Name, s.Salt ?? []))];
    }

    private async Task<IReadOnlyList<(long Change, long Number, Announcement Told)>> Changes(long from, long to, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<(long Change, long Number, long Member, long Effective, long? Cause, long? Asked, string Body)>(
            "SELECT change, number, member, effective, cause, asked, body FROM changes WHERE program = @program AND change >= @from AND change < @to ORDER BY change", new { program, from, to }).ConfigureAwait(false))
            .Select(c => (c.Change, c.Number, new Announcement(c.Member, c.Effective, c.Cause, c.Asked, c.Body)))];
    }

    /// <summary>Compares the changes that a commit told with their hash; of before there were such hashes, their places.</summary>
    private static Difference? Told(List<(long Change, long Number, Announcement Told)> changes, Commit before, Commit commit)
    {
        var areThere = changes.Count == commit.ChangesTo - before.ChangesTo && !changes.Where((c, i) => c.Change != before.ChangesTo + i || c.Number != commit.Number).Any();
        return areThere && (commit.Told is not { } told || told.AsSpan().SequenceEqual(CommitHash.Of(changes.Select(c => c.Told)))) ? null : new($"commit {commit.Number} does not have the changes that it told");
    }

    /// <summary>Compares a commit's hash, with the names of those of whom its facts were the first to speak.</summary>
    private async Task<Difference?> Hash(Commit before, Commit commit, ReadAhead<NamedSubject> names)
    {
        var named = await names.Take(_parts.SubjectsEnd - _named).ConfigureAwait(false);
        _named = _parts.SubjectsEnd;
        // Of before there were hashes; or it is known that a root is another.
        if ((commit.Hash is null && before.Hash is null) || _other is not null) { return null; }
        return commit.Hash is not null && commit.Hash.AsSpan().SequenceEqual(CommitHash.Of(before, commit, named)) ? null
            : new($"commit {commit.Number} is not as it was written: it was changed, or the name of a subject of which it is the first to speak");
    }

    private int KindOf(long subject) => subject >= 0 && subject < _kinds.Count ? _kinds[(int)subject] : -1;

    private List<int>? Named(FactRow row, Gathering gathering)
    {
        if (gathering.TypeOf(row) is not { } type) { return []; }
        List<(int Kind, long Number)> named = [.. FactForm.Named(row, type)];
        var isAbout = row.Subject is not { } about || (type.BuiltIn == BuiltIn.Retracted ? KindOf(about) >= 0 : KindOf(about) == type.About);
        return isAbout && named.TrueForAll(n => KindOf(n.Number) == n.Kind) ? named.ConvertAll(n => (int)n.Number) : null;
    }

    private Difference? Facts(LogReader log, List<Logged> rows, Commit before, Commit commit)
    {
        if (rows.Count != commit.FactsTo - before.FactsTo || rows.Where((fact, i) => fact.Row.Position != before.FactsTo + i).Any()) { return new($"of the facts {before.FactsTo} to {commit.FactsTo - 1} some are not there"); }
        if (rows.Find(r => r.Leaf is null) is { Row: var unhashed }) { return new($"the fact at {unhashed.Position} can't be read"); }
        foreach (var fact in rows) { _facts.Append(fact.Leaf!.Value); }
        if (!_facts.Root.AsSpan().SequenceEqual(commit.FactsRoot)) { return new($"the facts up to commit {commit.Number} do not have the root that it has"); }
        if (rows.Find(r => r.Named is null) is { Row: var unread }) { return new($"the fact at {unread.Position} can't be read"); }
        if (rows is [.., { Row: var last }] && last.Recorded != commit.Recorded) { return new($"commit {commit.Number} was not recorded when its last fact was"); }
        if (rows.Find(r => IsChanged(log, r.Row)) is { Row: var changed }) { return new($"the edition {changed.Id[LedgerLines.PublishedId.Length..]} is another than the one that was published with the fact at {changed.Position}"); }
        foreach (var (row, _, named) in rows)
        {
            if (row.Subject is { } about) { _parts.Add((int)about, named!); }
            else { _ofNobody.Add(row); }
        }
        return null;
    }

    /// <summary>True for the publication of an edition that the program's texts do not have as it was published.</summary>
    private bool IsChanged(LogReader log, FactRow row) => row.Id.StartsWith(LedgerLines.PublishedId, StringComparison.Ordinal) && log.SourceOf(row) == LedgerLines.OwnSource
        && !rules.Editions.Any(e => LedgerLines.PublishedId + e.Name == row.Id && row.Data?.Contains(e.Hash, StringComparison.Ordinal) == true);

    private Difference? Entries(LogReader log, List<Logged> rows, List<EntryRow> entries, Commit commit)
    {
        var causes = rows.ToDictionary(f => f.Row.Position, f => f.Row);
        foreach (var entry in entries)
        {
            if (entry.Position != _entries.Size) { return new($"entry {_entries.Size} is not there"); }
            if (!causes.TryGetValue(entry.Cause, out var cause) || entry.Book != commit.Book || KindOf(entry.Member) != Vocabulary.MemberKind
                || Try<Digest?>(() => log.LeafOf(entry, log.SourceOf(cause), cause.Id, rules.Vocabulary.Kinds[KindOf(entry.Subject)].Name)) is not { } leaf)
            {
                return new($"entry {entry.Position} is not what a fact of commit {commit.Number} causes");
            }
            _entries.Append(leaf);
        }
        if (_entries.Size < commit.EntriesTo) { return new($"commit {commit.Number} has entries up to {commit.EntriesTo}, and entry {_entries.Size} is not there"); }
        // Which of them is another is found where they are posted once more.
        if (_other is null && !_entries.Root.AsSpan().SequenceEqual(commit.EntriesRoot)) { _other = new($"the entries up to commit {commit.Number} do not have the root that it has") { Entry = commit.EntriesTo }; }
        return null;
    }
}
