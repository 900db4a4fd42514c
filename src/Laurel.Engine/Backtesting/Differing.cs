using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Backtesting;

/// <summary>Compares members under both sides of a backtest, for one thread.</summary>
public sealed class Differing
{
    private readonly Backtest _backtest;
    private readonly Assessing _against;
    private readonly Assessing _draft;
    private readonly long[] _againstRules;
    private readonly long[] _draftRules;
    private readonly HashSet<int> _subjects = [];
    private readonly List<RuleDifference> _rules = [];
    private readonly List<int> _gained = [];
    private readonly List<int> _lost = [];
    private TracedPlans? _againstPlans;
    private TracedPlans? _draftPlans;

    internal Differing(Backtest backtest, Assessing against, Assessing draft)
    {
        (_backtest, _against, _draft) = (backtest, against, draft);
        _againstRules = new long[backtest.Rules.Count];
        _draftRules = new long[backtest.Rules.Count];
    }

    /// <summary>What differs for a member.</summary>
    /// <param name="member">The member's subject number.</param>
    /// <exception cref="AmountOverflowException">Its amounts are too large to add.</exception>
    public MemberDifference Of(int member)
    {
        try { return Compare(member); }
        catch (OverflowException inner)
        {
            var (side, credits) = _draft.CreditsOf(member) is { Count: > 0 } own ? (_backtest.Draft, own) : (_backtest.Against, _against.CreditsOf(member));
            throw AmountOverflowException.Of(side.Plan.Book, _backtest.History, member, credits, inner);
        }
    }

    private MemberDifference Compare(int member)
    {
        var (against, before) = _against.StandingOf(member, _backtest.At);
        var (draft, after) = _draft.StandingOf(member, _backtest.At);
        _subjects.Clear();
        Array.Clear(_againstRules);
        Array.Clear(_draftRules);
        var amounts = new AmountPair[_backtest.History.Vocabulary.Units.Count];
        Add(against, isDraft: false, _againstRules, amounts);
        Add(draft, isDraft: true, _draftRules, amounts);
        var levels = new LevelPair[_backtest.Ladders.Count];
        for (var i = 0; i < levels.Length; i++) { levels[i] = new(LevelOf(_backtest.Ladders[i].Against, before), LevelOf(_backtest.Ladders[i].Draft, after)); }
        var groups = new Value[_backtest.Groups.Count];
        for (var i = 0; i < groups.Length; i++) { groups[i] = _backtest.Groups[i].KeyOf(_backtest.Draft, member, _subjects.Count, _backtest.At); }
        var (gained, lost) = Benefits(before, after);
        return new(
            member, after.Frame.Enrolled, amounts, RulesOf(), levels, gained, lost, groups,
            _backtest.Gates.Missed(after.Frame).ToArray(), _backtest.Gates.Unjudged(after.Frame, after.Benefits).ToArray())
        {
            Changed = gained.Length + lost.Length > 0 || amounts.Any(a => a.Against != a.Draft || a.AgainstPending != a.DraftPending)
                || _backtest.Ladders.Where((l, i) => l.WayOf(levels[i]) != LevelWay.Same).Any(),
        };
    }

    /// <summary>Explains a difference by the evaluations of both sides.</summary>
    public Explanation Explain(MemberDifference difference) => new Contrast(
        _backtest, difference,
        new(_backtest.Against, _backtest.History, _against.Of(difference.Member), _backtest.At, _againstPlans ??= new(_backtest.Against)),
        new(_backtest.Draft, _backtest.History, _draft.Of(difference.Member), _backtest.At, _draftPlans ??= new(_backtest.Draft))).Explain();

    private void Add(List<Credit> credits, bool isDraft, long[] rules, AmountPair[] amounts)
    {
        var book = (isDraft ? _backtest.Draft : _backtest.Against).Plan.Book;
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(credits))
        {
            if (credit.Counted == 0 || !credit.Holds(_backtest.At)) { continue; }
            if (!book.IsBuiltIn(credit.Rule)) { _subjects.Add(credit.Subject); }
            var pending = credit.Status == CreditStatus.Pending;
            if (!pending) { rules[_backtest.RuleOf(isDraft, credit.Rule)] += credit.Counted; }
            amounts[book.UnitOf(credit.Rule)] += (isDraft, pending) switch
            {
                (false, false) => new(credit.Counted, 0, 0, 0),
                (true, false) => new(0, credit.Counted, 0, 0),
                (false, true) => new(0, 0, credit.Counted, 0),
                (true, true) => new(0, 0, 0, credit.Counted),
            };
        }
    }

    private RuleDifference[] RulesOf()
    {
        _rules.Clear();
        for (var rule = 0; rule < _againstRules.Length; rule++)
        {
            if (_againstRules[rule] != 0 || _draftRules[rule] != 0) { _rules.Add(new(rule, _againstRules[rule], _draftRules[rule])); }
        }
        return [.. _rules];
    }

    private static int LevelOf(Ladder? ladder, in MemberAt standing) => ladder is null ? -1 : standing.Frame.Levels[ladder.Index];

    private (int[] Gained, int[] Lost) Benefits(in MemberAt before, in MemberAt after)
    {
        _gained.Clear();
        _lost.Clear();
        for (var i = 0; i < _backtest.Benefits.Count; i++)
        {
            var (had, has) = (Has(before, _backtest.AgainstBenefits[i]), Has(after, _backtest.DraftBenefits[i]));
            if (has && !had) { _gained.Add(i); }
            if (had && !has) { _lost.Add(i); }
        }
        return ([.. _gained], [.. _lost]);
    }

    private static bool Has(in MemberAt standing, int benefit) => benefit >= 0 && standing.Benefits[benefit];
}
