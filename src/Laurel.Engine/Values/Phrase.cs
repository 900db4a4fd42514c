namespace Laurel.Engine.Values;

/// <summary>A text, or the same text in several languages. The first one written is the one to fall back on.</summary>
/// <param name="Texts">Language ("en", "pt-BR") to text; a text without a language stands under the empty name. Not empty.</param>
public sealed record Phrase(IReadOnlyList<KeyValuePair<string, string>> Texts)
{
    /// <summary>A text in no particular language.</summary>
    public static Phrase Of(string text) => new([new("", text)]);

    /// <summary>The text in a language; else in its parent ("pt" for "pt-BR"); else the first.</summary>
    public string In(string language)
    {
        foreach (var (name, text) in Texts)
        {
            if (name == language) { return text; }
        }
        var dash = language.LastIndexOf('-');
        return dash > 0 ? In(language[..dash]) : Texts[0].Value;
    }
}
