using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>What became of money owed at the close of a period.</summary>
internal enum PayoutStatus
{
    /// <summary>It was paid.</summary>
    Paid,

    /// <summary>It was less than is paid out, and carries over.</summary>
    TooLittle,

    /// <summary>What a payout asks of the member did not hold: it carries over.</summary>
    Held,
}

/// <summary>Money owed to a member at the close of a period, and what became of it, by what was known then.</summary>
/// <param name="Member">The member's subject number.</param>
/// <param name="Unit">The unit's index.</param>
/// <param name="Close">The first instant after the period.</param>
/// <param name="Owed">How much, in smallest parts; may be negative where more was taken back than was left.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Goes">When it goes out; <see cref="Instant.Never"/> where it does not.</param>
internal sealed record PayoutStep(int Member, int Unit, Instant Close, long Owed, PayoutStatus Status, Instant Goes)
{
    /// <summary>The payout as the edition in force wrote it.</summary>
    public required Payout Payout { get; init; }

    /// <summary>The close's place in the log.</summary>
    public required int Position { get; init; }

    /// <summary>What it asks of the member, as it was evaluated; null where it asks nothing.</summary>
    public Evaluation? Evaluation { get; init; }
}

/// <summary>Pays what is owed at the closes of periods: what counts then of a member's money, less what was paid. What was paid is never taken back; what is taken back later is owed less.</summary>
/// <param name="history">The facts.</param>
internal sealed class Payouts(History history)
{
    private readonly HashSet<(int Member, int Unit)> _owed = [];
    private readonly Dictionary<(int Member, int Unit), long> _paid = [];

    /// <summary>Remembers that a member was given a unit.</summary>
    public void See(int member, int unit)
    {
        if (history.Vocabulary.Units[unit].Money) { _owed.Add((member, unit)); }
    }

    /// <summary>What was paid so far, of each member and unit.</summary>
    public IEnumerable<(int Member, int Unit, long Amount)> AllPaid => _paid.Select(p => (p.Key.Member, p.Key.Unit, p.Value));

    /// <summary>Remembers what was paid.</summary>
    public void Paid(int member, int unit, long amount) => _paid[(member, unit)] = _paid.GetValueOrDefault((member, unit)) + amount;

    /// <summary>What is paid out when periods close.</summary>
    /// <param name="edition">The edition in force just before.</param>
    /// <param name="close">The first instant after the periods.</param>
    public IEnumerable<Payout> Due(Edition edition, Instant close) => edition.Payouts.Where(p => Windows.EndOf(p.Each, null, close.JustBefore, history.Vocabulary.Zone) == close);

    /// <summary>What becomes of all that is owed when periods close.</summary>
    /// <param name="edition">The edition in force just before.</param>
    /// <param name="item">The close in the log.</param>
    /// <param name="book">The rules that count.</param>
    /// <param name="assessing">What members have, as known just before.</param>
    /// <param name="isKnown">True for a member of whom all is known; of others nothing is told.</param>
    /// <returns>In the order of names.</returns>
    public List<PayoutStep> At(Edition edition, LogItem item, RuleBook book, Assessing assessing, Func<int, bool> isKnown)
    {
        var close = item.Recorded;
        var steps = new List<PayoutStep>();
        var before = close.JustBefore;
        foreach (var payout in Due(edition, close))
        {
            foreach (var (member, unit) in _owed.Where(o => o.Unit == payout.Unit && isKnown(o.Member)).OrderBy(o => history.NameOf(o.Member), StringComparer.Ordinal))
            {
                var owed = Owed(member, unit, before, book, assessing.CreditsOf(member));
                if (owed == 0) { continue; }
                var step = new PayoutStep(member, unit, close, owed, PayoutStatus.TooLittle, Instant.Never) { Payout = payout, Position = item.Position };
                if (owed >= payout.AtLeast) { step = Decide(step, edition, who => assessing.FrameAt(assessing.TimelineOf(who), before)); }
                if (step.Status == PayoutStatus.Paid) { Paid(member, unit, owed); }
                steps.Add(step);
            }
        }
        return steps;
    }

    private long Owed(int member, int unit, Instant at, RuleBook book, IReadOnlyList<Credit> credits)
    {
        var counting = credits.Where(c => book.UnitOf(c.Rule) == unit && c.Status == CreditStatus.Active && c.Holds(at));
        try { return counting.Sum(c => c.Counted) - _paid.GetValueOrDefault((member, unit)); }
        catch (OverflowException inner) { throw AmountOverflowException.Of(book, history, member, counting, inner); }
    }

    private PayoutStep Decide(PayoutStep step, Edition edition, Func<int, MemberFrame> frameOf)
    {
        var paid = step with { Status = PayoutStatus.Paid, Goes = step.Payout.After is { } after ? edition.Calendar.Add(step.Close, after) : step.Close };
        if (step.Payout.Where is not { } where) { return paid; }
        var frame = frameOf(step.Member);
        var tape = new TraceTape();
        var trace = new Traced(tape);
        trace.Begin(TracePart.Member, -1, step.Member, -1, frame.At);
        var holds = new MemberPlan<Traced>(edition, history).Compile(where).Test(frame, ref trace) == Truth.True;
        trace.End();
        return (holds ? paid : step with { Status = PayoutStatus.Held }) with { Evaluation = tape.ReadLast() };
    }
}
