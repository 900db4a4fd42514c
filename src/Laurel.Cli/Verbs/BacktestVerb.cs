using System.CommandLine;
using Laurel.Cli.Backtests;
using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;
using Laurel.Engine.Values;

namespace Laurel.Cli.Verbs;

/// <summary>laurel backtest: says what a draft would change over a whole history, and for whom.</summary>
internal static class BacktestVerb
{
    private const int TopDefault = 10;

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("backtest");
        var question = QuestionOptions.WithoutOne(command, "text", "json", "csv");
        var options = new BacktestOptions(command);
        return new(
            new("backtest", "says what a draft would change, and for whom", "<program> [<facts>…] --draft EDITION",
                "Scores the facts under the draft and under the edition in force, each as if it alone had always been in force, and compares member by member: amounts, levels, benefits, winners and losers, groups, near misses, and what could not be judged.",
                [
                    ("--draft EDITION", "the draft, or any edition"), ("--against EDITION", $"default: the one in force then; {BacktestQuestion.InForce}: all, by date"),
                    ("--from WHEN", "it takes over on that day, with its transition"), ("--group FIELD", "tenure, size, a field of members; several times"),
                    ("--top N", "how many members each list names; default: 10"), ("--explain MEMBER", "why one member's standing differs"), ("--explain-all", "the same for every member that changed"),
                    .. VerbHelp.OfQuestions("text", "json", "csv").Where(o => o.Option != "--under EDITION"), ("--language LANGUAGE", "such as en"),
                ],
                "backtest wix-partner programs/wix-partner/demo.jsonl --draft W6"),
            command,
            (call, terminal) => Run(question.Read(call), question.ReadFormat(call), options.Read(call), terminal));
    }

    private static ExitCode Run(Question question, string format, BacktestRun run, Terminal terminal)
    {
        if (format == "csv" && (run.Explain is not null || run.ExplainAll)) { throw Halt.Misuse("csv has no explanations", "Ask for --format json, or leave out --format."); }
        using var progress = new Progress(terminal.ErrorScreen);
        var asked = Asked.Read(question with { Member = run.Explain }, terminal, progress);
        if (question.At is null && run.Question.From is { } from) { asked = asked with { At = Instant.Max(asked.At, Moment.ReadStart("--from", from, asked.Zone)) }; }
        var sides = run.Question.Read(asked);
        if (sides.IsSame) { terminal.Say($"{sides.DraftName} is compared with itself: nothing can differ"); }
        var compared = Compared.Of(sides, terminal, progress);
        var book = PhraseBook.In(run.Language, asked.Program.Vocabulary);
        if (asked.Member is { } member) { WriteOne(compared, member, format, book, terminal, progress); }
        else { WriteAll(compared, run, format, book, terminal, progress); }
        asked.SayRefused(terminal);
        return compared.LeftOut.Say(terminal, asked.Code);
    }

    private static void WriteOne(Compared compared, int member, string format, PhraseBook book, Terminal terminal, Progress progress)
    {
        var difference = compared.Of(member);
        var explained = compared.Explain(difference);
        progress.Pause();
        if (format == "json")
        {
            BacktestJson.Write(compared, null, [(difference, explained)], book, terminal);
            return;
        }
        using var text = terminal.OpenText();
        text.WriteLine(terminal.Paint.Title(Headline.OfBacktest(compared.Sides.Asked, compared.Sides.Says)));
        text.WriteLine();
        ExplanationText.Write(text, explained, book, terminal.Paint, 0);
    }

    private static void WriteAll(Compared compared, BacktestRun run, string format, PhraseBook book, Terminal terminal, Progress progress)
    {
        var differences = compared.All();
        var changed = differences.Where(d => d.Changed).ToList();
        if (format == "csv")
        {
            progress.Pause();
            BacktestCsv.Write(compared, changed, terminal);
            return;
        }
        var report = compared.Report(differences);
        if (terminal.Screen is not null || !run.ExplainAll) { progress.Pause(); }
        if (format == "json")
        {
            BacktestJson.Write(compared, report, run.ExplainAll ? compared.Explain(changed, e => e).Select(e => (e.Difference, (Explanation?)e.Made)) : changed.Select(d => (d, (Explanation?)null)), book, terminal);
            return;
        }
        BacktestText.Write(compared, differences, report, run.Top ?? TopDefault, terminal);
        if (!run.ExplainAll) { return; }
        using var text = terminal.OpenText();
        foreach (var (_, said) in compared.Explain(changed, explained => Said(explained, book, terminal)))
        {
            text.WriteLine();
            text.Write(said);
        }
    }

    private static string Said(Explanation explained, PhraseBook book, Terminal terminal)
    {
        using var text = new StringWriter { NewLine = "\n" };
        ExplanationText.Write(text, explained, book, terminal.Paint, 0);
        return text.ToString();
    }
}
