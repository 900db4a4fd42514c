using Laurel.Engine.Ledger;
using Laurel.Engine.Standing;

namespace Laurel.Storage;

/// <content>Where requests stand.</content>
internal sealed partial class AtHand
{
    /// <summary>Takes to hand what says where requests about subjects stand.</summary>
    /// <param name="subjects">The subjects.</param>
    /// <param name="upTo">How far the log is written.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task TakeRequests(IReadOnlyCollection<long> subjects, long upTo, CancellationToken stop)
    {
        await Name(subjects, stop).ConfigureAwait(false);
        await Complete(() => Missing(subjects, _posting.MissingThrough), upTo, stop).ConfigureAwait(false);
    }

    /// <summary>The requests about a subject that was taken to hand, by what was posted.</summary>
    public IReadOnlyList<RequestCourse> RequestsOn(long subject) =>
        _names[subject] is var (kind, name) && History.SubjectOf(rules.Vocabulary.Kinds.First(k => k.Name == kind).Index, name) is { } number ? _posting.RequestsOn(number) : [];

    /// <summary>True for an item that may change where requests stand by a fact.</summary>
    public bool IsOfRequest(LogItem item) => _posting.IsOfRequest(item);
}
