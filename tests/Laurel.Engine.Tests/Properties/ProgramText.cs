using System.Text;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Tests.Properties;

/// <summary>A program as text, a definition a line, so that one can try what is left of a failure without some of them.</summary>
/// <param name="Vocabulary">program.yaml.</param>
/// <param name="Editions">The editions, by rising date.</param>
internal sealed record ProgramText(string Vocabulary, IReadOnlyList<EditionText> Editions)
{
    /// <summary>The files of its folder.</summary>
    public IReadOnlyDictionary<string, string> Files =>
        Editions.Select(e => ($"editions/{e.Name}.yaml", e.ToString())).Append((ProgramReader.VocabularyFile, Vocabulary)).ToDictionary(f => f.Item1, f => f.Item2);

    /// <summary>The program; null where it can't be read.</summary>
    public PartnerProgram? Read() => ProgramReader.Read(Files).Program;

    /// <summary>The same with less: without the last edition, or without one definition.</summary>
    public IEnumerable<ProgramText> Less()
    {
        if (Editions.Count > 1)
        {
            yield return this with { Editions = [.. Editions.SkipLast(1)] };
            yield return this with { Editions = [.. Editions.Skip(1)] };
        }
        for (var e = 0; e < Editions.Count; e++)
        {
            foreach (var less in Editions[e].Less()) { yield return this with { Editions = [.. Editions.Take(e), less, .. Editions.Skip(e + 1)] }; }
        }
    }

    public override string ToString() => string.Join("\n", Files.OrderBy(f => f.Key != ProgramReader.VocabularyFile).ThenBy(f => f.Key, StringComparer.Ordinal).Select(f => $"=== {f.Key}\n{f.Value}"));
}

/// <summary>An edition as text.</summary>
/// <param name="Head">The lines above the sections.</param>
/// <param name="Sections">Each with its definitions, a line each.</param>
internal sealed record EditionText(string Name, string Head, IReadOnlyList<(string Section, IReadOnlyList<string> Lines)> Sections)
{
    public IEnumerable<EditionText> Less()
    {
        for (var s = 0; s < Sections.Count; s++)
        {
            var (name, lines) = Sections[s];
            for (var i = 0; i < lines.Count; i++)
            {
                var left = lines.Where((_, at) => at != i).ToList();
                yield return this with { Sections = [.. Sections.Take(s), (name, left), .. Sections.Skip(s + 1)] };
            }
            for (var i = 0; i < lines.Count; i++)
            {
                foreach (var simpler in Simpler(lines[i])) { yield return this with { Sections = [.. Sections.Take(s), (name, [.. lines.Take(i), simpler, .. lines.Skip(i + 1)]), .. Sections.Skip(s + 1)] }; }
            }
        }
    }

    /// <summary>A definition without one of its keys.</summary>
    private static IEnumerable<string> Simpler(string line)
    {
        var (open, close) = (line.IndexOf("{ ", StringComparison.Ordinal), line.LastIndexOf(" }", StringComparison.Ordinal));
        if (open < 0 || close < open) { yield break; }
        var parts = line[(open + 2)..close].Split(KeyEnd);
        for (var i = 1; i < parts.Length; i++)
        {
            yield return $"{line[..(open + 2)]}{string.Join(KeyEnd, parts.Where((_, at) => at != i))}{line[close..]}";
        }
    }

    /// <summary>What stands between two keys of a definition: a comma and two spaces, which stand nowhere else.</summary>
    public const string KeyEnd = ",  ";

    public override string ToString()
    {
        var text = new StringBuilder(Head);
        foreach (var (section, lines) in Sections)
        {
            text.Append(section).Append(":\n");
            foreach (var line in lines) { text.Append("  ").Append(line).Append('\n'); }
        }
        return text.ToString();
    }
}
