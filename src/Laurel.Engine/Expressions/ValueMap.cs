namespace Laurel.Engine.Expressions;

/// <summary>A map from values to values. It keeps the order in which it was written.</summary>
public sealed class ValueMap
{
    private readonly Dictionary<Value, Value> _byKey;

    private ValueMap(Dictionary<Value, Value> byKey, IReadOnlyList<Value> keys, Value? otherwise)
    {
        _byKey = byKey;
        Keys = keys;
        Otherwise = otherwise;
    }

    /// <summary>A map of entries.</summary>
    /// <param name="entries">The entries; of two with one key the first counts.</param>
    /// <param name="otherwise">What looking up a key that is not there gives; null for an error. Such a key is still not <c>in</c> the map.</param>
    public static ValueMap Of(IEnumerable<KeyValuePair<Value, Value>> entries, Value? otherwise = null)
    {
        var byKey = new Dictionary<Value, Value>();
        var keys = new List<Value>();
        foreach (var (key, value) in entries)
        {
            if (byKey.TryAdd(key, value)) { keys.Add(key); }
        }
        return new(byKey, keys, otherwise);
    }

    /// <summary>The keys, in the order in which they were written.</summary>
    public IReadOnlyList<Value> Keys { get; }

    /// <summary>What looking up a key that is not there gives; null for an error.</summary>
    public Value? Otherwise { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => _byKey.Count;

    /// <summary>True where the key was written.</summary>
    public bool Contains(Value key) => _byKey.ContainsKey(key);

    /// <summary>What stands under a key, or what stands for every key that was not written; else an error.</summary>
    public Value this[Value key] =>
        _byKey.TryGetValue(key, out var value) ? value : Otherwise ?? Value.Error($"no such key: {key}");

    /// <summary>True where both have the same keys with the same values.</summary>
    internal bool Same(ValueMap other)
    {
        if (Count != other.Count) { return false; }
        foreach (var (key, value) in _byKey)
        {
            if (!other._byKey.TryGetValue(key, out var theirs) || !Comparing.Same(value, theirs)) { return false; }
        }
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", Keys.Select(key => $"{key}: {_byKey[key]}"))}}}";
}
