using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Storage;

/// <summary>What an edition's publication changes for a member.</summary>
/// <param name="Number">The member.</param>
/// <param name="Was">How it stands over time without the edition; null where none is in force.</param>
/// <param name="Becomes">How it stands with it.</param>
/// <param name="Entries">The entries, each with its subject and the index of that one's kind; in order, their places without meaning.</param>
internal sealed record StagedMember(long Number, MemberTimeline? Was, MemberTimeline Becomes, IReadOnlyList<(long Subject, int Kind, Entry Entry)> Entries);

/// <content>Publishes an edition for some members alone, with nothing at hand but what concerns them.</content>
internal sealed partial class AtHand
{
    /// <summary>Finds what an edition's publication changes for members, as the log stands; nothing of it is posted, and nothing else can be posted here after it.</summary>
    /// <param name="members">The members, each with until when it was told of.</param>
    /// <param name="edition">The edition.</param>
    /// <param name="closes">The periods that close until then.</param>
    /// <param name="at">When it is published.</param>
    /// <param name="head">The last commit.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add.</exception>
    public async Task<IReadOnlyList<StagedMember>> Stage(IReadOnlyList<(long Number, Instant Until)> members, Edition edition, IReadOnlyList<Instant> closes, Instant at, Commit head, CancellationToken stop)
    {
        Clear();
        _kept.Clear();
        await KeepRetractions(head, stop).ConfigureAwait(false);
        // What was paid matters to closes alone, and what these post is not asked for.
        _posting = new(rules, _hand, StartAt(head));
        await Name([.. members.Select(m => m.Number)], stop).ConfigureAwait(false);
        await Complete(() => Missing(members.Select(m => m.Number), _posting.MissingFor), head.FactsTo, stop).ConfigureAwait(false);
        var numbers = members.Select(m => AtHandOf(m.Number)).ToList();
        var position = (int)head.FactsTo;
        foreach (var close in closes) { _posting.Post(new(position++, -1, null, close)); }
        var was = members.Zip(numbers, (m, number) => _posting.Book is null ? null : _posting.TimelineOf(number, m.Until, at)).ToList();
        var entries = _posting.Post(new(position, -1, edition, at)).ToLookup(e => e.Member);
        return [.. members.Select((m, i) => new StagedMember(
            m.Number, was[i], _posting.TimelineOf(numbers[i], at, at), [.. entries[numbers[i]].Select(e => (NumberOf(e.Subject), History.KindOf(e.Subject), e))]))];
    }

    /// <summary>Goes on where an edition was published whose entries are written.</summary>
    public Task Publish(Edition edition, Commit head, CancellationToken stop)
    {
        _published = Instant.Max(_published, edition.Published);
        return Begin(head, stop);
    }
}
