using System.Text;
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
        foreach (var subject in about?.Order() ?? Enumerable.Range(0, history.SubjectCount)) { builder._subjects.Intern(history.Subjects[subject]); }
        foreach (var fact in FactsOf(history, upTo, about))
        {
            var source = FactKey.Read(history.Keys[history.PlaceOf(fact)], out var id);
            var shape = history.Shapes[history.Shape[fact]];
            var subject = history.Vocabulary.FactTypes[shape.Type].BuiltIn == BuiltIn.Retracted ? -1 : history.AboutOf(fact);
            builder.Take(
                history.Sources[source], id, history.At[fact], history.RecordedOf(fact).Micros, subject, shape, history.Values.AsSpan(history.FirstValue[fact], shape.Fields.Length),
                number => history.Subjects[number], number => history.Texts[number], history.NumberOf);
        }
        return builder;
    }

    /// <summary>The same facts in the same order, with nothing left of those that were displaced.</summary>
    private HistoryBuilder WithoutDisplaced()
    {
        var builder = new HistoryBuilder(Vocabulary);
        for (var fact = 0; fact < _facts.Count; fact++)
        {
            if (_displaced.Contains(fact)) { continue; }
            var source = FactKey.Read(_keys[fact], out var id);
            var row = _facts[fact];
            var shape = _shapes[row.Shape];
            builder.Take(
                _sources[source], id, row.At, row.Recorded, row.Subject, shape, _facts.Values.Slice(row.FirstValue, shape.Fields.Length),
                number => _subjects[number], number => _texts[number], value => NumberBits.Read(value, _numbers));
        }
        return builder;
    }

    /// <summary>The number of a subject, which is given one where no fact speaks of it.</summary>
    internal int NumberOf(int kind, string name)
    {
        Span<byte> key = stackalloc byte[1 + FieldReader.NameMax];
        key[0] = (byte)kind;
        return _subjects.Intern(key[..(1 + Encoding.UTF8.GetBytes(name, key[1..]))]);
    }

    /// <summary>A history that grows with what is gathered in columns, in the order of coming.</summary>
    internal History Grow()
    {
        var history = new History
        {
            Vocabulary = Vocabulary,
            Sources = _sources,
            Keys = _keys,
            Subjects = _subjects,
            Texts = _texts,
            Order = new int[16],
            Position = new int[16],
            FirstFact = new int[16],
            EndFact = new int[16],
            Kinds = new byte[16],
        };
        GrowInto(history);
        return history;
    }

    /// <summary>Hands what was gathered since on to a history that grows.</summary>
    internal void GrowInto(History history)
    {
        var columns = (GrowingColumns)_facts;
        (history.At, history.Recorded, history.About) = (columns.At, columns.Recorded, columns.Subject);
        (history.Shape, history.FirstValue, history.Values, history.Numbers) = (columns.Shape, columns.FirstValue, columns.AllValues, _numbers);
        if (history.Shapes.Length < _shapes.Count) { history.Shapes = [.. _shapes]; }
        history.FactCount = columns.Count;
    }

    /// <summary>Records a fact that nobody told, as if it were learnt after all others.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="known">When it is as if it were learnt; not before the last of the others was.</param>
    internal Verdict Suppose(Fact fact, Instant known)
    {
        _supposedFrom = Math.Min(_supposedFrom, Count);
        return Add(fact with { Recorded = Instant.Max(Instant.Min(known, Instant.Last), Count > 0 ? new(_recordedMax) : Instant.First) });
    }

    private static IEnumerable<int> FactsOf(History history, int upTo, IReadOnlySet<int>? about)
    {
        // A retraction of what nobody told may be of a fact that is still to come.
        var facts = about is null ? Enumerable.Range(0, history.FactCount) : about.SelectMany(subject => history.FactsOf(subject)).Concat(history.FactsOfNobody);
        return facts.Where(fact => history.Position[fact] < upTo).OrderBy(fact => history.Position[fact]);
    }

    /// <summary>Takes a fact over from where subjects, texts and numbers have other places.</summary>
    private void Take(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> id, long at, long recorded, int subject, FactShape shape, ReadOnlySpan<long> values, TextOf subjects, TextOf texts, Func<long, Number> numberOf)
    {
        var key = FactKey.Write(new byte[FactKey.BytesMax], _sources.Intern(source), id);
        _keys.Add(key, Texts.Hash(key));
        NoteOrder(recorded, 0);
        _facts.Add(at, recorded, subject < 0 ? -1 : _subjects.Intern(subjects(subject)), (ushort)ShapeOf(shape));
        var type = Vocabulary.FactTypes[shape.Type];
        for (var i = 0; i < values.Length; i++)
        {
            _facts.Add(type.Carries[shape.Fields[i]].Type switch
            {
                FieldType.Text => _texts.Intern(texts((int)values[i])),
                FieldType.Reference => _subjects.Intern(subjects((int)values[i])),
                FieldType.Number when numberOf(values[i]) is var number => NumberBits.Of(number) ?? NumberBits.Aside(PlaceOf(number)),
                _ => values[i],
            });
        }
    }

    private int ShapeOf(FactShape shape)
    {
        var present = shape.Fields.Aggregate(0UL, (bits, field) => bits | (1UL << field));
        if (_shapePlaces.TryGetValue((shape.Type, present), out var place)) { return place; }
        _shapes.Add(shape);
        _shapePlaces.Add((shape.Type, present), _shapes.Count - 1);
        return _shapes.Count - 1;
    }

    /// <summary>The text of a number, where it is taken from.</summary>
    private delegate ReadOnlySpan<byte> TextOf(int number);
}
