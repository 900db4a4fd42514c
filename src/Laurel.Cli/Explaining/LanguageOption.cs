using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Explaining;

/// <summary>The option that says in which language sentences are.</summary>
internal sealed class LanguageOption
{
    private readonly Option<string?> _language = new("--language");

    /// <summary>Adds it to a verb.</summary>
    public LanguageOption(Command verb) => verb.Options.Add(_language);

    /// <summary>What it means, for help.</summary>
    public static readonly (string Option, string Means) Help = ("--language LANGUAGE", "such as en");

    /// <summary>The language that was asked for; empty for none.</summary>
    /// <exception cref="Halt">There are no sentences in it.</exception>
    public string Read(ParseResult call)
    {
        var language = call.GetValue(_language) ?? "";
        return language.Length == 0 || PhraseBook.Languages.Contains(language.Split('-')[0])
            ? language
            : throw Halt.Misuse($"there are no sentences in `{language}`", Choice.Among(language, PhraseBook.Languages));
    }
}
