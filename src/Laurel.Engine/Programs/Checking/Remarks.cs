using Laurel.Engine.Programs.Reading;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Checking;

/// <summary>
/// Collects what an author probably did not mean. Where the definition says by <c>meant</c> why it is so, nothing is said; and such a
/// reason that nothing asks for is told too.
/// </summary>
internal sealed class Remarks(ProblemList problems)
{
    private readonly HashSet<Place> _needed = [];
    private readonly HashSet<(string Code, Place Place, string Message)> _meant = [];

    /// <summary>How many warnings there would be without a reason beside them.</summary>
    public int MeantCount => _meant.Count;

    /// <summary>A warning about a definition.</summary>
    public void Warning(string code, Documentation doc, string message, string remedy) => Warning(code, doc.Place, [doc], message, remedy);

    /// <summary>A warning about a place, for which any of some definitions may give the reason.</summary>
    public void Warning(string code, Place place, IReadOnlyList<Documentation> by, string message, string remedy)
    {
        var reasons = by.Where(doc => doc.Meant is not null).ToList();
        if (reasons.Count == 0)
        {
            problems.Warning(code, place, message, by.Count == 0 ? remedy : $"{remedy} If it is meant, say why: `meant: …`.");
            return;
        }
        _meant.Add((code, place, message));
        _needed.UnionWith(reasons.Select(doc => doc.Place));
    }

    /// <summary>Tells of reasons for what would not be warned of.</summary>
    public void WarnOfNeedless(IEnumerable<Documentation> all)
    {
        foreach (var doc in all.Where(doc => doc.Meant is not null && !_needed.Contains(doc.Place)))
        {
            problems.Warning("meant-needless", doc.Place, "`meant` gives a reason here, and there is nothing that needs one", "Take `meant` out: it would hide the next warning.");
        }
    }
}
