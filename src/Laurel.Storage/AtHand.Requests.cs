using Laurel.Engine.Ledger;
using Laurel.Engine.Standing;

namespace Laurel.Storage;

/// <content>Where requests stand.</content>
internal sealed partial class AtHand
{
    /// <summary>Takes to hand what says where requests about a subject stand.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="upTo">How far the log is written.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task TakeRequests(long subject, long upTo, CancellationToken stop)
    {
        await Name([subject], stop).ConfigureAwait(false);
        await Complete(() => _posting.MissingForRequests(_names[subject]), upTo, stop).ConfigureAwait(false);
    }

    /// <summary>The requests about a subject that was taken to hand, by what was posted.</summary>
    public IReadOnlyList<RequestCourse> RequestsOn(long subject) =>
        _names[subject] is var (kind, name) && History.SubjectOf(rules.Vocabulary.Kinds.First(k => k.Name == kind).Index, name) is { } number ? _posting.RequestsOn(number) : [];

    /// <summary>True for an item that may change where requests stand by a fact.</summary>
    public bool IsOfRequest(LogItem item) => _posting.IsOfRequest(item);
}
