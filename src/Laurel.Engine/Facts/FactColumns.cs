namespace Laurel.Engine.Facts;

/// <summary>The facts gathered so far, in the order of their coming.</summary>
internal sealed class FactColumns
{
    /// <summary>How many there are.</summary>
    public int Count => At.Count;

    /// <summary>When it happened, in microseconds.</summary>
    public List<long> At { get; } = [];

    /// <summary>When it was first learnt, in microseconds.</summary>
    public List<long> Recorded { get; } = [];

    /// <summary>The subject's number; -1 for a retraction, whose subject is looked up.</summary>
    public List<int> Subject { get; } = [];

    /// <summary>The shape.</summary>
    public List<ushort> Shape { get; } = [];

    /// <summary>Where its values start in <see cref="Values"/>.</summary>
    public List<int> FirstValue { get; } = [];

    /// <summary>The values of all facts.</summary>
    public List<long> Values { get; } = [];

    /// <summary>Adds a fact whose values follow.</summary>
    public void Add(long at, long recorded, int subject, ushort shape)
    {
        At.Add(at);
        Recorded.Add(recorded);
        Subject.Add(subject);
        Shape.Add(shape);
        FirstValue.Add(Values.Count);
    }
}
