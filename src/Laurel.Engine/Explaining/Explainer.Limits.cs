using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Limits: what a credit lost against, and why.</content>
public sealed partial class Explainer
{
    private Settlement? _settlement;

    /// <summary>What set a credit aside or cut it: the limit in the program's words, its place, and the winners.</summary>
    private Explanation SetAside(Credit credit)
    {
        var limit = _edition.Limits[credit.Limit];
        var lines = new List<Explanation>();
        if (limit.Kind is LimitKind.First or LimitKind.From)
        {
            lines.Add(Explanation.Of(Message.Of(
                limit.Kind == LimitKind.First ? "limit.place-first" : "limit.place-from", ("place", new Number(PlaceIn(limit, credit))), ("number", new Number(limit.Number)))));
        }
        if (limit.Kind == LimitKind.AtMost) { lines.Add(Explanation.Of(Message.Of("limit.most", ("amount", AmountOf(credit.Rule, limit.Number))))); }
        if (limit.Kind == LimitKind.Budget) { lines.AddRange(Spent(limit, credit)); }
        else if (limit.Kind != LimitKind.From) { lines.AddRange(WinnerLines([.. Winners(limit, credit)])); }
        return new(
            Message.Of(
                credit.Counted == 0 ? "limit.aside" : "limit.cut", ("limit", new Argument.Name(limit.Name)), ("says", Words(limit.Doc.Says, limit.Name)),
                ("gives", AmountOf(credit.Rule, credit.Amount)), ("counted", AmountOf(credit.Rule, credit.Counted))),
            Mark.No,
            lines);
    }

    /// <summary>What the program had for all, and what became of it: how many were there first, and the last of them.</summary>
    private IEnumerable<Explanation> Spent(Limit limit, Credit credit)
    {
        var budgets = new Budgets(_book, _history);
        var claim = new Claim(credit, _keys);
        yield return Explanation.Of(BudgetOf(limit, credit));
        var first = _assessed.Shares.Claims.Where(c => c.Credit.Counted != 0 && c.Credit.Holds(_at) && budgets.Compare(c.Credit, credit) < 0 && budgets.Compete(limit, _place, c, claim)).Select(c => c.Credit).ToList();
        if (first.Count > 0)
        {
            yield return Explanation.Of(Message.Of(
                "budget.spent", ("amount", Sum(first)), ("count", new Number(first.Count)), ("members", new Number(first.Select(c => c.Member).Distinct().Count())), ("moment", first.Max(c => c.Moment))));
        }
    }

    private Message BudgetOf(Limit limit, Credit credit)
    {
        var amount = ("amount", (Argument)AmountOf(credit.Rule, limit.Number));
        if (limit.Per.OfType<LimitKey.Period>().FirstOrDefault() is not { } period) { return Message.Of("budget.is", amount); }
        Argument named = new Argument.Period(period.Kind, Windows.StartOf(period.Kind, period.Year, credit.Moment, _vocabulary.Zone));
        return Message.Of("budget.is-in", amount, ("period", period.Year is { } year ? Message.Of("time.named-year", ("name", new Argument.Name(year.Name)), ("year", named)) : named));
    }

    /// <summary>What counts instead: each by itself, or of many how many.</summary>
    private IEnumerable<Explanation> WinnerLines(IReadOnlyList<Credit> winners) => winners.Count <= AmountsTold
        ? winners.Select(WinnerLine)
        : [Explanation.Of(Message.Of("limit.winners", ("count", new Number(winners.Count)), ("amount", Sum(winners)), ("last", winners.Max(w => w.Moment))))];

    private Explanation WinnerLine(Credit winner) => Explanation.Of(Message.Of(
        "limit.winner", ("rule", new Argument.Name(_book.NameOf(winner.Rule))), ("says", WordsOf(winner.Rule)), ("amount", AmountOf(winner.Rule, winner.Counted)),
        ("subject", SubjectName(winner.Subject)), ("moment", winner.Moment)));

    /// <summary>Those of its group that count now.</summary>
    private IEnumerable<Credit> Winners(Limit limit, Credit credit) =>
        _credits.Where(c => c.Counted != 0 && c != credit && c.Holds(_at) && Competes(limit, c, credit)).OrderByDescending(c => c.Counted).ThenBy(c => c.Moment);

    /// <summary>Which of its group a credit is, by the order of moments.</summary>
    private int PlaceIn(Limit limit, Credit credit)
    {
        var moments = _credits.Where(c => Competes(limit, c, credit)).Select(c => (c.Moment, c.Subject, Rule: _book.NameOf(c.Rule), c.Fact)).Distinct()
            .OrderBy(c => c.Moment).ThenBy(c => c.Subject).ToList();
        return moments.FindIndex(m => m.Moment == credit.Moment && m.Subject == credit.Subject && m.Rule == _book.NameOf(credit.Rule)) + 1;
    }

    private bool Competes(Limit limit, in Credit a, in Credit b) => (_settlement ??= new(_book, _history)).ShareGroup(_place, limit, a, b, _keys);
}
