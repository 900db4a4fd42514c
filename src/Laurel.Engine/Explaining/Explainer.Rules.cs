using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Rules on a subject: what they give and why, and why not.</content>
public sealed partial class Explainer
{
    /// <summary>A rule of an edition, on a subject, with the trace of the subject's fold by that edition.</summary>
    private sealed record Case(int Place, Edition Edition, CreditRule Rule, int Subject, IReadOnlyList<Evaluation> Evaluations, IReadOnlyList<TakenBack> TakenBack)
    {
        public (string, Argument)[] Names { get; } = [("rule", new Argument.Name(Rule.Name)), ("says", Words(Rule.Doc.Says, Rule.Name))];
    }

    /// <summary>A subject: every rule about its kind, those that give first; and the requests about it.</summary>
    /// <param name="subject">The subject's number.</param>
    public Explanation Subject(int subject)
    {
        var kind = _history.KindOf(subject);
        var rules = Cases(subject).Select(About).ToList();
        var lines = rules.Where(r => !r.Elsewhere).Select(r => r.Line).OrderBy(l => l.Mark == Mark.Yes ? 0 : 1).ToList();
        var others = rules.Where(r => r.Elsewhere).Select(r => r.Line).ToList();
        if (others.Count > 0) { lines.Add(Explanation.Of(Message.Of("subject.others", ("count", new Number(others.Count))), others)); }
        if (rules.Count == 0) { lines.Add(Explanation.Of(Message.Of("subject.no-rules", ("kind", new Argument.Name(_vocabulary.Kinds[kind].Name))))); }
        if (!_standing.Enrolled) { lines.Insert(0, NotEnrolled()); }
        lines.AddRange(ByHand(subject).Select(c => CreditLine(c, null)));
        lines.AddRange(Retracted(subject));
        foreach (var request in _edition.Requests.Where(r => r.About == kind && (r.About != Vocabulary.MemberKind || subject == _member))) { lines.Add(Request(request, subject)); }
        return Explanation.Of(Total(subject, _credits), lines);
    }

    /// <summary>One rule on one subject: why it gives what it gives, or why not.</summary>
    /// <param name="rule">The rule's name, in the edition in force or in one before; or a built-in one's, by which the member has something.</param>
    /// <param name="subject">The subject's number.</param>
    /// <returns>Null where no edition so far has a rule of that name about subjects of this kind.</returns>
    public Explanation? Rule(string rule, int subject)
    {
        var cases = Cases(subject).Where(c => c.Rule.Name == rule).Select(Explain).ToList();
        if (cases.Count > 0) { return WithRetracted(cases.Find(c => c.Mark == Mark.Yes) ?? cases[0], subject); }
        var older = _book.Editions.Take(_place).LastOrDefault(e => e.Edition.Rules.Any(r => r.Name == rule && r.Kind == _history.KindOf(subject)));
        if (older is not null) { return WithRetracted(Explain(CaseOf(older.Edition, older.Edition.Rules.First(r => r.Name == rule && r.Kind == _history.KindOf(subject)), subject)), subject); }
        var byHand = ByHand(subject).Where(c => _book.NameOf(c.Rule) == rule).ToList();
        return byHand.Count == 0 ? null : Explanation.Of(Total(subject, byHand), [.. byHand.Select(c => CreditLine(c, null))]);
    }

    /// <summary>What a person gave or took, or brought along.</summary>
    private IEnumerable<Credit> ByHand(int subject) => _credits.Where(c => c.Subject == subject && _book.IsBuiltIn(c.Rule) && c.Holds(_at));

    private Explanation WithRetracted(Explanation told, int subject) => told with { Because = [.. told.Because, .. Retracted(subject)] };

    private Message Total(int subject, IReadOnlyList<Credit> credits)
    {
        var names = new[] { ("subject", (Argument)SubjectName(subject)), ("member", _who), ("at", _at) };
        var holding = credits.Where(c => c.Subject == subject && c.Counted != 0 && c.Holds(_at)).ToList();
        var amounts = holding.Where(c => c.Status == CreditStatus.Active).GroupBy(c => _book.UnitOf(c.Rule)).Select(g => (Argument)Sum([.. g])).ToList();
        if (amounts.Count > 0) { return Message.Of("subject.gives", [.. names, ("amounts", new Argument.Several(amounts, "list"))]); }
        return Message.Of(holding.Count > 0 ? "subject.pending" : "subject.nothing", names);
    }

    /// <summary>
    /// The rules of the edition in force; those of editions before by which the member has or had something here, where the
    /// edition in force has none of that name; and what was given at a moment by an edition before.
    /// </summary>
    private IEnumerable<Case> Cases(int subject)
    {
        var kind = _history.KindOf(subject);
        var before = _credits.Where(c => c.Subject == subject && c.Starts <= _at && !_book.IsBuiltIn(c.Rule) && _book.EditionOf(c.Rule) != _place)
            .Select(c => (Place: _book.EditionOf(c.Rule), Rule: _book.Rule(c.Rule)!))
            .Where(r => r.Rule.When.Count > 0 || _edition.Rules.All(now => now.Name != r.Rule.Name))
            .OrderByDescending(r => r.Place).DistinctBy(r => (r.Rule.When.Count > 0 ? r.Place : 0, r.Rule.Name));
        return _edition.Rules.Where(r => r.Kind == kind).Select(r => CaseOf(_edition, r, subject))
            .Concat(before.Select(r => CaseOf(_book.Editions[r.Place].Edition, r.Rule, subject)));
    }

    private Case CaseOf(Edition edition, CreditRule rule, int subject)
    {
        var place = PlaceOf(edition);
        var (evaluations, takenBack) = FoldedOnce(subject, place);
        var told = rule.When.Count > 0 || evaluations.Any(e => e.Definition == rule.Index && IsOfRule(e.Part));
        return new(place, edition, rule, subject, told ? evaluations : Untold(place, rule, subject), takenBack);
    }

    /// <summary>A rule whose subject nothing was told of by the instant: its conditions are evaluated all the same.</summary>
    private List<Evaluation> Untold(int place, CreditRule rule, int subject)
    {
        var found = new List<Evaluation>();
        foreach (var (part, expression) in new[] { (TracePart.To, rule.To), (TracePart.While, rule.While) })
        {
            if (expression is not null) { found.Add(Evaluate(place, subject, part, rule.Index, expression)); }
        }
        return found;
    }

    /// <summary>Evaluates an expression about a subject for the member, as the instant leaves it.</summary>
    private Evaluation Evaluate(int place, int subject, TracePart part, int definition, Expression expression) => Evaluate(place, subject, part, definition, expression, _at);

    private Evaluation Evaluate(int place, int subject, TracePart part, int definition, Expression expression, Instant at)
    {
        var tape = new TraceTape();
        FoldOf(place, tape).Evaluate(subject, _scoring.UpTo, at, part, definition, _plans.Of(place).Compile(expression));
        return tape.ReadLast();
    }

    /// <summary>Folds a subject once more, with its trace. What is void was never given, so that is told whenever it happened.</summary>
    private (IReadOnlyList<Evaluation>, IReadOnlyList<TakenBack>) Fold(int subject, int place)
    {
        var tape = new TraceTape();
        FoldOf(place, tape).Fold(subject, _scoring.UpTo);
        return ([.. tape.Read().Where(e => e.At <= _at)], [.. tape.TakenBack.Where(t => t.IsVoid || t.At <= _at)]);
    }

    /// <summary>A fold for the member, which reads what was found of it.</summary>
    private SubjectFold<Traced> FoldOf(int place, TraceTape tape)
    {
        var fold = _plans.FoldOf(place, tape);
        fold.Asked = _member;
        _timeline.Found.Tell(fold);
        return fold;
    }

    /// <summary>A rule on a subject, and whether it is for other things: those whose fields are others. Then every condition that fails is one line.</summary>
    private (Explanation Line, bool Elsewhere) About(Case one)
    {
        var line = Explain(one);
        var reasons = line.Says.Arguments.FirstOrDefault(a => a.Key == "reasons").Value;
        var isElsewhere = line.Mark != Mark.Yes && line.Says.Key == "rule.not"
            && LastOf(one).Any(part => new LeastChange(part.Expression, part.Evaluation, (atom, _) => IsWhatItIs(part.Expression, atom, part.Evaluation) ? null : 1).Of(part.Expression.Root).Count == 0);
        return isElsewhere ? (new(Message.Of("rule.elsewhere", [.. one.Names, ("reasons", reasons!)]), Mark.No, []), true) : (line, false);
    }

    /// <summary>True for a part that tells what the thing is: it compares a text, a value of a list or a reference that was told, and that only one type of fact tells.</summary>
    private bool IsWhatItIs(Expression expression, Expr atom, Evaluation evaluation) =>
        atom is Expr.Call { Function: "_==_" or "_!=_" or "@in" } && Conditions.Leaves(expression, atom).ToList() is [var leaf]
        && expression.Bindings.GetValueOrDefault(leaf.Id) is SubjectBinding.OfField { Before: false }
        && evaluation.Results.TryGetValue(leaf.Id, out var value) && value.Kind is ValueKind.Text or ValueKind.Reference && !Changes(expression, leaf);

    private Explanation Explain(Case one)
    {
        var own = _credits.Where(c => c.Subject == one.Subject && _book.NameOf(c.Rule) == one.Rule.Name && (one.Rule.When.Count == 0 || _book.EditionOf(c.Rule) == one.Place)).ToList();
        var lines = one.Rule.When.Count > 0 ? MomentLines(one, own) : StretchLines(one);
        if (one.Rule.When.Count == 0 && !own.Exists(c => c.Holds(_at))) { lines.AddRange(NoAmount(one, GiveNow(one))); }
        var given = own.Where(c => c.Holds(_at) && c.Counted != 0).OrderBy(c => c.Status).ThenBy(c => c.Starts).ToList();
        if (one.Place != _place) { lines.Insert(0, Explanation.Of(Message.Of(own.Exists(c => c.Holds(_at)) ? "rule.kept" : "rule.by", ("edition", one.Edition.Name)))); }
        if (given.Count > 0) { return Gives(one, given, lines); }
        if (own.Where(c => c.Holds(_at)).Select(c => (Credit?)c).FirstOrDefault() is not { } aside) { return GivesNot(one, own, lines); }
        return aside.Amount == 0
            ? new(Message.Of("rule.zero", one.Names), Mark.No, [.. lines, .. GiveLines(one, aside)])
            : new(Message.Of("rule.set-aside", one.Names), Mark.No, [SetAside(aside), .. lines]);
    }

    private Explanation Gives(Case one, List<Credit> given, List<Explanation> lines)
    {
        var active = given.Where(c => c.Status == CreditStatus.Active).ToList();
        var counts = active.Count > 0 ? active : given;
        var amount = ("amount", (Argument)Sum(counts));
        if (counts.Count > 1) { return new(Message.Of(active.Count > 0 ? "rule.several" : "rule.several-pending", [.. one.Names, amount, ("count", new Number(counts.Count))]), Mark.Yes, lines); }
        var credit = counts[0];
        if (credit.Counted != credit.Amount) { lines.Insert(0, SetAside(credit)); }
        if (one.Rule.When.Count == 0)
        {
            lines.AddRange(GiveLines(one, credit));
            lines.AddRange(StretchTimes(one, credit));
        }
        lines.AddRange(CameBack(StartOf(credit)));
        var until = EndOf(credit);
        var key = credit.Status == CreditStatus.Pending ? PendingKey(credit) : until < Instant.Never ? "rule.active-until" : "rule.active";
        return new(Message.Of(key, [.. one.Names, amount, ("since", StartOf(credit)), ("until", until)]), Mark.Yes, lines);
    }

    /// <summary>The times that a stretch sets: its release, and when it lapses.</summary>
    private IEnumerable<Explanation> StretchTimes(Case one, Credit credit)
    {
        if (one.Rule.After is { } after) { yield return Release(one, after, credit); }
        if (one.Rule.For is { } length) { yield return Lapse(one, length, credit.Moment); }
    }

    private string PendingKey(Credit pending) => EndOf(pending) == Instant.Never ? "rule.pending-open" : IsReleased(pending) ? "rule.pending" : "rule.pending-lost";

    /// <summary>True where what is pending becomes active, by what is known.</summary>
    private bool IsReleased(Credit pending) => _credits.Any(c =>
        c.Status == CreditStatus.Active && c.Starts == EndOf(pending) && c.Subject == pending.Subject && c.Moment == pending.Moment && _book.NameOf(c.Rule) == _book.NameOf(pending.Rule));

    /// <summary>How an amount that is not constant came out.</summary>
    private IEnumerable<Explanation> GiveLines(Case one, Credit credit)
    {
        var give = one.Rule.Give.Bindings.Count == 0 ? null
            : one.Evaluations.LastOrDefault(e => e.Part == TracePart.Give && e.Definition == one.Rule.Index && (e.Member == _member || e.Member < 0) && (one.Rule.When.Count > 0 ? e.Fact == credit.Fact && e.At == credit.Moment : e.At <= credit.Starts));
        if (give is null || !give.Results.TryGetValue(one.Rule.Give.Root.Id, out var value) || value.Kind != ValueKind.Number) { return []; }
        var exact = value.AsNumber.Equals(AmountOf(credit.Rule, credit.Amount).Value);
        return [Explanation.Of(
            Message.Of(exact ? "rule.give" : "rule.give-rounded", ("amount", AmountOf(credit.Rule, credit.Amount)), ("formula", one.Rule.Give.Source), ("value", value.AsNumber)),
            [.. ConditionsOf(one.Edition, one.Subject).Values(one.Rule.Give, give, _ => true)])];
    }

    private Explanation GivesNot(Case one, List<Credit> own, List<Explanation> lines)
    {
        var reasons = WhyNot(one, own);
        var several = ("reasons", (Argument)new Argument.Several(reasons));
        var ended = own.Where(c => c.Ends <= _at && c.Status == CreditStatus.Active && c.Counted != 0).OrderBy(c => c.Ends).Select(c => (Credit?)c).LastOrDefault();
        if (own.Where(c => c.Starts > _at && c.Status == CreditStatus.Active && c.Counted != 0).OrderBy(c => c.Starts).Select(c => (Credit?)c).FirstOrDefault() is { } next)
        {
            lines.Add(Explanation.Of(Message.Of("rule.will", ("amount", AmountOf(next.Rule, next.Counted)), ("since", next.Starts))));
        }
        lines.AddRange(BeforeIt(one));
        lines.AddRange(WhatWouldTurn(one));
        var key = ended is not null ? reasons.Count > 0 ? "rule.ended" : "rule.ended-only" : reasons.Count > 0 ? "rule.not" : "rule.nothing";
        return new(Message.Of(key, [.. one.Names, several, ("ended", ended?.Ends ?? Instant.Ever)]), Mark.No, lines);
    }

    /// <summary>Every condition that fails now, as sentences.</summary>
    private List<Argument> WhyNot(Case one, List<Credit> own)
    {
        var reasons = new List<Argument>();
        if (NeedsEnrolment(one)) { reasons.Add(NotEnrolled().Says); }
        if (_at < _book.Editions[one.Place].InForce.Starts) { reasons.Add(CountsFrom(one)); }
        if (one.Rule.When.Count > 0) { reasons.AddRange(WhyNoMoment(one, own)); }
        else
        {
            reasons.AddRange(PathLine(one).Where(l => l.Mark == Mark.No).Select(l => (Argument)l.Says));
            var conditions = ConditionsOf(one.Edition, one.Subject);
            foreach (var (expression, evaluation) in LastOf(one)) { reasons.AddRange(Conditions.Failing(conditions.Lines(expression, evaluation)).Select(f => (Argument)f)); }
            reasons.AddRange(NoAmount(one, GiveNow(one)).Select(line => (Argument)line.Says));
            if (reasons.Count == 0 && Lapsed(one, own) is { } lapsed) { reasons.Add(lapsed); }
            if (reasons.Count == 0 && !LastOf(one).Any()) { reasons.Add(Message.Of("rule.no-facts")); }
        }
        var byEdition = one.Rule.When.Count == 0 && own.Exists(c => c.Ends == _book.Editions[one.Place].InForce.Ends);
        if (one.Place < _place && (reasons.Count == 0 || byEdition)) { reasons.Add(EndedBy(one)); }
        return reasons;
    }

    /// <summary>True where a rule gives nothing as the member is not in the program: money counts all the same.</summary>
    private bool NeedsEnrolment(Case one) => !_standing.Enrolled && !_vocabulary.Units[one.Rule.Unit].Money;

    private Message CountsFrom(Case one) => Message.Of("rule.not-yet", ("edition", one.Edition.Name), ("at", _book.Editions[one.Place].InForce.Starts));

    /// <summary>A stretch whose time was over although it would go on.</summary>
    private Message? Lapsed(Case one, List<Credit> own)
    {
        if (one.Rule.For is not { } length) { return null; }
        var lapsed = own.Select(c => one.Edition.Calendar.Add(c.Moment, length)).Where(end => end <= _at).ToList();
        return lapsed.Count == 0 ? null : Lapsed(one, lapsed.Max());
    }

    /// <summary>Why an amount cannot be told: what nobody told, what cannot be worked out, and from which values.</summary>
    private IEnumerable<Explanation> NoAmount(Case one, Evaluation? give)
    {
        if (give is null || !give.Results.TryGetValue(one.Rule.Give.Root.Id, out var value)) { return []; }
        var unit = _vocabulary.Units[one.Rule.Unit];
        if (EditionPlan<Traced>.Amount(value, Scales.Of(unit)) is not null) { return []; }
        List<Message> reasons = value.IsMissing
            ? [.. Missing.Of(one.Rule.Give, one.Rule.Give.Root, give)]
            : [Message.Of("missing.amount", ("amount", new Argument.Amount(value.AsNumber, unit.Name)), ("formula", one.Rule.Give.Source))];
        var values = ConditionsOf(one.Edition, one.Subject).Values(one.Rule.Give, give, _ => true).Where(line => line.Says.Key != "value.not-told").ToList();
        return reasons.Select((reason, i) => new Explanation(reason, Mark.No, i == 0 ? values : []));
    }

    /// <summary>What the amount of a stretch would be now, whether or not its conditions hold; null where it is constant.</summary>
    private Evaluation? GiveNow(Case one) =>
        one.Rule.Give.Bindings.Count == 0 ? null : Evaluate(one.Place, one.Subject, TracePart.Give, one.Rule.Index, one.Rule.Give);

    /// <summary>How the amount of a moment was worked out for the member; null where it was not.</summary>
    private Evaluation? GiveAt(Case one, Moment moment) =>
        moment.Evaluations.LastOrDefault(e => e.Part == TracePart.Give && e.Definition == one.Rule.Index && (e.Member == _member || e.Member < 0));

    /// <summary>The edition by which an earlier rule gives no more.</summary>
    private Message EndedBy(Case one)
    {
        foreach (var later in _book.Editions.Skip(one.Place + 1).Where(e => e.InForce.Starts <= _at))
        {
            var named = later.Edition.Transitions.FirstOrDefault(t => t.Rule == one.Rule.Name);
            if (named is null && later.Edition.Rules.Any(r => r.Name == one.Rule.Name)) { continue; }
            var names = new[] { ("edition", (Argument)later.Edition.Name), ("at", later.InForce.Starts) };
            return named?.Kind switch
            {
                TransitionKind.Keep => Message.Of("rule.edition-keeps", names),
                TransitionKind.As => Message.Of("rule.edition-as", [.. names, ("says", Words(later.Edition.Rules[named.As].Doc.Says, later.Edition.Rules[named.As].Name))]),
                _ => Message.Of("rule.edition-ends", names),
            };
        }
        return Message.Of("rule.edition-ends", ("edition", _edition.Name), ("at", _book.Editions[_place].InForce.Starts));
    }

    /// <summary>The last evaluation of each part of a rule that the member's case rests on.</summary>
    private IEnumerable<(Expression Expression, Evaluation Evaluation)> LastOf(Case one)
    {
        var of = one.Evaluations.Where(e => e.Definition == one.Rule.Index && (e.Member == _member || e.Member < 0)).ToList();
        foreach (var (part, expression) in new[] { (TracePart.To, one.Rule.To), (TracePart.Where, one.Rule.Where), (TracePart.While, one.Rule.While) })
        {
            if (expression is { Type: not CelType.Reference } && of.LastOrDefault(e => e.Part == part) is { } last) { yield return (expression, last); }
        }
    }

    private List<Explanation> StretchLines(Case one)
    {
        var lines = PathLine(one);
        var conditions = ConditionsOf(one.Edition, one.Subject);
        foreach (var (expression, evaluation) in LastOf(one)) { lines.AddRange(conditions.Lines(expression, evaluation)); }
        return lines;
    }

    /// <summary>Where a path leads to who gets it: to whom it led; where it is for the member that it is about: who that is.</summary>
    private List<Explanation> PathLine(Case one)
    {
        if (one.Rule.To is null && IsOfOther(one)) { return [NamesOther(one.Subject)]; }
        if (one.Rule.To is not { Type: CelType.Reference } path) { return []; }
        var last = one.Evaluations.LastOrDefault(e => e.Definition == one.Rule.Index && e.Part == TracePart.To);
        if (last is null || !last.Results.TryGetValue(path.Root.Id, out var value)) { return []; }
        return [PathLine(path, last, value)];
    }

    /// <summary>True for a rule about members on another member.</summary>
    private bool IsOfOther(Case one) => one.Rule.Kind == Vocabulary.MemberKind && one.Subject != _member;

    private Explanation NamesOther(int member) => new(Message.Of("rule.names-other", ("who", _history.NameOf(member))), Mark.No, []);

    private Explanation PathLine(Expression path, Evaluation evaluation, Value value)
    {
        var name = ("name", (Argument)new Argument.Name(path.Source));
        if (value.Kind != ValueKind.Reference) { return new(Message.Of("rule.to-nobody", name), Mark.No, []); }
        var mine = value.AsReference == _member;
        var who = ("who", (Argument)_history.NameOf(value.AsReference));
        return evaluation.Reasons.TryGetValue(path.Root.Id, out var reason) && reason.Fact >= 0
            ? new(Message.Of("rule.to-by", name, who, ("fact", _facts.Of(reason.Fact))), mine ? Mark.Yes : Mark.No, [])
            : new(Message.Of("rule.to", name, who), mine ? Mark.Yes : Mark.No, []);
    }
}
