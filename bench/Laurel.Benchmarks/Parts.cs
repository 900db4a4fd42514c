namespace Laurel.Benchmarks;

/// <summary>Work divided among cores.</summary>
internal static class Parts
{
    // More parts than cores: members with many sites come early, and parts of equal length are not of equal work.
    private const int PerCore = 8;

    /// <summary>How many parts so many cores get.</summary>
    public static int Of(int cores) => cores == 1 ? 1 : cores * PerCore;

    /// <summary>Does each part: its number, the first of it and the one after its last.</summary>
    public static void Run(int count, int cores, Action<int, int, int> work)
    {
        var parts = Of(cores);
        Parallel.For(0, parts, new() { MaxDegreeOfParallelism = cores }, part => work(part, Cut(part), Cut(part + 1)));

        int Cut(int part) => (int)((long)count * part / parts);
    }
}
