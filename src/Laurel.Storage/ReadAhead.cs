namespace Laurel.Storage;

/// <summary>Reads what has positions in ranges, each while the one before it is used. For one thread.</summary>
/// <param name="read">Reads from one position up to another; fewer where some are not there.</param>
/// <param name="end">The position after the last.</param>
internal sealed class ReadAhead<T>(Func<long, long, Task<IReadOnlyList<T>>> read, long end) : IAsyncDisposable
{
    private const int Range = 10_000;

    private readonly Queue<T> _rows = new();
    private Task<IReadOnlyList<T>>? _next;
    private long _from;

    /// <summary>The next ones; fewer than asked for where these are all that there are.</summary>
    public async Task<List<T>> Take(long count)
    {
        while (_rows.Count < count && await Next().ConfigureAwait(false) is { Count: > 0 } more)
        {
            foreach (var row in more) { _rows.Enqueue(row); }
        }
        var taken = new List<T>((int)Math.Min(count, _rows.Count));
        while (taken.Count < count && _rows.TryDequeue(out var row)) { taken.Add(row); }
        return taken;
    }

    /// <summary>Waits for what is being read.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_next is not null) { await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
    }

    private async Task<IReadOnlyList<T>> Next()
    {
        var rows = await (_next ?? Begin()).ConfigureAwait(false);
        _next = rows.Count > 0 ? Begin() : null;
        return rows;
    }

    private Task<IReadOnlyList<T>> Begin()
    {
        var (from, to) = (_from, Math.Min(_from + Range, end));
        _from = to;
        return from < to ? Task.Run(() => read(from, to)) : Task.FromResult<IReadOnlyList<T>>([]);
    }
}
