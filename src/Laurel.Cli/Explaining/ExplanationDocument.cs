using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Explaining;

/// <summary>An explanation as a JSON document, beside what was asked.</summary>
internal static class ExplanationDocument
{
    /// <summary>Writes the document.</summary>
    public static void Write(Explanation explained, PhraseBook book, Asked asked, Terminal terminal) => StandingsJson.WriteDocument(terminal, asked, json =>
    {
        json.WriteString("member", asked.History.NameOf(asked.Member!.Value));
        json.WriteString("language", book.Language);
        json.WritePropertyName("explanation");
        ExplanationJson.Write(json, explained, book);
    });
}
