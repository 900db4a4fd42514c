using Laurel.Engine.Expressions;

namespace Laurel.Engine.Deriving;

/// <content>What happens by time: ends of states and roles, conditions that have stayed true for long enough.</content>
internal sealed partial class SubjectFold<TTrace>
{
    /// <summary>Whether a watched condition becomes true at this instant, or has now stayed true for as long as it must.</summary>
    private bool BecameTrue(SubjectFrame frame, Watch<TTrace> watch, int row)
    {
        // With a trace everything is evaluated, so that whoever reads it sees each condition at each instant.
        if (!TTrace.On && watch.Trigger.For is null && !watch.Reads.Others && !watch.Reads.Concern(frame)) { return false; }
        var bit = 1UL << watch.Bit;
        var was = ((row < 0 ? frame.Watched : frame.WatchedByRow[row]) & bit) != 0;
        var holds = Quietly(watch.Condition, watch.Number) == Truth.True;
        ref var since = ref frame.WatchedSince[((row + 1) * frame.TriggerCount) + watch.Bit];
        if (holds != was)
        {
            if (row < 0) { frame.Watched ^= bit; }
            else { frame.WatchedByRow[row] ^= bit; }
            since = _at;
        }
        if (!holds) { return false; }
        return watch.Trigger.For is { } length ? since != long.MinValue && _calendar.Add(new(since), length).Micros == _at : !was;
    }

    /// <summary>The next instant at which something changes by time alone.</summary>
    private long NextTimer()
    {
        var next = NextEnd(_subject, _kind);
        if (_kind.Waits) { next = Math.Min(next, NextWait(_subject, _kind)); }
        for (var i = 1; i < _frame.Frames.Count; i++)
        {
            var frame = _frame.Frames[i];
            var kind = KindOf(frame);
            next = Math.Min(next, NextEnd(frame, kind));
            if (kind.Waits) { next = Math.Min(next, NextWait(frame, kind)); }
        }
        return next;
    }

    /// <summary>The next instant at which a state or role of a subject ends by itself.</summary>
    private long NextEnd(SubjectFrame frame, KindPlan<TTrace> kind)
    {
        if (!frame.EndsMoved) { return frame.NextEnd; }
        var next = long.MaxValue;
        foreach (var holding in kind.Timed)
        {
            if (!holding.IsRole)
            {
                if ((frame.States >> holding.Bit & 1) != 0) { next = Math.Min(next, frame.StateTimes[holding.Bit].EndsAt); }
                continue;
            }
            for (var row = 0; row < _frame.Members.Count; row++)
            {
                if ((frame.Roles[row] >> holding.Bit & 1) != 0) { next = Math.Min(next, frame.RoleTimes[(row * frame.RoleCount) + holding.Bit].EndsAt); }
            }
        }
        frame.NextEnd = next;
        frame.EndsMoved = false;
        return next;
    }

    /// <summary>The next instant at which a condition will have stayed true for as long as it must.</summary>
    private long NextWait(SubjectFrame frame, KindPlan<TTrace> kind)
    {
        var next = long.MaxValue;
        foreach (var holding in kind.Settling)
        {
            next = Math.Min(next, Math.Min(NextWatch(frame, holding.Starts), NextWatch(frame, holding.Ends)));
        }
        if (frame != _subject) { return next; }
        foreach (var rule in kind.Watching)
        {
            next = Math.Min(next, Math.Min(NextWatch(frame, rule.Moments, -1), NextWatch(frame, rule.TakesBack, -1)));
        }
        return next;
    }

    private long NextWatch(SubjectFrame frame, Watch<TTrace>[] watches)
    {
        var next = NextWatch(frame, watches, -1);
        for (var row = 0; row < _frame.Members.Count && watches.Length > 0; row++) { next = Math.Min(next, NextWatch(frame, watches, row)); }
        return next;
    }

    private long NextWatch(SubjectFrame frame, Watch<TTrace>[] watches, int row)
    {
        var next = long.MaxValue;
        foreach (var watch in watches)
        {
            if (watch.Trigger.For is not { } length || ((row < 0 ? frame.Watched : frame.WatchedByRow[row]) >> watch.Bit & 1) == 0) { continue; }
            var since = frame.WatchedSince[((row + 1) * frame.TriggerCount) + watch.Bit];
            var due = since == long.MinValue ? long.MaxValue : _calendar.Add(new(since), length).Micros;
            if (due > _at) { next = Math.Min(next, due); }
        }
        return next;
    }
}
