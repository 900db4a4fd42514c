using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Engine.Explaining;

namespace Laurel.Cli.Explaining;

/// <summary>The options that say what is to be explained.</summary>
internal sealed class TopicOptions
{
    private readonly Option<string?> _subject = new("--subject");
    private readonly Option<string?> _rule = new("--rule");
    private readonly Option<string?> _metric = new("--metric");
    private readonly Option<string?> _level = new("--level");
    private readonly Option<string?> _benefit = new("--benefit");
    private readonly Option<string?> _obligation = new("--obligation");
    private readonly Option<string?> _payout = new("--payout");

    /// <summary>Adds them to a verb.</summary>
    public TopicOptions(Command verb)
    {
        foreach (var option in new[] { _subject, _rule, _metric, _level, _benefit, _obligation, _payout }) { verb.Options.Add(option); }
    }

    /// <summary>What is to be explained.</summary>
    /// <exception cref="Halt">Several things at once.</exception>
    public Topic Read(ParseResult call)
    {
        var named = new[] { _subject, _metric, _level, _benefit, _obligation, _payout }.Where(o => call.GetValue(o) is not null).Select(o => o.Name).ToList();
        if (named.Count > 1) { throw Halt.Misuse($"{string.Join(" and ", named)} can't be explained at once", "Ask for one of them."); }
        if (call.GetValue(_rule) is not null && call.GetValue(_subject) is null) { throw Halt.Misuse("a rule is explained on a subject", "Name it too, such as --subject site/s1."); }
        return new(call.GetValue(_subject), call.GetValue(_rule), call.GetValue(_metric), call.GetValue(_level), call.GetValue(_benefit), call.GetValue(_obligation), call.GetValue(_payout));
    }
}
