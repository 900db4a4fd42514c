using Laurel.Engine.Deriving;
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
    private readonly int _member;
    private readonly Instant _at;
    private readonly Edition _edition;
    private readonly IReadOnlyList<Credit> _credits;
    private readonly List<long> _keys;
    private readonly MemberTimeline _timeline;
    private readonly MemberStanding _standing;
    private readonly FactWords _facts;
    private readonly Conditions _conditions;
    private readonly RuleBook _book;
    private readonly Argument _who;

    /// <summary>Explains one member at one instant.</summary>
    /// <param name="scoring">Under which rules, as known when.</param>
    /// <param name="history">The facts.</param>
    /// <param name="assessing">Settles and assesses the scoring's members.</param>
    /// <param name="member">The member's subject number.</param>
    /// <param name="at">The instant.</param>
    public Explainer(Scoring scoring, History history, Assessing assessing, int member, Instant at)
    {
        _scoring = scoring;
        _history = history;
        _member = member;
        _at = at;
        _book = scoring.Plan.Book;
        _edition = _book.At(at) ?? throw new ArgumentException("There is no edition to explain by.", nameof(scoring));
        (_credits, _keys) = assessing.CreditsAndKeysOf(member);
        _timeline = assessing.TimelineOf(member);
        _standing = _timeline.At(at);
        _facts = new(history);
        _conditions = new(_edition, _facts);
        _who = history.NameOf(member);
    }

    /// <summary>The edition by which it explains.</summary>
    public Edition Edition => _edition;

    /// <summary>The whole standing: levels and the way to the next, metrics, pending, benefits.</summary>
    public Explanation Standing()
    {
        var lines = new List<Explanation>();
        if (!_standing.Enrolled) { lines.Add(NotEnrolled()); }
        foreach (var ladder in _edition.Ladders) { lines.Add(Level(ladder, null)); }
        foreach (var metric in _edition.Metrics.Where(m => m.Per is null)) { lines.Add(Metric(metric)); }
        lines.AddRange(Pending());
        lines.Add(Benefits());
        if (_timeline.NextAfter(_at) is { } next && next.IsReal) { lines.Add(Explanation.Of(Message.Of("standing.next", ("at", next)))); }
        return Explanation.Of(Message.Of("standing", ("member", _who), ("at", _at), ("edition", _edition.Name)), lines);
    }

    /// <summary>A metric: the arithmetic from credits to the number.</summary>
    public Explanation Metric(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var value = _standing.Metrics[metric.Index];
        if (metric.Kind == MetricKind.Formula) { return Formula(metric); }
        var groups = Counted(metric).GroupBy(c => c.Rule).Select(g => RuleSum(metric, g.Key, [.. g])).ToList();
        var unit = _history.Vocabulary.Units[metric.Unit].Name;
        var key = metric.In is null ? "metric.sum" : "metric.sum-in";
        return Explanation.Of(
            Message.Of(
                key,
                ("metric", new Argument.Name(metric.Name)),
                ("value", value.Kind == Expressions.ValueKind.Number ? new Argument.Amount(value.AsNumber, unit) : value.ToString()),
                ("window", metric.In is null ? "" : WindowOf(metric.In)),
                ("rules", new Number(groups.Count))),
            groups);
    }

    /// <summary>A benefit: whether the member has it, and why.</summary>
    public Explanation Benefit(Benefit benefit)
    {
        ArgumentNullException.ThrowIfNull(benefit);
        var has = _standing.Benefits[benefit.Index];
        var evaluation = EvaluateMember((plan, frame, trace) => plan.Benefits[benefit.Index].Test(frame, ref trace), benefit.Index);
        var since = has ? SinceWhen(s => s.Edition.Benefits.FirstOrDefault(b => b.Name == benefit.Name) is { } same && s.Benefits[same.Index]) : Instant.Ever;
        var says = Message.Of(
            has ? "benefit.has" : "benefit.has-not",
            ("benefit", new Argument.Name(benefit.Name)), ("since", since), ("says", Words(benefit.Doc.Says, benefit.Name)));
        var lines = _conditions.Lines(benefit.While, evaluation).ToList();
        if (!has && NearestLevel(benefit.While, evaluation) is { } level) { lines.Add(level); }
        return new(says, has ? Mark.Yes : Mark.No, lines);
    }

    private Explanation NotEnrolled()
    {
        var spans = _scoring.Enrolment.Of(_member);
        var next = spans.Where(s => s.Starts > _at).Select(s => (Instant?)s.Starts).FirstOrDefault();
        var left = spans.Where(s => s.Ends <= _at).Select(s => (Instant?)s.Ends).LastOrDefault();
        if (next is { } joins) { return new(Message.Of("enrolment.not-yet", ("joins", joins)), Mark.No, []); }
        return left is { } when ? new(Message.Of("enrolment.left", ("left", when)), Mark.No, []) : new(Message.Of("enrolment.never"), Mark.No, []);
    }

    private IEnumerable<Credit> Counted(Metric metric) => _credits.Where(c =>
        c.Status == CreditStatus.Active && c.Counted != 0 && c.Holds(_at) && _book.UnitOf(c.Rule) == metric.Unit
        && _at < Windows.Leaves(metric.In, c.Moment, _history.Vocabulary.Zone));

    private Explanation RuleSum(Metric metric, int rule, IReadOnlyList<Credit> credits)
    {
        var lines = credits.OrderBy(c => c.Starts).Select(CreditLine).ToList();
        var total = metric.Kind == MetricKind.Count ? new Number(credits.Count) : credits.Aggregate(new Number(0), (sum, c) => sum + Whole(c.Rule, c.Counted));
        return Explanation.Of(
            Message.Of(
                "metric.rule",
                ("amount", new Argument.Amount(total, UnitName(rule))), ("count", new Number(credits.Count)),
                ("rule", new Argument.Name(_book.NameOf(rule))), ("says", WordsOf(rule))),
            lines);
    }

    /// <summary>One credit: how much, on what, since when, until when, by what fact.</summary>
    private Explanation CreditLine(Credit credit)
    {
        var ends = EndOf(credit);
        var key = credit.Status == CreditStatus.Pending ? "credit.pending" : ends < Instant.Never ? "credit.until" : "credit";
        var lines = new List<Explanation>();
        if (credit.Fact >= 0) { lines.Add(Explanation.Of(_facts.Of(credit.Fact))); }
        if (_book.IsBuiltIn(credit.Rule)) { lines.Add(Explanation.Of(Adjusted(credit))); }
        if (credit.Counted != credit.Amount) { lines.Add(SetAside(credit)); }
        return Explanation.Of(
            Message.Of(
                key,
                ("amount", new Argument.Amount(Whole(credit.Rule, credit.Counted), UnitName(credit.Rule))),
                ("subject", SubjectName(credit.Subject)), ("since", credit.Starts), ("until", ends)),
            lines);
    }

    private Message Adjusted(Credit credit)
    {
        var fact = _history.FactOf(credit.Fact);
        return Message.Of("credit.adjusted", ("reason", fact["reason"]?.ToString() ?? ""), ("by", fact["by"]?.ToString() ?? ""));
    }

    /// <summary>When a credit ends for good: its spans that follow without a gap belong to it.</summary>
    private Instant EndOf(Credit credit)
    {
        var end = credit.Ends;
        while (_credits.FirstOrDefault(c => c.Starts == end && c.Subject == credit.Subject && c.Status == credit.Status && c.Counted == credit.Counted
            && _book.NameOf(c.Rule) == _book.NameOf(credit.Rule)) is { Member: > 0 } next && next.Ends > end)
        {
            end = next.Ends;
        }
        return end;
    }

    private IEnumerable<Explanation> Pending()
    {
        var pending = _credits.Where(c => c.Status == CreditStatus.Pending && c.Counted != 0 && c.Holds(_at)).OrderBy(c => c.Ends).ToList();
        foreach (var unit in pending.GroupBy(c => _book.UnitOf(c.Rule)))
        {
            var total = unit.Aggregate(new Number(0), (sum, c) => sum + Whole(c.Rule, c.Counted));
            yield return Explanation.Of(Message.Of("standing.pending", ("amount", new Argument.Amount(total, _history.Vocabulary.Units[unit.Key].Name))), [.. unit.Select(CreditLine)]);
        }
    }

    private Explanation Benefits()
    {
        var has = _edition.Benefits.Where(b => _standing.Benefits[b.Index]).Select(b => (Argument)new Argument.Name(b.Name)).ToList();
        return Explanation.Of(has.Count == 0 ? Message.Of("standing.no-benefits") : Message.Of("standing.benefits", ("benefits", new Argument.Several(has))));
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

    private static Argument WindowOf(Window window) => window.Kind switch
    {
        WindowKind.Last => Message.Of("window.last", ("length", new Argument.Length(window.Length))),
        WindowKind.These => Message.Of("window.these", ("length", new Argument.Length(window.Length))),
        _ => Message.Of($"window.{window.Kind.ToString()[4..].ToLowerInvariant()}"),
    };

    private Number Whole(int rule, long parts) => Number.Of(parts, Scales.Of(_history.Vocabulary.Units[_book.UnitOf(rule)]));

    private string UnitName(int rule) => _history.Vocabulary.Units[_book.UnitOf(rule)].Name;

    private string SubjectName(int subject) => $"{_history.Vocabulary.Kinds[_history.KindOf(subject)].Name} {_history.NameOf(subject)}";

    /// <summary>A rule in its own words; the built-in ones in ours.</summary>
    private Argument WordsOf(int rule) =>
        _book.IsBuiltIn(rule) ? Message.Of($"built-in.{_book.NameOf(rule)}") : Words(_book.Rule(rule)!.Doc.Says, _book.NameOf(rule));

    private static Argument Words(Phrase? says, string name) => says is null ? new Argument.Name(name) : new Argument.Words(says);
}
