using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>
/// Which facts are retracted, and for whom: a fact is as if never told for a reader who knows of its retraction. Retracting a
/// retraction brings the fact back, for a reader who knows of that. There it ends: a retraction that names one which brings a fact
/// back does nothing, and the fact is retracted anew instead. So there are no circles and no long chains.
/// </summary>
internal sealed class Retractions
{
    private readonly Dictionary<int, int> _targets = [];
    private readonly Dictionary<int, List<int>> _by = [];

    /// <summary>The facts that retractions name.</summary>
    public IReadOnlyCollection<int> Named => _by.Keys;

    /// <summary>Notes which fact a retraction names.</summary>
    /// <param name="retraction">The retraction.</param>
    /// <param name="target">The fact; -1 for one that nobody told.</param>
    public void Add(int retraction, int target)
    {
        _targets[retraction] = target;
        if (target < 0) { return; }
        if (!_by.TryGetValue(target, out var by)) { _by[target] = by = []; }
        by.Add(retraction);
    }

    /// <summary>The fact that a retraction names; null for a fact that is none, -1 where nobody told the fact.</summary>
    public int? TargetOf(int fact) => _targets.TryGetValue(fact, out var target) ? target : null;

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

    /// <summary>The positions of the log, rising, at which a fact goes and, where that is retracted, comes back; empty for one that stays.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="positions">By fact: its position in the log.</param>
    public int[] TogglesOf(int fact, int[] positions)
    {
        var isRetraction = TargetOf(fact) is { };
        if (!_by.TryGetValue(fact, out var by) || (isRetraction && TargetOf(TargetOf(fact)!.Value) is { })) { return []; }
        var spans = new List<(int From, int Until)>();
        foreach (var retraction in by)
        {
            var from = Math.Max(positions[retraction], positions[fact]);
            var until = isRetraction || !_by.TryGetValue(retraction, out var back) ? int.MaxValue : back.Min(b => Math.Max(positions[b], positions[retraction]));
            if (from < until) { spans.Add((from, until)); }
        }
        return [.. Joined(spans).SelectMany(span => new[] { span.From, span.Until }).Where(position => position != int.MaxValue)];
    }

    /// <summary>By shape: for a retraction, which of its values name the source and the id; null for the others.</summary>
    public static (int Source, int Id)? NamesOf(Vocabulary vocabulary, FactShape shape)
    {
        var type = vocabulary.FactTypes[shape.Type];
        if (type.BuiltIn != BuiltIn.Retracted) { return null; }
        var source = Array.FindIndex(shape.Fields, field => type.Carries[field].Name == "source");
        var id = Array.FindIndex(shape.Fields, field => type.Carries[field].Name == "id");
        return source < 0 || id < 0 ? null : (source, id);
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
}
