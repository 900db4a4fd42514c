using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Collects what is wrong with the texts of a program, each problem once.</summary>
internal sealed class ProblemList
{
    private readonly Dictionary<string, SourceText> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<(string Code, Place Place, string Message)> _seen = [];
    private readonly List<Problem> _problems = [];
    private EditionText? _edition;

    /// <summary>All problems, in the order in which they were found.</summary>
    public IReadOnlyList<Problem> All => _problems;

    /// <summary>How many of them are errors.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>From here on an edition is read: problems of other files are those of a section that it takes over, and the remedy says so.</summary>
    public void Reading(EditionText? edition) => _edition = edition;

    /// <summary>Remembers a text, to quote from.</summary>
    public void Add(SourceText source) => _sources[source.File] = source;

    /// <summary>An error: the program can't be used.</summary>
    public void Error(string code, Place place, string message, string remedy) => Add(Severity.Error, code, place, message, remedy);

    /// <summary>A warning: it can be used, and probably does not mean what was meant.</summary>
    public void Warning(string code, Place place, string message, string remedy) => Add(Severity.Warning, code, place, message, remedy);

    private void Add(Severity severity, string code, Place place, string message, string remedy)
    {
        // What is wrong in the edition that a section comes from was said there.
        if (!_seen.Add((code, place, message))) { return; }
        if (severity == Severity.Error) { ErrorCount++; }
        if (_edition is { } at && at.File != place.File && !place.File.EndsWith(ProgramReader.VocabularyFile, StringComparison.Ordinal))
        {
            remedy = $"{remedy} (Edition {at.Name} takes this section from there.)";
        }
        var excerpt = place.Line > 0 && _sources.TryGetValue(place.File, out var source) ? source.Line(place.Line) : "";
        _problems.Add(new(severity, code, place, message, remedy, excerpt));
    }
}
