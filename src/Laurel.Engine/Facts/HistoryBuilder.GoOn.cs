using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <content>Goes on from a history that was built before: from all of it or from a part, as known at an instant.</content>
public sealed partial class HistoryBuilder
{
    private int _supposedFrom = int.MaxValue;

    /// <summary>Starts with the facts of a history.</summary>
    /// <param name="history">The history.</param>
    /// <param name="upTo">How many positions of its log are known; the rest is left out.</param>
    /// <param name="about">The subjects whose facts to take, the others being left out; null for all.</param>
    /// <remarks>Subjects keep the order of their numbers, facts that of the log, so that whatever goes by either comes out the same.</remarks>
    internal static HistoryBuilder GoOn(History history, int upTo, IReadOnlySet<int>? about)
    {
        var builder = new HistoryBuilder(history.Vocabulary);
        var numbers = new Dictionary<int, int>();
        foreach (var subject in about?.Order() ?? Enumerable.Range(0, history.SubjectCount)) { numbers[subject] = builder._subjects.Intern(history.Subjects[subject]); }
        foreach (var position in PositionsOf(history, upTo, about)) { builder.Take(history, history.FactAt[position], numbers); }
        return builder;
    }

    /// <summary>Puts a member among the subjects even where no fact speaks of it.</summary>
    internal void Name(string member) => _subjects.Intern([Vocabulary.MemberKind, .. System.Text.Encoding.UTF8.GetBytes(member)]);

    /// <summary>Records a fact that nobody told, as if it were learnt after all others.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="known">When it is as if it were learnt; not before the last of the others was.</param>
    internal Verdict Suppose(Fact fact, Instant known)
    {
        _supposedFrom = Math.Min(_supposedFrom, Count);
        return Add(fact with { Recorded = Instant.Max(Instant.Min(known, Instant.Last), Count > 0 ? new(_recordedMax) : Instant.First) });
    }

    private static IEnumerable<int> PositionsOf(History history, int upTo, IReadOnlySet<int>? about)
    {
        if (about is null) { return Enumerable.Range(0, upTo); }
        var positions = new List<int>();
        foreach (var subject in about)
        {
            for (var fact = history.FirstFact[subject]; fact < history.FirstFact[subject + 1]; fact++) { positions.Add(history.Position[fact]); }
        }
        // A retraction of what nobody told may be of a fact that is still to come.
        for (var fact = history.FirstFact[^1]; fact < history.FactCount; fact++) { positions.Add(history.Position[fact]); }
        positions.Sort();
        return positions.TakeWhile(position => position < upTo);
    }

    private void Take(History history, int fact, Dictionary<int, int> numbers)
    {
        var position = history.Position[fact];
        var source = _sources.Intern(history.Sources[FactKey.Read(history.Keys[position], out var id)]);
        var key = FactKey.Write(new byte[FactKey.BytesMax], source, id);
        _keys.Add(key, Texts.Hash(key));
        var shape = history.Shapes[history.Shape[fact]];
        var type = Vocabulary.FactTypes[shape.Type];
        var about = type.BuiltIn == BuiltIn.Retracted ? -1 : numbers[history.AboutOf(fact)];
        _columns.Add(history.At[fact], history.Recorded[position], about, (ushort)ShapeOf(shape));
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            var value = history.Values[history.FirstValue[fact] + i];
            _columns.Values.Add(type.Carries[shape.Fields[i]].Type switch
            {
                FieldType.Text => _texts.Intern(history.Texts[(int)value]),
                FieldType.Reference => NumberOf(history, (int)value, numbers),
                FieldType.Number when history.NumberOf(value) is var number => NumberBits.Of(number) ?? NumberBits.Aside(PlaceOf(number)),
                _ => value,
            });
        }
        _recordedMax = Math.Max(_recordedMax, history.Recorded[position]);
    }

    private int NumberOf(History history, int subject, Dictionary<int, int> numbers)
    {
        if (!numbers.TryGetValue(subject, out var number)) { numbers[subject] = number = _subjects.Intern(history.Subjects[subject]); }
        return number;
    }

    private int ShapeOf(FactShape shape)
    {
        var present = shape.Fields.Aggregate(0UL, (bits, field) => bits | (1UL << field));
        if (_shapePlaces.TryGetValue((shape.Type, present), out var place)) { return place; }
        _shapes.Add(shape);
        _shapePlaces.Add((shape.Type, present), _shapes.Count - 1);
        return _shapes.Count - 1;
    }
}
