using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Explaining;

/// <summary>An explanation as a JSON document: each line with its sentence, the sentence's key, its mark and its reasons.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes the document.</summary>
    public static void Write(Explanation explained, PhraseBook book, Asked asked, Terminal terminal)
    {
        using (var json = new Utf8JsonWriter(terminal.Output, StandingsJson.Options))
        {
            json.WriteStartObject();
            StandingsJson.WriteQuestion(json, asked);
            json.WriteString("member", asked.History.NameOf(asked.Member!.Value));
            json.WriteString("language", book.Language);
            json.WritePropertyName("explanation");
            Write(json, explained, book);
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, Explanation explained, PhraseBook book)
    {
        json.WriteStartObject();
        json.WriteString("says", book.Say(explained.Says));
        json.WriteString("key", explained.Says.Key);
        json.WriteString("mark", explained.Mark.ToString().ToLowerInvariant());
        json.WriteStartArray("because");
        foreach (var because in explained.Because) { Write(json, because, book); }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
