using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Programs;

/// <summary>How a definition differs between two editions.</summary>
public enum DefinitionChange
{
    /// <summary>The other one has it, and the first does not.</summary>
    Added,

    /// <summary>The first has it, and the other does not.</summary>
    Removed,

    /// <summary>Both have it, and it means something else.</summary>
    Changed,

    /// <summary>Both have it, and only its words or its sources differ.</summary>
    Reworded,
}

/// <summary>A definition in which two editions differ.</summary>
/// <param name="Section">The key that it stands under, such as "rules".</param>
/// <param name="Name">Its name; empty where the section has no names.</param>
/// <param name="Change">How.</param>
/// <param name="Before">What the first says, as JSON; null for nothing.</param>
/// <param name="After">What the other says, as JSON; null for nothing.</param>
/// <param name="GoesOn">Of a rule: true where nothing that it reads differs either, so that credits just go on.</param>
public sealed record DefinitionDiff(string Section, string Name, DefinitionChange Change, string? Before, string? After, bool GoesOn);

/// <summary>What one edition says otherwise than another, definition by definition, as it is written; what each takes over by <c>based-on</c> included.</summary>
public static class EditionDiff
{
    private static readonly IReadOnlyList<string> Doc = ["says", "source", "meant", "unreached"];
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares two editions or drafts of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="files">Its texts, as <see cref="ProgramReader"/> takes them.</param>
    /// <param name="before">The name of one.</param>
    /// <param name="after">The name of the other.</param>
    /// <exception cref="ArgumentException">There is none of the name.</exception>
    public static IReadOnlyList<DefinitionDiff> Between(PartnerProgram program, IReadOnlyDictionary<string, string> files, string before, string after)
    {
        ArgumentNullException.ThrowIfNull(program);
        var (old, now) = (program.Find(before) ?? throw NoEdition(before), program.Find(after) ?? throw NoEdition(after));
        var texts = ProgramReader.EditionsOf(files, program.Vocabulary.Zone);
        var (from, to) = (texts.First(t => t.Name == before), texts.First(t => t.Name == after));
        var same = old.Rules.Where(r => now.Rules.Any(n => n.Name == r.Name && n.Hash == r.Hash)).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var found = new List<DefinitionDiff>();
        foreach (var section in Keys.Inherited) { Compare(section, from.Section(section), to.Section(section), same, found); }
        Compare("transition", from.Keys.Find("transition"), to.Keys.Find("transition"), same, found);
        return found;
    }

    private static void Compare(string section, YamlNode? before, YamlNode? after, HashSet<string> same, List<DefinitionDiff> found)
    {
        if (before is YamlNode.List or YamlNode.Scalar || after is YamlNode.List or YamlNode.Scalar)
        {
            Add(section, "", before, after, goesOn: false, found);
            return;
        }
        var (old, now) = (before as YamlNode.Map, after as YamlNode.Map);
        foreach (var name in (old?.Entries ?? []).Concat(now?.Entries ?? []).Select(e => e.Name).Distinct())
        {
            Add(section, name, old?.Find(name), now?.Find(name), section == "rules" && same.Contains(name), found);
        }
    }

    private static void Add(string section, string name, YamlNode? before, YamlNode? after, bool goesOn, List<DefinitionDiff> found)
    {
        var (old, now) = (before is null ? null : Json(before, whole: true), after is null ? null : Json(after, whole: true));
        if (old == now) { return; }
        var change = old is null ? DefinitionChange.Added
            : now is null ? DefinitionChange.Removed
            : Json(before!, whole: false) == Json(after!, whole: false) ? DefinitionChange.Reworded : DefinitionChange.Changed;
        found.Add(new(section, name, change, old, now, goesOn));
    }

    private static string Json(YamlNode node, bool whole)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options)) { Write(json, node, whole); }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, YamlNode node, bool whole)
    {
        switch (node)
        {
            case YamlNode.Scalar scalar:
                json.WriteStringValue(scalar.Text);
                break;
            case YamlNode.List list:
                json.WriteStartArray();
                foreach (var item in list.Items) { Write(json, item, whole); }
                json.WriteEndArray();
                break;
            case YamlNode.Map map:
                json.WriteStartObject();
                foreach (var entry in map.Entries.Where(e => whole || !Doc.Contains(e.Name)))
                {
                    json.WritePropertyName(entry.Name);
                    Write(json, entry.Value, whole);
                }
                json.WriteEndObject();
                break;
        }
    }

    private static ArgumentException NoEdition(string name) => new($"there is no edition `{name}`");
}
