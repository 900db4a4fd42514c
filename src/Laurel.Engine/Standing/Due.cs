using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

/// <summary>The exact next instant at which anything changes by itself: what a due list holds.</summary>
public sealed class Due
{
    private readonly Scoring _scoring;
    private readonly SubjectFold<Untraced>[] _folds;
    private readonly Deriver _deriver;

    /// <summary>Reads what is due of a scoring.</summary>
    public Due(Scoring scoring, History history)
    {
        _scoring = scoring;
        _folds = [.. scoring.Plan.Editions.Select(e => new SubjectFold<Untraced>(e, history, scoring.Enrolment, default))];
        _deriver = new(scoring.Plan, scoring.Enrolment) { Horizon = scoring.Horizon };
    }

    /// <summary>
    /// The next instant after one at which a state, a role or a credit of a subject changes: an end by time, a release, an
    /// edition's date, a fact that was announced ahead; null where nothing does.
    /// </summary>
    /// <param name="subject">The subject's number.</param>
    /// <param name="after">The instant.</param>
    public Instant? OfSubject(int subject, Instant after)
    {
        var next = Instant.Never;
        for (var e = 0; e < _folds.Length; e++)
        {
            var inForce = _scoring.Plan.Book.Editions[e].InForce;
            next = Instant.Min(next, NextState(_folds[e], subject, new(Instant.Max(after, inForce.Starts.IsReal ? new(inForce.Starts.Micros - 1) : inForce.Starts), inForce.Ends)));
        }
        var credits = new CreditList();
        _deriver.Derive(subject, _scoring.UpTo, credits);
        foreach (ref readonly var credit in credits.Items)
        {
            if (credit.Starts > after) { next = Instant.Min(next, credit.Starts); }
            else if (credit.Ends > after) { next = Instant.Min(next, credit.Ends); }
        }
        return next == Instant.Never ? null : next;
    }

    private Instant NextState(SubjectFold<Untraced> fold, int subject, Span span)
    {
        var next = Instant.Never;
        fold.Watcher = (at, frame) =>
        {
            if (at > span.Starts && at < span.Ends && (frame.ChangedStates | frame.ChangedRoles) != 0) { next = Instant.Min(next, at); }
        };
        fold.Fold(subject, _scoring.UpTo);
        fold.Watcher = null;
        return next;
    }
}
