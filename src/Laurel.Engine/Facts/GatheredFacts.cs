using System.Runtime.InteropServices;

namespace Laurel.Engine.Facts;

/// <summary>The facts gathered so far, in the order of their coming. Each stands together, since putting them in order reads them in any other.</summary>
internal sealed class GatheredFacts
{
    private readonly List<FactRow> _rows = [];
    private readonly List<long> _values = [];

    /// <summary>How many there are.</summary>
    public int Count => _rows.Count;

    /// <summary>All of them.</summary>
    public ReadOnlySpan<FactRow> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>The values of all of them.</summary>
    public ReadOnlySpan<long> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>Adds a fact whose values follow.</summary>
    public void Add(long at, long recorded, int subject, ushort shape) => _rows.Add(new(at, recorded, subject, _values.Count, shape));

    /// <summary>Adds a value of the fact that was added last.</summary>
    public void Add(long value) => _values.Add(value);
}

/// <summary>A gathered fact.</summary>
/// <param name="At">When it happened, in microseconds.</param>
/// <param name="Recorded">When it was first learnt, in microseconds.</param>
/// <param name="Subject">The subject's number; -1 for a retraction, whose subject is looked up.</param>
/// <param name="FirstValue">Where its values start among those of all.</param>
/// <param name="Shape">The shape.</param>
internal readonly record struct FactRow(long At, long Recorded, int Subject, int FirstValue, ushort Shape);
