using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Folds the facts of one subject, in order, into what each rule of an edition would give. One pass; an instant is looked at when
/// it is complete; what ends by time comes after the facts of its instant. Reused from subject to subject, by one thread.
/// </summary>
internal sealed partial class SubjectFold<TTrace>
    where TTrace : struct, IFoldTrace
{
    private readonly EditionPlan<TTrace> _plan;
    private readonly History _history;
    private readonly Zone _zone;
    private readonly FoldFrame _frame;
    private readonly Stack<SubjectFrame>[] _spare;
    private readonly List<(int Fact, int Frame)> _order = [];
    private readonly List<SubjectFrame> _settling = [];
    private readonly List<SubjectFrame> _snapshots = [];
    private KindPlan<TTrace> _kind = null!;
    private SubjectFrame _subject = null!;
    private TTrace _trace;
    private long _at;
    private bool _othersChanged;
    private long _until = long.MaxValue;
    private bool _isFirst;
    private int _instantFact;

    public SubjectFold(EditionPlan<TTrace> plan, History history, Enrolment enrolment, TTrace trace)
    {
        _plan = plan;
        _history = history;
        _zone = history.Vocabulary.Zone;
        _trace = trace;
        _frame = new(history) { Enrolment = enrolment };
        _spare = [.. plan.Kinds.Select(_ => new Stack<SubjectFrame>())];
    }

    /// <summary>What the rules would give: valid until the next fold.</summary>
    public ReadOnlySpan<Raw> Results => _results.AsSpan(0, _resultCount);

    /// <summary>A member to evaluate every rule for at every instant, so that a trace has the reasons why not; -1 for none.</summary>
    public int Asked { get; set; } = -1;

    /// <summary>Told of the subject after every instant; null for nobody.</summary>
    public Action<Instant, SubjectFrame>? Watcher { get; set; }

    /// <summary>Whether the kind has anything to derive at all.</summary>
    public bool Gives(int subject) => _plan.Kinds[_history.Kinds[subject]].Rules.Length > 0;

    /// <summary>Folds a subject.</summary>
    /// <param name="subject">Its number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public void Fold(int subject, int upTo)
    {
        Begin(subject);
        if (_kind.Followed.Length > 0) { FoldMerged(subject, upTo); }
        else { FoldAlone(subject, upTo); }
        Finish();
    }

    /// <summary>Folds a subject as far as an instant, that instant included.</summary>
    public void Fold(int subject, int upTo, Instant until)
    {
        _until = until.Micros;
        Fold(subject, upTo);
        _until = long.MaxValue;
    }

    /// <summary>Evaluates a condition for the member asked, on the subject as an instant leaves it.</summary>
    /// <param name="subject">The subject's number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="at">The instant.</param>
    /// <param name="part">What it is of.</param>
    /// <param name="definition">The rule's or request's index in the edition.</param>
    /// <param name="condition">The condition, compiled.</param>
    public void Evaluate(int subject, int upTo, Instant at, TracePart part, int definition, Node<FoldFrame, TTrace> condition)
    {
        Fold(subject, upTo, at);
        _frame.Row = _frame.RowOf(Asked);
        _frame.At = at;
        _trace.Begin(part, definition, Asked, -1, at);
        condition.Test(_frame, ref _trace);
        _trace.End();
    }

    private void Begin(int subject)
    {
        foreach (var frame in _frame.Frames) { _spare[_history.Kinds[frame.Subject]].Push(frame); }
        _frame.Frames.Clear();
        _frame.Members.Clear();
        _settling.Clear();
        PutSnapshotsBack();
        _isFirst = true;
        _kind = _plan.Kinds[_history.Kinds[subject]];
        _subject = Add(subject);
        _frame.Subject = _subject;
        _frame.Row = -1;
        _frame.Fact = -1;
        _frame.Before = null;
        _resultCount = 0;
        _keys.Clear();
        _grantCount = 0;
        if (Asked >= 0) { _frame.RowOf(Asked); }
        ResetStretches();
    }

    private SubjectFrame Add(int subject)
    {
        var kind = _plan.Kinds[_history.Kinds[subject]];
        var frame = _spare[kind.Kind.Index].TryPop(out var spare) ? spare : new(kind.Kind.Fields.Count, kind.StateCount, kind.RoleCount, kind.TriggerCount);
        frame.Reset(subject, _frame.Members.Count);
        _frame.Frames.Add(frame);
        _settling.Add(frame);
        return frame;
    }

    private KindPlan<TTrace> KindOf(SubjectFrame frame) => _plan.Kinds[_history.Kinds[frame.Subject]];

    private void PutSnapshotsBack()
    {
        foreach (var snapshot in _snapshots) { _spare[_history.Kinds[snapshot.Subject]].Push(snapshot); }
        _snapshots.Clear();
    }

    private void FoldAlone(int subject, int upTo)
    {
        var fact = _history.FirstFact[subject];
        var end = _history.FirstFact[subject + 1];
        if (_kind.WatchesRoles || _kind.GivesLater)
        {
            for (var named = fact; named < end; named++)
            {
                if (_history.IsKnown(named, upTo)) { NameRows(_kind, named); }
            }
        }
        Initialize();
        while (true)
        {
            while (fact < end && !_history.IsKnown(fact, upTo)) { fact++; }
            var next = fact < end ? _history.At[fact] : long.MaxValue;
            _at = _kind.HasTimers ? Math.Min(next, NextTimer()) : next;
            if (_at == long.MaxValue || _at > _until) { return; }
            Open();
            var several = false;
            for (; fact < end && _history.At[fact] == _at; fact++)
            {
                if (!_history.IsKnown(fact, upTo)) { continue; }
                Apply(_subject, _kind, fact, several);
                several = true;
            }
            Close();
        }
    }

    private void FoldMerged(int subject, int upTo)
    {
        Gather(subject, upTo);
        foreach (var (fact, frame) in _order)
        {
            var kind = _plan.Kinds[_history.Kinds[_frame.Frames[frame].Subject]];
            if (kind.WatchesRoles || _kind.GivesLater) { NameRows(kind, fact); }
        }
        Initialize();
        var next = 0;
        while (true)
        {
            _at = Math.Min(next < _order.Count ? _history.At[_order[next].Fact] : long.MaxValue, NextTimer());
            if (_at == long.MaxValue || _at > _until) { return; }
            Open();
            var several = false;
            for (; next < _order.Count && _history.At[_order[next].Fact] == _at; next++)
            {
                var frame = _frame.Frames[_order[next].Frame];
                Apply(frame, _plan.Kinds[_history.Kinds[frame.Subject]], _order[next].Fact, several);
                several = true;
            }
            Close();
        }
    }

    /// <summary>The facts of the subject and of every subject that it ever refers to, in order.</summary>
    private void Gather(int subject, int upTo)
    {
        _order.Clear();
        for (var i = 0; i < _frame.Frames.Count; i++)
        {
            var from = _frame.Frames[i].Subject;
            var kind = _plan.Kinds[_history.Kinds[from]];
            var followed = i == 0 ? kind.Followed : kind.Passed;
            for (var fact = _history.FirstFact[from]; fact < _history.FirstFact[from + 1]; fact++)
            {
                if (!_history.IsKnown(fact, upTo)) { continue; }
                _order.Add((fact, i));
                AddReferred(fact, followed);
            }
        }
        // A subject is settled after those that it refers to.
        _settling.Sort((a, b) => KindOf(a).Depth.CompareTo(KindOf(b).Depth));
        _order.Sort((a, b) =>
        {
            var byTime = _history.At[a.Fact].CompareTo(_history.At[b.Fact]);
            if (byTime != 0) { return byTime; }
            var byType = _history.TypeNumber(a.Fact).CompareTo(_history.TypeNumber(b.Fact));
            return byType != 0 ? byType : _history.Position[a.Fact].CompareTo(_history.Position[b.Fact]);
        });
    }

    private void AddReferred(int fact, int[] followed)
    {
        if (followed.Length == 0) { return; }
        var shape = _history.Shapes[_history.Shape[fact]];
        var type = _history.Vocabulary.FactTypes[shape.Type];
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            if (!followed.Contains(type.Carries[shape.Fields[i]].Slot)) { continue; }
            var referred = (int)_history.Values[_history.FirstValue[fact] + i];
            if (_frame.Frames.TrueForAll(f => f.Subject != referred)) { Add(referred); }
        }
    }

    /// <summary>Conditions as they are before anything was told: what they become later is then seen.</summary>
    private void Initialize()
    {
        _at = long.MinValue;
        _frame.At = Instant.Ever;
        foreach (var frame in _settling)
        {
            var kind = KindOf(frame);
            _frame.Subject = frame;
            SettleConditions(frame, kind);
            foreach (var holding in kind.Holdings)
            {
                foreach (var watch in holding.Starts.Concat(holding.Ends)) { Prime(frame, holding, watch); }
            }
            foreach (var rule in kind.Rules)
            {
                foreach (var watch in rule.Moments) { Prime(frame, watch); }
                foreach (var watch in rule.TakesBack) { Prime(frame, watch); }
            }
        }
        _frame.Subject = _subject;
    }

    /// <summary>
    /// Gives every member that a fact will make a start or an end for its row beforehand: what was true for it all along does not
    /// become true at the fact that names it first, and who gains a role after a moment was outside at the moment.
    /// </summary>
    private void NameRows(KindPlan<TTrace> kind, int fact)
    {
        var shape = _history.Shape[fact];
        if (kind.Facts[_history.Shapes[shape].Type] is not { } plan) { return; }
        foreach (var action in plan.Actions)
        {
            if (action.Who.Length > 0 && action.Who[shape] is >= 0 and var who) { _frame.RowOf((int)_history.Values[_history.FirstValue[fact] + who]); }
        }
    }

    private void Prime(SubjectFrame frame, HoldingPlan<TTrace> holding, Watch<TTrace> watch)
    {
        if (!holding.IsRole)
        {
            Prime(frame, watch);
            return;
        }
        for (var row = 0; row < _frame.Members.Count; row++)
        {
            _frame.Row = row;
            if (Quietly(watch.Condition, watch.Number) != Truth.True) { continue; }
            frame.WatchedByRow[row] |= 1UL << watch.Bit;
            frame.WatchedSince[((row + 1) * frame.TriggerCount) + watch.Bit] = long.MinValue;
        }
        _frame.Row = -1;
    }

    private void Prime(SubjectFrame frame, Watch<TTrace> watch)
    {
        if (Quietly(watch.Condition, watch.Number) != Truth.True) { return; }
        frame.Watched |= 1UL << watch.Bit;
        frame.WatchedSince[watch.Bit] = long.MinValue;
    }

    /// <summary>Tests a condition of a state, or of what starts, ends or takes back.</summary>
    private Truth Quietly(Node<FoldFrame, TTrace> condition, int number)
    {
        if (!TTrace.On) { return condition.Test(_frame, ref _trace); }
        _trace.Begin(TracePart.Trigger, number, _frame.Row < 0 ? -1 : _frame.Members[_frame.Row], _frame.Fact, _frame.At);
        var truth = condition.Test(_frame, ref _trace);
        _trace.End();
        return truth;
    }

    private void Open()
    {
        _frame.At = new(_at);
        PutSnapshotsBack();
        _instantFact = -1;
        _othersChanged = false;
        foreach (var frame in _frame.Frames)
        {
            frame.ChangedStates = 0;
            frame.ChangedFields = 0;
            frame.ChangedRoles = 0;
        }
        _happened.Clear();
    }

    /// <summary>The instant is complete: conditions, ends by time, rules.</summary>
    private void Close()
    {
        foreach (var frame in _settling)
        {
            _frame.Subject = frame;
            Settle(frame, KindOf(frame));
            if (frame != _subject && (frame.ChangedStates | frame.ChangedFields | frame.ChangedRoles) != 0) { _othersChanged = true; }
        }
        _frame.Subject = _subject;
        Moments();
        Stretches();
        _isFirst = false;
        Watcher?.Invoke(new(_at), _subject);
    }
}
