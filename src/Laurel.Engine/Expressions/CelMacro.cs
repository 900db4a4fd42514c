namespace Laurel.Engine.Expressions;

/// <summary>A method that is no function: it names each element of a list, or each key of a map, in turn.</summary>
/// <param name="Name">Its name in the tree.</param>
/// <param name="PartsMax">How many expressions it takes after the name, at most; at least one.</param>
internal sealed record CelMacro(string Name, int PartsMax)
{
    /// <summary>The macro of a name; null where the name is an ordinary function's.</summary>
    public static CelMacro? Of(string name) => name switch
    {
        "all" or "exists" or "exists_one" or "filter" => new(name, 1),
        "existsOne" => new("exists_one", 1),
        "map" => new(name, 2),
        _ => null,
    };
}
