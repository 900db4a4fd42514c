using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Server.Taking;

/// <summary>Amounts that a person gives or takes.</summary>
internal static class Adjustments
{
    /// <summary>The type of fact that an adjustment is.</summary>
    public const string Type = "member.adjusted";

    /// <summary>True where a fact gives or takes more than its unit lets one person do: an adjustment, or what is brought along.</summary>
    public static bool NeedsSecond(Fact fact, Vocabulary vocabulary)
    {
        if (fact.Type.BuiltIn is not (BuiltIn.Adjusted or BuiltIn.Migrated) || fact["amount"] is not FactValue.Number { Value: var amount }) { return false; }
        var unit = vocabulary.Units.First(u => u.Name == fact["unit"]!.ToString());
        if (unit.SecondPersonAbove is not { } most) { return false; }
        var limit = unit.Whole(most);
        return amount > limit || Number.Of(-amount.Numerator, amount.Denominator) > limit;
    }
}
