using System.Numerics;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Amounts in an order of places, of which those that are there at one time share what a limit leaves: an amount each until it is used
/// up (<c>at-most</c>, a budget), or so many of them as a whole (<c>best</c>). When some come or go, only the shares that change are found again.
/// </summary>
/// <remarks>
/// What is left after a place is <c>max(left - amount, 0)</c>, and such functions one after the other are <c>max(left - sum, least)</c>:
/// so a tree over the places keeps of each part what it takes and leaves, and each share that changes costs the logarithm of the places.
/// </remarks>
internal sealed class Contest
{
    private readonly List<(Instant At, int Place, bool Begins)> _events = [];
    private readonly List<Piece> _pieces = [];
    private Part[] _parts = [];
    private Place[] _places = [];
    private int _leaves;
    private bool _whole;
    private Instant _at;

    /// <summary>The share that a place has over a span.</summary>
    internal readonly record struct Piece(int Place, Span Span, long Share);

    /// <summary>What some places, one after the other, do to what is left before them.</summary>
    /// <param name="Takes">What they take together.</param>
    /// <param name="Leaves">What they leave at least.</param>
    /// <param name="Needs">Where so much is left before them, each has its amount.</param>
    private readonly record struct Demand(Int128 Takes, Int128 Leaves, Int128 Needs)
    {
        public Int128 After(Int128 left) => Int128.Max(left - Takes, Leaves);

        public static Demand Both(in Demand first, in Demand then) =>
            new(first.Takes + then.Takes, Int128.Max(first.Leaves - then.Takes, then.Leaves), Int128.Max(first.Needs, first.Takes + then.Needs));
    }

    /// <summary>A part of the places: what was left before it when its shares were found, and whether any place in it has changed since.</summary>
    private record struct Part(Demand Demand, Int128 Left, bool IsNew);

    /// <summary>An amount, since when it has its share, and that.</summary>
    private record struct Place(bool IsHere, long Amount, bool HasShare, Instant Since, long Share);

    /// <summary>Finds the shares over time.</summary>
    /// <param name="amounts">In the order in which they are served: when each is there, and how much it is.</param>
    /// <param name="number">What there is to share: an amount, or a number of those that count.</param>
    /// <param name="whole">True where so many count as a whole, false where an amount is shared.</param>
    /// <returns>For each amount, the spans with its share; valid until the next call.</returns>
    public List<Piece> Over(List<(Span Span, long Amount)> amounts, long number, bool whole)
    {
        Begin(amounts.Count, number, whole);
        for (var place = 0; place < amounts.Count; place++)
        {
            if (amounts[place].Span.IsEmpty) { continue; }
            _events.Add((amounts[place].Span.Starts, place, true));
            _events.Add((amounts[place].Span.Ends, place, false));
        }
        _events.Sort((a, b) => a.At.CompareTo(b.At));
        for (var next = 0; next < _events.Count;)
        {
            _at = _events[next].At;
            for (; next < _events.Count && _events[next].At == _at; next++) { Put(_events[next].Place, _events[next].Begins, amounts[_events[next].Place].Amount); }
            Settle(1, Math.Max(number, 0));
        }
        return _pieces;
    }

    private void Begin(int places, long number, bool whole)
    {
        _whole = whole;
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(places, 1));
        if (_places.Length < _leaves) { (_parts, _places) = (new Part[2 * _leaves], new Place[_leaves]); }
        Array.Fill(_parts, new(default, Math.Max(number, 0), IsNew: false), 0, 2 * _leaves);
        Array.Clear(_places, 0, _leaves);
        _events.Clear();
        _pieces.Clear();
    }

    private void Put(int place, bool isHere, long amount)
    {
        _places[place].IsHere = isHere;
        _places[place].Amount = amount;
        Int128 takes = !isHere || amount == 0 ? 0 : _whole ? 1 : amount;
        var node = _leaves + place;
        _parts[node].Demand = new(takes, 0, takes);
        _parts[node].IsNew = true;
        for (node /= 2; node > 0; node /= 2)
        {
            _parts[node].Demand = Demand.Both(_parts[2 * node].Demand, _parts[(2 * node) + 1].Demand);
            _parts[node].IsNew = true;
        }
    }

    private void Settle(int node, Int128 left)
    {
        ref var part = ref _parts[node];
        // Where each has its amount with the more and with the less that is left, nothing changes.
        if (!part.IsNew && (left == part.Left || Int128.Min(left, part.Left) >= part.Demand.Needs)) { return; }
        (part.Left, part.IsNew) = (left, false);
        if (node >= _leaves)
        {
            Settle(ref _places[node - _leaves], node - _leaves, left);
            return;
        }
        Settle(2 * node, left);
        Settle((2 * node) + 1, _parts[2 * node].Demand.After(left));
    }

    private void Settle(ref Place place, int number, Int128 left)
    {
        var share = !_whole ? (long)Int128.Min(place.Amount, left) : left > 0 ? place.Amount : 0;
        if (place.HasShare) { _pieces.Add(new(number, new(place.Since, _at), place.Share)); }
        (place.HasShare, place.Since, place.Share) = (place.IsHere, _at, share);
    }
}
