using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

public sealed class DigestTests
{
    // FIPS 180-2, appendix B.1.
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Is_the_SHA_256_of_its_bytes() => Assert.Equal(OfAbc, Digest.Of("abc"u8).ToString());

    [Fact]
    public void Reads_back_what_it_prints_in_either_case()
    {
        Assert.True(Digest.TryParse(OfAbc, out var lower));
        Assert.True(Digest.TryParse(OfAbc.ToUpperInvariant(), out var upper));
        Assert.Equal(Digest.Of("abc"u8), lower);
        Assert.Equal(lower, upper);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData(OfAbc + "00")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Reads_nothing_else(string text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void Differs_where_any_byte_does()
    {
        var bytes = Convert.FromHexString(OfAbc);
        for (var i = 0; i < Digest.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Assert.NotEqual(new Digest(bytes), new Digest(changed));
        }
        Assert.Throws<ArgumentException>(() => new Digest(bytes.AsSpan(1)));
    }
}
