using System.Text.Json;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>Entries of the ledger, and changes that were announced, as JSON.</summary>
internal static class LedgerJson
{
    /// <summary>An entry as an object.</summary>
    public static void Write(Utf8JsonWriter json, PostedEntry entry, Vocabulary vocabulary)
    {
        var line = entry.Line;
        json.WriteStartObject();
        json.WriteNumber("position", entry.Position);
        json.WriteString("recorded", entry.Recorded.ToString());
        json.WriteStartObject("cause");
        json.WriteNumber("position", entry.Cause);
        json.WriteString("source", line.CauseSource);
        json.WriteString("id", line.CauseId);
        json.WriteEndObject();
        json.WriteString("member", line.Member);
        json.WriteString("subject", line.Subject);
        json.WriteString("rule", line.Rule);
        json.WriteString("edition", line.Edition);
        json.WriteString("from", EntryLine.NameOf(line.From, line.Member, line.Edition, line.Rule));
        json.WriteString("to", EntryLine.NameOf(line.To, line.Member, line.Edition, line.Rule));
        json.WriteString("amount", vocabulary.Units.First(u => u.Name == line.Unit).Whole(line.Amount).ToString());
        json.WriteString("unit", line.Unit);
        json.WriteString("dated", line.Dated.ToString());
        json.WriteString("starts", line.Starts.ToString());
        json.WriteString("ends", line.Ends.ToString());
        json.WriteEndObject();
    }

    /// <summary>A change as an object.</summary>
    public static void Write(Utf8JsonWriter json, ToldChange change)
    {
        json.WriteStartObject();
        json.WriteNumber("number", change.Number);
        json.WriteString("member", change.Member);
        json.WriteString("effective", change.Effective.ToString());
        json.WritePropertyName("cause");
        if (change.Cause is { } cause) { json.WriteNumberValue(cause); }
        else { json.WriteNullValue(); }
        if (change.Subject is { } subject) { json.WriteString("subject", subject.ToString()); }
        using var body = JsonDocument.Parse(change.Body);
        foreach (var property in body.RootElement.EnumerateObject()) { property.WriteTo(json); }
        json.WriteEndObject();
    }
}
