using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <content>States and roles: what facts, conditions and time make of them.</content>
internal sealed partial class SubjectFold<TTrace>
{
    /// <summary>Applies one fact: conditions just before it, then data, then states and roles.</summary>
    private void Apply(SubjectFrame frame, KindPlan<TTrace> kind, int fact, bool several)
    {
        if (kind.Facts[_history.Shape[fact]] is not { } plan) { return; }
        _frame.Subject = frame;
        _frame.Fact = fact;
        _instantFact = fact;
        if (several && (plan.HasConditions || kind.ReadsBefore)) { SettleConditions(frame); }
        _othersChanged |= plan.Enrols;
        var conditions = plan.HasConditions ? Conditions(plan, fact) : ulong.MaxValue;
        if (frame == _subject && (plan.Moments.Length > 0 || plan.TakesBack.Length > 0)) { Note(plan, kind, fact, conditions); }
        Tell(frame, kind, plan, fact);
        if (plan.Enrols) { frame.Enrolled = _history.TypeOf(fact).BuiltIn == BuiltIn.Joined; }
        for (var i = 0; i < plan.Actions.Length; i++)
        {
            if ((conditions >> i & 1) != 0) { Act(frame, plan.Actions[i], fact); }
        }
        _frame.Fact = -1;
        _frame.Row = -1;
        _frame.Subject = _subject;
    }

    /// <summary>Which of a fact's conditional effects happen: actions, then what takes back.</summary>
    private ulong Conditions(FactPlan<TTrace> plan, int fact)
    {
        var holds = ulong.MaxValue;
        var bit = 0;
        _frame.JustBefore = true;
        foreach (var action in plan.Actions)
        {
            _frame.Row = action.Who < 0 ? -1 : _frame.RowOf((int)_history.Values[_history.FirstValue[fact] + action.Who]);
            Weigh(action.Condition, action.Number);
        }
        _frame.Row = -1;
        foreach (var back in plan.TakesBack) { Weigh(back.Condition, back.Number); }
        _frame.JustBefore = false;
        return holds;

        void Weigh(Node<FoldFrame, TTrace>? condition, int number)
        {
            if (condition is not null && Quietly(condition, number) != Truth.True) { holds &= ~(1UL << bit); }
            bit++;
        }
    }

    private void Tell(SubjectFrame frame, KindPlan<TTrace> kind, FactPlan<TTrace> plan, int fact)
    {
        var slots = plan.Slots;
        var first = _history.FirstValue[fact];
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            if (slot < 0) { continue; }
            frame.Data[slot] = _history.Values[first + i];
            frame.Told[slot] = fact;
            frame.ChangedFields |= 1UL << slot;
            foreach (var holding in kind.Timed)
            {
                if (holding.Rule.Until == slot) { Reschedule(frame, holding); }
            }
        }
    }

    /// <summary>A field that says when something ends was told anew.</summary>
    private void Reschedule(SubjectFrame frame, HoldingPlan<TTrace> holding)
    {
        frame.EndsMoved = true;
        if (!holding.IsRole)
        {
            ref var times = ref frame.StateTimes[holding.Bit];
            times.EndsAt = EndOf(frame, holding, times.LastStart);
            return;
        }
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            ref var times = ref frame.RoleTimes[(row * frame.RoleCount) + holding.Bit];
            times.EndsAt = EndOf(frame, holding, times.LastStart);
        }
    }

    private long EndOf(SubjectFrame frame, HoldingPlan<TTrace> holding, long lastStart)
    {
        var until = holding.Rule.Until;
        return holding.EndOf(lastStart, until >= 0 && frame.Told[until] >= 0 ? frame.Data[until] : null, _calendar);
    }

    private void Act(SubjectFrame frame, FactAction<TTrace> action, int fact)
    {
        var holding = action.Holding;
        if (!holding.IsRole)
        {
            if (action.Starts) { StartState(frame, holding, fact); }
            else { EndState(frame, holding, fact, byTime: false); }
            return;
        }
        var named = action.Who < 0 ? -1 : _frame.RowOf((int)_history.Values[_history.FirstValue[fact] + action.Who]);
        if (named >= 0 && action.Starts)
        {
            StartRole(frame, holding, named, fact);
            if (!holding.Rule.One) { return; }
        }
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
        SetEnd(frame, holding, ref times);
        frame.States |= bit;
        frame.ChangedStates |= bit;
    }

    private void EndState(SubjectFrame frame, HoldingPlan<TTrace> holding, int fact, bool byTime)
    {
        var bit = 1UL << holding.Bit;
        if ((frame.States & bit) == 0) { return; }
        End(ref frame.StateTimes[holding.Bit], fact, byTime);
        frame.EndsMoved |= holding.Timed;
        frame.States &= ~bit;
        frame.ChangedStates |= bit;
    }

    private void StartRole(SubjectFrame frame, HoldingPlan<TTrace> holding, int row, int fact)
    {
        var bit = 1UL << holding.Bit;
        ref var times = ref frame.RoleTimes[(row * frame.RoleCount) + holding.Bit];
        Start(ref times, (frame.Roles[row] & bit) != 0, fact);
        SetEnd(frame, holding, ref times);
        frame.Roles[row] |= bit;
        frame.ChangedRoles |= bit;
    }

    private void EndRole(SubjectFrame frame, HoldingPlan<TTrace> holding, int row, int fact, bool byTime)
    {
        var bit = 1UL << holding.Bit;
        if ((frame.Roles[row] & bit) == 0) { return; }
        End(ref frame.RoleTimes[(row * frame.RoleCount) + holding.Bit], fact, byTime);
        frame.EndsMoved |= holding.Timed;
        frame.Roles[row] &= ~bit;
        frame.ChangedRoles |= bit;
    }

    private void SetEnd(SubjectFrame frame, HoldingPlan<TTrace> holding, ref Holding times)
    {
        times.EndsAt = holding.Timed ? EndOf(frame, holding, _at) : long.MaxValue;
        frame.EndsMoved |= holding.Timed;
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
        var due = kind.Timed.Length > 0 && NextEnd(frame, kind) <= _at;
        foreach (var holding in kind.Settling)
        {
            if (holding.Condition is not null)
            {
                if (holding.Reads.Others || holding.Reads.Concern(frame)) { SettleCondition(frame, holding); }
                continue;
            }
            if (holding.Ends.Length > 0) { SettleWatched(frame, holding, holding.Ends, starts: false); }
            if (holding.Starts.Length > 0) { SettleWatched(frame, holding, holding.Starts, starts: true); }
            if (holding.Timed && due) { SettleTimed(frame, holding); }
        }
    }

    private void SettleWatched(SubjectFrame frame, HoldingPlan<TTrace> holding, Watch<TTrace>[] watches, bool starts)
    {
        foreach (var watch in watches)
        {
            if (!watch.OfMember)
            {
                if (BecameTrue(frame, watch, -1)) { SettleBecome(frame, holding, starts); }
                continue;
            }
            // Only facts start a role: they name the member.
            for (var row = 0; row < _frame.Members.Count; row++)
            {
                _frame.Row = row;
                if (BecameTrue(frame, watch, row)) { EndRole(frame, holding, row, -1, byTime: false); }
            }
            _frame.Row = -1;
        }
    }

    /// <summary>A condition became true, whoever is asked about.</summary>
    private void SettleBecome(SubjectFrame frame, HoldingPlan<TTrace> holding, bool starts)
    {
        if (holding.IsRole)
        {
            for (var row = 0; row < _frame.Members.Count; row++) { EndRole(frame, holding, row, -1, byTime: false); }
        }
        else if (starts) { StartState(frame, holding, -1); }
        else { EndState(frame, holding, -1, byTime: false); }
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
}
