using System.Numerics;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>One fact while it is read: parts checked one by one, texts in a buffer that every fact uses again.</summary>
internal sealed class FactDraft
{
    private byte[] _texts = new byte[1024];
    private int _used;
    private readonly byte[] _key = new byte[FactKey.BytesMax];

    /// <summary>The type; null while it is not known.</summary>
    public TypeReader? Type { get; set; }

    /// <summary>When it happened, in microseconds.</summary>
    public long At { get; set; }

    /// <summary>When it was first learnt, in microseconds; null where that is not told.</summary>
    public long? Recorded { get; set; }

    /// <summary>The source.</summary>
    public Slice Source { get; set; }

    /// <summary>The id.</summary>
    public Slice Id { get; set; }

    /// <summary>The subject, its kind's index as one byte before the name; empty for a retraction.</summary>
    public Slice Subject { get; set; }

    /// <summary>One bit for each field that is there.</summary>
    public ulong Present { get; set; }

    /// <summary>By field: its value as the history holds it, of all but texts, references and numbers.</summary>
    public long[] Bits { get; } = new long[TypeReader.FieldsMax];

    /// <summary>By field: a text; or a reference, its kind's index as one byte before the name.</summary>
    public Slice[] Texts { get; } = new Slice[TypeReader.FieldsMax];

    /// <summary>By field: a number.</summary>
    public Number[] Numbers { get; } = new Number[TypeReader.FieldsMax];

    /// <summary>The bytes of a part.</summary>
    public Span<byte> this[Slice slice] => _texts.AsSpan(slice.Start, slice.Length);

    /// <summary>Empties it for a line of so many bytes.</summary>
    public void Clear(int lineLength)
    {
        // No part is longer than it stands in the line; each field has one byte more, and so has the key.
        var needed = lineLength + TypeReader.FieldsMax + 16;
        if (_texts.Length < needed) { _texts = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)needed)]; }
        _used = 0;
        Type = null;
        Recorded = null;
        Present = 0;
        Source = Id = Subject = default;
    }

    /// <summary>Where the next part may be written.</summary>
    public Span<byte> Free => _texts.AsSpan(_used);

    /// <summary>Keeps the first bytes of <see cref="Free"/>.</summary>
    public Slice Keep(int length)
    {
        var slice = new Slice(_used, length);
        _used += length;
        return slice;
    }

    /// <summary>The identity: the source's number and the id.</summary>
    public ReadOnlySpan<byte> Key(int source) => FactKey.Write(_key, source, this[Id]);
}

/// <summary>A part of the draft's buffer.</summary>
internal readonly record struct Slice(int Start, int Length);
