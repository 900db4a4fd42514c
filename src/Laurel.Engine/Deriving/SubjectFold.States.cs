using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <content>States and roles: what facts, conditions and time make of them.</content>
internal sealed partial class SubjectFold<TTrace>
{
    /// <summary>Applies one fact: conditions just before it, then data, then states and roles.</summary>
    private void Apply(SubjectFrame frame, KindPlan<TTrace> kind, int fact, bool several)
    {
        var shape = _history.Shape[fact];
        var plan = kind.Facts[_history.Shapes[shape].Type];
        if (plan is null) { return; }
        _frame.Subject = frame;
        _frame.Fact = fact;
        _instantFact = fact;
        if (several && (plan.HasConditions || kind.ReadsBefore)) { SettleConditions(frame); }
        var conditions = plan.HasConditions ? Conditions(plan, fact, shape) : ulong.MaxValue;
        if (frame == _subject && (plan.Moments.Length > 0 || plan.TakesBack.Length > 0)) { Note(plan, kind, fact, conditions); }
        Tell(frame, kind, fact, shape);
        if (_history.Vocabulary.FactTypes[_history.Shapes[shape].Type].BuiltIn is (BuiltIn.Joined or BuiltIn.Left) and var builtIn)
        {
            frame.Enrolled = builtIn == BuiltIn.Joined;
            _othersChanged = true;
        }
        for (var i = 0; i < plan.Actions.Length; i++)
        {
            if ((conditions >> i & 1) != 0) { Act(frame, plan.Actions[i], fact, shape); }
        }
        _frame.Fact = -1;
        _frame.Row = -1;
        _frame.Subject = _subject;
    }

    /// <summary>Which of a fact's conditional effects happen: actions, then moments, then what takes back.</summary>
    private ulong Conditions(FactPlan<TTrace> plan, int fact, int shape)
    {
        var holds = ulong.MaxValue;
        var bit = 0;
        foreach (var action in plan.Actions)
        {
            var who = action.Who.Length > 0 ? action.Who[shape] : -1;
            _frame.Row = who < 0 ? -1 : _frame.RowOf((int)_history.Values[_history.FirstValue[fact] + who]);
            Weigh(action.Condition, action.Number);
        }
        _frame.Row = -1;
        foreach (var moment in plan.Moments) { Weigh(moment.Condition, moment.Number); }
        foreach (var back in plan.TakesBack) { Weigh(back.Condition, back.Number); }
        return holds;

        void Weigh(Node<FoldFrame, TTrace>? condition, int number)
        {
            if (condition is not null && Quietly(condition, number) != Truth.True) { holds &= ~(1UL << bit); }
            bit++;
        }
    }

    private void Tell(SubjectFrame frame, KindPlan<TTrace> kind, int fact, int shape)
    {
        var slots = _plan.SlotsOf(shape);
        var first = _history.FirstValue[fact];
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            if (slot < 0) { continue; }
            frame.Data[slot] = _history.Values[first + i];
            frame.Told[slot] = fact;
            frame.ChangedFields |= 1UL << slot;
            if (kind.HasTimers) { Reschedule(frame, kind, slot); }
        }
    }

    /// <summary>A field that says when something ends was told anew.</summary>
    private void Reschedule(SubjectFrame frame, KindPlan<TTrace> kind, int slot)
    {
        foreach (var holding in kind.Holdings)
        {
            if (holding.Rule.Until != slot) { continue; }
            if (!holding.IsRole) { frame.StateTimes[holding.Bit].EndsAt = EndOf(frame, holding, frame.StateTimes[holding.Bit].LastStart); }
            else
            {
                for (var row = 0; row < _frame.Members.Count; row++)
                {
                    ref var times = ref frame.RoleTimes[(row * frame.RoleCount) + holding.Bit];
                    times.EndsAt = EndOf(frame, holding, times.LastStart);
                }
            }
        }
    }

    /// <summary>When a stretch that started then ends by itself. An <c>until</c> that is not later than the last start is of an earlier stretch.</summary>
    private long EndOf(SubjectFrame frame, HoldingPlan<TTrace> holding, long lastStart)
    {
        var end = long.MaxValue;
        if (holding.Rule.For is { } length) { end = _zone.Add(new(lastStart), length).Micros; }
        var until = holding.Rule.Until;
        if (until >= 0 && frame.Told[until] >= 0 && frame.Data[until] > lastStart) { end = Math.Min(end, frame.Data[until]); }
        return end;
    }

    private void Act(SubjectFrame frame, FactAction<TTrace> action, int fact, int shape)
    {
        var holding = action.Holding;
        if (!holding.IsRole)
        {
            if (action.Starts) { StartState(frame, holding, fact); }
            else { EndState(frame, holding, fact, byTime: false); }
            return;
        }
        var who = action.Who[shape];
        var named = who < 0 ? -1 : _frame.RowOf((int)_history.Values[_history.FirstValue[fact] + who]);
        if (named >= 0 && action.Starts) { StartRole(frame, holding, named, fact); }
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            var ends = action.Starts ? holding.Rule.One && named >= 0 && row != named : named < 0 || row == named;
            if (ends) { EndRole(frame, holding, row, fact, byTime: false); }
        }
    }

    private void StartState(SubjectFrame frame, HoldingPlan<TTrace> holding, int fact)
    {
        var bit = 1UL << holding.Bit;
        ref var times = ref frame.StateTimes[holding.Bit];
        var was = (frame.States & bit) != 0;
        Start(ref times, was, fact);
        times.EndsAt = EndOf(frame, holding, _at);
        frame.States |= bit;
        frame.ChangedStates |= bit;
    }

    private void EndState(SubjectFrame frame, HoldingPlan<TTrace> holding, int fact, bool byTime)
    {
        var bit = 1UL << holding.Bit;
        if ((frame.States & bit) == 0) { return; }
        End(ref frame.StateTimes[holding.Bit], fact, byTime);
        frame.States &= ~bit;
        frame.ChangedStates |= bit;
    }

    private void StartRole(SubjectFrame frame, HoldingPlan<TTrace> holding, int row, int fact)
    {
        var bit = 1UL << holding.Bit;
        ref var times = ref frame.RoleTimes[(row * frame.RoleCount) + holding.Bit];
        Start(ref times, (frame.Roles[row] & bit) != 0, fact);
        times.EndsAt = EndOf(frame, holding, _at);
        frame.Roles[row] |= bit;
        frame.ChangedRoles |= bit;
    }

    private void EndRole(SubjectFrame frame, HoldingPlan<TTrace> holding, int row, int fact, bool byTime)
    {
        var bit = 1UL << holding.Bit;
        if ((frame.Roles[row] & bit) == 0) { return; }
        End(ref frame.RoleTimes[(row * frame.RoleCount) + holding.Bit], fact, byTime);
        frame.Roles[row] &= ~bit;
        frame.ChangedRoles |= bit;
    }

    private void Start(ref Holding times, bool was, int fact)
    {
        if (!was)
        {
            // An end and a start at one instant leave no gap: the stretch goes on.
            var goesOn = times.EndedAt == _at && times.HeldSince < _at && times.HeldSince != 0;
            times.Since = goesOn ? times.HeldSince : _at;
        }
        times.LastStart = _at;
        times.CausePlusOne = fact + 1;
        times.ByTime = false;
    }

    private void End(ref Holding times, int fact, bool byTime)
    {
        times.HeldSince = times.Since;
        times.EndedAt = _at;
        times.Since = _at;
        times.EndsAt = long.MaxValue;
        times.CausePlusOne = fact + 1;
        times.ByTime = byTime;
    }

    /// <summary>States that are conditions, between two facts of one instant; those of other subjects first.</summary>
    private void SettleConditions(SubjectFrame before)
    {
        foreach (var frame in _settling)
        {
            _frame.Subject = frame;
            SettleConditions(frame, KindOf(frame));
        }
        _frame.Subject = before;
    }

    private void SettleConditions(SubjectFrame frame, KindPlan<TTrace> kind)
    {
        foreach (var holding in kind.Holdings)
        {
            if (holding.Condition is not null) { SettleCondition(frame, holding); }
        }
    }

    private void SettleCondition(SubjectFrame frame, HoldingPlan<TTrace> holding)
    {
        var holds = Quietly(holding.Condition!, holding.Number) == Truth.True;
        var was = (frame.States >> holding.Bit & 1) != 0;
        if (holds && !was) { StartState(frame, holding, -1); }
        else if (!holds && was) { EndState(frame, holding, -1, byTime: false); }
    }

    /// <summary>Conditions, ends by time and what becomes true, each definition after those that it reads.</summary>
    private void Settle(SubjectFrame frame, KindPlan<TTrace> kind)
    {
        foreach (var holding in kind.Holdings)
        {
            if (holding.Condition is not null)
            {
                var reads = holding.Reads;
                if ((reads.States & frame.ChangedStates) != 0 || (reads.Fields & frame.ChangedFields) != 0 || (reads.Roles & frame.ChangedRoles) != 0 || reads.Others)
                {
                    SettleCondition(frame, holding);
                }
                continue;
            }
            if (holding.Ends.Length > 0 || holding.Starts.Length > 0) { SettleWatched(frame, holding); }
            if (holding.Timed) { SettleTimed(frame, holding); }
        }
    }

    private void SettleWatched(SubjectFrame frame, HoldingPlan<TTrace> holding)
    {
        if (!holding.IsRole)
        {
            foreach (var watch in holding.Ends)
            {
                if (BecameTrue(frame, watch, -1)) { EndState(frame, holding, -1, byTime: false); }
            }
            foreach (var watch in holding.Starts)
            {
                if (BecameTrue(frame, watch, -1)) { StartState(frame, holding, -1); }
            }
            return;
        }
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            _frame.Row = row;
            foreach (var watch in holding.Ends)
            {
                if (BecameTrue(frame, watch, row)) { EndRole(frame, holding, row, -1, byTime: false); }
            }
            foreach (var watch in holding.Starts)
            {
                if (BecameTrue(frame, watch, row)) { StartRole(frame, holding, row, -1); }
            }
        }
        _frame.Row = -1;
    }

    private void SettleTimed(SubjectFrame frame, HoldingPlan<TTrace> holding)
    {
        if (!holding.IsRole)
        {
            if ((frame.States >> holding.Bit & 1) != 0 && frame.StateTimes[holding.Bit].EndsAt <= _at) { EndState(frame, holding, -1, byTime: true); }
            return;
        }
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            if ((frame.Roles[row] >> holding.Bit & 1) != 0 && frame.RoleTimes[(row * frame.RoleCount) + holding.Bit].EndsAt <= _at) { EndRole(frame, holding, row, -1, byTime: true); }
        }
    }

    /// <summary>Whether a watched condition becomes true at this instant, or has now stayed true for as long as it must.</summary>
    private bool BecameTrue(SubjectFrame frame, Watch<TTrace> watch, int row)
    {
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
        return watch.Trigger.For is { } length ? since != long.MinValue && _zone.Add(new(since), length).Micros == _at : !was;
    }

    /// <summary>The next instant at which something changes by time alone.</summary>
    private long NextTimer()
    {
        var next = long.MaxValue;
        foreach (var frame in _frame.Frames)
        {
            var kind = _plan.Kinds[_history.Kinds[frame.Subject]];
            if (!kind.HasTimers) { continue; }
            foreach (var holding in kind.Holdings) { next = Math.Min(next, NextTimer(frame, holding)); }
            if (frame != _subject) { continue; }
            foreach (var rule in kind.Rules)
            {
                next = Math.Min(next, Math.Min(NextWatch(frame, rule.Moments, -1), NextWatch(frame, rule.TakesBack, -1)));
            }
        }
        return next;
    }

    private long NextTimer(SubjectFrame frame, HoldingPlan<TTrace> holding)
    {
        if (!holding.IsRole)
        {
            var end = holding.Timed && (frame.States >> holding.Bit & 1) != 0 ? frame.StateTimes[holding.Bit].EndsAt : long.MaxValue;
            return Math.Min(end, Math.Min(NextWatch(frame, holding.Starts, -1), NextWatch(frame, holding.Ends, -1)));
        }
        var next = long.MaxValue;
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            if (holding.Timed && (frame.Roles[row] >> holding.Bit & 1) != 0) { next = Math.Min(next, frame.RoleTimes[(row * frame.RoleCount) + holding.Bit].EndsAt); }
            next = Math.Min(next, Math.Min(NextWatch(frame, holding.Starts, row), NextWatch(frame, holding.Ends, row)));
        }
        return next;
    }

    private long NextWatch(SubjectFrame frame, Watch<TTrace>[] watches, int row)
    {
        var next = long.MaxValue;
        foreach (var watch in watches)
        {
            if (watch.Trigger.For is not { } length || ((row < 0 ? frame.Watched : frame.WatchedByRow[row]) >> watch.Bit & 1) == 0) { continue; }
            var since = frame.WatchedSince[((row + 1) * frame.TriggerCount) + watch.Bit];
            var due = since == long.MinValue ? long.MaxValue : _zone.Add(new(since), length).Micros;
            if (due > _at) { next = Math.Min(next, due); }
        }
        return next;
    }
}
