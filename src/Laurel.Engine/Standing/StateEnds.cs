using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A state of a subject that ends by time.</summary>
/// <param name="Subject">The subject's number.</param>
/// <param name="Place">The place of the edition in force then, by which it ends.</param>
/// <param name="State">The state.</param>
/// <param name="Since">Since when it holds.</param>
/// <param name="LastStart">Its last start before the end.</param>
/// <param name="Ends">When it ends.</param>
/// <param name="Told">The fact that told the end; -1 where the length since the last start makes it.</param>
/// <param name="StartedBy">The fact of the last start; -1 for none.</param>
/// <param name="RenewedBy">The last fact that started it while it held; -1 for none.</param>
internal sealed record StateEnd(int Subject, int Place, StateRule State, Instant Since, Instant LastStart, Instant Ends, int Told, int StartedBy, int RenewedBy);

/// <summary>Finds which states end by time, when and why. For one thread.</summary>
internal sealed class StateEnds(Scoring scoring, History history, Found found)
{
    private readonly SubjectFold<Untraced>[] _folds =
        [.. scoring.Plan.Editions.Select(e => new SubjectFold<Untraced>(e, history, scoring.Enrolment, default))];

    /// <summary>What ends by time in a span, of one subject, each by the edition in force then.</summary>
    /// <param name="subject">The subject's number.</param>
    /// <param name="after">After this instant.</param>
    /// <param name="until">Not after this one.</param>
    public IReadOnlyList<StateEnd> Of(int subject, Instant after, Instant until)
    {
        var found = new List<StateEnd>();
        for (var place = 0; place < _folds.Length; place++)
        {
            var inForce = scoring.Plan.Book.Editions[place].InForce;
            if (inForce.Ends <= after || inForce.Starts > until) { continue; }
            Fold(place, subject, ends =>
            {
                if (ends.Ends > after && ends.Ends <= until && inForce.Contains(ends.Ends)) { found.Add(ends); }
            });
        }
        return found;
    }

    /// <summary>The states of a subject, and roles of a member on it, that hold at an instant by an edition, each with when it ends by itself: never, where nothing says so.</summary>
    public IReadOnlyList<(StateRule State, Instant Ends)> HoldingAt(int place, int subject, Instant at, int member = -1)
    {
        var holdings = HoldingsOf(place, subject);
        var holding = new List<(StateRule, Instant)>();
        // The member asked about is the first row.
        _folds[place].Asked = member;
        Watch(place, subject, (instant, frame) =>
        {
            if (instant > at) { return; }
            holding.Clear();
            foreach (var one in holdings.Where(h => !h.IsRole || member >= 0))
            {
                var holds = ((one.IsRole ? frame.Roles[0] : frame.States) >> one.Bit & 1) != 0;
                var times = one.IsRole ? frame.RoleTimes[one.Bit] : frame.StateTimes[one.Bit];
                if (holds) { holding.Add((one.Rule, new(times.EndsAt))); }
            }
        });
        _folds[place].Asked = -1;
        return holding;
    }

    private List<HoldingPlan<Untraced>> HoldingsOf(int place, int subject) =>
        [.. scoring.Plan.EditionAt(place).KindAt(history.KindOf(subject)).Holdings.Where(h => h.Condition is null)];

    private void Fold(int place, int subject, Action<StateEnd> ends)
    {
        var states = HoldingsOf(place, subject).Where(s => s is { Timed: true, IsRole: false }).ToList();
        var before = Enumerable.Repeat((Held: false, StartedBy: -1, RenewedBy: -1), states.Count).ToArray();
        Watch(place, subject, (at, frame) =>
        {
            for (var i = 0; i < states.Count; i++)
            {
                var (state, times) = (states[i], frame.StateTimes[states[i].Bit]);
                var holds = (frame.States >> state.Bit & 1) != 0;
                var was = before[i];
                if (was.Held && times.ByTime && times.EndedAt == at.Micros)
                {
                    var until = state.Rule.Until;
                    var told = until >= 0 && frame.Told[until] >= 0 && frame.Data[until] == at.Micros ? frame.Told[until] : -1;
                    ends(new(subject, place, state.Rule, new(times.HeldSince), new(times.LastStart), at, told, was.StartedBy, was.RenewedBy));
                }
                var starts = holds && times.LastStart == at.Micros;
                var by = starts ? times.CausePlusOne - 1 : was.StartedBy;
                var renews = starts && by >= 0 && (was.Held || times.EndedAt == at.Micros);
                before[i] = (holds, by, renews ? by : was.RenewedBy);
            }
        });
    }

    private void Watch(int place, int subject, Action<Instant, SubjectFrame> watcher)
    {
        found.Tell(_folds[place]);
        _folds[place].Watcher = watcher;
        _folds[place].Fold(subject, scoring.UpTo);
        _folds[place].Watcher = null;
    }
}
