using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Samples;
using Laurel.Cli.Writing;
using Laurel.Engine.Programs;
using Laurel.Engine.Scenarios;
using Laurel.Engine.Values;

namespace Laurel.Cli.Verbs;

/// <summary>laurel check: reads programs and names everything that is wrong with them.</summary>
internal static class CheckVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var programs = new Argument<string[]>("program") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("check");
        command.Arguments.Add(programs);
        return new(
            new("check", "reads programs, and names every error with its place and a remedy", "<program>…",
                "Reads each program, names every error and warning, and runs its scenarios. Warnings don't fail.",
                [], "check programs/*"),
            command,
            (call, terminal) => Run(call.GetValue(programs)!, terminal));
    }

    private static ExitCode Run(IReadOnlyList<string> names, Terminal terminal)
    {
        var folders = names.Select(ProgramFolder.Find).ToList();
        using var text = terminal.OpenText();
        var code = ExitCode.Fine;
        foreach (var folder in folders)
        {
            terminal.Stop.ThrowIfCancellationRequested();
            if (!Check(folder, terminal, text)) { code = ExitCode.Wrong; }
        }
        return code;
    }

    private static bool Check(ProgramFolder folder, Terminal terminal, TextWriter text)
    {
        var result = folder.Read(out var texts);
        var problems = result.Problems.ToList();
        var said = "";
        if (result.Program is { } program)
        {
            var (ran, found) = RunScenarios(program, texts, terminal);
            problems.AddRange(found.Concat(SampleOf(program, texts)).Select(folder.Placed));
            var rules = program.Editions.Concat(program.Drafts).Sum(e => e.Rules.Count);
            said = $"; {Shown.Count(program.Editions.Count, "edition")}, {Shown.Count(program.Drafts.Count, "draft")}, {Shown.Count(rules, "rule")}, {ran}";
        }
        foreach (var problem in problems) { terminal.Show(problem); }
        var errors = problems.Count(p => p.Severity == Severity.Error);
        text.WriteLine($"{folder.Path}: {Shown.Count(errors, "error")}, {Shown.Count(problems.Count - errors, "warning")}{said}");
        text.Flush();
        terminal.Output.Flush();
        return errors == 0;
    }

    /// <summary>What is wrong with the program's sample, where it has one.</summary>
    private static IReadOnlyList<Problem> SampleOf(PartnerProgram program, IReadOnlyDictionary<string, string> texts) =>
        texts.TryGetValue(SampleReader.File, out var text) ? SampleReader.Read(SampleReader.File, text, program.Vocabulary).Problems : [];

    private static (string Said, IReadOnlyList<Problem> Problems) RunScenarios(PartnerProgram program, IReadOnlyDictionary<string, string> texts, Terminal terminal)
    {
        var read = ScenarioReader.Read(program, texts);
        var results = new ScenarioResult[read.Scenarios.Count];
        Parallel.For(0, results.Length, new() { CancellationToken = terminal.Stop }, i => results[i] = ScenarioRunner.Run(program, read.Scenarios[i]));
        var passed = results.Count(r => r.Passed);
        var said = passed == results.Length ? Shown.Count(passed, "scenario") : $"{Shown.Count(passed)} of {Shown.Count(results.Length, "scenario")} as expected";
        return (said, [.. read.Problems, .. results.SelectMany(r => r.Failures)]);
    }
}
