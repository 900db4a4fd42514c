namespace Laurel.Engine.Programs.Reading;

/// <summary>Sorts names by what they read.</summary>
internal sealed class Layers
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, List<string>> _reads = new(StringComparer.Ordinal);

    /// <summary>Adds a name and what it reads; names that are never added are read as if they read nothing.</summary>
    public void Add(string name, IEnumerable<string> reads)
    {
        if (!_reads.TryGetValue(name, out var list))
        {
            _names.Add(name);
            _reads[name] = list = [];
        }
        list.AddRange(reads);
    }

    /// <summary>A circle: each name reads the next, and the last one the first; null where there is none.</summary>
    public IReadOnlyList<string>? Circle()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in _names)
        {
            if (Search(name, [], done) is { } circle) { return circle; }
        }
        return null;
    }

    /// <summary>The way from a name to another that it reads, by what stands between: each reads the next; null where there is none.</summary>
    public IReadOnlyList<string>? Way(string from, string to)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal), new Queue<IReadOnlyList<string>>([[from]]));
        while (open.TryDequeue(out var way))
        {
            if (way[^1] == to) { return way; }
            foreach (var next in _reads.GetValueOrDefault(way[^1]) ?? [])
            {
                if (seen.Add(next)) { open.Enqueue([.. way, next]); }
            }
        }
        return null;
    }

    /// <summary>How many names stand below each: 0 for one that reads nothing. Only where there is no circle.</summary>
    public IReadOnlyDictionary<string, int> Depths()
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in Sorted())
        {
            depths[name] = _reads[name].Where(depths.ContainsKey).Select(r => depths[r] + 1).DefaultIfEmpty(0).Max();
        }
        return depths;
    }

    /// <summary>"`a` reads `b` reads `a`".</summary>
    public static string Print(IReadOnlyList<string> circle, string verb) =>
        string.Join($" {verb} ", circle.Append(circle[0]).Select(n => $"`{n}`"));

    // Each after all that it reads; else as added.
    private List<string> Sorted()
    {
        var sorted = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var stack = new Stack<(string Name, int Next)>();
        foreach (var first in _names)
        {
            if (seen.Add(first)) { stack.Push((first, 0)); }
            while (stack.TryPop(out var at))
            {
                var reads = _reads[at.Name];
                if (at.Next == reads.Count)
                {
                    sorted.Add(at.Name);
                    continue;
                }
                stack.Push((at.Name, at.Next + 1));
                var next = reads[at.Next];
                if (_reads.ContainsKey(next) && seen.Add(next)) { stack.Push((next, 0)); }
            }
        }
        return sorted;
    }

    private List<string>? Search(string first, List<string> path, HashSet<string> done)
    {
        // A stack of our own: a hostile program may be a chain of many thousand names.
        var on = new HashSet<string>(StringComparer.Ordinal);
        var stack = new Stack<(string Name, int Next)>();
        if (done.Contains(first)) { return null; }
        stack.Push((first, 0));
        path.Add(first);
        on.Add(first);
        while (stack.TryPop(out var at))
        {
            var reads = _reads[at.Name];
            if (at.Next == reads.Count)
            {
                done.Add(at.Name);
                on.Remove(at.Name);
                path.RemoveAt(path.Count - 1);
                continue;
            }
            stack.Push((at.Name, at.Next + 1));
            var next = reads[at.Next];
            if (on.Contains(next)) { return path[path.IndexOf(next)..]; }
            if (!_reads.ContainsKey(next) || done.Contains(next)) { continue; }
            stack.Push((next, 0));
            path.Add(next);
            on.Add(next);
        }
        return null;
    }
}
