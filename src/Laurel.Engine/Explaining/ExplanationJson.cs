using System.Text.Json;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Explaining;

/// <summary>An explanation as JSON: each line with its sentence, the sentence's key and arguments, whether it holds, and its reasons.</summary>
public static class ExplanationJson
{
    /// <summary>
    /// Writes a line and what stands behind it: <c>{"says", "key", "arguments", "holds", "because"}</c>; <c>holds</c> is left out where
    /// a line only informs. Arguments are raw: instants by RFC 3339 ("ever" and "never" at the ends), numbers as texts, amounts with
    /// their unit, sentences within sentences with their own key and arguments.
    /// </summary>
    /// <param name="json">Where to.</param>
    /// <param name="explanation">The line.</param>
    /// <param name="book">The language.</param>
    public static void Write(Utf8JsonWriter json, Explanation explanation, PhraseBook book)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(book);
        json.WriteStartObject();
        WriteMessage(json, explanation.Says, book);
        if (explanation.Mark != Mark.None) { json.WriteBoolean("holds", explanation.Mark == Mark.Yes); }
        json.WriteStartArray("because");
        foreach (var because in explanation.Because) { Write(json, because, book); }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, Message message, PhraseBook book)
    {
        json.WriteString("says", book.Say(message));
        json.WriteString("key", message.Key);
        json.WriteStartObject("arguments");
        foreach (var (name, value) in message.Arguments)
        {
            json.WritePropertyName(name);
            WriteArgument(json, value, book);
        }
        json.WriteEndObject();
    }

    private static void WriteArgument(Utf8JsonWriter json, Argument argument, PhraseBook book)
    {
        switch (argument)
        {
            case Argument.Amount amount:
                json.WriteStartObject();
                json.WriteString("amount", amount.Value.ToString());
                json.WriteString("unit", amount.Unit);
                json.WriteEndObject();
                break;
            case Argument.Inner inner:
                json.WriteStartObject();
                WriteMessage(json, inner.Value, book);
                json.WriteEndObject();
                break;
            case Argument.Several several:
                json.WriteStartArray();
                foreach (var item in several.Items) { WriteArgument(json, item, book); }
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(TextOf(argument, book));
                break;
        }
    }

    private static string TextOf(Argument argument, PhraseBook book) => argument switch
    {
        Argument.Verbatim verbatim => verbatim.Value,
        Argument.Name name => name.Value,
        Argument.Given given => given.Value,
        Argument.Words words => words.Value.In(book.Language),
        Argument.When instant => instant.Value.ToString(),
        Argument.Period period => Periods.Name(period.Kind, null, period.Starts, book.Zone),
        Argument.Count count => count.Value.ToString(),
        Argument.Length length => length.Value.ToString(),
        _ => "",
    };
}
