using Laurel.Engine.Deriving;
using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Backtesting;

/// <summary>Explains what differs for a member: both sides' explanations, side by side, of whatever is not the same.</summary>
internal sealed class Contrast
{
    /// <summary>So many subjects of a unit are explained; of the others only the amounts are said.</summary>
    private const int ExplainedMax = 3;

    private readonly Backtest _backtest;
    private readonly MemberDifference _difference;
    private readonly Explainer _against;
    private readonly Explainer _draft;
    private readonly (string, Argument)[] _sides;

    public Contrast(Backtest backtest, MemberDifference difference, Explainer against, Explainer draft)
    {
        (_backtest, _difference, _against, _draft) = (backtest, difference, against, draft);
        _sides = [("against", SideOf(backtest.Against, backtest.AgainstEdition)), ("draft", SideOf(backtest.Draft, backtest.DraftEdition))];
    }

    /// <summary>Everything that differs.</summary>
    public Explanation Explain()
    {
        var lines = new List<Explanation>();
        for (var i = 0; i < _backtest.Ladders.Count; i++) { lines.AddRange(Level(_backtest.Ladders[i], _difference.Levels[i])); }
        foreach (var unit in _backtest.History.Vocabulary.Units) { lines.AddRange(Amount(unit)); }
        lines.AddRange(_difference.Gained.Select(b => Benefit("backtest.opens", _draft, _backtest.DraftEdition, b)));
        lines.AddRange(_difference.Lost.Select(b => Benefit("backtest.closes", _against, _backtest.AgainstEdition, b)));
        if (lines.Count == 0) { lines.Add(Explanation.Of(Message.Of("backtest.nothing"))); }
        return Explanation.Of(Message.Of("backtest", [("member", _backtest.History.NameOf(_difference.Member)), ("at", _backtest.At), .. _sides]), lines);
    }

    private static Argument SideOf(Scoring scoring, Edition edition) =>
        scoring.Plan.Book.Editions.Count == 1 ? edition.Name : Message.Of("backtest.editions", ("edition", edition.Name));

    private Explanation By(int side, Explanation explanation) =>
        explanation with { Says = Message.Of("backtest.by", ("side", _sides[side].Item2), ("says", explanation.Says)) };

    private IEnumerable<Explanation> Level(BacktestLadder ladder, LevelPair pair)
    {
        if (ladder.WayOf(pair) == LevelWay.Same) { yield break; }
        var lines = new List<Explanation>();
        if (ladder.Against is { } old) { lines.Add(By(0, _against.Level(old, null))); }
        if (ladder.Draft is { } now) { lines.Add(By(1, _draft.Level(now, null))); }
        yield return Explanation.Of(
            Message.Of("backtest.level", [("ladder", new Argument.Name(ladder.Name)), ("was", Rung(ladder.Against, pair.Against)), ("now", Rung(ladder.Draft, pair.Draft)), .. _sides]), lines);
    }

    private static Argument Rung(Ladder? ladder, int rung) =>
        BacktestLadder.RungOf(ladder, rung) is { } name ? new Argument.Name(name) : Message.Of("backtest.no-level");

    private Explanation Benefit(string key, Explainer explainer, Edition edition, int benefit)
    {
        var name = _backtest.Benefits[benefit];
        return Explanation.Of(Message.Of(key, ("benefit", new Argument.Name(name))), explainer.Benefit(edition.Benefits.First(b => b.Name == name)));
    }

    /// <summary>A unit: what each rule gives more or less, and on which subjects.</summary>
    private IEnumerable<Explanation> Amount(Unit unit)
    {
        var amounts = _difference.Amounts[unit.Index];
        var subjects = Subjects(unit).Where(s => s.Pair.Difference != 0 || s.Pair.AgainstPending != s.Pair.DraftPending)
            .OrderByDescending(s => Math.Abs(s.Pair.Difference)).ThenBy(s => s.Subject).ToList();
        var rules = _difference.Rules.Where(r => _backtest.Rules[r.Rule].Unit == unit.Index && r.Against != r.Draft).ToList();
        if (subjects.Count > 0 || rules.Count > 0)
        {
            var lines = rules.Select(r => Explanation.Of(Says("backtest.rule", unit, r.Against, r.Draft, ("says", WordsOf(_backtest.Rules[r.Rule].Name)))))
                .Concat(subjects.Select((s, i) => Subject(unit, s.Subject, s.Pair, explained: i < ExplainedMax))).ToList();
            yield return Explanation.Of(Says("backtest.amount", unit, amounts.Against, amounts.Draft), lines);
        }
        if (amounts.AgainstPending != amounts.DraftPending) { yield return Explanation.Of(Says("backtest.pending", unit, amounts.AgainstPending, amounts.DraftPending)); }
    }

    private Explanation Subject(Unit unit, int subject, AmountPair pair, bool explained)
    {
        var name = Message.Of("subject", ("kind", new Argument.Name(_backtest.History.Vocabulary.Kinds[_backtest.History.KindOf(subject)].Name)), ("name", _backtest.History.NameOf(subject)));
        var says = pair.Difference != 0
            ? Says("backtest.subject", unit, pair.Against, pair.Draft, ("subject", name))
            : Says("backtest.subject-pending", unit, pair.AgainstPending, pair.DraftPending, ("subject", name));
        return explained ? Explanation.Of(says, By(0, Giving(_against.Subject(subject))), By(1, Giving(_draft.Subject(subject)))) : Explanation.Of(says);
    }

    /// <summary>Where a subject gives something, the rules that give nothing for it are left out.</summary>
    private static Explanation Giving(Explanation subject) =>
        subject.Because.Any(l => l.Mark == Mark.Yes) ? subject with { Because = [.. subject.Because.Where(l => l.Mark == Mark.Yes)] } : subject;

    private Message Says(string key, Unit unit, long was, long now, params (string, Argument)[] more) =>
        Message.Of(key, [("was", Argument.Amount.Of(unit, was)), ("now", Argument.Amount.Of(unit, now)), .. _sides, .. more]);

    /// <summary>A rule in its own words: the draft's, else those of the last edition that has it.</summary>
    private Argument WordsOf(string rule)
    {
        var written = _backtest.Draft.Plan.Book.Editions.Reverse().Concat(_backtest.Against.Plan.Book.Editions.Reverse())
            .SelectMany(e => e.Edition.Rules).FirstOrDefault(r => r.Name == rule);
        if (written is null) { return Message.Of($"built-in.{rule}"); }
        return written.Doc.Says is { } says ? new Argument.Words(says) : new Argument.Name(rule);
    }

    private IEnumerable<(int Subject, AmountPair Pair)> Subjects(Unit unit)
    {
        var pairs = new Dictionary<int, AmountPair>();
        Add(_against.Credits, _backtest.Against.Plan.Book, (counted, pending) => pending ? new(0, 0, counted, 0) : new(counted, 0, 0, 0));
        Add(_draft.Credits, _backtest.Draft.Plan.Book, (counted, pending) => pending ? new(0, 0, 0, counted) : new(0, counted, 0, 0));
        return pairs.Select(p => (p.Key, p.Value));

        void Add(IReadOnlyList<Credit> credits, RuleBook book, Func<long, bool, AmountPair> pairOf)
        {
            foreach (var credit in credits)
            {
                if (credit.Counted == 0 || book.UnitOf(credit.Rule) != unit.Index || !credit.Holds(_backtest.At)) { continue; }
                pairs[credit.Subject] = pairs.GetValueOrDefault(credit.Subject) + pairOf(credit.Counted, credit.Status == CreditStatus.Pending);
            }
        }
    }
}
