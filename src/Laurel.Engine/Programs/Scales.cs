namespace Laurel.Engine.Programs;

/// <summary>How units are counted in smallest parts.</summary>
internal static class Scales
{
    /// <summary>The most smallest parts that one credit, adjustment or field of money may have, so that sums of thousands of them fit 64 bits.</summary>
    public const long AmountMax = 1_000_000_000_000_000;

    /// <summary>How many smallest parts a whole unit has.</summary>
    public static long Of(Unit unit)
    {
        var scale = 1L;
        for (var i = 0; i < unit.Decimals; i++) { scale *= 10; }
        return scale;
    }
}
