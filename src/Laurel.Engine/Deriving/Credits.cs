namespace Laurel.Engine.Deriving;

/// <summary>Compares lists of credits.</summary>
internal static class Credits
{
    /// <summary>Where two lists differ: from the first credit that does, to the last.</summary>
    public static (int First, int WasEnd, int NowEnd) Differing(RuleBook book, ReadOnlySpan<Credit> was, ReadOnlySpan<long> wasKeys, ReadOnlySpan<Credit> now, ReadOnlySpan<long> nowKeys)
    {
        var (first, wasEnd, nowEnd) = (0, was.Length, now.Length);
        while (first < wasEnd && first < nowEnd && IsSame(book, was[first], wasKeys, now[first], nowKeys)) { first++; }
        while (wasEnd > first && nowEnd > first && IsSame(book, was[wasEnd - 1], wasKeys, now[nowEnd - 1], nowKeys)) { (wasEnd, nowEnd) = (wasEnd - 1, nowEnd - 1); }
        return (first, wasEnd, nowEnd);
    }

    /// <summary>The values that limits group a credit by.</summary>
    public static ReadOnlySpan<long> KeysOf(RuleBook book, in Credit credit, ReadOnlySpan<long> keys) => credit.Key < 0 ? [] : keys.Slice(credit.Key, book.KeyPaths(credit.Rule).Count);

    private static bool IsSame(RuleBook book, in Credit x, ReadOnlySpan<long> xKeys, in Credit y, ReadOnlySpan<long> yKeys) =>
        x == y with { Key = x.Key } && KeysOf(book, x, xKeys).SequenceEqual(KeysOf(book, y, yKeys));
}
