using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Expressions;

/// <summary>What the program dialect adds: exact numbers, and dates in the program's zone.</summary>
internal static class ProgramFunctions
{
    private static readonly CelType _numbers = new CelType.List(CelType.Number);
    private static readonly CelType _numbersByKey = new CelType.Map(CelType.Dyn, CelType.Number);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Overload> All { get; } =
    [
        new("min", CallForm.Function, [CelType.Number], CelType.Number, (_, x) => Extreme(x, sign: -1)) { Repeats = true },
        new("max", CallForm.Function, [CelType.Number], CelType.Number, (_, x) => Extreme(x, sign: 1)) { Repeats = true },
        new("min", CallForm.Function, [CelType.Timestamp], CelType.Timestamp, (_, x) => Extreme(x, sign: -1)) { Repeats = true },
        new("max", CallForm.Function, [CelType.Timestamp], CelType.Timestamp, (_, x) => Extreme(x, sign: 1)) { Repeats = true },
        new("min", CallForm.Function, [_numbers], CelType.Number, (_, x) => Extreme([.. x[0].AsList], sign: -1)),
        new("max", CallForm.Function, [_numbers], CelType.Number, (_, x) => Extreme([.. x[0].AsList], sign: 1)),
        new("min", CallForm.Function, [_numbersByKey], CelType.Number, (_, x) => Extreme(x[0].AsMap, sign: -1)),
        new("max", CallForm.Function, [_numbersByKey], CelType.Number, (_, x) => Extreme(x[0].AsMap, sign: 1)),
        new("sum", CallForm.Function, [_numbers], CelType.Number, (_, x) => Sum([.. x[0].AsList])),
        new("sum", CallForm.Function, [_numbersByKey], CelType.Number, (_, x) => Sum(ValuesOf(x[0].AsMap))),
        new("floor", CallForm.Function, [CelType.Number], CelType.Number, (_, x) => Value.Of((Number)x[0].AsNumber.Floor())),
        new("ceil", CallForm.Function, [CelType.Number], CelType.Number, (_, x) => Value.Of((Number)x[0].AsNumber.Ceiling())),
        new("round", CallForm.Function, [CelType.Number], CelType.Number, (_, x) => Value.Of((Number)x[0].AsNumber.Round())),
        new("year", CallForm.Function, [CelType.Timestamp], CelType.Number, (zone, x) => OnDate(zone, x[0], static (_, date) => Value.Of((Number)date.Year))),
        new("month", CallForm.Function, [CelType.Timestamp], CelType.Number, (zone, x) => OnDate(zone, x[0], static (_, date) => Value.Of((Number)date.Month))),
        new("date", CallForm.Function, [CelType.Timestamp], CelType.Timestamp, (zone, x) => OnDate(zone, x[0], static (zone, date) => Value.Of(zone.StartOfDay(date)))),
        new("date", CallForm.Function, [CelType.Text], CelType.Timestamp, (zone, x) => ReadDate(zone, x[0].AsText)),
    ];

    private static Value[] ValuesOf(ValueMap map) => [.. map.Keys.Select(key => map[key])];

    /// <summary>The same of a number by key: where no key was seen, what it answers for one that was not.</summary>
    private static Value Extreme(ValueMap map, int sign) => map is { Count: 0, Otherwise: { } unseen } ? unseen : Extreme(ValuesOf(map), sign);

    /// <summary>The least (sign -1) or the greatest (sign 1); an error for none at all.</summary>
    private static Value Extreme(ReadOnlySpan<Value> values, int sign)
    {
        if (values.IsEmpty) { return Value.Error("there is nothing to take the least or the greatest of"); }
        var best = values[0];
        foreach (var value in values)
        {
            if (value.IsMissing) { return value; }
            if (!Comparing.TryCompare(value, best, out var order)) { return Value.Error($"no such overload: {value.Kind} beside {best.Kind}"); }
            if (order == sign) { best = value; }
        }
        return best;
    }

    private static Value Sum(ReadOnlySpan<Value> values)
    {
        var sum = Value.Of((Number)0);
        foreach (var value in values) { sum = Arithmetic.Add(sum, value); }
        return sum;
    }

    private static Value OnDate(Zone zone, in Value instant, Func<Zone, DateOnly, Value> ask) =>
        instant.AsInstant.IsReal ? ask(zone, zone.DateOf(instant.AsInstant)) : Value.Error($"\"{instant.AsInstant}\" has no date");

    private static Value ReadDate(Zone zone, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? Value.Of(zone.StartOfDay(date))
            : Value.Error($"\"{text}\" is not a date such as 2024-02-27");
}
