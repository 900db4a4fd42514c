using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <content>Instants at which something outside the subject turns: what was found of its member, and the closes of periods.</content>
internal sealed partial class SubjectFold<TTrace>
{
    private bool _awaits;
    private bool _closing;
    private long _closesFrom;
    private long _nextClose;
    private int _turn;

    /// <summary>Reads what was found of members by assessing them; null before that was done.</summary>
    public ReadStanding? Standing
    {
        get => _frame.Standing;
        set => _frame.Standing = value;
    }

    /// <summary>How often members were assessed before: rules of a higher stage can't give yet.</summary>
    public int Stage { get; set; }

    /// <summary>The instants, rising, at which anything that was found of the member turns; for subjects that are members.</summary>
    public IReadOnlyList<Instant> Turns { get; set; } = [];

    /// <summary>No period that closes later is looked at.</summary>
    public Instant Horizon { get; set; } = Instant.Ever;

    /// <summary>The members to whom a rule of a higher stage may give: valid until the next fold.</summary>
    public HashSet<int> Later { get; } = [];

    /// <summary>What was true of the subject that was folded before anything was told of it. Not to be changed.</summary>
    public SubjectFrame Blanked { get; private set; } = null!;

    private void BeginAwaiting(int upTo)
    {
        Later.Clear();
        var isMember = _kind.Kind.Index == Programs.Vocabulary.MemberKind;
        _turn = isMember ? 0 : Turns.Count;
        while (_turn < Turns.Count && !Turns[_turn].IsReal) { _turn++; }
        (_closesFrom, _nextClose) = (_kind.Closes.Length > 0 ? FirstTold(upTo) : long.MaxValue, long.MaxValue);
        _awaits = _turn < Turns.Count || _kind.Closes.Length > 0;
        if (isMember && _kind.StageMost > Stage) { Later.Add(_subject.Subject); }
    }

    private long NextAwaited() => Math.Min(_nextClose, _turn < Turns.Count ? Turns[_turn].Micros : long.MaxValue);

    private void PassAwaited()
    {
        for (; _turn < Turns.Count && Turns[_turn].Micros <= _at; _turn++) { _othersChanged = true; }
        if (_at < _closesFrom) { return; }
        var next = Instant.Never;
        foreach (var close in _kind.Closes) { next = Instant.Min(next, Windows.EndOf(close.Period, null, new(_at), _calendar.Zone)); }
        _closesFrom = _nextClose = next <= Horizon ? next.Micros : long.MaxValue;
    }

    /// <summary>The first fact about the subject: before it no period closes, whatever else turns.</summary>
    private long FirstTold(int upTo)
    {
        foreach (var fact in _history.FactsOf(_subject.Subject))
        {
            if (_history.IsKnown(fact, upTo)) { return _history.At[fact]; }
        }
        return long.MaxValue;
    }

    /// <summary>The close of a period sees the moment just before its instant, whatever happens then.</summary>
    private void ClosePeriods(long at)
    {
        if (at != _nextClose) { return; }
        _at = at - 1;
        _frame.At = new(_at);
        _closing = true;
        foreach (var close in _kind.Closes)
        {
            if (Windows.EndOf(close.Period, null, new(_at), _calendar.Zone).Micros == at) { Happen(close.Rule, -1, -1); }
        }
        _closing = false;
    }
}
