using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Forecasting;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Cli.Writing;
using Laurel.Engine.Explaining;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Cli.Verbs;

/// <summary>laurel what-if: says what would be different for a member if some facts had been told.</summary>
internal static class WhatIfVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("what-if");
        var question = new QuestionOptions(command, "text", "json");
        var suppose = new Option<string[]>("--suppose") { AllowMultipleArgumentsPerToken = false };
        command.Options.Add(suppose);
        var horizon = new HorizonOption(command);
        var language = new LanguageOption(command);
        return new(
            new("what-if", "says what would be different if facts were told, and why", "<program> [<facts>…] --member MEMBER --suppose FACT",
                "Supposes facts beside those that were told, and says what would be different for a member: standing, credits, later changes, each with its reason. Records nothing. A fact is written as 'TYPE KIND=NAME FIELD=VALUE at=DATE', or as a file of JSON lines; left out, its time is that of the question, and the member that it names is the one asked about.",
                [("--suppose FACT", "a fact, a file of facts, or - ; may be repeated"), ("--member MEMBER", "for whom"), HorizonOption.Help, .. VerbHelp.OfQuestions("text", "json"), LanguageOption.Help],
                "what-if wix-partner programs/wix-partner/demo.jsonl --member ada \\\n    --suppose 'plan.expired site=gallery at=2025-06-01'"),
            command,
            (call, terminal) => Run(question.Read(call), call.GetValue(suppose) ?? [], question.ReadFormat(call), language.Read(call), asked => horizon.Read(call, asked), terminal));
    }

    private static ExitCode Run(Question question, string[] supposed, string format, string language, Func<Asked, Instant> horizon, Terminal terminal)
    {
        using var progress = new Progress(terminal.ErrorScreen);
        if (question.Member is not { } name) { throw Halt.Misuse("what-if needs a member", "Name one with --member: laurel score lists them."); }
        if (supposed.Length == 0) { throw Halt.Misuse("nothing is supposed", "Say what with --suppose, such as 'plan.renewed site=s1 plan=business'."); }
        var asked = Asked.Read(question with { Member = null }, terminal, progress);
        progress.Pause();
        var until = horizon(asked);
        asked.CheckEdition();
        Scored.SayWhereHolidaysEnd(asked, new(asked.Program, asked.History, asked.Under, asked.Known), terminal, until);
        var member = Asked.BareName(name);
        var facts = new Suppositions(asked.Program.Vocabulary, member, asked.At).Read(supposed, terminal, progress);
        if (!facts.Any(fact => Names(fact, member))) { Asked.FindMember(asked.History, name); }
        var book = PhraseBook.In(language, asked.Program.Vocabulary);
        try
        {
            var whatIf = new WhatIf(asked.Program, asked.History, asked.Under, asked.Known, member, facts);
            if (whatIf.Verdicts.OfType<Verdict.Refused>().FirstOrDefault() is { Refusal: var refusal }) { throw Halt.Wrong($"a fact that is supposed is refused: {refusal.Message}", refusal.Remedy); }
            if (format == "json") { StandingsJson.WriteDocument(terminal, asked, json => WhatIfJson.Write(json, whatIf, asked.Program, facts, member, asked.At, until, book)); }
            else { Write(whatIf, member, until, book, asked, terminal); }
        }
        catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
        asked.SayRefused(terminal);
        return asked.Code;
    }

    private static void Write(WhatIf whatIf, string member, Instant until, PhraseBook book, Asked asked, Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.WriteLine(terminal.Paint.Title($"{Plain.Line(member)} in {Headline.OfExplanation(asked)}"));
        foreach (var list in whatIf.Explain(asked.At, until)) { ExplanationText.WriteList(text, list, book, terminal.Paint); }
    }

    private static bool Names(Fact fact, string member) =>
        (fact.Type.About == Vocabulary.MemberKind && fact.Subject?.Name == member)
        || fact.Type.Carries.Any(f => f.Type is FieldType.Reference { Kind: Vocabulary.MemberKind } && fact[f.Name]?.ToString() == member);
}
