using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Cli.Reading;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Server.Taking;

namespace Laurel.Cli.Importing;

/// <summary>Makes the facts of rows, by a mapping. For one file: rows that say the same are told apart by which of them comes first.</summary>
internal sealed class RowFacts(string file, Mapping mapping, Vocabulary vocabulary)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FactParser _parser = new(vocabulary);
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>How many rows made no fact.</summary>
    public long Idle { get; private set; }

    /// <summary>The facts that a row makes: all of them, or none and what is wrong, once for each column.</summary>
    public (IReadOnlyList<Fact> Facts, IReadOnlyList<RefusedLine> Refused) Of(Row row)
    {
        var (facts, refused) = (new List<Fact>(), new List<RefusedLine>());
        string? key = null;
        foreach (var mapped in mapping.Facts.Where(m => m.Tests.All(t => t.Holds(row))))
        {
            var (fact, wrong) = Make(row, mapped, key ??= KeyOf(row));
            if (fact is not null) { facts.Add(fact); }
            else if (refused.All(r => r.Field != wrong!.Field)) { refused.Add(wrong!); }
        }
        if (key is null) { Idle++; }
        return refused.Count == 0 ? (facts, refused) : ([], refused);
    }

    /// <summary>What tells a row from all others: what the mapping says, else all that it says, and how many said it before.</summary>
    private string KeyOf(Row row)
    {
        if (mapping.Key is { } key) { return key.Text(row); }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', row.Cells)))[..16]);
        var before = _seen[hash] = _seen.GetValueOrDefault(hash) + 1;
        return before == 1 ? hash : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{hash}.{before}");
    }

    private (Fact? Fact, RefusedLine? Refused) Make(Row row, MappedFact mapped, string key)
    {
        _buffer.ResetWrittenCount();
        RefusedLine? refused = null;
        using (var json = new Utf8JsonWriter(_buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("type", mapped.Type.Name);
            if (mapped.ValueOf("id") is null)
            {
                if (key.Length == 0) { refused = Refuse(row, mapping.Key!, RefusalCode.InvalidId, "the row has no key", "Fill it in: it tells the row from all others."); }
                json.WriteString("id", $"{mapped.Name}/{key}");
            }
            foreach (var (name, value) in mapped.Attributes)
            {
                if (Read(row, value, ref refused) is { } text) { json.WriteString(name, text); }
            }
            json.WriteStartObject("data");
            foreach (var (field, value) in mapped.Data)
            {
                if (Read(row, value, ref refused) is not { } text) { continue; }
                if (field.Type is FieldType.Flag && text is "true" or "false") { json.WriteBoolean(field.Name, text == "true"); }
                else { json.WriteString(field.Name, text); }
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (refused is not null) { return (null, refused); }
        var fact = _parser.Read(_buffer.WrittenSpan, row.Line, out var refusal);
        refusal ??= Intake.RefuseOwn(fact!, row.Line);
        return refusal is null ? (fact, null) : (null, Refuse(row, mapped, refusal));
    }

    private string? Read(Row row, MappedValue value, ref RefusedLine? refused)
    {
        var text = value.Read(row, out var wrong);
        if (wrong is var (code, message, remedy)) { refused ??= Refuse(row, value, code, message, remedy); }
        return text;
    }

    /// <summary>A refusal of the fact, with the column that it came from.</summary>
    private RefusedLine Refuse(Row row, MappedFact mapped, Refusal refusal) =>
        mapped.ValueOf(refusal.Field) is { } value && value.Columns.Any()
            ? Refuse(row, value, refusal.Code, refusal.Message, refusal.Remedy)
            : Refuse(row, new MappedValue([("", false)]), refusal.Code, refusal.Message, refusal.Remedy) with { Field = refusal.Field, Value = refusal.Value };

    private RefusedLine Refuse(Row row, MappedValue value, RefusalCode code, string message, string remedy)
    {
        var columns = value.Columns.ToList();
        var at = columns.Count > 0 && row.Columns.TryGetValue(columns[0], out var index) ? index + 1 : 0;
        var named = columns.Count == 0 ? message : $"column {value.Named}: {message}";
        var cells = value.Personal ? MappedValue.Withheld : string.Join(' ', columns.Select(c => row[c]));
        return new(file, row.Line, at, code.ToString(), string.Join(", ", columns), cells, named, remedy, new(Severity.Error, code.ToString(), new(file, (int)Math.Min(row.Line, int.MaxValue), Math.Max(1, at), Math.Max(1, cells.Length)), named, remedy));
    }
}
