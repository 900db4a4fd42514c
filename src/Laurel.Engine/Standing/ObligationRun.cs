using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>A member's way through the periods of one obligation.</summary>
/// <param name="obligation">The obligation.</param>
/// <param name="edition">The edition that has it.</param>
/// <param name="since">From when the edition asks for it: a period that began before is not counted.</param>
/// <param name="horizon">No period that closes later is looked at.</param>
/// <param name="zone">The program's zone.</param>
internal sealed class ObligationRun(Obligation obligation, Edition edition, Instant since, Instant horizon, Zone zone)
{
    private bool _inTerm;
    private bool _holds;
    private Instant _seen = Instant.Ever;
    private Span? _period;
    private Instant _failed = Instant.Never;
    private long _amount;
    private long _late;
    private int _missed;
    private int _kept;

    /// <summary>The obligation.</summary>
    public Obligation Obligation { get; } = obligation;

    /// <summary>The next instant at which time alone turns something: the close of the present period, or the end of the first day of it that does not count.</summary>
    public Instant Next => Closes == Instant.Never || _holds || _failed < Instant.Never ? Closes : Instant.Min(Closes, new(EndOfDay(_seen).Micros + 1));

    private Instant Closes => _inTerm && _period is { } period && period.Ends <= horizon ? period.Ends : Instant.Never;

    /// <summary>Where it stands.</summary>
    public ObligationStanding Standing => _inTerm ? new(_missed, _kept, _amount, _period, _failed) : ObligationStanding.NotAsked;

    /// <summary>Goes on from an edition before. A period of another length begins with it, or is not counted.</summary>
    public void GoOn(ObligationRun before)
    {
        (_missed, _kept, _inTerm) = (before._missed, before._kept, before._inTerm);
        if (before.Obligation.Each == Obligation.Each) { (_holds, _seen, _period, _failed) = (before._holds, before._seen, before._period, before._failed); }
    }

    /// <summary>A credit of the unit begins or ceases to count in the present period.</summary>
    /// <param name="amount">In smallest parts; negative where it ceases.</param>
    /// <param name="late">True where it was learnt after the period's close.</param>
    public void Add(long amount, bool late)
    {
        _amount += amount;
        if (late) { _late += amount; }
    }

    /// <summary>Time passes until an instant: the period that ends there closes, as it was just before.</summary>
    /// <returns>The closed period; null for none.</returns>
    public ClosedPeriod? Pass(Instant at)
    {
        LookBack(at);
        if (!at.IsReal || at != Closes || _period is not { } period) { return null; }
        var (counts, enough) = (_failed == Instant.Never, _amount >= Obligation.AtLeast);
        if (counts) { (_missed, _kept) = enough ? (0, _kept + 1) : (_missed + 1, 0); }
        _period = null;
        return new(edition, Obligation, period, _amount, _failed, counts && enough, counts && enough && _amount - _late < Obligation.AtLeast, counts ? Math.Max(_missed, _kept) : 0);
    }

    /// <summary>What holds from an instant on, after time has passed until it.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="inTerm">Whether it is asked for.</param>
    /// <param name="during">Whether days that end so count.</param>
    public void See(Instant at, bool inTerm, bool during)
    {
        if (at.IsReal && (_period is not { } period || at >= period.Ends))
        {
            _period = new(Windows.StartOf(Obligation.Each, null, at, zone), Windows.EndOf(Obligation.Each, null, at, zone));
            _failed = _period.Value.Starts < since ? EndOfDay(_period.Value.Starts) : Instant.Never;
            LookBack(at);
        }
        if (!inTerm) { (_missed, _kept) = (0, 0); }
        (_inTerm, _holds, _seen) = (inTerm, inTerm && during, at);
    }

    /// <summary>Whether a day of the present period has ended without it, since the last look.</summary>
    private void LookBack(Instant at)
    {
        if (_holds || _failed < Instant.Never || _period is not { } period) { return; }
        var end = EndOfDay(Instant.Max(_seen, period.Starts));
        if (end < at && end < period.Ends) { _failed = end; }
    }

    private Instant EndOfDay(Instant at) => Windows.EndOf(WindowKind.ThisDay, null, at, zone).JustBefore;
}
