using System.Runtime.InteropServices;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>The texts of a history while they are gathered: of keys, the number is the order of coming; a subject's has its kind as one byte before the name.</summary>
internal sealed record GatheredTexts(TextsBuilder Sources, TextsBuilder Keys, TextsBuilder Subjects, TextsBuilder Texts);

/// <summary>Puts gathered facts into the order in which a history holds them.</summary>
internal static class HistoryLayout
{
    /// <summary>Builds the history.</summary>
    /// <param name="shuffled">True where some fact came after one that was learnt later.</param>
    /// <param name="supposedFrom">The position from which on facts are only supposed.</param>
    public static History Build(Vocabulary vocabulary, FactColumns columns, GatheredTexts texts, FactShape[] shapes, Number[] numbers, bool shuffled, int supposedFrom)
    {
        var log = LogOrder(columns, shuffled);
        var keys = shuffled ? InOrder(texts.Keys, log) : texts.Keys;
        var retractions = Retractions.Of(vocabulary, columns, texts, shapes);
        var subjects = columns.Subject.ToArray();
        retractions.FileUnderTheirSubjects(subjects);
        var (firstFact, positions) = BySubject(columns, subjects, log, texts.Subjects.Count, shapes);
        var laid = Lay(columns, shapes, log, positions);
        var (from, toggles) = retractions.Spans(log, laid.FactAt);
        return new()
        {
            Vocabulary = vocabulary,
            FirstFact = firstFact,
            At = laid.At,
            Position = positions,
            Shape = laid.Shape,
            FirstValue = laid.FirstValue,
            Values = laid.Values,
            Shapes = shapes,
            FactAt = laid.FactAt,
            Recorded = laid.Recorded,
            Kinds = KindsOf(texts.Subjects),
            RetractedFrom = from,
            RetractionToggles = toggles,
            EverRetracted = Bits(from.Keys, columns.Count),
            Sources = texts.Sources.Freeze(),
            Keys = keys.Freeze(),
            Subjects = texts.Subjects.Freeze(),
            Texts = texts.Texts.Freeze(),
            Numbers = numbers,
            SupposedFrom = supposedFrom,
        };
    }

    /// <summary>By position in the log: the fact, by its order of coming. Of facts learnt at one instant the first that came is first.</summary>
    private static int[] LogOrder(FactColumns columns, bool shuffled)
    {
        var order = new int[columns.Count];
        for (var i = 0; i < order.Length; i++) { order[i] = i; }
        if (shuffled) { order.AsSpan().Sort(new ByRecorded(columns.Recorded)); }
        return order;
    }

    private static TextsBuilder InOrder(TextsBuilder keys, int[] log)
    {
        var ordered = new TextsBuilder();
        foreach (var coming in log) { ordered.Intern(keys[coming]); }
        return ordered;
    }

    private static byte[] KindsOf(TextsBuilder subjects)
    {
        var kinds = new byte[subjects.Count];
        for (var i = 0; i < kinds.Length; i++) { kinds[i] = subjects[i][0]; }
        return kinds;
    }

    private static ulong[] Bits(Dictionary<int, int>.KeyCollection facts, int count)
    {
        if (facts.Count == 0) { return []; }
        var bits = new ulong[(count / 64) + 1];
        foreach (var fact in facts) { bits[fact >> 6] |= 1UL << (fact & 63); }
        return bits;
    }

    /// <summary>The positions of all facts, sorted by subject, time, type and position; those of no subject come last.</summary>
    private static (int[] FirstFact, int[] Positions) BySubject(FactColumns columns, int[] subjects, int[] log, int subjectCount, FactShape[] shapes)
    {
        var first = new int[subjectCount + 1];
        foreach (var subject in subjects)
        {
            if (subject >= 0 && subject + 1 < first.Length) { first[subject + 1]++; }
        }
        for (var i = 1; i < first.Length; i++) { first[i] += first[i - 1]; }
        var next = first.ToArray();
        var positions = new int[log.Length];
        for (var position = 0; position < log.Length; position++)
        {
            var subject = subjects[log[position]];
            positions[next[subject < 0 ? subjectCount : subject]++] = position;
        }
        var comparer = new ByTime(columns, log, shapes);
        for (var i = 0; i < first.Length; i++)
        {
            positions.AsSpan(first[i]..(i + 1 < first.Length ? first[i + 1] : positions.Length)).Sort(comparer);
        }
        return (first, positions);
    }

    private static (long[] At, ushort[] Shape, int[] FirstValue, long[] Values, int[] FactAt, long[] Recorded) Lay(
        FactColumns columns, FactShape[] shapes, int[] log, int[] positions)
    {
        var count = log.Length;
        var (at, shape, firstValue, factAt, recorded) = (new long[count], new ushort[count], new int[count], new int[count], new long[count]);
        var values = new long[columns.Values.Count];
        var told = CollectionsMarshal.AsSpan(columns.Values);
        var used = 0;
        for (var fact = 0; fact < count; fact++)
        {
            var coming = log[positions[fact]];
            at[fact] = columns.At[coming];
            shape[fact] = columns.Shape[coming];
            firstValue[fact] = used;
            var length = shapes[shape[fact]].Fields.Length;
            told.Slice(columns.FirstValue[coming], length).CopyTo(values.AsSpan(used));
            used += length;
            factAt[positions[fact]] = fact;
            recorded[positions[fact]] = columns.Recorded[coming];
        }
        return (at, shape, firstValue, values, factAt, recorded);
    }

    private readonly struct ByRecorded(List<long> recorded) : IComparer<int>
    {
        public int Compare(int a, int b)
        {
            var byRecorded = recorded[a].CompareTo(recorded[b]);
            return byRecorded != 0 ? byRecorded : a.CompareTo(b);
        }
    }

    private readonly struct ByTime(FactColumns columns, int[] log, FactShape[] shapes) : IComparer<int>
    {
        public int Compare(int a, int b)
        {
            var (x, y) = (log[a], log[b]);
            var byTime = columns.At[x].CompareTo(columns.At[y]);
            if (byTime != 0) { return byTime; }
            var byType = shapes[columns.Shape[x]].Type.CompareTo(shapes[columns.Shape[y]].Type);
            return byType != 0 ? byType : a.CompareTo(b);
        }
    }
}
