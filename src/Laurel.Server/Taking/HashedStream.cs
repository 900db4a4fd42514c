using System.Security.Cryptography;

namespace Laurel.Server.Taking;

/// <summary>A body that is hashed while it is read.</summary>
internal sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
{
    /// <summary>True where nothing more is to be read.</summary>
    public bool Ended { get; set; }

    /// <summary>The hash of all that was read.</summary>
    public byte[] Hash() => hash.GetCurrentHash();

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
        Ended |= read == 0 && buffer.Length > 0;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
