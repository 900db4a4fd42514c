using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <content>Where members stand by what was posted.</content>
public sealed partial class Posting
{
    // Members as they were assessed last, where the rules, and what is told of the member itself, are still the same.
    private readonly Dictionary<int, (Assessed Assessed, Instant Seen, bool IsCurrent)> _assessed = [];

    // Members whose standing needs no more than what their credits come to: how far they were looked at.
    private readonly Courses _courses = new();

    /// <summary>A member's standing by what was posted: from an instant until the first change after another, what follows by itself in the next year included.</summary>
    /// <param name="member">The member's number.</param>
    /// <param name="from">From when it is told.</param>
    /// <param name="at">The other instant, from which the year is counted too; not earlier than what was posted last.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public MemberTimeline TimelineOf(int member, Instant from, Instant at)
    {
        if (_assessing is null) { throw new InvalidOperationException("no edition is in force yet"); }
        TakeIn();
        (_assessing.UpTo, _assessing.Horizon) = (_known, _history.Vocabulary.Zone.Move(Instant.Max(_horizon, at), new(12, 0, 0)));
        if (_courses.Of(member) is { } course && _assessing.GoOn(course, member, from, at) is { } next) { return next; }
        if (_assessing.Begin(member, at) is { } begun)
        {
            next = _assessing.GoOn(begun, member, from, at)!;
            _courses.Begin(member, begun);
            return next;
        }
        _courses.Remove(member);
        // A timeline looks a year ahead: what was seen long ago is looked at again.
        if (!_assessed.TryGetValue(member, out var seen)) { seen = (_assessing.Of(member), at, IsCurrent: true); }
        else if (!seen.IsCurrent || at.Micros - seen.Seen.Micros > 300 * Instant.MicrosPerDay) { seen = (_assessing.Of(member, seen.Assessed), at, IsCurrent: true); }
        _assessed[member] = seen;
        return seen.Assessed.Timeline!;
    }

    /// <summary>Turns the standings of those concerned with what goes and what comes.</summary>
    private void Turn(News news)
    {
        foreach (var member in Concerned)
        {
            if (_assessed.TryGetValue(member, out var assessed)) { _assessed[member] = assessed with { IsCurrent = false }; }
        }
        _assessing!.UpTo = _known;
        if (_courses.None) { return; }
        var steps = Difference.Counting(news.Before, news.Now);
        foreach (var step in steps) { _courses.GoBack(step.Line.Member, step.Starts); }
        foreach (var step in steps)
        {
            if (_courses.Of(step.Line.Member) is not { } course) { continue; }
            try { _assessing.Count(course, step.Credit, (int)step.Amount); }
            // Whether it is too much by the member's standing is found where that is asked.
            catch (OverflowException) { _courses.Remove(step.Line.Member); }
        }
    }
}
