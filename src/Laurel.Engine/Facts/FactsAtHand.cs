using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>
/// A history that grows: the part of a program's log that somebody has at hand. Facts are added at the end of the log, as they are
/// learnt; and a subject's earlier facts at any time, with the positions that they have. So positions have gaps, and the numbers of
/// facts and subjects are those of coming to hand: nothing may depend on them. For one thread.
/// </summary>
/// <remarks>
/// A fact that is late in time goes to its place among its subject's facts. A retraction stands among the facts of the subject of the
/// fact that it names, once that is at hand. Nothing is ever taken out: what has grown too large is thrown away, and begun anew.
/// </remarks>
public sealed class FactsAtHand
{
    private readonly HistoryBuilder _builder;
    private readonly Retractions _retractions = new();

    // By source and id: retractions of facts that are not at hand, or of no subject.
    private readonly Dictionary<(string Source, string Id), List<int>> _awaiting = [];

    // By size, as a power of two: where in the order there is room that subjects have outgrown.
    private readonly Stack<int>[] _outgrown = [.. Enumerable.Range(0, 31).Select(_ => new Stack<int>())];
    private int _orderUsed;
    private int _subjects;

    /// <summary>Starts with no fact.</summary>
    /// <param name="vocabulary">What can be told.</param>
    public FactsAtHand(Vocabulary vocabulary)
    {
        _builder = new(vocabulary, new GrowingColumns());
        History = _builder.Grow();
    }

    /// <summary>The facts at hand. Its members change as facts are added.</summary>
    public History History { get; }

    /// <summary>The fact that was added last.</summary>
    public int Last => History.FactCount - 1;

    /// <summary>Adds a fact.</summary>
    /// <param name="fact">The fact, with when it was first learnt where that is not when it happened.</param>
    /// <param name="position">Its position in the log, from 0.</param>
    /// <returns>What became of it: a fact whose identity is at hand already changes nothing, and is refused where it says something else.</returns>
    public Verdict Add(Fact fact, int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return TakeIn(_builder.Add(fact), position);
    }

    /// <summary>Adds the fact of a line: one CloudEvents object as JSON.</summary>
    /// <param name="utf8Line">The line without its end.</param>
    /// <param name="position">Its position in the log, from 0.</param>
    /// <returns>What became of it, as for a fact.</returns>
    public Verdict AddLine(ReadOnlySpan<byte> utf8Line, int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return TakeIn(_builder.AddLine(utf8Line, 0), position);
    }

    /// <summary>The number of a subject, which is given one where it has none.</summary>
    internal int NumberOf(int kind, string name)
    {
        var subject = _builder.NumberOf(kind, name);
        MakeRoom();
        return subject;
    }

    private Verdict TakeIn(Verdict verdict, int position)
    {
        if (verdict is Verdict.Recorded) { TakeIn(position); }
        return verdict;
    }

    private void TakeIn(int position)
    {
        var fact = History.FactCount;
        _builder.GrowInto(History);
        MakeRoom();
        if (History.Position.Length <= fact) { History.Position = GrowingColumns.Grown(History.Position); }
        History.Position[fact] = position;
        History.LogEnd = Math.Max(History.LogEnd, position + 1);
        if (Retractions.NamesOf(History.Vocabulary, History.Shapes[History.Shape[fact]]) is { } names) { Retract(fact, names); }
        if (History.About[fact] is >= 0 and var about) { File(fact, about); }
        else { History.OfNobody.Add(fact); }
    }

    private void MakeRoom()
    {
        for (; _subjects < History.SubjectCount; _subjects++)
        {
            if (_subjects == History.Kinds.Length) { (History.FirstFact, History.EndFact, History.Kinds) = (GrowingColumns.Grown(History.FirstFact), GrowingColumns.Grown(History.EndFact), GrowingColumns.Grown(History.Kinds)); }
            History.Kinds[_subjects] = History.Subjects[_subjects][0];
        }
    }

    /// <summary>A retraction belongs to the subject of the fact that it names, and waits where that is not at hand.</summary>
    private void Retract(int retraction, (int Source, int Id) names)
    {
        var values = History.Values.AsSpan(History.FirstValue[retraction]);
        var (source, id) = (History.TextOf(values[names.Source]), History.TextOf(values[names.Id]));
        var target = History.Find(source, id) ?? -1;
        History.About[retraction] = target < 0 ? -1 : History.About[target];
        if (History.About[retraction] >= 0)
        {
            TakeBack(retraction, target);
            return;
        }
        if (!_awaiting.TryGetValue((source, id), out var waiting)) { _awaiting[(source, id)] = waiting = []; }
        waiting.Add(retraction);
    }

    private void TakeBack(int retraction, int target)
    {
        _retractions.Add(retraction, target);
        Toggle(target);
        if (_retractions.TargetOf(target) is >= 0 and var inner) { Toggle(inner); }
    }

    private void Toggle(int fact)
    {
        while (History.EverRetracted.Length <= fact >> 6) { History.EverRetracted = [.. History.EverRetracted, .. new ulong[1 + (History.EverRetracted.Length / 2)]]; }
        var toggles = _retractions.TogglesOf(fact, History.Position);
        History.RetractionToggles.Remove(fact);
        History.RetractedFrom.Remove(fact);
        if (toggles.Length > 0) { History.RetractedFrom[fact] = toggles[0]; }
        if (toggles.Length > 1) { History.RetractionToggles[fact] = toggles; }
        if (toggles.Length > 0) { History.EverRetracted[fact >> 6] |= 1UL << (fact & 63); }
        else { History.EverRetracted[fact >> 6] &= ~(1UL << (fact & 63)); }
    }

    /// <summary>Puts a fact to its place among its subject's, and then the retractions that have waited for it.</summary>
    private void File(int fact, int about)
    {
        var open = new Queue<int>();
        open.Enqueue(fact);
        while (open.TryDequeue(out var next))
        {
            History.About[next] = about;
            Insert(next, about);
            if (_awaiting.Count == 0 || !_awaiting.Remove((History.SourceOf(next), History.IdOf(next)), out var waiting)) { continue; }
            foreach (var retraction in waiting)
            {
                History.OfNobody.Remove(retraction);
                TakeBack(retraction, next);
                open.Enqueue(retraction);
            }
        }
    }

    private void Insert(int fact, int subject)
    {
        var (first, count) = (History.FirstFact[subject], History.EndFact[subject] - History.FirstFact[subject]);
        // Room is a power of two: full when the count is one.
        if ((count & (count - 1)) == 0) { first = Move(first, count); }
        var order = History.Order!;
        var (low, high) = (first, first + count);
        // Most facts come last.
        if (count > 0 && History.IsBefore(order[high - 1], fact)) { low = high; }
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (History.IsBefore(order[middle], fact)) { low = middle + 1; }
            else { high = middle; }
        }
        Array.Copy(order, low, order, low + 1, first + count - low);
        order[low] = fact;
        (History.FirstFact[subject], History.EndFact[subject]) = (first, first + count + 1);
    }

    /// <summary>Moves a subject's facts to where there is room for as many again.</summary>
    private int Move(int first, int count)
    {
        var room = Math.Max(1, count * 2);
        if (!_outgrown[int.Log2(room)].TryPop(out var to))
        {
            to = _orderUsed;
            _orderUsed += room;
            while (History.Order!.Length < _orderUsed) { History.Order = GrowingColumns.Grown(History.Order); }
        }
        if (count == 0) { return to; }
        Array.Copy(History.Order!, first, History.Order!, to, count);
        _outgrown[int.Log2(count)].Push(first);
        return to;
    }
}
