using System.Text.Json;
using Laurel.Engine.Values;
using Laurel.Storage;

namespace Laurel.Server.Answering;

/// <summary>What an operator has said of a program, as JSON.</summary>
internal static class StatusJson
{
    /// <summary>Writes it as properties.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="status">What was said.</param>
    /// <param name="now">What time it is in the program, by which enrolment is open or not; null for what was said alone.</param>
    public static void Write(Utf8JsonWriter json, ProgramStatus status, Instant? now)
    {
        json.WriteBoolean("sandbox", status.Clock is not null);
        json.WriteString("clock", status.Clock?.ToString());
        json.WriteStartObject("enrolment");
        if (now is { } at) { json.WriteBoolean("open", status.Enrols(at)); }
        json.WriteString("opens", status.Opens?.ToString());
        json.WriteString("closes", status.Closes?.ToString());
        json.WriteEndObject();
        json.WriteString("archived", status.Archived?.ToString());
    }

    /// <summary>Writes what was said, and when editions were opened, as an object.</summary>
    public static void WriteObject(Utf8JsonWriter json, ProgramStatus status, IReadOnlyList<(string Edition, Instant At)> opened)
    {
        json.WriteStartObject();
        Write(json, status, now: null);
        json.WriteStartObject("opened");
        foreach (var (edition, at) in opened) { json.WriteString(edition, at.ToString()); }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>When editions were opened, by what was written. What is wrong is noted in <paramref name="fields"/>.</summary>
    public static IReadOnlyDictionary<string, Instant> Opened(JsonFields fields)
    {
        var opened = new Dictionary<string, Instant>(StringComparer.Ordinal);
        if (fields.Below("opened") is not { } editions) { return opened; }
        foreach (var edition in editions.Names)
        {
            if (editions.Instant(edition, Zone.Utc) is { } at) { opened[edition] = at; }
        }
        return opened;
    }

    /// <summary>Reads it from what was written: instants as such. What is wrong is noted in <paramref name="fields"/>.</summary>
    public static ProgramStatus Read(JsonFields fields)
    {
        var (sandbox, clock, archived) = (fields.Flag("sandbox"), fields.Instant("clock", Zone.Utc), fields.Instant("archived", Zone.Utc));
        var enrolment = fields.Below("enrolment");
        return new(sandbox ? clock : null, enrolment?.Instant("opens", Zone.Utc), enrolment?.Instant("closes", Zone.Utc), archived);
    }
}
