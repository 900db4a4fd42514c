using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Scenarios;

/// <summary>
/// Sees what a history reaches under one set of rules. What an edition's conditions come to counts where the edition is in force, what
/// runs on when it begins included: what it reads of the time before is another edition's.
/// </summary>
internal sealed class Sighting(Targets targets, Answers answers, History history, HashSet<int> reached)
{
    private readonly RuleBook _book = answers.Book;
    private readonly Scoring _scoring = answers.Scoring;

    public void Look()
    {
        for (var edition = 0; edition < _book.Editions.Count; edition++) { LookAtSubjects(edition); }
        var plans = _book.Editions.Select(e => new MemberPlan<Traced>(e.Edition, history)).ToArray();
        foreach (var member in history.SubjectsOf(Vocabulary.MemberKind))
        {
            LookAtCredits(answers.CreditsOf(member));
            if (_book.Editions.Count == 0) { continue; }
            for (var edition = 0; edition < plans.Length; edition++) { LookAtStandings(plans[edition], edition, member); }
            LookAtRequests(member);
        }
        LookAtPayouts();
    }

    private void LookAtPayouts()
    {
        if (_book.Editions.All(e => e.Edition.Payouts.All(p => p.Where is null))) { return; }
        foreach (var step in answers.Posted.Payouts)
        {
            if (step.Evaluation is { } evaluation) { See(evaluation, step.Payout.Where); }
        }
    }

    private void LookAtSubjects(int edition)
    {
        var tape = new TraceTape();
        var plan = new EditionPlan<Traced>(_book, edition, history);
        var fold = new SubjectFold<Traced>(plan, history, _scoring.Enrolment, new(tape));
        for (var subject = 0; subject < history.SubjectCount; subject++)
        {
            tape.Clear();
            FoundOf(subject).Tell(fold);
            fold.Fold(subject, _scoring.UpTo);
            LookAt(tape.Read(), plan, _book.Editions[edition].InForce);
        }
    }

    private void LookAt(IReadOnlyList<Evaluation> evaluations, EditionPlan<Traced> plan, Span inForce)
    {
        var runningOn = new Dictionary<(TracePart, int, int), Evaluation>();
        foreach (var evaluation in evaluations.Where(e => e.At.IsReal))
        {
            if (inForce.Contains(evaluation.At)) { See(evaluation, plan); }
            else if (evaluation.At < inForce.Starts && RunsOn(evaluation, plan)) { runningOn[(evaluation.Part, evaluation.Definition, evaluation.Member)] = evaluation; }
        }
        foreach (var evaluation in runningOn.Values) { See(evaluation, plan); }
    }

    /// <summary>True for what stays as it is until it is looked at again: a state, and who gets a stretch and while what.</summary>
    private static bool RunsOn(Evaluation evaluation, EditionPlan<Traced> plan) => evaluation.Part switch
    {
        TracePart.State => true,
        TracePart.To or TracePart.While => plan.Edition.Rules[evaluation.Definition].When.Count == 0,
        TracePart.Trigger => plan.Edition.States.Any(s => ReferenceEquals(s.Condition, plan.Tested[evaluation.Definition])),
        _ => false,
    };

    /// <summary>What was found of a member where the subject is one, else of whatever member is asked about.</summary>
    private Found FoundOf(int subject) => history.KindOf(subject) == Vocabulary.MemberKind
        ? answers.TimelineOf(subject).Found
        : new(_scoring.Plan.Stages, (edition, binding, member, at) => answers.TimelineOf(member).Found.Read?.Invoke(edition, binding, member, at) ?? Value.NotTold("standing"), [], _scoring.Horizon);

    private void See(Evaluation evaluation, EditionPlan<Traced> plan)
    {
        var edition = plan.Edition;
        See(evaluation, evaluation.Part switch
        {
            TracePart.To => edition.Rules[evaluation.Definition].To,
            TracePart.While => edition.Rules[evaluation.Definition].While,
            TracePart.Where => edition.Rules[evaluation.Definition].Where,
            TracePart.State => edition.States[evaluation.Definition].Condition,
            TracePart.Trigger => plan.Tested[evaluation.Definition],
            _ => null,
        });
        foreach (var inner in evaluation.Inner) { See(inner, plan); }
    }

    private void See(Evaluation evaluation, Expression? condition)
    {
        if (condition is null) { return; }
        foreach (var atom in targets.AtomsOf(condition))
        {
            // What could not be judged is neither.
            if (!evaluation.Results.TryGetValue(atom.Node, out var value) || value.Truth == Truth.Unknown) { continue; }
            reached.Add(value.Truth == Truth.True ? atom.True : atom.True + 1);
        }
    }

    private void LookAtCredits(IReadOnlyList<Credit> credits)
    {
        foreach (var credit in credits)
        {
            if (credit.Status == CreditStatus.Active && credit.Counted != 0 && _book.Rule(credit.Rule) is { } rule) { reached.Add(targets.Of(rule)); }
            for (var edition = 0; edition < _book.Editions.Count; edition++)
            {
                if (credit.Span.Intersect(_book.Editions[edition].InForce).IsEmpty) { continue; }
                foreach (var limit in _book.Editions[edition].Edition.Limits) { LookAtLimit(limit, edition, credit); }
            }
        }
    }

    private void LookAtLimit(Limit limit, int edition, in Credit credit)
    {
        if (!_book.Concerns(limit, edition, credit.Rule)) { return; }
        if (credit.Counted == credit.Amount) { reached.Add(targets.Of(limit) + 1); }
        else if (credit.Limit == limit.Index && _book.Editions[edition].InForce.Contains(credit.Starts)) { reached.Add(targets.Of(limit)); }
    }

    private void LookAtStandings(MemberPlan<Traced> plan, int place, int member)
    {
        var edition = plan.Edition;
        var own = plan.ReadsOwn ? new MemberStates(_scoring.Plan, _scoring.Enrolment).Of(place, member, _scoring.UpTo, answers.TimelineOf(member).Found) : [];
        var timeline = answers.TimelineOf(member);
        foreach (var closed in timeline.Closed.Where(c => ReferenceEquals(c.Edition, edition) && c.IsCounted)) { reached.Add(targets.Of(closed.Obligation) + (closed.IsMet ? 0 : 1)); }
        foreach (var standing in timeline.Standings.Where(s => ReferenceEquals(s.Edition, edition)))
        {
            var frame = MemberFrame.Of(timeline, standing, standing.From, own.LastOrDefault(o => o.From <= standing.From).Frame, history);
            for (var i = 0; i < edition.Benefits.Count; i++) { Evaluate(edition.Benefits[i].While, plan.Benefits[i], frame); }
            if (!standing.Enrolled) { continue; }
            foreach (var obligation in edition.Obligations)
            {
                Evaluate(obligation.Term, plan.Obligations[obligation.Index].Term, frame);
                Evaluate(obligation.During, plan.Obligations[obligation.Index].During, frame);
            }
            foreach (var ladder in edition.Ladders)
            {
                if (ladder.Per is { } per) { frame.Key = per.Value; }
                reached.Add(targets.Of(ladder.Rungs[standing.Levels[ladder.Index]]));
                for (var rung = 0; rung < ladder.Rungs.Count; rung++) { Evaluate(ladder.Rungs[rung].Condition, plan.Rungs[ladder.Index][rung], frame); }
                Evaluate(ladder.Down.Needs, plan.Needs[ladder.Index], frame);
            }
        }
    }

    private void Evaluate(Expression? condition, Node<MemberFrame, Traced>? compiled, MemberFrame frame)
    {
        if (condition is null || compiled is null) { return; }
        var tape = new TraceTape();
        var trace = new Traced(tape);
        trace.Begin(TracePart.Member, -1, frame.Member, -1, frame.At);
        compiled.Test(frame, ref trace);
        trace.End();
        See(tape.ReadLast(), condition);
    }

    private void LookAtRequests(int member)
    {
        foreach (var step in answers.StepsOf(member))
        {
            if (step.Evaluation is { } evaluation && _book.At(step.From) is { } edition) { See(evaluation, edition.Requests[evaluation.Definition].Where); }
        }
    }
}
