using System.Globalization;
using Dapper;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>What a verification came to.</summary>
/// <param name="Program">The program.</param>
/// <param name="Commits">How many commits were read; of <paramref name="Facts"/>, <paramref name="Entries"/> and <paramref name="Members"/> the same.</param>
/// <param name="Difference">The first thing that is not as the log makes it; null where all is.</param>
public sealed record Verified(string Program, long Commits, long Facts, long Entries, long Members, string? Difference);

/// <summary>
/// Rebuilds a program's books from its log alone, and compares: the chain of commits, both Merkle roots of every commit, each entry,
/// each standing. Reads in ranges, up to the commit that was the last when it began, beside whoever writes.
/// </summary>
internal sealed partial class Verification(Database database, int program, PartnerProgram rules)
{
    private const int Range = 10_000;

    /// <summary>So many standings are compared together.</summary>
    private const int Together = 1_000;

    private readonly MerkleEdge _facts = MerkleEdge.Nothing();
    private readonly MerkleEdge _entries = MerkleEdge.Nothing();
    private long _commits;

    /// <summary>Verifies.</summary>
    public async Task<Verified> Run(CancellationToken stop)
    {
        // Rows may say anything: what can't even be read is a difference like any other.
        try { return await Compare(stop).ConfigureAwait(false); }
        catch (Exception e) when (LoggedFacts.IsUnreadable(e)) { return new(rules.Name, _commits, _facts.Size, _entries.Size, 0, Text($"what is kept after commit {_commits} can't be read: {e.Message}")); }
    }

    private async Task<Verified> Compare(CancellationToken stop)
    {
        // What the commits up to this one are made of is all there to be read after it.
        var head = await Spine.HeadOf(database, program, stop).ConfigureAwait(false);
        var words = await Words.Of(database, program, stop).ConfigureAwait(false);
        var log = new LogReader(database, program, words, rules);
        var atHand = new AtHand(database, program, words, new(database, program, words, rules.Vocabulary), rules, Instant.Ever);
        atHand.BeginAnew();
        var members = 0L;
        // Facts are read and hashed beside the posting, which adds to its words: so with words of their own.
        var logged = new LoggedFacts(database, program, await Words.Of(database, program, stop).ConfigureAwait(false), rules);
        await using var facts = new ReadAhead<Logged>((from, to) => logged.Read(from, to, stop), head.FactsTo);
        await using var entries = new ReadAhead<EntryRow>((from, to) => log.Entries(from, to, stop), head.EntriesTo);
        var difference = await Commits(new(log, atHand, facts, entries), head, stop).ConfigureAwait(false);
        difference ??= await Personal(log, head, stop).ConfigureAwait(false);
        difference ??= await Statuses.Difference(database, program, head.Number, stop).ConfigureAwait(false);
        difference ??= await Rows(head, stop).ConfigureAwait(false);
        if (difference is null) { (members, difference) = await Standings(atHand, head, stop).ConfigureAwait(false); }
        return new(rules.Name, _commits, _facts.Size, _entries.Size, members, difference);
    }

    /// <summary>What a log is read with.</summary>
    private sealed record Reading(LogReader Log, AtHand AtHand, ReadAhead<Logged> Facts, ReadAhead<EntryRow> Entries);

    private async Task<string?> Commits(Reading reading, Commit head, CancellationToken stop)
    {
        var before = Commit.None;
        while (before.Number < head.Number)
        {
            var commits = await Spine.Range(database, program, before.Number, Math.Min(before.Number + Range, head.Number), stop).ConfigureAwait(false);
            if (commits.Count == 0) { return Text($"commit {before.Number + 1} is not there"); }
            foreach (var commit in commits)
            {
                if (commit.Number != before.Number + 1) { return Text($"commit {before.Number + 1} is not there"); }
                if (commit.Recorded < before.Recorded || commit.FactsTo < before.FactsTo || commit.EntriesTo < before.EntriesTo) { return Text($"commit {commit.Number} goes back behind the one before it"); }
                if (!Enum.IsDefined(commit.Kind)) { return Text($"commit {commit.Number} is of no kind"); }
                if (await Post(reading, before, commit, stop).ConfigureAwait(false) is { } difference) { return difference; }
                if (!_entries.Root.AsSpan().SequenceEqual(commit.EntriesRoot)) { return Text($"the entries up to commit {commit.Number} do not have the root that it has"); }
                before = commit;
                _commits++;
            }
        }
        return null;
    }

    /// <summary>Posts the facts of a commit once more; a difference where the ledger has other entries.</summary>
    private async Task<string?> Post(Reading reading, Commit before, Commit commit, CancellationToken stop)
    {
        var (log, atHand, facts, entries) = reading;
        var rows = await facts.Take(commit.FactsTo - before.FactsTo).ConfigureAwait(false);
        if (rows.Count != commit.FactsTo - before.FactsTo || rows.Where((fact, i) => fact.Row.Position != before.FactsTo + i).Any()) { return Text($"of the facts {before.FactsTo} to {commit.FactsTo - 1} some are not there"); }
        if (rows.Find(r => r.Leaf is null) is { Row: var unhashed }) { return Text($"the fact at {unhashed.Position} can't be read"); }
        foreach (var fact in rows) { _facts.Append(fact.Leaf!.Value); }
        // Before they are posted: what was never told can't be.
        if (!_facts.Root.AsSpan().SequenceEqual(commit.FactsRoot)) { return Text($"the facts up to commit {commit.Number} do not have the root that it has"); }
        if (rows.Find(r => r.Read is null) is { Row: var unread }) { return Text($"the fact at {unread.Position} can't be read"); }
        if (rows is [.., { Row: var last }] && last.Recorded != commit.Recorded) { return Text($"commit {commit.Number} was not recorded when its last fact was"); }
        if (rows.Find(r => IsChanged(log, r.Row)) is { Row: var changed }) { return Text($"the edition {changed.Id[LedgerLines.PublishedId.Length..]} is another than the one that was published with the fact at {changed.Position}"); }
        foreach (var fact in rows) { Tie(fact); }
        var expected = new List<(FactRow Cause, EntryRow Row)>();
        try
        {
            foreach (var fact in rows) { expected.AddRange(atHand.PostAgain(fact.Row, fact.Read!).Select(entry => (fact.Row, atHand.RowOf(entry, commit.Book)))); }
        }
        catch (InvalidDataException e) { return e.Message; }
        var there = await entries.Take(expected.Count).ConfigureAwait(false);
        for (var i = 0; i < expected.Count; i++)
        {
            var (cause, posted) = expected[i];
            if (i == there.Count || there[i].Position != _entries.Size) { return Text($"entry {_entries.Size} is not there"); }
            if (!there[i].Says(posted)) { return Text($"entry {there[i].Position} is not what the fact {log.NameOf(cause)} at {cause.Position} causes"); }
            _entries.Append(log.LeafOf(there[i], log.SourceOf(cause), cause.Id, posted.Kind));
        }
        return _entries.Size == commit.EntriesTo ? null : Text($"commit {commit.Number} has entries up to {commit.EntriesTo}, and its facts cause those up to {_entries.Size}");
    }

    /// <summary>True for the publication of an edition that the program's texts do not have as it was published.</summary>
    private bool IsChanged(LogReader log, FactRow row) => row.Id.StartsWith(LedgerLines.PublishedId, StringComparison.Ordinal) && log.SourceOf(row) == LedgerLines.OwnSource
        && !rules.Editions.Any(e => LedgerLines.PublishedId + e.Name == row.Id && row.Data?.Contains(e.Hash, StringComparison.Ordinal) == true);

    /// <summary>Compares what is kept beside the log with what the log has of it: each value has its commitment, and what is not there was erased.</summary>
    private async Task<string?> Personal(LogReader log, Commit head, CancellationToken stop)
    {
        var types = rules.Vocabulary.FactTypes.Where(FactForm.IsPersonal).ToDictionary(t => t.Name);
        var seen = 0L;
        for (var from = 0L; types.Count > 0 && from < head.FactsTo; from += Range)
        {
            var told = (await log.Facts(from, Math.Min(from + Range, head.FactsTo), stop).ConfigureAwait(false))
                .SelectMany(row => types.TryGetValue(log.TypeOf(row), out var type) ? FactForm.Personal(row, type).Select(p => (Row: row, p.Field, p.Commitment)) : []).ToList();
            var kept = await PersonalValue.Of(database, program, [.. told.Select(t => t.Row.Position).Distinct()], stop).ConfigureAwait(false);
            var missing = told.Where(t => !kept.ContainsKey((t.Row.Position, t.Field))).ToList();
            // Read last: what is erased meanwhile is gone before that stands here.
            var erased = (await Erasures.Of(database, program, [.. missing.Select(m => m.Row.Subject!.Value).Distinct()], stop).ConfigureAwait(false)).ToLookup(e => e.Subject);
            foreach (var (row, field, commitment) in told)
            {
                if (!kept.TryGetValue((row.Position, field), out var value))
                {
                    if (!erased[row.Subject!.Value].Any(e => e.Facts_To > row.Position)) { return Text($"`{field}` of the fact {log.NameOf(row)} at {row.Position} is not there, and was not erased"); }
                    continue;
                }
                if (value.Commitment != commitment || value.Subject != row.Subject) { return Text($"`{field}` of the fact {log.NameOf(row)} at {row.Position} is not what was told"); }
                seen++;
            }
        }
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        var all = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM personal WHERE program = @program AND position < @upTo", new { program, upTo = head.FactsTo }).ConfigureAwait(false);
        if (all > seen) { return Text($"{all - seen} personal values are kept that no fact told"); }
        var unsaid = await connection.QueryFirstOrDefaultAsync<long?>(
            "SELECT number FROM commits c WHERE program = @program AND number <= @head AND kind = @kind AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.program = c.program AND e.number = c.number) ORDER BY number",
            new { program, head = head.Number, kind = (int)CommitKind.Erasure }).ConfigureAwait(false);
        return unsaid is { } number ? Text($"commit {number} erases something, and what is not there") : null;
    }

    /// <summary>Compares what is kept of where members stand.</summary>
    private async Task<(long Members, string? Difference)> Standings(AtHand atHand, Commit head, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        // Those who were told of since are another's; it may be at the same instant.
        var rows = (await connection.QueryAsync<(long Member, long Told, string Body)>(
            "SELECT member, told, body FROM standings WHERE program = @program AND book = @book AND told <= @recorded AND (told < @recorded OR NOT EXISTS (SELECT 1 FROM commits WHERE program = @program AND number > @number AND recorded = @recorded)) ORDER BY member",
            new { program, book = head.Book, recorded = head.Recorded, number = head.Number }).ConfigureAwait(false)).ToList();
        // While some are written as the books have them, the next are assessed.
        var compared = Task.FromResult<string?>(null);
        foreach (var part in rows.Chunk(Together))
        {
            var members = await atHand.Members([.. part.Select(r => r.Member)], head.FactsTo, stop).ConfigureAwait(false);
            var standings = part.Zip(members, (row, member) => (Name: atHand.History.NameOf(member), row.Told, row.Body, Standing: atHand.TimelineOf(member, new(row.Told), new(head.Recorded)).At(new(row.Told)))).ToList();
            if (await compared.ConfigureAwait(false) is { } difference) { return (rows.Count, difference); }
            compared = Task.Run(() => standings.Find(s => Bookkeeper.BodyOf(s.Standing, rules.Vocabulary) != s.Body) is { Name: { } name, Told: var told } ? Text($"member {name} does not stand where the books say, {new Instant(told)}") : null, stop);
        }
        return (rows.Count, await compared.ConfigureAwait(false));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
