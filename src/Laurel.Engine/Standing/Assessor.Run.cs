using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Expressions;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Standing;

internal sealed partial class Assessor
{
    /// <summary>One sweep over one member's instants within one edition's dates.</summary>
    private sealed class Run
    {
        private readonly Assessor _assessor;
        private readonly Board _board;
        private readonly int _upTo;
        private readonly MemberPlan<NoTrace> _plan;
        private readonly Edition _edition;
        private readonly Span _inForce;
        private readonly Span[] _enrolled;
        private readonly IReadOnlyList<(Instant From, SubjectFrame Frame)> _own;
        private readonly List<MemberStanding> _standings;
        private readonly MemberFrame _frame;
        private readonly LadderRun[] _ladders;
        private readonly ObligationRun[] _obligations;
        private readonly List<ClosedPeriod> _closed;
        private readonly List<(Instant At, int Obligation, long Amount, bool Late)> _done;
        private readonly List<Change> _changes;
        private readonly List<Counted> _counted;
        private readonly Tally?[] _tallies;
        private readonly Lookback[][] _lookbacksOf;
        private readonly Lookback[] _lookbacks;
        private readonly (int Metric, Lookback Lookback)[] _seen = [];
        private readonly long[] _pending;
        private readonly bool[] _benefits;
        private readonly Instant[] _since;
        private readonly Instant? _only;
        private readonly Course? _course;
        private readonly Span _swept;
        private int _next;
        private int _nextOwn;
        private int _nextDone;
        private bool _isTested;
        private SubjectFrame? _benefitsOf;

        public Run(
            Assessor assessor, int edition, int member, int upTo, Instant horizon, List<Credit> credits, IReadOnlyList<long> keys, Span[] enrolled,
            IReadOnlyList<(Instant From, SubjectFrame Frame)> own, Run? before, List<MemberStanding> standings, List<ClosedPeriod> closed, Instant from, Instant? only)
            : this(assessor, new Board(assessor, edition), edition, member, upTo, horizon, enrolled, own, before, standings, closed, from, only)
        {
            if (before is null && standings.Count > 0) { GoOn(standings[^1]); }
            Collect(credits, keys);
        }

        /// <summary>Goes on with a course.</summary>
        public Run(Assessor assessor, Course course, int member, int upTo, Span[] enrolled, IReadOnlyList<(Instant From, SubjectFrame Frame)> own, Run? before)
            : this(assessor, assessor._boards[course.Edition] ??= new(assessor, course.Edition), course.Edition, member, upTo, Instant.Ever, enrolled, own, before, course.Standings, assessor._noneClosed, Instant.Ever, only: null)
        {
            _course = course;
            _changes.Clear();
            _done.Clear();
            if (course.Ladders is null && course.AtBegin is var (edition, ladders)) { TakeOver(assessor._plans[edition].Edition.Ladders, ladders); }
        }

        private Run(
            Assessor assessor, Board board, int edition, int member, int upTo, Instant horizon, Span[] enrolled, IReadOnlyList<(Instant From, SubjectFrame Frame)> own, Run? before,
            List<MemberStanding> standings, List<ClosedPeriod> closed, Instant from, Instant? only)
        {
            _only = only;
            _assessor = assessor;
            (_changes, _counted, _done) = (assessor._changes, assessor._counted, assessor._done);
            _upTo = upTo;
            _plan = assessor._plans[edition];
            _edition = _plan.Edition;
            _inForce = assessor.InForce(edition);
            var starts = assessor._book.Editions[edition].InForce.Starts;
            _obligations = _edition.Obligations.Count == 0 ? [] : ObligationsOf(_edition, starts, horizon);
            _swept = _inForce with { Starts = Instant.Max(_inForce.Starts, from) };
            _enrolled = enrolled;
            _own = own;
            _standings = standings;
            _closed = closed;
            _board = board;
            (_frame, _tallies, _pending, _ladders, _benefits, _since) = (board.Frame, board.Tallies, board.Pending, board.Ladders, board.Benefits, board.Since);
            board.Clear(member);
            // What a number was is what it was by the edition of then: those of later editions see it too.
            _lookbacksOf = before?._lookbacksOf ?? assessor.Lookbacks();
            _lookbacks = _lookbacksOf[edition];
            for (var e = edition; e < _lookbacksOf.Length; e++)
            {
                foreach (var lookback in _lookbacksOf[e])
                {
                    if (lookback.In(_edition) is { } metric) { _seen = [.. _seen, (metric.Index, lookback)]; }
                    else { lookback.See(_inForce.Starts, Value.Of((Number)0)); }
                }
            }
            if (_lookbacks.Length > 0) { _frame.Ago = (metric, length) => _lookbacks.First(l => l.Of.Metric == metric && l.Of.Length == length).Value; }
            if (before is not null) { TakeOver(before); }
        }

        private static ObligationRun[] ObligationsOf(Edition edition, Instant starts, Instant horizon) => [.. edition.Obligations.Select(o => new ObligationRun(o, edition, starts, horizon, edition.Calendar.Zone))];

        public void Sweep()
        {
            var at = _swept.Starts;
            while (at < _inForce.Ends && !(at > _only))
            {
                LookAt(at);
                if (_only is null) { Record(at); }
                at = NextChange(at);
            }
            // What closes where the next edition begins closes by this one.
            if (_only < _inForce.Ends) { return; }
            foreach (var obligation in _obligations) { Close(obligation, _inForce.Ends); }
        }

        /// <summary>Goes on with a course until something has changed after an instant, or the edition ends.</summary>
        public void Sweep(Course course, Instant upTo)
        {
            var at = course.Ladders is { } ladders ? NextChange(GoOn(course, ladders)) : _inForce.Starts;
            for (; at < _inForce.Ends; at = NextChange(at))
            {
                var count = _standings.Count;
                LookAt(at);
                Record(at);
                if (_standings.Count == count) { continue; }
                course.Keep(Array.ConvertAll(_ladders, l => l.Save(whole: false)));
                if (at > upTo) { break; }
            }
            if (at >= _inForce.Ends && _inForce.Ends < Instant.Never) { course.AtEnd = Array.ConvertAll(_ladders, l => l.Save(whole: true)); }
            course.Rest(Instant.Min(at, _inForce.Ends));
        }

        /// <summary>Goes on from the last standing of a course, which was looked at.</summary>
        private Instant GoOn(Course course, LadderRun.State[] ladders)
        {
            var at = course.Standings[^1].From;
            for (var i = 0; i < _ladders.Length; i++) { _ladders[i].GoOn(ladders[i]); }
            Pass(course, at);
            for (; _nextOwn < _own.Count && _own[_nextOwn].From <= at; _nextOwn++) { _frame.Own = _own[_nextOwn].Frame; }
            return at;
        }

        /// <summary>What is true at an instant, after the last one that was looked at.</summary>
        public MemberAt Now(Instant at)
        {
            _frame.At = at;
            TestBenefits();
            return new(_edition, _frame, _benefits);
        }

        /// <summary>A level goes on under its name, with the day it was reached; an obligation with its periods in a row.</summary>
        private void TakeOver(Run before)
        {
            foreach (var obligation in _obligations)
            {
                if (before._obligations.FirstOrDefault(o => o.Obligation.Name == obligation.Obligation.Name) is { } old) { obligation.GoOn(old); }
            }
            TakeOver(before._edition.Ladders, Array.ConvertAll(before._ladders, l => l.Save(whole: true)));
        }

        private void TakeOver(IReadOnlyList<Ladder> before, LadderRun.State[] states)
        {
            foreach (var ladder in _ladders)
            {
                var old = 0;
                while (old < states.Length && before[old].Name != ladder.Ladder.Name) { old++; }
                if (old < states.Length && states[old].Level >= 0) { ladder.TakeOver(before[old], states[old]); }
            }
        }

        /// <summary>Goes on from how the member stood before the first instant that is swept: nothing else is remembered.</summary>
        private void GoOn(MemberStanding stood)
        {
            foreach (var ladder in _ladders)
            {
                if (stood.Edition.Ladders.FirstOrDefault(l => l.Name == ladder.Ladder.Name) is { } old) { ladder.GoOn(old, stood.Levels[old.Index], stood.LevelSince[old.Index]); }
            }
        }

        private void Collect(List<Credit> credits, IReadOnlyList<long> keys)
        {
            _changes.Clear();
            _counted.Clear();
            _done.Clear();
            foreach (ref readonly var credit in CollectionsMarshal.AsSpan(credits))
            {
                if (credit.Counted == 0) { continue; }
                var unit = _assessor._book.UnitOf(credit.Rule);
                if (credit.Status == CreditStatus.Pending)
                {
                    AddSpan(credit.Span, -1 - unit, new(credit.Moment, false, credit.Counted, default));
                    continue;
                }
                foreach (var metric in _edition.Metrics)
                {
                    if (metric.Unit != unit && metric.BrokenBy != unit) { continue; }
                    var key = metric.Per is null ? default : _assessor._keys.Of(metric, credit, keys);
                    AddSpan(_assessor.CountedSpan(metric, credit, _frame.Member, _upTo, _edition.Calendar), metric.Index, new(credit.Moment, metric.Unit != unit, credit.Counted, key));
                }
                foreach (var obligation in _edition.Obligations)
                {
                    if (obligation.Unit == unit) { Collect(obligation, credit, credits); }
                }
            }
            _changes.Sort();
            _done.Sort((a, b) => a.At.CompareTo(b.At));
        }

        /// <summary>A credit counts in the period of its moment.</summary>
        private void Collect(Obligation obligation, in Credit credit, List<Credit> credits)
        {
            var closes = Windows.EndOf(obligation.Each, null, credit.Moment, _edition.Calendar.Zone);
            var inside = new Span(credit.Starts, Instant.Min(credit.Ends, closes)).Intersect(_inForce);
            if (inside.IsEmpty) { return; }
            var (rule, subject, moment) = (credit.Rule, credit.Subject, credit.Moment);
            // What time alone has changed was begun by the last fact before.
            var fact = credit.Fact >= 0 ? credit.Fact : LastOf(credits.Where(c => c.Rule == rule && c.Subject == subject && c.Moment == moment).Select(c => c.Fact));
            var late = fact >= 0 && _assessor._history.RecordedOf(fact) >= closes;
            _done.Add((inside.Starts, obligation.Index, credit.Counted, late));
            if (inside.Ends < _inForce.Ends) { _done.Add((inside.Ends, obligation.Index, -credit.Counted, late)); }
        }

        private int LastOf(IEnumerable<int> facts) => facts.Aggregate(-1, (last, fact) => fact >= 0 && (last < 0 || _assessor._history.IsBefore(last, fact)) ? fact : last);

        private void AddSpan(Span span, int metric, in Counted credit)
        {
            var inside = span.Intersect(_swept);
            if (inside.IsEmpty || inside.Starts > _only) { return; }
            if (inside.Starts == _swept.Starts) { Apply(metric, credit, begins: true); }
            else { _changes.Add(new(inside.Starts, metric, _counted.Count, Begins: true)); }
            if (inside.Ends < _swept.Ends && !(inside.Ends > _only)) { _changes.Add(new(inside.Ends, metric, _counted.Count, Begins: false)); }
            _counted.Add(credit);
        }

        /// <summary>The next instant after one at which anything happens.</summary>
        private Instant NextChange(Instant at)
        {
            var next = _course is not null ? _course.Next : _next < _changes.Count ? _changes[_next].At : Instant.Never;
            if (_nextOwn < _own.Count) { next = Instant.Min(next, _own[_nextOwn].From); }
            if (_nextDone < _done.Count) { next = Instant.Min(next, _done[_nextDone].At); }
            foreach (var obligation in _obligations) { next = Instant.Min(next, obligation.Next); }
            foreach (var lookback in _lookbacks) { next = Instant.Min(next, lookback.Next); }
            foreach (var ladder in _ladders) { next = Instant.Min(next, ladder.NextAfter(at)); }
            foreach (var rank in _plan.Ranks) { next = Instant.Min(next, _assessor.Ranks.NextAfter(rank.Name, at)); }
            foreach (var span in _enrolled)
            {
                if (span.Starts > at) { next = Instant.Min(next, span.Starts); }
                if (span.Ends > at) { next = Instant.Min(next, span.Ends); }
            }
            return next;
        }

        /// <summary>Looks at one instant when it is complete.</summary>
        private void LookAt(Instant at)
        {
            foreach (var obligation in _obligations) { Close(obligation, at); }
            for (; _nextDone < _done.Count && _done[_nextDone].At <= at; _nextDone++)
            {
                _obligations[_done[_nextDone].Obligation].Add(_done[_nextDone].Amount, _done[_nextDone].Late);
            }
            if (_course is not null) { Pass(_course, at); }
            for (; _next < _changes.Count && _changes[_next].At <= at; _next++) { Apply(_changes[_next].Metric, CollectionsMarshal.AsSpan(_counted)[_changes[_next].Credit], _changes[_next].Begins); }
            for (; _nextOwn < _own.Count && _own[_nextOwn].From <= at; _nextOwn++) { _frame.Own = _own[_nextOwn].Frame; }
            foreach (var lookback in _lookbacks) { lookback.Pass(at); }
            _frame.At = at;
            _frame.Enrolled = IsEnrolled(at);
            foreach (var step in _plan.Steps)
            {
                if (step.Metric is { } metric) { _frame.Metrics[metric.Index] = Measure(metric, at); }
                if (step.Obligation is { } obligation) { See(_obligations[obligation.Index], at); }
                if (step.Ladder is { } ladder) { Climb(_ladders[ladder.Index], at); }
            }
        }

        private void Pass(Course course, Instant at)
        {
            course.Pass(at);
            foreach (ref readonly var sum in course.Sums)
            {
                if (sum.Metric < 0) { _pending[-1 - sum.Metric] = sum.Amount; }
                else { _tallies[sum.Metric]!.Set(sum.Key, sum.Amount); }
            }
        }

        private bool IsEnrolled(Instant at)
        {
            foreach (var span in _enrolled)
            {
                if (span.Contains(at)) { return true; }
            }
            return false;
        }

        /// <summary>A period that ends at an instant is looked at as it was just before.</summary>
        private void Close(ObligationRun obligation, Instant at)
        {
            if (obligation.Pass(at) is { } closed) { _closed.Add(closed); }
        }

        private void See(ObligationRun run, Instant at)
        {
            var (term, during) = _plan.Obligations[run.Obligation.Index];
            var inTerm = _frame.Enrolled && (term is null || term.Test(_frame, ref _assessor._trace) == Truth.True);
            run.See(at, inTerm, during is null || during.Test(_frame, ref _assessor._trace) == Truth.True);
            _frame.Obligations[run.Obligation.Index] = run.Standing;
        }

        private void Apply(int metric, in Counted credit, bool begins)
        {
            if (metric < 0) { _pending[-1 - metric] += begins ? credit.Amount : -credit.Amount; }
            else { _tallies[metric]!.Apply(credit, begins); }
        }

        private Value Measure(Metric metric, Instant at)
        {
            var value = _plan.Formulas[metric.Index] is { } formula ? metric.Per is null ? formula.Evaluate(_frame, ref _assessor._trace) : Each(metric, formula)
                : _tallies[metric.Index] is { } tally ? tally.Read()
                : _assessor.Ranks.ValueOf(metric.Name, _frame.Member, at);
            foreach (var (of, lookback) in _seen)
            {
                if (of == metric.Index) { lookback.See(at, value); }
            }
            return value;
        }

        /// <summary>A formula, for each key.</summary>
        private Value Each(Metric metric, Node<MemberFrame, NoTrace> formula)
        {
            var values = new List<KeyValuePair<Value, Value>>();
            foreach (var key in MemberPlan<NoTrace>.KeysOf(metric, _frame))
            {
                _frame.Key = key;
                values.Add(new(key, formula.Evaluate(_frame, ref _assessor._trace)));
            }
            return Value.Map(ValueMap.Of(values, Value.Of(new Number(0))));
        }

        private void Climb(LadderRun ladder, Instant at)
        {
            if (!_frame.Enrolled) { ladder.Leave(); }
            else
            {
                if (ladder.Ladder.Per is { } per) { _frame.Key = per.Value; }
                var met = 0;
                var rungs = _plan.Rungs[ladder.Ladder.Index];
                for (var rung = rungs.Length - 1; rung > 0 && met == 0; rung--)
                {
                    if (rungs[rung] is not { } condition || condition.Test(_frame, ref _assessor._trace) == Truth.True) { met = rung; }
                }
                var needs = _plan.Needs[ladder.Ladder.Index] is not { } need || need.Test(_frame, ref _assessor._trace) == Truth.True;
                ladder.Move(at, met, needs);
            }
            _frame.Levels[ladder.Ladder.Index] = ladder.Level;
        }

        /// <summary>Keeps what is so from an instant on, where it is not as before. What has not changed is shared with the standing before, what is alike with the last one of anybody.</summary>
        private void Record(Instant at)
        {
            var before = _standings.Count > 0 && _standings[^1].Edition == _edition ? _standings[^1] : null;
            var news = before is null || before.Enrolled != _frame.Enrolled;
            var levels = Kept(before?.Levels, _frame.Levels, ref _board.LastLevels, ref news);
            var obligations = Kept(before?.Obligations, _frame.Obligations, ref _board.LastObligations, ref news);
            if (news || !_isTested || _frame.Own != _benefitsOf || _plan.BenefitsReadMetrics) { TestBenefits(); }
            var benefits = Kept(before?.Benefits, _benefits, ref _board.LastBenefits, ref news);
            var metrics = Kept(before?.Metrics, _frame.Metrics, ref _board.LastMetrics, ref news);
            var pending = Kept(before?.Pending, _pending, ref _board.LastPending, ref news);
            var states = Kept(before?.States, _plan.StatesOf(_frame.Own), ref _board.LastStates, ref news);
            if (!news) { return; }
            for (var i = 0; i < _since.Length; i++) { _since[i] = _ladders[i].Since; }
            var since = Kept(before?.LevelSince, _since, ref _board.LastSince, ref news);
            _standings.Add(new(at, _edition, _frame.Enrolled, metrics, levels, since, benefits, pending, states) { Obligations = obligations });
        }

        private static T[] Kept<T>(IReadOnlyList<T>? before, T[] now, ref T[] last, ref bool news)
            where T : IEquatable<T>
        {
            if (before is T[] same && same.AsSpan().SequenceEqual(now)) { return same; }
            news = true;
            // Many members stand alike.
            return last.AsSpan().SequenceEqual(now) ? last : last = now.AsSpan().ToArray();
        }

        private void TestBenefits()
        {
            (_isTested, _benefitsOf) = (true, _frame.Own);
            for (var i = 0; i < _benefits.Length; i++) { _benefits[i] = _plan.Benefits[i].Test(_frame, ref _assessor._trace) == Truth.True; }
        }
    }

    /// <summary>A credit that begins to count for a metric, or ends; with a metric of -1 - unit, what is pending.</summary>
    /// <param name="At">When.</param>
    /// <param name="Metric">The metric.</param>
    /// <param name="Credit">The credit's place among those that count.</param>
    /// <param name="Begins">Whether it begins.</param>
    private readonly record struct Change(Instant At, int Metric, int Credit, bool Begins) : IComparable<Change>
    {
        public int CompareTo(Change other) => At.CompareTo(other.At);
    }
}
