using System.CommandLine;
using Laurel.Cli.Calling;

namespace Laurel.Cli.Verbs;

/// <summary>laurel help: what there is, and how a verb is called.</summary>
internal static class HelpVerb
{
    /// <summary>The verb.</summary>
    public static Verb Make()
    {
        var verb = new Argument<string?>("verb") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("help");
        command.Arguments.Add(verb);
        return new(
            new("help", "says how a verb is called", "[<verb>]", "Without a verb, lists all of them.", [], "help score"),
            command,
            (call, terminal) => Run(call.GetValue(verb), terminal));
    }

    /// <summary>Prints the help of a verb, or that of all.</summary>
    public static ExitCode Print(Verb? verb, IReadOnlyList<Verb> verbs, Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.Write(verb is null ? Overview(verbs) : verb.Help.ToString());
        return ExitCode.Fine;
    }

    private static ExitCode Run(string? name, Terminal terminal)
    {
        var verbs = CommandLine.Verbs();
        var verb = verbs.FirstOrDefault(v => v.Help.Name == name);
        if (name is not null && verb is null) { throw CommandLine.Unknown(name, verbs); }
        return Print(verb, verbs, terminal);
    }

    private static string Overview(IReadOnlyList<Verb> verbs)
    {
        var wide = verbs.Max(v => v.Help.Name.Length);
        var lines = verbs.Select(v => $"  {v.Help.Name.PadRight(wide)}  {v.Help.Does}");
        return $"""
            laurel runs partner programs: facts in; points, levels and benefits out, explained.

            Usage: laurel <verb> …

            {string.Join('\n', lines)}

            A program is a folder, or the name of one in ./programs (LAUREL_PROGRAMS names
            another place). Facts are CloudEvents, one JSON object on a line; - is standard
            input. A date means the end of that day in the program's zone.

            Results go to standard output, everything else to standard error. Exit codes:
            0 fine, 1 the program or the facts are wrong, 2 called wrongly.

            Example:
              laurel {verbs.First(v => v.Help.Name == "score").Help.Example}

            """;
    }
}
