using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;

namespace Laurel.Cli.Standings;

/// <summary>One member in full as a JSON document.</summary>
internal static class MemberJson
{
    /// <summary>Writes the document.</summary>
    public static void Write(MemberInFull member, Asked asked, Terminal terminal)
    {
        using (var json = new Utf8JsonWriter(terminal.Output, StandingsJson.Options))
        {
            json.WriteStartObject();
            StandingsJson.WriteQuestion(json, asked);
            json.WriteString("edition", member.Edition.Name);
            StandingsJson.WriteRow(json, member.Row, asked.Program.Vocabulary);
            WriteGroups(json, "by_rule", "rule", member.ByRule());
            WriteGroups(json, "by_kind", "kind", member.ByKind());
            json.WriteStartArray("credits");
            foreach (var credit in member.Credits) { Write(json, credit); }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    private static void WriteGroups(Utf8JsonWriter json, string name, string key, IEnumerable<(string Name, Engine.Programs.Unit Unit, int Credits, long Counted)> groups)
    {
        json.WriteStartArray(name);
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString(key, group.Name);
            json.WriteString("unit", group.Unit.Name);
            json.WriteNumber("credits", group.Credits);
            json.WriteString("counted", group.Unit.Whole(group.Counted).ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, CreditLine credit)
    {
        json.WriteStartObject();
        json.WriteString("rule", credit.Rule);
        json.WriteString("edition", credit.Edition);
        json.WriteString("subject", credit.Subject);
        json.WriteString("unit", credit.Unit.Name);
        json.WriteString("amount", credit.Unit.Whole(credit.Amount).ToString());
        json.WriteString("counted", credit.Unit.Whole(credit.Counted).ToString());
        json.WriteString("since", credit.Span.Starts.ToString());
        json.WriteString("until", credit.Span.Ends.ToString());
        json.WriteString("status", credit.Word);
        json.WriteString("limit", credit.Limit);
        json.WriteEndObject();
    }
}
