using System.Security.Cryptography;

namespace Laurel.Server.Taking;

/// <summary>A body that is hashed while it is read.</summary>
/// <param name="inner">The body.</param>
/// <param name="hash">What hashes it.</param>
/// <param name="empty">True where there is nothing to be read.</param>
internal sealed class HashedStream(Stream inner, IncrementalHash hash, bool empty) : Stream
{
    /// <summary>The hash of the whole body; null where it is not read to its end. It is there after the request has gone.</summary>
    public byte[]? Hash { get; private set; } = empty ? hash.GetCurrentHash() : null;

    /// <summary>Reads what nobody read.</summary>
    public async Task Drain(CancellationToken stop) => await CopyToAsync(Null, stop).ConfigureAwait(false);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        hash.AppendData(buffer.Span[..read]);
        if (read == 0 && buffer.Length > 0) { Hash ??= hash.GetCurrentHash(); }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
