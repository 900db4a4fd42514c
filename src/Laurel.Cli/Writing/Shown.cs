using System.Globalization;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Writing;

/// <summary>Numbers and times as people read them. Scripts get <see cref="Number.ToString"/> and <see cref="Instant.ToString"/>.</summary>
internal static class Shown
{
    private const int DigitsMax = 4;

    /// <summary>An exact number with thousands separators; more than four digits after the point are rounded away.</summary>
    public static string Of(Number number)
    {
        if (number.IsWhole) { return number.Numerator.ToString("N0", CultureInfo.InvariantCulture); }
        var rounded = decimal.Round((decimal)number.Numerator / number.Denominator, DigitsMax, MidpointRounding.AwayFromZero);
        return rounded.ToString("#,##0.####", CultureInfo.InvariantCulture);
    }

    /// <summary>A metric's value: a number, or a map as "video 3, text 1".</summary>
    public static string Of(Value value) => value.Kind switch
    {
        ValueKind.Number => Of(value.AsNumber),
        ValueKind.Map => value.AsMap.Count == 0 ? "0" : string.Join(", ", value.AsMap.Keys.Select(key => $"{StandingJson.Key(key)} {Of(value.AsMap[key])}")),
        ValueKind.NotTold => "not told",
        ValueKind.Error => value.AsText,
        _ => value.ToString(),
    };

    /// <summary>An amount in smallest parts, in whole units, without the unit's name.</summary>
    public static string Amount(long parts, Unit unit) => Of(unit.Whole(parts));

    /// <summary>A count with thousands separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count of things: "1 fact", "2,000 facts".</summary>
    public static string Count(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>The day of the zone: enough for a table.</summary>
    public static string Date(Instant at, Zone zone) => at.IsReal ? zone.DateOf(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : zone.Written(at);
}
