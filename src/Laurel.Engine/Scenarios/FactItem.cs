using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Programs.Reading;

namespace Laurel.Engine.Scenarios;

/// <summary>A fact as a scenario tells it: one, or several that differ by a number.</summary>
/// <param name="Map">As written.</param>
/// <param name="Name">The fact's type as written.</param>
/// <param name="Type">The type; null where there is none of that name.</param>
/// <param name="Kind">The kind that it is about.</param>
internal sealed record FactItem(YamlNode.Map Map, YamlNode.Scalar Name, FactType? Type, string Kind)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of a key that is the item's own, and no field of the fact.</summary>
    public YamlNode? Own(string key) => IsField(key) ? null : Map.Find(key);

    /// <summary>What the fact carries: every key that is not the item's own.</summary>
    public IEnumerable<YamlNode.Entry> Fields =>
        Map.Entries.Where(e => IsField(e.Name) || (e.Name != Kind && !ScenarioKeys.Fact.Contains(e.Name)));

    /// <summary>The subject's name as written; null where it is not there.</summary>
    public YamlNode? Subject => IsField(Kind) ? null : Map.Find(Kind);

    /// <summary>The field of a name that the fact's type carries.</summary>
    public FactField? FieldOf(string name) => Type?.Carries.FirstOrDefault(f => f.Name == name);

    /// <summary>The fact as a line of a file of facts.</summary>
    /// <param name="id">Its id, where the item does not say one.</param>
    /// <param name="number">What stands for <c>{n}</c>; null for one that is not repeated.</param>
    public byte[] ToLine(string id, int? number)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, TextOf(Own("id"), number) ?? id);
            json.WriteString("source"u8, TextOf(Own("source"), number) ?? "scenario");
            json.WriteString("type"u8, Name.Text);
            if (TextOf(Subject, number) is { } subject) { json.WriteString("subject"u8, $"{Kind}/{subject}"); }
            if (TextOf(Map.Find("at"), number) is { } at) { json.WriteString("time"u8, at); }
            if (TextOf(Own("recorded"), number) is { } recorded) { json.WriteString("recordedtime"u8, recorded); }
            json.WriteStartObject("data"u8);
            foreach (var field in Fields.Where(f => f.Value is YamlNode.Scalar)) { Write(json, field.Name, FieldOf(field.Name)?.Type, TextOf(field.Value, number)!); }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private bool IsField(string key) => key is not ("at" or "fact") && FieldOf(key) is not null;

    private static string? TextOf(YamlNode? node, int? number) =>
        node is not YamlNode.Scalar scalar ? null :
        number is { } n ? scalar.Text.Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : scalar.Text;

    // YAML says texts only: the field's type says what they are in JSON.
    private static void Write(Utf8JsonWriter json, string name, FieldType? type, string text)
    {
        json.WritePropertyName(name);
        switch (type)
        {
            case FieldType.Flag when text is "true" or "false":
                json.WriteBooleanValue(text == "true");
                break;
            case FieldType.Number or FieldType.Money when DecimalText.Read(Encoding.UTF8.GetBytes(text), out _) is null:
                json.WriteRawValue(text);
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }
}
