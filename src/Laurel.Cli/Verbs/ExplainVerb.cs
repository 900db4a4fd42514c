using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Reading;
using Laurel.Engine.Explaining;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Verbs;

/// <summary>laurel explain: says why, and why not, and what would change it.</summary>
internal static class ExplainVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("explain");
        var question = new QuestionOptions(command, "text", "json");
        var about = new TopicOptions(command);
        var language = new LanguageOption(command);
        return new(
            new("explain", "says why a number is what it is, and what would change it", "<program> [<facts>…] --member MEMBER",
                "Explains a member's standing, or one thing about it. Every amount comes from the evaluation that made it, run once more with its trace kept.",
                [
                    ("--member MEMBER", "whose"), ("--subject KIND/NAME", "everything about one subject, such as site/s1"), ("--rule RULE", "with --subject: that rule alone"),
                    ("--metric METRIC", "a number"), ("--level LEVEL", "a level: why, why not, the way to it"), ("--benefit BENEFIT", "a benefit"), ("--obligation OBLIGATION", "period by period, and what is still needed"),
                    ("--payout UNIT", "money, close by close: what was paid, and of what"),
                    .. VerbHelp.OfQuestions("text", "json"), LanguageOption.Help,
                ],
                "explain wix-partner programs/wix-partner/demo.jsonl --member ada"),
            command,
            (call, terminal) => Run(question.Read(call), about.Read(call), question.ReadFormat(call), language.Read(call), terminal));
    }

    private static ExitCode Run(Question question, Topic topic, string format, string language, Terminal terminal)
    {
        using var progress = new Progress(terminal.ErrorScreen);
        if (question.Member is null) { throw Halt.Misuse("explain needs a member", "Name one with --member: laurel score lists them."); }
        var asked = Asked.Read(question, terminal, progress);
        var scored = Scored.Of(asked, terminal, progress);
        progress.Pause();
        var explained = Explain(topic, asked, scored);
        var book = PhraseBook.In(language, asked.Program.Vocabulary);
        if (format == "json") { ExplanationDocument.Write(explained, book, asked, terminal); }
        else { ExplanationText.Write(explained, book, asked, terminal); }
        asked.SayRefused(terminal);
        return asked.Code;
    }

    private static Explanation Explain(Topic topic, Asked asked, Scored scored)
    {
        try
        {
            var member = asked.Member!.Value;
            return topic.Explain(scored.ExplainerOf(member), asked.Program, asked.History, asked.Under, asked.Known, asOf: null, asked.History.NameOf(member), asked.At, out var missing) ?? throw Halt.Misuse(missing!.Message, missing.Remedy);
        }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
    }
}
