using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Laurel.Server.Refusing;

namespace Laurel.Server.Answering;

/// <summary>
/// Where a list goes on, as callers see it: opaque, signed, and bound to the list and to the database. Stable while rows are added, since a
/// list is read as of the position at which its first page was read.
/// </summary>
internal sealed class Cursors(byte[] secret)
{
    private const int SealBytes = 16;
    private const int PlaceBytes = 16 + 8 + 8;
    private const int LettersMax = 1000;

    /// <summary>A cursor.</summary>
    /// <param name="list">The list, with all by which it is filtered.</param>
    /// <param name="incarnation">The database.</param>
    /// <param name="upTo">Up to where the list goes.</param>
    /// <param name="next">Where the next page begins.</param>
    /// <param name="name">After which of those that have that place it begins; empty for before all of them.</param>
    public string Write(string list, Guid incarnation, long upTo, long next, string name)
    {
        var bytes = new byte[PlaceBytes + Encoding.UTF8.GetByteCount(name)];
        incarnation.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), upTo);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), next);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(PlaceBytes));
        return Base64Url.EncodeToString([.. bytes, .. Seal(list, bytes)]);
    }

    /// <summary>Up to where a list goes, and where its next page begins.</summary>
    /// <exception cref="Refused">It is none of this list, or of another database.</exception>
    public (long UpTo, long Next, string Name) Read(string list, Guid incarnation, string cursor)
    {
        var text = Encoding.UTF8.GetBytes(cursor);
        var bytes = text.Length <= LettersMax && Base64Url.IsValid(text) ? Base64Url.DecodeFromUtf8(text) : [];
        if (bytes.Length < PlaceBytes + SealBytes || !CryptographicOperations.FixedTimeEquals(Seal(list, bytes.AsSpan(..^SealBytes)), bytes.AsSpan(^SealBytes..)))
        {
            throw new Refused(ProblemType.InvalidCursor, "the cursor is not one that was given for this list", "Send what the last page said as `next`, with the same filters; or begin without a cursor.", Wrong.In("cursor", "no such cursor", ""));
        }
        if (new Guid(bytes.AsSpan(..16)) != incarnation) { throw new Refused(ProblemType.OtherIncarnation, "the cursor was given by another database", "The database was restored, or is another: begin without a cursor."); }
        return (BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(24)), Encoding.UTF8.GetString(bytes.AsSpan(PlaceBytes..^SealBytes)));
    }

    // No list has the character U+0000: which one it is, and which name, can't be mistaken.
    private byte[] Seal(string list, ReadOnlySpan<byte> place) =>
        HMACSHA256.HashData(secret, (byte[])[.. place[..PlaceBytes], .. Encoding.UTF8.GetBytes(list), .. place.Length > PlaceBytes ? [0, .. place[PlaceBytes..]] : (byte[])[]])[..SealBytes];
}
