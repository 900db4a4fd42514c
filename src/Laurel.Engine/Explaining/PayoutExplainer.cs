using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// Explains what became of the money that a member was owed, close by close, by what was known at each. The steps are those of the posting
/// that paid it.
/// </summary>
public sealed class PayoutExplainer
{
    /// <summary>So many closes are told one by one.</summary>
    private const int ClosesTold = 12;

    private readonly PartnerProgram _program;
    private readonly History _history;
    private readonly Edition? _under;
    private readonly int _member;
    private readonly RuleBook _book;
    private readonly FactWords _facts;
    private readonly IReadOnlyList<(LogItem Cause, Entry Entry)> _posted;
    private readonly IReadOnlyList<PayoutStep> _steps;

    /// <summary>So far the log has come, whomever it is about: periods are closed until then.</summary>
    private readonly Instant _passed;

    /// <summary>Posts what concerns a member once more.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force by date.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="asOf">As of when it is known that nothing else was learnt, where somebody has a clock; null for the last known fact.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    public PayoutExplainer(PartnerProgram program, History history, Edition? under, Instant known, string member, Instant? asOf = null)
    {
        var excerpt = new Excerpt(history, known, member, [], program.ComparesMembers(under));
        (_program, _history, _under, _member) = (program, excerpt.History, under, excerpt.Member);
        _book = under is null ? RuleBook.InForce(program, known) : RuleBook.Under(program, under);
        _facts = new(_history);
        _passed = history.KnownUpTo(known) is > 0 and var upTo ? Instant.Max(history.RecordedAt(upTo - 1), asOf ?? Instant.Ever) : Instant.Ever;
        (_posted, _steps) = Posting.RunWithPayouts(program, _history, under, known, _passed);
    }

    /// <summary>What was paid and what is owed at an instant; then each close before it, the newest first: what was owed, of what, and whether it was paid.</summary>
    /// <param name="unit">The unit of money.</param>
    /// <param name="at">The instant.</param>
    public Explanation Explain(Unit unit, Instant at)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var steps = _steps.Where(s => s.Member == _member && s.Unit == unit.Index && s.Close <= at).ToList();
        var last = steps.LastOrDefault();
        var payout = _book.At(at)?.Payouts.FirstOrDefault(p => p.Unit == unit.Index);
        var lines = new List<Explanation>();
        if (payout is not null) { lines.Add(Present(payout, last, unit, at)); }
        lines.AddRange(Enumerable.Range(0, steps.Count).Reverse().Take(ClosesTold).Select(i => Closed(steps[i], i > 0 ? steps[i - 1] : null, unit, at)));
        if (steps.Count > ClosesTold)
        {
            var earlier = steps.SkipLast(ClosesTold).ToList();
            lines.Add(Explanation.Of(Message.Of("payout.earlier", ("count", new Number(earlier.Count)), ("amount", Argument.Amount.Of(unit, earlier.Sum(Paid))))));
        }
        var ahead = steps.Where(s => s.Goes > at).Sum(Paid);
        return Explanation.Of(
            Message.Of(
                ahead > 0 ? "payout.is-ahead" : "payout.is", ("says", payout?.Doc.Says is { } says ? new Argument.Words(says) : new Argument.Name(unit.Name)),
                ("paid", Argument.Amount.Of(unit, steps.Sum(Paid) - ahead)), ("ahead", Argument.Amount.Of(unit, ahead)), ("owed", Argument.Amount.Of(unit, OwedNow(last, at, unit)))),
            lines);
    }

    /// <summary>What is owed and was not paid at the last close.</summary>
    private long OwedNow(PayoutStep? last, Instant at, Unit unit) =>
        OwedAfter(last, at, unit).Sum(o => o.Parts) + (last is { Status: not PayoutStatus.Paid } ? last.Owed : 0);

    /// <summary>The period that is not closed yet: what is owed so far, and what becomes of it.</summary>
    private Explanation Present(Payout payout, PayoutStep? last, Unit unit, Instant at)
    {
        var zone = _history.Vocabulary.Zone;
        var lines = Carried(last, unit).Concat(OwedAfter(last, at, unit).Select(c => Line(c, unit))).ToList();
        var owed = OwedNow(last, at, unit);
        var close = Windows.EndOf(payout.Each, null, _passed.IsReal ? Instant.Min(_passed, at) : at, zone);
        var key = close <= at ? "payout.not-closed" : owed < payout.AtLeast ? "payout.now-less" : "payout.now";
        return Explanation.Of(
            Message.Of(key, ("period", PeriodOf(payout, close)), ("amount", Argument.Amount.Of(unit, owed)), ("missing", Argument.Amount.Of(unit, payout.AtLeast - owed)), ("close", close)), lines);
    }

    private Explanation Closed(PayoutStep step, PayoutStep? before, Unit unit, Instant at)
    {
        var (key, mark) = step switch
        {
            { Status: PayoutStatus.Paid } => (step.Goes > at ? "payout.goes" : "payout.paid", Mark.Yes),
            { Status: PayoutStatus.Held } => ("payout.held", Mark.No),
            { Owed: < 0 } => ("payout.owed-back", Mark.No),
            _ => ("payout.too-little", Mark.No),
        };
        var lines = Carried(before, unit).ToList();
        lines.AddRange(OwedAfter(before, step, unit).Select(c => Line(c, unit)));
        if (step.Status == PayoutStatus.Held) { lines.AddRange(WhyHeld(step)); }
        return new(
            Message.Of(
                key, ("period", PeriodOf(step.Payout, step.Close)), ("amount", Argument.Amount.Of(unit, step.Owed)), ("least", Argument.Amount.Of(unit, step.Payout.AtLeast)), ("goes", step.Goes)),
            mark, lines);
    }

    /// <summary>What the close before left.</summary>
    private static IEnumerable<Explanation> Carried(PayoutStep? before, Unit unit) =>
        before is { Status: not PayoutStatus.Paid } ? [Explanation.Of(Message.Of("payout.carried", ("amount", Argument.Amount.Of(unit, before.Owed))))] : [];

    private IReadOnlyList<Explanation> WhyHeld(PayoutStep step)
    {
        var before = step.Close.JustBefore;
        var scoring = new Scoring(_program, _history, _under is null ? RuleBook.InForce(_program, before) : RuleBook.Under(_program, _under), before, asOf: before);
        return new Explainer(scoring, _history, scoring.Derive().ForThread(), _member, before).Lines(step.Payout.Where!, step.Evaluation!);
    }

    /// <summary>By how much the credits that are owed differ from those of the close before, each by itself.</summary>
    private List<Owed> OwedAfter(PayoutStep? before, PayoutStep step, Unit unit) => Between(before, step.Position, step.Close.JustBefore, unit);

    private List<Owed> OwedAfter(PayoutStep? before, Instant at, Unit unit) => Between(before, int.MaxValue, at, unit);

    private List<Owed> Between(PayoutStep? before, int position, Instant at, Unit unit)
    {
        var owed = new Dictionary<(string Rule, int Subject, Instant Dated), Owed>();
        foreach (var (cause, entry) in _posted.Where(p => p.Entry.Member == _member && p.Entry.Unit == unit.Index && p.Entry.To != Account.Paid && p.Cause.Position <= position))
        {
            var sign = entry.To == Account.Member ? 1 : entry.From == Account.Member ? -1 : 0;
            var parts = Holds(entry, at) ? entry.Amount * sign : 0;
            if (before is not null && cause.Position <= before.Position && Holds(entry, before.Close.JustBefore)) { parts -= entry.Amount * sign; }
            if (parts == 0) { continue; }
            var key = (_book.NameOf(entry.Rule), entry.Subject, entry.Dated);
            owed[key] = new(entry, cause, parts + (owed.TryGetValue(key, out var sum) ? sum.Parts : 0));
        }
        return [.. owed.Values.Where(o => o.Parts != 0).OrderBy(o => o.Entry.Dated).ThenBy(o => o.Entry.Position)];
    }

    private Explanation Line(Owed owed, Unit unit)
    {
        var entry = owed.Entry;
        var builtIn = _book.IsBuiltIn(entry.Rule);
        Argument says = builtIn ? Message.Of($"built-in.{_book.NameOf(entry.Rule)}")
            : _book.Rule(entry.Rule)!.Doc.Says is { } words ? new Argument.Words(words) : new Argument.Name(_book.NameOf(entry.Rule));
        var subject = Message.Of("subject", ("kind", new Argument.Name(_history.Vocabulary.Kinds[_history.KindOf(entry.Subject)].Name)), ("name", _history.NameOf(entry.Subject)));
        return Explanation.Of(
            Message.Of(builtIn ? "payout.by-hand" : owed.Parts < 0 ? "payout.less" : "payout.credit", ("amount", Argument.Amount.Of(unit, owed.Parts)), ("subject", subject), ("moment", entry.Dated), ("says", says)),
            owed.Cause.Fact >= 0 ? [Explanation.Of(_facts.Of(owed.Cause.Fact))] : []);
    }

    private Argument.Period PeriodOf(Payout payout, Instant close) => new(payout.Each, Windows.StartOf(payout.Each, null, close.JustBefore, _history.Vocabulary.Zone));

    private static bool Holds(Entry entry, Instant at) => entry.Starts <= at && at < entry.Ends;

    private static long Paid(PayoutStep step) => step.Status == PayoutStatus.Paid ? step.Owed : 0;

    /// <summary>A credit of which more, or less, is owed than at the close before.</summary>
    /// <param name="Entry">The last entry that says so.</param>
    /// <param name="Cause">What made it known.</param>
    /// <param name="Parts">By how much, in smallest parts.</param>
    private sealed record Owed(Entry Entry, LogItem Cause, long Parts);
}
