using System.Text.RegularExpressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Calling;
using Laurel.Server.Refusing;
using Laurel.Storage;

namespace Laurel.Server.Taking;

/// <summary>Changes of a program's texts.</summary>
internal static partial class Revisions
{
    private const string Drafts = "drafts/";
    private const string Editions = "editions/";

    /// <summary>Revises the texts of the program of an address, and answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="changes">Texts by their path; null for one that is taken away.</param>
    /// <param name="asRead">A text that has to be in use still, or a path at which there may be none; null for neither.</param>
    /// <param name="dryRun">True to say what would become of it, and change nothing.</param>
    /// <param name="pointerOf">Where in the body the text of a path stands; null for nowhere.</param>
    /// <param name="answer">The answer.</param>
    /// <exception cref="Refused">It has errors, or takes away what has to stay.</exception>
    public static Task<IResult> Make(HttpContext context, IReadOnlyDictionary<string, string?> changes, (string Path, string? Text)? asRead, bool dryRun, Func<string, string?> pointerOf, Func<Revised, Position?, IResult> answer) =>
        Idempotent.Answered<Revised>(context, keep => Names.Lane(context).Revise(changes, asRead, dryRun, keep, context.RequestAborted), effect => answer(Checked(effect.Value, pointerOf), effect.Position));

    /// <summary>What would become of a revision; nothing is changed.</summary>
    /// <inheritdoc cref="Make"/>
    public static async Task<Revised> Try(HttpContext context, IReadOnlyDictionary<string, string?> changes) =>
        Checked((await Names.Lane(context).Revise(changes, asRead: null, dryRun: true, keep: null, context.RequestAborted).ConfigureAwait(false)).Value, _ => null);

    private static Revised Checked(Revised revised, Func<string, string?> pointerOf) => revised.Program is null ? throw Wrong(revised.Problems, pointerOf) : revised;

    /// <summary>A program with errors.</summary>
    /// <param name="problems">What is wrong.</param>
    /// <param name="pointerOf">Where in the body the text of a path stands; null for nowhere.</param>
    public static Refused Wrong(IReadOnlyList<Problem> problems, Func<string, string?> pointerOf)
    {
        var errors = problems.Where(p => p.Severity == Severity.Error).ToList();
        var type = errors[0].Code switch { "program-exists" => ProblemType.ProgramExists, "edition-published" => ProblemType.NotNow, "not-as-read" => ProblemType.NotAsItWas, _ => ProblemType.ProgramWrong };
        return new(
            type, errors[0].Message, errors[0].Remedy,
            [.. errors.Select(p => (Problem: p, Pointer: pointerOf(p.Place.File))).Select(e => new Wrong(e.Pointer, null, e.Problem.Code, Located(e.Problem, e.Pointer is null), e.Problem.Remedy))]);
    }

    // What is wrong with a text as a whole has no line.
    private static string Located(Problem problem, bool isElsewhere)
    {
        var (file, line, column, _) = problem.Place;
        var where = string.Join(", ", [.. isElsewhere ? [file] : Array.Empty<string>(), .. line > 0 ? [$"line {line}, column {column}"] : Array.Empty<string>()]);
        return where.Length > 0 ? $"{where}: {problem.Message}" : problem.Message;
    }

    /// <summary>Where the text of a file stands in a body with `files`.</summary>
    public static string PointerOf(string path) => $"/files/{path.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>True for the path of a file that a program can have.</summary>
    public static bool IsPath(string path) => PathForm().IsMatch(path);

    /// <summary>True for the path of a file in a program's folder, or in that of the program whose rules it has, beside it.</summary>
    public static bool IsWithin(string path) => WithinForm().IsMatch(path);

    /// <summary>True for a name that an edition can have.</summary>
    public static bool IsName(string name) => NameForm().IsMatch(name);

    /// <summary>Where a draft of a name is written, or would be: files have small letters.</summary>
    public static string PathOf(string draft, IReadOnlyDictionary<string, string> files)
    {
        if (ProgramReader.FileOf(files, draft) is { } file && IsDraft(file)) { return file; }
        var name = draft.ToLowerInvariant();
        return Enumerable.Range(1, int.MaxValue).Select(n => n == 1 ? name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}-{n}"))
            .Where(free => !files.ContainsKey($"{Drafts}{free}.yaml") && !files.ContainsKey($"{Editions}{free}.yaml")).Select(free => $"{Drafts}{free}.yaml").First();
    }

    /// <summary>Publishes a draft: it becomes an edition from a date.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="text">What is written there.</param>
    /// <param name="effective">From when it is in force, as it is written; null for what stands there.</param>
    /// <param name="published">When it becomes known; null for with its effect.</param>
    public static Dictionary<string, string?> Publish(string path, string text, string? effective, Instant? published)
    {
        var dated = effective is null ? text : WithKey(text, "effective", effective);
        return new() { [path] = null, [Editions + path[Drafts.Length..]] = WithKey(dated, "published", published?.ToString()) };
    }

    /// <summary>True for the path of a draft.</summary>
    public static bool IsDraft(string path) => path.StartsWith(Drafts, StringComparison.Ordinal);

    /// <summary>Takes an edition back that is not published yet: it becomes a draft.</summary>
    public static Dictionary<string, string?> Withdraw(string path, string text) => new() { [path] = null, [Drafts + path[Editions.Length..]] = WithKey(text, "published", null) };

    /// <summary>A draft that says what an edition says, under a name of its own, with a transition from the rules of now.</summary>
    /// <param name="text">The edition's text.</param>
    /// <param name="name">The draft's name.</param>
    /// <param name="effective">From when it is to be in force, as it is written.</param>
    /// <param name="gone">The rules of before that it does not have.</param>
    /// <param name="becomes">What becomes of their credits: "keep" or "end".</param>
    public static string Again(string text, string name, string effective, IReadOnlyList<string> gone, string becomes)
    {
        var again = WithKey(WithKey(WithKey(text, "published", null), "counts-from", null), "transition", null);
        again = WithKey(WithKey(again, "edition", name), "effective", effective);
        return gone.Count == 0 ? again : $"{again.TrimEnd()}\n\ntransition:\n{string.Concat(gone.Select(rule => $"  {rule}: {becomes}\n"))}";
    }

    /// <summary>A text of YAML with another value of a key of its own, in its place or below the first line that has one; without it for null.</summary>
    private static string WithKey(string text, string key, string? value)
    {
        var lines = text.Split('\n').ToList();
        var at = lines.FindIndex(line => line.StartsWith($"{key}:", StringComparison.Ordinal));
        if (at < 0)
        {
            if (value is not null) { lines.Insert(lines.FindIndex(line => line.StartsWith("effective:", StringComparison.Ordinal)) + 1, $"{key}: {value}"); }
            return string.Join('\n', lines);
        }
        var end = at + 1;
        while (end < lines.Count && (lines[end].Length == 0 || lines[end][0] is ' ' or '\t' or '\r' or '#' or '-')) { end++; }
        // A comment before the next key is that key's.
        while (end > at + 1 && lines[end - 1] is { Length: 0 } or ['#', ..] or ['\r']) { end--; }
        lines.RemoveRange(at, end - at);
        if (value is not null) { lines.Insert(at, $"{key}: {value}"); }
        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"^(program|sample)\.yaml$|^(editions|drafts|scenarios)/[a-z0-9][a-z0-9._-]{0,99}\.yaml$", RegexOptions.CultureInvariant)]
    private static partial Regex PathForm();

    [GeneratedRegex(@"^(\.\./[a-z0-9][a-z0-9._-]*/)?[^./\\\p{C}][^/\\\p{C}]*(/[^./\\\p{C}][^/\\\p{C}]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithinForm();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,89}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
