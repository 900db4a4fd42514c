using System.Text.Json;
using System.Text;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Cli.Forecasting;

/// <summary>Reads what is supposed: files of facts, and facts written out such as <c>plan.activated site=s9 plan=business at=2025-07-01</c>.</summary>
internal sealed class Suppositions(Vocabulary vocabulary, string member, Instant at)
{
    private const string Source = "what-if";
    private const string StandardInput = "-";
    private readonly List<Fact> _facts = [];

    /// <summary>Reads all of them, in their order.</summary>
    /// <exception cref="Halt">One is wrong.</exception>
    public IReadOnlyList<Fact> Read(IReadOnlyList<string> supposed, Terminal terminal, Progress progress)
    {
        foreach (var text in supposed)
        {
            if (text == StandardInput || File.Exists(text)) { ReadFile(text, terminal, progress); }
            else { ReadWritten(text); }
        }
        return _facts;
    }

    private void ReadFile(string file, Terminal terminal, Progress progress)
    {
        var intake = FactFiles.Read(vocabulary, [file], refusals: null, terminal, progress);
        if (intake.Refused > 0) { throw Halt.Wrong($"{Shown.Count(intake.Refused, "fact")} supposed and refused", "Correct them: there is no answer without them."); }
        _facts.AddRange(Enumerable.Range(0, intake.History.FactCount).OrderBy(intake.History.PositionOf).Select(intake.History.FactOf));
    }

    private void ReadWritten(string text)
    {
        var words = Words(text);
        var name = words.Count > 0 ? words[0] : "";
        var types = vocabulary.FactTypes.Where(t => t.BuiltIn != BuiltIn.Published).ToList();
        if (types.Find(t => t.Name == name) is not { } type)
        {
            throw Halt.Misuse(
                words.Count > 1 || name.Length == 0 ? $"there is no fact `{name}` to suppose" : $"`{name}` is neither a file nor a fact to suppose",
                $"{Choice.Among(name, types.Select(t => t.Name))}\nWrite one as 'TYPE KIND=NAME FIELD=VALUE at=DATE', or name a file of JSON lines.");
        }
        var pairs = words.Skip(1).Select(word => PairOf(word, text)).ToList();
        if (pairs.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) { throw Halt.Misuse($"`{twice.Key}` stands twice in `{text}`", "Write it once."); }
        var kind = vocabulary.Kinds[type.About];
        if (type.BuiltIn != BuiltIn.Retracted && kind.Index != Vocabulary.MemberKind && pairs.TrueForAll(p => p.Name != kind.Name)) { throw Halt.Misuse($"`{text}` does not say which {kind.Name} it is about", $"Write {kind.Name}=NAME."); }
        var line = Line(type, pairs.ToDictionary(p => p.Name, p => p.Value));
        var builder = new HistoryBuilder(vocabulary);
        if (builder.AddLine(line, 0) is Verdict.Refused { Refusal: var refusal }) { throw Halt.Misuse($"`{text}`: {refusal.Message}", refusal.Remedy); }
        _facts.Add(builder.Build().FactOf(0));
    }

    private static (string Name, string Value) PairOf(string word, string text)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (word[..equals], word[(equals + 1)..]) : throw Halt.Misuse($"`{word}` in `{text}` says nothing", "Write NAME=VALUE, such as plan=business; a value with spaces in double quotes.");
    }

    /// <summary>The fact as a line of a file. What names nobody is about, or names, the member that is asked about; without a time it happens at the instant of the question.</summary>
    private byte[] Line(FactType type, Dictionary<string, string> pairs)
    {
        var kind = vocabulary.Kinds[type.About];
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", $"what-if-{_facts.Count + 1}");
            json.WriteString("source", Source);
            json.WriteString("type", type.Name);
            json.WriteString("time", pairs.Remove("at", out var when) ? when : at.ToString());
            if (pairs.Remove(kind.Name, out var subject)) { json.WriteString("subject", $"{kind.Name}/{subject}"); }
            else if (kind.Index == Vocabulary.MemberKind && type.BuiltIn != BuiltIn.Retracted) { json.WriteString("subject", $"{kind.Name}/{member}"); }
            if (type.Carries.FirstOrDefault(f => f.Needed && f.Type is FieldType.Reference { Kind: Vocabulary.MemberKind } && f.Slot < 0) is { } names) { pairs.TryAdd(names.Name, member); }
            json.WriteStartObject("data");
            foreach (var (name, value) in pairs)
            {
                json.WritePropertyName(name);
                WriteValue(json, type.Carries.FirstOrDefault(f => f.Name == name)?.Type, value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>What stands written is text: the field's type says what it is in JSON.</summary>
    private static void WriteValue(Utf8JsonWriter json, FieldType? type, string value)
    {
        if (type is FieldType.Flag && value is "true" or "false") { json.WriteBooleanValue(value == "true"); }
        else { json.WriteStringValue(value); }
    }

    /// <summary>The words of a text; what stands in double quotes is one.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quoted = false;
        foreach (var c in text)
        {
            if (c == '"') { quoted = !quoted; }
            else if (c == ' ' && !quoted) { Close(); }
            else { word.Append(c); }
        }
        if (quoted) { throw Halt.Misuse($"a quote in `{text}` is not closed", "Write a second one."); }
        Close();
        return words;

        void Close()
        {
            if (word.Length > 0) { words.Add(word.ToString()); }
            word.Clear();
        }
    }
}
