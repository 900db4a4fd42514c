using Laurel.Engine.Values;

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

    /// <summary>What counts by one list and not by the other, piece by piece: a credit over the span in which that is so, and how often it counts there more now.</summary>
    public static List<(Credit Credit, int Times)> Pieces(List<Credit> was, List<Credit> now)
    {
        var pieces = new List<(Credit, int)>();
        var turns = new Dictionary<Credit, SortedDictionary<Instant, int>>();
        Add(was, -1);
        Add(now, 1);
        foreach (var (credit, instants) in turns)
        {
            var (times, since) = (0, Instant.Ever);
            foreach (var (at, turn) in instants)
            {
                if (times != 0 && turn != 0) { pieces.Add((credit with { Starts = since, Ends = at }, times)); }
                if (turn != 0) { (times, since) = (times + turn, at); }
            }
        }
        return pieces;

        void Add(List<Credit> credits, int times)
        {
            foreach (var credit in credits)
            {
                if (credit.Counted == 0) { continue; }
                // What it was derived from does not matter to what it counts for.
                var plain = credit with { Starts = default, Ends = default, Amount = 0, Fact = -1, Limit = -1, Key = -1 };
                if (!turns.TryGetValue(plain, out var instants)) { turns[plain] = instants = []; }
                instants[credit.Starts] = instants.GetValueOrDefault(credit.Starts) + times;
                instants[credit.Ends] = instants.GetValueOrDefault(credit.Ends) - times;
            }
        }
    }

    private static bool IsSame(RuleBook book, in Credit x, ReadOnlySpan<long> xKeys, in Credit y, ReadOnlySpan<long> yKeys) =>
        x == y with { Key = x.Key } && KeysOf(book, x, xKeys).SequenceEqual(KeysOf(book, y, yKeys));
}
