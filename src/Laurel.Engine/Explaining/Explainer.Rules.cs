using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Rules on a subject: what they give and why, and why not.</content>
public sealed partial class Explainer
{
    /// <summary>A subject: every rule about its kind, those that give first; and the requests about it.</summary>
    /// <param name="subject">The subject's number.</param>
    public Explanation Subject(int subject)
    {
        var kind = _history.KindOf(subject);
        var tape = Fold(subject, _edition);
        var rules = RulesAbout(subject, kind).Select(r => About(r.Edition, r.Rule, subject, r.Edition == _edition ? tape : Fold(subject, r.Edition))).ToList();
        var total = _credits.Where(c => c.Subject == subject && c.Status == CreditStatus.Active && c.Counted != 0 && c.Holds(_at)).ToList();
        var lines = rules.Where(r => !r.Elsewhere).Select(r => r.Line).OrderBy(l => l.Mark == Mark.Yes ? 0 : 1).ToList();
        var others = rules.Where(r => r.Elsewhere).Select(r => r.Line).ToList();
        if (others.Count > 0) { lines.Add(Explanation.Of(Message.Of("subject.others", ("count", new Number(others.Count))), others)); }
        if (!_standing.Enrolled) { lines.Insert(0, NotEnrolled()); }
        foreach (var request in _edition.Requests.Where(r => r.About == kind)) { lines.Add(Request(request, subject)); }
        var amounts = total.GroupBy(c => _book.UnitOf(c.Rule))
            .Select(g => (Argument)new Argument.Amount(g.Aggregate(new Number(0), (sum, c) => sum + Whole(c.Rule, c.Counted)), _history.Vocabulary.Units[g.Key].Name)).ToList();
        var waiting = _credits.Any(c => c.Subject == subject && c.Status == CreditStatus.Pending && c.Counted != 0 && c.Holds(_at));
        return Explanation.Of(
            amounts.Count == 0
                ? Message.Of(waiting ? "subject.pending" : "subject.nothing", ("subject", SubjectName(subject)), ("member", _who), ("at", _at))
                : Message.Of("subject.gives", ("subject", SubjectName(subject)), ("member", _who), ("at", _at), ("amounts", new Argument.Several(amounts))),
            lines);
    }

    /// <summary>A rule on a subject, and whether it is for other things: those whose fields are others. Then its reason is one line.</summary>
    private (Explanation Line, bool Elsewhere) About(Edition edition, CreditRule rule, int subject, IReadOnlyList<Evaluation> evaluations)
    {
        var line = Rule(edition, rule, subject, evaluations);
        if (line.Mark == Mark.Yes || line.Says.Key is "rule.set-aside") { return (line, false); }
        foreach (var (expression, evaluation) in LastOf(rule, evaluations))
        {
            var conditions = new Conditions(edition, _facts);
            var field = LeastChange.Of(expression, evaluation, Cost(expression))?.FirstOrDefault(a => IsField(expression, a));
            if (field is null) { continue; }
            var because = conditions.Line(expression, field, evaluation, wanted: true);
            return (new(Message.Of("rule.elsewhere", ("says", Words(rule.Doc.Says, rule.Name)), ("reason", because.Says)), Mark.No, []), true);
        }
        return (line, false);
    }

    /// <summary>True for a part that reads fields of the subject alone: what the thing is, not what is true of it for a time.</summary>
    private static bool IsField(Expression expression, Expr atom) =>
        expression.Bindings.GetValueOrDefault(atom.Id) is not (SubjectBinding.OfState or SubjectBinding.OfRole or MemberStateBinding)
        && expression.Bindings.Values.Any(b => b is SubjectBinding.OfField);

    /// <summary>One rule on one subject: why it gives what it gives, or why not.</summary>
    /// <param name="rule">The rule's name, in the edition in force or in one before.</param>
    /// <param name="subject">The subject's number.</param>
    /// <returns>Null where no edition so far has a rule of that name about subjects of this kind.</returns>
    public Explanation? Rule(string rule, int subject)
    {
        var found = RulesAbout(subject, _history.KindOf(subject)).Where(r => r.Rule.Name == rule).Select(r => ((Edition, CreditRule)?)r).FirstOrDefault();
        if (found is null)
        {
            var older = _book.Editions.LastOrDefault(e => e.Edition.Rules.Any(r => r.Name == rule && r.Kind == _history.KindOf(subject)));
            if (older is null) { return null; }
            found = (older.Edition, older.Edition.Rules.First(r => r.Name == rule));
        }
        return Rule(found.Value.Item1, found.Value.Item2, subject, Fold(subject, found.Value.Item1));
    }

    /// <summary>A request about a subject: where it stands, since when, and what comes next.</summary>
    /// <param name="request">The request.</param>
    /// <param name="subject">The subject's number; the member's own for a request about members.</param>
    public Explanation Request(Request request, int subject)
    {
        ArgumentNullException.ThrowIfNull(request);
        var steps = new Requests(_scoring, _history).StepsOf(request.Name, _member, subject, _timeline);
        var name = ("request", (Argument)new Argument.Name(request.Name));
        var now = steps.LastOrDefault(s => s.From <= _at);
        if (now is null) { return Explanation.Of(Message.Of("request.none", name, ("says", Words(request.Doc.Says, request.Name)))); }
        var lines = steps.Where(s => s.From <= _at).Select(s => RequestLine(s, name)).ToList();
        if (steps.FirstOrDefault(s => s.From > _at && s.Fact < 0) is { } next) { lines.Add(Explanation.Of(Message.Of($"request.will-{Lower(next.Status)}", name, ("at", next.From)))); }
        var mark = now.Status switch { RequestStatus.Approved => Mark.Yes, RequestStatus.Refused or RequestStatus.Declined or RequestStatus.Expired => Mark.No, _ => Mark.None };
        if (now.Status == RequestStatus.Refused)
        {
            lines.Add(Explanation.Of(Message.Of("request.how", ("says", Words(request.Doc.Says, request.Name)))));
            if (now.Evaluation is { } evaluation) { lines.AddRange(_conditions.Lines(request.Where!, evaluation)); }
        }
        return new(Message.Of($"request.is-{Lower(now.Status)}", name, ("since", now.From)), mark, lines);
    }

    private Explanation RequestLine(RequestStep step, (string, Argument) name) => Explanation.Of(
        Message.Of($"request.{Lower(step.Status)}", name, ("at", step.From)),
        step.Fact < 0 ? [] : [Explanation.Of(_facts.Of(step.Fact))]);

    private static string Lower(RequestStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The rules of the edition in force, and those of editions before by which the member still has something here.</summary>
    private IEnumerable<(Edition Edition, CreditRule Rule)> RulesAbout(int subject, int kind)
    {
        var kept = _credits.Where(c => c.Subject == subject && c.Holds(_at) && !_book.IsBuiltIn(c.Rule))
            .Select(c => (_book.Editions[_book.EditionOf(c.Rule)].Edition, _book.Rule(c.Rule)!))
            .Where(r => _edition.Rules.All(now => now.Name != r.Item2.Name));
        return _edition.Rules.Where(r => r.Kind == kind).Select(r => (_edition, r)).Concat(kept).DistinctBy(r => r.Item2.Name);
    }

    private Explanation Rule(Edition edition, CreditRule rule, int subject, IReadOnlyList<Evaluation> evaluations)
    {
        var own = _credits.Where(c => c.Subject == subject && _book.NameOf(c.Rule) == rule.Name).ToList();
        var says = ("says", Words(rule.Doc.Says, rule.Name));
        var name = ("rule", (Argument)new Argument.Name(rule.Name));
        var conditions = new Conditions(edition, _facts);
        var lines = rule.When.Count > 0 ? MomentLines(conditions, rule, evaluations) : StretchLines(conditions, rule, evaluations);
        var given = own.Where(c => c.Holds(_at)).OrderByDescending(c => c.Counted != 0).ThenBy(c => c.Status).Select(c => (Credit?)c).FirstOrDefault();
        if (given is { } credit)
        {
            var amount = ("amount", (Argument)new Argument.Amount(Whole(credit.Rule, credit.Counted), UnitName(credit.Rule)));
            if (edition != _edition) { lines = [Explanation.Of(Message.Of("rule.kept", ("edition", edition.Name))), .. lines]; }
            if (credit.Counted == 0) { return new(Message.Of("rule.set-aside", name, says), Mark.No, [SetAside(credit), .. lines]); }
            if (credit.Counted != credit.Amount) { lines = [SetAside(credit), .. lines]; }
            var until = EndOf(credit);
            var key = credit.Status == CreditStatus.Pending ? "rule.pending" : until < Instant.Never ? "rule.active-until" : "rule.active";
            return new(Message.Of(key, name, says, amount, ("since", credit.Starts), ("until", until)), Mark.Yes, lines);
        }
        var reasons = WhyNot(conditions, rule, evaluations);
        var ended = own.Where(c => c.Ends <= _at).OrderBy(c => c.Ends).Select(c => (Credit?)c).LastOrDefault();
        var message = ended is { } last
            ? Message.Of("rule.ended", name, says, ("ended", last.Ends), ("reasons", new Argument.Several(reasons)))
            : Message.Of(reasons.Count == 0 ? "rule.nothing" : "rule.not", name, says, ("reasons", new Argument.Several(reasons)));
        return new(message, Mark.No, [.. lines, .. WhatWouldTurn(rule, evaluations)]);
    }

    /// <summary>Every condition that fails now, as sentences.</summary>
    private List<Argument> WhyNot(Conditions conditions, CreditRule rule, IReadOnlyList<Evaluation> evaluations)
    {
        var reasons = new List<Argument>();
        if (!_standing.Enrolled) { reasons.Add(NotEnrolled().Says); }
        foreach (var (expression, evaluation) in LastOf(rule, evaluations))
        {
            reasons.AddRange(conditions.Lines(expression, evaluation).Where(l => l.Mark == Mark.No).Select(l => (Argument)Innermost(l).Says));
        }
        if (rule.When.Count > 0 && !evaluations.Any(e => e.Part != TracePart.Trigger && e.Definition == rule.Index)) { reasons.Add(Message.Of("rule.no-moment", ("when", WhenOf(rule)))); }
        return reasons;
    }

    /// <summary>Of a state that is a condition: the one part that fails, where it is one.</summary>
    private static Explanation Innermost(Explanation line)
    {
        var failing = line.Because.Where(b => b.Mark == Mark.No).ToList();
        return failing.Count == 1 && line.Says.Key.StartsWith("condition.not-state", StringComparison.Ordinal) ? Innermost(failing[0]) : line;
    }

    private Argument.Several WhenOf(CreditRule rule) => new([.. rule.When.Select(t =>
        t.Fact >= 0 ? (Argument)_history.Vocabulary.FactTypes[t.Fact].Name : t.Condition!.Source)]);

    /// <summary>The last evaluation of each part of a rule that the member's case rests on.</summary>
    private IEnumerable<(Expression Expression, Evaluation Evaluation)> LastOf(CreditRule rule, IReadOnlyList<Evaluation> evaluations)
    {
        var of = evaluations.Where(e => e.Definition == rule.Index && (e.Member == _member || e.Member < 0) && e.At <= _at).ToList();
        foreach (var (part, expression) in new[] { (TracePart.To, rule.To), (TracePart.Where, rule.Where), (TracePart.While, rule.While) })
        {
            if (expression is not null && expression.Type is not CelType.Reference && of.LastOrDefault(e => e.Part == part) is { } last) { yield return (expression, last); }
        }
    }

    private List<Explanation> StretchLines(Conditions conditions, CreditRule rule, IReadOnlyList<Evaluation> evaluations)
    {
        var lines = PathLine(rule, evaluations);
        foreach (var (expression, evaluation) in LastOf(rule, evaluations)) { lines.AddRange(conditions.Lines(expression, evaluation)); }
        if (lines.Count == 0) { lines.Add(Explanation.Of(Message.Of("rule.no-facts"))); }
        return lines;
    }

    /// <summary>Where a path leads to who gets it: to whom it led.</summary>
    private List<Explanation> PathLine(CreditRule rule, IReadOnlyList<Evaluation> evaluations)
    {
        if (rule.To is not { Type: CelType.Reference } path) { return []; }
        var last = evaluations.LastOrDefault(e => e.Definition == rule.Index && e.Part == TracePart.To && e.At <= _at);
        if (last is null || !last.Results.TryGetValue(path.Root.Id, out var value)) { return []; }
        var mine = value.Kind == ValueKind.Reference && value.AsReference == _member;
        var who = value.Kind == ValueKind.Reference ? (Argument)_history.NameOf(value.AsReference) : Message.Of("value.nobody");
        return [new(Message.Of(mine ? "rule.to-you" : "rule.to-other", ("path", path.Source), ("who", who)), mine ? Mark.Yes : Mark.No, [])];
    }

    /// <summary>Each moment of a rule, with what was tested then.</summary>
    private List<Explanation> MomentLines(Conditions conditions, CreditRule rule, IReadOnlyList<Evaluation> evaluations)
    {
        var lines = new List<Explanation>();
        var moments = evaluations.Where(e => e.Definition == rule.Index && e.At <= _at && e.Part is TracePart.To or TracePart.Where && e.Fact >= 0).GroupBy(e => e.Fact);
        foreach (var moment in moments)
        {
            var tested = new List<Explanation>();
            foreach (var (part, expression) in new[] { (TracePart.To, rule.To), (TracePart.Where, rule.Where) })
            {
                if (expression is null || expression.Type is CelType.Reference) { continue; }
                var evaluation = moment.LastOrDefault(e => e.Part == part && e.Member == _member) ?? moment.LastOrDefault(e => e.Part == part);
                if (evaluation is not null) { tested.AddRange(conditions.Lines(expression, evaluation)); }
            }
            var holds = tested.TrueForAll(t => t.Mark != Mark.No);
            tested.AddRange(Release(rule, moment.Key));
            lines.Add(new(Message.Of("rule.moment", ("fact", _facts.Of(moment.Key))), holds ? Mark.Yes : Mark.No, tested));
        }
        return lines;
    }

    private IEnumerable<Explanation> Release(CreditRule rule, int fact)
    {
        if (rule.After is { } after)
        {
            yield return Explanation.Of(Message.Of("rule.after", ("length", new Argument.Length(after)), ("release", _history.Vocabulary.Zone.Add(_history.TimeOf(fact), after))));
        }
        if (rule.OrLater is { } window)
        {
            var until = Windows.Leaves(window, _history.TimeOf(fact), _history.Vocabulary.Zone);
            if (_at < until) { yield return Explanation.Of(Message.Of("rule.or-later", ("until", until))); }
        }
    }

    /// <summary>The least that would turn a rule that gives nothing now; nothing where it would take another kind of thing.</summary>
    private IEnumerable<Explanation> WhatWouldTurn(CreditRule rule, IReadOnlyList<Evaluation> evaluations)
    {
        if (rule.When.Count > 0) { yield break; }
        var turns = new List<Message?>();
        foreach (var (expression, evaluation) in LastOf(rule, evaluations)) { AddTurns(expression, evaluation, turns); }
        if (turns.Count > 0 && turns.TrueForAll(t => t is not null)) { yield return Explanation.Of(Message.Of("turn", ("changes", new Argument.Several([.. turns.Select(t => (Argument)t!)])))); }
    }

    private void AddTurns(Expression expression, Evaluation evaluation, List<Message?> turns)
    {
        if (LeastChange.Of(expression, evaluation, Cost(expression)) is not { } atoms)
        {
            turns.Add(null);
            return;
        }
        foreach (var atom in atoms) { AddTurn(expression, evaluation, atom, turns); }
    }

    private void AddTurn(Expression expression, Evaluation evaluation, Expr atom, List<Message?> turns)
    {
        var ends = evaluation.Results.TryGetValue(atom.Id, out var value) && value.Truth == Truth.True;
        switch (expression.Bindings.GetValueOrDefault(atom.Id))
        {
            case SubjectBinding.OfState { State: >= 0 } state when !ends && evaluation.Inner.Find(e => e.Part == TracePart.State && e.Definition == state.State) is { } inner:
                AddTurns(_edition.States[state.State].Condition!, inner, turns);
                break;
            case SubjectBinding.OfState { State: >= 0 } state:
                turns.Add(Message.Of(ends ? "turn.not-state" : "turn.state", ("words", new Argument.Name(_edition.States[state.State].Name))));
                break;
            case SubjectBinding.OfRole role:
                turns.Add(ends ? Message.Of("turn.not-state", ("words", new Argument.Name(_edition.Roles[role.Role].Name))) : WantedRole(_edition.Roles[role.Role]));
                break;
            default:
                turns.Add(null);
                break;
        }
    }

    private Message WantedRole(StateRule role)
    {
        var request = _edition.Requests.FirstOrDefault(r => role.Starts.Any(t => t.Fact == r.Approved));
        var words = new Argument.Name(role.Name);
        return request is null
            ? Message.Of("turn.state", ("words", words))
            : Message.Of("turn.role-by-request", ("words", words), ("request", new Argument.Name(request.Name)));
    }

    /// <summary>What people do (states, roles) turns sooner than what a thing is (its fields).</summary>
    private static Func<Expr, int> Cost(Expression expression) =>
        node => expression.Bindings.GetValueOrDefault(node.Id) is SubjectBinding.OfState or SubjectBinding.OfRole ? 2 : 3;

    /// <summary>What a credit lost against.</summary>
    private Explanation SetAside(Credit credit)
    {
        var limit = _edition.Limits[credit.Limit];
        var place = _book.Editions.ToList().FindIndex(e => e.Edition == _edition);
        var settlement = new Settlement(_book, _history);
        var winners = _credits.Where(c => c.Counted != 0 && c != credit && c.Holds(_at) && settlement.ShareGroup(place, limit, c, credit, _keys)).ToList();
        var lines = winners.Select(w => Explanation.Of(Message.Of(
            "limit.winner", ("rule", new Argument.Name(_book.NameOf(w.Rule))), ("amount", new Argument.Amount(Whole(w.Rule, w.Counted), UnitName(w.Rule))),
            ("subject", SubjectName(w.Subject)), ("moment", w.Moment)))).ToList();
        return new(
            Message.Of(
                $"limit.{limit.Kind.ToString().ToLowerInvariant()}", ("limit", new Argument.Name(limit.Name)), ("number", new Number(limit.Number)),
                ("says", Words(limit.Doc.Says, limit.Name)), ("gives", new Argument.Amount(Whole(credit.Rule, credit.Amount), UnitName(credit.Rule)))),
            Mark.No,
            lines);
    }

    /// <summary>Folds a subject once more, with its trace, until the instant asked about.</summary>
    private IReadOnlyList<Evaluation> Fold(int subject, Edition edition)
    {
        var place = _book.Editions.ToList().FindIndex(e => e.Edition == edition);
        var tape = new TraceTape();
        var fold = new SubjectFold<Traced>(new(_book, place, _history), _history, _scoring.Enrolment, new(tape)) { Asked = _member };
        fold.Fold(subject, _scoring.UpTo, _at);
        return tape.Read();
    }
}
