using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Facts;

/// <summary>The texts of a history while they are gathered: of keys, the number is the order of coming; a subject's has its kind as one byte before the name.</summary>
internal sealed record GatheredTexts(TextsBuilder Sources, TextsBuilder Keys, TextsBuilder Subjects, TextsBuilder Texts);

/// <summary>Puts gathered facts into the order in which a history holds them.</summary>
internal static class HistoryLayout
{
    /// <summary>So many facts ahead a fact is asked for, and nearer its values.</summary>
    private const int Far = 16, Near = 8;

    /// <summary>Builds the history.</summary>
    /// <param name="shuffled">True where some fact came after one that was learnt later.</param>
    /// <param name="supposedFrom">The position from which on facts are only supposed.</param>
    public static History Build(Vocabulary vocabulary, GatheredRows facts, GatheredTexts texts, FactShape[] shapes, Number[] numbers, bool shuffled, int supposedFrom)
    {
        var log = LogOrder(facts, shuffled);
        var keys = shuffled ? InOrder(texts.Keys, log) : texts.Keys;
        var retractions = RetractionsOf(vocabulary, facts, texts, shapes);
        var subjects = SubjectsOf(facts);
        retractions.FileUnderTheirSubjects(subjects);
        var (firstFact, positions) = BySubject(subjects, log, texts.Subjects.Count);
        var laid = Lay(facts, shapes, log, firstFact, positions);
        var (from, toggles) = Toggles(retractions, log, laid.FactAt);
        return new()
        {
            Vocabulary = vocabulary,
            FactCount = facts.Count,
            LogEnd = facts.Count,
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
            EverRetracted = Bits(from.Keys, facts.Count),
            Sources = texts.Sources.Freeze(),
            Keys = keys.Freeze(),
            Subjects = texts.Subjects.Freeze(),
            Texts = texts.Texts.Freeze(),
            Numbers = numbers,
            SupposedFrom = supposedFrom,
        };
    }

    /// <summary>Finds all retractions and the facts that they name; facts by their order of coming.</summary>
    private static Retractions RetractionsOf(Vocabulary vocabulary, GatheredRows facts, GatheredTexts texts, FactShape[] shapes)
    {
        var retractions = new Retractions();
        var names = Array.ConvertAll(shapes, shape => Retractions.NamesOf(vocabulary, shape));
        if (names.All(pair => pair is null)) { return retractions; }
        var buffer = new byte[FactKey.BytesMax];
        for (var fact = 0; fact < facts.Count; fact++)
        {
            if (names[facts.Rows[fact].Shape] is not { } pair) { continue; }
            var first = facts.Rows[fact].FirstValue;
            var source = texts.Sources.Find(texts.Texts[(int)facts.Values[first + pair.Source]]);
            var id = texts.Texts[(int)facts.Values[first + pair.Id]];
            retractions.Add(fact, source < 0 || id.Length > FactKey.IdMax ? -1 : texts.Keys.Find(FactKey.Write(buffer, source, id)));
        }
        return retractions;
    }

    /// <summary>
    /// For each fact that was ever retracted, by its index: from which position of the log on; and where it came back,
    /// all positions at which it went and came, rising.
    /// </summary>
    /// <param name="log">By position: the order of coming.</param>
    /// <param name="factAt">By position: the fact.</param>
    private static (Dictionary<int, int> From, Dictionary<int, int[]> Toggles) Toggles(Retractions retractions, int[] log, int[] factAt)
    {
        var (from, toggles) = (new Dictionary<int, int>(), new Dictionary<int, int[]>());
        if (retractions.Named.Count == 0) { return (from, toggles); }
        var positions = new int[log.Length];
        for (var position = 0; position < log.Length; position++) { positions[log[position]] = position; }
        foreach (var named in retractions.Named)
        {
            if (retractions.TogglesOf(named, positions) is not { Length: > 0 } ends) { continue; }
            var fact = factAt[positions[named]];
            from[fact] = ends[0];
            if (ends.Length > 1) { toggles[fact] = ends; }
        }
        return (from, toggles);
    }

    /// <summary>By position in the log: the fact, by its order of coming. Of facts learnt at one instant the first that came is first.</summary>
    private static int[] LogOrder(GatheredRows facts, bool shuffled)
    {
        var order = new int[facts.Count];
        for (var i = 0; i < order.Length; i++) { order[i] = i; }
        if (shuffled) { order.AsSpan().Sort(new ByRecorded(facts)); }
        return order;
    }

    private static TextsBuilder InOrder(TextsBuilder keys, int[] log)
    {
        var ordered = new TextsBuilder();
        foreach (var coming in log) { ordered.Intern(keys[coming]); }
        return ordered;
    }

    private static int[] SubjectsOf(GatheredRows facts)
    {
        var subjects = new int[facts.Count];
        for (var i = 0; i < subjects.Length; i++) { subjects[i] = facts.Rows[i].Subject; }
        return subjects;
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

    /// <summary>The positions of all facts by subject, rising; those of no subject come last.</summary>
    private static (int[] FirstFact, int[] Positions) BySubject(int[] subjects, int[] log, int subjectCount)
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
        return (first, positions);
    }

    /// <summary>Sorts each subject's positions by time, type and position, and puts its facts there.</summary>
    private static (long[] At, ushort[] Shape, int[] FirstValue, long[] Values, int[] FactAt, long[] Recorded) Lay(GatheredRows facts, FactShape[] shapes, int[] log, int[] first, int[] positions)
    {
        var count = log.Length;
        var (at, shape, firstValue, factAt, recorded) = (new long[count], new ushort[count], new int[count], new int[count], new long[count]);
        var values = new long[facts.Values.Length];
        var rows = facts.Rows;
        var told = facts.Values;
        for (var position = 0; position < count; position++) { recorded[position] = rows[log[position]].Recorded; }
        var comparer = new ByTime(facts, log, shapes);
        var used = 0;
        for (var subject = 0; subject < first.Length; subject++)
        {
            var end = subject + 1 < first.Length ? first[subject + 1] : count;
            Sort(positions.AsSpan(first[subject]..end), comparer);
            for (var fact = first[subject]; fact < end; fact++)
            {
                // Facts of one subject came at any time, so they lie anywhere.
                if (fact + Far < count) { Prefetch.Of(rows, log[positions[fact + Far]]); }
                if (fact + Near < count) { Prefetch.Of(told, rows[log[positions[fact + Near]]].FirstValue); }
                ref readonly var row = ref rows[log[positions[fact]]];
                (at[fact], shape[fact], firstValue[fact]) = (row.At, row.Shape, used);
                foreach (var value in told.Slice(row.FirstValue, shapes[row.Shape].Fields.Length)) { values[used++] = value; }
                factAt[positions[fact]] = fact;
            }
        }
        return (at, shape, firstValue, values, factAt, recorded);
    }

    /// <summary>Most are in order already, as what happened is learnt.</summary>
    private static void Sort(Span<int> positions, ByTime comparer)
    {
        for (var i = 1; i < positions.Length; i++)
        {
            if (comparer.Compare(positions[i - 1], positions[i]) <= 0) { continue; }
            positions.Sort(comparer);
            return;
        }
    }

    private readonly struct ByRecorded(GatheredRows facts) : IComparer<int>
    {
        public int Compare(int a, int b)
        {
            var byRecorded = facts.Rows[a].Recorded.CompareTo(facts.Rows[b].Recorded);
            return byRecorded != 0 ? byRecorded : a.CompareTo(b);
        }
    }

    private readonly struct ByTime(GatheredRows facts, int[] log, FactShape[] shapes) : IComparer<int>
    {
        public int Compare(int a, int b)
        {
            ref readonly var x = ref facts.Rows[log[a]];
            ref readonly var y = ref facts.Rows[log[b]];
            var byTime = x.At.CompareTo(y.At);
            if (byTime != 0) { return byTime; }
            var byType = shapes[x.Shape].Type.CompareTo(shapes[y.Shape].Type);
            return byType != 0 ? byType : a.CompareTo(b);
        }
    }
}
