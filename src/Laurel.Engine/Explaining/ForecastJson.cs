using System.Text.Json;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>A forecast as JSON: "will" and "if", never mixed.</summary>
public static class ForecastJson
{
    /// <summary>The forecast, as properties of the object that is open: <c>until</c>, <c>member</c>, <c>language</c>, <c>will</c>, <c>if</c>.</summary>
    public static void Write(Utf8JsonWriter json, ForecastSteps will, RenewalOutcomes renewals, string member, Instant until, PhraseBook book, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(will);
        ArgumentNullException.ThrowIfNull(renewals);
        ArgumentNullException.ThrowIfNull(book);
        json.WriteString("until", until.ToString());
        json.WriteString("member", member);
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
        foreach (var outcome in renewals.Each) { Write(json, outcome, book, vocabulary); }
        json.WriteEndArray();
        StandingJson.WriteChanges(json, "all", renewals.All);
        json.WriteEndObject();
    }

    private static void WriteTold(Utf8JsonWriter json, Explanation told, PhraseBook book)
    {
        json.WritePropertyName("explanation");
        ExplanationJson.Write(json, told, book);
    }

    private static void Write(Utf8JsonWriter json, RenewalOutcome outcome, PhraseBook book, Vocabulary vocabulary)
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
        foreach (var fact in renewal.Facts) { FactJson.Write(json, fact, vocabulary); }
        json.WriteEndArray();
        StandingJson.WriteChanges(json, "then", outcome.Then);
        StandingJson.WriteChanges(json, "alone", outcome.Alone);
        StandingJson.WriteChanges(json, "missing", outcome.Missing);
        WriteTold(json, outcome.Told, book);
        json.WriteEndObject();
    }
}
