using Laurel.Engine.Ledger;

namespace Laurel.Engine.Tests.Ledger;

/// <summary>The eight leaves and their roots that implementations of Certificate Transparency test themselves with.</summary>
internal static class MerkleVectors
{
    public static readonly IReadOnlyList<byte[]> Leaves =
    [
        .. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString),
    ];

    /// <summary>By size, from no leaf to eight.</summary>
    public static readonly IReadOnlyList<string> Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    /// <summary>A log of the first so many leaves.</summary>
    public static MerkleLog Log(int size = 8)
    {
        var log = new MerkleLog();
        foreach (var leaf in Leaves.Take(size)) { log.Append(leaf); }
        return log;
    }

    /// <summary>A log of as many leaves as wished, each a different text.</summary>
    public static MerkleLog Numbered(int size)
    {
        var log = new MerkleLog();
        for (var i = 0; i < size; i++) { log.AppendHash(NumberedLeaf(i)); }
        return log;
    }

    /// <summary>The hash of a leaf of <see cref="Numbered"/>.</summary>
    public static Digest NumberedLeaf(int index) => MerkleHash.OfLeaf(System.Text.Encoding.UTF8.GetBytes($"leaf {index}"));
}
