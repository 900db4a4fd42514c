using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Explaining;

/// <summary>
/// Forecasts a member's standing until a horizon, in two lists that are never mixed: what will happen by itself, by what is known; and
/// what would follow if what ends were renewed. The first is the part of the derivation that lies in the future, the second is a
/// derivation with the renewals supposed.
/// </summary>
public sealed class Forecaster
{
    private readonly PartnerProgram _program;
    private readonly Edition? _under;
    private readonly Instant _known;
    private readonly Instant _at;
    private readonly Instant _until;
    private readonly Excerpt _excerpt;
    private readonly MemberScore _score;
    private readonly Explainer _explainer;
    private readonly ChangeWords _words;

    /// <summary>Prepares the forecast.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force by date.</param>
    /// <param name="known">What was learnt later is left out.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="at">From when it looks ahead.</param>
    /// <param name="until">The horizon: the last instant that it looks at.</param>
    /// <exception cref="AmountOverflowException">The member's amounts are too large to add.</exception>
    /// <exception cref="ArgumentException">There is no edition to go by.</exception>
    public Forecaster(PartnerProgram program, History history, Edition? under, Instant known, string member, Instant at, Instant until)
    {
        (_program, _under, _known, _at, _until) = (program, under, known, at, until);
        _excerpt = new(history, known, member, []);
        _score = Score(_excerpt.History);
        _explainer = new(_score.Scoring, _score.History, _score.Assessing, _score.Member, at);
        _words = new(program.Vocabulary);
    }

    /// <summary>What will happen by itself: each change at its exact instant, in order, with why it comes.</summary>
    public ForecastSteps Will()
    {
        var timeline = _score.Timeline;
        var ends = new StateEnds(_score.Scoring, _score.History);
        var edition = _explainer.Edition;
        var reviews = edition.Ladders.Select(l => (Ladder: l, At: _explainer.NextReview(l, _at))).ToLookup(r => r.At, r => r.Ladder);
        var requests = _explainer.DueRequests(_until).ToLookup(r => r.Step.From);
        var instants = timeline.Standings.Select(s => s.From).Concat(_score.Credits.SelectMany(c => new[] { c.Starts, c.Ends }))
            .Concat(reviews.Select(r => r.Key)).Concat(requests.Select(r => r.Key));
        var steps = new List<ForecastStep>();
        foreach (var at in instants.Where(i => i > _at && i <= _until && i.IsReal).Distinct().Order())
        {
            var then = _explainer.On(at);
            var changes = Change.Between(timeline.At(new(at.Micros - 1)), timeline.At(at), _program.Vocabulary);
            var reasons = then.WhatChanges(ends);
            reasons.AddRange(reviews[at].Where(l => then.Edition == edition && !changes.OfType<Change.Level>().Any(c => c.Ladder.Name == l.Name)).Select(then.Stays).OfType<Explanation>());
            reasons.AddRange(requests[at].Select(r => then.RequestDue(r.Request, r.Subject, r.Step)));
            if (changes.Count + reasons.Count > 0) { steps.Add(new(at, changes, Told(at, changes, reasons))); }
        }
        return new(steps, Explanation.Of(Message.Of(steps.Count > 0 ? "will.list" : "will.nothing", ("until", _until)), [.. steps.Select(s => s.Told)]));
    }

    /// <summary>What would follow if what ends until the horizon were renewed: one by one, all but one, and all.</summary>
    public RenewalOutcomes If()
    {
        var renewals = new Renewals(_score, _at, _until).Find().Where(Matters).ToList();
        var all = Renewed(renewals.SelectMany(r => r.Facts));
        var each = renewals.ConvertAll(renewal => OutcomeOf(renewal, all, others: [.. renewals.Where(r => r != renewal)]));
        var changes = Between(_score, all, _until);
        var told = each.ConvertAll(e => e.Told);
        if (each.Count > 1) { told.Add(Explanation.Of(Message.Of("if.all", ("until", _until)), Lines(changes))); }
        return new(each, changes, Explanation.Of(Message.Of(each.Count > 0 ? "if" : "if.nothing", ("until", _until)), told));
    }

    /// <summary>A renewal by which nothing would be other than without it is none of the member's.</summary>
    private bool Matters(Renewal renewal)
    {
        var alone = Renewed(renewal.Facts);
        return CreditDifference.Between(_score.Credits, alone.Credits).Any(d => d.Starts <= _until)
            || Between(_score, alone, renewal.Ends).Count > 0 || Between(_score, alone, _until).Count > 0;
    }

    private RenewalOutcome OutcomeOf(Renewal renewal, MemberScore all, IReadOnlyList<Renewal> others)
    {
        var alone = others.Count == 0 ? all : Renewed(renewal.Facts);
        var missing = others.Count == 0 ? _score : Renewed(others.SelectMany(r => r.Facts));
        var (then, later, without) = (Between(_score, alone, renewal.Ends), Between(_score, alone, _until), Between(all, missing, _until));
        var before = _score.Timeline.At(new(renewal.Ends.Micros - 1));
        var lines = new List<Explanation>(then.Select(c => Explanation.Of(_words.Instead(c, before))));
        if (then.Count == 0) { lines.Add(Explanation.Of(Message.Of("if.same", ("at", renewal.Ends)))); }
        if (!later.SequenceEqual(then)) { lines.Add(Explanation.Of(Message.Of(later.Count > 0 ? "if.later" : "if.later-same", ("until", _until), ("changes", ChangeWords.Listed(later.Select(c => _words.Instead(c))))))); }
        if (others.Count > 0)
        {
            lines.Add(Explanation.Of(Message.Of(
                without.Count > 0 ? "if.missing" : "if.missing-same", ("until", _until), ("changes", ChangeWords.Listed(without.Select(c => _words.Instead(c)))))));
        }
        var facts = renewal.Facts;
        var told = Explanation.Of(
            Message.Of(
                facts.Count > 1 ? "if.renews-often" : "if.renews", ("subject", _explainer.SubjectName(renewal.Subject)), ("at", renewal.Ends), ("until", renewal.Until),
                ("count", new Number(facts.Count)), ("fact", new FactWords(_score.History).TypeOf(facts[0].Type))),
            lines);
        return new(renewal, then, later, without, told);
    }

    private Explanation Told(Instant at, IReadOnlyList<Change> changes, List<Explanation> reasons) => Explanation.Of(
        Message.Of(changes.Count > 0 ? "will" : "will.same", ("at", at), ("changes", ChangeWords.Listed(changes.Select(_words.Follows)))), reasons);

    private IReadOnlyList<Explanation> Lines(IReadOnlyList<Change> changes) =>
        changes.Count == 0 ? [Explanation.Of(Message.Of("if.same", ("at", _until)))] : [.. changes.Select(c => Explanation.Of(_words.Instead(c)))];

    private IReadOnlyList<Change> Between(MemberScore from, MemberScore to, Instant at) => Change.Between(from.Timeline.At(at), to.Timeline.At(at), _program.Vocabulary);

    private MemberScore Renewed(IEnumerable<Fact> facts) => Score(_excerpt.Suppose(facts).History);

    private MemberScore Score(History history) => MemberScore.Of(_program, history, _under, _known, _excerpt.Member);
}
