using System.Runtime.InteropServices;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <content>
/// A subject with many facts is derived from the last mark on: what came before has given what it gives. Each mark splits what was found until
/// then into credits that are there for good, and results that what comes may still join with, take over or compete with.
/// </content>
internal sealed partial class SubjectDeriver<TTrace>
{
    private readonly List<long> _marking = [];
    private readonly List<long> _openKeys = [];
    private readonly List<Given> _competing = [];
    private readonly List<Given> _forGood = [];

    /// <summary>Derives a subject's credits from the last mark of its trail on, which goes on to where facts are new.</summary>
    /// <param name="subject">Its number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="into">Where to add the credits: an empty list.</param>
    /// <param name="trail">The trail.</param>
    /// <returns>How many credits, and values that limits group them by, there are for good before these.</returns>
    public (int Credits, int Keys) Derive(int subject, int upTo, CreditList into, Trail trail)
    {
        var from = trail.Last;
        if (!_concerns[_history.Kinds[subject]] || _history.FactsOf(subject).Count <= trail.Every || !Array.TrueForAll(_folds, fold => fold.CanMark(subject)))
        {
            Derive(subject, upTo, into);
            return default;
        }
        if (from is not null && !TryFold(subject, upTo, from, trail.Every))
        {
            trail.Cut(Instant.Ever);
            from = null;
        }
        if (from is null) { TryFold(subject, upTo, from, trail.Every); }
        _into = into;
        var before = from;
        for (var i = 0; i < _marking.Count; i++)
        {
            before = Part(subject, upTo, i, before, from);
            trail.Add(before);
        }
        Rest(subject, upTo, before);
        return from is null ? default : (from.Credits, from.KeyCount);
    }

    private void PlanMarks(in FactList facts, int upTo, DerivingMark? from, int every)
    {
        _marking.Clear();
        var count = 0;
        for (var place = _history.PlaceAfter(facts, AtOf(from)); place < facts.Count; place++)
        {
            if (!_history.IsKnown(facts[place], upTo) || ++count < every) { continue; }
            if (_marking.Count == 0 || _marking[^1] < _history.At[facts[place]]) { _marking.Add(_history.At[facts[place]]); }
            count = 0;
        }
    }

    /// <summary>Folds by every edition that gives anything.</summary>
    /// <returns>False where that has to begin with the first fact.</returns>
    private bool TryFold(int subject, int upTo, DerivingMark? from, int every)
    {
        PlanMarks(_history.FactsOf(subject), upTo, from, every);
        for (var e = 0; e < _folds.Length; e++)
        {
            if (!IsFolded(e, subject)) { continue; }
            if (from is null) { _folds[e].Fold(subject, upTo, _marking); }
            else if (from.Folds[e] is not { } mark || !_folds[e].TryGoOn(mark, subject, upTo, from.At, _marking)) { return false; }
        }
        return true;
    }

    private static long AtOf(DerivingMark? mark) => mark?.At ?? long.MinValue;

    private bool IsFolded(int edition, int subject) => _folds[edition].Gives(subject) && Concerns(edition, subject);

    /// <summary>Gives what is there for good at a mark, and was not at the mark before.</summary>
    private DerivingMark Part(int subject, int upTo, int place, DerivingMark? before, DerivingMark? from)
    {
        var at = _marking[place];
        var (folds, open, keys) = (new FoldMark?[_folds.Length], new List<Raw>[_folds.Length], new List<long>());
        // Of what competes, all that is not for good begins then or later.
        var begins = new Instant(at);
        _competing.Clear();
        _forGood.Clear();
        for (var e = 0; e < _folds.Length; e++)
        {
            open[e] = [];
            var seen = IsFolded(e, subject);
            if (seen)
            {
                folds[e] = _folds[e].Marks[place];
                foreach (var (rule, starts) in _folds[e].Live(folds[e]!))
                {
                    if (_settlement.IsLocal(_book.NumberOf(e, rule))) { begins = Instant.Min(begins, starts); }
                }
            }
            foreach (ref readonly var raw in before is null ? [] : before.Open[e].AsSpan()) { Sort(e, raw, before!.Keys, open[e], keys, ref begins); }
            if (!seen) { continue; }
            var results = _folds[e].Results[(place == 0 ? 0 : _folds[e].Marks[place - 1].Results)..folds[e]!.Results];
            foreach (ref readonly var raw in results) { Sort(e, raw, CollectionsMarshal.AsSpan(_folds[e].Keys), open[e], keys, ref begins); }
        }
        var first = _into.Count;
        Split(open, keys, begins);
        foreach (ref readonly var given in CollectionsMarshal.AsSpan(_forGood)) { Enrol(Rekeyed(given.Raw, given.Gift.Rule, CollectionsMarshal.AsSpan(_openKeys), _into.Keys), given.Gift, subject); }
        _openKeys.Clear();
        if (_history.Kinds[subject] == Vocabulary.MemberKind) { BuiltInCredits(subject, upTo, AtOf(before), at); }
        if (_settlement.MattersToSubject(_into.Items[first..])) { Settle(first); }
        return new(at, folds, [.. open.Select(raws => raws.ToArray())], [.. keys], (from?.Credits ?? 0) + _into.Count, (from?.KeyCount ?? 0) + _into.Keys.Count);
    }

    /// <summary>Sorts a result: for good, competing, or open.</summary>
    private void Sort(int edition, in Raw raw, ReadOnlySpan<long> rawKeys, List<Raw> open, List<long> keys, ref Instant begins)
    {
        var number = _book.NumberOf(edition, raw.Rule);
        var (passage, inForce) = (_passages[edition], _inForce[edition]);
        var given = default(Given);
        // What an edition may take over is seen only beside what it is taken over from.
        var stays = _giving[number].AtMoments && raw.Moment < inForce.Starts && passage.TakesOver[raw.Rule] is { Count: > 0 };
        if (!stays)
        {
            given = GivenOf(edition, raw, inForce, passage);
            if (given.Gift.Starts >= given.Gift.Ends) { return; }
            stays = given.GoesOn || IsSeam(given.Gift.Ends, edition) || _settlement.IsInOrder(number);
        }
        if (stays)
        {
            open.Add(Rekeyed(raw, number, rawKeys, keys));
            if (_settlement.IsLocal(number)) { begins = Instant.Min(begins, raw.Starts); }
            return;
        }
        given = given with { Raw = Rekeyed(raw, number, rawKeys, _openKeys) };
        if (_settlement.IsLocal(number)) { _competing.Add(given); }
        else { _forGood.Add(given); }
    }

    private bool IsSeam(Instant ends, int edition)
    {
        for (var later = edition + 1; later < _inForce.Length; later++)
        {
            if (_inForce[later].Starts == ends) { return true; }
        }
        return false;
    }

    /// <summary>Splits what competes at each instant among what is there: for good is what ends before all that is not begins.</summary>
    private void Split(List<Raw>[] open, List<long> keys, Instant begins)
    {
        _competing.Sort((a, b) => b.Gift.Ends.CompareTo(a.Gift.Ends));
        foreach (var given in _competing)
        {
            if (given.Gift.Ends <= begins)
            {
                _forGood.Add(given);
                continue;
            }
            begins = Instant.Min(begins, given.Gift.Starts);
            open[given.Gift.Edition].Add(Rekeyed(given.Raw, given.Gift.Rule, CollectionsMarshal.AsSpan(_openKeys), keys));
        }
    }

    private Raw Rekeyed(Raw raw, int number, ReadOnlySpan<long> from, List<long> to)
    {
        if (raw.Key < 0) { return raw; }
        var key = to.Count;
        to.AddRange(from.Slice(raw.Key, _book.KeyPaths(number).Count));
        raw.Key = key;
        return raw;
    }

    /// <summary>Gives what is not there for good, as all is given where there is no mark.</summary>
    private void Rest(int subject, int upTo, DerivingMark? mark)
    {
        var first = _into.Count;
        for (var e = 0; e < _folds.Length; e++)
        {
            if (mark is not null && mark.Open[e].Length > 0) { Give(e, subject, mark.Open[e].ToArray(), [.. mark.Keys]); }
            if (IsFolded(e, subject)) { Give(e, subject, _folds[e].Results[(_marking.Count == 0 ? 0 : _folds[e].Marks[^1].Results)..], _folds[e].Keys); }
            if (_folds.Length > 1) { Join(e); }
        }
        EndGiving(subject, upTo, first, AtOf(mark));
    }
}
