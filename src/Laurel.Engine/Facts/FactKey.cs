namespace Laurel.Engine.Facts;

/// <summary>The identity of a fact as bytes: the number of its source, seven bits a byte, then its id.</summary>
internal static class FactKey
{
    /// <summary>The longest id, in bytes.</summary>
    public const int IdMax = 255;

    /// <summary>The longest source, in bytes.</summary>
    public const int SourceMax = 1024;

    /// <summary>The longest key, in bytes.</summary>
    public const int BytesMax = 5 + IdMax;

    /// <summary>Writes a key into a buffer of <see cref="BytesMax"/>.</summary>
    public static ReadOnlySpan<byte> Write(Span<byte> buffer, int source, ReadOnlySpan<byte> id)
    {
        var at = 0;
        var rest = (uint)source;
        for (; rest >= 0x80; rest >>= 7) { buffer[at++] = (byte)((rest & 0x7F) | 0x80); }
        buffer[at++] = (byte)rest;
        id.CopyTo(buffer[at..]);
        return buffer[..(at + id.Length)];
    }

    /// <summary>Takes a key apart.</summary>
    public static int Read(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> id)
    {
        var (source, at) = (0u, 0);
        while (true)
        {
            source |= (uint)(key[at] & 0x7F) << (7 * at);
            if (key[at++] >= 0x80) { continue; }
            id = key[at..];
            return (int)source;
        }
    }
}
