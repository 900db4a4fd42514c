namespace Laurel.Engine.Expressions;

/// <summary>What a condition came to.</summary>
public enum Truth : byte
{
    /// <summary>It does not hold.</summary>
    False = 0,

    /// <summary>It holds.</summary>
    True = 1,

    /// <summary>It could not be judged: a field that nobody told, or an error. As a condition: not met.</summary>
    Unknown = 2,
}
