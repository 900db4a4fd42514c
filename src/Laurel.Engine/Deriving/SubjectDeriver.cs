using System.Runtime.InteropServices;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// Derives the credits of a subject under the editions of a rule book: each edition reads the whole history by its own
/// definitions, and gives within its dates; transitions say what becomes of what was given before. For one thread.
/// </summary>
internal sealed partial class SubjectDeriver<TTrace>
    where TTrace : struct, IFoldTrace
{
    private readonly RuleBook _book;
    private readonly History _history;
    private readonly Enrolment _enrolment;
    private readonly SubjectFold<TTrace>[] _folds;
    private readonly CaseFold<TTrace>[] _cases;
    private readonly LookAhead<TTrace> _ahead;
    private readonly Passage[] _passages;
    private readonly Span[] _inForce;
    private readonly Giving[] _giving;
    private readonly bool[] _concerns;
    private readonly Settlement _settlement;
    private readonly List<Credit> _own = [];
    private readonly List<Given> _before = [];
    private readonly List<Given> _now = [];
    private readonly List<int> _predecessors = [];
    private readonly SortedSet<int> _later = [];
    private CreditList _into = null!;

    public SubjectDeriver(RuleBook book, IReadOnlyList<EditionPlan<TTrace>> plans, History history, Enrolment enrolment, Func<int, TTrace> trace)
    {
        _book = book;
        _history = history;
        _enrolment = enrolment;
        _folds = [.. plans.Select((plan, i) => new SubjectFold<TTrace>(plan, history, enrolment, trace(i)))];
        _cases = [.. plans.Select((plan, i) => new CaseFold<TTrace>(plan, _folds[i], history, enrolment))];
        _ahead = new(plans, history);
        _passages = [.. book.Editions.Select((_, i) => new Passage(book, i))];
        _inForce = [.. book.Editions.Select(e => e.InForce)];
        _giving = [.. Enumerable.Range(0, book.Count).Select(number => Giving.Of(book, number))];
        _concerns = [.. history.Vocabulary.Kinds.Select(kind => kind.Index == Vocabulary.MemberKind || plans.Any(p => p.Edition.Rules.Any(r => r.Kind == kind.Index)))];
        _settlement = new(book, history);
    }

    /// <summary>What becomes of a result within the dates of editions, before enrolment.</summary>
    /// <param name="Rule">The rule's number in the book.</param>
    /// <param name="Edition">The last edition that gives it.</param>
    private readonly record struct Gift(int Rule, int Edition, Instant Starts, Instant Ends, Instant Moment);

    /// <summary>A gift, what it is made from, and whether it goes on from the edition before.</summary>
    private readonly record struct Given(Raw Raw, Gift Gift, bool GoesOn);

    /// <summary>What giving needs to know of a rule, by its number in the book.</summary>
    private sealed record Giving(bool AtMoments, bool Money, Delay? After, Duration? For, Calendar Calendar)
    {
        public static Giving Of(RuleBook book, int number)
        {
            if (book.Rule(number) is not { } rule) { return new(AtMoments: true, Money: false, After: null, For: null, Calendar.Of(book.Vocabulary.Zone)); }
            return new(rule.When.Count > 0, book.Vocabulary.Units[rule.Unit].Money, rule.After, rule.For, book.CalendarOf(number));
        }
    }

    /// <summary>The fold of one edition.</summary>
    public SubjectFold<TTrace> Fold(int edition) => _folds[edition];

    /// <summary>The folds of all editions.</summary>
    public IReadOnlyList<SubjectFold<TTrace>> Folds => _folds;

    /// <summary>Derives one subject's credits, settled by the limits that concern one subject at a time.</summary>
    /// <param name="subject">Its number.</param>
    /// <param name="upTo">How many positions of the log are known.</param>
    /// <param name="into">Where to add them.</param>
    public void Derive(int subject, int upTo, CreditList into)
    {
        _ahead.From(subject);
        if (!_concerns[_history.Kinds[subject]]) { return; }
        _into = into;
        var first = into.Count;
        for (var e = 0; e < _folds.Length; e++)
        {
            if (Concerns(e, subject) && _folds[e].Gives(subject)) { Give(e, subject, upTo); }
            if (_folds.Length > 1) { Join(e); }
        }
        EndGiving(subject, upTo, first, long.MinValue);
    }

    private void EndGiving(int subject, int upTo, int first, long after)
    {
        foreach (ref readonly var given in CollectionsMarshal.AsSpan(_before)) { Enrol(given.Raw, given.Gift, subject); }
        _before.Clear();
        if (_history.Kinds[subject] == Vocabulary.MemberKind) { BuiltInCredits(subject, upTo, after, long.MaxValue); }
        if (_later.Count > 0) { GiveLater(subject); }
        if (_settlement.MattersToSubject(_into.Items[first..])) { Settle(first); }
    }

    private void GiveLater(int subject)
    {
        foreach (var member in _later) { _into.Later.Add((member, subject)); }
        _later.Clear();
    }

    private void Settle(int first)
    {
        _into.MoveFrom(first, _own);
        _settlement.SettleSubject(_own, _into.Keys);
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(_own)) { _into.Add(credit); }
        _own.Clear();
    }

    /// <summary>An edition that ended before the subject's first fact gives nothing for it.</summary>
    private bool Concerns(int edition, int subject) =>
        TTrace.On || (_history.FactsOf(subject) is { Count: > 0 } facts && _history.At[facts[0]] < _inForce[edition].Ends.Micros);

    private void Give(int edition, int subject, int upTo)
    {
        if (_cases[edition].TryFold(subject, upTo))
        {
            Give(edition, subject, _cases[edition].Results, _cases[edition].Keys);
            return;
        }
        _folds[edition].Fold(subject, upTo);
        if (_folds[edition].Later.Count > 0) { _later.UnionWith(_folds[edition].Later); }
        Give(edition, subject, _folds[edition].Results, _folds[edition].Keys);
    }

    private void Give(int edition, int subject, Span<Raw> results, List<long> keys)
    {
        var (passage, inForce) = (_passages[edition], _inForce[edition]);
        var offset = _into.Keys.Count;
        foreach (var key in CollectionsMarshal.AsSpan(keys)) { _into.Keys.Add(key); }
        foreach (ref var raw in results)
        {
            if (raw.Key >= 0) { raw.Key += offset; }
            var given = GivenOf(edition, raw, inForce, passage);
            if (given.Gift.Starts >= given.Gift.Ends) { continue; }
            if (_folds.Length == 1) { Enrol(raw, given.Gift, subject); }
            else { _now.Add(given); }
        }
    }

    private Given GivenOf(int edition, in Raw raw, Span inForce, Passage passage)
    {
        var number = _book.NumberOf(edition, raw.Rule);
        var atMoments = _giving[number].AtMoments;
        var span = atMoments ? GivenAtMoment(raw, inForce, passage) : GivenForStretch(raw, inForce, passage);
        return new(raw, new(number, edition, span.Starts, span.Ends, atMoments ? raw.Moment : Instant.Max(raw.Moment, inForce.Starts)), GoesOn: !atMoments && raw.Moment < inForce.Starts);
    }

    /// <summary>A stretch counts while its edition is in force; one that is kept goes on, if it was there on the last day.</summary>
    private static Span GivenForStretch(in Raw raw, Span inForce, Passage passage)
    {
        var span = new Span(Instant.Max(raw.Starts, inForce.Starts), raw.Ends);
        if (passage.Kept[raw.Rule] is { } until && raw.Moment < inForce.Ends) { return span with { Ends = Instant.Min(raw.Ends, until) }; }
        return span with { Ends = Instant.Min(raw.Ends, inForce.Ends) };
    }

    /// <summary>What was given at a moment within the edition's dates stays as given, until an edition ends it or gives it another amount.</summary>
    private Span GivenAtMoment(in Raw raw, Span inForce, Passage passage)
    {
        var span = new Span(raw.Starts, Instant.Min(raw.Ends, passage.Given[raw.Rule]));
        if (raw.Moment >= inForce.Starts) { return raw.Moment < inForce.Ends ? span : new(Instant.Never, Instant.Never); }
        return TakesOver(raw, inForce.Starts, passage) ? span with { Starts = Instant.Max(span.Starts, inForce.Starts) } : new(Instant.Never, Instant.Never);
    }

    /// <summary>An earlier credit that has not ended yet goes on as this rule's, where the edition says so.</summary>
    private bool TakesOver(in Raw raw, Instant seam, Passage passage)
    {
        if (passage.TakesOver[raw.Rule] is not { Count: > 0 } names) { return false; }
        foreach (ref readonly var before in CollectionsMarshal.AsSpan(_before))
        {
            var goesOn = before.Raw.Member == raw.Member && before.Raw.Moment == raw.Moment && before.Gift.Ends == seam && before.Raw.Ends > seam;
            if (goesOn && names.Contains(_book.NameOf(before.Gift.Rule))) { return true; }
        }
        return false;
    }

    /// <summary>
    /// Adds an edition's credits to those before. A stretch that goes on by the same rule keeps its moment; where nothing that it
    /// reads has changed it is one credit still, without a seam.
    /// </summary>
    private void Join(int edition)
    {
        var known = _before.Count;
        _predecessors.Clear();
        foreach (var given in _now) { _predecessors.Add(given.GoesOn ? PredecessorOf(given, edition, known) : -1); }
        for (var i = 0; i < _now.Count; i++)
        {
            var given = _now[i];
            if (_predecessors[i] < 0)
            {
                _before.Add(given);
                continue;
            }
            var before = _before[_predecessors[i]];
            var (old, gift) = (before.Gift, given.Gift);
            var same = _book.Rule(old.Rule)!.Hash == _book.Rule(gift.Rule)!.Hash;
            if (same && old.Ends == gift.Starts && before.Raw.Amount == given.Raw.Amount) { _before[_predecessors[i]] = before with { Gift = old with { Edition = edition, Ends = gift.Ends } }; }
            else { _before.Add(given with { Gift = gift with { Moment = old.Moment, Rule = same ? old.Rule : gift.Rule } }); }
        }
        _now.Clear();
    }

    /// <summary>The credit of the edition before that goes on as this one; -1 for none.</summary>
    private int PredecessorOf(in Given given, int edition, int known)
    {
        var seam = _book.Editions[edition].InForce.Starts;
        for (var i = 0; i < known; i++)
        {
            var before = _before[i];
            if (before.Gift.Ends == seam && before.Raw.Member == given.Raw.Member && Succeeds(edition, before, given)) { return i; }
        }
        return -1;
    }

    /// <summary>A rule goes on under its own name, or as the rule that a transition names.</summary>
    private bool Succeeds(int edition, in Given before, in Given given)
    {
        var name = _book.NameOf(before.Gift.Rule);
        return name == _book.NameOf(given.Gift.Rule) || _passages[edition].TakesOver[given.Raw.Rule]!.Contains(name);
    }

    /// <summary>Cuts a credit to when its member is enrolled, and into what is pending and what is active.</summary>
    private void Enrol(in Raw raw, in Gift gift, int subject)
    {
        var giving = _giving[gift.Rule];
        if (giving.Money) { Split(raw, gift.Rule, subject, new(gift.Starts, gift.Ends), gift.Moment); }
        else if (_enrolment.IsForGood(raw.Member, out var since)) { Cut(raw, gift, subject, new(since, Instant.Never)); }
        else
        {
            foreach (var span in _enrolment.Of(raw.Member)) { Cut(raw, gift, subject, span); }
        }
    }

    private void Cut(in Raw raw, in Gift gift, int subject, Span enrolled)
    {
        var span = new Span(gift.Starts, gift.Ends).Intersect(enrolled);
        var atMoments = _giving[gift.Rule].AtMoments;
        // A stretch that is kept does not begin again for whoever joins after its edition.
        if (!atMoments && enrolled.Starts >= _inForce[gift.Edition].Ends) { return; }
        Split(raw, gift.Rule, subject, span, atMoments ? gift.Moment : Instant.Max(gift.Moment, enrolled.Starts));
    }

    private void Split(in Raw raw, int rule, int subject, Span span, Instant moment)
    {
        var giving = _giving[rule];
        var (release, ends) = (raw.Release, span.Ends);
        if (!giving.AtMoments)
        {
            release = Releases.Of(giving.After, moment, giving.Calendar);
            if (giving.For is { } length) { ends = Instant.Min(ends, giving.Calendar.Add(moment, length)); }
        }
        if (span.Starts < release) { AddCredit(raw, rule, subject, moment, new(span.Starts, Instant.Min(ends, release)), CreditStatus.Pending); }
        AddCredit(raw, rule, subject, moment, new(Instant.Max(span.Starts, release), ends), CreditStatus.Active);
    }

    private void AddCredit(in Raw raw, int rule, int subject, Instant moment, Span span, CreditStatus status)
    {
        if (span.IsEmpty) { return; }
        _into.Add(new(rule, raw.Member, subject, moment, span.Starts, span.Ends, raw.Amount, raw.Amount, status, raw.Fact, -1, raw.Key));
    }

    /// <summary>Adjustments and migrations: what a person gave or took, with a reason, from then on.</summary>
    private void BuiltInCredits(int member, int upTo, long after, long until)
    {
        var facts = _history.FactsOf(member);
        for (var place = _history.PlaceAfter(facts, after); place < facts.Count && _history.At[facts[place]] <= until; place++)
        {
            var fact = facts[place];
            var type = _history.TypeOf(fact).BuiltIn;
            if (type is not (BuiltIn.Adjusted or BuiltIn.Migrated) || !_history.IsKnown(fact, upTo)) { continue; }
            var (unit, amount) = Adjustments.Read(_history, fact);
            var rule = unit + (type == BuiltIn.Migrated ? _history.Vocabulary.Units.Count : 0);
            var at = new Instant(_history.At[fact]);
            foreach (var span in _history.Vocabulary.Units[unit].Money ? [Span.Always] : _enrolment.Of(member))
            {
                var counts = new Span(at, Instant.Never).Intersect(span);
                if (!counts.IsEmpty) { _into.Add(new(rule, member, member, at, counts.Starts, counts.Ends, amount, amount, CreditStatus.Active, fact, -1, -1)); }
            }
        }
    }
}
