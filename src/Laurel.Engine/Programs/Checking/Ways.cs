using System.Collections.Frozen;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>
/// The ways in which a condition can hold: each a set of numbers between bounds, of texts among some, and of other parts that must or must
/// not hold. What is no comparison with constants is taken as it is written.
/// </summary>
internal sealed class Ways
{
    private const int WaysMax = 256;

    private readonly IReadOnlyList<Way> _ways;

    private Ways(IEnumerable<Way> ways) => _ways = [.. ways.Where(w => w.IsPossible)];

    /// <summary>The one way of what always holds.</summary>
    public static readonly Ways Always = new([Way.Any]);

    /// <summary>None: what never holds.</summary>
    public static readonly Ways None = new([]);

    /// <summary>True where there is none: the condition can't hold.</summary>
    public bool IsEmpty => _ways.Count == 0;

    /// <summary>Where the condition is "this number is at least so much": that.</summary>
    public (string What, Number From)? Threshold =>
        _ways is [{ Others.Count: 0, Texts.Count: 0, Numbers: { Count: 1 } numbers }] && numbers.First() is { Value: { Low: { } low, High: null, LowOpen: false } } only ? (only.Key, low) : null;

    /// <summary>A number lies between bounds.</summary>
    public static Ways Of(string what, Bounds bounds) => new([Way.Any with { Numbers = new Dictionary<string, Bounds>(StringComparer.Ordinal) { [what] = bounds } }]);

    /// <summary>A text is one of some.</summary>
    public static Ways Of(string what, Texts texts) => new([Way.Any with { Texts = new Dictionary<string, Texts>(StringComparer.Ordinal) { [what] = texts } }]);

    /// <summary>Something holds, or does not.</summary>
    public static Ways Of(string what, bool holds) => new([Way.Any with { Others = FrozenSet.Create((what, holds)) }]);

    /// <summary>Both hold; null where there are too many ways to look at.</summary>
    public Ways? And(Ways? other) => other is null || _ways.Count * other._ways.Count > WaysMax ? null : new(_ways.SelectMany(x => other._ways.Select(x.And)));

    /// <summary>One of them holds; null where there are too many ways to look at.</summary>
    public Ways? Or(Ways? other) => other is null || _ways.Count + other._ways.Count > WaysMax ? null : new(_ways.Concat(other._ways));

    /// <summary>True where whatever holds in these ways holds in one of the others.</summary>
    public bool Imply(Ways others) => _ways.All(w => others._ways.Any(w.Implies));

    /// <summary>One way: these numbers between bounds, these texts among some, and these parts holding or not.</summary>
    private sealed record Way(IReadOnlyDictionary<string, Bounds> Numbers, IReadOnlyDictionary<string, Texts> Texts, FrozenSet<(string Text, bool Holds)> Others)
    {
        public static readonly Way Any = new(new Dictionary<string, Bounds>(), new Dictionary<string, Texts>(), FrozenSet<(string, bool)>.Empty);

        public bool IsPossible => Numbers.Values.All(b => b.IsPossible) && Texts.Values.All(t => t.IsPossible) && !Others.Any(o => o.Holds && Others.Contains((o.Text, false)));

        public Way And(Way other) => new(
            Joined(Numbers, other.Numbers, (a, b) => a.And(b)), Joined(Texts, other.Texts, (a, b) => a.And(b)), Others.Concat(other.Others).ToFrozenSet());

        public bool Implies(Way other) =>
            other.Others.All(Others.Contains)
            && other.Numbers.All(n => Numbers.TryGetValue(n.Key, out var own) && own.Within(n.Value))
            && other.Texts.All(t => Texts.TryGetValue(t.Key, out var own) && own.Within(t.Value));

        private static Dictionary<string, T> Joined<T>(IReadOnlyDictionary<string, T> left, IReadOnlyDictionary<string, T> right, Func<T, T, T> and)
        {
            var joined = new Dictionary<string, T>(left, StringComparer.Ordinal);
            foreach (var (what, value) in right) { joined[what] = joined.TryGetValue(what, out var own) ? and(own, value) : value; }
            return joined;
        }
    }
}

/// <summary>A stretch of numbers; null for no bound.</summary>
internal sealed record Bounds(Number? Low, Number? High, bool LowOpen = false, bool HighOpen = false)
{
    /// <summary>All numbers.</summary>
    public static readonly Bounds All = new(null, null);

    /// <summary>True where there is a number in it.</summary>
    public bool IsPossible => Low is not { } low || High is not { } high || low < high || (low == high && !LowOpen && !HighOpen);

    /// <summary>The numbers for which a comparison with a constant holds, or does not; null where they are no stretch.</summary>
    public static Bounds? Of(string function, Number number, bool holds)
    {
        if (!holds) { function = function switch { "_<_" => "_>=_", "_<=_" => "_>_", "_>_" => "_<=_", "_>=_" => "_<_", "_!=_" => "_==_", _ => "" }; }
        return function switch
        {
            "_<_" => new(null, number, HighOpen: true),
            "_<=_" => new(null, number),
            "_>_" => new(number, null, LowOpen: true),
            "_>=_" => new(number, null),
            "_==_" => new(number, number),
            _ => null,
        };
    }

    /// <summary>The numbers in both.</summary>
    public Bounds And(Bounds other)
    {
        var lowIsOwn = other.Low is null || (Low is { } low && (low > other.Low.Value || (low == other.Low.Value && LowOpen)));
        var highIsOwn = other.High is null || (High is { } high && (high < other.High.Value || (high == other.High.Value && HighOpen)));
        return new(lowIsOwn ? Low : other.Low, highIsOwn ? High : other.High, lowIsOwn ? LowOpen : other.LowOpen, highIsOwn ? HighOpen : other.HighOpen);
    }

    /// <summary>True where the other has all of these.</summary>
    public bool Within(Bounds other) =>
        (other.Low is not { } low || (Low is { } ownLow && (ownLow > low || (ownLow == low && (LowOpen || !other.LowOpen)))))
        && (other.High is not { } high || (High is { } ownHigh && (ownHigh < high || (ownHigh == high && (HighOpen || !other.HighOpen)))));
}

/// <summary>Some texts, or all but some.</summary>
internal sealed record Texts(IReadOnlySet<string> Values, bool Except)
{
    /// <summary>True where there is a text in it.</summary>
    public bool IsPossible => Except || Values.Count > 0;

    /// <summary>These texts, or all but these; of a list of values where there is one.</summary>
    public static Texts Of(IReadOnlyList<string> texts, bool except, IReadOnlyList<string>? all) =>
        except && all is not null ? new(all.Except(texts).ToHashSet(StringComparer.Ordinal), Except: false) : new(texts.ToHashSet(StringComparer.Ordinal), except);

    /// <summary>The texts in both.</summary>
    public Texts And(Texts other) => (Except, other.Except) switch
    {
        (true, true) => new(Values.Union(other.Values).ToHashSet(StringComparer.Ordinal), Except: true),
        (true, false) => new(other.Values.Except(Values).ToHashSet(StringComparer.Ordinal), Except: false),
        (false, true) => new(Values.Except(other.Values).ToHashSet(StringComparer.Ordinal), Except: false),
        (false, false) => new(Values.Intersect(other.Values).ToHashSet(StringComparer.Ordinal), Except: false),
    };

    /// <summary>True where the other has all of these.</summary>
    public bool Within(Texts other) => (Except, other.Except) switch
    {
        (true, true) => other.Values.IsSubsetOf(Values),
        (true, false) => false,
        (false, true) => !Values.Overlaps(other.Values),
        (false, false) => Values.IsSubsetOf(other.Values),
    };
}
