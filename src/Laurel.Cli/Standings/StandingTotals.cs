using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>What all standings come to. Grows while rows pass through.</summary>
internal sealed class StandingTotals(StandingReader answer)
{
    private readonly Number?[] _metrics = [.. answer.Edition.Metrics.Select(_ => (Number?)0)];
    private readonly long?[] _pending = [.. answer.Units.Select(_ => (long?)0)];
    private readonly long[][] _levels = [.. answer.Edition.Ladders.Select(l => new long[l.Rungs.Count])];

    /// <summary>How many members there are.</summary>
    public long Members { get; private set; }

    /// <summary>How many of them are enrolled.</summary>
    public long Enrolled { get; private set; }

    /// <summary>Metrics that add up over members: those that sum or count credits; null for a sum that does not fit 64 bits.</summary>
    public IEnumerable<(Metric Metric, Number? Sum)> Metrics => answer.Plain.Where(m => m.Kind is not (MetricKind.Formula or MetricKind.Median)).Select(m => (m, _metrics[m.Index]));

    /// <summary>What waits for its release, by unit; null for a sum that does not fit 64 bits.</summary>
    public IEnumerable<(Unit Unit, long? Sum)> Pending => answer.Units.Select(u => (u, _pending[u.Index]));

    /// <summary>How many members stand on each rung.</summary>
    public IEnumerable<(Ladder Ladder, IReadOnlyList<long> Counts)> Levels => answer.Edition.Ladders.Select(l => (l, (IReadOnlyList<long>)_levels[l.Index]));

    /// <summary>Adds a row, and gives it back.</summary>
    public StandingRow Add(StandingRow row)
    {
        Members++;
        if (row.Enrolled) { Enrolled++; }
        foreach (var ladder in answer.Edition.Ladders)
        {
            var rung = ladder.Rungs.TakeWhile(r => r.Name != row.Levels[ladder.Index]).Count();
            if (rung < ladder.Rungs.Count) { _levels[ladder.Index][rung]++; }
        }
        foreach (var metric in answer.Plain)
        {
            if (row.Metrics[metric.Index] is { Kind: ValueKind.Number } value) { _metrics[metric.Index] = Fitting(_metrics[metric.Index], value.AsNumber, (a, b) => a + b); }
        }
        foreach (var unit in answer.Units) { _pending[unit.Index] = Fitting(_pending[unit.Index], row.Pending[unit.Index], (a, b) => a + b); }
        return row;
    }

    /// <summary>Says which totals are not there.</summary>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="otherwise">What the run comes to where all are.</param>
    public ExitCode Say(Terminal terminal, ExitCode otherwise)
    {
        string[] lost = [.. Metrics.Where(m => m.Sum is null).Select(m => m.Metric.Name), .. Pending.Where(p => p.Sum is null).Select(p => $"pending {p.Unit.Name}")];
        if (lost.Length == 0) { return otherwise; }
        terminal.Complain($"all members together have more than 64 bits hold of: {string.Join(", ", lost)}; there is no total", "Look for facts with amounts that nobody can mean, and retract them.");
        return ExitCode.Wrong;
    }

    private static T? Fitting<T>(T? sum, T more, Func<T, T, T> add) where T : struct
    {
        try { return sum is { } so ? add(so, more) : null; }
        catch (OverflowException) { return null; }
    }

    /// <summary>The line under the table.</summary>
    public string Line()
    {
        var parts = new List<string> { Shown.Count(Members, "member") };
        if (Enrolled < Members) { parts.Add($"{Shown.Count(Enrolled)} enrolled"); }
        foreach (var (ladder, counts) in Levels)
        {
            parts.AddRange(ladder.Rungs.Select((rung, i) => (rung, i)).Where(r => counts[r.i] > 0).Select(r => $"{Shown.Count(counts[r.i])} {r.rung.Name}"));
        }
        parts.AddRange(Metrics.Where(m => m.Sum is not null).Select(m => $"{Shown.Of(m.Sum!.Value)} {m.Metric.Name}"));
        parts.AddRange(Pending.Where(p => p.Sum is not (0 or null)).Select(p => $"{Shown.Amount(p.Sum!.Value, p.Unit)} {p.Unit.Name} pending"));
        return string.Join(", ", parts);
    }
}
