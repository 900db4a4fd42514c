using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Facts;

/// <summary>Writes facts as they are read: CloudEvents 1.0 objects as JSON, numbers exactly. Not canonical JSON.</summary>
public static class FactJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The fact as one line of UTF-8, without the line's end.</summary>
    public static byte[] Write(Fact fact, Vocabulary vocabulary)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        Write(json, fact, vocabulary);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the fact as one object.</summary>
    public static void Write(Utf8JsonWriter json, Fact fact, Vocabulary vocabulary)
    {
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, fact.Id);
        json.WriteString("source"u8, fact.Source);
        json.WriteString("type"u8, fact.Type.Name);
        if (fact.Subject is { } subject) { json.WriteString("subject"u8, subject.ToString()); }
        json.WriteString("time"u8, fact.Time.ToString());
        if (fact.Recorded is { } recorded) { json.WriteString("recordedtime"u8, recorded.ToString()); }
        if (fact.Data.Count > 0)
        {
            json.WriteStartObject("data"u8);
            foreach (var (name, value) in fact.Data)
            {
                json.WritePropertyName(name);
                Write(json, value, vocabulary);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FactValue value, Vocabulary vocabulary)
    {
        switch (value)
        {
            case FactValue.Text text:
                json.WriteStringValue(text.Value);
                break;
            case FactValue.Choice choice:
                json.WriteStringValue(choice.Value);
                break;
            case FactValue.Reference reference:
                json.WriteStringValue(reference.Name);
                break;
            case FactValue.Instant instant:
                json.WriteStringValue(instant.Value.ToString());
                break;
            case FactValue.Flag flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case FactValue.Number number when DecimalText.Write(number.Value) is var text && !text.Contains('/', StringComparison.Ordinal):
                json.WriteRawValue(text, skipInputValidation: true);
                break;
            case FactValue.Number number:
                json.WriteStringValue(number.Value.ToString());
                break;
            case FactValue.Money money:
                json.WriteRawValue(DecimalText.WriteParts(money.Parts, vocabulary.Units[money.Unit].Decimals), skipInputValidation: true);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value));
        }
    }
}
