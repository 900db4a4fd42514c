using System.CommandLine;
using Laurel.Cli.Reading;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Calling;

/// <summary>The arguments and options that questions to facts have in common.</summary>
internal sealed class QuestionOptions
{
    private readonly Argument<string> _program = new("program");
    private readonly Argument<string[]> _facts = new("facts") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _at = new("--at");
    private readonly Option<string?> _known = new("--known");
    private readonly Option<string?> _under = new("--under");
    private readonly Option<string?> _member = new("--member");
    private readonly Option<bool> _strict = new("--strict");
    private readonly Option<string?> _refusals = new(RefusalFile.Option);
    private readonly Option<string?> _format = new("--format");
    private readonly string[] _formats;

    /// <summary>Adds them to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="formats">The formats that it has; the first is its default.</param>
    public QuestionOptions(Command verb, params string[] formats) : this(verb, formats, ofOne: true)
    {
    }

    private QuestionOptions(Command verb, string[] formats, bool ofOne)
    {
        _formats = formats;
        verb.Arguments.Add(_program);
        verb.Arguments.Add(_facts);
        Option[] one = [_under, _member];
        foreach (var option in (Option[])[_at, _known, .. ofOne ? one : [], _strict, _refusals, _format]) { verb.Options.Add(option); }
    }

    /// <summary>Adds those of a verb that has its own ways to name editions and members.</summary>
    public static QuestionOptions WithoutOne(Command verb, params string[] formats) => new(verb, formats, ofOne: false);

    /// <summary>What was asked.</summary>
    public Question Read(ParseResult call) => new(
        call.GetValue(_program)!, call.GetValue(_facts) ?? [], call.GetValue(_at), call.GetValue(_known), call.GetValue(_under), call.GetValue(_member), call.GetValue(_strict), call.GetValue(_refusals));

    /// <summary>The format that was asked for.</summary>
    /// <exception cref="Halt">There is no such format.</exception>
    public string ReadFormat(ParseResult call)
    {
        var format = call.GetValue(_format) ?? _formats[0];
        return _formats.Contains(format) ? format : throw Halt.Misuse($"there is no format `{format}` here", Choice.Among(format, _formats));
    }
}
