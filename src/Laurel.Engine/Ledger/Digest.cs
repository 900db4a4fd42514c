using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Laurel.Engine.Ledger;

/// <summary>A SHA-256 hash: 32 bytes, compared by value, printed as 64 lower-case hexadecimal digits.</summary>
public readonly record struct Digest
{
    /// <summary>How many bytes a digest has.</summary>
    public const int Length = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>Reads a digest from its bytes.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) { throw new ArgumentException("a digest has 32 bytes", nameof(bytes)); }
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The SHA-256 of some bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes, hash);
        return new(hash);
    }

    /// <summary>Reads 64 hexadecimal digits, of either case.</summary>
    /// <returns>False where the text is anything else.</returns>
    public static bool TryParse(string text, out Digest digest)
    {
        digest = default;
        if (text.Length != Length * 2 || !text.All(char.IsAsciiHexDigit)) { return false; }
        digest = new(Convert.FromHexString(text));
        return true;
    }

    /// <summary>Writes the bytes.</summary>
    /// <param name="to">Room for <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, _first);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(to[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(to[24..], _fourth);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
