using System.Diagnostics;
using System.Numerics;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Folds the facts of a subject by looking up what follows in each case, where the cases of its kind are few. A step that was not seen
/// yet is learnt by watching the ordinary fold, which alone says what facts mean. For one thread.
/// </summary>
internal sealed class CaseFold<TTrace>
    where TTrace : struct, IFoldTrace
{
    private readonly History _history;
    private long[] _at = [];
    private ushort[] _shape = [];
    private int[] _firstValue = [];
    private long[] _values = [];
    private readonly Calendar _calendar;
    private readonly SubjectFold<TTrace> _fold;
    private readonly Enrolment _enrolment;
    private readonly Lazy<Cases<TTrace>?>[] _casesOf;
    private readonly List<Seen> _seen = [];
    private readonly List<long> _keys = [];
    private readonly int[] _members = new int[CasePlan<TTrace>.RowsMax];
    private readonly long[] _starts = new long[CasePlan<TTrace>.TimedMax];
    private readonly long[] _ends = new long[CasePlan<TTrace>.TimedMax];
    private readonly long[] _data = new long[64];
    private Opened[] _opened = [];
    private Raw[] _results = new Raw[16];
    private Cases<TTrace> _cases = null!;
    private CaseShape?[] _shapes = [];
    private HoldingPlan<TTrace>[] _timed = [];
    private RulePlan<TTrace>[] _rules = [];
    private int _subject;
    private int _upTo;
    private int _step;
    private int _resultCount;
    private ulong _told;
    private long _nextEnd;

    public CaseFold(EditionPlan<TTrace> plan, SubjectFold<TTrace> fold, History history, Enrolment enrolment)
    {
        (_history, _fold, _calendar, _enrolment) = (history, fold, plan.Edition.Calendar, enrolment);
        _casesOf = [.. history.Vocabulary.Kinds.Select(kind => new Lazy<Cases<TTrace>?>(() => CasePlan<TTrace>.Of(plan.KindAt(kind.Index), history) is { } cases ? new(cases) : null, isThreadSafe: false))];
    }

    /// <summary>What the ordinary fold made of an instant; without a case where there are too many.</summary>
    private readonly record struct Seen(long At, SubjectCase? Case, ulong Started);

    /// <summary>Since when a rule holds for a member, by which fact, and where the values that limits group by are.</summary>
    private record struct Opened(long At, int Fact, int Key);

    /// <summary>What the rules would give: valid until the next fold.</summary>
    public Span<Raw> Results => _results.AsSpan(0, _resultCount);

    /// <summary>The values that limits group by, where <see cref="Raw.Key"/> points.</summary>
    public List<long> Keys => _keys;

    /// <summary>Folds a subject, where that can be done by cases.</summary>
    /// <param name="subject">Its number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <returns>False where it can't: several facts of one instant depend on each other, or the cases are too many.</returns>
    public bool TryFold(int subject, int upTo)
    {
        if (_casesOf[_history.Kinds[subject]].Value is not { } cases) { return false; }
        Begin(cases, subject, upTo);
        var current = cases.Start;
        var facts = _history.FactsOf(subject);
        var place = Known(facts, 0, out var fact);
        while (fact >= 0)
        {
            var at = _at[fact];
            if (_nextEnd < at)
            {
                if (Pass(current, _nextEnd) is not { } passed) { return false; }
                current = passed;
                continue;
            }
            var next = Known(facts, place + 1, out var following);
            if ((following >= 0 && _at[following] == at) || Take(current, fact, at) is not { } taken) { return false; }
            (current, place, fact) = (taken, next, following);
        }
        while (_nextEnd < long.MaxValue)
        {
            if (Pass(current, _nextEnd) is not { } passed) { return false; }
            current = passed;
        }
        Finish(current);
        return true;
    }

    private void Begin(Cases<TTrace> cases, int subject, int upTo)
    {
        if (cases != _cases)
        {
            (_cases, _shapes, _timed, _rules) = (cases, cases.Plan.Shapes, cases.Plan.Kind.Timed, cases.Plan.Kind.Rules);
            if (_opened.Length < CasePlan<TTrace>.RowsMax * _rules.Length) { _opened = new Opened[CasePlan<TTrace>.RowsMax * _rules.Length]; }
        }
        // A history that grows moves its columns.
        (_at, _shape, _firstValue, _values) = (_history.At, _history.Shape, _history.FirstValue, _history.Values);
        (_subject, _upTo) = (subject, upTo);
        (_step, _resultCount, _told, _nextEnd) = (0, 0, 0, long.MaxValue);
        Array.Fill(_ends, long.MaxValue);
        _keys.Clear();
        _seen.Clear();
    }

    /// <summary>The first place from one on whose fact is known, with that; -1 for none.</summary>
    private int Known(in FactList facts, int place, out int fact)
    {
        for (; place < facts.Count; place++)
        {
            fact = facts[place];
            if (_history.IsKnown(fact, _upTo)) { return place; }
        }
        fact = -1;
        return place;
    }

    /// <summary>An instant at which something ends by time alone.</summary>
    private SubjectCase? Pass(SubjectCase current, long at) => Turn(current, 0, -1, at);

    /// <summary>A fact.</summary>
    private SubjectCase? Take(SubjectCase current, int fact, long at)
    {
        if (_shapes[_shape[fact]] is not { } shape) { return Pass(current, at); }
        var values = _values.AsSpan(_firstValue[fact]);
        var symbol = 0;
        foreach (var (place, count) in shape.Values) { symbol = (symbol * count) + (int)values[place]; }
        if (shape.Who >= 0)
        {
            var row = RowOf(current, (int)values[shape.Who]);
            if (row == CasePlan<TTrace>.RowsMax) { return null; }
            symbol = (symbol * CasePlan<TTrace>.RowsMax) + row;
        }
        foreach (var (place, slot) in shape.Kept) { Tell(current, slot, values[place]); }
        return Turn(current, shape.First + symbol, fact, at);
    }

    /// <summary>The row of a member; that of a new one where it has none.</summary>
    private int RowOf(SubjectCase current, int member)
    {
        for (var row = 0; row < current.Rows; row++)
        {
            if (_members[row] == member) { return row; }
        }
        if (current.Rows == _members.Length) { return current.Rows; }
        _members[current.Rows] = member;
        _enrolment.WillBeAsked(member);
        return current.Rows;
    }

    private void Tell(SubjectCase current, int slot, long value)
    {
        _data[slot] = value;
        _told |= 1UL << slot;
        for (var place = 0; place < _timed.Length; place++)
        {
            if (_timed[place].Rule.Until == slot && (current.Timed >> place & 1) != 0) { _ends[place] = EndOf(place, _starts[place]); }
        }
    }

    private long EndOf(int place, long start)
    {
        var holding = _timed[place];
        var until = holding.Rule.Until;
        return holding.EndOf(start, until >= 0 && (_told >> until & 1) != 0 ? _data[until] : null, _calendar);
    }

    /// <summary>Goes on to the next case.</summary>
    /// <returns>Null where the cases are too many.</returns>
    private SubjectCase? Turn(SubjectCase current, int symbol, int fact, long at)
    {
        var ends = _ends.AsSpan(0, _timed.Length);
        symbol <<= ends.Length;
        for (var place = 0; place < ends.Length; place++)
        {
            if (ends[place] <= at) { symbol |= 1 << place; }
        }
        if ((current.Steps[symbol] ?? Learn(current, symbol, at)) is not { } step) { return null; }
        _step++;
        var nextEnd = long.MaxValue;
        for (var place = 0; place < ends.Length; place++)
        {
            if ((step.Started >> place & 1) != 0) { (_starts[place], ends[place]) = (at, EndOf(place, at)); }
            else if ((step.Next.Timed >> place & 1) == 0) { ends[place] = long.MaxValue; }
            nextEnd = Math.Min(nextEnd, ends[place]);
        }
        _nextEnd = nextEnd;
        foreach (var (row, rule, opens) in step.Turns)
        {
            if (opens) { Open(row, rule, fact, at); }
            else { Emit(row, rule, at); }
        }
        return step.Next;
    }

    /// <summary>Watches the ordinary fold of the subject for what follows now.</summary>
    /// <returns>Null where the cases are too many.</returns>
    private CaseStep? Learn(SubjectCase current, int symbol, long at)
    {
        if (_seen.Count == 0)
        {
            _fold.Watcher = See;
            _fold.Fold(_subject, _upTo);
            _fold.Watcher = null;
        }
        var seen = _seen[_step];
        if (seen.At != at) { throw new UnreachableException(); }
        return seen.Case is null ? null : current.Steps[symbol] = CaseStep.Between(current, seen.Case, seen.Started);
    }

    private void See(Instant at, SubjectFrame frame)
    {
        Span<ulong> open = stackalloc ulong[CasePlan<TTrace>.RowsMax];
        for (var row = 0; row < Math.Min(frame.Rows, open.Length); row++) { open[row] = _fold.HoldingFor(row); }
        var started = 0UL;
        for (var i = 0; i < _timed.Length; i++)
        {
            if (frame.StateTimes[_timed[i].Bit].LastStart == at.Micros) { started |= 1UL << i; }
        }
        _seen.Add(new(at.Micros, _cases.Of(frame, open[..Math.Min(frame.Rows, open.Length)]), started));
    }

    private void Open(int row, int rule, int fact, long at)
    {
        var keys = _rules[rule].Keys;
        var place = (row * _rules.Length) + rule;
        _opened[place] = new(at, fact, keys.Length == 0 ? -1 : _keys.Count);
        foreach (var key in keys) { _keys.Add(key.Of(_subject, key.Slot >= 0 && (_told >> key.Slot & 1) != 0 ? _data[key.Slot] : null)); }
    }

    private void Emit(int row, int place, long ends)
    {
        var rule = _rules[place];
        ref readonly var opened = ref _opened[(row * _rules.Length) + place];
        if (_resultCount == _results.Length) { Array.Resize(ref _results, _resultCount * 2); }
        _results[_resultCount++] = new()
        {
            Rule = rule.Rule.Index,
            Member = _members[row],
            Fact = opened.Fact,
            Key = opened.Key,
            Moment = new(opened.At),
            Starts = new(opened.At),
            Release = new(opened.At),
            Ends = new(ends),
            Amount = rule.Constant,
        };
    }

    /// <summary>What still holds after the last instant stays.</summary>
    private void Finish(SubjectCase last)
    {
        for (var row = 0; row < last.Rows; row++)
        {
            for (var open = last.Open[row]; open != 0; open &= open - 1) { Emit(row, BitOperations.TrailingZeroCount(open), long.MaxValue); }
        }
    }
}
