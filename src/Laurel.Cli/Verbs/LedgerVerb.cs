using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Ledgers;
using Laurel.Cli.Reading;
using Laurel.Engine.Deriving;
using Laurel.Engine.Ledger;
using Laurel.Engine.Standing;

namespace Laurel.Cli.Verbs;

/// <summary>laurel ledger: posts a history and writes the entries, and the roots that prove them.</summary>
internal static class LedgerVerb
{
    private const int ReportEvery = 256;

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("ledger");
        var question = new QuestionOptions(command, "text", "json", "csv");
        return new(
            new("ledger", "writes every entry with its cause, and the roots that prove them", "<program> [<facts>…]",
                "Posts the facts one by one and writes the entries in order. As json it writes each fact and each entry as the leaf that is hashed, one on a line, and at last the two roots.",
                [("--member MEMBER", "the entries of one member; the roots then stay out"), .. VerbHelp.OfQuestions("text", "json", "csv").Select(o => o.Option == "--at WHEN" ? (o.Option, "add the balances at that instant") : o)],
                "ledger wix-partner programs/wix-partner/demo.jsonl --member ada"),
            command,
            (call, terminal) => Run(question.Read(call), question.ReadFormat(call), terminal));
    }

    private static ExitCode Run(Question question, string format, Terminal terminal)
    {
        using var progress = new Progress(terminal.ErrorScreen);
        var asked = Asked.Read(question, terminal, progress);
        var book = asked.Under is null ? RuleBook.InForce(asked.Program, asked.Known) : RuleBook.Under(asked.Program, asked.Under);
        var lines = new LedgerLines(asked.Program, asked.History, book);
        var balances = question.At is null ? null : new LedgerBalances(asked);
        using ILedgerForm form = format switch
        {
            "json" => new LedgerJson(lines, asked, terminal),
            "csv" => new LedgerCsv(lines, book, asked, terminal),
            _ => new LedgerText(lines, book, asked, terminal),
        };
        if (terminal.Screen is not null) { progress.Pause(); }
        Post(asked, form, balances, terminal, terminal.Screen is null ? progress : null);
        form.End(balances);
        asked.SayRefused(terminal);
        return balances?.Say(terminal, asked.Code) ?? asked.Code;
    }

    private static void Post(Asked asked, ILedgerForm form, LedgerBalances? balances, Terminal terminal, Progress? progress)
    {
        var total = asked.History.KnownUpTo(asked.Known);
        try
        {
            foreach (var (item, entries) in Posting.Run(asked.Program, asked.History, asked.Under, asked.Known))
            {
                if (item.Position % ReportEvery == 0)
                {
                    terminal.Stop.ThrowIfCancellationRequested();
                    progress?.Report("posting", item.Position, total);
                }
                form.Write(item);
                foreach (var entry in entries)
                {
                    if (asked.Member is { } member && entry.Member != member) { continue; }
                    form.Write(entry, item);
                    balances?.Add(entry);
                }
            }
        }
        catch (AmountOverflowException overflow)
        {
            var at = overflow.Fact < 0 ? "at the close of a period or a new edition" : $"at fact `{asked.History.IdOf(overflow.Fact)}` of `{asked.History.SourceOf(overflow.Fact)}`";
            throw Halt.Wrong($"the ledger ends {at}: {overflow.Message}", $"{Asked.RemedyOf(overflow)} What was posted before stands.");
        }
        progress?.Pause();
    }
}
