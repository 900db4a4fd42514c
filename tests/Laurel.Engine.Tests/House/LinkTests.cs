using System.Text.RegularExpressions;

namespace Laurel.Engine.Tests.House;

/// <summary>Links in Markdown resolve: to a file or folder of the repository, and to a heading of it.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_in_Markdown_leads_somewhere() => House.Keeps(
        "a link names a tracked file or folder, from the file that it stands in, and a heading of it",
        Repository.Under("", ".md").SelectMany(file => Problems(file, Repository.Read(file), Repository.Files, Repository.Read)));

    [Theory]
    [InlineData("[a](docs/b.md)", 0)]
    [InlineData("[a](./docs/b.md#two-words)", 0)]
    [InlineData("[a](#here-there)", 0)]
    [InlineData("[a](docs)", 0)]
    [InlineData("[a](https://example.org/x) `[a](c.md)`", 0)]
    [InlineData("```\n[a](c.md)\n```", 0)]
    [InlineData("[a](c.md)", 1)]
    [InlineData("[a](docs/b.md#three)", 1)]
    [InlineData("[a](#nowhere)", 1)]
    [InlineData("[a]: c.md", 1)]
    [InlineData("![a](a.png)", 1)]
    [InlineData("[a](../other/b.md)", 1)]
    public void Finds_a_link_that_leads_nowhere(string text, int problems) =>
        Assert.Equal(problems, Problems("a.md", $"# Here, there\n{text}\n", ["a.md", "docs/b.md"], _ => "## `Two` words\n").Count());

    private static IEnumerable<string> Problems(string file, string text, IReadOnlyList<string> files, Func<string, string> read)
    {
        foreach (var target in Link().Matches(Code().Replace(text, "")).Select(match => match.Groups["to"].Value))
        {
            if (Scheme().IsMatch(target)) { continue; }
            var hash = target.IndexOf('#', StringComparison.Ordinal);
            var path = hash < 0 ? target : target[..hash];
            var to = path.Length == 0 ? file : Resolve(file, path);
            var isFile = files.Contains(to);
            if (!isFile && !files.Any(f => f.StartsWith(to.TrimEnd('/') + "/", StringComparison.Ordinal))) { yield return $"{file}: {target}"; }
            else if (hash >= 0 && isFile && !Anchors(to == file ? text : read(to)).Contains(target[(hash + 1)..])) { yield return $"{file}: {target} (no such heading)"; }
        }
    }

    private static string Resolve(string file, string path)
    {
        var parts = new List<string>(file.Split('/')[..^1]);
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0) { parts.RemoveAt(parts.Count - 1); }
            else if (part is not ("." or "")) { parts.Add(part); }
        }
        return string.Join('/', parts);
    }

    private static HashSet<string> Anchors(string text) =>
        [.. Heading().Matches(Fence().Replace(text, "")).Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\(\s*(?<to>[^)\s]+)[^)]*\)|^\s*\[[^\]]+\]:\s*(?<to>\S+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#{1,6}\s+(.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
