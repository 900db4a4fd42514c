using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Standing;
using Laurel.Engine.Values;

namespace Laurel.Engine.Ledger;

/// <summary>
/// Posts a history: takes the log fact by fact, derives again whatever a fact concerns, and appends the difference to what was
/// posted before. How facts were grouped on their way in makes no difference; the passing of time posts nothing.
/// </summary>
public sealed class Posting
{
    private readonly PartnerProgram _program;
    private readonly History _history;
    private readonly Mentions _mentions;
    private readonly Payouts _payouts;
    private readonly Ranks _ranks = new();
    private readonly Dictionary<int, List<Credit>> _derived = [];
    private readonly Dictionary<int, List<Credit>> _posted = [];
    private readonly Dictionary<int, List<Credit>> _crossPosted = [];
    private readonly SortedDictionary<int, List<Claim>> _claims = [];
    private readonly Dictionary<int, SortedSet<int>> _subjectsOf = [];
    private readonly Dictionary<int, SortedSet<int>> _laterOf = [];
    private readonly Dictionary<int, List<long>> _keys = [];
    private readonly CreditList _list = new();
    private DerivingPlan? _plan;
    private Deriver? _deriver;
    private Assessing? _assessing;
    private Budgets? _budgets;
    private bool _readsMembers;
    private readonly Enrolment _enrolment;
    private int _position;
    private int _known;
    private Instant _horizon = Instant.Ever;

    internal Posting(PartnerProgram program, History history, RuleBook? under)
    {
        _program = program;
        _history = history;
        _mentions = new(history);
        _payouts = new(history, (entry, inner) => Overflow(entry.Member, entry.Rule, entry.Subject, entry.Dated, inner));
        _enrolment = new(history, 0);
        if (under is not null) { Open(under); }
    }

    /// <summary>Posts the log, item by item.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The facts.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force.</param>
    /// <param name="known">Items recorded later are left out.</param>
    /// <returns>Each item of the log with the entries that it causes, in order; read it once.</returns>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add: what came before stands.</exception>
    public static IEnumerable<(LogItem Item, IReadOnlyList<Entry> Entries)> Run(PartnerProgram program, History history, Edition? under, Instant known)
    {
        var posting = new Posting(program, history, under is null ? null : RuleBook.Under(program, under));
        foreach (var item in Log(program, history, under, known, Instant.Ever)) { yield return (item, posting.Post(item)); }
    }

    /// <summary>Posts the log by rules that count from the start.</summary>
    /// <returns>All entries, and what became of money owed.</returns>
    internal static (IReadOnlyList<Entry> Entries, IReadOnlyList<PayoutStep> Payouts) Run(PartnerProgram program, History history, RuleBook book, Instant known)
    {
        var posting = new Posting(program, history, book);
        var entries = Log(history, [.. book.Editions.Select(e => e.Edition)], [], known, Instant.Ever).SelectMany(posting.Post).ToList();
        return (entries, posting.PayoutSteps);
    }

    /// <summary>Posts the log of a part of a history, item by item.</summary>
    /// <param name="program">The program.</param>
    /// <param name="history">The part.</param>
    /// <param name="under">One edition as if it alone had always been in force; null for the editions in force.</param>
    /// <param name="known">Items recorded later are left out.</param>
    /// <param name="until">The end of the whole log: periods are closed until then, whomever the last facts are about.</param>
    /// <returns>All entries, each with what caused it, and what became of money owed.</returns>
    internal static (IReadOnlyList<(LogItem Cause, Entry Entry)> Entries, IReadOnlyList<PayoutStep> Payouts) RunWithPayouts(PartnerProgram program, History history, Edition? under, Instant known, Instant until)
    {
        var posting = new Posting(program, history, under is null ? null : RuleBook.Under(program, under));
        var entries = Log(program, history, under, known, until).SelectMany(item => posting.Post(item).Select(entry => (item, entry))).ToList();
        return (entries, posting.PayoutSteps);
    }

    /// <summary>The log in the order of recording: a period is closed, and an edition published, before the facts of its instant.</summary>
    /// <param name="until">Periods are closed until then, though no fact be left.</param>
    internal static IEnumerable<LogItem> Log(PartnerProgram program, History history, Edition? under, Instant known, Instant until)
    {
        if (under is not null) { return Log(history, [under], [], known, until); }
        IReadOnlyList<Edition> published = [.. program.Editions.Where(e => e.Published <= known).OrderBy(e => e.Published)];
        return Log(history, published, published, known, until);
    }

    /// <param name="counting">The editions by which periods close.</param>
    /// <param name="published">Those whose publication stands in the log, in order.</param>
    private static IEnumerable<LogItem> Log(History history, IReadOnlyList<Edition> counting, IReadOnlyList<Edition> published, Instant known, Instant until)
    {
        var position = 0;
        var editions = new Queue<Edition>(published);
        var closes = new PeriodCloses(counting, history.Vocabulary.Zone);
        var upTo = history.KnownUpTo(known);
        for (var i = 0; i < upTo; i++)
        {
            foreach (var (edition, at) in Due(history.RecordedAt(i))) { yield return new(position++, -1, edition, at); }
            yield return new(position++, history.FactAt[i], null, history.RecordedAt(i));
        }
        foreach (var (edition, at) in Due(until)) { yield return new(position++, -1, edition, at); }
        while (editions.TryDequeue(out var edition)) { yield return new(position++, -1, edition, edition.Published); }

        // In the order of time: a period that closes after an edition was published is closed by it.
        IEnumerable<(Edition? Published, Instant At)> Due(Instant recorded)
        {
            foreach (var close in closes.Until(recorded))
            {
                while (editions.TryPeek(out var edition) && edition.Published < close) { yield return (editions.Dequeue(), edition.Published); }
                yield return (null, close);
            }
            while (editions.TryPeek(out var edition) && edition.Published <= recorded) { yield return (editions.Dequeue(), edition.Published); }
        }
    }

    /// <summary>Posts one item of the log, after all before it.</summary>
    /// <exception cref="AmountOverflowException">A member's amounts are too large to add; nothing can be posted after that.</exception>
    internal IReadOnlyList<Entry> Post(LogItem item)
    {
        try { return Take(item); }
        catch (AmountOverflowException overflow) { throw overflow.At(item.Fact); }
    }

    private List<Entry> Take(LogItem item)
    {
        _horizon = item.Recorded;
        if (item.Published is not null)
        {
            Open(RuleBook.InForce(_program, item.Recorded));
            return LookAtAll(item);
        }
        if (item.IsClose) { return _plan is null ? [] : Close(item); }
        _known = _history.Position[item.Fact] + 1;
        var about = _history.AboutOf(item.Fact);
        if (about < 0) { return []; }
        _mentions.Add(item.Fact, about);
        var builtIn = _history.TypeOf(item.Fact).BuiltIn;
        var enrols = _history.Kinds[about] == Vocabulary.MemberKind && builtIn is BuiltIn.Joined or BuiltIn.Left or BuiltIn.Retracted;
        if (enrols) { _enrolment.Read(_history, _known, about); }
        return _plan is null ? [] : Look(_mentions.Concerned(about, throughMembers: enrols || _readsMembers), item);
    }

    /// <summary>Derives everything again after an item that was posted, and posts the difference: none, where what was posted is right.</summary>
    internal IReadOnlyList<Entry> PostAgain(LogItem item) => _plan is null ? [] : LookAtAll(item);

    /// <summary>What became of money owed, close by close.</summary>
    internal List<PayoutStep> PayoutSteps { get; } = [];

    /// <summary>Closes periods: what rules give then, and what is paid of all that is owed.</summary>
    private List<Entry> Close(LogItem item)
    {
        (_assessing!.UpTo, _assessing.Horizon) = (_known, _horizon);
        var before = item.Recorded.JustBefore;
        var ranked = _ranks.Take(_plan!, item.Recorded, Members, member => _assessing.StandingOf(member, before).Standing);
        var kinds = Enumerable.Range(0, _history.Vocabulary.Kinds.Count).Where(kind => _plan!.Editions.Any(e => e.Kinds[kind].Closes.Length > 0)).ToHashSet();
        // What was announced for later may read the rank.
        var later = ranked ? _laterOf.Values.SelectMany(subjects => subjects).ToHashSet() : [];
        var entries = kinds.Count + later.Count == 0 ? [] : Look(Enumerable.Range(0, _history.SubjectCount).Where(subject => kinds.Contains(_history.Kinds[subject]) || later.Contains(subject)), item);
        if (_plan!.Book.At(before) is not { } edition) { return entries; }
        foreach (var step in _payouts.At(edition, item, member => _assessing.FrameAt(_assessing.TimelineOf(member), before)))
        {
            PayoutSteps.Add(step);
            if (step.Status != PayoutStatus.Paid) { continue; }
            entries.Add(new(
                _position++, item.Position, step.Member, step.Member, step.Unit, _plan.Book.PayingOf(step.Unit), Account.Member, Account.Paid, step.Owed, item.Recorded.JustBefore, step.Goes, Instant.Never));
        }
        return entries;
    }

    /// <summary>The members that were ever enrolled.</summary>
    private IEnumerable<int> Members => _history.SubjectsOf(Vocabulary.MemberKind).Where(m => _enrolment.Of(m).Count > 0);

    private void Open(RuleBook book)
    {
        _plan = new(book, _history);
        _readsMembers = _plan.ReadsMembers;
        _deriver = new(_plan, _enrolment);
        _budgets = new(book, _history);
        var shares = _assessing?.Shares ?? BudgetShares.None;
        _assessing = new(_plan, _enrolment, CreditsOf, member => [.. _laterOf.GetValueOrDefault(member) ?? []]) { UpTo = _known, Horizon = _horizon, Ranks = _ranks, Shares = shares };
    }

    /// <summary>After an edition: everything is derived again, and the difference to everything that was posted is posted.</summary>
    private List<Entry> LookAtAll(LogItem item)
    {
        var before = AllPosted().ToList();
        var members = new SortedSet<int>();
        for (var subject = 0; subject < _history.SubjectCount; subject++) { Derive(subject, members); }
        _crossPosted.Clear();
        _claims.Clear();
        foreach (var member in _subjectsOf.Keys.Union(_laterOf.Keys)) { _crossPosted[member] = SettleCross(member); }
        _assessing!.Shares = _budgets!.Settle(_claims.Values.SelectMany(claims => claims));
        return Entries(Difference.Between(before, AllPosted()), item);
    }

    private IEnumerable<Credit> AllPosted() => _posted.Values.Concat(_crossPosted.Values).SelectMany(credits => credits).Concat(_assessing!.Shares.Claims.Select(c => c.Credit));

    /// <summary>Derives subjects again and posts what has changed, for them and for the limits that cross subjects.</summary>
    private List<Entry> Look(IEnumerable<int> subjects, LogItem item)
    {
        var (before, now) = (new List<Credit>(), new List<Credit>());
        var settle = new SortedSet<int>();
        var spend = false;
        foreach (var subject in subjects)
        {
            before.AddRange(_posted.GetValueOrDefault(subject) ?? []);
            Derive(subject, settle);
            now.AddRange(_posted.GetValueOrDefault(subject) ?? []);
        }
        foreach (var member in settle)
        {
            before.AddRange(_crossPosted.GetValueOrDefault(member) ?? []);
            var claimed = _claims.GetValueOrDefault(member) ?? [];
            now.AddRange(_crossPosted[member] = SettleCross(member));
            spend |= !claimed.Select(c => c.Credit).SequenceEqual((_claims.GetValueOrDefault(member) ?? []).Select(c => c.Credit));
        }
        if (spend)
        {
            // What one member claims can take from, or leave to, any other.
            before.AddRange(_assessing!.Shares.Claims.Select(c => c.Credit));
            _assessing.Shares = _budgets!.Settle(_claims.Values.SelectMany(claims => claims));
            now.AddRange(_assessing.Shares.Claims.Select(c => c.Credit));
        }
        return Entries(Difference.Between(before, now), item);
    }

    /// <summary>Derives a subject again, and notes whose credits must be settled across subjects.</summary>
    private void Derive(int subject, SortedSet<int> settle)
    {
        _list.Clear();
        _deriver!.Horizon = _horizon;
        _deriver.Derive(subject, _known, _list);
        var before = _derived.GetValueOrDefault(subject) ?? [];
        foreach (var (member, _) in _list.Later)
        {
            if (!_laterOf.TryGetValue(member, out var own)) { _laterOf[member] = own = []; }
            own.Add(subject);
            settle.Add(member);
        }
        if (_laterOf.ContainsKey(subject)) { settle.Add(subject); }
        if (_list.Count == 0 && before.Count == 0) { return; }
        var now = _list.Items.ToArray().ToList();
        foreach (var credit in before.Concat(now))
        {
            if (_deriver.IsCross(credit.Rule) || _budgets!.AreAbout(credit.Rule) || _laterOf.ContainsKey(credit.Member)) { settle.Add(credit.Member); }
        }
        foreach (var credit in now)
        {
            if (!_subjectsOf.TryGetValue(credit.Member, out var own)) { _subjectsOf[credit.Member] = own = []; }
            own.Add(subject);
        }
        _derived[subject] = now;
        _posted[subject] = now.FindAll(c => !IsCross(c));
        _keys[subject] = [.. _list.Keys];
    }

    private List<Entry> Entries(List<Difference.Step> steps, LogItem item) => [.. steps.Select(step => EntryOf(step, item.Position))];

    /// <summary>True for a credit that is settled with its member: by a limit across subjects, for a budget, or with rules that read what follows for the member.</summary>
    private bool IsCross(in Credit credit) => _deriver!.IsCross(credit.Rule) || _budgets!.AreAbout(credit.Rule) || (_laterOf.TryGetValue(credit.Member, out var later) && later.Contains(credit.Subject));

    /// <summary>All credits that are settled with a member, settled; what budgets are about is kept as the member's claims.</summary>
    private List<Credit> SettleCross(int member)
    {
        var (credits, keys) = BeforeBudgets(member);
        if (_budgets!.Any)
        {
            _claims[member] = [.. _budgets.Claims(credits, keys)];
            credits.RemoveAll(c => _budgets.AreAbout(c.Rule));
        }
        return credits;
    }

    private (List<Credit> Credits, List<long> Keys) BeforeBudgets(int member)
    {
        if (!_laterOf.ContainsKey(member))
        {
            var (own, keys) = CreditsOf(member);
            own.RemoveAll(c => !IsCross(c));
            _deriver!.SettleMember(own, keys);
            return (own, keys);
        }
        (_assessing!.UpTo, _assessing.Horizon) = (_known, _horizon);
        var (credits, values) = _assessing.BeforeBudgets(member);
        credits.RemoveAll(c => !IsCross(c));
        return (credits, values);
    }

    /// <summary>A member's credits before the limits that need all of them, in the order of subjects.</summary>
    private (List<Credit> Credits, List<long> Keys) CreditsOf(int member)
    {
        var credits = new List<Credit>();
        var keys = new List<long>();
        foreach (var subject in _subjectsOf.GetValueOrDefault(member) ?? [])
        {
            var offset = keys.Count;
            keys.AddRange(_keys[subject]);
            foreach (var credit in _derived[subject])
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
        var entry = new Entry(
            _position++, cause, step.Line.Member, step.Line.Subject, _plan!.Book.UnitOf(step.Line.Rule), step.Line.Rule,
            from, to, AmountOf(step), step.Line.Moment, step.Starts, step.Ends);
        _payouts.See(entry);
        return entry;
    }

    private long AmountOf(Difference.Step step)
    {
        try { return (long)Int128.Abs(step.Amount); }
        catch (OverflowException inner) { throw Overflow(step.Line.Member, step.Line.Rule, step.Line.Subject, step.Line.Moment, inner); }
    }

    private AmountOverflowException Overflow(int member, int rule, int subject, Instant moment, OverflowException inner) =>
        AmountOverflowException.Of(_plan!.Book, _history, member, rule, subject, moment, inner);
}
