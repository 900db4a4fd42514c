using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>The least that would turn what gives nothing: every way of the fewest steps, none that cannot be gone, and by when.</content>
public sealed partial class Explainer
{
    /// <summary>So many ways are told.</summary>
    private const int WaysTold = 8;

    private StateEnds? _stateEnds;

    /// <summary>Something that has to happen, in how many steps, in words, and what can be said of it.</summary>
    private sealed record Step(int Cost, Argument Says, IReadOnlyList<Explanation> Because);

    /// <summary>What is to be turned: a subject, by an edition; and the requests on the way to it, so that none asks for itself.</summary>
    private sealed record Aim(int Place, Edition Edition, int Subject, IReadOnlyList<Request> Asking)
    {
        /// <summary>True for what is tested at a fact to come: then that fact can carry anything.</summary>
        public bool AtMoment { get; init; }

        /// <summary>What has to be so, and what must not: a fact that turns one thing must not spoil another.</summary>
        public IReadOnlyList<(StateRule State, bool Wanted)> Wants { get; init; } = [];
    }

    /// <summary>The least that would turn a rule that gives nothing now; nothing where that cannot be known, or cannot be.</summary>
    private IEnumerable<Explanation> WhatWouldTurn(Case one)
    {
        if (one.Place != _place) { return []; }
        if (one.Rule.When.Count > 0) { return NextMoment(one); }
        List<List<Step>> ways = ToBeEnrolled(one);
        ways = Both(ways, ToTheMember(one));
        foreach (var (expression, evaluation) in LastOf(one)) { ways = Both(ways, WaysOf(AimOf(one), expression, evaluation)); }
        ways = Both(ways, ToAnAmount(one));
        return one.Rule.After is Delay.Length { Value: var length }
            ? Told("turn.after", ways, [("length", new Argument.Length(length))], Deadline(one))
            : Told("turn", ways, [], Deadline(one));
    }

    /// <summary>Of a rule that gives at moments: which moment could come, and what has to be so then.</summary>
    private IEnumerable<Explanation> NextMoment(Case one)
    {
        var triggers = one.Rule.When.Where(t => t.Each is not null || (t.Fact >= 0 && !Began(_vocabulary.FactTypes[t.Fact], one.Subject) && Answered(one.Edition, t.Fact))).ToList();
        if (triggers.Count == 0) { return []; }
        var ways = Both(ToBeEnrolled(one), ToTheMember(one));
        foreach (var (part, expression) in new[] { (TracePart.To, one.Rule.To), (TracePart.Where, one.Rule.Where), (TracePart.While, one.Rule.While) })
        {
            if (expression is { Type: not CelType.Reference }) { ways = Both(ways, WaysOf(AimOf(one) with { AtMoment = true }, expression, Evaluate(one.Place, one.Subject, part, one.Rule.Index, expression))); }
        }
        if (ways.Count == 0) { return []; }
        var when = ("when", (Argument)TriggersOf(one, triggers));
        IEnumerable<Explanation> until = [.. one.Rule.After is Delay.Length { Value: var length } ? [Explanation.Of(Message.Of("turn.waits", ("length", new Argument.Length(length))))] : Array.Empty<Explanation>(), .. Deadline(one)];
        return ways[0].Count == 0 ? [Explanation.Of(Message.Of("turn.moment", when), [.. until])] : Told("turn.moment-if", ways, [when], until);
    }

    /// <summary>True for a fact that is no part of a request, or of one that the edition has.</summary>
    private bool Answered(Edition edition, int fact) => edition.Requests.Any(r => Answers(r).Contains(fact)) || !AllRequests().Any(r => Answers(r).Contains(fact));

    private List<List<Step>> ToBeEnrolled(Case one) => [!NeedsEnrolment(one) ? [] : [new(1, Message.Of("wanted.enrolled"), [])]];

    private static Aim AimOf(Case one)
    {
        var wants = new List<(StateRule, bool)>();
        foreach (var expression in new[] { one.Rule.To, one.Rule.Where, one.Rule.While }.OfType<Expression>()) { Collect(expression, expression.Root, true); }
        return new(one.Place, one.Edition, one.Subject, []) { Wants = wants };

        void Collect(Expression expression, Expr node, bool wanted)
        {
            if (node is Expr.Call { Function: "!_" or "_&&_" or "_||_" } call)
            {
                foreach (var argument in call.Arguments) { Collect(expression, argument, call.Function == "!_" ? !wanted : wanted); }
                return;
            }
            var state = expression.Bindings.GetValueOrDefault(node.Id) switch
            {
                SubjectBinding.OfState { State: >= 0, Before: false, Path.Count: 0 } found => one.Edition.States[found.State],
                SubjectBinding.OfRole { Before: false, Path.Count: 0 } found => one.Edition.Roles[found.Role],
                _ => null,
            };
            if (state?.Condition is { } condition) { Collect(condition, condition.Root, wanted); }
            else if (state is not null) { wants.Add((state, wanted)); }
        }
    }

    /// <summary>Ways in words: one in a line, several under one.</summary>
    private static IEnumerable<Explanation> Told(string key, List<List<Step>> ways, (string, Argument)[] names, IEnumerable<Explanation> until)
    {
        if (ways.Count == 0 || ways[0].Count == 0) { yield break; }
        var told = ways.Take(WaysTold).Select(way => Explanation.Of(
            Message.Of("turn.way", ("changes", new Argument.Several([.. way.Select(s => s.Says)], "both"))), [.. way.SelectMany(s => s.Because)])).ToList();
        yield return told.Count == 1
            ? Explanation.Of(Message.Of(key, [.. names, ("changes", told[0].Says)]), [.. told[0].Because, .. until])
            : Explanation.Of(Message.Of(key, [.. names, ("changes", Message.Of("turn.either"))]), [.. told, .. until]);
    }

    /// <summary>Every way of the first with every way of the second.</summary>
    private static List<List<Step>> Both(List<List<Step>> first, IReadOnlyList<IReadOnlyList<Step>> second) =>
        [.. first.SelectMany(a => second.Select(b => new List<Step>([.. a, .. b])))];

    /// <summary>Of a rule whose path does not lead to the member: that it does, where such a field is told again and again.</summary>
    private List<List<Step>> ToTheMember(Case one)
    {
        if (!PathLine(one).Exists(l => l.Mark == Mark.No)) { return [[]]; }
        if (one.Rule.To is not { } path || FieldOf(path, path.Root) is null) { return []; }
        var name = ("name", (Argument)new Argument.Name(path.Source));
        return PathLine(one)[0].Says.Key == "rule.to-nobody" || Changes(path, path.Root) ? [[new(1, Message.Of("rule.to", name, ("who", _who)), [])]] : [];
    }

    /// <summary>What an amount still needs to be told; no way where it is not for want of that that it cannot be worked out.</summary>
    private List<List<Step>> ToAnAmount(Case one)
    {
        if (GiveNow(one) is not { } give) { return [[]]; }
        var missing = NoAmount(one, give).Select(line => line.Says).ToList();
        return missing.TrueForAll(says => says.Key == "missing.not-told")
            ? [[.. missing.Select(says => new Step(1, Message.Of("turn.told", ("name", says.Arguments[0].Value)), []))]]
            : [];
    }

    /// <summary>Until when it is worth while: the day on which an edition that is known already no longer has the rule.</summary>
    private IEnumerable<Explanation> Deadline(Case one) =>
        _book.Editions.Skip(_place + 1).Where(e => e.Edition.Rules.All(r => r.Name != one.Rule.Name)).Take(1)
            .Where(e => !e.Edition.Transitions.Any(t => t.Rule == one.Rule.Name && t.Kind == TransitionKind.As))
            .Select(e => Explanation.Of(Message.Of("turn.until-edition", ("edition", e.Edition.Name), ("at", e.InForce.Starts))));

    /// <summary>Every least way for a condition to come out as wanted; none where there is none.</summary>
    private List<List<Step>> WaysOf(Aim aim, Expression expression, Evaluation evaluation, bool wanted = true) => WaysOf(aim, expression, expression.Root, evaluation, wanted);

    private List<List<Step>> WaysOf(Aim aim, Expression expression, Expr part, Evaluation evaluation, bool wanted)
    {
        var known = new Dictionary<(int, bool), List<List<Step>>>();
        var sets = new LeastChange(expression, evaluation, (atom, becomes) => For(atom, becomes) is [var first, ..] ? first.Sum(s => s.Cost) : null).Of(part, wanted);
        return [.. sets.SelectMany(set => set.Aggregate(new List<List<Step>> { new() }, (ways, turn) => Both(ways, For(turn.Atom, turn.Becomes))))];

        List<List<Step>> For(Expr atom, bool becomes) =>
            known.TryGetValue((atom.Id, becomes), out var ways) ? ways : known[(atom.Id, becomes)] = WaysOf(aim, expression, evaluation, atom, becomes);
    }

    /// <summary>What would make an atom of a condition true or false; no way where nothing that can be told would.</summary>
    private List<List<Step>> WaysOf(Aim aim, Expression expression, Evaluation evaluation, Expr atom, bool becomes)
    {
        if (expression.Bindings.GetValueOrDefault(atom.Id) is SubjectBinding.OfState { State: >= 0, Before: false } condition
            && aim.Edition.States[condition.State].Condition is { } inside && evaluation.Inner.Find(e => e.ReadBy == atom.Id) is { } inner)
        {
            return WaysOf(aim, inside, inner, becomes);
        }
        return StepOf(aim, expression, evaluation, atom, becomes) is { } step ? [[step]] : [];
    }

    private Step? StepOf(Aim aim, Expression expression, Evaluation evaluation, Expr atom, bool becomes)
    {
        var words = new ConditionWords(aim.Edition, _vocabulary).Of(expression, atom, becomes);
        if (Missing.Is(atom, evaluation) && Conditions.ReferenceOf(expression, atom) is { } reference) { return new(1, Message.Of("turn.told-with", ("name", reference), ("words", words)), []); }
        return expression.Bindings.GetValueOrDefault(atom.Id) switch
        {
            SubjectBinding { Before: true } or StandingBinding { Before: true } => null,
            FactBinding => aim.AtMoment ? new(1, words, []) : null,
            SubjectBinding.OfState { State: < 0 } or MemberStateBinding { State: < 0 } => becomes ? new(1, words, []) : null,
            SubjectBinding.OfState state when aim.Edition.States[state.State].Condition is not null => new(1, words, []),
            MemberStateBinding state when aim.Edition.States[state.State].Condition is not null => new(1, words, []),
            SubjectBinding.OfState state => Turned(aim, aim.Edition.States[state.State], state.Path.Count == 0 ? aim.Subject : -1, becomes),
            MemberStateBinding state => Turned(aim, aim.Edition.States[state.State], _member, becomes),
            SubjectBinding.OfRole role => Turned(aim, aim.Edition.Roles[role.Role], role.Path.Count == 0 ? aim.Subject : -1, becomes),
            _ => ToldOtherwise(aim, expression, evaluation, atom, words),
        };
    }

    /// <summary>Several ways as one step.</summary>
    private static Step? Either(List<List<Step>> ways)
    {
        if (ways.Count == 0) { return null; }
        var says = ways.Select(way => way.Count == 1 ? way[0].Says : new Argument.Several([.. way.Select(s => s.Says)], "both")).ToList();
        return new(
            Math.Max(1, ways[0].Sum(s => s.Cost)), says.Count == 1 ? says[0] : Message.Of("wanted.either", ("parts", new Argument.Several(says, "or"))),
            [.. ways.SelectMany(way => way).SelectMany(s => s.Because)]);
    }

    /// <summary>Something that facts say of a subject, told otherwise; null for what the subject is, and for what only the next fact carries.</summary>
    private Step? ToldOtherwise(Aim aim, Expression expression, Evaluation evaluation, Expr atom, Argument words)
    {
        var names = Conditions.Leaves(expression, atom).ToList();
        if (names.Exists(n => Conditions.BindingOf(expression, n) is StandingBinding { Before: false } and (MetricBinding or LevelBinding or ObligationBinding))) { return new(1, words, []); }
        if (aim.AtMoment && names.Exists(n => expression.Bindings.GetValueOrDefault(n.Id) is FactBinding) && names.TrueForAll(n => expression.Bindings.GetValueOrDefault(n.Id) is FactBinding or SubjectBinding.OfField { Before: false })) { return new(1, words, []); }
        if (names.Count == 0 || names.Exists(n => expression.Bindings.GetValueOrDefault(n.Id) is not (SubjectBinding.OfField { Before: false } or MemberFieldBinding { Before: false }))) { return null; }
        return names.TrueForAll(n => !evaluation.Results.TryGetValue(n.Id, out var value) || value.IsMissing || Changes(expression, n))
            ? new(1, atom is Expr.Select { TestOnly: true } told ? Message.Of("turn.told", ("name", new Argument.Name(told.Field))) : Message.Of("turn.told-as", ("words", words)), [])
            : null;
    }

    /// <summary>True for a field that is told again and again: of a member or a person, or by several types of fact. What one type of fact tells is what the thing is.</summary>
    private bool Changes(Expression expression, Expr leaf)
    {
        if (FieldOf(expression, leaf) is not var (kind, slot)) { return true; }
        return kind is Vocabulary.MemberKind or Vocabulary.PersonKind || _vocabulary.FactTypes.Count(t => t.About == kind && t.Carries.Any(f => f.Slot == slot)) > 1;
    }

    private (int Kind, int Slot)? FieldOf(Expression expression, Expr leaf) => expression.Bindings.GetValueOrDefault(leaf.Id) switch
    {
        MemberFieldBinding field => (Vocabulary.MemberKind, field.Slot),
        SubjectBinding.OfField { Path: [.., var last] } field when _vocabulary.Kinds[last.Kind].Fields[last.Slot].Type is FieldType.Reference reference => (reference.Kind, field.Slot),
        SubjectBinding.OfField field => (field.Root, field.Slot),
        _ => null,
    };

    /// <summary>What would start or end a state or role; null where nothing can.</summary>
    /// <param name="aim">What is to be turned.</param>
    /// <param name="state">The state or role.</param>
    /// <param name="subject">Of what; -1 where that is another one, of which no more is looked at.</param>
    /// <param name="starts">True to start it, false to end it.</param>
    private Step? Turned(Aim aim, StateRule state, int subject, bool starts)
    {
        Argument name = new Argument.Name(state.Name);
        var words = ("words", starts ? name : Message.Of("turn.no-longer", ("words", name)));
        var steps = (starts ? state.Starts : state.Ends).Select(t => ByTrigger(aim, state, t, subject)).OfType<Step>().ToList();
        if (!starts && subject >= 0 && Holding(aim.Place, subject).FirstOrDefault(h => h.State == state).Ends is { IsReal: true } ends) { steps.Insert(0, new(1, Message.Of("turn.by-itself", ("at", ends)), [])); }
        if (steps.Count == 0) { return null; }
        var least = steps.Min(s => s.Cost);
        steps = steps.FindAll(s => s.Cost == least);
        return new(least, Message.Of("turn.by", words, ("how", new Argument.Several([.. steps.Select(s => s.Says)], "or"))), [.. steps.SelectMany(s => s.Because)]);
    }

    private IReadOnlyList<(StateRule State, Instant Ends)> Holding(int place, int subject) =>
        (_stateEnds ??= new(_scoring, _history, _timeline.Found)).HoldingAt(place, subject, _at, _member);

    private Step? ByTrigger(Aim aim, StateRule state, Trigger trigger, int subject)
    {
        if (trigger.Fact < 0)
        {
            if (subject < 0 || trigger.Condition is not { } condition) { return null; }
            var ways = WaysOf(aim with { Wants = [] }, condition, Evaluate(aim.Place, subject, TracePart.Trigger, -1, condition));
            var holds = ways is [[], ..];
            // What holds already would have to fail first, unless it is on its way.
            if (Either(ways) is not { } first || (holds && trigger.For is null)) { return null; }
            var says = holds ? new ConditionWords(aim.Edition, _vocabulary).Of(condition) : first.Says;
            return trigger.For is { } length ? first with { Says = Message.Of("trigger.stays", ("condition", says), ("length", new Argument.Length(length))) } : first;
        }
        var type = _vocabulary.FactTypes[trigger.Fact];
        if (AllRequests().FirstOrDefault(r => Answers(r).Contains(trigger.Fact)) is { } request) { return ByRequest(aim, request.Name, trigger.Fact); }
        if (subject >= 0 && aim.Edition.Roles.Contains(state) && IsPast(aim, state, type, subject)) { return null; }
        var fact = _facts.TypeOf(type);
        if (trigger.Condition is { } guard) { fact = Message.Of("trigger.fact-if", ("fact", fact), ("condition", new ConditionWords(aim.Edition, _vocabulary).Of(guard))); }
        var spoilt = subject == aim.Subject ? aim.Wants.Where(w => w.State != state && (w.Wanted ? w.State.Ends : w.State.Starts).Any(t => t.Fact == type.Order && t.Condition is null)).ToList() : [];
        if (spoilt.Count == 0) { return new(1, fact, []); }
        var others = spoilt.Select(w => (Argument)Message.Of(
            w.Wanted ? "turn.ends-too" : w.State.For is null ? "turn.begins-too" : "turn.begins-for",
            ("words", new Argument.Name(w.State.Name)), ("length", new Argument.Length(w.State.For ?? Duration.Zero)))).ToList();
        return new(2, Message.Of("turn.but", ("fact", fact), ("others", new Argument.Several(others, "both"))), []);
    }

    private IEnumerable<Request> AllRequests() => _scoring.Program.Editions.Concat(_scoring.Program.Drafts).SelectMany(e => e.Requests);

    private static int[] Answers(Request request) => [request.Submitted, request.Approved, request.Declined, request.Reopened, request.Withdrawn];

    /// <summary>True for a fact that cannot start a role once more: it began the thing, or it also starts a role that the member has already.</summary>
    private bool IsPast(Aim aim, StateRule role, FactType type, int subject)
    {
        if (Began(type, subject)) { return true; }
        var has = Holding(aim.Place, subject).Select(h => h.State).ToHashSet();
        return aim.Edition.Roles.Any(r => r != role && has.Contains(r) && r.Starts.Any(t => t.Fact == type.Order));
    }

    /// <summary>True for the type of the first fact about a subject, where there was one of it alone.</summary>
    private bool Began(FactType type, int subject)
    {
        var told = _history.FactsOf(subject).Where(f => _history.IsKnown(f, _scoring.UpTo) && _history.TimeOf(f) <= _at).ToList();
        return told.Count > 0 && _history.TypeOf(told[0]) == type && told.Count(f => _history.TypeOf(f) == type) == 1;
    }

    /// <summary>An answer to a request: where it is open, that; where it can be asked, by asking; else what has to be so first. Null where it cannot be asked any more.</summary>
    private Step? ByRequest(Aim aim, string name, int answer)
    {
        if (aim.Edition.Requests.FirstOrDefault(r => r.Name == name) is not { } request) { return null; }
        var subject = request.About == Vocabulary.MemberKind ? _member : aim.Subject;
        if (_history.KindOf(subject) != request.About || (answer != request.Approved && answer != request.Reopened)) { return null; }
        var called = ("request", (Argument)new Argument.Name(request.Name));
        var requests = new Requests(_scoring, _history);
        var now = requests.StepsOf(request.Name, _member, subject, _timeline).LastOrDefault(s => s.From <= _at);
        List<Explanation> told = [Request(request, subject)];
        if (answer == request.Reopened) { return now?.Status == RequestStatus.Declined ? new(1, _facts.TypeOf(_vocabulary.FactTypes[answer]), told) : null; }
        if (aim.Asking.Contains(request)) { return null; }
        if (now?.Status == RequestStatus.Declined) { return new(1, Message.Of("turn.by-reopening", called, ("since", now.From)), told); }
        if (IsOpen(now)) { return new(1, Message.Of("turn.by-answer", called, ("since", now!.From)), told); }
        if (requests.MayAsk(request, aim.Edition, _member, subject, _at, _timeline) is not { } evaluation || Holds(request.Where!, evaluation)) { return new(1, Message.Of("turn.by-asking", called), told); }
        var first = Either(WaysOf(aim with { Subject = subject, Wants = [], Asking = [.. aim.Asking, request] }, request.Where!, evaluation));
        return first is null ? null : new(1 + first.Cost, Message.Of("turn.by-asking-after", called, ("changes", first.Says)), [.. first.Because, .. told]);
    }
}
