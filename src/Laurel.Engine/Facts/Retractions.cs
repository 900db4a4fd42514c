using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>
/// Which facts are retracted, and for whom: a fact is as if never told for a reader who knows of its retraction. Retracting a
/// retraction brings the fact back, for a reader who knows of that. There it ends: a retraction that names one which brings a fact
/// back does nothing, and the fact is retracted anew instead. So there are no circles and no long chains.
/// </summary>
internal sealed class Retractions
{
    private readonly Dictionary<int, int> _targets;
    private readonly int _count;

    private Retractions(Dictionary<int, int> targets, int count) => (_targets, _count) = (targets, count);

    /// <summary>Finds all retractions and the facts that they name; facts by their order of coming.</summary>
    public static Retractions Of(Vocabulary vocabulary, GatheredFacts facts, GatheredTexts texts, FactShape[] shapes)
    {
        var targets = new Dictionary<int, int>();
        var names = NamesByShape(vocabulary, shapes);
        if (names.All(pair => pair is null)) { return new(targets, facts.Count); }
        var buffer = new byte[FactKey.BytesMax];
        for (var fact = 0; fact < facts.Count; fact++)
        {
            if (names[facts.Rows[fact].Shape] is not { } pair) { continue; }
            var first = facts.Rows[fact].FirstValue;
            var source = texts.Sources.Find(texts.Texts[(int)facts.Values[first + pair.Source]]);
            var id = texts.Texts[(int)facts.Values[first + pair.Id]];
            targets[fact] = source < 0 || id.Length > FactKey.IdMax ? -1 : texts.Keys.Find(FactKey.Write(buffer, source, id));
        }
        return new(targets, facts.Count);
    }

    /// <summary>Gives every retraction the subject of the fact that it names, through other retractions where it names those.</summary>
    /// <param name="subjects">By order of coming; a retraction of a fact that nobody told keeps -1.</param>
    public void FileUnderTheirSubjects(int[] subjects)
    {
        var done = new HashSet<int>();
        var path = new List<int>();
        foreach (var retraction in _targets.Keys)
        {
            var fact = retraction;
            while (fact >= 0 && _targets.TryGetValue(fact, out var target) && done.Add(fact))
            {
                path.Add(fact);
                fact = target;
            }
            foreach (var step in path) { subjects[step] = fact < 0 ? -1 : subjects[fact]; }
            path.Clear();
        }
    }

    /// <summary>
    /// For each fact that was ever retracted, by its index: from which position of the log on; and where it came back,
    /// all positions at which it went and came, rising.
    /// </summary>
    /// <param name="log">By position: the order of coming.</param>
    /// <param name="factAt">By position: the fact.</param>
    public (Dictionary<int, int> From, Dictionary<int, int[]> Toggles) Spans(int[] log, int[] factAt)
    {
        var from = new Dictionary<int, int>();
        var toggles = new Dictionary<int, int[]>();
        if (_targets.Count == 0) { return (from, toggles); }
        var positions = new int[_count];
        for (var position = 0; position < log.Length; position++) { positions[log[position]] = position; }
        var gone = new Dictionary<int, List<(int From, int Until)>>();
        foreach (var (retraction, target) in _targets.Where(pair => IsPlain(pair.Value)))
        {
            Add(gone, target, Math.Max(positions[retraction], positions[target]), int.MaxValue);
        }
        foreach (var (retraction, target) in _targets.Where(pair => pair.Value >= 0 && !_targets.ContainsKey(pair.Value)))
        {
            var until = gone.TryGetValue(retraction, out var spans) ? spans.Min(span => span.From) : int.MaxValue;
            Add(gone, target, Math.Max(positions[retraction], positions[target]), until);
        }
        foreach (var (fact, spans) in gone)
        {
            var ends = Joined(spans).SelectMany(span => new[] { span.From, span.Until }).Where(position => position != int.MaxValue).ToArray();
            var index = factAt[positions[fact]];
            from[index] = ends[0];
            if (ends.Length > 1) { toggles[index] = ends; }
        }
        return (from, toggles);
    }

    /// <summary>True for a retraction of a fact that is none.</summary>
    private bool IsPlain(int fact) => _targets.TryGetValue(fact, out var target) && !_targets.ContainsKey(target);

    private static void Add(Dictionary<int, List<(int From, int Until)>> gone, int fact, int from, int until)
    {
        if (from >= until) { return; }
        if (!gone.TryGetValue(fact, out var spans)) { gone[fact] = spans = []; }
        spans.Add((from, until));
    }

    private static List<(int From, int Until)> Joined(List<(int From, int Until)> spans)
    {
        var joined = new List<(int From, int Until)>();
        foreach (var span in spans.Order())
        {
            if (joined.Count > 0 && span.From <= joined[^1].Until) { joined[^1] = (joined[^1].From, Math.Max(joined[^1].Until, span.Until)); }
            else { joined.Add(span); }
        }
        return joined;
    }

    /// <summary>By shape: for a retraction, which of its values name the source and the id; null for the others.</summary>
    private static (int Source, int Id)?[] NamesByShape(Vocabulary vocabulary, FactShape[] shapes) =>
        [.. shapes.Select<FactShape, (int, int)?>(shape =>
        {
            var type = vocabulary.FactTypes[shape.Type];
            if (type.BuiltIn != BuiltIn.Retracted) { return null; }
            var source = Array.FindIndex(shape.Fields, field => type.Carries[field].Name == "source");
            var id = Array.FindIndex(shape.Fields, field => type.Carries[field].Name == "id");
            return source < 0 || id < 0 ? null : (source, id);
        })];
}
