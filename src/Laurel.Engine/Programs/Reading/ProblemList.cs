using System.Globalization;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Collects what is wrong with the texts of a program, each problem once.</summary>
internal sealed class ProblemList
{
    private const int ShownMax = 8;

    private readonly Dictionary<string, SourceText> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<(string Code, Place Place, string Message)> _seen = [];
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<(string Code, string Message), (int Index, string Remedy, List<Place> Elsewhere)> _unknown = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
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

    /// <summary>Remembers that a declaration can't be used, which was said where it is written: whoever uses its name makes no second mistake.</summary>
    /// <param name="name">What it is and its name, such as "fact plan.bought".</param>
    public void Broken(string name) => _broken.Add(name);

    /// <summary>True where the declaration of a name can't be used.</summary>
    public bool IsBroken(string name) => _broken.Contains(name);

    /// <summary>True where there is an error of a kind.</summary>
    public bool Has(string code) => _problems.Exists(p => p.Code == code);

    private void Add(Severity severity, string code, Place place, string message, string remedy)
    {
        // What is wrong in the edition that a section comes from was said there.
        if (!_seen.Add((code, place, message))) { return; }
        (message, remedy) = (Clean(message), Clean(remedy));
        if (IsUnknownName(code) && _unknown.TryGetValue((code, message), out var first))
        {
            // One name that is not there, or misspelt at its declaration: it is told of once.
            first.Elsewhere.Add(place);
            _problems[first.Index] = _problems[first.Index] with { Remedy = $"{first.Remedy} {Also(_problems[first.Index].Place.File, first.Elsewhere)}" };
            return;
        }
        if (severity == Severity.Error) { ErrorCount++; }
        if (_edition is { } at && at.File != place.File && !place.File.EndsWith(ProgramReader.VocabularyFile, StringComparison.Ordinal))
        {
            remedy = $"{remedy} (Edition {at.Name} takes this section from there.)";
        }
        var excerpt = place.Line > 0 && _sources.TryGetValue(place.File, out var source) ? source.Line(place.Line) : "";
        if (IsUnknownName(code)) { _unknown[(code, message)] = (_problems.Count, remedy, []); }
        _problems.Add(new(severity, code, place, message, remedy, excerpt));
    }

    /// <summary>A key or a word that is not there is a mistake at each place; a name, at its declaration.</summary>
    private static bool IsUnknownName(string code) => code is "cel-unknown-name" || (code.StartsWith("unknown-", StringComparison.Ordinal) && code is not ("unknown-key" or "unknown-word"));

    private static string Also(string file, List<Place> places)
    {
        var shown = string.Join(", ", places.Take(ShownMax).Select(p => string.Create(CultureInfo.InvariantCulture, $"{(p.File == file ? "" : $"{p.File}:")}{p.Line}:{p.Column}")));
        return $"Also at {shown}{(places.Count > ShownMax ? ", …" : "")}.";
    }

    // A name may be written with escapes.
    private static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
