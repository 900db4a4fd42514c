using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.House;

/// <summary>Every public type of the engine is in the glossary, in the words of its own documentation.</summary>
public sealed partial class GlossaryTests
{
    private const string File = "GLOSSARY.md";
    private const string Starts = "<!-- types: written by the house tests with LAUREL_APPROVE=1 -->\n";
    private const string Ends = "<!-- end of types -->\n";

    [Fact]
    public void Every_public_type_of_the_engine_is_in_the_glossary()
    {
        var glossary = Repository.Read(File);
        var (start, end) = (glossary.IndexOf(Starts, StringComparison.Ordinal) + Starts.Length, glossary.IndexOf(Ends, StringComparison.Ordinal));
        Assert.True(start >= Starts.Length && end >= start, $"{File} has lost the marks around its table of types");
        House.Approves(File, glossary[..start] + Table() + glossary[end..]);
    }

    private static string Table()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(Instant).Assembly.Location, ".xml"))
            .Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary"));
        var table = new StringBuilder("\n| Type | Room | What it is |\n|---|---|---|\n");
        foreach (var type in typeof(Instant).Assembly.GetExportedTypes().Where(type => !type.IsNested).OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            var kinds = type.GetNestedTypes().Select(nested => nested.Name).Order(StringComparer.Ordinal).ToList();
            var which = kinds.Count > 0 ? $" (`{string.Join("`, `", kinds)}`)" : "";
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{type.Name.Split('`')[0]}` | {type.Namespace!.Split('.')[2]} | {FirstSentence(documentation[$"T:{type.FullName}"])}{which} |\n");
        }
        return table.Append('\n').ToString();
    }

    private static string FirstSentence(XElement? summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary!.Nodes())
        {
            text.Append(node is XElement named ? Shown(named) : ((XText)node).Value);
        }
        var words = Space().Replace(text.ToString(), " ").Trim();
        var stop = SentenceEnd().Match(words);
        return (stop.Success ? words[..stop.Index] : words.TrimEnd('.')).Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Shown(XElement named) =>
        ((string?)named.Attribute("cref") ?? (string?)named.Attribute("name")) is { } name ? name.Split('.', ':')[^1] : named.Value;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\. (?=\p{Lu})")]
    private static partial Regex SentenceEnd();
}
