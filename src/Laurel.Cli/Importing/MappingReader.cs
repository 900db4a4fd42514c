using System.Text;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using YamlDotNet.RepresentationModel;

namespace Laurel.Cli.Importing;

/// <summary>Reads a mapping and checks it against what the program can be told.</summary>
internal sealed class MappingReader
{
    private readonly Vocabulary _vocabulary;
    private readonly YamlText _yaml;
    private Zone _zone;

    private MappingReader(Vocabulary vocabulary, YamlText yaml) => (_vocabulary, _yaml, _zone) = (vocabulary, yaml, vocabulary.Zone);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="vocabulary">What can be told.</param>
    /// <param name="remedy">What else to do where something is wrong with it; empty for nothing.</param>
    /// <param name="terminal">Where that is shown.</param>
    /// <exception cref="Halt">It is not there, or something is wrong with it, which was shown.</exception>
    public static Mapping Read(string file, Vocabulary vocabulary, string remedy, Terminal terminal)
    {
        string text;
        try { text = File.ReadAllText(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Halt.Misuse($"the mapping `{file}` can't be read: {e.Message}", "Name a file of YAML."); }
        var yaml = new YamlText(file, "mapping");
        var mapping = yaml.Parse(text) is { } root ? new MappingReader(vocabulary, yaml).ReadMapping(root) : null;
        if (mapping is not null && yaml.Problems.Count == 0) { return mapping; }
        foreach (var problem in yaml.Problems) { terminal.Show(problem); }
        throw Halt.Wrong($"the mapping has {Shown.Count(yaml.Problems.Count, "error")}", remedy);
    }

    private Mapping ReadMapping(YamlMappingNode root)
    {
        _yaml.Only(root, "source", "separator", "encoding", "zone", "key", "facts");
        if (YamlText.Find(root, "zone") is { } zone)
        {
            if (Zone.Find(_yaml.Text(zone)) is { } found) { _zone = found; }
            else { _yaml.Wrong(zone, "there is no such time zone", "Write a name of the IANA database, such as Europe/Berlin."); }
        }
        var source = YamlText.Find(root, "source") is { } told ? ReadValue(told) : null;
        var key = YamlText.Find(root, "key") is { } keyed ? ReadValue(keyed) : null;
        var facts = _yaml.Needed(root, "facts") is { } node ? _yaml.Entries(node).Select(e => ReadFact(e.Key, e.Value, source)).OfType<MappedFact>().ToList() : [];
        if (key is null && facts.Any(f => f.Data.Any(d => d.Field.Personal) && f.ValueOf("id") is null))
        {
            _yaml.Wrong(root, "a row with personal values has no `key`", "Say which column tells a row from all others: without one its id is a hash of all that stands in it, and stays when what is personal is erased.");
        }
        return new(facts, key, ReadSeparator(root), ReadEncoding(root));
    }

    private char? ReadSeparator(YamlMappingNode root)
    {
        if (YamlText.Find(root, "separator") is not { } node) { return null; }
        var text = _yaml.Text(node) is "tab" ? "\t" : _yaml.Text(node);
        if (text is not [not '"' and not '\r' and not '\n']) { _yaml.Wrong(node, "this is no separator", "Write one character in quotes, or tab."); }
        return text.FirstOrDefault(',');
    }

    private Encoding ReadEncoding(YamlMappingNode root)
    {
        if (YamlText.Find(root, "encoding") is not { } node) { return Encoding.UTF8; }
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        // Some put a question mark in the place of what they can't read, which nobody could tell from one that is meant.
        try { return Encoding.GetEncoding(_yaml.Text(node), EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\uFFFD")); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            _yaml.Wrong(node, "there is no such encoding", "Write utf-8, utf-16, windows-1252, or another name of IANA.");
            return Encoding.UTF8;
        }
    }

    private MappedFact? ReadFact(YamlScalarNode name, YamlNode node, MappedValue? source)
    {
        _yaml.Only(node, "type", "when", "unless", "source", "id", "subject", "time", "recorded", "data");
        var named = YamlText.Find(node, "type") is { } told ? _yaml.Text(told) : name.Value!;
        if (_vocabulary.FactTypes.FirstOrDefault(t => t.Name == named && t.BuiltIn != BuiltIn.Published) is not { } type)
        {
            _yaml.Wrong(YamlText.Find(node, "type") ?? name, $"{_vocabulary.Program} has no fact `{named}`", Choice.Among(named, _vocabulary.FactTypes.Where(t => t.BuiltIn != BuiltIn.Published).Select(t => t.Name)));
            return null;
        }
        var attributes = new List<(string, MappedValue)>();
        foreach (var (key, attribute) in (ReadOnlySpan<(string, string)>)[("source", "source"), ("id", "id"), ("subject", "subject"), ("time", "time"), ("recorded", "recordedtime")])
        {
            if (YamlText.Find(node, key) is { } value) { attributes.Add((attribute, ReadValue(value))); }
            else if (key == "source" && source is not null) { attributes.Add((attribute, source)); }
            else if (key is "source" or "time" || (key == "subject" && type.BuiltIn != BuiltIn.Retracted)) { _yaml.Wrong(name, $"`{key}` is not there", key == "source" ? "Say here, or for all facts beside `facts`, who tells it." : "Say which column has it."); }
        }
        return new(name.Value!, type, [.. Tests(node, "when", not: false), .. Tests(node, "unless", not: true)], attributes, ReadData(name, node, type));
    }

    private List<(FactField, MappedValue)> ReadData(YamlScalarNode name, YamlNode node, FactType type)
    {
        var data = new List<(FactField, MappedValue)>();
        if (YamlText.Find(node, "data") is { } fields)
        {
            foreach (var (key, value) in _yaml.Entries(fields))
            {
                if (type.Carries.FirstOrDefault(f => f.Name == key.Value) is { } field) { data.Add((field, ReadValue(value, field) with { Personal = field.Personal })); }
                else { _yaml.Wrong(key, $"`{type.Name}` carries no field `{key.Value}`", Choice.Among(key.Value!, type.Carries.Select(f => f.Name))); }
            }
        }
        foreach (var field in type.Carries.Where(f => f.Needed && data.All(d => d.Item1 != f))) { _yaml.Wrong(name, $"`{type.Name}` needs the field `{field.Name}`", "Say under `data` which column has it, or what it always is."); }
        return data;
    }

    private IEnumerable<MappedTest> Tests(YamlNode node, string key, bool not)
    {
        if (YamlText.Find(node, key) is not { } tests) { yield break; }
        foreach (var (column, among) in _yaml.Entries(tests)) { yield return new(new([(column.Value!, true)]), [.. (among is YamlSequenceNode ? _yaml.Items(among) : [among]).Select(Word)], not); }
    }

    private MappedValue ReadValue(YamlNode node, FactField? field = null)
    {
        if (node is not YamlMappingNode)
        {
            var plain = new MappedValue(ReadParts(node)) { Zone = _zone };
            if (!plain.Columns.Any()) { CheckValue(node, plain.Parts[0].Text, field); }
            return plain;
        }
        _yaml.Only(node, "from", "values", "else", "date", "zone", "decimal");
        var zone = YamlText.Find(node, "zone") is { } named ? Zone.Find(_yaml.Text(named)) : _zone;
        if (zone is null) { _yaml.Wrong(YamlText.Find(node, "zone")!, "there is no such time zone", "Write a name of the IANA database, such as Europe/Berlin."); }
        return new(_yaml.Needed(node, "from") is { } from ? ReadParts(from) : [("", false)])
        {
            Translations = YamlText.Find(node, "values") is { } values ? ReadTranslations(values, field) : null,
            Else = YamlText.Find(node, "else") is { } other ? CheckValue(other, Word(other), field) : null,
            Dates = YamlText.Find(node, "date") is { } dates ? ReadDates(dates) : null,
            Zone = zone ?? _zone,
            DecimalMark = YamlText.Find(node, "decimal") is { } mark ? ReadMark(mark) : null,
        };
    }

    private Dictionary<string, string> ReadTranslations(YamlNode values, FactField? field)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in _yaml.Entries(values)) { read[key.Value!] = CheckValue(value, Word(value), field); }
        return read;
    }

    private List<string> ReadDates(YamlNode node)
    {
        var patterns = (node is YamlSequenceNode ? _yaml.Items(node) : [node]).Select(n => (Node: n, Text: _yaml.Text(n))).ToList();
        foreach (var (wrong, text) in patterns.Where(p => p.Text.Length > 0 && !MappedValue.IsDatePattern(p.Text))) { _yaml.Wrong(wrong, $"`{text}` is no way to write a date", "Write it with dd, MM, yyyy, HH, mm and ss, such as dd/MM/yyyy; or unix, or unix-ms."); }
        return patterns.ConvertAll(p => p.Text);
    }

    private char ReadMark(YamlNode node)
    {
        if (_yaml.Text(node) is "," or ".") { return _yaml.Text(node)[0]; }
        _yaml.Wrong(node, "decimals follow a point or a comma", "Write \",\" or \".\".");
        return '.';
    }

    /// <summary>A text in which columns stand in braces; braces that are meant stand twice.</summary>
    private List<(string Text, bool IsColumn)> ReadParts(YamlNode node)
    {
        var (parts, text, written) = (new List<(string, bool)>(), new StringBuilder(), Word(node));
        for (var at = 0; at < written.Length; at++)
        {
            var c = written[at];
            if (c is '{' or '}' && at + 1 < written.Length && written[at + 1] == c) { at++; }
            else if (c == '{' && written.IndexOf('}', at) is > 0 and var end)
            {
                if (text.Length > 0) { parts.Add((text.ToString(), false)); }
                text.Clear();
                parts.Add((written[(at + 1)..end], true));
                at = end;
                continue;
            }
            else if (c is '{' or '}')
            {
                _yaml.Wrong(node, $"a `{c}` without its other half", "Write a column as {Column}; a brace that is meant stands twice.");
                return [("", false)];
            }
            text.Append(c);
        }
        if (text.Length > 0 || parts.Count == 0) { parts.Add((text.ToString(), false)); }
        return parts;
    }

    /// <summary>Tells of a constant that the field cannot have.</summary>
    private string CheckValue(YamlNode node, string text, FactField? field)
    {
        if (field?.Type is FieldType.Choice { Values: var values } && !values.Contains(text)) { _yaml.Wrong(node, $"`{field.Name}` is never `{text}`", Choice.Among(text, values)); }
        if (field?.Type is FieldType.Flag && text is not ("true" or "false")) { _yaml.Wrong(node, $"`{field.Name}` is true or false, not `{text}`", "Write one of the two."); }
        return text;
    }

    /// <summary>The text of a node, which may be empty.</summary>
    private string Word(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text }) { return text; }
        _yaml.Wrong(node, "this is no text", "Write a text.");
        return "";
    }
}
