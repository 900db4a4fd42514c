using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>
/// The ways in which a condition can hold: each a set of numbers between bounds, and of other parts that must or must not hold.
/// What is not a comparison with a number is taken as it is written.
/// </summary>
internal sealed class Ways
{
    private const int WaysMax = 64;

    private readonly IReadOnlyList<Way> _ways;

    private Ways(IReadOnlyList<Way> ways) => _ways = ways;

    /// <summary>The one way of what always holds.</summary>
    public static readonly Ways Always = new([new([], [])]);

    /// <summary>True where there is none: the condition can't hold.</summary>
    public bool IsEmpty => _ways.Count == 0;

    /// <summary>Where the condition is "this number is at least so much": that.</summary>
    public (string What, Number From)? Threshold =>
        _ways is [{ Others.Count: 0, Numbers: { Count: 1 } numbers }] && numbers.First() is { Value: { Low: { } low, High: null, LowOpen: false } } only ? (only.Key, low) : null;

    /// <summary>The ways of a condition; null where there are too many to look at.</summary>
    public static Ways? Of(Expression condition)
    {
        var ways = Of(condition.Root, holds: true);
        return ways is null ? null : new([.. ways.Where(w => w.IsPossible)]);
    }

    /// <summary>True where whatever holds in these ways holds in one of the others.</summary>
    public bool Imply(Ways others) => _ways.All(w => others._ways.Any(w.Implies));

    private static IReadOnlyList<Way>? Of(Expr at, bool holds)
    {
        switch (at)
        {
            case Expr.Literal { Value: { Kind: ValueKind.Bool } value }:
                return (value.Truth == Truth.True) == holds ? [new([], [])] : [];
            case Expr.Call { Function: "!_", Arguments: [var of] }:
                return Of(of, !holds);
            case Expr.Call { Function: "_&&_" or "_||_", Arguments: [var left, var right] } call:
                var (a, b) = (Of(left, holds), Of(right, holds));
                if (a is null || b is null) { return null; }
                if ((call.Function == "_||_") == holds) { return a.Count + b.Count > WaysMax ? null : [.. a, .. b]; }
                return a.Count * b.Count > WaysMax ? null : [.. a.SelectMany(x => b.Select(x.And))];
            default:
                return [Bounded(at, holds) ?? new([], new HashSet<(string, bool)> { (Canon.Expression(at), holds) })];
        }
    }

    private static Way? Bounded(Expr at, bool holds)
    {
        if (at is not Expr.Call { Arguments: [var left, var right] } call) { return null; }
        var function = call.Function;
        if (left is Expr.Literal { Value.Kind: ValueKind.Number } && right is not Expr.Literal)
        {
            (left, right) = (right, left);
            function = function switch { "_<_" => "_>_", "_<=_" => "_>=_", "_>_" => "_<_", "_>=_" => "_<=_", _ => function };
        }
        if (right is not Expr.Literal { Value: { Kind: ValueKind.Number } literal } || left is Expr.Literal) { return null; }
        if (!holds) { function = function switch { "_<_" => "_>=_", "_<=_" => "_>_", "_>_" => "_<=_", "_>=_" => "_<_", "_!=_" => "_==_", _ => "" }; }
        var number = literal.AsNumber;
        Bounds? bounds = function switch
        {
            "_<_" => new(null, number, LowOpen: false, HighOpen: true),
            "_<=_" => new(null, number, LowOpen: false, HighOpen: false),
            "_>_" => new(number, null, LowOpen: true, HighOpen: false),
            "_>=_" => new(number, null, LowOpen: false, HighOpen: false),
            "_==_" => new(number, number, LowOpen: false, HighOpen: false),
            _ => null,
        };
        return bounds is null ? null : new(new Dictionary<string, Bounds>(StringComparer.Ordinal) { [Canon.Expression(left)] = bounds }, []);
    }

    /// <summary>One way: these numbers between bounds, and these parts holding or not.</summary>
    private sealed record Way(IReadOnlyDictionary<string, Bounds> Numbers, IReadOnlySet<(string Text, bool Holds)> Others)
    {
        public Way(Dictionary<string, Bounds> numbers, HashSet<(string, bool)> others) : this((IReadOnlyDictionary<string, Bounds>)numbers, others) { }

        public bool IsPossible => Numbers.Values.All(b => b.IsPossible) && !Others.Any(o => o.Holds && Others.Contains((o.Text, false)));

        public Way And(Way other)
        {
            var numbers = new Dictionary<string, Bounds>(Numbers, StringComparer.Ordinal);
            foreach (var (what, bounds) in other.Numbers) { numbers[what] = numbers.TryGetValue(what, out var own) ? own.And(bounds) : bounds; }
            return new(numbers, [.. Others, .. other.Others]);
        }

        public bool Implies(Way other) =>
            other.Others.All(Others.Contains) && other.Numbers.All(n => Numbers.TryGetValue(n.Key, out var own) && own.Within(n.Value));
    }

    /// <summary>A stretch of numbers; null for no bound.</summary>
    private sealed record Bounds(Number? Low, Number? High, bool LowOpen, bool HighOpen)
    {
        public bool IsPossible => Low is not { } low || High is not { } high || low < high || (low == high && !LowOpen && !HighOpen);

        public Bounds And(Bounds other)
        {
            var lowIsOwn = other.Low is null || (Low is { } low && (low > other.Low.Value || (low == other.Low.Value && LowOpen)));
            var highIsOwn = other.High is null || (High is { } high && (high < other.High.Value || (high == other.High.Value && HighOpen)));
            return new(lowIsOwn ? Low : other.Low, highIsOwn ? High : other.High, lowIsOwn ? LowOpen : other.LowOpen, highIsOwn ? HighOpen : other.HighOpen);
        }

        public bool Within(Bounds other) =>
            (other.Low is not { } low || (Low is { } ownLow && (ownLow > low || (ownLow == low && (LowOpen || !other.LowOpen)))))
            && (other.High is not { } high || (High is { } ownHigh && (ownHigh < high || (ownHigh == high && (HighOpen || !other.HighOpen)))));
    }
}
