namespace Laurel.Engine.Tests.Properties;

/// <summary>Choices that a seed determines: equal seeds choose equally on every machine.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A whole number from 0 to below a bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>True so many times in a hundred.</summary>
    public bool Percent(int percent) => Below(100) < percent;

    /// <summary>One of several.</summary>
    public T One<T>(params IReadOnlyList<T> of) => of[Below(of.Count)];

    /// <summary>Some of several, in their order; at least so many.</summary>
    public List<T> Some<T>(IReadOnlyList<T> of, int least, int most)
    {
        var left = Math.Min(of.Count, least + Below(most - least + 1));
        var chosen = new List<T>();
        for (var i = 0; i < of.Count; i++)
        {
            if (Below(of.Count - i) >= left) { continue; }
            chosen.Add(of[i]);
            left--;
        }
        return chosen;
    }

    /// <summary>All of several, in another order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> of)
    {
        var items = of.ToList();
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
        return items;
    }

    // SplitMix64: short, and every seed is as good as another.
    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (z ^ (z >> 31)) >> 1;
        }
    }
}
