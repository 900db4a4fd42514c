using System.CommandLine;
using System.Globalization;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Samples;
using Laurel.Cli.Writing;
using Laurel.Server;

namespace Laurel.Cli.Verbs;

/// <summary>laurel sample: makes up a history for a program, of any size, the same for the same seed.</summary>
internal static class SampleVerb
{
    private const long MembersMax = 10_000_000;
    private const long FactsMax = 1_000_000_000;

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var program = new Argument<string>("program");
        var seed = new Option<string?>("--seed");
        var facts = new Option<string?>("--facts");
        var members = new Option<string?>("--members");
        var command = new Command("sample");
        command.Arguments.Add(program);
        foreach (var option in new[] { seed, facts, members }) { command.Options.Add(option); }
        return new(
            new("sample", "makes up a history: facts to try a program with", "<program>",
                $"Writes made-up facts in the order in which they are learnt, as the program's {SampleReader.File} tells them. The same seed, facts and members give the same bytes on every machine.",
                [("--seed N", "another seed, another history; default: 1"), ("--facts N", "how many facts; default: 10,000"), ("--members N", "how many members; default: 100")],
                "sample wix-partner --seed 7 --facts 1000 --members 20"),
            command,
            (call, terminal) => Run(
                call.GetValue(program)!, Whole("--seed", call.GetValue(seed), 1, long.MinValue, long.MaxValue), Whole("--facts", call.GetValue(facts), 10_000, 1, FactsMax),
                (int)Whole("--members", call.GetValue(members), 100, 1, MembersMax), terminal));
    }

    private static ExitCode Run(string name, long seed, long facts, int members, Terminal terminal)
    {
        var program = Asked.ReadProgram(name, terminal);
        var folder = ProgramFolder.Find(name);
        if (!FolderTexts.Read(folder.Path).Texts.TryGetValue(SampleReader.File, out var text)) { throw Halt.Wrong($"{folder.Path} has no {SampleReader.File}", "Write one: it says what happens, how often, and after how long."); }
        var (plan, problems) = SampleReader.Read(SampleReader.File, text, program.Vocabulary);
        foreach (var problem in problems) { terminal.Show(folder.Placed(problem)); }
        if (plan is null) { throw Halt.Wrong($"{folder.Path}/{SampleReader.File} has {Shown.Count(problems.Count, "error")}", ""); }
        var written = SampleHistory.Write(terminal.Output, plan, seed, members, facts);
        if (written < facts) { terminal.Say($"{Shown.Count(written, "fact")}: {Shown.Count(members, "member")} come to no more"); }
        return ExitCode.Fine;
    }

    private static long Whole(string option, string? text, long otherwise, long min, long max)
    {
        if (text is null) { return otherwise; }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw Halt.Misuse($"`{option} {text}` is no whole number that it can be", $"Write one from {Shown.Count(min)} to {Shown.Count(max)}.");
    }
}
