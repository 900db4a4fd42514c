using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Has what subjects refer to come from memory before their turn. Each step reads what the step before it asked for, some subjects
/// earlier. Only a hint, and made for subjects in rising order.
/// </summary>
internal sealed class LookAhead<TTrace>
    where TTrace : struct, IFoldTrace
{
    private const int Step = 4;

    private readonly History _history;
    private readonly IReadOnlyList<EditionPlan<TTrace>> _plans;
    private readonly Lazy<FactPlan<TTrace>?[]?>[] _following;
    private readonly int[] _referred = new int[4 * Step];

    public LookAhead(IReadOnlyList<EditionPlan<TTrace>> plans, History history)
    {
        (_plans, _history) = (plans, history);
        _following = [.. history.Vocabulary.Kinds.Select(kind => new Lazy<FactPlan<TTrace>?[]?>(() => FollowingOf(kind.Index), isThreadSafe: false))];
    }

    /// <summary>Looks at the subjects that come after one.</summary>
    public void From(int subject)
    {
        var far = ReferredBy(subject + (3 * Step));
        Referred(subject + (3 * Step)) = far;
        if (far >= 0)
        {
            Prefetch.Of(_history.FirstFact, far);
            Prefetch.Of(_history.Kinds, far);
        }
        if (Referred(subject + (2 * Step)) is >= 0 and var nearer && FirstOf(nearer) is >= 0 and var fact)
        {
            Prefetch.Of(_history.At, fact);
            Prefetch.Of(_history.Shape, fact);
            Prefetch.Of(_history.FirstValue, fact);
        }
        if (Referred(subject + Step) is >= 0 and var near && FirstOf(near) is >= 0 and var told) { Prefetch.Of(_history.Values, _history.FirstValue[told]); }
    }

    /// <summary>By shape: which values the conditions of a kind follow, by the last edition that gives anything for it and follows any; null for none.</summary>
    private FactPlan<TTrace>?[]? FollowingOf(int kind)
    {
        for (var e = _plans.Count - 1; e >= 0; e--)
        {
            if (_plans[e].KindAt(kind) is { Followed.Length: > 0, Rules.Length: > 0 } plan) { return plan.Facts; }
        }
        return null;
    }

    private ref int Referred(int subject) => ref _referred[subject & ((4 * Step) - 1)];

    /// <summary>The subject that another's first fact refers to and conditions follow; -1 for none.</summary>
    private int ReferredBy(int subject)
    {
        if (subject >= _history.SubjectCount || _following[_history.Kinds[subject]].Value is not { } facts) { return -1; }
        var fact = FirstOf(subject);
        if (fact < 0 || facts[_history.Shape[fact]] is not { Following: [var place, ..] }) { return -1; }
        return (int)_history.Values[_history.FirstValue[fact] + place];
    }

    private int FirstOf(int subject) => _history.FactsOf(subject) is { Count: > 0 } facts ? facts[0] : -1;
}
