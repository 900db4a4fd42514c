using Laurel.Engine.Deriving;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <content>Why a standing changes at the very instant: credits that begin, end or change places, windows that close, what runs out, reviews.</content>
public sealed partial class Explainer
{
    private Instant Before => new(_at.Micros - 1);

    /// <summary>Everything that makes the standing change at the instant.</summary>
    /// <param name="ends">Finds what ends by time.</param>
    internal List<Explanation> WhatChanges(StateEnds ends)
    {
        var lines = new List<Explanation>();
        var before = _timeline.At(Before);
        if (before.Edition != _standing.Edition) { lines.Add(Explanation.Of(Message.Of("will.edition", ("edition", _edition.Name)))); }
        lines.AddRange(_credits.Where(c => c.Holds(Before) || c.Holds(_at)).GroupBy(c => (c.Subject, Name: _book.NameOf(c.Rule))).Select(g => CreditChange([.. g], ends)).OfType<Explanation>());
        lines.AddRange(_edition.Metrics.Where(m => m is { In: not null, Unit: >= 0 }).SelectMany(Leaving));
        if (_edition.Ladders.Count > 0 || _edition.Benefits.Count > 0) { lines.AddRange(RunningOut(_member, ends)); }
        foreach (var ladder in _edition.Ladders)
        {
            var was = before.Edition.Ladders.FirstOrDefault(l => l.Name == ladder.Name);
            if (was is not null && before.LevelOn(was) != _standing.LevelOn(ladder) && NextReview(ladder, Before) == _at) { lines.Add(Explanation.Of(Message.Of("will.review", ("ladder", new Argument.Name(ladder.Name))))); }
        }
        return lines;
    }

    /// <summary>A review at the instant that leaves a level as it is; null where there is none.</summary>
    internal Explanation? Reviewed(Ladder ladder)
    {
        var level = _standing.Levels[ladder.Index];
        return level < 0 ? null : Explanation.Of(
            Message.Of("will.stays", ("ladder", new Argument.Name(ladder.Name)), ("level", RungName(ladder, level))), [RungLine(ladder, level), .. Kept(ladder, level)]);
    }

    /// <summary>The next review of a ladder after an instant.</summary>
    internal Instant NextReview(Ladder ladder, Instant after) =>
        Instant.Min(Reviews.NextAfter(ladder.Up.At, after, _vocabulary.Zone), Reviews.NextAfter(ladder.Down.At, after, _vocabulary.Zone));

    /// <summary>The requests of the member, about whatever, with what happens to them by itself at the instant.</summary>
    internal IEnumerable<(Request Request, int Subject, RequestStep Step)> DueRequests(Instant until)
    {
        var requests = new Requests(_scoring, _history);
        return from request in _edition.Requests
               from subject in request.About == Vocabulary.MemberKind ? [_member] : _history.SubjectsOf(request.About)
               from step in requests.StepsOf(request.Name, _member, subject, _timeline)
               where step.Fact < 0 && step.From > _at && step.From <= until
               select (request, subject, step);
    }

    /// <summary>What happens to a request by itself.</summary>
    internal Explanation RequestDue(Request request, int subject, RequestStep step) => Explanation.Of(Message.Of(
        "will.request", ("request", new Argument.Name(request.Name)), ("subject", SubjectName(subject)), ("what", Message.Of($"request.will-{Lower(step.Status)}", ("at", step.From)))));

    /// <summary>What becomes of a rule's credits for a subject at the instant; null where they go on as they are.</summary>
    private Explanation? CreditChange(IReadOnlyList<Credit> credits, StateEnds ends)
    {
        var (was, now) = (Counts(credits, Before), Counts(credits, _at));
        if (was == now) { return null; }
        var key = (was, now) switch
        {
            _ when was.Active == now.Active && Math.Abs(was.Pending) < Math.Abs(now.Pending) => "will.waits",
            ({ Active: 0 }, { Active: 0 }) => "will.lost",
            ({ Active: 0, Pending: not 0 }, { Active: not 0 }) => "will.released",
            ({ Active: 0 }, _) when credits.Any(c => c.Holds(Before)) => "will.takes-over",
            ({ Active: 0 }, _) => "will.begins",
            (_, { Active: 0, Pending: 0 }) when credits.Any(c => c.Holds(_at)) => "will.aside",
            (_, { Active: 0 }) => "will.ends",
            _ => "will.changes",
        };
        var (rule, subject) = (credits[0].Rule, credits[0].Subject);
        var amount = key switch { "will.waits" => now.Pending - was.Pending, "will.lost" => was.Pending - now.Pending, "will.ends" or "will.aside" => was.Active, _ => now.Active };
        var runsOut = RunningOut(subject, ends).ToList();
        return Explanation.Of(
            Message.Of(key, ("amount", AmountOf(rule, amount)), ("from", AmountOf(rule, was.Active)), ("subject", SubjectName(subject)), ("rule", new Argument.Name(_book.NameOf(rule))), ("says", SaysOf(rule))),
            [.. Reasons(rule, subject, key).Where(r => runsOut.Count == 0 || r.Says.Key != "condition.until-time"), .. runsOut]);
    }

    /// <summary>A rule in its own words, even where the edition in force no longer has it.</summary>
    internal Argument SaysOf(int rule) => _book.IsBuiltIn(rule) ? WordsOf(rule) : Words(_book.Rule(rule)!.Doc.Says, _book.Rule(rule)!.Name);

    private static (long Active, long Pending) Counts(IReadOnlyList<Credit> credits, Instant at) =>
        (credits.Where(c => c.Holds(at) && c.Status == CreditStatus.Active).Sum(c => c.Counted), credits.Where(c => c.Holds(at) && c.Status == CreditStatus.Pending).Sum(c => c.Counted));

    /// <summary>Why a rule gives no more; where it gives, what it says of its times.</summary>
    private IEnumerable<Explanation> Reasons(int rule, int subject, string key)
    {
        if (_book.IsBuiltIn(rule) || key is "will.takes-over" || Rule(_book.NameOf(rule), subject) is not { } told) { return _standing.Enrolled ? [] : [NotEnrolled()]; }
        if (key is "will.ends" or "will.lost") { return told.Says.Arguments.Where(a => a.Key == "reasons").SelectMany(a => ((Argument.Several)a.Value).Items).OfType<Argument.Inner>().Select(i => new Explanation(i.Value, Mark.No, [])); }
        return told.Because.Where(line => line.Says.Key.StartsWith("limit.", StringComparison.Ordinal) || line.Says.Key == "rule.give");
    }

    /// <summary>The states of a subject, and of what it refers to, that run out at the instant: by what was told, or by their length.</summary>
    private IEnumerable<Explanation> RunningOut(int subject, StateEnds ends)
    {
        foreach (var state in ReferredBy(subject).SelectMany(s => ends.Of(s, Before, _at)))
        {
            var name = ("state", (Argument)new Argument.Name(state.State.Name));
            if (state.Told >= 0)
            {
                var field = _vocabulary.Kinds[state.State.Kind].Fields[state.State.Until];
                yield return Explanation.Of(Message.Of("will.runs-out", name, ("field", new Argument.Name(field.Name)), ("at", state.Ends), ("fact", _facts.Of(state.Told))));
            }
            else if (state.State.For is { } length)
            {
                var started = state.StartedBy >= 0 ? (Argument)_facts.Of(state.StartedBy) : state.LastStart;
                yield return Explanation.Of(Message.Of("will.runs-out-after", name, ("length", new Argument.Length(length)), ("started", started)));
            }
        }
    }

    /// <summary>A subject, and all that it refers to by the instant, the members left out.</summary>
    private List<int> ReferredBy(int subject)
    {
        var found = new List<int> { subject };
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var fact in _history.FactsOf(found[i]).Where(f => _history.TimeOf(f) < _at && _history.IsKnown(f, _scoring.UpTo)))
            {
                var shape = _history.Shapes[_history.Shape[fact]];
                for (var v = 0; v < shape.Fields.Length; v++)
                {
                    var other = _history.TypeOf(fact).Carries[shape.Fields[v]].Type is FieldType.Reference { Kind: not Vocabulary.MemberKind } ? (int)_history.Values[_history.FirstValue[fact] + v] : -1;
                    if (other >= 0 && !found.Contains(other)) { found.Add(other); }
                }
            }
        }
        return found;
    }

    /// <summary>Credits that go on and whose moments leave a metric's window at the instant, by rule.</summary>
    private IEnumerable<Explanation> Leaving(Metric metric) =>
        from credit in _credits
        where credit.Status == CreditStatus.Active && credit.Counted != 0 && credit.Holds(Before) && credit.Holds(_at) && _book.UnitOf(credit.Rule) == metric.Unit
            && Leaves(metric.In, credit) == _at
        group credit by _book.NameOf(credit.Rule) into left
        select Explanation.Of(Message.Of(
            "will.leaves", ("metric", new Argument.Name(metric.Name)), ("window", WindowOf(metric.In!)), ("amount", Sum([.. left])), ("count", new Number(left.Count())), ("says", SaysOf(left.First().Rule))));
}
