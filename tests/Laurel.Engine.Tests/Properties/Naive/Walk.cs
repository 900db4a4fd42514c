using System.Globalization;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>
/// Evaluates the tree of an expression, node by node. A value is a bool, a <see cref="Number"/>, a text, an <see cref="Instant"/>, or
/// whatever a name means; null where it can't be told.
/// </summary>
internal static class Walk
{
    public static object? Value(Expression expression, Expr at, Zone zone, Func<Binding, object?> read)
    {
        if (at is Expr.Ident or Expr.Select or Expr.Call { Function: "ago" } && expression.Bindings.TryGetValue(at.Id, out var binding))
        {
            var value = read(binding);
            return at is Expr.Select { TestOnly: true } ? value is not null : value;
        }
        return at switch
        {
            Expr.Literal literal => Plain(literal.Value),
            Expr.Select select => Part(select.Of) is NaiveRank rank ? select.Field == "of" ? (Number)rank.Of : rank.Place is { } place ? (Number)place : null : null,
            Expr.ListOf list => list.Elements.Select(Part).ToList(),
            Expr.Call call => Call(expression, call, Part, zone),
            _ => throw new NotSupportedException(at.ToString()),
        };

        object? Part(Expr part) => Value(expression, part, zone, read);
    }

    private static object? Plain(Value value) => value.Kind switch
    {
        ValueKind.Bool => value.Truth == Truth.True,
        ValueKind.Number => value.AsNumber,
        ValueKind.Text => value.AsText,
        _ => throw new NotSupportedException(value.ToString()),
    };

    private static object? Call(Expression expression, Expr.Call call, Func<Expr, object?> part, Zone zone)
    {
        var values = call.Arguments.Select(part).ToList();
        switch (call.Function)
        {
            case "_&&_": return values.Contains(false) ? false : values.Contains(null) ? null : true;
            case "_||_": return values.Contains(true) ? true : values.Contains(null) ? null : false;
            case "_?_:_": return values[0] is bool test ? values[test ? 1 : 2] : null;
        }
        if (values.Contains(null)) { return null; }
        return call.Function switch
        {
            "!_" => !(bool)values[0]!,
            "_==_" => Equals(values[0], values[1]),
            "_!=_" => !Equals(values[0], values[1]),
            "_<_" => Compare() < 0,
            "_<=_" => Compare() <= 0,
            "_>_" => Compare() > 0,
            "_>=_" => Compare() >= 0,
            "@in" => ((List<object?>)values[1]!).Contains(values[0]),
            "_+_" => (Number)values[0]! + (Number)values[1]!,
            "_-_" => (Number)values[0]! - (Number)values[1]!,
            "_*_" => (Number)values[0]! * (Number)values[1]!,
            "_/_" => (Number)values[0]! / (Number)values[1]!,
            "_[_]" => Look(values[0]!, values[1]!),
            "min" => values.Cast<Number>().Min(),
            "max" => values.Cast<Number>().Max(),
            "year" => (Number)zone.DateOf((Instant)values[0]!).Year,
            "date" => zone.StartOfDay(DateOnly.ParseExact((string)values[0]!, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
            _ => throw new NotSupportedException(call.Function),
        };

        int Compare()
        {
            var choice = call.Arguments.Select(a => expression.Types[a.Id]).OfType<CelType.Choice>().FirstOrDefault();
            if (choice is null) { return values[0] is Number number ? number.CompareTo((Number)values[1]!) : ((Instant)values[0]!).CompareTo((Instant)values[1]!); }
            return choice.Values.ToList().IndexOf((string)values[0]!).CompareTo(choice.Values.ToList().IndexOf((string)values[1]!));
        }
    }

    /// <summary>A row of a table with two keys.</summary>
    private sealed record Cells(IReadOnlyDictionary<string, Number> Of);

    private static object? Look(object table, object key) => table switch
    {
        Table { Keys: 2 } two => two.Rows.TryGetValue((string)key, out var cells) || two.Rows.TryGetValue("else", out cells) ? new Cells(cells) : null,
        Cells { Of: var of } => of.TryGetValue((string)key, out var cell) || of.TryGetValue("else", out cell) || of.TryGetValue("", out cell) ? cell : null,
        Table { Keys: 1 } one => one.Rows.TryGetValue((string)key, out var row) || one.Rows.TryGetValue("else", out row) ? row[""] : null,
        Dictionary<string, string?> levels => levels[(string)key],
        Dictionary<string, Number> map => map.GetValueOrDefault((string)key, new Number(0)),
        _ => throw new NotSupportedException(table.ToString()),
    };
}
