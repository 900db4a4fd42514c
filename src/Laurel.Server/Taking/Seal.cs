using System.Security.Cryptography;
using System.Text;

namespace Laurel.Server.Taking;

/// <summary>
/// Seals what is kept of a request with an idempotency key. Its answer may have what nobody else is to read, such as the secret of a key that was made, and its hash would tell whoever
/// guesses what it said. Both keys come from the secret that the request was sent with, of which the database has only a hash: it alone, or a backup of it, opens nothing.
/// </summary>
internal sealed class Seal
{
    private const int KeyBytes = 32;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly byte[] _request, _answer;

    /// <summary>The seal of a request.</summary>
    /// <param name="secret">The secret that it was sent with.</param>
    /// <param name="name">Its idempotency key.</param>
    public Seal(string secret, string name)
    {
        (_request, _answer) = (Key("request"), Key("answer"));

        // The secret is random, so that it needs no salt: RFC 5869 section 3.1.
        byte[] Key(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyBytes, info: Encoding.UTF8.GetBytes($"laurel {use}\n{name}"));
    }

    /// <summary>Hashes what is asked.</summary>
    public IncrementalHash Hash() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _request);

    /// <summary>Seals an answer: a nonce, a tag, and what only the same seal opens.</summary>
    public byte[] Close(ReadOnlySpan<byte> answer)
    {
        var closed = new byte[NonceBytes + TagBytes + answer.Length];
        var nonce = closed.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_answer, TagBytes);
        aes.Encrypt(nonce, answer, closed.AsSpan(NonceBytes + TagBytes), closed.AsSpan(NonceBytes, TagBytes));
        return closed;
    }

    /// <summary>Opens an answer that was sealed.</summary>
    /// <exception cref="CryptographicException">It was sealed otherwise, or is other than it was.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed)
    {
        var answer = new byte[closed.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_answer, TagBytes);
        aes.Decrypt(closed[..NonceBytes], closed[(NonceBytes + TagBytes)..], closed.Slice(NonceBytes, TagBytes), answer);
        return answer;
    }
}
