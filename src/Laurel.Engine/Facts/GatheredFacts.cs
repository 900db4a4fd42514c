using System.Runtime.InteropServices;

namespace Laurel.Engine.Facts;

/// <summary>The facts gathered so far, in the order of their coming.</summary>
internal abstract class GatheredFacts
{
    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>One of them.</summary>
    public abstract FactRow this[int fact] { get; }

    /// <summary>The values of all of them.</summary>
    public abstract ReadOnlySpan<long> Values { get; }

    /// <summary>Adds a fact whose values follow.</summary>
    public abstract void Add(long at, long recorded, int subject, ushort shape);

    /// <summary>Adds a value of the fact that was added last.</summary>
    public abstract void Add(long value);
}

/// <summary>Facts that will be put in order: each stands together, since that reads them in any other.</summary>
internal sealed class GatheredRows : GatheredFacts
{
    private readonly List<FactRow> _rows = [];
    private readonly List<long> _values = [];

    /// <summary>All of them.</summary>
    public ReadOnlySpan<FactRow> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <inheritdoc/>
    public override int Count => _rows.Count;

    /// <inheritdoc/>
    public override FactRow this[int fact] => _rows[fact];

    /// <inheritdoc/>
    public override ReadOnlySpan<long> Values => CollectionsMarshal.AsSpan(_values);

    /// <inheritdoc/>
    public override void Add(long at, long recorded, int subject, ushort shape) => _rows.Add(new(at, recorded, subject, _values.Count, shape));

    /// <inheritdoc/>
    public override void Add(long value) => _values.Add(value);
}

/// <summary>Facts that stay in the order of their coming: columns that a history reads as they are. What is beyond their count is room.</summary>
internal sealed class GrowingColumns : GatheredFacts
{
    private long[] _values = new long[16];
    private int _valueCount;
    private int _count;

    /// <summary>When it happened, in microseconds.</summary>
    public long[] At { get; private set; } = new long[16];

    /// <summary>When it was first learnt, in microseconds.</summary>
    public long[] Recorded { get; private set; } = new long[16];

    /// <summary>The subject's number; of a retraction that of the fact that it names, -1 where that is not here.</summary>
    public int[] Subject { get; private set; } = new int[16];

    /// <summary>The shape.</summary>
    public ushort[] Shape { get; private set; } = new ushort[16];

    /// <summary>Where its values start.</summary>
    public int[] FirstValue { get; private set; } = new int[16];

    /// <summary>The values of all, with room for more.</summary>
    public long[] AllValues => _values;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override FactRow this[int fact] => new(At[fact], Recorded[fact], Subject[fact], FirstValue[fact], Shape[fact]);

    /// <inheritdoc/>
    public override ReadOnlySpan<long> Values => _values.AsSpan(0, _valueCount);

    /// <inheritdoc/>
    public override void Add(long at, long recorded, int subject, ushort shape)
    {
        if (_count == At.Length)
        {
            (At, Recorded, Subject) = (Grown(At), Grown(Recorded), Grown(Subject));
            (Shape, FirstValue) = (Grown(Shape), Grown(FirstValue));
        }
        (At[_count], Recorded[_count], Subject[_count], Shape[_count], FirstValue[_count]) = (at, recorded, subject, shape, _valueCount);
        _count++;
    }

    /// <inheritdoc/>
    public override void Add(long value)
    {
        if (_valueCount == _values.Length) { _values = Grown(_values); }
        _values[_valueCount++] = value;
    }

    /// <summary>The array with half as much room again: what grows for years must not waste memory, nor be copied often.</summary>
    public static T[] Grown<T>(T[] array)
    {
        Array.Resize(ref array, array.Length + (array.Length / 2));
        return array;
    }
}

/// <summary>A gathered fact.</summary>
/// <param name="At">When it happened, in microseconds.</param>
/// <param name="Recorded">When it was first learnt, in microseconds.</param>
/// <param name="Subject">The subject's number; -1 for a retraction, whose subject is looked up.</param>
/// <param name="FirstValue">Where its values start among those of all.</param>
/// <param name="Shape">The shape.</param>
internal readonly record struct FactRow(long At, long Recorded, int Subject, int FirstValue, ushort Shape);
