using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A member's way on one ladder: rises and falls as its movements say.</summary>
internal sealed class LadderRun(Ladder ladder, Zone zone)
{
    private readonly List<(Instant From, int Rung)> _met = [];

    /// <summary>The ladder.</summary>
    public Ladder Ladder { get; } = ladder;

    /// <summary>The rung's place; -1 for a member who is not enrolled.</summary>
    public int Level { get; private set; } = -1;

    /// <summary>Since when.</summary>
    public Instant Since { get; private set; } = Instant.Ever;

    /// <summary>True where the level depends on what was before, and not on today's figures alone.</summary>
    public static bool Remembers(Ladder ladder) =>
        ladder is not { Up: { Never: false, At.Count: 0, Best: null }, Down: { Never: false, At.Count: 0, Best: null } };

    /// <summary>True where no review would move the level any more if nothing else happens.</summary>
    public bool IsSettled { get; private set; } = true;

    /// <summary>The next review of either movement.</summary>
    public Instant NextReview(Instant at) =>
        Instant.Min(Reviews.NextAfter(Ladder.Up.At, at, zone), Reviews.NextAfter(Ladder.Down.At, at, zone));

    /// <summary>Goes on from an edition before: the level by its name, the day it was reached, and what was met so far.</summary>
    public void GoOn(LadderRun before)
    {
        Level = Ladder.Rungs.ToList().FindIndex(r => r.Name == before.Ladder.Rungs[before.Level].Name);
        Since = before.Since;
        foreach (var (from, rung) in before._met)
        {
            var same = Ladder.Rungs.ToList().FindIndex(r => r.Name == before.Ladder.Rungs[rung].Name);
            _met.Add((from, Math.Max(same, 0)));
        }
    }

    /// <summary>The member is enrolled no more.</summary>
    public void Leave()
    {
        Level = -1;
        IsSettled = true;
        _met.Clear();
    }

    /// <summary>Moves at an instant.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="met">The highest rung whose condition holds now.</param>
    /// <param name="joined">True where the member has just joined: the level is then what it meets.</param>
    public void Move(Instant at, int met, bool joined)
    {
        var target = Level;
        if (joined || Level < 0) { target = met; }
        else
        {
            var metBefore = _met.Count > 0 ? _met[^1].Rung : met;
            var up = Ladder.Up.At.Count > 0 ? metBefore : met;
            if (!Ladder.Up.Never && IsDue(Ladder.Up, at) && up > target) { target = up; }
            var down = Ladder.Down.Best is { } window ? BestIn(window, at, met) : Ladder.Down.At.Count > 0 ? metBefore : met;
            if (!Ladder.Down.Never && IsDue(Ladder.Down, at) && down < target) { target = Math.Max(down, Ladder.Up is { Never: false, At.Count: 0 } ? met : 0); }
        }
        if (target != Level)
        {
            Level = target;
            Since = at;
        }
        if (_met.Count == 0 || _met[^1].Rung != met) { _met.Add((at, met)); }
        IsSettled = (met <= Level || Ladder.Up.Never) && (met >= Level || Ladder.Down.Never);
    }

    private bool IsDue(Movement movement, Instant at) =>
        movement.At.Count == 0 || (at.IsReal && Reviews.NextAfter(movement.At, new(at.Micros - 1), zone) == at);

    /// <summary>The best rung met at any instant of a window that is looked at just before an instant.</summary>
    private int BestIn(Window window, Instant at, int met)
    {
        if (_met.Count == 0) { return met; }
        var opens = Windows.Opens(window, at, zone);
        var best = 0;
        for (var i = 0; i < _met.Count; i++)
        {
            var until = i + 1 < _met.Count ? _met[i + 1].From : at;
            if (until > opens && _met[i].From < at) { best = Math.Max(best, _met[i].Rung); }
        }
        return best;
    }
}
