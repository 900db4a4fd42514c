using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A member's way on one ladder: rises and falls as its movements say.</summary>
internal sealed class LadderRun(Ladder ladder, Calendar calendar)
{
    private readonly List<(Instant From, int Rung)> _met = [];
    private readonly List<(Instant Holds, int Rung, bool Up)> _decided = [];
    private Instant _failsSince = Instant.Never;
    private bool _neededBefore;
    private bool _isSettled = true;
    private State? _saved;

    /// <summary>The ladder.</summary>
    public Ladder Ladder { get; } = ladder;

    /// <summary>The rung's place; -1 for a member who is not enrolled.</summary>
    public int Level { get; private set; } = -1;

    /// <summary>Since when.</summary>
    public Instant Since { get; private set; } = Instant.Ever;

    /// <summary>True where the level depends on what was before, and not on today's figures alone.</summary>
    public static bool Remembers(Ladder ladder) => !IsAtOnce(ladder.Up) || !IsAtOnce(ladder.Down);

    private static bool IsAtOnce(Movement movement) => movement is { Never: false, At.Count: 0, Best: null, Lag: null, Grace: null, Stay: null };

    /// <summary>The next instant after one at which the level may move by itself: at a turn of time, or at a review unless none would move it.</summary>
    public Instant NextAfter(Instant at) =>
        _isSettled ? NextTurn(at) : Instant.Min(NextTurn(at), Instant.Min(Reviews.NextAfter(Ladder.Up.At, at, calendar.Zone), Reviews.NextAfter(Ladder.Down.At, at, calendar.Zone)));

    /// <summary>The next instant after one at which what was decided holds, or at which the level may fall: it failed or stayed for long enough, or a better level leaves the window.</summary>
    private Instant NextTurn(Instant at)
    {
        var next = Instant.Never;
        foreach (var (holds, _, _) in _decided) { next = Later(holds, next); }
        if (_failsSince == Instant.Never || Ladder.Down is not { Never: false, At.Count: 0 } down) { return next; }
        if (down.Grace is { } grace) { next = Later(calendar.Add(_failsSince, grace), next); }
        if (down.Best is { } window)
        {
            for (var i = 0; i + 1 < _met.Count; i++)
            {
                if (_met[i].Rung > _met[^1].Rung) { next = Later(Forgets(window, _met[i + 1].From), next); }
            }
        }
        return down.Stay is { } stay ? Later(calendar.Add(Since, stay), next) : next;

        Instant Later(Instant turn, Instant so) => turn > at ? Instant.Min(turn, so) : so;
    }

    /// <summary>When a window that is looked at all the time has nothing more of what was met until an instant: when its last moment leaves.</summary>
    private Instant Forgets(Window window, Instant until)
    {
        var leaves = Windows.Leaves(window, until.JustBefore, calendar);
        return window.Kind == WindowKind.Last && leaves < Instant.Never ? new(leaves.Micros + 1) : leaves;
    }

    /// <summary>Begins anew, with nothing remembered.</summary>
    public void Clear()
    {
        Leave();
        (Since, _neededBefore) = (Instant.Ever, false);
    }

    /// <summary>Goes on from an edition before: the level by its name, the day it was reached, and what was met so far.</summary>
    /// <param name="before">The ladder of the edition before.</param>
    /// <param name="state">What it remembered, whole.</param>
    public void TakeOver(Ladder before, State state)
    {
        Level = PlaceOf(before, state.Level);
        (Since, _failsSince, _neededBefore) = (state.Since, state.FailsSince, state.NeededBefore);
        foreach (var decision in state.Decided) { _decided.Add(decision with { Rung = Math.Max(PlaceOf(before, decision.Rung), 0) }); }
        foreach (var (from, rung) in state.Met) { _met.Add((from, Math.Max(PlaceOf(before, rung), 0))); }
    }

    /// <summary>Goes on from a level, where nothing but that is remembered.</summary>
    /// <param name="before">The ladder as it was: this one, or the one of its name in the edition before.</param>
    /// <param name="level">The rung's place on it; -1 for none.</param>
    /// <param name="since">Since when.</param>
    public void GoOn(Ladder before, int level, Instant since)
    {
        if (level < 0 && before != Ladder) { return; }
        (Level, Since) = (level < 0 ? level : PlaceOf(before, level), since);
        if (Level >= 0) { _met.Add((since, Level)); }
    }

    /// <summary>All that it remembers.</summary>
    /// <param name="whole">True for what a ladder of another edition may need besides.</param>
    public State Save(bool whole)
    {
        var met = CollectionsMarshal.AsSpan(_met);
        var decided = CollectionsMarshal.AsSpan(_decided);
        if (!whole && Ladder.Down.Best is null && met.Length > 1) { met = met[^1..]; }
        // Many members' ladders are alike.
        return _saved is { } last && (last.Level, last.Since, last.FailsSince, last.NeededBefore, last.IsSettled) == (Level, Since, _failsSince, _neededBefore, _isSettled)
            && last.Met.AsSpan().SequenceEqual(met) && last.Decided.AsSpan().SequenceEqual(decided) ? last
            : _saved = new(Level, Since, _failsSince, _neededBefore, _isSettled, met.ToArray(), decided.ToArray());
    }

    /// <summary>Goes on from what it remembered at an instant that was looked at.</summary>
    public void GoOn(State state)
    {
        (Level, Since, _failsSince, _neededBefore, _isSettled) = (state.Level, state.Since, state.FailsSince, state.NeededBefore, state.IsSettled);
        _met.AddRange(state.Met);
        _decided.AddRange(state.Decided);
    }

    /// <summary>What a ladder remembers.</summary>
    public sealed record State(int Level, Instant Since, Instant FailsSince, bool NeededBefore, bool IsSettled, (Instant From, int Rung)[] Met, (Instant Holds, int Rung, bool Up)[] Decided);

    private int PlaceOf(Ladder before, int rung)
    {
        var place = Ladder.Rungs.Count - 1;
        while (place >= 0 && Ladder.Rungs[place].Name != before.Rungs[rung].Name) { place--; }
        return place;
    }

    /// <summary>The member is enrolled no more.</summary>
    public void Leave()
    {
        Level = -1;
        _isSettled = true;
        _met.Clear();
        _decided.Clear();
        _failsSince = Instant.Never;
    }

    /// <summary>Moves at an instant.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="met">The highest rung whose condition holds now.</param>
    /// <param name="needs">Whether what <c>best</c> and <c>stay</c> need holds now.</param>
    public void Move(Instant at, int met, bool needs)
    {
        // Who has just joined is where it meets.
        var target = Level < 0 ? met : Target(at, met, needs);
        if (target != Level)
        {
            Level = target;
            Since = at;
        }
        _failsSince = met >= Level ? Instant.Never : _failsSince == Instant.Never ? at : _failsSince;
        _neededBefore = needs;
        if (_met.Count == 0 || _met[^1].Rung != met) { _met.Add((at, met)); }
        _isSettled = _decided.Count == 0 && (met <= Level || Ladder.Up.Never) && (met >= Level || Ladder.Down.Never);
    }

    private int Target(Instant at, int met, bool needs)
    {
        var metBefore = _met[^1].Rung;
        // A level that rises at once never falls below what is met.
        var floor = Ladder.Up is { Never: false, At.Count: 0, Lag: null } ? met : 0;
        var target = WithDecided(at, Level, floor);
        var up = Ladder.Up.At.Count > 0 ? metBefore : met;
        if (!Ladder.Up.Never && IsDue(Ladder.Up, at) && up > target) { target = Decide(Ladder.Up, at, up, target, rises: true); }
        if (!Ladder.Down.Never && IsDue(Ladder.Down, at) && FallsTo(at, met, metBefore, needs) is { } down && down < target)
        {
            target = Decide(Ladder.Down, at, Math.Max(down, floor), target, rises: false);
        }
        return target;
    }

    /// <summary>What was decided before and holds by now.</summary>
    private int WithDecided(Instant at, int target, int floor)
    {
        for (var i = 0; i < _decided.Count;)
        {
            var (holds, rung, rises) = _decided[i];
            if (holds > at)
            {
                i++;
                continue;
            }
            target = rises ? Math.Max(target, rung) : Math.Max(Math.Min(target, rung), floor);
            _decided.RemoveAt(i);
        }
        return target;
    }

    /// <summary>What is decided holds at once, or after a lag.</summary>
    private int Decide(Movement movement, Instant at, int rung, int target, bool rises)
    {
        if (movement.Lag is not { } lag) { return rung; }
        if (!_decided.Exists(d => d.Up == rises && d.Rung == rung)) { _decided.Add((calendar.Add(at, lag), rung, rises)); }
        return target;
    }

    /// <summary>The rung that a look down would let it fall to; null where it stays.</summary>
    private int? FallsTo(Instant at, int met, int metBefore, bool needs)
    {
        var down = Ladder.Down;
        var scheduled = down.At.Count > 0;
        var helped = down.Needs is null || (scheduled ? _neededBefore : needs);
        if (down.Grace is { } grace && calendar.Add(_failsSince, grace) > at) { return null; }
        if (helped && down.Stay is { } stay && Since.IsReal && calendar.Add(Since, stay) > at) { return null; }
        return helped && down.Best is { } window ? BestIn(window, scheduled ? at : new(at.Micros + 1)) : scheduled ? metBefore : met;
    }

    private bool IsDue(Movement movement, Instant at) =>
        movement.At.Count == 0 || Reviews.IsDue(movement.At, at, calendar.Zone);

    /// <summary>The best rung met at any instant of a window; a review looks at the window just before itself.</summary>
    private int BestIn(Window window, Instant at)
    {
        var opens = Ladder.Down.At.Count > 0 ? Windows.Opens(window, at, calendar) : Instant.Never;
        var best = 0;
        for (var i = 0; i < _met.Count; i++)
        {
            var until = i + 1 < _met.Count ? _met[i + 1].From : at;
            var isInside = until > opens || (opens == Instant.Never && Forgets(window, until) >= at);
            if (isInside && _met[i].From < at) { best = Math.Max(best, _met[i].Rung); }
        }
        return best;
    }
}
