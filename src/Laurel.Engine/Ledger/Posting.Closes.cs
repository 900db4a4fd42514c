using Laurel.Engine.Deriving;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <content>What the close of a period gives and pays.</content>
public sealed partial class Posting
{
    /// <summary>What became of money owed, close by close.</summary>
    internal List<PayoutStep> PayoutSteps { get; } = [];

    /// <summary>Closes periods: what rules give then, and what is paid of all that is owed.</summary>
    private List<Entry> Close(LogItem item)
    {
        (_assessing!.UpTo, _assessing.Horizon) = (_known, _horizon);
        _assessed.Clear();
        _owedTo.Clear();
        var before = item.Recorded.JustBefore;
        var ranked = _ranks.Take(_plan!, item.Recorded, Members, member => _assessing.StandingOf(member, before).Standing);
        var closing = Closing(item.Recorded, ranked);
        var entries = closing.Count == 0 ? [] : Look(closing, item);
        if (ranked) { Concerned = [.. Members]; }
        if (_plan!.Book.At(before) is not { } edition) { return entries; }
        foreach (var step in _payouts.At(edition, item, _plan.Book, _assessing, member => _allAtHand || _readyMembers.Contains(member)))
        {
            PayoutSteps.Add(step);
            if (step.Status != PayoutStatus.Paid) { continue; }
            entries.Add(new(
                _position++, item.Position, step.Member, step.Member, step.Unit, _plan.Book.PayingOf(step.Unit), Account.Member, Account.Paid, step.Owed, item.Recorded.JustBefore, step.Goes, Instant.Never));
        }
        return entries;
    }

    /// <summary>The subjects of which something may be otherwise by a close.</summary>
    private List<int> Closing(Instant at, bool ranked)
    {
        var kinds = Enumerable.Range(0, _history.Vocabulary.Kinds.Count).Where(kind => _plan!.Editions.Any(e => e.KindAt(kind).Closes.Length > 0)).ToHashSet();
        // What follows by itself, or was announced for later, may read the rank, or how many periods were missed or kept.
        var later = ranked || ClosesObligation(at) ? _laterOf.Values.SelectMany(subjects => subjects).ToHashSet() : [];
        return kinds.Count + later.Count == 0 ? [] : [.. Enumerable.Range(0, _history.SubjectCount).Where(subject => kinds.Contains(_history.Kinds[subject]) || later.Contains(subject))];
    }

    /// <summary>True where a close may give something, to whomever; where not, it only pays. By the rules as they are written: a plan has those alone whose facts are at hand.</summary>
    private bool MayGive(Instant close) =>
        Ranks.AreDue(_plan!, close) || _plan!.Book.Editions.Any(e => e.Edition.Rules.Any(r => r.When.Any(t => t.Each is not null))) || (_plan.Stages > 0 && ClosesObligation(close));

    private bool ClosesObligation(Instant at) => _plan!.Book.Editions.Any(e => e.Edition.Obligations.Any(o => Windows.EndOf(o.Each, null, at.JustBefore, _history.Vocabulary.Zone) == at));
}
