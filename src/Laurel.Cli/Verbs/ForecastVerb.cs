using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Forecasting;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Verbs;

/// <summary>laurel forecast: says what will happen to a member by itself, and what would follow if what ends were renewed.</summary>
internal static class ForecastVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("forecast");
        var question = new QuestionOptions(command, "text", "json");
        var horizon = new HorizonOption(command);
        var language = new LanguageOption(command);
        return new(
            new("forecast", "says what will happen by itself, and what if plans are renewed", "<program> [<facts>…] --member MEMBER",
                "Two lists, never mixed: what will happen by itself, by what is known (ends, releases, reviews, year ends), each with its reason; and what would follow if each thing that ends were renewed, alone, and all of them.",
                [("--member MEMBER", "whose"), HorizonOption.Help, .. VerbHelp.OfQuestions("text", "json"), LanguageOption.Help],
                "forecast wix-partner programs/wix-partner/demo.jsonl --member ada"),
            command,
            (call, terminal) => Run(question.Read(call), question.ReadFormat(call), language.Read(call), asked => horizon.Read(call, asked), terminal));
    }

    private static ExitCode Run(Question question, string format, string language, Func<Asked, Engine.Values.Instant> horizon, Terminal terminal)
    {
        using var progress = new Progress(terminal.ErrorScreen);
        if (question.Member is null) { throw Halt.Misuse("forecast needs a member", "Name one with --member: laurel score lists them, each with its next change."); }
        var asked = Asked.Read(question, terminal, progress);
        progress.Pause();
        var until = horizon(asked);
        asked.CheckEdition();
        Scored.SayWhereHolidaysEnd(asked, new(asked.Program, asked.History, asked.Under, asked.Known), terminal, until);
        var member = asked.History.NameOf(asked.Member!.Value);
        var book = PhraseBook.In(language, asked.Program.Vocabulary);
        try
        {
            var forecaster = new Forecaster(asked.Program, asked.History, asked.Under, asked.Known, member, asked.At, until);
            var (will, renewals) = (forecaster.Will(), forecaster.If());
            if (format == "json") { StandingsJson.WriteDocument(terminal, asked, json => ForecastJson.Write(json, will, renewals, member, until, book, asked.Program.Vocabulary)); }
            else { ForecastText.Write(will, renewals, book, asked, terminal); }
        }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
        asked.SayRefused(terminal);
        return asked.Code;
    }
}
