using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>What stands behind a state or role: what was asked of the facts that started or ended it, and which facts did not; and facts that were taken back.</content>
public sealed partial class Explainer
{
    /// <summary>So many facts that did nothing are told, the last ones.</summary>
    private const int IdleTold = 3;

    private readonly Dictionary<(int Place, int Subject), (IReadOnlyList<Evaluation> Evaluations, IReadOnlyList<TakenBack> TakenBack)> _folds = [];

    /// <summary>Reads conditions of an edition about a subject.</summary>
    private Conditions ConditionsOf(Edition edition, int subject) => new(edition, _facts, this, subject, inFull: true);

    /// <summary>A state of the member itself at an instant: since when and by which fact it is as it is; and where it is a condition, how that came out.</summary>
    internal (Reason? Since, Evaluation? Inside) OwnState(Edition edition, StateRule state, Instant at)
    {
        var inside = state.Condition is { } condition ? Evaluate(PlaceOf(edition), _member, TracePart.State, state.Index, condition, at) : null;
        if (OwnAt(edition, at) is not { } own) { return (null, inside); }
        var times = own.StateTimes[edition.States.Where(s => s.Kind == Vocabulary.MemberKind).TakeWhile(s => s != state).Count()];
        return (new(times.CausePlusOne - 1, times.WasNever ? Instant.Ever : new(times.Since)), inside);
    }

    /// <summary>The fact that told a field of the member itself.</summary>
    internal Reason? OwnField(Edition edition, int slot, Instant at) =>
        OwnAt(edition, at) is { } own && own.Told[slot] >= 0 ? new(own.Told[slot], _history.TimeOf(own.Told[slot])) : null;

    /// <summary>
    /// Behind a state or role: what was asked of the fact that made it so, where something was; and the facts since then that would have
    /// turned it, and did not qualify.
    /// </summary>
    /// <param name="edition">Whose state it is.</param>
    /// <param name="state">The state or role.</param>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="reason">Why.</param>
    /// <param name="subject">Of what; -1 where that is not known here.</param>
    /// <param name="at">When.</param>
    internal IReadOnlyList<Explanation> Behind(Edition edition, StateRule state, bool holds, Reason? reason, int subject, Instant at)
    {
        var lines = new List<Explanation>();
        var fact = reason?.Fact ?? -1;
        if (fact >= 0) { lines.AddRange(Guards(edition, holds ? state.Starts : state.Ends, fact, wanted: true).SelectMany(g => g.Lines)); }
        if (subject < 0) { return lines; }
        var since = reason?.Since ?? Instant.Ever;
        var idle = FactsAbout(subject).Where(f => f != fact && _history.TimeOf(f) >= since && _history.TimeOf(f) <= at)
            .SelectMany(f => Guards(edition, holds ? state.Ends : state.Starts, f, wanted: false)).TakeLast(IdleTold);
        lines.AddRange(idle.Select(g => Explanation.Of(Message.Of(holds ? "condition.not-ended-by" : "condition.not-started-by", ("fact", _facts.Of(g.Fact))), [.. g.Lines])));
        return lines;
    }

    /// <summary>What was asked of a fact that starts or ends something only under a condition, and came out as wanted.</summary>
    private IEnumerable<(int Fact, IReadOnlyList<Explanation> Lines)> Guards(Edition edition, IReadOnlyList<Trigger> triggers, int fact, bool wanted)
    {
        var guarded = triggers.Where(t => t.Fact == _history.TypeOf(fact).Order && t.Condition is not null).ToList();
        if (guarded.Count == 0 || triggers.Any(t => t.Fact == _history.TypeOf(fact).Order && t.Condition is null)) { yield break; }
        var (place, about) = (PlaceOf(edition), _history.AboutOf(fact));
        var tested = _plans.Of(place).Tested;
        foreach (var condition in guarded.Select(t => t.Condition!))
        {
            var evaluation = FoldedOnce(about, place).Evaluations.LastOrDefault(e => e.Part == TracePart.Trigger && e.Fact == fact && tested[e.Definition] == condition && (e.Member < 0 || e.Member == _member));
            if (evaluation is not null && Holds(condition, evaluation) == wanted) { yield return (fact, new Conditions(edition, _facts, this, about, inFull: false).Lines(condition, evaluation)); }
        }
    }

    private (IReadOnlyList<Evaluation> Evaluations, IReadOnlyList<TakenBack> TakenBack) FoldedOnce(int subject, int place) =>
        _folds.TryGetValue((place, subject), out var folded) ? folded : _folds[(place, subject)] = Fold(subject, place);

    /// <summary>The facts about a subject that count, as known, by when they happened.</summary>
    private IEnumerable<int> FactsAbout(int subject) =>
        _history.FactsOf(subject).Where(f => _history.IsKnown(f, _scoring.UpTo));

    /// <summary>Facts about a subject that were taken back: as if never told, and yet somebody may look for what they gave.</summary>
    private IEnumerable<Explanation> Retracted(int subject)
    {
        foreach (var fact in _history.FactsOf(subject))
        {
            if (_history.Position[fact] >= _scoring.UpTo || _history.TimeOf(fact) > _at || !_history.IsRetracted(fact, _scoring.UpTo)) { continue; }
            var position = _history.RetractionToggles.TryGetValue(fact, out var toggles) ? toggles.Last(p => p < _scoring.UpTo) : _history.RetractedFrom[fact];
            var by = _history.FactsOf(subject).First(f => _history.Position[f] == position);
            yield return Explanation.Of(
                Message.Of("fact.retracted", ("fact", _facts.Of(fact)), ("at", _history.RecordedOf(by))), by == fact ? [] : [.. ByWhom(by)]);
        }
    }
}
