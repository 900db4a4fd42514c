namespace Laurel.Cli.Samples;

/// <summary>SplitMix64: the same numbers from the same seed on every machine, for ever.</summary>
internal struct SampleChance(long seed)
{
    private ulong _state = unchecked((ulong)seed);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A whole number from 0 to below a limit, which is at least 1.</summary>
    public long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>True so many times of 10,000.</summary>
    public bool Happens(int share) => share > 0 && Below(10_000) < share;

    /// <summary>A length of time, in microseconds.</summary>
    public long Micros(SampleWait wait) => (wait.SecondsMin + Below(wait.SecondsMax - wait.SecondsMin + 1)) * 1_000_000;
}
