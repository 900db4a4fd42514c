using System.Text.Json;
using Laurel.Engine.Programs;

namespace Laurel.Engine.Explaining;

/// <summary>One member in full as JSON.</summary>
public static class MemberJson
{
    /// <summary>The standing, as properties of the object that is open: <c>edition</c>, <c>member</c>, what <see cref="StandingJson"/> writes, <c>next</c>, <c>by_rule</c>, <c>by_kind</c>.</summary>
    public static void Write(Utf8JsonWriter json, MemberInFull member, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(member);
        json.WriteString("edition", member.Standing.Edition.Name);
        json.WriteString("member", member.Member);
        StandingJson.Write(json, member.Standing, vocabulary);
        StandingJson.WriteNext(json, member.Next);
        WriteGroups(json, "by_rule", "rule", member.ByRule());
        WriteGroups(json, "by_kind", "kind", member.ByKind());
    }

    /// <summary>The credits, as a property of the object that is open: an array <c>credits</c>.</summary>
    public static void WriteCredits(Utf8JsonWriter json, IEnumerable<CreditLine> credits)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(credits);
        json.WriteStartArray("credits");
        foreach (var credit in credits)
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
        json.WriteEndArray();
    }

    private static void WriteGroups(Utf8JsonWriter json, string name, string key, IEnumerable<(string Name, Unit Unit, int Credits, long Counted)> groups)
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
}
