using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <content>Marks, from which a later fold of the same subject goes on: what one more fact costs does not grow with those before.</content>
internal sealed partial class SubjectFold<TTrace>
{
    private IReadOnlyList<long> _marking = [];
    private int _marked;

    /// <summary>The marks that the last fold left.</summary>
    public List<FoldMark> Marks { get; } = [];

    /// <summary>Whether a subject's fold can go on from a mark: what waits for the close of a period or for a member's standing is folded from the beginning.</summary>
    public bool CanMark(int subject) => _plan.KindAt(_history.Kinds[subject]) is { Closes.Length: 0, StageMost: 0 };

    /// <summary>Goes on from a mark.</summary>
    /// <param name="mark">A mark of the same subject; what is known up to its instant is still the same.</param>
    /// <param name="subject">The subject's number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="after">The mark's instant.</param>
    /// <param name="marking">Instants after it, rising, at which to leave further marks.</param>
    /// <returns>False where the facts since then name what has to be known from the beginning.</returns>
    public bool TryGoOn(FoldMark mark, int subject, int upTo, long after, IReadOnlyList<long> marking)
    {
        Restore(mark, subject);
        BeginMarks(marking);
        if (_kind.Followed.Length > 0)
        {
            Gather(upTo, after);
            if (_frame.Frames.Count > mark.Frames.Length || !_order.TrueForAll(o => NamesKnown(KindOf(_frame.Frames[o.Frame]), o.Fact))) { return false; }
            FoldMerged();
        }
        else
        {
            var facts = _history.FactsOf(subject);
            var first = _history.PlaceAfter(facts, after);
            for (var place = first; place < facts.Count; place++)
            {
                if (_history.IsKnown(facts[place], upTo) && !NamesKnown(_kind, facts[place])) { return false; }
            }
            FoldAlone(facts, first, upTo);
        }
        Finish();
        return true;
    }

    private void BeginMarks(IReadOnlyList<long> marking)
    {
        (_marking, _marked) = (marking, 0);
        Marks.Clear();
    }

    /// <summary>Whether all members that a fact names have a row, where they need one from the beginning.</summary>
    private bool NamesKnown(KindPlan<TTrace> kind, int fact)
    {
        if (!kind.WatchesMembers && !_kind.GivesLater) { return true; }
        foreach (var action in kind.Facts[_history.Shape[fact]]?.Actions ?? [])
        {
            if (action.Who >= 0 && !_frame.Members.Contains((int)_history.Values[_history.FirstValue[fact] + action.Who])) { return false; }
        }
        return true;
    }

    private void Restore(FoldMark mark, int subject)
    {
        PutFramesBack();
        _kind = _plan.KindAt(_history.Kinds[subject]);
        MakeBlanks(_kind);
        (_isFirst, _at, _awaits) = (false, mark.At, false);
        Blanked = _blank[_kind.Kind.Index]!;
        Later.Clear();
        foreach (var kept in mark.Frames) { Add(kept.Subject).CopyWholeFrom(kept); }
        _subject = _frame.Frames[0];
        if (_frame.Frames.Count > 1) { _settling.Sort(_byDepth); }
        _frame.Members.AddRange(mark.Members);
        BeginOn();
        _keys.AddRange(mark.Keys);
        _openRows = 0;
        GrowStretches();
        mark.Stretches.CopyTo(_stretches, 0);
        mark.Open.CopyTo(_open, 0);
        foreach (var grant in mark.Grants) { Keep(grant); }
    }

    private void Keep(in Grant grant)
    {
        if (_grantCount == _grants.Length) { Array.Resize(ref _grants, _grantCount * 2); }
        if (IsLooked(grant)) { _looked.Add(_grantCount); }
        if (IsRevocable(grant)) { _revocable.Add(_grantCount); }
        _grants[_grantCount++] = grant;
    }

    /// <summary>Leaves the marks whose instants come before the next one that is looked at.</summary>
    private void MarkUntil(long next)
    {
        for (; _marked < _marking.Count && _marking[_marked] < next; _marked++) { Marks.Add(Mark()); }
    }

    /// <summary>How it stands after the instant at hand. What can't change any more goes to the results.</summary>
    private FoldMark Mark()
    {
        var grants = _grants.AsSpan(0, _grantCount).ToArray();
        _grantCount = 0;
        _looked.Clear();
        _revocable.Clear();
        foreach (ref readonly var grant in grants.AsSpan())
        {
            if (IsLooked(grant) || IsRevocable(grant)) { Keep(grant); }
            else if (!grant.Void && grant.Share == Share.Given) { Emit(grant.Raw); }
        }
        var keys = new List<long>();
        var stretches = _stretches.AsSpan(0, _frame.Members.Count * _kind.Rules.Length).ToArray();
        for (var place = 0; place < stretches.Length; place++)
        {
            if (stretches[place].Open) { stretches[place].Key = Copied(_kind.Rules[place % _kind.Rules.Length], stretches[place].Key, keys); }
        }
        grants = _grants.AsSpan(0, _grantCount).ToArray();
        foreach (ref var grant in grants.AsSpan()) { grant.Raw.Key = Copied(_kind.Rules[grant.Place], grant.Raw.Key, keys); }
        return new(_at, [.. _frame.Frames.Select(frame => frame.CopyWhole())], [.. _frame.Members], stretches, _open.AsSpan(0, _frame.Members.Count).ToArray(), grants, [.. keys], _resultCount);
    }

    /// <summary>True where a grant can still be taken back at the instant at hand or later.</summary>
    private bool IsRevocable(in Grant grant)
    {
        var rule = _kind.Rules[grant.Place].Rule;
        return rule.Unless.Count > 0 && !grant.Void && grant.Raw.Ends.Micros > _at && (rule.Within is not { } length || _calendar.Add(grant.Raw.Moment, length).Micros > _at);
    }

    /// <summary>True where an instant after the one at hand may change a grant by itself.</summary>
    private bool IsLooked(in Grant grant)
    {
        if (grant.Void || grant.Raw.Ends.Micros <= _at) { return false; }
        var rule = _kind.Rules[grant.Place];
        return grant.Share == Share.Given ? rule.While is not null || (rule.Rule.After is Delay.UntilTold && _at < grant.Raw.Release.Micros) : _at < grant.WaitsUntil.Micros;
    }

    private int Copied(RulePlan<TTrace> rule, int key, List<long> into)
    {
        if (key < 0) { return -1; }
        into.AddRange(_keys.GetRange(key, rule.Keys.Length));
        return into.Count - rule.Keys.Length;
    }

    /// <summary>What holds or may still be given at a mark: the rule's index, and when it begins.</summary>
    public IEnumerable<(int Rule, Instant Starts)> Live(FoldMark mark)
    {
        var rules = KindOf(mark.Frames[0]).Rules;
        return mark.Stretches.Select((stretch, place) => (stretch, rules[place % rules.Length])).Where(s => s.stretch.Open).Select(s => (s.Item2.Rule.Index, new Instant(s.stretch.Starts)))
            .Concat(mark.Grants.Select(g => (g.Raw.Rule, g.Raw.Starts)));
    }
}

/// <summary>How the fold of a subject stands after an instant.</summary>
/// <param name="At">The last instant at which something happened.</param>
/// <param name="Frames">What is true of the subject, and of those that it refers to.</param>
/// <param name="Members">The member of each row.</param>
/// <param name="Stretches">By row and rule: what holds.</param>
/// <param name="Open">By row: the rules of the table that hold.</param>
/// <param name="Grants">What was given, or may still be, that a later instant can change.</param>
/// <param name="Keys">The values that limits group these by.</param>
/// <param name="Results">How many results of the fold that left it come before.</param>
internal sealed record FoldMark(long At, SubjectFrame[] Frames, int[] Members, Stretch[] Stretches, ulong[] Open, Grant[] Grants, long[] Keys, int Results);
