using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;

namespace Laurel.Cli.Verbs;

/// <summary>laurel check: reads programs and names everything that is wrong with them.</summary>
internal static class CheckVerb
{
    private const int GapsMax = 20;

    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var programs = new Argument<string[]>("program") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("check");
        command.Arguments.Add(programs);
        return new(
            new("check", "reads programs, and names every error with its place and a remedy", "<program>…",
                "Reads each program, names every error and warning, runs its scenarios, and says what they don't reach. Errors fail; the rest does not.",
                [], "check programs/*"),
            command,
            (call, terminal) => Run(call.GetValue(programs)!, terminal));
    }

    private static ExitCode Run(IReadOnlyList<string> names, Terminal terminal)
    {
        using var text = terminal.OpenText();
        return names.Select(name => Check(name, terminal, text)).Max();
    }

    /// <summary>One that is not there keeps no other from being checked.</summary>
    private static ExitCode Check(string name, Terminal terminal, TextWriter text)
    {
        terminal.Stop.ThrowIfCancellationRequested();
        try { return Check(ProgramFolder.Find(name), terminal, text) ? ExitCode.Fine : ExitCode.Wrong; }
        catch (Halt halt)
        {
            terminal.Complain(halt.Message, halt.Remedy);
            return halt.Code;
        }
    }

    private static bool Check(ProgramFolder folder, Terminal terminal, TextWriter text)
    {
        var result = folder.Read(out var texts);
        var problems = result.Problems.ToList();
        var run = result.Program is { } program ? CheckRun.Of(program, texts, terminal) : null;
        if (run is not null) { problems.AddRange(run.Problems.Select(folder.Placed)); }
        foreach (var problem in problems) { terminal.Show(problem); }
        var errors = problems.Count(p => p.Severity == Severity.Error);
        text.WriteLine($"{folder.Path}: {Shown.Count(errors, "error")}, {Shown.Count(problems.Count - errors, "warning")}{(run is null ? "" : $"; {run.Said}")}");
        if (result.Meant > 0) { text.WriteLine($"  meant, with a reason beside it: {Shown.Count(result.Meant)}"); }
        if (result.MayBeNotTold.Count > 0) { text.WriteLine($"  read without has(), and perhaps told by nobody: {string.Join(", ", result.MayBeNotTold)}"); }
        if (result.WithoutDistance.Count > 0) { text.WriteLine($"  levels whose distance can't be told, only what they need: {string.Join(", ", result.WithoutDistance)}"); }
        foreach (var tie in result.Ties) { text.WriteLine($"  at one instant: {folder.Path}/{tie}"); }
        if (run?.Coverage is { } coverage) { WriteCoverage(coverage, folder, text); }
        text.Flush();
        terminal.Output.Flush();
        return errors == 0;
    }

    private static void WriteCoverage(CoverageReport coverage, ProgramFolder folder, TextWriter text)
    {
        text.WriteLine($"  reached by scenarios: {coverage}");
        var open = coverage.Gaps.Where(gap => gap.Reason is null).ToList();
        foreach (var gap in open.Take(GapsMax)) { text.WriteLine($"  not reached: {folder.Path}/{gap}"); }
        if (open.Count > GapsMax) { text.WriteLine($"  not reached: {Shown.Count(open.Count - GapsMax)} more"); }
        var reasons = coverage.Gaps.Count - open.Count;
        if (reasons > 0) { text.WriteLine($"  not to be reached, with a reason beside it: {Shown.Count(reasons)}"); }
    }
}
