using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>What facts told of one field of subjects.</summary>
/// <param name="history">The facts.</param>
/// <param name="kind">The subjects' kind.</param>
/// <param name="slot">The field's <see cref="Field.Slot"/>.</param>
/// <param name="upTo">How many positions of the log are known.</param>
internal sealed class Telling(History history, int kind, int slot, int upTo)
{
    // By shape: where among a fact's values the field stands; -1 where it is not there.
    private readonly int[] _places = [.. history.Shapes.Select(shape => PlaceIn(shape, history.Vocabulary.FactTypes[shape.Type], kind, slot))];

    /// <summary>The last value told by an instant; null for none.</summary>
    public long? Last(int subject, Instant at)
    {
        long? last = null;
        foreach (var fact in history.FactsOf(subject))
        {
            if (history.At[fact] > at.Micros) { break; }
            last = Value(fact) ?? last;
        }
        return last;
    }

    /// <summary>What a fact tells of the field; null for nothing.</summary>
    public long? Value(int fact)
    {
        var place = _places[history.Shape[fact]];
        return place >= 0 && history.IsKnown(fact, upTo) ? history.Values[history.FirstValue[fact] + place] : null;
    }

    private static int PlaceIn(FactShape shape, FactType type, int kind, int slot) =>
        type.About == kind ? Array.FindIndex(shape.Fields, f => type.Carries[f].Slot == slot) : -1;
}
