using Laurel.Engine.Standing;

namespace Laurel.Engine.Ledger;

/// <content>Where requests stand by what was posted.</content>
public sealed partial class Posting
{
    private Requests? _requests;

    /// <summary>The requests about a subject, each of whoever asked, by what was posted; none before an edition was published.</summary>
    /// <param name="subject">The subject's number; nothing is missing for it.</param>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add.</exception>
    public IReadOnlyList<RequestCourse> RequestsOn(int subject)
    {
        TakeIn();
        if (_plan is null) { return []; }
        (_requests!.UpTo, _requests.Horizon) = (_known, _horizon);
        (_assessing!.UpTo, _assessing.Horizon) = (_known, _horizon);
        return _requests.On(subject, _assessing.TimelineOf);
    }

    /// <summary>True for an item that may change where requests stand by a fact.</summary>
    public bool IsOfRequest(LogItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Fact >= 0 && _requests?.IsOfRequest(item.Fact) == true;
    }
}
