using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;

namespace Laurel.Cli.Standings;

/// <summary>
/// Standings as one JSON document. Amounts and numbers of the program are texts, since they may need more than the 53 bits that many
/// JSON readers keep; counts of things are numbers.
/// </summary>
internal static class StandingsJson
{
    private const int FlushBytes = 1 << 16;

    /// <summary>How documents are written: indented, texts as they are.</summary>
    public static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document; members are written as they come.</summary>
    public static void Write(IEnumerable<StandingRow> rows, StandingTotals totals, StandingReader answer, Asked asked, Terminal terminal)
    {
        WriteDocument(terminal, asked, json =>
        {
            json.WriteString("edition", answer.Edition.Name);
            json.WriteStartArray("members");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                WriteRow(json, row, asked.Program.Vocabulary);
                json.WriteEndObject();
                if (json.BytesPending > FlushBytes) { json.Flush(); }
            }
            json.WriteEndArray();
            WriteTotals(json, totals);
        });
    }

    /// <summary>Writes a document about a question.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="asked">What was asked; it comes first.</param>
    /// <param name="write">Writes what is answered, as properties.</param>
    public static void WriteDocument(Terminal terminal, Asked asked, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(terminal.Output, Options))
        {
            json.WriteStartObject();
            WriteQuestion(json, asked);
            write(json);
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    /// <summary>What was asked.</summary>
    public static void WriteQuestion(Utf8JsonWriter json, Asked asked) => StandingJson.WriteQuestion(json, asked.Program, asked.At, asked.Known, asked.Under);

    /// <summary>A member's standing, as properties of the object that is open.</summary>
    public static void WriteRow(Utf8JsonWriter json, StandingRow row, Vocabulary vocabulary)
    {
        json.WriteString("member", row.Member);
        StandingJson.Write(json, row.Standing, vocabulary);
        StandingJson.WriteNext(json, row.Next);
    }

    private static void WriteTotals(Utf8JsonWriter json, StandingTotals totals)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("members", totals.Members);
        json.WriteNumber("enrolled", totals.Enrolled);
        json.WriteStartObject("levels");
        foreach (var (ladder, counts) in totals.Levels)
        {
            json.WriteStartObject(ladder.Name);
            for (var i = 0; i < counts.Count; i++) { json.WriteNumber(ladder.Rungs[i].Name, counts[i]); }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("metrics");
        foreach (var (metric, sum) in totals.Metrics) { json.WriteString(metric.Name, sum?.ToString()); }
        json.WriteEndObject();
        json.WriteStartObject("pending");
        foreach (var (unit, sum) in totals.Pending) { json.WriteString(unit.Name, sum is { } parts ? unit.Whole(parts).ToString() : null); }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
