namespace Laurel.Engine.Deriving;

/// <summary>A case: all that is true of a subject of a kind, but for times and who its members are.</summary>
internal sealed class SubjectCase(int rows, ulong timed, ulong[] open, int symbols)
{
    /// <summary>How many members it concerns.</summary>
    public int Rows => rows;

    /// <summary>The states that hold and can end by themselves, a bit each, by their place in <see cref="KindPlan{TTrace}.Timed"/>.</summary>
    public ulong Timed => timed;

    /// <summary>By row: the rules that hold for the member, a bit each, by their place in the kind.</summary>
    public ulong[] Open => open;

    /// <summary>By symbol: what follows; null where that was not seen yet.</summary>
    public CaseStep?[] Steps { get; } = new CaseStep?[symbols];
}

/// <summary>What follows in a case when something happens.</summary>
/// <param name="Next">The case that it becomes.</param>
/// <param name="Started">Of the states that can end by themselves and hold then: those that start now, or start anew.</param>
/// <param name="Turns">The rules that begin or cease to hold, each for a member.</param>
internal sealed record CaseStep(SubjectCase Next, ulong Started, (int Row, int Rule, bool Opens)[] Turns)
{
    /// <summary>The step from a case to another.</summary>
    public static CaseStep Between(SubjectCase before, SubjectCase next, ulong started)
    {
        var turns = new List<(int, int, bool)>();
        for (var row = 0; row < next.Rows; row++)
        {
            var was = row < before.Rows ? before.Open[row] : 0;
            for (var turned = was ^ next.Open[row]; turned != 0; turned &= turned - 1)
            {
                var rule = System.Numerics.BitOperations.TrailingZeroCount(turned);
                turns.Add((row, rule, (next.Open[row] >> rule & 1) != 0));
            }
        }
        return new(next, started & next.Timed, [.. turns]);
    }
}

/// <summary>The cases of a kind that were seen, each once. For one thread.</summary>
internal sealed class Cases<TTrace>(CasePlan<TTrace> plan)
    where TTrace : struct, IFoldTrace
{
    /// <summary>So many cases are not few: what leads to more is folded.</summary>
    private const int CasesMax = 1024;

    private readonly Dictionary<ulong[], SubjectCase> _cases = new(new ByParts());
    private readonly List<ulong> _parts = [];

    /// <summary>What tells them apart.</summary>
    public CasePlan<TTrace> Plan => plan;

    /// <summary>The case of a subject of which nothing was told.</summary>
    public SubjectCase Start { get; } = new(0, 0, [], plan.SymbolCount);

    /// <summary>The case of a subject as an instant leaves it; null where there are too many, or too many members.</summary>
    /// <param name="frame">The subject.</param>
    /// <param name="open">By row: the rules that hold.</param>
    public SubjectCase? Of(SubjectFrame frame, ReadOnlySpan<ulong> open)
    {
        if (frame.Rows > CasePlan<TTrace>.RowsMax) { return null; }
        _parts.Clear();
        _parts.Add(frame.States);
        _parts.Add(frame.Watched);
        foreach (var field in plan.Fields) { _parts.Add(frame.Told[field.Slot] < 0 ? 0 : field.ByValue ? (ulong)(frame.Data[field.Slot] + 1) : 1); }
        for (var row = 0; row < frame.Rows; row++)
        {
            _parts.Add(frame.Roles[row]);
            _parts.Add(frame.WatchedByRow[row]);
            _parts.Add(open[row]);
        }
        ulong[] parts = [.. _parts];
        if (_cases.TryGetValue(parts, out var known)) { return known; }
        if (_cases.Count == CasesMax) { return null; }
        return _cases[parts] = new(frame.Rows, TimedOf(frame), open.ToArray(), plan.SymbolCount);
    }

    private ulong TimedOf(SubjectFrame frame)
    {
        var timed = 0UL;
        for (var i = 0; i < plan.Kind.Timed.Length; i++) { timed |= (frame.States >> plan.Kind.Timed[i].Bit & 1) << i; }
        return timed;
    }

    private sealed class ByParts : IEqualityComparer<ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] parts)
        {
            var hash = new HashCode();
            foreach (var part in parts) { hash.Add(part); }
            return hash.ToHashCode();
        }
    }
}
