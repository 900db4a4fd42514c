using Laurel.Engine.Facts;
using Laurel.Engine.Ledger;
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
    /// <summary>So many renewals are looked at one by one, the nearest first; of more it is said how many.</summary>
    private const int EachMax = 50;

    /// <summary>Nobody is told what will happen further ahead: each week's close is a step, and each step is explained.</summary>
    public const int YearsMax = 20;

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
        _excerpt = new(history, known, member, [], program.ComparesMembers(under));
        _score = Score(_excerpt.History);
        _explainer = new(_score.Scoring, _score.History, _score.Assessed, at, new(_score.Scoring));
        _words = new(program.Vocabulary);
    }

    /// <summary>What will happen by itself: each change at its exact instant, in order, with why it comes.</summary>
    public ForecastSteps Will()
    {
        var timeline = _score.Timeline;
        var ends = _score.Ends();
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
            reasons.AddRange(reviews[at].Where(l => then.Edition == edition && !changes.OfType<Change.Level>().Any(c => c.Ladder.Name == l.Name)).Select(then.Reviewed).OfType<Explanation>());
            reasons.AddRange(requests[at].Select(r => then.RequestDue(r.Request, r.Subject, r.Step)));
            if (changes.Count + reasons.Count > 0) { steps.Add(new(at, changes, Told(at, changes, reasons))); }
        }
        return new(steps, Explanation.Of(Message.Of(steps.Count > 0 ? "will.list" : "will.nothing", ("until", _until)), [.. steps.Select(s => s.Told)]));
    }

    /// <summary>What would follow if what ends until the horizon were renewed: one by one, all but one, and all.</summary>
    public RenewalOutcomes If()
    {
        var renewals = new Renewals(_score, _at, _until).Find();
        var all = Renewed(renewals.SelectMany(r => r.Facts));
        var each = new List<RenewalOutcome>();
        foreach (var renewal in renewals.Take(EachMax))
        {
            if (OutcomeOf(renewal, all, [.. renewals.Where(r => r != renewal)]) is { } outcome) { each.Add(outcome); }
        }
        var changes = Between(_score, all, _until);
        var told = each.ConvertAll(e => e.Told);
        if (renewals.Count > EachMax) { told.Add(Explanation.Of(Message.Of("if.more", ("count", new Number(renewals.Count - EachMax))))); }
        if (renewals.Count > 1 && each.Count > 0) { told.Add(Explanation.Of(Message.Of("if.all", ("until", _until)), Lines(changes))); }
        return new(each, changes, Explanation.Of(Message.Of(each.Count > 0 ? "if" : "if.nothing", ("until", _until)), told));
    }

    /// <summary>What comes of a renewal; null for one by which nothing would be other than without it.</summary>
    private RenewalOutcome? OutcomeOf(Renewal renewal, MemberScore all, IReadOnlyList<Renewal> others)
    {
        var alone = others.Count == 0 ? all : Renewed(renewal.Facts);
        var (then, later) = (Between(_score, alone, renewal.Ends), Between(_score, alone, _until));
        if (then.Count + later.Count == 0 && CreditDifference.Between(_score.Credits, alone.Credits).All(d => d.Starts > _until)) { return null; }
        var missing = others.Count == 0 ? _score : Renewed(others.SelectMany(r => r.Facts));
        var without = Between(all, missing, _until);
        return new(renewal, then, later, without, Told(renewal, then, later, others.Count == 0 ? null : without));
    }

    private Explanation Told(Renewal renewal, IReadOnlyList<Change> then, IReadOnlyList<Change> later, IReadOnlyList<Change>? without)
    {
        var before = _score.Timeline.At(new(renewal.Ends.Micros - 1));
        var lines = new List<Explanation>(then.Select(c => Explanation.Of(_words.Instead(c, before))));
        if (then.Count == 0) { lines.Add(Explanation.Of(Message.Of("if.same", ("at", renewal.Ends)))); }
        if (!later.SequenceEqual(then)) { lines.Add(AtHorizon(later, "if.later", "if.later-same")); }
        if (without is not null) { lines.Add(AtHorizon(without, "if.missing", "if.missing-same")); }
        return Explanation.Of(
            Message.Of(
                renewal.Facts.Count > 1 ? "if.renews-often" : "if.renews", ("subject", _explainer.SubjectName(renewal.Subject)), ("at", renewal.Ends), ("until", renewal.Until),
                ("count", new Number(renewal.Facts.Count)), ("fact", new FactWords(_score.History).TypeOf(renewal.Facts[0].Type))),
            lines);
    }

    private Explanation AtHorizon(IReadOnlyList<Change> changes, string some, string none) => Explanation.Of(Message.Of(
        changes.Count > 0 ? some : none, ("until", _until), ("changes", ChangeWords.Listed(changes.Select(c => _words.Instead(c))))));

    private Explanation Told(Instant at, IReadOnlyList<Change> changes, List<Explanation> reasons) => Explanation.Of(
        Message.Of(changes.Count > 0 ? "will" : "will.same", ("at", at), ("changes", ChangeWords.Listed(changes.Select(_words.Follows)))), reasons);

    private IReadOnlyList<Explanation> Lines(IReadOnlyList<Change> changes) =>
        changes.Count == 0 ? [Explanation.Of(Message.Of("if.same", ("at", _until)))] : [.. changes.Select(c => Explanation.Of(_words.Instead(c)))];

    private IReadOnlyList<Change> Between(MemberScore from, MemberScore to, Instant at) => Change.Between(from.Timeline.At(at), to.Timeline.At(at), _program.Vocabulary);

    private MemberScore Renewed(IEnumerable<Fact> facts) => Score(_excerpt.Suppose(facts).History);

    /// <summary>The member as what is known foretells: whoever asks of a time far ahead is not told what closes in each of all the years until then.</summary>
    private MemberScore Score(History history) =>
        MemberScore.Of(_program, history, _under, _known, _excerpt.Member, Instant.Min(_until, _program.Vocabulary.Zone.Move(_excerpt.Known, new(YearsMax * 12, 0, 0))));
}
