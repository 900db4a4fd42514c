using System.CommandLine;
using Laurel.Cli.Calling;
using Laurel.Cli.Explaining;
using Laurel.Cli.Verbs;

namespace Laurel.Cli.Backtests;

/// <summary>The options that a backtest has of its own.</summary>
internal sealed class BacktestOptions
{
    private readonly Option<string?> _draft = new("--draft");
    private readonly Option<string?> _against = new("--against");
    private readonly Option<string?> _from = new("--from");
    private readonly Option<string[]> _groups = new("--group");
    private readonly Option<string?> _explain = new("--explain");
    private readonly Option<bool> _explainAll = new("--explain-all");
    private readonly Option<string?> _top = new("--top");
    private readonly LanguageOption _language;

    /// <summary>Adds them to a verb.</summary>
    public BacktestOptions(Command verb)
    {
        _language = new(verb);
        foreach (var option in new Option[] { _draft, _against, _from, _groups, _explain, _explainAll, _top }) { verb.Options.Add(option); }
    }

    /// <summary>What was asked.</summary>
    /// <exception cref="Halt">It does not go together.</exception>
    public BacktestRun Read(ParseResult call)
    {
        var draft = call.GetValue(_draft) ?? throw Halt.Misuse("backtest needs a draft", "Name it with --draft: a draft of the program, or any of its editions.");
        var (explain, all) = (call.GetValue(_explain), call.GetValue(_explainAll));
        if (explain is not null && all) { throw Halt.Misuse("--explain and --explain-all can't both be asked", "Leave one of them out."); }
        return new(draft, call.GetValue(_against), call.GetValue(_from), call.GetValue(_groups) ?? [], explain, all, ScoreVerb.ReadTop(call.GetValue(_top)), _language.Read(call));
    }
}

/// <summary>A backtest, and what to say of it.</summary>
/// <param name="Draft">The draft or edition to look at.</param>
/// <param name="Against">An edition, or "in-force"; null for the one in force at the instant.</param>
/// <param name="From">When the draft comes into force; null for as if always.</param>
/// <param name="Groups">What members are grouped by.</param>
/// <param name="Explain">The member to explain; null for the report.</param>
/// <param name="ExplainAll">True where every changed member is explained.</param>
/// <param name="Top">How many members each list names; null for the default.</param>
/// <param name="Language">The language of explanations; empty for the default.</param>
internal sealed record BacktestRun(string Draft, string? Against, string? From, IReadOnlyList<string> Groups, string? Explain, bool ExplainAll, int? Top, string Language);
