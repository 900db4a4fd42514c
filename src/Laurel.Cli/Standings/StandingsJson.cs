using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Expressions;
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
        using (var json = new Utf8JsonWriter(terminal.Output, Options))
        {
            json.WriteStartObject();
            WriteQuestion(json, asked);
            json.WriteString("edition", answer.Edition.Name);
            json.WriteStartArray("members");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                WriteRow(json, row, answer.Edition, answer.Units);
                json.WriteEndObject();
                if (json.BytesPending > FlushBytes) { json.Flush(); }
            }
            json.WriteEndArray();
            WriteTotals(json, totals);
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    /// <summary>What was asked.</summary>
    public static void WriteQuestion(Utf8JsonWriter json, Asked asked)
    {
        json.WriteString("program", asked.Program.Name);
        json.WriteString("at", asked.At.ToString());
        json.WriteString("known", asked.Known.ToString());
        json.WriteString("under", asked.Under?.Name);
    }

    /// <summary>A member's standing, as properties of the object that is open.</summary>
    public static void WriteRow(Utf8JsonWriter json, StandingRow row, Edition edition, IReadOnlyList<Unit> units)
    {
        json.WriteString("member", row.Member);
        json.WriteBoolean("enrolled", row.Enrolled);
        json.WriteStartObject("levels");
        foreach (var ladder in edition.Ladders) { WriteLevel(json, ladder, row); }
        json.WriteEndObject();
        json.WriteStartObject("metrics");
        foreach (var metric in edition.Metrics) { WriteValue(json, metric.Name, row.Metrics[metric.Index]); }
        json.WriteEndObject();
        json.WriteStartObject("pending");
        foreach (var unit in units) { json.WriteString(unit.Name, Shown.Whole(row.Pending[unit.Index], unit).ToString()); }
        json.WriteEndObject();
        if (edition.Obligations.Count > 0) { WriteObligations(json, row, edition, units); }
        json.WriteStartArray("benefits");
        foreach (var benefit in edition.Benefits.Where(b => row.Benefits[b.Index])) { json.WriteStringValue(benefit.Name); }
        json.WriteEndArray();
        WriteNext(json, row.Next);
    }

    private static void WriteObligations(Utf8JsonWriter json, StandingRow row, Edition edition, IReadOnlyList<Unit> units)
    {
        json.WriteStartObject("obligations");
        foreach (var obligation in edition.Obligations)
        {
            var standing = row.Obligations[obligation.Index];
            json.WriteStartObject(obligation.Name);
            json.WriteNumber("missed", standing.Missed);
            json.WriteNumber("kept", standing.Kept);
            json.WriteString("amount", Shown.Whole(standing.Amount, units[obligation.Unit]).ToString());
            json.WriteString("needed", Shown.Whole(obligation.AtLeast, units[obligation.Unit]).ToString());
            json.WriteString("since", standing.Period?.Starts.ToString());
            json.WriteString("until", standing.Period?.Ends.ToString());
            json.WriteBoolean("counts", standing.Counts);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter json, Ladder ladder, StandingRow row)
    {
        if (row.Levels[ladder.Index] is not { } level)
        {
            json.WriteNull(ladder.Name);
            return;
        }
        json.WriteStartObject(ladder.Name);
        json.WriteString("rung", level);
        json.WriteString("since", row.Since[ladder.Index].ToString());
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, Value value)
    {
        if (value.Kind != ValueKind.Map)
        {
            json.WriteString(name, value.ToString());
            return;
        }
        json.WriteStartObject(name);
        foreach (var key in value.AsMap.Keys) { json.WriteString(Shown.Key(key), value.AsMap[key].ToString()); }
        json.WriteEndObject();
    }

    private static void WriteNext(Utf8JsonWriter json, NextChange? next)
    {
        if (next is null)
        {
            json.WriteNull("next");
            return;
        }
        json.WriteStartObject("next");
        json.WriteString("at", next.At.ToString());
        WriteChanges(json, "changes", next.Changes);
        json.WriteEndObject();
    }

    /// <summary>What differs between two standings, as a property of the object that is open.</summary>
    public static void WriteChanges(Utf8JsonWriter json, string name, IEnumerable<Engine.Standing.Change> changes, Vocabulary vocabulary) =>
        WriteChanges(json, name, changes.Select(change => Changes.Read(change, vocabulary)));

    private static void WriteChanges(Utf8JsonWriter json, string name, IEnumerable<Change> changes)
    {
        json.WriteStartArray(name);
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("what", change.Kind.ToString().ToLowerInvariant());
            json.WriteString("name", change.Name);
            json.WriteString("from", change.From);
            json.WriteString("to", change.To);
            json.WriteEndObject();
        }
        json.WriteEndArray();
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
        foreach (var (unit, sum) in totals.Pending) { json.WriteString(unit.Name, sum is { } parts ? Shown.Whole(parts, unit).ToString() : null); }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
