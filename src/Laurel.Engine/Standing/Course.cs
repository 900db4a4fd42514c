using System.Runtime.InteropServices;
using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>
/// A member's standing by one edition as far as it was looked at, with what its credits came to there: it goes on from where it is, and goes back
/// where a fact changes what was. So what one more fact costs does not grow with the member.
/// </summary>
/// <remarks>Where something counts otherwise than by adding up, there is none: see <see cref="Assessor.CanGoOn"/>.</remarks>
/// <param name="edition">The edition's place among those that count.</param>
/// <param name="starts">When it comes into force; ever for the first.</param>
/// <param name="before">The member's course by the edition before; null where there is none, or where its standing did not go by one.</param>
/// <param name="earlier">How the member stood before the edition, where that is not in a course.</param>
internal sealed class Course(int edition, Instant starts, Course? before, List<MemberStanding> earlier)
{
    /// <summary>So few sums are gone through to find one.</summary>
    private const int FewSums = 8;

    /// <summary>With amounts that come to less, no sum outgrows its 64 bits, at whatever instant, and whatever turns first.</summary>
    private const long WeightMax = 1L << 62;

    /// <summary>So many standings of before are kept at least, and all of so many days: facts are seldom later than that.</summary>
    private const int KeptMin = 100;
    private const int KeptDays = 100;

    // By standing: how the ladders were then, from the edition's beginning on.
    private readonly List<LadderRun.State[]?> _ladders = [.. Enumerable.Repeat<LadderRun.State[]?>(null, earlier.Count)];

    // What turns at an instant, in order of instants. All is taken in up to the last standing.
    private readonly List<Turn> _turns = [];
    private readonly List<Sum> _sums = [];
    private Dictionary<(int Metric, Value Key), int>? _places;
    private (int Edition, LadderRun.State[] Ladders)? _handedOver;
    private bool _isAlone;
    private int _next;
    private Int128 _weight;
    private bool _forgets;

    /// <summary>The edition's place among those that count.</summary>
    public int Edition { get; } = edition;

    /// <summary>The member's course by the edition before; null where there is none, or where its standing did not go by one.</summary>
    public Course? Before { get; private set; } = before;

    /// <summary>How the ladders were at the edition's end; null where that was not looked at.</summary>
    public LadderRun.State[]? AtEnd { get; set; }

    /// <summary>How the ladders of an edition before were when this one began; null where nothing was before, or that was not looked at.</summary>
    public (int Edition, LadderRun.State[] Ladders)? AtBegin => Before is { AtEnd: { } ladders } ? (Before.Edition, ladders) : _handedOver;

    /// <summary>How many editions it goes back.</summary>
    public int Length => 1 + (Before?.Length ?? 0);

    /// <summary>What is true of the member itself, each frame from an instant on; null before it was asked for. A fact that says otherwise ends the course.</summary>
    public IReadOnlyList<(Instant From, Deriving.SubjectFrame Frame)>? Own { get; set; }

    /// <summary>What credits of a metric come to, under a key; with a metric of -1 - unit, what waits.</summary>
    public readonly record struct Sum(int Metric, Value Key, long Amount);

    /// <summary>The standings so far.</summary>
    public List<MemberStanding> Standings { get; } = earlier;

    /// <summary>Until when all that changes is among the standings.</summary>
    public Instant Seen { get; private set; } = Instant.Ever;

    /// <summary>How the ladders were at the last standing; null where the edition has none yet.</summary>
    public LadderRun.State[]? Ladders => _ladders.Count == 0 ? null : _ladders[^1];

    /// <summary>From when on it is known how the member stood.</summary>
    public Instant KnownFrom => !_forgets && Before is not null ? Before.KnownFrom : Standings.Count > 0 ? Standings[0].From : _isAlone ? starts : Instant.Ever;

    /// <summary>The next instant at which what credits come to turns.</summary>
    public Instant Next => _next < _turns.Count ? _turns[_next].At : Instant.Never;

    /// <summary>What credits come to.</summary>
    public ReadOnlySpan<Sum> Sums => CollectionsMarshal.AsSpan(_sums);

    /// <summary>True where amounts are so small that no sum can outgrow its bits.</summary>
    public bool IsLight => _weight < WeightMax && Before is not { IsLight: false };

    /// <summary>An amount counts over a span from now on; a negative one takes back what did. The course has to go back first to where the span starts.</summary>
    /// <param name="metric">The metric; -1 - unit for what waits.</param>
    /// <param name="key">The key under which it counts.</param>
    /// <param name="span">The span.</param>
    /// <param name="amount">The amount.</param>
    public void Add(int metric, Value key, Span span, long amount)
    {
        if (amount == 0 || span.IsEmpty) { return; }
        var place = PlaceOf(metric, key);
        Add(new(span.Starts, place, amount));
        if (span.Ends < Instant.Never) { Add(new(span.Ends, place, -amount)); }
    }

    /// <summary>Goes back to before an instant at which something is otherwise than was known.</summary>
    /// <returns>False where it does not reach so far back.</returns>
    public bool GoBack(Instant to)
    {
        AtEnd = null;
        if (Before is not null && to < starts) { return Before.GoBack(to) && BeginAgain(); }
        if (_isAlone && to < starts) { return false; }
        Seen = Instant.Min(Seen, to);
        var keep = Standings.Count;
        while (keep > 0 && Standings[keep - 1].From >= to) { keep--; }
        if (keep == 0 || _ladders[keep - 1] is null) { return (Before is not null || _isAlone || starts == Instant.Ever) && BeginAgain(); }
        Standings.RemoveRange(keep, Standings.Count - keep);
        _ladders.RemoveRange(keep, _ladders.Count - keep);
        Rest();
        return true;
    }

    /// <summary>Takes in what turns until an instant.</summary>
    public void Pass(Instant at)
    {
        for (; _next < _turns.Count && _turns[_next].At <= at; _next++) { Turns(_turns[_next], _turns[_next].Amount); }
    }

    /// <summary>Keeps how the ladders are at a standing that was added.</summary>
    public void Keep(LadderRun.State[] ladders) => _ladders.Add(ladders);

    /// <summary>Rests at the last standing, when all was looked at until an instant.</summary>
    public void Rest(Instant seen)
    {
        Seen = seen;
        Rest();
    }

    /// <summary>The standing at an instant, those that follow until another, and the first one after that. What was long before is forgotten: it is seldom gone back so far.</summary>
    public IReadOnlyList<MemberStanding> Slice(Instant from, Instant upTo)
    {
        IReadOnlyList<MemberStanding> until = Before is not null && (Standings.Count == 0 || from < Standings[0].From) ? Before.Slice(from, Instant.Never) : [];
        // Two editions may begin on one day.
        if (Standings.Count == 0) { return until; }
        var first = Standings.Count - 1;
        while (first > 0 && Standings[first].From > from) { first--; }
        var past = Standings.Count;
        while (past > 0 && Standings[past - 1].From > upTo) { past--; }
        var slice = CollectionsMarshal.AsSpan(Standings)[first..Math.Min(past + 1, Standings.Count)].ToArray();
        if (upTo < Instant.Never && past > 2 * KeptMin && Standings[past / 2].From < new Instant(upTo.Micros - (KeptDays * Instant.MicrosPerDay))) { Forget(Math.Min(past / 2, past - KeptMin)); }
        return until.Count == 0 ? slice : [.. until, .. slice];
    }

    /// <summary>Forgets the editions before, to which facts seldom go back: it takes as much as all of them together.</summary>
    public void Leave()
    {
        if (Before is null) { return; }
        (_handedOver, _isAlone, Before) = (AtBegin, true, null);
    }

    private int PlaceOf(int metric, Value key)
    {
        if (_places?.TryGetValue((metric, key), out var known) ?? false) { return known; }
        for (var i = 0; _places is null && i < _sums.Count; i++)
        {
            if (_sums[i].Metric == metric && _sums[i].Key == key) { return i; }
        }
        var place = _sums.Count;
        _sums.Add(new(metric, key, 0));
        if (_places is not null) { _places[(metric, key)] = place; }
        else if (_sums.Count > FewSums) { _places = Enumerable.Range(0, _sums.Count).ToDictionary(p => (_sums[p].Metric, _sums[p].Key)); }
        return place;
    }

    /// <summary>Goes back to the edition's beginning.</summary>
    private bool BeginAgain()
    {
        if (_forgets) { return false; }
        Standings.Clear();
        _ladders.Clear();
        Seen = starts;
        TakeBack(after: null);
        return true;
    }

    private void Forget(int standings)
    {
        _forgets = true;
        Standings.RemoveRange(0, standings);
        _ladders.RemoveRange(0, standings);
        var turns = 0;
        while (turns < _next && _turns[turns].At < KnownFrom) { turns++; }
        _turns.RemoveRange(0, turns);
        _next -= turns;
    }

    private void Rest() => TakeBack(after: Standings.Count > 0 ? Standings[^1].From : Instant.Ever);

    /// <summary>Takes back what turned after an instant; all, where there is none.</summary>
    private void TakeBack(Instant? after)
    {
        while (_next > 0 && !(_turns[_next - 1].At <= after))
        {
            _next--;
            Turns(_turns[_next], -_turns[_next].Amount);
        }
    }

    private void Turns(in Turn turn, long amount) => _sums[turn.Place] = _sums[turn.Place] with { Amount = _sums[turn.Place].Amount + amount };

    private void Add(Turn turn)
    {
        var place = _turns.BinarySearch(_next, _turns.Count - _next, turn, comparer: null);
        if (place < 0)
        {
            _weight += Int128.Abs(turn.Amount);
            _turns.Insert(~place, turn);
            return;
        }
        var (was, now) = (_turns[place].Amount, _turns[place].Amount + turn.Amount);
        _weight += Int128.Abs(now) - Int128.Abs(was);
        if (now == 0) { _turns.RemoveAt(place); }
        else { _turns[place] = turn with { Amount = now }; }
    }

    /// <summary>What credits come to turns by an amount.</summary>
    private readonly record struct Turn(Instant At, int Place, long Amount) : IComparable<Turn>
    {
        public int CompareTo(Turn other)
        {
            var order = At.CompareTo(other.At);
            return order != 0 ? order : Place.CompareTo(other.Place);
        }
    }
}
