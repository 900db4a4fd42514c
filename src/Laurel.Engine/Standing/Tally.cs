using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>What the active credits of one metric come to: kept up credit by credit, read at any instant.</summary>
/// <param name="metric">The metric; no formula.</param>
/// <param name="scale">How many smallest parts a whole unit has.</param>
internal sealed class Tally(Metric metric, long scale)
{
    /// <summary>The order of keys.</summary>
    public static readonly IComparer<Value> Keys = Comparer<Value>.Create(ByKey);

    private static readonly Value Nothing = Value.Map(ValueMap.Of([], Value.Of(new Number(0))));

    private readonly SortedDictionary<Value, Bucket>? _byKey = metric.Per is null ? null : new(Keys);
    private readonly Bucket _all = new();
    private Value? _value;

    /// <summary>Begins anew, without a credit.</summary>
    public void Clear()
    {
        _byKey?.Clear();
        _all.Clear();
        _value = null;
    }

    /// <summary>A credit begins to count, or ends.</summary>
    public void Apply(in Counted credit, bool begins)
    {
        _value = null;
        BucketOf(credit.Key).Apply(metric, credit, begins);
    }

    /// <summary>The credits of a key come to so much now: of a sum or a count, which needs no more of them.</summary>
    public void Set(Value key, long sum)
    {
        if (BucketOf(key).Set(sum)) { _value = null; }
    }

    /// <summary>The metric's value now.</summary>
    public Value Read() => _value ??= Find();

    private Bucket BucketOf(Value key)
    {
        if (_byKey is null) { return _all; }
        if (!_byKey.TryGetValue(key, out var bucket)) { _byKey[key] = bucket = new(); }
        return bucket;
    }

    private Value Find() => _byKey is null ? _all.Read(metric, scale)
        : _byKey.Count == 0 ? Nothing
        : Value.Map(ValueMap.Of(_byKey.Where(e => !e.Value.IsNothing(metric)).Select(e => KeyValuePair.Create(e.Key, e.Value.Read(metric, scale))), Value.Of(new Number(0))));

    // All kinds of key have an order, so that a map does not tell in which order facts came. Only "", for what has no key, is of another kind.
    private static int ByKey(Value a, Value b) => Comparing.TryCompare(a, b, out var order) ? order : a.Kind.CompareTo(b.Kind);

    /// <summary>The credits of one key.</summary>
    private sealed class Bucket
    {
        private List<Counted>? _credits;
        private long _sum;

        public void Clear() => (_credits, _sum) = (null, 0);

        public void Apply(Metric metric, in Counted credit, bool begins)
        {
            if (metric.Kind is MetricKind.Sum or MetricKind.Count)
            {
                var amount = metric.Kind == MetricKind.Count ? 1 : credit.Amount;
                _sum += begins ? amount : -amount;
                return;
            }
            _credits ??= [];
            var place = _credits.BinarySearch(credit);
            if (begins) { _credits.Insert(place < 0 ? ~place : place, credit); }
            else { _credits.RemoveAt(place); }
        }

        public bool Set(long sum)
        {
            var isNew = _sum != sum;
            _sum = sum;
            return isNew;
        }

        public bool IsNothing(Metric metric) => metric.Kind switch
        {
            MetricKind.Median => _credits is null or [],
            MetricKind.Runs => RunsOf(metric.Length) == 0,
            _ => _sum == 0,
        };

        public Value Read(Metric metric, long scale) => metric.Kind switch
        {
            MetricKind.Median => MedianOf(metric, scale),
            MetricKind.Runs => Value.Of((Number)RunsOf(metric.Length)),
            MetricKind.Count => Value.Of((Number)_sum),
            _ => Value.Of(Number.Of(_sum, scale)),
        };

        /// <summary>Nothing has no middle: then the metric was not told.</summary>
        private Value MedianOf(Metric metric, long scale)
        {
            if (_credits is null or []) { return Value.NotTold(metric.Name); }
            var amounts = _credits.Select(c => c.Amount).Order().ToList();
            return Value.Of((Number.Of(amounts[(amounts.Count - 1) / 2], scale) + Number.Of(amounts[amounts.Count / 2], scale)) / 2);
        }

        private long RunsOf(int length)
        {
            var (runs, inARow) = (0L, 0);
            foreach (var credit in _credits ?? [])
            {
                inARow = credit.Breaks ? 0 : inARow + 1;
                if (inARow < length) { continue; }
                runs++;
                inARow = 0;
            }
            return runs;
        }
    }
}

/// <summary>A credit as a metric counts it. In order of moments; of one moment, those that break a run come last.</summary>
/// <param name="Moment">Its moment.</param>
/// <param name="Breaks">True for a credit of the unit that breaks a run.</param>
/// <param name="Amount">Its amount, in smallest parts.</param>
/// <param name="Key">The key under which it counts.</param>
internal readonly record struct Counted(Instant Moment, bool Breaks, long Amount, Value Key) : IComparable<Counted>
{
    public int CompareTo(Counted other)
    {
        var order = Moment.CompareTo(other.Moment);
        if (order == 0) { order = Breaks.CompareTo(other.Breaks); }
        return order != 0 ? order : Amount.CompareTo(other.Amount);
    }
}
