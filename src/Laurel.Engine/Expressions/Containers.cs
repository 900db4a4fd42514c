namespace Laurel.Engine.Expressions;

/// <summary>Looking things up in lists and maps. Missing values pass through.</summary>
internal static class Containers
{
    /// <summary>What stands at a place of a list, from 0, or under a key of a map.</summary>
    public static Value Index(in Value container, in Value key)
    {
        if (container.IsMissing) { return container; }
        if (key.IsMissing) { return key; }
        if (container.Kind == ValueKind.Map) { return container.AsMap[key]; }
        if (container.Kind != ValueKind.List) { return Value.Error($"no such overload: {container.Kind} cannot be looked up"); }
        var list = container.AsList;
        return PlaceOf(key) is { } place
            ? place >= 0 && place < list.Count ? list[(int)place] : Value.Error($"the list has no place {place}, only 0 to {list.Count - 1}")
            : Value.Error($"{key} is no place in a list");
    }

    /// <summary>True where the element is in the list, or the key in the map.</summary>
    public static Value Contains(in Value element, in Value container)
    {
        if (element.IsMissing) { return element; }
        if (container.IsMissing) { return container; }
        if (container.Kind == ValueKind.Map) { return Value.Of(container.AsMap.Contains(element)); }
        if (container.Kind != ValueKind.List) { return Value.Error($"no such overload: {container.Kind} contains nothing"); }
        foreach (var each in container.AsList)
        {
            if (Comparing.Same(element, each)) { return Value.True; }
        }
        return Value.False;
    }

    private static long? PlaceOf(in Value key) => key.Kind switch
    {
        ValueKind.Int => key.AsInt,
        ValueKind.UInt when key.AsUInt <= long.MaxValue => (long)key.AsUInt,
        ValueKind.Number when key.AsNumber.IsWhole => key.AsNumber.Numerator,
        ValueKind.Double when key.AsDouble is >= 0 and < 1e15 && Math.Floor(key.AsDouble) == key.AsDouble => (long)key.AsDouble,
        _ => null,
    };
}
