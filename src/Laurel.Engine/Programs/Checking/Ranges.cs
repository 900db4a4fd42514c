using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>Between which numbers an expression lies, by what rules, limits and formulas leave of it. A person's adjustments are left out.</summary>
internal sealed class Ranges(Vocabulary vocabulary, Edition edition)
{
    private static readonly Number One = new(1);

    private readonly Dictionary<int, Bounds> _metrics = [];

    /// <summary>The bounds of a part of an expression; all numbers where nothing is known.</summary>
    public Bounds Of(Expression expression, Expr at)
    {
        try
        {
            return Find(expression, at);
        }
        catch (OverflowException)
        {
            return Bounds.All;
        }
    }

    private Bounds Find(Expression expression, Expr at)
    {
        if (expression.Bindings.TryGetValue(at.Id, out var binding)) { return Find(binding); }
        switch (at)
        {
            case Expr.Literal { Value.Kind: ValueKind.Number } literal:
                return new(literal.Value.AsNumber, literal.Value.AsNumber);
            case Expr.Select { TestOnly: false, Of: var rank } part when expression.Bindings.GetValueOrDefault(rank.Id) is MetricBinding:
                return new(part.Field == "place" ? One : 0, null);
            case Expr.Call { Function: "_[_]", Arguments: [var of, _] }:
                return Find(expression, of);
            case Expr.Call { Function: "_?_:_", Arguments: [_, var yes, var no] }:
                return Hull(Find(expression, yes), Find(expression, no));
            case Expr.Call { Target: null } call:
                return Find(call.Function, [.. call.Arguments.Select(a => Find(expression, a))]);
            default:
                return Bounds.All;
        }
    }

    private Bounds Find(Binding binding) => binding switch
    {
        MetricBinding metric => Of(edition.Metrics[metric.Metric]),
        AgoBinding metric => Hull(Of(edition.Metrics[metric.Metric]), new(0, 0)),
        ObligationBinding => new(0, null),
        TableBinding table => table.Table.Rows.Values.SelectMany(row => row.Values).Select(n => new Bounds(n, n)).DefaultIfEmpty(Bounds.All).Aggregate(Hull),
        _ => Bounds.All,
    };

    private static Bounds Find(string function, IReadOnlyList<Bounds> parts) => (function, parts) switch
    {
        ("min", _) => new(parts.Any(p => p.Low is null) ? null : parts.Min(p => p.Low!.Value), parts.Where(p => p.High is not null).Select(p => p.High).Min()),
        ("max", _) => new(parts.Where(p => p.Low is not null).Select(p => p.Low).Max(), parts.Any(p => p.High is null) ? null : parts.Max(p => p.High!.Value)),
        ("_+_", [var a, var b]) => new(a.Low + b.Low, a.High + b.High),
        ("_-_", [var a, var b]) => new(a.Low - b.High, a.High - b.Low),
        ("-_", [var a]) => new(-a.High, -a.Low),
        ("_*_", [{ Low: { } by, High: { } same }, var b]) when by == same => Times(b, by),
        ("_*_", [var a, { Low: { } by, High: { } same }]) when by == same => Times(a, by),
        ("_/_", [var a, { Low: { } by, High: { } same }]) when by == same && by != 0 => Times(a, One / by),
        ("floor" or "ceil" or "round", [var a]) => new(a.Low is { } low ? low.Floor() : null, a.High is { } high ? high.Ceiling() : null),
        _ => Bounds.All,
    };

    private static Bounds Times(Bounds of, Number by) => by < 0 ? new(of.High * by, of.Low * by) : new(of.Low * by, of.High * by);

    private static Bounds Hull(Bounds a, Bounds b) => new(
        a.Low is { } x && b.Low is { } y ? (x < y ? x : y) : null, a.High is { } v && b.High is { } w ? (v > w ? v : w) : null);

    // What a rule gives may read what the same unit was just before: of that nothing is known.
    private Bounds Of(Metric metric)
    {
        if (!_metrics.TryAdd(metric.Index, Bounds.All)) { return _metrics[metric.Index]; }
        return _metrics[metric.Index] = metric.Kind switch
        {
            MetricKind.Formula when metric.Formula is not null => Of(metric.Formula, metric.Formula.Root),
            MetricKind.Sum => new(null, Caps.Most(vocabulary, edition, metric.Unit, this)),
            _ => Bounds.All,
        };
    }
}
