namespace Laurel.Storage;

/// <summary>What is to be looked at, and when: at hand, in order.</summary>
internal sealed class Schedule
{
    private readonly Dictionary<long, long> _at = [];
    private readonly SortedSet<(long At, long Key)> _inOrder = [];

    /// <summary>When the first is to be looked at, in microseconds; null for none.</summary>
    public long? First => _inOrder.Count == 0 ? null : _inOrder.Min.At;

    /// <summary>When one is to be looked at; null for never.</summary>
    public long? this[long key]
    {
        get => _at.TryGetValue(key, out var at) ? at : null;
        set
        {
            if (_at.Remove(key, out var was)) { _inOrder.Remove((was, key)); }
            if (value is not { } at) { return; }
            _at[key] = at;
            _inOrder.Add((at, key));
        }
    }

    /// <summary>Those that are to be looked at before an instant, in order.</summary>
    public IReadOnlyList<long> Before(long at, int most) => [.. _inOrder.TakeWhile(d => d.At < at).Take(most).Select(d => d.Key)];

    /// <summary>Begins anew with what is there.</summary>
    public void Begin(IEnumerable<(long Key, long At)> there)
    {
        _at.Clear();
        _inOrder.Clear();
        foreach (var (key, at) in there) { this[key] = at; }
    }

    /// <summary>All are to be looked at at an instant.</summary>
    public void All(long at) => Begin([.. _at.Keys.Select(key => (key, at))]);
}
