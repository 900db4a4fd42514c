using System.Buffers.Binary;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>Distinct texts numbered from 0, as UTF-8 in one array: each with its length before it, and the place of every sixteenth.</summary>
internal abstract class Texts
{
    /// <summary>How many texts share one entry of the block index, as a power of two.</summary>
    internal const int BlockBits = 4;

    /// <summary>No texts.</summary>
    public static readonly Texts None = new PackedTexts([], [], [0], 0);

    /// <summary>How many texts there are.</summary>
    public abstract int Count { get; }

    /// <summary>The bytes that all of it takes.</summary>
    public abstract long BytesHeld { get; }

    /// <summary>The text of a number.</summary>
    public abstract ReadOnlySpan<byte> this[int number] { get; }

    /// <summary>The number of a text; -1 where it is not here.</summary>
    public abstract int Find(ReadOnlySpan<byte> text);

    /// <summary>The text that stands some texts after an offset.</summary>
    internal static ReadOnlySpan<byte> At(ReadOnlySpan<byte> bytes, int offset, int skip)
    {
        while (true)
        {
            int length = bytes[offset++];
            if (length >= 0x80) { length = (length & 0x7F) | (bytes[offset++] << 7); }
            if (skip-- == 0) { return bytes.Slice(offset, length); }
            offset += length;
        }
    }

    /// <summary>A hash of the bytes. The same on every machine; nothing that anybody sees depends on it.</summary>
    internal static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = Mix((ulong)text.Length + 0x9E3779B97F4A7C15);
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }
        ulong rest = 0;
        foreach (var b in text) { rest = (rest << 8) | b; }
        return (uint)(Mix(hash ^ rest) >> 32);
    }

    private static ulong Mix(ulong value) => Math.BigMul(value, 0xD6E8FEB86659FD93, out var low) ^ low;
}

/// <summary>Texts that stay as they are: less than six bytes a text, and the text itself.</summary>
internal sealed class PackedTexts(byte[] bytes, int[] blocks, int[] slots, int count) : Texts
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override long BytesHeld => bytes.Length + (4L * (blocks.Length + slots.Length));

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> this[int number] => At(bytes, blocks[number >> BlockBits], number & ((1 << BlockBits) - 1));

    /// <inheritdoc/>
    public override int Find(ReadOnlySpan<byte> text)
    {
        for (var slot = Slot(Hash(text), slots.Length); slots[slot] != 0; slot = slot + 1 == slots.Length ? 0 : slot + 1)
        {
            if (this[slots[slot] - 1].SequenceEqual(text)) { return slots[slot] - 1; }
        }
        return -1;
    }

    /// <summary>Where a text's search starts among that many slots.</summary>
    public static int Slot(uint hash, int slots) => (int)(((ulong)hash * (uint)slots) >> 32);
}

/// <summary>Texts while they are gathered.</summary>
internal sealed class TextsBuilder : Texts
{
    /// <summary>The longest text that can be kept, in bytes.</summary>
    public const int BytesMax = (1 << 14) - 1;

    private readonly List<int> _blocks = [];
    private byte[] _bytes = new byte[256];
    private int _used;

    // A slot holds the hash above and the number + 1 below, so that growing and freezing never look at the texts.
    private ulong[] _slots = new ulong[16];

    private int _count;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override long BytesHeld => _bytes.Length + (4L * _blocks.Capacity) + (8L * _slots.Length);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> this[int number] => At(_bytes, _blocks[number >> BlockBits], number & ((1 << BlockBits) - 1));

    /// <summary>Says that a text of this hash will be asked for.</summary>
    public void WillBeAsked(uint hash) => Prefetch.Of(_slots, (int)(hash & (uint)(_slots.Length - 1)));

    /// <inheritdoc/>
    public override int Find(ReadOnlySpan<byte> text) => Find(text, Hash(text));

    /// <summary>The number of a text whose hash is known; -1 where it is not here.</summary>
    public int Find(ReadOnlySpan<byte> text, uint hash)
    {
        for (var slot = (int)(hash & (uint)(_slots.Length - 1)); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if ((uint)(_slots[slot] >> 32) != hash) { continue; }
            var number = (int)(uint)(_slots[slot] & uint.MaxValue) - 1;
            if (this[number].SequenceEqual(text)) { return number; }
        }
        return -1;
    }

    /// <summary>The number of a text, which is added where it is not here.</summary>
    public int Intern(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var number = Find(text, hash);
        return number >= 0 ? number : Add(text, hash);
    }

    /// <summary>Adds a text that is not here.</summary>
    public int Add(ReadOnlySpan<byte> text, uint hash)
    {
        Append(text);
        if (Count > _slots.Length / 4 * 3) { Grow(); }
        Place(_slots, ((ulong)hash << 32) | (uint)Count);
        return Count - 1;
    }

    /// <summary>Adds a text once more: from now on it is found under the new number.</summary>
    /// <param name="number">Under which it was found until now.</param>
    /// <param name="hash">The text's hash.</param>
    public int AddAgain(int number, uint hash)
    {
        Append(this[number].ToArray());
        var slot = (int)(hash & (uint)(_slots.Length - 1));
        while ((uint)(_slots[slot] & uint.MaxValue) != number + 1) { slot = (slot + 1) & (_slots.Length - 1); }
        _slots[slot] = ((ulong)hash << 32) | (uint)Count;
        return Count - 1;
    }

    /// <summary>What was gathered, packed.</summary>
    public Texts Freeze()
    {
        // Nearly full, since memory counts more here than looking up, which few do: building asks the slots of the builder.
        var slots = new int[Count + (Count / 8) + 1];
        foreach (var entry in _slots)
        {
            if (entry == 0) { continue; }
            var slot = PackedTexts.Slot((uint)(entry >> 32), slots.Length);
            while (slots[slot] != 0) { slot = slot + 1 == slots.Length ? 0 : slot + 1; }
            slots[slot] = (int)(uint)(entry & uint.MaxValue);
        }
        return new PackedTexts(_bytes.AsSpan(0, _used).ToArray(), [.. _blocks], slots, Count);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, BytesMax);
        if (_bytes.Length - _used < text.Length + 2) { Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, (2L * _bytes.Length) + text.Length)); }
        if ((Count & ((1 << BlockBits) - 1)) == 0) { _blocks.Add(_used); }
        if (text.Length < 0x80) { _bytes[_used++] = (byte)text.Length; }
        else
        {
            _bytes[_used++] = (byte)((text.Length & 0x7F) | 0x80);
            _bytes[_used++] = (byte)(text.Length >> 7);
        }
        text.CopyTo(_bytes.AsSpan(_used));
        _used += text.Length;
        _count++;
    }

    private void Grow()
    {
        var grown = new ulong[_slots.Length * 2];
        foreach (var entry in _slots)
        {
            if (entry != 0) { Place(grown, entry); }
        }
        _slots = grown;
    }

    private static void Place(ulong[] slots, ulong entry)
    {
        var slot = (int)((entry >> 32) & (uint)(slots.Length - 1));
        while (slots[slot] != 0) { slot = (slot + 1) & (slots.Length - 1); }
        slots[slot] = entry;
    }
}
