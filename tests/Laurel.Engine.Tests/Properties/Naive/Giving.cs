using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Tests.Properties.Naive;

/// <summary>What a rule would give by its edition alone: no dates of editions, no enrolment, no limits.</summary>
/// <param name="Moment">Of the fact, or the start of the stretch.</param>
/// <param name="Begins">When it begins: the moment; later for who gains the role later.</param>
/// <param name="Release">Until when it is pending; of a stretch that is found later.</param>
/// <param name="Parts">Spans with amounts in smallest parts, one after the other.</param>
internal sealed record Gift(CreditRule Rule, SubjectName Subject, SubjectName Member, Instant Moment, Instant Begins, Instant Release, IReadOnlyList<(Span Span, long Amount)> Parts)
{
    public Instant Ends => Parts[^1].Span.Ends;
}

/// <summary>Finds what the rules of one edition give for a subject.</summary>
internal sealed class Giving(World world, Edition edition)
{
    public Holdings Holdings { get; } = new(world, edition);

    public Evaluator Evaluator => Holdings.Evaluator;

    public IEnumerable<Gift> For(SubjectName subject) =>
        from rule in edition.Rules
        where world.Vocabulary.Kinds[rule.Kind].Name == subject.Kind
        from gift in rule.When.Count == 0 ? WhileItHolds(rule, subject) : AtMoments(rule, subject)
        select gift;

    private IEnumerable<Gift> WhileItHolds(CreditRule rule, SubjectName subject)
    {
        var instants = Holdings.Instants.OfRule(rule, subject);
        foreach (var member in world.SubjectsOf("member"))
        {
            var amounts = instants.ToDictionary(i => i, i => AmountAt(rule, subject, member, i));
            foreach (var (from, until) in Stretches.Of(instants, i => amounts[i] is not null))
            {
                var inside = instants.Where(i => i >= from && i < until).ToList();
                var parts = inside.Select((at, i) => (new Span(at, i + 1 < inside.Count ? inside[i + 1] : until), amounts[at]!.Value)).ToList();
                yield return new(rule, subject, member, from, from, from, parts);
            }
        }
    }

    private long? AmountAt(CreditRule rule, SubjectName subject, SubjectName member, Instant at)
    {
        var question = new Question(subject, member, world.CompleteAt(at));
        return IsFor(rule, question) && Evaluator.Holds(rule.While, question) ? Amount(rule, question) : null;
    }

    /// <summary>Whether the rule is for the member in question: in its role, or where its path leads, or whom the fact names.</summary>
    private bool IsFor(CreditRule rule, Question question)
    {
        if (rule.To is { Type: CelType.Reference }) { return Evaluator.Value(rule.To, question) is SubjectName to && to == question.Member; }
        if (rule.To is not null) { return Evaluator.Holds(rule.To, question); }
        if (question.Subject.Kind == "member") { return question.Subject == question.Member; }
        return question.Fact >= 0 && world.Facts[question.Fact]["member"] is FactValue.Reference named && named.Name == question.Member!.Value.Name;
    }

    private long? Amount(CreditRule rule, Question question)
    {
        if (Evaluator.Value(rule.Give, question) is not Number number) { return null; }
        var parts = number * (long)Math.Pow(10, world.Vocabulary.Units[rule.Unit].Decimals);
        // To the nearest whole, a half away from zero.
        var twice = parts + parts;
        return parts > Scales.AmountMax || parts < -Scales.AmountMax ? null : parts >= 0 ? (twice + 1).Floor() / 2 : -((-twice + 1).Floor() / 2);
    }

    private IEnumerable<Gift> AtMoments(CreditRule rule, SubjectName subject)
    {
        var moments = world.Of(subject).Where(f => rule.When.Any(t => t.Fact == world.Facts[f].Type.Order))
            .SelectMany(f => rule.When.Where(t => t.Fact == world.Facts[f].Type.Order).Select(_ => (Event: Event.Start(world.Facts[f].Time, f), Fact: f)))
            .Concat(rule.When.Where(t => t.Fact < 0).SelectMany(t => Holdings.Instants.OfTrigger(t, subject).Where(i => Holdings.Fires(t, subject, null, i)).Select(i => (Event.ConditionStarts(i), -1))));
        return AtCloses(rule, subject).Concat(moments.ToList().SelectMany(m => world.SubjectsOf("member").Select(member => AtMoment(rule, subject, member, m.Item1, m.Item2)))).OfType<Gift>();
    }

    /// <summary>The closes of periods since the first fact about the subject: each is looked at just before, and gives from then on.</summary>
    private IEnumerable<Gift?> AtCloses(CreditRule rule, SubjectName subject)
    {
        if (rule.When.Select(t => t.Each).OfType<WindowKind>().FirstOrDefault() is not (> 0 and var period) || world.Of(subject).Count == 0) { yield break; }
        var first = world.Facts[world.Of(subject)[0]].Time;
        for (var close = End(first); close <= world.Horizon && close < Instant.Never; close = End(close))
        {
            foreach (var member in world.SubjectsOf("member")) { yield return AtClose(rule, subject, member, close); }
        }

        Instant End(Instant at) => Calendar.Leaves(new(period, Duration.Zero), at, edition);
    }

    private Gift? AtClose(CreditRule rule, SubjectName subject, SubjectName member, Instant close)
    {
        var moment = new Instant(close.Micros - 1);
        var question = new Question(subject, member, world.CompleteAt(moment));
        if (!IsFor(rule, question) || !Evaluator.Holds(rule.Where, question) || !Evaluator.Holds(rule.While, question) || Amount(rule, question) is not { } amount) { return null; }
        var ends = rule.For is { } length ? Calendar.Add(edition, close, length) : Instant.Never;
        var fails = Holdings.Instants.OfRule(rule, subject).Append(close).Order()
            .FirstOrDefault(i => i >= close && i < ends && !Evaluator.Holds(rule.While, question with { Point = world.CompleteAt(i) }), ends);
        return fails == close ? null : new(rule, subject, member, moment, close, Calendar.Release(edition, rule, close), [(new(close, fails), amount)]);
    }

    private Gift? AtMoment(CreditRule rule, SubjectName subject, SubjectName member, Event moment, int fact)
    {
        var question = new Question(subject, member, world.CompleteAt(moment.At), fact);
        if (!Evaluator.Holds(rule.Where, question) || Amount(rule, question) is not { } amount) { return null; }
        if (IsFor(rule, question))
        {
            if (Evaluator.Holds(rule.While, question)) { return Given(rule, question, moment, moment, amount); }
        }
        return rule.OrLater is null || GainedLater(rule, question, moment) is not { } gained ? null : Given(rule, question, moment, gained, amount);
    }

    /// <summary>The first instant of the window after the moment at which the member gains the role, while nothing has taken the moment back.</summary>
    private Event? GainedLater(CreditRule rule, Question asked, Event moment)
    {
        foreach (var at in Holdings.Instants.OfRule(rule, asked.Subject).Where(i => i > moment.At))
        {
            if (at >= Calendar.Leaves(rule.OrLater, moment.At, edition) || (rule.For is { } length && at >= Calendar.Add(edition, moment.At, length))) { return null; }
            if (TakenBack(rule, asked.Subject, moment, moment).Any(t => t.At <= at)) { return null; }
            var now = asked with { Point = world.CompleteAt(at) };
            var before = asked with { Point = world.CompleteAt(new(at.Micros - 1)) };
            if (IsFor(rule, now) && !IsFor(rule, before) && Evaluator.Holds(rule.While, now)) { return Event.RoleGained(at); }
        }
        return null;
    }

    private Gift? Given(CreditRule rule, Question asked, Event moment, Event gained, long amount)
    {
        var release = Instant.Max(Release(rule, asked.Subject, moment.At), gained.At);
        var ends = rule.For is { } length ? Calendar.Add(edition, moment.At, length) : Instant.Never;
        if (rule.While is not null)
        {
            foreach (var at in Holdings.Instants.OfRule(rule, asked.Subject).Where(i => i > gained.At && i < ends))
            {
                if (Evaluator.Holds(rule.While, asked with { Point = world.CompleteAt(at), Fact = -1 })) { continue; }
                ends = at;
                break;
            }
        }
        var back = TakenBack(rule, asked.Subject, moment, gained).Where(t => t.At <= ends).Select(t => (Event?)t).FirstOrDefault();
        if (back is { } taken)
        {
            if (taken.At < release) { return null; }
            ends = taken.At;
        }
        return gained.At < ends ? new(rule, asked.Subject, asked.Member!.Value, moment.At, gained.At, release, [(new(gained.At, ends), amount)]) : null;
    }

    /// <summary>When a moment is released: by the calendar, or by what is told of a field as long as that has not come.</summary>
    private Instant Release(CreditRule rule, SubjectName subject, Instant moment)
    {
        if (rule.After is not Delay.UntilTold told) { return Calendar.Release(edition, rule, moment); }
        var field = world.Vocabulary.Kinds[rule.Kind].Fields[told.Slot].Name;
        var release = Instant.Never;
        foreach (var fact in world.Of(subject).Select(f => world.Facts[f]).Where(f => f[field] is not null).GroupBy(f => Instant.Max(f.Time, moment)).OrderBy(g => g.Key).Select(g => g.Last()))
        {
            var known = Instant.Max(fact.Time, moment);
            if (known < release) { release = Instant.Max(known, ((FactValue.Instant)fact[field]!).Value); }
        }
        return release;
    }

    /// <summary>What takes back a credit of a moment, after something happened; within the time that it can.</summary>
    private IEnumerable<Event> TakenBack(CreditRule rule, SubjectName subject, Event moment, Event after)
    {
        var facts = world.Of(subject).Where(f => rule.Unless.Any(t => t.Fact == world.Facts[f].Type.Order && Holdings.Meets(t, null, f))).Select(f => Event.Start(world.Facts[f].Time, f));
        var conditions = rule.Unless.Where(t => t.Fact < 0).SelectMany(t => Holdings.Instants.OfTrigger(t, subject).Where(i => Holdings.Fires(t, subject, null, i))).Select(Event.ConditionEnds);
        return facts.Concat(conditions).Where(e => e.CompareTo(after) > 0 && (rule.Within is not { } within || e.At < Calendar.Add(edition, moment.At, within))).Order();
    }
}
