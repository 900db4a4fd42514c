using Laurel.Cli.Calling;
using Laurel.Cli.Writing;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Standings;

/// <summary>What all standings come to. Grows while rows pass through.</summary>
internal sealed class StandingTotals(StandingReader answer)
{
    private readonly Number[] _metrics = new Number[answer.Edition.Metrics.Count];
    private readonly long[] _pending = new long[answer.Units.Count];
    private readonly long[][] _levels = [.. answer.Edition.Ladders.Select(l => new long[l.Rungs.Count])];

    /// <summary>How many members there are.</summary>
    public long Members { get; private set; }

    /// <summary>How many of them are enrolled.</summary>
    public long Enrolled { get; private set; }

    /// <summary>Metrics that add up over members: those that sum or count credits.</summary>
    public IEnumerable<(Metric Metric, Number Sum)> Metrics => answer.Plain.Where(m => m.Kind is not (MetricKind.Formula or MetricKind.Median)).Select(m => (m, _metrics[m.Index]));

    /// <summary>What waits for its release, by unit.</summary>
    public IEnumerable<(Unit Unit, long Sum)> Pending => answer.Units.Select(u => (u, _pending[u.Index]));

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
        try
        {
            foreach (var metric in answer.Plain)
            {
                if (row.Metrics[metric.Index] is { Kind: ValueKind.Number } value) { _metrics[metric.Index] += value.AsNumber; }
            }
            foreach (var unit in answer.Units) { _pending[unit.Index] += row.Pending[unit.Index]; }
        }
        catch (OverflowException)
        {
            throw Halt.Wrong("the amounts of all members add up to more than 64 bits hold", "Look for amounts in the facts that can't be meant.");
        }
        return row;
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
        parts.AddRange(Metrics.Select(m => $"{Shown.Of(m.Sum)} {m.Metric.Name}"));
        parts.AddRange(Pending.Where(p => p.Sum != 0).Select(p => $"{Shown.Amount(p.Sum, p.Unit)} {p.Unit.Name} pending"));
        return string.Join(", ", parts);
    }
}
