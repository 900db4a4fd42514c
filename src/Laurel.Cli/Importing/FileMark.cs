using System.Security.Cryptography;
using Laurel.Cli.Calling;

namespace Laurel.Cli.Importing;

/// <summary>By what a file is known again.</summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Digest">Their SHA-256.</param>
/// <param name="Start">The SHA-256 of as many of the first as were asked for; of all where there are fewer.</param>
internal sealed record FileMark(long Length, byte[] Digest, byte[] Start)
{
    private const int PieceBytes = 1 << 18;

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="first">Of how many bytes the start is.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="Halt">It can't be read.</exception>
    public static FileMark Of(string file, long first, CancellationToken stop)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var (length, piece) = (0L, new byte[PieceBytes]);
            while (length < first && Next((int)Math.Min(piece.Length, first - length))) { }
            var start = hash.GetCurrentHash();
            while (Next(piece.Length)) { }
            return new(length, hash.GetHashAndReset(), start);

            bool Next(int most)
            {
                stop.ThrowIfCancellationRequested();
                var read = stream.Read(piece.AsSpan(0, most));
                hash.AppendData(piece, 0, read);
                length += read;
                return read > 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"`{file}` can't be read: {e.Message}", ""); }
    }
}
