using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>
/// Posts a log fact by fact: derives again whatever a fact concerns, and appends the difference to what was posted before. How facts were
/// grouped on their way in makes no difference; the passing of time posts nothing. Of a whole history, or with a part of it at hand.
/// </summary>
/// <remarks>
/// What was posted is what was derived last, which is kept by subject, and settled again where limits across subjects need it. So a subject
/// that a fact leaves as it was costs no more than its derivation.
/// </remarks>
public sealed partial class Posting
{
    private readonly PartnerProgram _program;
    private readonly History _history;
    private readonly Mentions _mentions;
    private readonly Payouts _payouts;
    private readonly Ranks _ranks = new();
    private readonly Enrolment _enrolment;
    private readonly Difference.ByName _byName;
    private readonly Dictionary<int, List<int>> _subjectsOf = [];

    // By member: the subjects of which it has credits that are settled with it.
    private readonly Dictionary<int, List<int>> _crossOf = [];
    private readonly Rivals _rivals = new();
    private readonly Derived _nothing = new();
    private readonly News _news = new();

    // Where rules read levels, or budgets are shared, members are settled as a whole: what was posted of theirs, what of it budgets are about.
    private readonly Dictionary<int, List<Credit>> _wholePosted = [];
    private readonly SortedDictionary<int, List<Claim>> _claims = [];
    private readonly Dictionary<int, List<int>> _laterOf = [];
    private readonly CreditList _list = new();
    private Derived?[] _derived = [];
    private DerivingPlan? _plan;
    private Deriver? _deriver;
    private Assessing? _assessing;
    private Budgets? _budgets;
    private bool _readsMembers;
    private bool _asWhole;
    private int _shapes;
    private int _position;
    private int _known;
    private Instant _horizon = Instant.Ever;
    private Instant _published = Instant.Ever;

    // Before this instant all is as it was for those that the item is about.
    private Instant _since = Instant.Ever;

    internal Posting(PartnerProgram program, History history, RuleBook? under)
    {
        _program = program;
        _history = history;
        _mentions = new(history);
        _payouts = new(history);
        _enrolment = new(history, 0);
        _byName = new(history);
        if (under is not null) { Compile(under); }
    }

    /// <summary>A subject with more facts is derived from marks on, between which lie so many at least: folding so many costs less than keeping more.</summary>
    internal int MarkEvery { get; init; } = 64;

    /// <inheritdoc cref="Courses.LengthMax"/>
    internal int CoursesMax { init => _courses.LengthMax = value; }

    /// <summary>Posts one item of the log, after all before it.</summary>
    /// <param name="item">The item; a fact is in the history by now.</param>
    /// <returns>The entries that it causes, in order.</returns>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add; nothing can be posted after that.</exception>
    public IReadOnlyList<Entry> Post(LogItem item)
    {
        try { return Take(item); }
        catch (AmountOverflowException overflow) { throw overflow.At(item.Fact); }
    }

    /// <summary>The members whose standing the last item may have changed; of all others it is what it was.</summary>
    public IReadOnlyCollection<int> Concerned { get; private set; } = [];

    /// <summary>The rules by which the last item was posted; null before an edition was published.</summary>
    public RuleBook? Book => _plan?.Book;

    private List<Entry> Take(LogItem item)
    {
        TakeIn();
        Concerned = [];
        var posted = item.Published is null ? [] : AllPosted();
        _horizon = item.Recorded;
        if (item.Published is { } edition)
        {
            // By its own instant, not by when it came into the log: one that is published after it counts from its own place there.
            _published = Instant.Max(_published, edition.Published);
            Compile(RuleBook.InForce(_program, _published));
            // How somebody stands may be known who was never enrolled.
            Concerned = [.. _history.SubjectsOf(Vocabulary.MemberKind)];
            return LookAtAll(posted, item);
        }
        _since = item.Recorded;
        if (item.IsClose) { return _plan is null ? [] : Close(item); }
        _known = _history.Position[item.Fact] + 1;
        var about = _history.AboutOf(item.Fact);
        if (about < 0) { return []; }
        _mentions.See(item.Fact, about);
        var enrols = Enrols(item.Fact, about);
        if (enrols) { _enrolment.Read(_history, _known, about); }
        _since = enrols || _history.TypeOf(item.Fact).BuiltIn == BuiltIn.Retracted ? Instant.Ever : _history.TimeOf(item.Fact);
        return _plan is null ? [] : Look(_mentions.Concerned(about, throughMembers: enrols || _readsMembers), item);
    }

    private bool Enrols(int fact, int about) =>
        _history.Kinds[about] == Vocabulary.MemberKind && _history.TypeOf(fact).BuiltIn is BuiltIn.Joined or BuiltIn.Left or BuiltIn.Retracted;

    /// <summary>Derives everything again after an item that was posted, and posts the difference: none, where what was posted is right.</summary>
    internal IReadOnlyList<Entry> PostAgain(LogItem item) => _plan is null ? [] : LookAtAll(AllPosted(), item);

    /// <summary>The members that were ever enrolled.</summary>
    private IEnumerable<int> Members => _history.SubjectsOf(Vocabulary.MemberKind).Where(m => _enrolment.Of(m).Count > 0);

    private void Compile(RuleBook book)
    {
        _shapes = _history.Shapes.Length;
        _plan = new(book, _history);
        _readsMembers = _plan.ReadsMembers;
        _deriver = new(_plan, _enrolment);
        foreach (var derived in _derived.OfType<Derived>()) { derived.Trail = null; }
        _requests = new(_plan, _enrolment, _history);
        _budgets = new(book, _history);
        _asWhole = _plan.Stages > 0 || _budgets.Any;
        var shares = _assessing?.Shares ?? BudgetShares.None;
        _assessing = new(_plan, _enrolment, CreditsOf, member => _laterOf.GetValueOrDefault(member) ?? []) { UpTo = _known, Horizon = _horizon, Ranks = _ranks, Shares = shares };
    }

    /// <summary>Derives everything again, and posts the difference to what was posted.</summary>
    private List<Entry> LookAtAll(List<Credit> posted, LogItem item)
    {
        _assessed.Clear();
        _courses.Clear();
        Array.Clear(_derived);
        _rivals.Clear();
        _claims.Clear();
        var news = _news.Anew();
        for (var subject = 0; subject < _history.SubjectCount; subject++)
        {
            Derive(subject, news);
            // All that is posted is asked for at the end.
            news.Now.Clear();
        }
        _rivals.Change(news.Left, news.Came);
        _wholePosted.Clear();
        SettleWholes(_asWhole ? _subjectsOf.Keys.Union(_laterOf.Keys) : []);
        return Entries(posted, AllPosted(), item);
    }

    /// <summary>All that is posted, as it was derived last.</summary>
    private List<Credit> AllPosted()
    {
        if (_plan is null) { return []; }
        var credits = new List<Credit>(_derived.Sum(d => d?.Credits.Length ?? 0));
        foreach (var derived in _derived)
        {
            if (derived is not null) { AddOwn(credits, derived.Credits); }
        }
        credits.AddRange(Settled(_rivals.All));
        foreach (var whole in _wholePosted.Values) { credits.AddRange(whole); }
        credits.AddRange(_assessing!.Shares.Claims.Select(c => c.Credit));
        return credits;
    }

    /// <summary>Derives subjects again and posts what has changed, for them and for the limits that cross subjects.</summary>
    private List<Entry> Look(IEnumerable<int> subjects, LogItem item)
    {
        var news = _news.Anew();
        var concerned = new HashSet<int>();
        foreach (var subject in subjects)
        {
            DerivedOf(subject)?.Trail?.Cut(_since);
            Derive(subject, news);
            if (_history.Kinds[subject] != Vocabulary.MemberKind) { continue; }
            concerned.Add(subject);
            // What a fact about a member says may matter by itself; most only give or take, and that is counted.
            if (_since > Instant.Ever && !item.IsClose && _history.AboutOf(item.Fact) == subject && !_assessing!.Reads(item.Fact)) { continue; }
            _assessed.Remove(subject);
            _courses.Remove(subject);
        }
        var (rivalsBefore, rivalsNow) = _rivals.Change(news.Left, news.Came);
        news.Before.AddRange(Settled(rivalsBefore));
        news.Now.AddRange(Settled(rivalsNow));
        if (news.Members.Count > 0) { SettleWholes(news); }
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(news.Before)) { concerned.Add(credit.Member); }
        foreach (ref readonly var credit in CollectionsMarshal.AsSpan(news.Now)) { concerned.Add(credit.Member); }
        concerned.UnionWith(news.Members);
        Concerned = concerned;
        Turn(news);
        return Entries(news.Before, news.Now, item);
    }

    private void SettleWholes(News news)
    {
        var spend = false;
        foreach (var member in news.Members)
        {
            news.Before.AddRange(_wholePosted.GetValueOrDefault(member) ?? []);
            var claimed = _claims.GetValueOrDefault(member) ?? [];
            news.Now.AddRange(_wholePosted[member] = SettleWhole(member));
            spend |= !claimed.Select(c => c.Credit).SequenceEqual((_claims.GetValueOrDefault(member) ?? []).Select(c => c.Credit));
        }
        if (!spend) { return; }
        // What one member claims can take from, or leave to, any other.
        news.Before.AddRange(_assessing!.Shares.Claims.Select(c => c.Credit));
        _assessing.Shares = _budgets!.Settle(_claims.Values.SelectMany(claims => claims));
        news.Now.AddRange(_assessing.Shares.Claims.Select(c => c.Credit));
    }

    private void SettleWholes(IEnumerable<int> members)
    {
        foreach (var member in members.ToList()) { _wholePosted[member] = SettleWhole(member); }
        _assessing!.Shares = _budgets!.Settle(_claims.Values.SelectMany(claims => claims));
    }

    /// <summary>Derives a subject again, and notes what is not as it was.</summary>
    private void Derive(int subject, News news)
    {
        _list.Clear();
        _deriver!.Horizon = _horizon;
        var was = DerivedOf(subject) ?? _nothing;
        var (stay, stayKeys) = (0, 0);
        if (_history.FactsOf(subject).Count > MarkEvery)
        {
            if (was == _nothing) { was = Keep(subject, new()); }
            was.Trail ??= new(MarkEvery);
            (stay, stayKeys) = _deriver.Derive(subject, _known, _list, was.Trail);
        }
        else { _deriver.Derive(subject, _known, _list); }
        Compare(subject, was, was.Credits[stay..], news);
        if (was.Trail is not null) { was.Replace(stay, stayKeys, _list.Items, CollectionsMarshal.AsSpan(_list.Keys)); }
    }

    private Derived Keep(int subject, Derived? derived)
    {
        if (subject >= _derived.Length) { Array.Resize(ref _derived, Math.Max(2 * subject, _history.SubjectCount)); }
        return (_derived[subject] = derived)!;
    }

    private Derived? DerivedOf(int subject) => subject < _derived.Length ? _derived[subject] : null;

    private List<Entry> Entries(List<Credit> before, List<Credit> now, LogItem item)
    {
        if (before.Count + now.Count == 0) { return []; }
        var steps = Difference.Between(before, now, _byName);
        var entries = new List<Entry>(steps.Count);
        foreach (var step in steps) { entries.Add(EntryOf(step, item.Position)); }
        return entries;
    }

    /// <summary>True for a credit that is settled with its member: by a limit across subjects, for a budget, or with rules that read what follows for the member.</summary>
    private bool IsCross(in Credit credit) =>
        _deriver!.IsCross(credit.Rule) || _budgets!.AreAbout(credit.Rule) || (_asWhole && _laterOf.TryGetValue(credit.Member, out var later) && later.BinarySearch(credit.Subject) >= 0);

    /// <summary>Credits that compete with no others, settled.</summary>
    private List<Credit> Settled(IReadOnlyCollection<Rival> rivals)
    {
        if (rivals.Count == 0) { return []; }
        var credits = new List<Credit>(rivals.Count);
        var keys = new List<long>();
        foreach (var rival in rivals)
        {
            credits.Add(rival.Credit.Key < 0 ? rival.Credit : rival.Credit with { Key = keys.Count });
            keys.AddRange(rival.Keys);
        }
        _deriver?.SettleMember(credits, keys);
        return credits;
    }

    /// <summary>All credits that are settled with a member, settled; what budgets are about is kept as the member's claims.</summary>
    private List<Credit> SettleWhole(int member)
    {
        (_assessing!.UpTo, _assessing.Horizon) = (_known, _horizon);
        var (credits, keys) = _laterOf.ContainsKey(member) ? _assessing.BeforeBudgets(member) : CreditsOf(member, _crossOf, [], []);
        credits.RemoveAll(c => !IsCross(c));
        if (!_laterOf.ContainsKey(member)) { _deriver!.SettleMember(credits, keys); }
        // What waits for the member's level is given here first.
        foreach (var credit in credits) { _payouts.See(credit.Member, _plan!.Book.UnitOf(credit.Rule)); }
        _claims[member] = [.. _budgets!.Claims(credits, keys)];
        credits.RemoveAll(c => _budgets.AreAbout(c.Rule));
        return credits;
    }

    /// <summary>A member's credits before the limits that need all of them, in the order of subjects.</summary>
    private (List<Credit> Credits, List<long> Keys) CreditsOf(int member)
    {
        var (credits, keys) = (0, 0);
        foreach (var subject in _subjectsOf.GetValueOrDefault(member) ?? [])
        {
            if (DerivedOf(subject) is { } derived) { (credits, keys) = (credits + derived.Credits.Length, keys + derived.Keys.Length); }
        }
        return CreditsOf(member, _subjectsOf, new(credits), new(keys));
    }

    private (List<Credit> Credits, List<long> Keys) CreditsOf(int member, Dictionary<int, List<int>> subjectsOf, List<Credit> credits, List<long> keys)
    {
        foreach (var subject in subjectsOf.GetValueOrDefault(member) ?? [])
        {
            if (DerivedOf(subject) is not { } derived) { continue; }
            var offset = keys.Count;
            keys.AddRange(derived.Keys);
            foreach (ref readonly var credit in derived.Credits)
            {
                if (credit.Member == member) { credits.Add(credit.Key < 0 ? credit : credit with { Key = credit.Key + offset }); }
            }
        }
        return (credits, keys);
    }

    private Entry EntryOf(Difference.Step step, int cause)
    {
        var account = step.Line.Status == CreditStatus.Pending ? Account.Pending : Account.Member;
        var (from, to) = step.Amount > 0 ? (Account.Rule, account) : (account, Account.Rule);
        return new(
            _position++, cause, step.Line.Member, step.Line.Subject, _plan!.Book.UnitOf(step.Line.Rule), step.Line.Rule,
            from, to, AmountOf(step), step.Line.Moment, step.Starts, step.Ends);
    }

    private long AmountOf(Difference.Step step)
    {
        try { return (long)Int128.Abs(step.Amount); }
        catch (OverflowException inner) { throw AmountOverflowException.Of(_plan!.Book, _history, step.Line.Member, step.Line.Rule, step.Line.Subject, step.Line.Moment, inner); }
    }
}
