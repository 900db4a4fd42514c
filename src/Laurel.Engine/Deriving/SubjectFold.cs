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
    private readonly Calendar _calendar;
    private readonly FoldFrame _frame;
    private readonly Stack<SubjectFrame>[] _spare;
    private readonly SubjectFrame?[] _blank;
    private readonly Comparison<SubjectFrame> _byDepth;
    private readonly Comparison<Ordered> _inOrder;
    private readonly List<Ordered> _order = [];
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
        _calendar = plan.Edition.Calendar;
        _trace = trace;
        _frame = new(history) { Enrolment = enrolment };
        _spare = [.. history.Vocabulary.Kinds.Select(_ => new Stack<SubjectFrame>())];
        _blank = new SubjectFrame?[_spare.Length];
        _inOrder = Ordered.InOrder(history);
        (_isSettled, _isForGood) = (grant => !IsLooked(_grants[grant]), grant => !IsRevocable(_grants[grant]));
        _byDepth = (a, b) => KindOf(a).Depth.CompareTo(KindOf(b).Depth);
        // What a fold traces is its subject's alone.
        foreach (var kind in TTrace.On ? plan.Kinds : []) { MakeBlanks(kind); }
    }

    /// <summary>A fact of a frame, with what its order depends on: read together, since facts of other subjects lie far away in memory.</summary>
    private readonly record struct Ordered(long At, int Type, int Fact, int Frame)
    {
        /// <summary>Few facts need their positions to be told apart, so that these are not read with the rest.</summary>
        public static Comparison<Ordered> InOrder(History history) => (a, b) =>
        {
            var byTime = a.At.CompareTo(b.At);
            var byType = byTime != 0 ? byTime : a.Type.CompareTo(b.Type);
            return byType != 0 ? byType : history.Position[a.Fact].CompareTo(history.Position[b.Fact]);
        };
    }

    /// <summary>What the rules would give: valid until the next fold.</summary>
    public Span<Raw> Results => _results.AsSpan(0, _resultCount);

    /// <summary>A member to evaluate every rule for at every instant, so that a trace has the reasons why not; -1 for none.</summary>
    public int Asked { get; set; } = -1;

    /// <summary>Where the next fold leaves its trace.</summary>
    public TTrace Trace
    {
        set => _trace = value;
    }

    /// <summary>Told of the subject after every instant; null for nobody.</summary>
    public Action<Instant, SubjectFrame>? Watcher { get; set; }

    /// <summary>Whether the kind has anything to derive at all.</summary>
    public bool Gives(int subject) => _plan.KindAt(_history.Kinds[subject]).Rules.Length > 0;

    /// <summary>Folds a subject.</summary>
    /// <param name="subject">Its number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    public void Fold(int subject, int upTo) => Fold(subject, upTo, []);

    /// <summary>Folds a subject, and leaves a mark after each of some instants.</summary>
    /// <param name="subject">Its number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="marking">The instants, rising.</param>
    public void Fold(int subject, int upTo, IReadOnlyList<long> marking)
    {
        Begin(subject, upTo);
        BeginMarks(marking);
        if (_kind.Followed.Length > 0)
        {
            Gather(upTo, long.MinValue);
            NameRowsOfAll();
            FoldMerged();
        }
        else
        {
            var facts = _history.FactsOf(subject);
            if (_kind.WatchesMembers || _kind.GivesLater) { NameRows(facts, upTo); }
            FoldAlone(facts, 0, upTo);
        }
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

    private void Begin(int subject, int upTo)
    {
        PutFramesBack();
        _isFirst = true;
        _kind = _plan.KindAt(_history.Kinds[subject]);
        MakeBlanks(_kind);
        // Of a member more may be true before anything was told of it: what was found of it.
        Blanked = Standing is not null && _kind.Kind.Index == Programs.Vocabulary.MemberKind && _plan.Edition.Stages > 0 ? Blank(_kind, subject) : _blank[_kind.Kind.Index]!;
        _subject = Add(subject, Blanked);
        BeginOn();
        if (Asked >= 0) { _frame.RowOf(Asked); }
        ResetStretches();
        BeginAwaiting(upTo);
    }

    private void PutFramesBack()
    {
        foreach (var frame in _frame.Frames) { _spare[_history.Kinds[frame.Subject]].Push(frame); }
        _frame.Frames.Clear();
        _frame.Members.Clear();
        _settling.Clear();
        PutSnapshotsBack();
    }

    private void BeginOn()
    {
        _frame.Subject = _subject;
        _frame.Row = -1;
        _frame.Fact = -1;
        _frame.Before = null;
        _resultCount = 0;
        _keys.Clear();
        _grantCount = 0;
        _looked.Clear();
        _revocable.Clear();
    }

    private SubjectFrame Add(int subject) => Add(subject, _blank[_history.Kinds[subject]]!);

    private SubjectFrame Add(int subject, SubjectFrame blank)
    {
        var kind = _plan.KindAt(_history.Kinds[subject]);
        var frame = _spare[kind.Kind.Index].TryPop(out var spare) ? spare : new(kind.Kind.Fields.Count, kind.StateCount, kind.RoleCount, kind.TriggerCount);
        frame.Reset(subject, blank);
        frame.EnsureRows(_frame.Members.Count);
        _frame.Frames.Add(frame);
        _settling.Add(frame);
        return frame;
    }

    private KindPlan<TTrace> KindOf(SubjectFrame frame) => _plan.KindAt(_history.Kinds[frame.Subject]);

    private void PutSnapshotsBack()
    {
        foreach (var snapshot in _snapshots) { _spare[_history.Kinds[snapshot.Subject]].Push(snapshot); }
        _snapshots.Clear();
    }

    private void FoldAlone(in FactList facts, int place, int upTo)
    {
        while (true)
        {
            while (place < facts.Count && !_history.IsKnown(facts[place], upTo)) { place++; }
            var next = place < facts.Count ? _history.At[facts[place]] : long.MaxValue;
            if (_kind.HasTimers) { next = Math.Min(next, NextTimer()); }
            if (_awaits) { next = Math.Min(next, NextAwaited()); }
            if (_marked < _marking.Count) { MarkUntil(next); }
            if (next == long.MaxValue || next > _until) { return; }
            if (_awaits) { ClosePeriods(next); }
            Open(next);
            var several = false;
            for (; place < facts.Count && _history.At[facts[place]] == _at; place++)
            {
                if (!_history.IsKnown(facts[place], upTo)) { continue; }
                Apply(_subject, _kind, facts[place], several);
                several = true;
            }
            Close();
        }
    }

    private void FoldMerged()
    {
        var next = 0;
        while (true)
        {
            var at = Math.Min(next < _order.Count ? _order[next].At : long.MaxValue, NextTimer());
            if (_awaits) { at = Math.Min(at, NextAwaited()); }
            if (_marked < _marking.Count) { MarkUntil(at); }
            if (at == long.MaxValue || at > _until) { return; }
            if (_awaits) { ClosePeriods(at); }
            Open(at);
            var several = false;
            for (; next < _order.Count && _order[next].At == _at; next++)
            {
                var frame = _frame.Frames[_order[next].Frame];
                Apply(frame, KindOf(frame), _order[next].Fact, several);
                several = true;
            }
            Close();
        }
    }

    /// <summary>The facts after an instant of the subject and of every subject that it ever refers to, in order.</summary>
    private void Gather(int upTo, long after)
    {
        _order.Clear();
        for (var i = 0; i < _frame.Frames.Count; i++)
        {
            var facts = _history.FactsOf(_frame.Frames[i].Subject);
            var kind = KindOf(_frame.Frames[i]);
            for (var place = _history.PlaceAfter(facts, after); place < facts.Count; place++)
            {
                var fact = facts[place];
                if (!_history.IsKnown(fact, upTo)) { continue; }
                var shape = _history.Shape[fact];
                _order.Add(new(_history.At[fact], _history.Shapes[shape].Type, fact, i));
                if (kind.Facts[shape] is { } plan) { AddReferred(fact, i == 0 ? plan.Following : plan.Passing); }
            }
        }
        if (_frame.Frames.Count == 1) { return; }
        // A subject is settled after those that it refers to.
        _settling.Sort(_byDepth);
        _order.Sort(_inOrder);
    }

    private void AddReferred(int fact, int[] values)
    {
        foreach (var value in values)
        {
            var referred = (int)_history.Values[_history.FirstValue[fact] + value];
            if (_frame.FrameOf(referred) is null) { Add(referred); }
        }
    }

    /// <summary>Makes what subjects of a kind are before anything is told or found of them, and those that they refer to: before one is folded.</summary>
    private void MakeBlanks(KindPlan<TTrace> kind)
    {
        if (_blank[kind.Kind.Index] is not null) { return; }
        foreach (var field in kind.Kind.Fields)
        {
            if (field.Type is Programs.FieldType.Reference reference) { MakeBlanks(_plan.KindAt(reference.Kind)); }
        }
        var (stage, standing) = (Stage, Standing);
        (Stage, Standing) = (0, null);
        _blank[kind.Kind.Index] = Blank(kind, -1);
        (Stage, Standing) = (stage, standing);
    }

    /// <summary>A subject of which nothing was told: what conditions become later is then seen.</summary>
    private SubjectFrame Blank(KindPlan<TTrace> kind, int subject)
    {
        var frame = new SubjectFrame(kind.Kind.Fields.Count, kind.StateCount, kind.RoleCount, kind.TriggerCount) { Subject = subject };
        Array.Fill(frame.Told, -1);
        _at = long.MinValue;
        _frame.At = Instant.Ever;
        (_frame.Subject, _frame.Row, _frame.Fact) = (frame, -1, -1);
        _frame.Frames.Add(frame);
        SettleConditions(frame, kind);
        foreach (var watch in kind.Holdings.SelectMany(h => h.Starts.Concat(h.Ends)).Concat(kind.Rules.SelectMany(r => r.Moments.Concat(r.TakesBack))))
        {
            Prime(frame, watch, -1);
        }
        _frame.Frames.Clear();
        return frame;
    }

    private void Prime(SubjectFrame frame, Watch<TTrace> watch, int row)
    {
        if (Quietly(watch.Condition, watch.Number) != Truth.True) { return; }
        if (row < 0) { frame.Watched |= 1UL << watch.Bit; }
        else { frame.WatchedByRow[row] |= 1UL << watch.Bit; }
        frame.WatchedSince[((row + 1) * frame.TriggerCount) + watch.Bit] = long.MinValue;
    }

    /// <summary>
    /// Gives every member that a fact will make a start or an end for its row beforehand: what was true for it all along does not
    /// become true at the fact that names it first, and who gains a role after a moment was outside at the moment.
    /// </summary>
    private void NameRows(FactList facts, int upTo)
    {
        foreach (var fact in facts)
        {
            if (_history.IsKnown(fact, upTo)) { NameRows(_kind, fact); }
        }
        if (_kind.WatchesMembers) { PrimeRows(_subject, _kind); }
    }

    private void NameRowsOfAll()
    {
        foreach (var ordered in _order)
        {
            var kind = KindOf(_frame.Frames[ordered.Frame]);
            if (kind.WatchesMembers || _kind.GivesLater) { NameRows(kind, ordered.Fact); }
        }
        foreach (var frame in _settling)
        {
            if (KindOf(frame) is { WatchesMembers: true } kind) { PrimeRows(frame, kind); }
        }
    }

    private void NameRows(KindPlan<TTrace> kind, int fact)
    {
        foreach (var action in kind.Facts[_history.Shape[fact]]?.Actions ?? [])
        {
            if (action.Who >= 0) { _frame.RowOf((int)_history.Values[_history.FirstValue[fact] + action.Who]); }
        }
    }

    private void PrimeRows(SubjectFrame frame, KindPlan<TTrace> kind)
    {
        _at = long.MinValue;
        _frame.At = Instant.Ever;
        _frame.Subject = frame;
        foreach (var watch in kind.Settling.Where(h => h.IsRole).SelectMany(h => h.Ends).Where(w => w.OfMember))
        {
            for (_frame.Row = 0; _frame.Row < _frame.Members.Count; _frame.Row++) { Prime(frame, watch, _frame.Row); }
        }
        _frame.Row = -1;
        _frame.Subject = _subject;
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

    private void Open(long at)
    {
        _at = at;
        _frame.At = new(at);
        PutSnapshotsBack();
        _instantFact = -1;
        _othersChanged = false;
        foreach (var frame in _frame.Frames)
        {
            frame.ChangedStates = 0;
            frame.ChangedFields = 0;
            frame.ChangedRoles = 0;
        }
        if (_happened.Count > 0) { _happened.Clear(); }
        if (_awaits) { PassAwaited(); }
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
        if (TTrace.On) { _frame.Recall.Turn(_kind.Recalled, _subject, _isFirst); }
        Moments();
        Stretches();
        if (TTrace.On) { _frame.Recall.IsOpen = false; }
        _isFirst = false;
        Watcher?.Invoke(new(_at), _subject);
    }
}
