using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// Explains a member's standing at an instant: why, and why not. What it says comes from the same evaluation that makes the
/// amounts, run once more with its trace kept.
/// </summary>
public sealed partial class Explainer
{
    private readonly Scoring _scoring;
    private readonly History _history;
    private readonly Vocabulary _vocabulary;
    private readonly int _member;
    private readonly Instant _at;
    private readonly Edition _edition;
    private readonly int _place;
    private readonly Assessed _assessed;
    private readonly IReadOnlyList<Credit> _credits;
    private readonly List<long> _keys;
    private readonly MemberTimeline _timeline;
    private readonly MemberStanding _standing;
    private readonly FactWords _facts;
    private readonly Conditions _conditions;
    private readonly ConditionWords _words;
    private readonly RuleBook _book;
    private readonly MetricKeys _metricKeys;
    private readonly Argument _who;
    private readonly TracedPlans _plans;

    /// <summary>Explains one member at one instant.</summary>
    /// <param name="scoring">Under which rules, as known when.</param>
    /// <param name="history">The facts.</param>
    /// <param name="assessing">Settles and assesses the scoring's members.</param>
    /// <param name="member">The member's subject number.</param>
    /// <param name="at">The instant.</param>
    public Explainer(Scoring scoring, History history, Assessing assessing, int member, Instant at) : this(scoring, history, assessing.Of(member), at, new(scoring))
    {
    }

    /// <summary>Explains one member of many, for whom the editions are compiled once.</summary>
    internal Explainer(Scoring scoring, History history, Assessed assessed, Instant at, TracedPlans plans)
    {
        _plans = plans;
        _scoring = scoring;
        _history = history;
        _vocabulary = history.Vocabulary;
        _member = assessed.Timeline!.Member;
        _at = at;
        _book = scoring.Plan.Book;
        _edition = _book.At(at) ?? throw new ArgumentException("There is no edition to explain by.", nameof(scoring));
        _place = PlaceOf(_edition);
        (_credits, _keys, _) = _assessed = assessed;
        _timeline = assessed.Timeline!;
        _standing = _timeline.At(at);
        _facts = new(history);
        _conditions = ConditionsOf(_edition, _member);
        _words = new(_edition, _vocabulary);
        _metricKeys = new(_book, history);
        _who = history.NameOf(_member);
    }

    /// <summary>Explains the same member at another instant.</summary>
    public Explainer On(Instant at) => new(_scoring, _history, _assessed, at, _plans);

    /// <summary>The edition by which it explains.</summary>
    public Edition Edition => _edition;

    /// <summary>The member's subject number.</summary>
    internal int Member => _member;

    /// <summary>The member's credits, settled.</summary>
    internal IReadOnlyList<Credit> Credits => _credits;

    /// <summary>A condition about the member that was evaluated before: every part with its value, and why it has it.</summary>
    internal IReadOnlyList<Explanation> Lines(Expression condition, Evaluation evaluation) => _conditions.Lines(condition, evaluation);

    /// <summary>The whole standing: levels and the way to the next, metrics, pending, benefits, what comes next by itself.</summary>
    public Explanation Standing()
    {
        var lines = new List<Explanation>();
        if (!_standing.Enrolled) { lines.Add(NotEnrolled()); }
        foreach (var ladder in _edition.Ladders) { lines.Add(Level(ladder, null)); }
        foreach (var metric in _edition.Metrics) { lines.Add(metric.Kind == MetricKind.Formula ? Formula(metric, inFull: false) : metric.Per is null ? Metric(metric) : InShort(Metric(metric))); }
        foreach (var obligation in _edition.Obligations) { lines.Add(Head(obligation) with { Because = [Present(obligation)] }); }
        lines.AddRange(Pending());
        lines.AddRange(_standing.States.Select(state => _conditions.Own(state, _at)));
        lines.Add(Benefits());
        lines.AddRange(Retracted(_member));
        if (NextChange() is { } next) { lines.Add(next); }
        return Explanation.Of(Message.Of("standing", ("member", _who), ("at", _at), ("edition", _edition.Name)), lines);
    }

    /// <summary>A benefit: whether the member has it, and why.</summary>
    public Explanation Benefit(Benefit benefit)
    {
        ArgumentNullException.ThrowIfNull(benefit);
        var has = _standing.Benefits[benefit.Index];
        var evaluation = EvaluateMember((plan, frame, trace) => plan.Benefits[benefit.Index].Test(frame, ref trace), benefit.Index, _standing);
        var since = has ? SinceWhen(s => s.Edition.Benefits.FirstOrDefault(b => b.Name == benefit.Name) is { } same && s.Benefits[same.Index]) : Instant.Ever;
        var says = Message.Of(
            !has ? "benefit.has-not" : since.IsReal ? "benefit.has" : "benefit.has-always",
            ("benefit", new Argument.Name(benefit.Name)), ("since", since), ("says", Words(benefit.Doc.Says, benefit.Name)));
        var lines = _conditions.Lines(benefit.While, evaluation).ToList();
        if (!has && NearestLevel(benefit.While, evaluation) is { } level) { lines.Add(level); }
        return new(says, has ? Mark.Yes : Mark.No, lines);
    }

    internal Explanation NotEnrolled()
    {
        var spans = _scoring.Enrolment.Of(_member);
        var next = spans.Where(s => s.Starts > _at).Select(s => (Instant?)s.Starts).FirstOrDefault();
        var left = spans.Where(s => s.Ends <= _at).Select(s => (Instant?)s.Ends).LastOrDefault();
        if (next is { } joins) { return new(Message.Of(left is null ? "enrolment.not-yet" : "enrolment.away", ("joins", joins), ("left", left ?? Instant.Ever)), Mark.No, []); }
        return left is { } when ? new(Message.Of("enrolment.left", ("left", when)), Mark.No, []) : new(Message.Of("enrolment.never"), Mark.No, []);
    }

    /// <summary>Of what begins when the member came back: since when that is, and when the time before ended.</summary>
    private IEnumerable<Explanation> CameBack(Instant since)
    {
        var spans = _scoring.Enrolment.Of(_member);
        for (var i = 1; i < spans.Count; i++)
        {
            if (spans[i].Starts == since) { yield return Explanation.Of(Message.Of("enrolment.again", ("since", since), ("left", spans[i - 1].Ends))); }
        }
    }

    private IEnumerable<Explanation> Pending()
    {
        var pending = _credits.Where(c => c.Status == CreditStatus.Pending && c.Counted != 0 && c.Holds(_at)).OrderBy(c => c.Ends).ToList();
        foreach (var unit in pending.GroupBy(c => _book.UnitOf(c.Rule)))
        {
            yield return Explanation.Of(Message.Of("standing.pending", ("amount", Sum([.. unit]))), [.. unit.Select(c => CreditLine(c, null))]);
        }
    }

    private Explanation Benefits()
    {
        var has = _edition.Benefits.Where(b => _standing.Benefits[b.Index]).Select(b => (Argument)new Argument.Name(b.Name)).ToList();
        return Explanation.Of(has.Count == 0 ? Message.Of("standing.no-benefits") : Message.Of("standing.benefits", ("benefits", new Argument.Several(has, "list"))));
    }

    /// <summary>What changes next if nothing more happens, and when.</summary>
    private Explanation? NextChange()
    {
        if (_timeline.NextAfter(_at) is not { IsReal: true } next) { return null; }
        var then = _timeline.At(next);
        var lines = new List<Explanation>();
        if (then.Edition != _standing.Edition) { lines.Add(Explanation.Of(Message.Of("standing.next-edition", ("edition", then.Edition.Name)))); }
        if (then.Enrolled != _standing.Enrolled) { lines.Add(Explanation.Of(Message.Of(then.Enrolled ? "condition.enrolled" : "condition.not-enrolled"))); }
        foreach (var metric in then.Edition.Metrics.Where(m => !m.IsMap && _standing.MetricOf(m.Name) is { } now && !now.Equals(then.Metrics[m.Index])))
        {
            lines.Add(Explanation.Of(Message.Of("standing.next-metric", ("metric", new Argument.Name(metric.Name)), ("value", FactWords.Shown(then.Metrics[metric.Index])))));
        }
        foreach (var ladder in then.Edition.Ladders)
        {
            var before = _edition.Ladders.FirstOrDefault(l => l.Name == ladder.Name);
            if (before is null || then.LevelOn(ladder) is not { } level || _standing.LevelOn(before) == level) { continue; }
            lines.Add(Explanation.Of(Message.Of("standing.next-level", ("ladder", new Argument.Name(ladder.Name)), ("level", new Argument.Name(level)))));
        }
        lines.AddRange(NextPeriods(then));
        var (was, becomes) = (_standing.States.Select(s => s.Name).ToList(), then.States.Select(s => s.Name).ToList());
        lines.AddRange(becomes.Except(was).Select(state => Explanation.Of(Message.Of("standing.next-state", ("state", new Argument.Name(state))))));
        lines.AddRange(was.Except(becomes).Select(state => Explanation.Of(Message.Of("standing.next-no-state", ("state", new Argument.Name(state))))));
        return Explanation.Of(Message.Of("standing.next", ("at", next)), lines);
    }

    private Instant SinceWhen(Func<MemberStanding, bool> holds)
    {
        var since = _standing.From;
        for (var i = _timeline.Standings.Count - 1; i >= 0; i--)
        {
            var standing = _timeline.Standings[i];
            if (standing.From > _at) { continue; }
            if (!holds(standing)) { break; }
            since = standing.From;
        }
        return since;
    }

    private int PlaceOf(Edition edition) => _book.Editions.ToList().FindIndex(e => e.Edition == edition);

    private Argument WindowOf(Window window) => window.Kind switch
    {
        WindowKind.Since => Message.Of("window.since", ("fact", new Argument.Name(_vocabulary.FactTypes[window.Fact].Name))),
        WindowKind.Last => Message.Of("window.last", ("length", new Argument.Length(window.Length))),
        WindowKind.ThisYear when window.Year is { } year => Message.Of("window.named-year", ("year", new Argument.Name(year.Name))),
        WindowKind.These => Message.Of("window.these", ("length", new Argument.Length(window.Length))),
        _ => Message.Of($"window.{window.Kind.ToString()[4..].ToLowerInvariant()}"),
    };

    private Argument.Amount AmountOf(int rule, long parts) => Argument.Amount.Of(_vocabulary.Units[_book.UnitOf(rule)], parts);

    /// <summary>What credits of one unit count together.</summary>
    private Argument.Amount Sum(IReadOnlyList<Credit> credits) => AmountOf(credits[0].Rule, credits.Sum(c => c.Counted));

    internal Message SubjectName(int subject) =>
        Message.Of("subject", ("kind", new Argument.Name(_vocabulary.Kinds[_history.KindOf(subject)].Name)), ("name", _history.NameOf(subject)));

    /// <summary>A rule in its own words, as the edition in force has them where the rule went over to it; the built-in ones in ours.</summary>
    private Argument WordsOf(int rule)
    {
        if (_book.IsBuiltIn(rule)) { return Message.Of($"built-in.{_book.NameOf(rule)}"); }
        var written = _book.Rule(rule)!;
        var now = IsKept(rule) ? written : _edition.Rules.First(r => r.Name == written.Name);
        return Words(now.Doc.Says, now.Name);
    }

    /// <summary>True where a rule of an edition before gives by itself: the edition in force has none of its name, or it gave at a moment.</summary>
    private bool IsKept(int rule) =>
        _book.EditionOf(rule) != _place && (_book.Rule(rule)!.When.Count > 0 || _edition.Rules.All(r => r.Name != _book.NameOf(rule)));

    private static Argument Words(Phrase? says, string name) => says is null ? new Argument.Name(name) : new Argument.Words(says);
}
