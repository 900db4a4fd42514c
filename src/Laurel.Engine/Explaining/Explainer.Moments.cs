using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Rules that give at moments: what each moment gave, and what became of it.</content>
public sealed partial class Explainer
{
    /// <summary>A moment of a rule: its fact (-1 for a condition), when, and what was evaluated for it.</summary>
    private sealed record Moment(int Fact, Instant At, IReadOnlyList<Evaluation> Evaluations);

    /// <summary>The moments that the rule's edition answers for, in order: those in its dates, and earlier ones that it took over.</summary>
    private List<Moment> MomentsOf(Case one)
    {
        var inForce = _book.Editions[one.Place].InForce;
        if (one.Place == 0) { inForce = inForce with { Starts = Instant.Ever }; }
        var takenOver = _credits.Where(c => c.Subject == one.Subject && _book.EditionOf(c.Rule) == one.Place && _book.NameOf(c.Rule) == one.Rule.Name).Select(c => c.Moment).ToHashSet();
        return [.. one.Evaluations.Where(e => e.Definition == one.Rule.Index && IsOfRule(e.Part))
            .GroupBy(e => (e.Fact, At: e.Fact < 0 ? e.At : _history.TimeOf(e.Fact)))
            .Where(g => g.Key.At <= _at && (inForce.Contains(g.Key.At) || takenOver.Contains(g.Key.At)) && (g.Key.Fact >= 0 || g.Any(e => e.Part != TracePart.While)))
            .Select(g => new Moment(g.Key.Fact, g.Key.At, [.. g])).OrderBy(m => m.At)];
    }

    private static bool IsOfRule(TracePart part) => part is TracePart.To or TracePart.Where or TracePart.While or TracePart.Give;

    private List<Explanation> MomentLines(Case one, List<Credit> own) => [.. MomentsOf(one).Select(m => MomentLine(one, m, own))];

    /// <summary>The reasons of the last moment; where there was none, that.</summary>
    private List<Argument> WhyNoMoment(Case one, List<Credit> own)
    {
        if (MomentsOf(one) is not [.., var last])
        {
            var when = ("when", (Argument)TriggersOf(one, one.Rule.When));
            var starts = _book.Editions[one.Place].InForce.Starts;
            var earlier = EarlierOf(one);
            return earlier.Count == 0
                ? [Message.Of("rule.no-moment", when)]
                : [Message.Of("rule.no-moment-since", when, ("edition", one.Edition.Name), ("at", starts), ("facts", new Argument.Several([.. earlier.TakeLast(IdleTold).Select(f => _facts.Of(f))])))];
        }
        if (Fate(one, last, own) is { } fate) { return [fate]; }
        return [.. Conditions.Failing(Tested(one, last))];
    }

    /// <summary>The facts of before the rule's edition that would have been its moments.</summary>
    private List<int> EarlierOf(Case one) =>
        [.. one.Evaluations.Where(e => e.Definition == one.Rule.Index && IsOfRule(e.Part) && e.Fact >= 0 && e.At < _book.Editions[one.Place].InForce.Starts).Select(e => e.Fact).Distinct()];

    /// <summary>Where a rule had moments in an edition before alone, and they gave nothing: why not, by that edition.</summary>
    private IEnumerable<Explanation> BeforeIt(Case one)
    {
        if (one.Place != _place || one.Rule.When.Count == 0 || MomentsOf(one).Count > 0 || EarlierOf(one) is not [.., var last]) { yield break; }
        var place = _book.Editions.ToList().FindIndex(e => e.InForce.Contains(_history.TimeOf(last)));
        if (place < 0 || _book.Editions[place].Edition.Rules.FirstOrDefault(r => r.Name == one.Rule.Name && r.Kind == one.Rule.Kind && r.When.Count > 0) is not { } rule) { yield break; }
        if (_credits.Any(c => c.Subject == one.Subject && c.Starts <= _at && _book.EditionOf(c.Rule) == place && _book.NameOf(c.Rule) == rule.Name)) { yield break; }
        yield return Explain(CaseOf(_book.Editions[place].Edition, rule, one.Subject));
    }

    /// <summary>One moment: what it gave or what became of it, and what was tested then.</summary>
    private Explanation MomentLine(Case one, Moment moment, List<Credit> own)
    {
        var tested = Tested(one, moment);
        var given = own.Where(c => c.Moment == moment.At && c.Fact == moment.Fact && c.Holds(_at)).Select(c => (Credit?)c).FirstOrDefault();
        var when = ("moment", (Argument)NameOf(one, moment));
        if (given is { } gives) { tested.AddRange(GiveLines(one, gives)); }
        tested.AddRange(Times(one, moment, given));
        if (given is { } credit)
        {
            if (credit.Counted != credit.Amount) { tested.Insert(0, SetAside(credit)); }
            var aside = credit.Counted == 0 && credit.Amount != 0;
            var key = aside ? "moment.aside" : credit.Status == CreditStatus.Pending ? EndOf(credit) == Instant.Never ? "moment.pending-open" : "moment.pending" : "moment.gives";
            return new(
                Message.Of(key, when, ("amount", AmountOf(credit.Rule, aside ? credit.Amount : credit.Counted)), ("since", StartOf(credit)), ("until", EndOf(credit))),
                aside ? Mark.No : Mark.Yes, tested);
        }
        return Fate(one, moment, own) is { } fate
            ? new(Message.Of("moment.fate", when, ("fate", fate)), Mark.No, tested)
            : new(Message.Of("moment.nothing", when), Mark.No, tested);
    }

    private Message NameOf(Case one, Moment moment)
    {
        if (moment.Fact >= 0) { return _facts.Of(moment.Fact); }
        if (CloseOf(one, moment.At, moment.Fact) is { } each) { return Message.Of("rule.at-close", ("period", new Argument.Period(each, Windows.StartOf(each, null, moment.At, _vocabulary.Zone)))); }
        return Message.Of("rule.at", ("at", moment.At), ("when", TriggersOf(one, [.. one.Rule.When.Where(t => t.Fact < 0 && t.Each is null)])));
    }

    /// <summary>What was tested at a moment: for the member asked about; where the fact names somebody else, that.</summary>
    private List<Explanation> Tested(Case one, Moment moment)
    {
        var conditions = ConditionsOf(one.Edition, one.Subject);
        var lines = new List<Explanation>();
        if (one.Rule.To is { Type: CelType.Reference } path && moment.Evaluations.LastOrDefault(e => e.Part == TracePart.To) is { } led && led.Results.TryGetValue(path.Root.Id, out var value)) { lines.Add(PathLine(path, led, value)); }
        else if (one.Rule.To is null && moment.Evaluations.FirstOrDefault(e => e.Member >= 0) is { } named && named.Member != _member) { lines.Add(NamesOther(named.Member)); }
        foreach (var (part, expression) in new[] { (TracePart.To, one.Rule.To), (TracePart.Where, one.Rule.Where), (TracePart.While, one.Rule.While) })
        {
            if (expression is not { Type: not CelType.Reference }) { continue; }
            var evaluation = moment.Evaluations.LastOrDefault(e => e.Part == part && e.Member == _member) ?? moment.Evaluations.LastOrDefault(e => e.Part == part && e.Member < 0);
            if (evaluation is not null) { lines.AddRange(conditions.Lines(expression, evaluation)); }
        }
        lines.AddRange(NoAmount(one, GiveAt(one, moment)));
        return lines;
    }

    /// <summary>What ended what a moment gave: taken back, lapsed, a condition that failed, an edition; null where it never gave anything.</summary>
    private Message? Fate(Case one, Moment moment, List<Credit> own)
    {
        if (one.TakenBack.Where(t => t.Rule == one.Rule.Index && t.Member == _member && t.Moment == moment.At && t.MomentFact == moment.Fact).Select(t => (TakenBack?)t).FirstOrDefault() is { } back) { return TakenBackAt(one, back); }
        var last = own.Where(c => c.Moment == moment.At && c.Fact == moment.Fact && c.Ends <= _at).OrderBy(c => c.Ends).Select(c => (Credit?)c).LastOrDefault();
        if (last is not { } credit) { return moment.At < _book.Editions[one.Place].InForce.Starts ? CountsFrom(one) : NeverCounted(one, moment); }
        var at = ("at", (Argument)credit.Ends);
        if (LapsedOf(one, moment) is { } lapsed && lapsed == credit.Ends) { return Lapsed(one, lapsed); }
        var failed = one.Rule.While is null ? null : one.Evaluations.LastOrDefault(e => e.Part == TracePart.While && e.Definition == one.Rule.Index && e.Member == _member && e.At == credit.Ends);
        if (failed is not null && !Holds(one.Rule.While!, failed)) { return Failed(one, failed); }
        if (credit.Ends == _book.Editions[one.Place].InForce.Ends || _book.Editions.Any(e => e.InForce.Starts == credit.Ends)) { return EndedBy(one); }
        return Message.Of(_standing.Enrolled ? "fate.ended" : "fate.left", at);
    }

    /// <summary>What a moment would have given to a member who was not enrolled, and lost before it was.</summary>
    private Message? NeverCounted(Case one, Moment moment)
    {
        if (Tested(one, moment).Exists(line => line.Mark == Mark.No)) { return null; }
        var failed = one.Rule.While is null ? null : one.Evaluations.FirstOrDefault(e =>
            e.Part == TracePart.While && e.Definition == one.Rule.Index && e.Member == _member && e.At > moment.At && !Holds(one.Rule.While, e));
        if (failed is not null) { return Failed(one, failed); }
        return LapsedOf(one, moment) is { } lapsed && lapsed <= _at ? Lapsed(one, lapsed) : null;
    }

    private static Instant? LapsedOf(Case one, Moment moment) => one.Rule.For is { } length ? one.Edition.Calendar.Add(GivenAt(one, moment.At, moment.Fact), length) : null;

    private static Message Lapsed(Case one, Instant at) => Message.Of("fate.lapsed", ("at", at), ("length", new Argument.Length(one.Rule.For!.Value)));

    private Message Failed(Case one, Evaluation failed) => Message.Of(
        "fate.failed", ("at", failed.At), ("reasons", new Argument.Several([.. Conditions.Failing(ConditionsOf(one.Edition, one.Subject).Lines(one.Rule.While!, failed))])));

    private Message TakenBackAt(Case one, TakenBack back)
    {
        var unless = TriggersOf(one, [.. one.Rule.Unless.Where(t => t.Fact < 0)]);
        if (!back.IsVoid) { return Message.Of("fate.reversed", ("at", back.At), ("by", back.Fact >= 0 ? _facts.Then(back.Fact, back.At) : unless)); }
        return Message.Of("fate.void", ("by", back.Fact >= 0 ? _facts.Of(back.Fact) : Message.Of("rule.at", ("at", back.At), ("when", unless))), ("release", back.Release));
    }

    /// <summary>The times that a moment sets: its release, until when it can be taken back, when it lapses, until when others may still come.</summary>
    private IEnumerable<Explanation> Times(Case one, Moment moment, Credit? given)
    {
        var calendar = one.Edition.Calendar;
        if (given is { } credit && one.Rule.After is { } after) { yield return Release(one, after, credit); }
        if (given is not null && one.Rule.Unless.Count > 0)
        {
            var unless = ("unless", (Argument)TriggersOf(one, one.Rule.Unless));
            if (one.Rule.Within is not { } within) { yield return Explanation.Of(Message.Of("moment.unless", unless)); }
            else if (calendar.Add(moment.At, within) is var until && _at < until) { yield return Explanation.Of(Message.Of("moment.unless-within", unless, ("until", until)), [.. DayLines(one.Edition, within, until)]); }
        }
        if (given is not null && one.Rule.For is { } length) { yield return Lapse(one, length, GivenAt(one, moment.At, moment.Fact)); }
        if (given is null && one.Rule.OrLater is { } window && Windows.Leaves(window, moment.At, calendar) is var closes && _at < closes && StillOpen(one, moment))
        {
            foreach (var line in OrLater(one, moment, closes)) { yield return line; }
        }
    }

    /// <summary>By what and until when a moment would still count, and that it waits for its release all the same.</summary>
    private IEnumerable<Explanation> OrLater(Case one, Moment moment, Instant closes)
    {
        List<List<Step>> ways = [[]];
        foreach (var (part, expression) in new[] { (TracePart.To, one.Rule.To), (TracePart.While, one.Rule.While) })
        {
            if (expression is not null) { ways = Both(ways, WaysOf(AimOf(one), expression, Evaluate(one.Place, one.Subject, part, one.Rule.Index, expression))); }
        }
        var release = one.Rule.After is Delay.Length or Delay.UntilRun ? Releases.Of(one.Rule.After, moment.At, one.Edition.Calendar) : Instant.Ever;
        return Told("moment.or-later", ways, [("until", closes)], release > _at ? [Explanation.Of(Message.Of("moment.or-later-release", ("release", release)))] : []);
    }

    /// <summary>True where only the role was missing at a moment, and nothing has taken it back.</summary>
    private bool StillOpen(Case one, Moment moment)
    {
        if (moment.At < _book.Editions[one.Place].InForce.Starts || NoAmount(one, GiveAt(one, moment)).Any()) { return false; }
        if (one.TakenBack.Any(t => t.Rule == one.Rule.Index && t.Moment == moment.At && t.MomentFact == moment.Fact)) { return false; }
        var where = one.Rule.Where is null ? null : moment.Evaluations.LastOrDefault(e => e.Part == TracePart.Where);
        return where is null || Holds(one.Rule.Where!, where);
    }

    /// <summary>What starts, ends or takes back, in words.</summary>
    private Argument.Several TriggersOf(Case one, IReadOnlyList<Trigger> triggers)
    {
        var words = new ConditionWords(one.Edition, _vocabulary);
        return new([.. triggers.Select(t => (t.Fact, t.Condition) switch
        {
            ( >= 0, null) => _facts.TypeOf(_vocabulary.FactTypes[t.Fact]),
            ( >= 0, { } condition) => Message.Of("trigger.fact-if", ("fact", _facts.TypeOf(_vocabulary.FactTypes[t.Fact])), ("condition", words.Of(condition))),
            (_, not null) when t.For is not null => words.Of(t),
            (_, { } condition) => Message.Of("trigger.becomes", ("condition", words.Of(condition))),
            _ => Message.Of($"trigger.each-{t.Each.ToString()![4..].ToLowerInvariant()}"),
        })], "or");
    }
}
