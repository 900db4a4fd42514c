using System.CommandLine;
using System.Globalization;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Standings;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Verbs;

/// <summary>laurel score: says where every member stands, or one of them in full.</summary>
internal static class ScoreVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var command = new Command("score");
        var question = new QuestionOptions(command, "text", "json", "csv");
        var top = new Option<string?>("--top");
        command.Options.Add(top);
        return new(
            new("score", "says where every member stands: level, points, what changes next", "<program> [<facts>…]",
                "Scores the facts and prints every member's standing; with --member, one member's credits too. Facts that are refused are named and left out; the exit code is then 1.",
                [("--member MEMBER", "one member in full: points by rule and by subject, benefits"), ("--top N", "the N members with the most, best first"), .. VerbHelp.OfQuestions("text", "json", "csv")],
                "score wix-partner programs/wix-partner/demo.jsonl"),
            command,
            (call, terminal) => Run(question.Read(call), question.ReadFormat(call), ReadTop(call.GetValue(top)), terminal));
    }

    private static ExitCode Run(Question question, string format, int? top, Terminal terminal)
    {
        if (top is not null && question.Member is not null) { throw Halt.Misuse("--top and --member can't both be asked", "Leave one of them out."); }
        using var progress = new Progress(terminal.ErrorScreen);
        var asked = Asked.Read(question, terminal, progress);
        var scored = Scored.Of(asked, terminal, progress);
        var answer = new StandingReader(asked, scored);
        var code = asked.Code;
        if (asked.Member is { } member) { WriteMember(answer.InFull(member), format, asked, terminal, progress); }
        else { code = WriteAll(answer, format, top, asked, terminal, progress).Say(terminal, code); }
        asked.SayRefused(terminal);
        return scored.LeftOut.Say(terminal, code);
    }

    private static void WriteMember(MemberInFull member, string format, Asked asked, Terminal terminal, Progress progress)
    {
        progress.Pause();
        switch (format)
        {
            case "json":
                StandingsJson.WriteDocument(terminal, asked, json =>
                {
                    MemberJson.Write(json, member, asked.Program.Vocabulary);
                    MemberJson.WriteCredits(json, member.Credits);
                });
                break;
            case "csv":
                MemberText.WriteCsv(member, asked, terminal);
                break;
            default:
                MemberText.Write(member, asked, terminal);
                break;
        }
    }

    private static StandingTotals WriteAll(StandingReader answer, string format, int? top, Asked asked, Terminal terminal, Progress progress)
    {
        var totals = new StandingTotals(answer);
        var rows = answer.All().Select(row => totals.Add(row));
        if (top is { } most) { rows = Best(rows, most, answer); }
        if (terminal.Screen is not null)
        {
            // A bar on the same screen would stand in the middle of the table.
            rows = [.. rows];
            progress.Pause();
        }
        switch (format)
        {
            case "json":
                StandingsJson.Write(rows, totals, answer, asked, terminal);
                break;
            case "csv":
                StandingsText.WriteCsv(rows, answer, asked, terminal);
                break;
            default:
                StandingsText.Write(rows, totals, answer, asked, terminal);
                break;
        }
        return totals;
    }

    /// <summary>The members with the highest first metric, best first; of equals the one whose name comes first.</summary>
    private static List<StandingRow> Best(IEnumerable<StandingRow> rows, int most, StandingReader answer)
    {
        var best = new PriorityQueue<StandingRow, StandingRow>(Comparer<StandingRow>.Create((a, b) => answer.ByRank(b, a)));
        foreach (var row in rows)
        {
            best.Enqueue(row, row);
            if (best.Count > most) { best.Dequeue(); }
        }
        return [.. best.UnorderedItems.Select(item => item.Element).Order(Comparer<StandingRow>.Create(answer.ByRank))];
    }

    /// <summary>Reads how many members are asked for; null for no number.</summary>
    /// <exception cref="Halt">It is no count.</exception>
    public static int? ReadTop(string? text)
    {
        if (text is null) { return null; }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top > 0
            ? top
            : throw Halt.Misuse($"`--top {text}` is no count", "Write a whole number from 1 on.");
    }
}
