using System.Numerics;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <content>Rules: stretches that hold while conditions do, and grants at moments.</content>
internal sealed partial class SubjectFold<TTrace>
{
    private readonly List<long> _keys = [];
    private readonly List<Happening> _happened = [];
    private Raw[] _results = new Raw[16];
    private Grant[] _grants = new Grant[16];

    // Grants that an instant may change by itself, and those that may be taken back: all others are as they will be.
    private readonly List<int> _looked = [];
    private readonly List<int> _revocable = [];
    private readonly Predicate<int> _isSettled;
    private readonly Predicate<int> _isForGood;
    private Stretch[] _stretches = new Stretch[64];
    private ulong[] _open = new ulong[16];
    private int _resultCount;
    private int _grantCount;
    private int _openRows;

    /// <summary>The values that limits group by, where <see cref="Raw.Key"/> points.</summary>
    public List<long> Keys => _keys;

    /// <summary>The rules that hold for the member of a row, a bit each, by their place in the kind.</summary>
    public ulong HoldingFor(int row)
    {
        var holding = 0UL;
        foreach (var rule in _kind.Rules)
        {
            if (_stretches[(row * _kind.Rules.Length) + rule.Place].Open) { holding |= 1UL << rule.Place; }
        }
        return holding;
    }

    /// <summary>Something that happened at the instant at hand and concerns a rule: a moment, or a taking back.</summary>
    private readonly record struct Happening(int Place, int Fact, int Snapshot, bool TakesBack);

    private void ResetStretches()
    {
        _openRows = 0;
        GrowStretches();
    }

    private void GrowStretches()
    {
        var needed = _frame.Members.Count * _kind.Rules.Length;
        if (_frame.Members.Count > _open.Length) { Array.Resize(ref _open, Math.Max(_frame.Members.Count, _open.Length * 2)); }
        if (needed > _stretches.Length) { Array.Resize(ref _stretches, Math.Max(needed, _stretches.Length * 2)); }
        for (; _openRows < _frame.Members.Count; _openRows++)
        {
            Array.Clear(_stretches, _openRows * _kind.Rules.Length, _kind.Rules.Length);
            _open[_openRows] = 0;
        }
    }

    /// <summary>Remembers which rules a fact concerns, until its instant is complete.</summary>
    private void Note(FactPlan<TTrace> plan, KindPlan<TTrace> kind, int fact, ulong conditions)
    {
        var snapshot = kind.ReadsBefore ? Snapshot(kind) : -1;
        // What takes back comes first: a fact that does both takes back what was given before it, not what it gives.
        var bit = plan.Actions.Length;
        foreach (var back in plan.TakesBack)
        {
            if ((conditions >> bit++ & 1) != 0) { _happened.Add(new(back.Rule, fact, snapshot, TakesBack: true)); }
        }
        foreach (var rule in plan.Moments) { _happened.Add(new(rule, fact, snapshot, TakesBack: false)); }
    }

    private int Snapshot(KindPlan<TTrace> kind)
    {
        var snapshot = _spare[kind.Kind.Index].TryPop(out var spare) ? spare : new(kind.Kind.Fields.Count, kind.StateCount, kind.RoleCount, kind.TriggerCount);
        snapshot.CopyFrom(_subject);
        _snapshots.Add(snapshot);
        return _snapshots.Count - 1;
    }

    private void Moments()
    {
        foreach (var happening in _happened)
        {
            if (happening.TakesBack) { TakeBack(happening.Place, happening.Fact); }
            else { Happen(_kind.Rules[happening.Place], happening.Fact, happening.Snapshot); }
        }
        foreach (var rule in _kind.Watching)
        {
            if (rule.Rule.Stage > Stage) { continue; }
            foreach (var watch in rule.TakesBack)
            {
                if (BecameTrue(_subject, watch, -1)) { TakeBack(rule.Place, -1); }
            }
            foreach (var watch in rule.Moments)
            {
                if (BecameTrue(_subject, watch, -1)) { Happen(rule, -1, -1); }
            }
        }
        LookAtGrants();
    }

    /// <summary>A moment of a rule: whoever is in its role gets it.</summary>
    private void Happen(RulePlan<TTrace> rule, int fact, int snapshot)
    {
        _frame.Fact = fact;
        _frame.Before = snapshot < 0 ? null : _snapshots[snapshot];
        _frame.Before?.EnsureRows(_frame.Members.Count);
        _frame.Row = -1;
        if (rule.To is not null)
        {
            for (var row = 0; row < _frame.Members.Count; row++) { HappenTo(rule, row, fact); }
        }
        else if (MemberOf(rule, fact) is { } member)
        {
            HappenTo(rule, _frame.RowOf(member), fact);
        }
        _frame.Fact = -1;
        _frame.Before = null;
        _frame.Row = -1;
    }

    /// <summary>The member that a rule's path leads to, that its fact names, or that it is about.</summary>
    private int? MemberOf(RulePlan<TTrace> rule, int fact)
    {
        if (rule.ToPath is not null)
        {
            BeginTrace(rule, TracePart.To);
            var value = rule.ToPath.Evaluate(_frame, ref _trace);
            if (TTrace.On) { _trace.End(); }
            return value.Kind == ValueKind.Reference ? value.AsReference : null;
        }
        if (_kind.Kind.Index == Vocabulary.MemberKind) { return _subject.Subject; }
        var place = fact < 0 ? -1 : rule.Names[_history.Shape[fact]];
        return place < 0 ? null : (int)_history.Values[_history.FirstValue[fact] + place];
    }

    private void HappenTo(RulePlan<TTrace> rule, int row, int fact)
    {
        _frame.Row = row;
        var inRole = rule.To is null || Holds(rule, TracePart.To, rule.To);
        var waits = rule.Rule.OrLater is not null;
        if (!inRole && !waits && !TTrace.On) { return; }
        if (rule.Rule.Stage > Stage)
        {
            Later.Add(_frame.Members[row]);
            return;
        }
        var met = Holds(rule, TracePart.Where, rule.Where);
        var holds = Holds(rule, TracePart.While, rule.While);
        if (!met || (!waits && !(inRole && holds)) || AmountOf(rule) is not { } amount) { return; }
        Add(rule, row, fact, amount, !inRole ? Share.Outside : holds ? Share.Given : Share.Inside);
    }

    private void Add(RulePlan<TTrace> rule, int row, int fact, long amount, Share share)
    {
        if (_grantCount == _grants.Length) { Array.Resize(ref _grants, _grantCount * 2); }
        if (share != Share.Given || rule.While is not null || rule.Rule.After is Delay.UntilTold) { _looked.Add(_grantCount); }
        if (rule.Rule.Unless.Count > 0) { _revocable.Add(_grantCount); }
        var moment = new Instant(_at);
        // What the close of a period gives has its moment within the period, and is given from then on.
        var starts = _closing ? new Instant(_at + 1) : moment;
        _grants[_grantCount++] = new()
        {
            Place = rule.Place,
            Row = row,
            Share = share,
            WaitsUntil = share == Share.Given ? Instant.Ever : Windows.Leaves(rule.Rule.OrLater, moment, _calendar),
            Void = false,
            Raw = new()
            {
                Rule = rule.Rule.Index,
                Member = _frame.Members[row],
                Fact = fact,
                Key = share == Share.Given ? KeyOf(rule) : -1,
                Moment = moment,
                Starts = starts,
                Release = rule.Rule.After is Delay.UntilTold told ? Told(told.Slot, starts) : Releases.Of(rule.Rule.After, starts, _calendar),
                Ends = rule.Rule.For is { } length ? _calendar.Add(starts, length) : Instant.Never,
                Amount = amount,
            },
        };
    }

    /// <summary>The instant that a field tells, not before another.</summary>
    private Instant Told(int slot, Instant earliest) => _subject.Told[slot] < 0 ? Instant.Never : Instant.Max(earliest, new(_subject.Data[slot]));

    private void TakeBack(int place, int fact)
    {
        _revocable.RemoveAll(_isForGood);
        foreach (var i in _revocable)
        {
            ref var grant = ref _grants[i];
            if (grant.Place != place) { continue; }
            if (grant.Share != Share.Given || _at < grant.Raw.Release.Micros) { grant.Void = true; }
            else { grant.Raw.Ends = new(_at); }
            if (TTrace.On) { _trace.TakenBack(new(grant.Raw.Rule, grant.Share == Share.Given ? grant.Raw.Member : -1, grant.Raw.Moment, grant.Raw.Fact, new(_at), fact, grant.Raw.Release)); }
        }
    }

    /// <summary>Those who gain a role later, and those whose condition has failed.</summary>
    private void LookAtGrants()
    {
        if (_looked.Count == 0) { return; }
        foreach (var i in _looked)
        {
            ref var grant = ref _grants[i];
            var rule = _kind.Rules[grant.Place];
            if (grant.Void || grant.Raw.Moment.Micros == _at || _at >= grant.Raw.Ends.Micros) { continue; }
            if (rule.Rule.After is Delay.UntilTold told && _at < grant.Raw.Release.Micros && (_subject.ChangedFields >> told.Slot & 1) != 0) { grant.Raw.Release = Told(told.Slot, new(_at)); }
            _frame.Row = grant.Row;
            if (grant.Share != Share.Given)
            {
                if (_at < grant.WaitsUntil.Micros && (Concerns(rule.Reads) || Asked >= 0)) { GiveLater(rule, ref grant); }
            }
            else if (rule.While is not null && Concerns(rule.Reads) && !Holds(rule, TracePart.While, rule.While)) { grant.Raw.Ends = new(_at); }
        }
        _looked.RemoveAll(_isSettled);
        _frame.Row = -1;
    }

    /// <summary>Who gains the role now gets it from now on, where what must stay true is true then.</summary>
    private void GiveLater(RulePlan<TTrace> rule, ref Grant grant)
    {
        _frame.Fact = grant.Raw.Fact;
        var inRole = Holds(rule, TracePart.To, rule.To);
        var holds = (inRole || TTrace.On) && Holds(rule, TracePart.While, rule.While);
        _frame.Fact = -1;
        var gains = inRole && grant.Share == Share.Outside;
        grant.Share = !inRole ? Share.Outside : gains && holds ? Share.Given : Share.Inside;
        if (grant.Share != Share.Given) { return; }
        grant.Raw.Key = KeyOf(rule);
        grant.Raw.Starts = new(_at);
        grant.Raw.Release = Instant.Max(grant.Raw.Release, grant.Raw.Starts);
    }

    /// <summary>Rules that hold while their conditions do.</summary>
    private void Stretches()
    {
        if (_openRows < _frame.Members.Count) { GrowStretches(); }
        if (_kind.Table is { } table) { LookUp(table); }
        foreach (var rule in _kind.Stretching)
        {
            if (!_isFirst && !Concerns(rule.Reads) && Asked < 0) { continue; }
            if (rule.ToPath is not null || rule.To is null)
            {
                StretchOfOne(rule);
                continue;
            }
            for (var row = 0; row < _frame.Members.Count; row++)
            {
                _frame.Row = row;
                var holds = Holds(rule, TracePart.To, rule.To);
                if (holds || TTrace.On) { holds &= Holds(rule, TracePart.While, rule.While); }
                Continue(rule, row, holds);
            }
            _frame.Row = -1;
        }
    }

    /// <summary>The rules whose conditions are in the table: only those that begin or end at this instant cost more than two look-ups.</summary>
    private void LookUp(DecisionTable table)
    {
        var holding = table.WhileHolds(_subject);
        var changed = 0UL;
        for (var row = 0; row < _openRows; row++) { changed |= (holding & table.ToHolds(_subject.Roles[row])) ^ _open[row]; }
        for (; changed != 0; changed &= changed - 1)
        {
            var rule = _kind.Rules[BitOperations.TrailingZeroCount(changed)];
            for (var row = 0; row < _openRows; row++)
            {
                var holds = holding & table.ToHolds(_subject.Roles[row]);
                if (((holds ^ _open[row]) >> rule.Place & 1) == 0) { continue; }
                Continue(rule, row, (holds >> rule.Place & 1) != 0);
                _open[row] ^= 1UL << rule.Place;
            }
        }
    }

    /// <summary>A rule for the one member that a path leads to, or that the subject is.</summary>
    private void StretchOfOne(RulePlan<TTrace> rule)
    {
        _frame.Row = -1;
        var owner = MemberOf(rule, -1) is { } member ? _frame.RowOf(member) : -1;
        GrowStretches();
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            _frame.Row = row;
            var holds = row == owner;
            if (holds || (TTrace.On && _frame.Members[row] == Asked)) { holds &= Holds(rule, TracePart.While, rule.While); }
            Continue(rule, row, holds);
        }
    }

    private void Continue(RulePlan<TTrace> rule, int row, bool holds)
    {
        ref var stretch = ref _stretches[(row * _kind.Rules.Length) + rule.Place];
        var amount = holds ? AmountOf(rule) : null;
        if (amount is null)
        {
            if (stretch.Open) { Emit(rule, row, stretch, new(_at)); }
            stretch.Open = false;
            return;
        }
        if (stretch.Open && stretch.Amount == amount) { return; }
        if (stretch.Open) { Emit(rule, row, stretch, new(_at)); }
        else
        {
            stretch.Moment = _at;
            stretch.Key = KeyOf(rule);
        }
        stretch.Open = true;
        stretch.Starts = _at;
        stretch.Amount = amount.Value;
        stretch.Fact = _instantFact;
    }

    private bool Concerns(Reads reads) => reads.Concern(_subject) || (reads.Others && (_othersChanged || _subject.ChangedFields != 0));

    private bool Holds(RulePlan<TTrace> rule, TracePart part, Node<FoldFrame, TTrace>? condition)
    {
        if (condition is null) { return true; }
        BeginTrace(rule, part);
        var truth = condition.Test(_frame, ref _trace);
        if (TTrace.On) { _trace.End(); }
        return truth == Truth.True;
    }

    private long? AmountOf(RulePlan<TTrace> rule)
    {
        if (rule.Give is null) { return rule.Constant; }
        BeginTrace(rule, TracePart.Give);
        var value = rule.Give.Evaluate(_frame, ref _trace);
        if (TTrace.On) { _trace.End(); }
        return EditionPlan<TTrace>.Amount(value, rule.Scale);
    }

    private void BeginTrace(RulePlan<TTrace> rule, TracePart part)
    {
        if (TTrace.On) { _trace.Begin(part, rule.Rule.Index, _frame.Row < 0 ? -1 : _frame.Members[_frame.Row], _frame.Fact, new(_at)); }
    }

    private int KeyOf(RulePlan<TTrace> rule)
    {
        if (rule.Keys.Length == 0) { return -1; }
        var first = _keys.Count;
        foreach (var key in rule.Keys) { _keys.Add(key.Read(_frame)); }
        return first;
    }

    private void Emit(RulePlan<TTrace> rule, int row, in Stretch stretch, Instant ends) => Emit(new()
    {
        Rule = rule.Rule.Index,
        Member = _frame.Members[row],
        Fact = stretch.Fact,
        Key = stretch.Key,
        Moment = new(stretch.Moment),
        Starts = new(stretch.Starts),
        Release = new(stretch.Moment),
        Ends = ends,
        Amount = stretch.Amount,
    });

    private void Emit(in Raw raw)
    {
        if (raw.Starts >= raw.Ends) { return; }
        if (_resultCount == _results.Length) { Array.Resize(ref _results, _resultCount * 2); }
        _results[_resultCount++] = raw;
    }

    /// <summary>After the last instant: what is still open stays open.</summary>
    private void Finish()
    {
        for (var row = 0; row < _openRows; row++)
        {
            foreach (var rule in _kind.Rules)
            {
                ref var stretch = ref _stretches[(row * _kind.Rules.Length) + rule.Place];
                if (stretch.Open) { Emit(rule, row, stretch, Instant.Never); }
            }
        }
        for (var i = 0; i < _grantCount; i++)
        {
            if (!_grants[i].Void && _grants[i].Share == Share.Given) { Emit(_grants[i].Raw); }
        }
    }
}
