using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Backtesting;

/// <summary>
/// Finds what the draft's rules could not judge by an instant: folds, with a trace that keeps just that, the subjects of which
/// something may not be told in time. Rules that read what follows for a member are left out: they can be judged only member by
/// member. For one thread.
/// </summary>
internal sealed class Judging
{
    private readonly Backtest _backtest;
    private readonly History _history;
    private readonly int _upTo;
    private readonly Edition _edition;
    private readonly Judgements _judgements;
    private readonly SubjectFold<Judged> _fold;
    private readonly IReadOnlyList<Telling[]>[] _fields;
    private readonly bool[] _always;

    public Judging(Backtest backtest)
    {
        _backtest = backtest;
        (_history, _upTo, _edition) = (backtest.History, backtest.Draft.UpTo, backtest.DraftEdition);
        _judgements = new(_edition);
        var book = backtest.Draft.Plan.Book;
        var plan = new EditionPlan<Judged>(book, book.Editions.ToList().FindIndex(e => e.Edition == _edition), _history);
        _fold = new(plan, _history, backtest.Draft.Enrolment, new(_judgements)) { Horizon = backtest.Draft.Horizon };
        var bindings = _history.Vocabulary.Kinds.Select(kind => BindingsOf(kind.Index).Distinct().ToList()).ToList();
        _fields = [.. bindings.Select(all => all.Select(StepsOf).Where(steps => steps.Count > 0).Select(steps => steps.Select(s => new Telling(_history, s.Kind, s.Slot, _upTo)).ToArray()).ToList())];
        _always = [.. bindings.Select(all => all.Exists(b => b is FactBinding or SubjectBinding.Since or SubjectBinding { Before: true }))];
    }

    /// <summary>What could not be judged on a range of subjects.</summary>
    public List<UnjudgedSubject> On(int first, int end)
    {
        var found = new List<UnjudgedSubject>();
        for (var subject = first; subject < end; subject++)
        {
            if (FirstOf(subject) is not { } since || since > _backtest.At || !MayLack(subject, since.Micros)) { continue; }
            _judgements.Clear();
            _fold.Fold(subject, _upTo, _backtest.At);
            found.AddRange(_judgements.Unjudged(since).Select(u => new UnjudgedSubject(u.What, subject, u.Member)));
        }
        return found;
    }

    /// <summary>When the first known fact about a subject happened: before that there is nothing to judge; null for none.</summary>
    private Instant? FirstOf(int subject)
    {
        foreach (var fact in _history.FactsOf(subject))
        {
            if (_history.IsKnown(fact, _upTo)) { return new(_history.At[fact]); }
        }
        return null;
    }

    /// <summary>True where something that a rule reads was not told from the subject's first instant on. The fold itself says whether that mattered.</summary>
    private bool MayLack(int subject, long since)
    {
        var kind = _history.Kinds[subject];
        if (_always[kind]) { return true; }
        foreach (var steps in _fields[kind])
        {
            if (MayLack(subject, steps, since)) { return true; }
        }
        return false;
    }

    private bool MayLack(int subject, ReadOnlySpan<Telling> steps, long since)
    {
        var inTime = false;
        foreach (var fact in _history.FactsOf(subject))
        {
            if (steps[0].Value(fact) is not { } bits) { continue; }
            inTime |= _history.At[fact] <= since;
            if (!inTime || (steps.Length > 1 && MayLack((int)bits, steps[1..], since))) { return true; }
        }
        return !inTime;
    }

    /// <summary>The fields that must be told for a binding to have a value, one after the other.</summary>
    private List<Step> StepsOf(Binding binding) => binding switch
    {
        SubjectBinding.OfField field => [.. field.Path, new(field.Path.Aggregate(field.Root, (_, step) => KindAfter(step)), field.Slot)],
        SubjectBinding subject => [.. subject.Path],
        _ => [],
    };

    private int KindAfter(Step step) => ((FieldType.Reference)_history.Vocabulary.Kinds[step.Kind].Fields[step.Slot].Type).Kind;

    /// <summary>What rules about a kind read, and the states that they read.</summary>
    private IEnumerable<Binding> BindingsOf(int kind) =>
        _edition.Rules.Where(r => r.Kind == kind).SelectMany(r => new[] { r.To, r.Where, r.While, r.Give }.Concat(r.When.Concat(r.Unless).Select(t => t.Condition)))
            .OfType<Expression>().SelectMany(e => e.Bindings.Values)
            .Concat(_edition.States.Where(s => s.Kind == kind && s.Condition is not null).SelectMany(s => s.Condition!.Bindings.Values));
}

/// <summary>What conditions came to, rule by rule and member by member, as far as something was not told.</summary>
internal sealed class Judgements(Edition edition)
{
    private readonly Stack<(TracePart Part, int Definition, int Member, int Fact, Instant At, Value Last)> _open = new();
    private readonly Dictionary<(int Rule, int Member), List<Look>> _rules = [];
    private readonly Dictionary<int, string?> _states = [];

    /// <summary>A look at a rule at an instant and a fact: whether a part failed, and what was not told.</summary>
    private readonly record struct Look(Instant At, int Fact, bool Failed, string? Field);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _rules.Clear();
        _states.Clear();
    }

    /// <summary>What is not judged: of a state and of a rule that holds while its conditions do, by the last look; of one that gives at moments, by any.</summary>
    /// <param name="since">Moments before are none of the subject's.</param>
    public IEnumerable<(Unjudged What, int Member)> Unjudged(Instant since)
    {
        foreach (var ((rule, member), looks) in _rules)
        {
            var counting = edition.Rules[rule].When.Count > 0 ? looks.Where(l => l.At >= since) : looks.TakeLast(1);
            foreach (var field in counting.Where(l => !l.Failed).Select(l => l.Field).OfType<string>().Distinct()) { yield return (new(UnjudgedKind.Rule, edition.Rules[rule].Name, field), member); }
        }
        foreach (var (state, field) in _states)
        {
            if (field is not null) { yield return (new(UnjudgedKind.State, edition.States[state].Name, field), -1); }
        }
    }

    public void Begin(TracePart part, int definition, int member, int fact, Instant at) => _open.Push((part, definition, member, fact, at, Value.True));

    public void Inner(int state)
    {
        var (_, _, member, fact, at, _) = _open.Peek();
        Begin(TracePart.State, state, member, fact, at);
    }

    /// <summary>The last result of an evaluation is that of the whole.</summary>
    public void Result(in Value value)
    {
        var open = _open.Pop();
        _open.Push(open with { Last = value });
    }

    public void End()
    {
        var (part, definition, member, fact, at, last) = _open.Pop();
        var field = last.Kind == ValueKind.NotTold ? last.AsText : null;
        if (part == TracePart.State) { _states[definition] = field; }
        if (part is not (TracePart.To or TracePart.While or TracePart.Where or TracePart.Give)) { return; }
        if (!_rules.TryGetValue((definition, member), out var looks)) { _rules[(definition, member)] = looks = []; }
        if (looks.Count == 0 || looks[^1].At != at || looks[^1].Fact != fact) { looks.Add(new(at, fact, Failed: false, null)); }
        var look = looks[^1];
        looks[^1] = look with { Failed = look.Failed || last.Truth == Truth.False, Field = look.Field ?? field };
    }
}

/// <summary>A trace that keeps what was not told.</summary>
/// <param name="judgements">Where.</param>
internal readonly struct Judged(Judgements judgements) : IFoldTrace
{
    public static bool On => true;

    public void Result(int node, in Value value) => judgements.Result(value);

    public void Result(int node, bool holds) => judgements.Result(Value.Of(holds));

    public void Because(int node, int fact, Instant since) { }

    public void Begin(TracePart part, int definition, int member, int fact, Instant at) => judgements.Begin(part, definition, member, fact, at);

    public void Inner(int node, int state) => judgements.Inner(state);

    public void End() => judgements.End();

    public int Place => 0;

    public void Again(int place, bool holds) => judgements.Result(Value.Of(holds));

    public void TakenBack(in TakenBack back) { }
}
