using System.Globalization;
using Laurel.Engine.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Laurel.Engine.Programs.Reading;

/// <summary>
/// Reads one YAML text into nodes with places. Only what everybody reads alike is allowed: no tags, anchors, aliases, double keys,
/// tabs, control characters or second documents.
/// </summary>
internal sealed class YamlReader
{
    private const int DepthMax = 20;
    private const string Quotes = "Put the condition in quotes.";

    // What the parser says, in the words of whoever writes a program.
    private static readonly IReadOnlyList<(string Said, string Words)> _said =
    [
        ("did not find expected ',' or '}'", "inside braces `,` or `}` should stand here"),
        ("did not find expected ',' or ']'", "inside brackets `,` or `]` should stand here"),
        ("did not find expected node content", "a value should stand here"),
        ("did not find expected key", "a key should stand here, as far in as the keys before it"),
        ("did not find expected '-' indicator", "an item of the list should stand here, as far in as those before it"),
        ("found unexpected end of stream", "a quote is opened here and not closed"),
        ("invalid mapping", "a text that is not in quotes has `: ` in it"),
        ("could not find expected ':'", "this is neither a key with its colon nor a part of a text"),
        ("block sequence entries are not allowed", "a list can't begin here"),
        ("mapping keys are not allowed", "a key can't stand here"),
        ("found a tab character", "a tab where only spaces can stand"),
        ("found unknown escape character", "a backslash in double quotes before a character that it means nothing with"),
    ];

    private readonly SourceText _source;
    private readonly ProblemList _problems;
    private readonly Parser _parser;
    private bool _stopped;

    private YamlReader(SourceText source, ProblemList problems)
    {
        _source = source;
        _problems = problems;
        _parser = new Parser(new StringReader(source.Text));
    }

    /// <summary>Reads a text.</summary>
    /// <returns>Null where the text is empty, or so broken that no part of it can be used; then there is a problem that says so.</returns>
    public static YamlNode? Read(string file, string text, ProblemList problems)
    {
        var source = new SourceText(file, text);
        problems.Add(source);
        var tab = source.Written.IndexOf('\t', StringComparison.Ordinal);
        if (tab >= 0) { problems.Error("tab", source.At(tab), "a tab", "Indent with spaces, and write \\t in double quotes where a text needs one."); }
        if (source.Written.FirstOrDefault(SourceText.IsControl) is var control && source.Written.Any(SourceText.IsControl))
        {
            problems.Error(
                "control-character", source.At(source.Written.IndexOf(control, StringComparison.Ordinal)), string.Create(CultureInfo.InvariantCulture, $"a control character, U+{(int)control:X4}"),
                "Take it out: it can't be seen, and no text needs it.");
        }
        var reader = new YamlReader(source, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException broken)
        {
            reader.Explain((int)broken.Start.Index, broken.Message);
            return null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The parser has no words of its own for some mistakes: what it read last is known.
            reader.Explain((int)(reader._parser.Current?.End.Index ?? 0), "the text can't be read from here on");
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        YamlNode? root = null;
        var documents = 0;
        while (!_stopped && _parser.MoveNext())
        {
            if (_parser.Current is DocumentStart)
            {
                if (++documents == 2)
                {
                    _problems.Error("second-document", At(_parser.Current), "a second document begins here", "Write one document in a file: take out the line `---`.");
                    return root;
                }
            }
            else if (_parser.Current is NodeEvent) { root = ReadNode(0); }
        }
        if (_stopped) { return null; }
        if (root is null) { _problems.Error("empty-file", new(_source.File, 0, 0), "nothing is written here", "Write the file's keys, or remove the file."); }
        return root;
    }

    private YamlNode? ReadNode(int depth)
    {
        var current = _parser.Current!;
        if (depth > DepthMax)
        {
            _problems.Error("too-deep", At(current), $"nested deeper than {DepthMax} levels", "Write it flatter.");
            // Who nests so deep means harm, or lost a bracket: the rest is not looked at.
            _stopped = true;
            return null;
        }
        if (current is AnchorAlias)
        {
            _problems.Error("alias", At(current), "an alias (`*`)", "Write the value itself; where `*` begins a text, put the text in quotes.");
            return null;
        }
        if (current is not NodeEvent node)
        {
            Explain((int)current.Start.Index, "something is missing here");
            return null;
        }
        var usable = Plainly(node);
        YamlNode? read = node switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(depth),
            _ => ReadMap((MappingStart)current, depth),
        };
        return usable ? read : null;
    }

    // A condition that begins with "!" is a tag to YAML, and one that begins with "&" an anchor.
    private bool Plainly(NodeEvent node)
    {
        var written = _source.Text.AsSpan((int)node.Start.Index);
        if (!node.Tag.IsEmpty && written.StartsWith("!") && !written.StartsWith("!!") && !written.StartsWith("!<"))
        {
            var length = Math.Max(1, _source.Line((int)node.Start.Line).Length - (int)node.Start.Column + 1);
            var place = At(node) with { Length = length };
            _problems.Error("swallowed-condition", place, "YAML reads a text that begins with `!` as a tag", $"{Quotes} Tags are not used here.");
            return false;
        }
        if (!node.Tag.IsEmpty && written.StartsWith("!"))
        {
            _problems.Error("tag", At(node), "a tag (`!`)", "Take it out: no value needs one.");
            return false;
        }
        if (!node.Anchor.IsEmpty)
        {
            _problems.Error("anchor", At(node), "an anchor (`&`)", "Take it out and write the value where it is needed; where `&` begins a text, put the text in quotes.");
            return false;
        }
        return true;
    }

    private YamlNode.Scalar ReadScalar(Scalar scalar)
    {
        var plain = scalar.Style is ScalarStyle.Plain;
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        var text = scalar.Style is ScalarStyle.Folded or ScalarStyle.Literal ? scalar.Value.TrimEnd('\n') : scalar.Value;
        var length = Math.Min(Math.Max(1, end - start), Math.Max(1, _source.Line((int)scalar.Start.Line).Length - (int)scalar.Start.Column + 1));
        return new(_source.At(start, length), text, plain, _source, start, end);
    }

    private YamlNode.List ReadList(int depth)
    {
        var place = At(_parser.Current!);
        var items = new List<YamlNode>();
        while (!_stopped && _parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is { } item) { items.Add(item); }
        }
        return new(place, items);
    }

    private YamlNode.Map ReadMap(MappingStart start, int depth)
    {
        var place = At(start);
        var entries = new List<YamlNode.Entry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!_stopped && _parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var key = ReadKey(depth);
            if (_stopped || !_parser.MoveNext()) { break; }
            var value = ReadNode(depth + 1);
            if (key is null) { continue; }
            if (!keys.Add(key.Text))
            {
                _problems.Error("double-key", key.Place, $"the key `{key.Text}` is there twice", "Keep one of the two.");
                continue;
            }
            // A value that can't be used is there all the same: the key is not missing.
            entries.Add(new(key, value ?? new YamlNode.Scalar(key.Place, "", Plain: true, _source, key.Start, key.Start) { Refused = true }));
        }
        return new(entries.Count > 0 ? entries[0].Key.Place : place, entries, start.Style == MappingStyle.Flow);
    }

    private YamlNode.Scalar? ReadKey(int depth)
    {
        var place = At(_parser.Current!);
        var key = ReadNode(depth + 1);
        switch (key)
        {
            case YamlNode.Scalar { Text: "on", Plain: true } on:
                _problems.Error("key-on", on.Place, "a key is called `on`", "Other readers of YAML take `on` for true. Call it something else.");
                return null;
            case YamlNode.Scalar { Text.Length: > 0 } scalar:
                return scalar;
            case null:
                return null;
            default:
                _problems.Error("key-not-text", place, $"{key.What} as a key", "Write a name before the colon.");
                return null;
        }
    }

    private Place At(ParsingEvent at) => _source.At((int)at.Start.Index);

    private void Explain(int index, string words)
    {
        // What is missing at the end of the file is shown at the end of what is there.
        var end = _source.Text.TrimEnd().Length;
        var place = _source.At(Math.Min(index, end));
        var line = _source.Line(place.Line);
        var message = _said.FirstOrDefault(s => words.Contains(s.Said, StringComparison.OrdinalIgnoreCase)).Words ?? char.ToLowerInvariant(words[0]) + words[1..].TrimEnd('.');
        if (Swallowed(line, Math.Clamp(place.Column - 1, 0, line.Length), words) is { } why)
        {
            _problems.Error("swallowed-condition", place, $"{message}: {why}", why.Contains("`: `", StringComparison.Ordinal) ? "Put the whole text in quotes." : Quotes);
            return;
        }
        _problems.Error("malformed", place, message, "Look at this line and the one before it: the indentation, the brackets, the quotes, a `: ` in a text that is not in quotes.");
    }

    private static string? Swallowed(string line, int column, string message)
    {
        var value = line[(line.IndexOf(": ", StringComparison.Ordinal) + 1)..];
        if (value.Contains(": !", StringComparison.Ordinal) || value.TrimStart().StartsWith('!')) { return "YAML reads a text that begins with `!` as a tag"; }
        if (message.Contains("invalid mapping", StringComparison.Ordinal) && !value.Contains(" ? ", StringComparison.Ordinal)) { return "YAML reads `: ` as a key and its value"; }
        if (value.Contains(" ? ", StringComparison.Ordinal)) { return "YAML reads `?` and `:` as keys and values"; }
        // A list in a condition, or the key of a number: sites["studio"].
        if (line[column..].StartsWith('[') || line[column..].StartsWith('{') || value.Contains(" in [", StringComparison.Ordinal)) { return "YAML reads brackets inside braces as a list of its own"; }
        return line[..column].TrimEnd().EndsWith('"') || value.Contains("==", StringComparison.Ordinal) || value.Contains("&&", StringComparison.Ordinal) || value.Contains("||", StringComparison.Ordinal)
            ? "YAML reads quotes, colons and brackets of a condition as its own" : null;
    }
}
