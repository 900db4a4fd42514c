using Laurel.Engine.Facts;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Deriving;

/// <summary>What a fact of adjustment or migration says.</summary>
internal static class Adjustments
{
    /// <summary>The unit's index and the amount in smallest parts; intake has refused whatever does not fit.</summary>
    public static (int Unit, long Amount) Read(History history, int fact)
    {
        var shape = history.Shapes[history.Shape[fact]];
        var type = history.Vocabulary.FactTypes[shape.Type];
        var unit = -1;
        var amount = 0L;
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            var value = history.Values[history.FirstValue[fact] + i];
            switch (type.Carries[shape.Fields[i]].Name)
            {
                case "unit":
                    unit = history.Vocabulary.Units.ToList().FindIndex(u => u.Name == history.TextOf(value));
                    break;
                case "amount":
                    amount = value;
                    break;
                default:
                    break;
            }
        }
        return (unit, history.NumberOf(amount).Round(Scales.Of(history.Vocabulary.Units[unit])));
    }
}
