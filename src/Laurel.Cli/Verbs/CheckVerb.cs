using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Reading;
using Laurel.Cli.Writing;
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
                "Reads each program and names every error and warning.",
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
        var result = folder.Read();
        foreach (var problem in result.Problems) { terminal.Show(problem); }
        var errors = result.Problems.Count(p => p.Severity == Severity.Error);
        var warnings = result.Problems.Count - errors;
        var said = $"{folder.Path}: {Shown.Count(errors, "error")}, {Shown.Count(warnings, "warning")}";
        if (result.Program is { } program)
        {
            var rules = program.Editions.Concat(program.Drafts).Sum(e => e.Rules.Count);
            said += $"; {Shown.Count(program.Editions.Count, "edition")}, {Shown.Count(program.Drafts.Count, "draft")}, {Shown.Count(rules, "rule")}";
        }
        text.WriteLine(said);
        text.Flush();
        terminal.Output.Flush();
        return errors == 0;
    }
}
