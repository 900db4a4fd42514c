using System.Collections;

namespace Laurel.Engine.Facts;

/// <summary>The facts of one subject, by when they happened, then by their type's order, then by position in the log.</summary>
public readonly record struct FactList : IReadOnlyList<int>
{
    // Null where the facts are numbered in this very order.
    private readonly int[]? _order;
    private readonly int _first;

    internal FactList(int[]? order, int first, int count) => (_order, _first, Count) = (order, first, count);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The fact at a place of the list, from 0.</summary>
    public int this[int place] => _order is null ? _first + place : _order[_first + place];

    /// <summary>The facts in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Goes through the list.</summary>
    public struct Enumerator : IEnumerator<int>
    {
        private readonly FactList _list;
        private int _place;

        internal Enumerator(FactList list) => (_list, _place) = (list, -1);

        /// <inheritdoc/>
        public readonly int Current => _list[_place];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_place < _list.Count;

        /// <inheritdoc/>
        public void Reset() => _place = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
