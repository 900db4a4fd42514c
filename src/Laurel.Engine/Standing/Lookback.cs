using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What a metric was so long ago: each of its values comes into sight that much later than it began.</summary>
/// <param name="of">Which metric, how long ago.</param>
/// <param name="edition">The edition that looks back.</param>
internal sealed class Lookback(AgoBinding of, Edition edition)
{
    private readonly Queue<(Instant InSight, Value Value)> _coming = [];
    private readonly string _metric = edition.Metrics[of.Metric].Name;
    private Value? _last;

    /// <summary>Which metric, how long ago.</summary>
    public AgoBinding Of { get; } = of;

    /// <summary>What it was. Before anything was, nothing: 0.</summary>
    public Value Value { get; private set; } = Value.Of((Number)0);

    /// <summary>The next instant at which another value comes into sight.</summary>
    public Instant Next => _coming.TryPeek(out var next) ? next.InSight : Instant.Never;

    /// <summary>Takes what has come into sight by an instant.</summary>
    public void Pass(Instant at)
    {
        while (Next <= at) { Value = _coming.Dequeue().Value; }
    }

    /// <summary>The metric by its name in an edition before, or the same: null where it has none of that name.</summary>
    public Metric? In(Edition earlier) => earlier.Metrics.FirstOrDefault(m => m.Name == _metric);

    /// <summary>The metric has a value from an instant on.</summary>
    public void See(Instant at, Value value)
    {
        if (_last is { } last && last.Equals(value)) { return; }
        _last = value;
        if (at.IsReal) { _coming.Enqueue((edition.Calendar.Add(at, Of.Length), value)); }
        else { Value = value; }
    }

    /// <summary>What a metric was so long before an instant, as a timeline has it.</summary>
    public static Value Read(MemberTimeline timeline, string metric, Duration length, Instant at, Calendar calendar)
    {
        var then = timeline.Standings.LastOrDefault(s => !s.From.IsReal || calendar.Add(s.From, length) <= at);
        return then?.MetricOf(metric) ?? Value.Of((Number)0);
    }
}
