using System.CommandLine;
using System.Text.Json;
using Laurel.Cli.Backtests;
using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Backtesting;
using Laurel.Engine.Explaining;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;
using Laurel.Server.Working;

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
        Instant? from = run.From is null ? null : Moment.ReadStart("--from", run.From, asked.Zone);
        if (question.At is null && from is { } begins) { asked = asked with { At = Instant.Max(asked.At, begins) }; }
        var sides = new BacktestQuestion(run.Draft, run.Against, from, run.Groups).Read(asked.Program, asked.At, asked.Known, out var missing) ?? throw Halt.Misuse(missing!.Message, missing.Remedy);
        if (sides.IsSame) { terminal.Say($"{sides.DraftName} is compared with itself: nothing can differ"); }
        var backtest = sides.Compare(asked.Program, asked.History, asked.At, asked.Known);
        var compared = Scored.Within(() => new Compared(backtest, Scored.Cores(terminal, progress)));
        Scored.SayWhereHolidaysEnd(asked, backtest.Draft, terminal);
        var said = new Said(asked, sides, compared, terminal, progress, PhraseBook.In(run.Language, asked.Program.Vocabulary));
        var leftOut = new LeftOut();
        if (asked.Member is { } member) { said.WriteOne(member, format); }
        else { said.WriteAll(run, format, leftOut); }
        asked.SayRefused(terminal);
        return leftOut.Say(terminal, asked.Code);
    }

    /// <summary>Says what a backtest came to.</summary>
    private sealed record Said(Asked Asked, BacktestSides Sides, Compared Compared, Terminal Terminal, Progress Progress, PhraseBook Book)
    {
        public void WriteOne(int member, string format)
        {
            var difference = Difference(member);
            var explained = Compared.Explain(difference);
            Progress.Pause();
            if (format == "json")
            {
                WriteJson(null, [(difference, explained)]);
                return;
            }
            using var text = Terminal.OpenText();
            text.WriteLine(Terminal.Paint.Title(Headline.OfBacktest(Asked, Sides.Says)));
            text.WriteLine();
            ExplanationText.Write(text, explained, Book, Terminal.Paint, 0);
        }

        public void WriteAll(BacktestRun run, string format, LeftOut leftOut)
        {
            var (found, failures) = Scored.Within(Compared.All);
            IReadOnlyList<MemberDifference> differences = [.. leftOut.Without(found, failures)];
            var changed = differences.Where(d => d.Changed).ToList();
            if (format == "csv")
            {
                Progress.Pause();
                BacktestCsv.Write(Compared, changed, Terminal);
                return;
            }
            var report = Report(differences);
            if (Terminal.Screen is not null || !run.ExplainAll) { Progress.Pause(); }
            if (format == "json")
            {
                WriteJson(report, run.ExplainAll ? Compared.Explain(changed, e => e).Select(e => (e.Difference, (Explanation?)e.Made)) : changed.Select(d => (d, (Explanation?)null)));
                return;
            }
            BacktestText.Write(Asked, Sides, Compared, differences, report, run.Top ?? TopDefault, Terminal);
            if (!run.ExplainAll) { return; }
            using var text = Terminal.OpenText();
            foreach (var (_, said) in Compared.Explain(changed, Say))
            {
                text.WriteLine();
                text.Write(said);
            }
        }

        private MemberDifference Difference(int member)
        {
            try { return Compared.Of(member); }
            catch (AmountOverflowException overflow) { throw Asked.TooMuch(overflow); }
        }

        private BacktestReport Report(IReadOnlyList<MemberDifference> differences)
        {
            try { return Compared.Report(differences); }
            catch (OverflowException) { throw Halt.Wrong("the amounts of all members add up to more than 64 bits hold", "Look for amounts in the facts that can't be meant."); }
        }

        private void WriteJson(BacktestReport? report, IEnumerable<(MemberDifference Difference, Explanation? Explained)> members)
        {
            using (var json = new Utf8JsonWriter(Terminal.Output, StandingsJson.Options))
            {
                json.WriteStartObject();
                new BacktestJson(json, Compared.Backtest).Write(Asked.Program, Asked.Known, Sides.Says, report, members, Book);
                json.WriteEndObject();
            }
            Terminal.Output.WriteByte((byte)'\n');
        }

        private string Say(Explanation explained)
        {
            using var text = new StringWriter { NewLine = "\n" };
            ExplanationText.Write(text, explained, Book, Terminal.Paint, 0);
            return text.ToString();
        }
    }
}
