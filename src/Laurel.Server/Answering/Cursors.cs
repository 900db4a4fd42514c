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
    private const int Length = 16 + 8 + 8 + SealBytes;

    /// <summary>A cursor.</summary>
    /// <param name="list">The list, with all by which it is filtered.</param>
    /// <param name="incarnation">The database.</param>
    /// <param name="upTo">Up to where the list goes.</param>
    /// <param name="next">Where the next page begins.</param>
    public string Write(string list, Guid incarnation, long upTo, long next)
    {
        Span<byte> bytes = stackalloc byte[Length];
        incarnation.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], upTo);
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], next);
        Seal(list, bytes[..32]).CopyTo(bytes[32..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Up to where a list goes, and where its next page begins.</summary>
    /// <exception cref="Refused">It is none of this list, or of another database.</exception>
    public (long UpTo, long Next) Read(string list, Guid incarnation, string cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length > 100 || Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(cursor), bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length != Length || !CryptographicOperations.FixedTimeEquals(Seal(list, bytes[..32]), bytes[32..]))
        {
            throw new Refused(ProblemType.InvalidCursor, "the cursor is not one that was given for this list", "Send what the last page said as `next`, with the same filters; or begin without a cursor.", Wrong.In("cursor", "no such cursor", ""));
        }
        if (new Guid(bytes[..16]) != incarnation) { throw new Refused(ProblemType.OtherIncarnation, "the cursor was given by another database", "The database was restored, or is another: begin without a cursor."); }
        return (BinaryPrimitives.ReadInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadInt64BigEndian(bytes[24..]));
    }

    private byte[] Seal(string list, ReadOnlySpan<byte> payload) => HMACSHA256.HashData(secret, (byte[])[.. payload, .. Encoding.UTF8.GetBytes(list)])[..SealBytes];
}
