using System.CommandLine;
using System.CommandLine.Parsing;
using Laurel.Cli.Verbs;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Calling;

/// <summary>Reads a call and does what it asks.</summary>
internal static class CommandLine
{
    private static readonly string[] HelpOptions = ["--help", "-h", "-?"];

    /// <summary>All verbs, in the order in which one meets them.</summary>
    public static IReadOnlyList<Verb> Verbs() =>
        [CheckVerb.Make(), ScoreVerb.Make(), ExplainVerb.Make(), ForecastVerb.Make(), WhatIfVerb.Make(), BacktestVerb.Make(), LedgerVerb.Make(), SampleVerb.Make(), ServeVerb.Make(), ImportVerb.Make(), ExportVerb.Make(), VerifyVerb.Make(), BackupVerb.Make(), RestoredVerb.Make(), HelpVerb.Make()];

    /// <summary>Runs a call.</summary>
    public static ExitCode Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var verbs = Verbs();
        var named = verbs.FirstOrDefault(v => arguments.Count > 0 && v.Help.Name == arguments[0]);
        if (arguments.Count == 0 || arguments.TakeWhile(a => a != "--").Any(HelpOptions.Contains)) { return HelpVerb.Print(named, verbs, terminal); }
        if (arguments is ["--version"]) { return PrintVersion(terminal); }
        if (named is null) { throw Unknown(arguments[0], verbs); }
        var call = Parse(named, arguments);
        return named.Run(call, terminal);
    }

    /// <summary>What to say to whoever named a verb that there is not.</summary>
    public static Halt Unknown(string verb, IReadOnlyList<Verb> verbs) =>
        verb.StartsWith('-')
            ? Halt.Misuse($"a call begins with a verb, not with `{verb}`", "Say what to do first: laurel help lists the verbs.")
            : Halt.Misuse($"there is no verb `{verb}`", Choice.Among(verb, verbs.Select(v => v.Help.Name)));

    private static ParseResult Parse(Verb verb, IReadOnlyList<string> arguments)
    {
        // The parser takes a first argument that is the command's name for that name: a program may be called "score".
        var call = verb.Command.Parse(arguments, new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        var unknown = call.UnmatchedTokens is [var first, ..] ? first : TakenForFile(call, arguments);
        if (unknown is not null && unknown.StartsWith('-'))
        {
            throw Halt.Misuse($"{verb.Help.Name} has no option `{unknown}`", Choice.Among(unknown, verb.Command.Options.Select(o => o.Name)));
        }
        if (unknown is not null) { throw Halt.Misuse($"{verb.Help.Name} does not know what to do with `{unknown}`", UsageOf(verb)); }
        if (call.Errors.Count > 0) { throw Halt.Misuse(WrongWith(call) ?? Lowered(call.Errors[0].Message), UsageOf(verb)); }
        return call;
    }

    /// <summary>What is wrong with an option; null where it is something else.</summary>
    private static string? WrongWith(ParseResult call)
    {
        var options = call.CommandResult.Children.OfType<OptionResult>().ToList();
        if (options.Find(o => o.IdentifierTokenCount > 1 && o.Option.Arity.MaximumNumberOfValues == 1) is { } twice) { return $"`{twice.Option.Name}` stands twice, and can have one value"; }
        return options.Find(o => o.Tokens.Count < o.Option.Arity.MinimumNumberOfValues) is { } empty ? $"`{empty.Option.Name}` has no value" : null;
    }

    /// <summary>An option that the verb does not have looks like one more file of facts to the parser.</summary>
    private static string? TakenForFile(ParseResult call, IReadOnlyList<string> arguments)
    {
        var afterDashes = arguments.SkipWhile(a => a != "--").ToHashSet();
        return call.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .FirstOrDefault(value => value.Length > 1 && value[0] == '-' && !afterDashes.Contains(value));
    }

    private static string UsageOf(Verb verb) => $"Usage: laurel {verb.Help.Name} {verb.Help.Usage}\nlaurel help {verb.Help.Name} says more.";

    private static string Lowered(string sentence) => (char.ToLowerInvariant(sentence[0]) + sentence[1..]).TrimEnd('.');

    private static ExitCode PrintVersion(Terminal terminal)
    {
        using var text = terminal.OpenText();
        text.WriteLine($"laurel {typeof(CommandLine).Assembly.GetName().Version?.ToString(3)}");
        return ExitCode.Fine;
    }
}
