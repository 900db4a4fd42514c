using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>What facts told of a subject's fields.</summary>
internal static class Telling
{
    /// <summary>The last value told of a field by an instant; null for none.</summary>
    public static long? Last(History history, int subject, int slot, Instant at, int upTo)
    {
        long? last = null;
        foreach (var (told, bits) in All(history, subject, slot, upTo))
        {
            if (told <= at) { last = bits; }
        }
        return last;
    }

    /// <summary>Every value told of a field, with when.</summary>
    public static IEnumerable<(Instant At, long Bits)> All(History history, int subject, int slot, int upTo)
    {
        for (var fact = history.FirstFact[subject]; fact < history.FirstFact[subject + 1]; fact++)
        {
            var shape = history.Shapes[history.Shape[fact]];
            var carries = history.Vocabulary.FactTypes[shape.Type].Carries;
            var place = Array.FindIndex(shape.Fields, f => carries[f].Slot == slot);
            if (place >= 0 && history.IsKnown(fact, upTo)) { yield return (new(history.At[fact]), history.Values[history.FirstValue[fact] + place]); }
        }
    }
}
