using System.Collections.Concurrent;
using Dapper;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <content>Posts the log once more, part by part and several at a time, and compares what comes of it: each member's entries, and where it stands.</content>
internal sealed partial class Verification
{
    private async Task<(long Members, Difference? Difference)> Parts(Commit head, CancellationToken stop)
    {
        // Who is compared with all others is in one part with them.
        var workers = Environment.ProcessorCount;
        var most = rules.ComparesMembers(under: null) ? int.MaxValue : Math.Min(factsMax, (int)(head.FactsTo / workers) + 1);
        var (members, found) = (0L, new ConcurrentBag<Difference>());
        await Parallel.ForEachAsync(_parts.Of(s => KindOf(s) == Vocabulary.MemberKind, most), new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop }, async (part, stop) =>
        {
            var (standings, difference) = await Compare(part, head, stop).ConfigureAwait(false);
            Interlocked.Add(ref members, standings);
            if (difference is not null) { found.Add(difference); }
        }).ConfigureAwait(false);
        if (_other is not null) { found.Add(_other); }
        return (members, found.MinBy(d => d.Entry));
    }

    private async Task<(long Standings, Difference? Difference)> Compare(LogPart part, Commit head, CancellationToken stop)
    {
        var words = await Words.Of(database, program, stop).ConfigureAwait(false);
        var atHand = new AtHand(database, program, words, new(database, program, words, rules.Vocabulary), rules, Instant.Ever);
        atHand.BeginAnew();
        await atHand.Name(part.Subjects, stop).ConfigureAwait(false);
        var difference = await Entries(part, atHand, new(database, program, words, rules), head, stop).ConfigureAwait(false);
        return difference is null ? await Standings(part, atHand, head, stop).ConfigureAwait(false) : (0, difference);
    }

    private async Task<Difference?> Entries(LogPart part, AtHand atHand, LogReader log, Commit head, CancellationToken stop)
    {
        var entries = await Of<EntryRow>("entries", "member", part.Members, Database.UpTo, head.EntriesTo, stop).ConfigureAwait(false);
        entries.Sort((a, b) => a.Position.CompareTo(b.Position));
        var facts = await Of<FactRow>("facts", "subject", part.Subjects, Database.UpTo, head.FactsTo, stop).ConfigureAwait(false);
        facts.AddRange(_ofNobody);
        facts.Sort((a, b) => a.Position.CompareTo(b.Position));
        var (members, next) = (part.Members.ToHashSet(), 0);
        foreach (var fact in facts)
        {
            stop.ThrowIfCancellationRequested();
            IReadOnlyList<Entry> caused;
            try { caused = atHand.PostAgain(fact); }
            catch (Exception e) when (IsUnreadable(e)) { return new($"the fact {log.NameOf(fact)} at {fact.Position} can't be posted: {e.Message}") { Entry = next < entries.Count ? entries[next].Position : head.EntriesTo }; }
            foreach (var entry in caused)
            {
                var row = atHand.RowOf(entry, head.Book);
                if (!members.Contains(row.Member)) { continue; }
                if (next == entries.Count || entries[next].Cause > fact.Position) { return new($"an entry that the fact {log.NameOf(fact)} at {fact.Position} causes for member {atHand.NameOf(row.Member)} is not there") { Entry = next < entries.Count ? entries[next].Position : head.EntriesTo }; }
                (row.Position, row.Book) = (entries[next].Position, entries[next].Book);
                if (!entries[next++].Says(row)) { return Other(row.Position, fact); }
            }
            if (next < entries.Count && entries[next].Cause <= fact.Position) { return Other(entries[next].Position, fact); }
        }
        return next < entries.Count ? new($"entry {entries[next].Position} is caused by nothing that concerns member {atHand.NameOf(entries[next].Member)}") { Entry = entries[next].Position } : null;

        Difference Other(long position, FactRow fact) => new($"entry {position} is not what the fact {log.NameOf(fact)} at {fact.Position} causes") { Entry = position };
    }

    private async Task<(long Standings, Difference? Difference)> Standings(LogPart part, AtHand atHand, Commit head, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        // Those who were told of since are another's; it may be at the same instant.
        var rows = (await connection.QueryAsync<(long Member, long Told, string Body)>(
            database.Sql($"SELECT member, told, body FROM {Database.Each("standings", "member", "members", "book = @book")} WHERE told <= @recorded AND (told < @recorded OR NOT EXISTS (SELECT 1 FROM commits WHERE program = @program AND number > @number AND recorded = @recorded)) ORDER BY member"),
            new { program, members = database.Many(part.Members), book = head.Book, recorded = head.Recorded, number = head.Number }).ConfigureAwait(false)).ToList();
        foreach (var (member, told, body) in rows)
        {
            var standing = atHand.TimelineOf(atHand.AtHandOf(member), new(told), new(head.Recorded)).At(new(told));
            if (Bookkeeper.BodyOf(standing, rules.Vocabulary) != body) { return (rows.Count, new($"member {atHand.NameOf(member)} does not stand where the books say, {new Instant(told)}") { Entry = head.EntriesTo + member }); }
        }
        return (rows.Count, null);
    }

    private async Task<List<T>> Of<T>(string table, string column, IReadOnlyList<long> values, string where, long upTo, CancellationToken stop)
    {
        using var connection = await database.Connect(stop).ConfigureAwait(false);
        return [.. await connection.QueryAsync<T>(database.Sql($"SELECT e.* FROM {Database.Each(table, column, "values", where)}"), new { program, upTo, values = database.Many(values) }).ConfigureAwait(false)];
    }
}
