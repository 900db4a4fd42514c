using System.Text.RegularExpressions;

namespace Laurel.Engine.Tests.House;

/// <summary>A reference page, and the programs that its examples are.</summary>
/// <remarks>
/// A fenced block of YAML says in its first line which file of a program it is (<c># editions/2024.yaml</c>), or to which file
/// it adds a piece (<c># in editions/2024.yaml</c>). The blocks of a section are added to the program of <see cref="Home"/>.
/// </remarks>
internal sealed partial record DocPage(string File, IReadOnlyList<DocSection> Sections)
{
    /// <summary>The section whose program all others build on.</summary>
    private const string Home = "docs/language.md";
    private const string HomeSection = "A whole program";

    /// <summary>All pages but those of the guide, which are whole programs and sessions, and that of the API, which is calls: the system tests play both.</summary>
    public static IReadOnlyList<DocPage> All => [.. Repository.Under("docs/", ".md").Where(file => !file.StartsWith("docs/guide/", StringComparison.Ordinal) && file is not ("docs/api.md" or "docs/import.md" or "docs/operating.md")).Select(file => Read(file, Repository.Read(file)))];

    /// <summary>Reads a page.</summary>
    public static DocPage Read(string file, string text)
    {
        var sections = new List<DocSection>();
        foreach (var part in Heading().Split(text))
        {
            var title = part.Split('\n')[0];
            sections.Add(new(title, [.. Fence().Matches(part).Select(m => new DocBlock(m.Groups["language"].Value, m.Groups["text"].Value))]));
        }
        return new(file, sections);
    }

    /// <summary>The files of a section's program.</summary>
    public static Dictionary<string, string> FilesOf(DocSection section)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var home = All.Single(page => page.File == Home).Sections.Single(s => s.Title == HomeSection);
        foreach (var block in home.Yaml) { files[block.Name] = block.Text; }
        if (section.Title == HomeSection) { return files; }
        // What is added may change what the home program's own cases come to.
        foreach (var name in files.Keys.Where(name => name.StartsWith("scenarios/", StringComparison.Ordinal)).ToList()) { files.Remove(name); }
        foreach (var block in section.Yaml)
        {
            files[block.Name] = block.IsPiece ? Add(files[block.Name], block.Text) : block.Text;
        }
        return files;
    }

    /// <summary>Adds what stands under a piece's keys under the same keys of a text.</summary>
    private static string Add(string text, string piece)
    {
        var lines = text.Split('\n').ToList();
        foreach (Match part in Key().Matches(piece))
        {
            var key = lines.IndexOf(part.Groups["key"].Value + ":");
            if (key < 0) { lines.Add(part.Value); }
            else { lines.Insert(key + 1, part.Groups["rest"].Value.Trim('\n')); }
        }
        return string.Join('\n', lines);
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^(?<key>[a-z-]+):(?<rest>[^\n]*\n(?:[ \n][^\n]*\n?)*)", RegexOptions.Multiline)]
    private static partial Regex Key();
}

/// <summary>A section of a page: its title, and its examples.</summary>
internal sealed record DocSection(string Title, IReadOnlyList<DocBlock> Blocks)
{
    /// <summary>Its pieces of programs.</summary>
    public IEnumerable<DocBlock> Yaml => Blocks.Where(b => b.Language == "yaml");

    /// <summary>Its lines of facts.</summary>
    public IEnumerable<string> Facts => Blocks.Where(b => b.Language == "json").SelectMany(b => b.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>An example.</summary>
internal sealed record DocBlock(string Language, string Text)
{
    private string First => Text.Split('\n')[0];

    /// <summary>True where it is added to a file.</summary>
    public bool IsPiece => First.StartsWith("# in ", StringComparison.Ordinal);

    /// <summary>The file that it is, or is added to.</summary>
    public string Name => IsPiece ? First[5..] : First.StartsWith("# ", StringComparison.Ordinal) ? First[2..] : "";
}
