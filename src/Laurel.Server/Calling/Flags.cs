using Laurel.Server.Refusing;

namespace Laurel.Server.Calling;

/// <summary>Reads yes and no.</summary>
internal static class Flags
{
    /// <summary>True where a parameter says so.</summary>
    /// <exception cref="Refused">It says neither.</exception>
    public static bool Read(string name, string? text) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Refused.Parameter(name, $"`{name}={text}` is neither true nor false", "Write true or false."),
    };
}
