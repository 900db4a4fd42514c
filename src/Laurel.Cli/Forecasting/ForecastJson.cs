using System.Text.Json;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Cli.Forecasting;

/// <summary>A forecast as a JSON document: "will" and "if", never mixed.</summary>
internal static class ForecastJson
{
    /// <summary>Writes the document.</summary>
    public static void Write(ForecastSteps will, RenewalOutcomes renewals, Instant until, PhraseBook book, Asked asked, Terminal terminal)
    {
        using (var json = new Utf8JsonWriter(terminal.Output, StandingsJson.Options))
        {
            json.WriteStartObject();
            StandingsJson.WriteQuestion(json, asked);
            json.WriteString("until", until.ToString());
            json.WriteString("member", asked.History.NameOf(asked.Member!.Value));
            json.WriteString("language", book.Language);
            json.WriteStartArray("will");
            foreach (var step in will.Steps)
            {
                json.WriteStartObject();
                json.WriteString("at", step.At.ToString());
                StandingJson.WriteChanges(json, "changes", step.Changes);
                WriteTold(json, step.Told, book);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("if");
            json.WriteStartArray("renewals");
            foreach (var outcome in renewals.Each) { Write(json, outcome, book, asked); }
            json.WriteEndArray();
            StandingJson.WriteChanges(json, "all", renewals.All);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        terminal.Output.WriteByte((byte)'\n');
    }

    /// <summary>The same in sentences.</summary>
    public static void WriteTold(Utf8JsonWriter json, Explanation told, PhraseBook book)
    {
        json.WritePropertyName("explanation");
        ExplanationJson.Write(json, told, book);
    }

    private static void Write(Utf8JsonWriter json, RenewalOutcome outcome, PhraseBook book, Asked asked)
    {
        var renewal = outcome.Renewal;
        json.WriteStartObject();
        json.WriteString("subject", renewal.Facts[0].Subject.ToString());
        json.WriteStartArray("states");
        foreach (var state in renewal.States) { json.WriteStringValue(state); }
        json.WriteEndArray();
        json.WriteString("at", renewal.Ends.ToString());
        json.WriteString("until", renewal.Until.ToString());
        json.WriteStartArray("facts");
        foreach (var fact in renewal.Facts) { FactJson.Write(json, fact, asked.Program.Vocabulary); }
        json.WriteEndArray();
        StandingJson.WriteChanges(json, "then", outcome.Then);
        StandingJson.WriteChanges(json, "alone", outcome.Alone);
        StandingJson.WriteChanges(json, "missing", outcome.Missing);
        WriteTold(json, outcome.Told, book);
        json.WriteEndObject();
    }
}
