using Laurel.Engine.Deriving;
using Laurel.Engine.Facts;
using Laurel.Engine.Programs;
using Laurel.Engine.Values;
using Laurel.Engine.Standing;

namespace Laurel.Engine.Ledger;

/// <content>
/// With a part of the log at hand. What an item of the log concerns has to be there before it is posted: whoever posts asks what is missing,
/// lays it in, asks again, and posts. What was posted of a subject that is laid in is what its facts come to as known then.
/// </content>
public sealed partial class Posting
{
    private readonly FactsAtHand? _hand;
    private readonly bool[] _isNamed = [];

    // Subjects whose facts are all at hand; those of which it is known who names them; those that are at hand with all that they name.
    private readonly HashSet<int> _laidIn = [];
    private readonly HashSet<int> _namingKnown = [];
    private readonly HashSet<int> _reached = [];

    // Subjects that can be posted, with the members that they concern; those of which all that they say is at hand; and members who can be settled and assessed.
    private readonly HashSet<int> _ready = [];
    private readonly HashSet<int> _through = [];
    private readonly HashSet<int> _readyMembers = [];

    // What came to hand and was not derived yet; members to be settled as a whole before anything else is posted.
    private readonly HashSet<int> _notTaken = [];
    private readonly List<int> _newMembers = [];
    private readonly HashSet<Missing.FactOf> _toldByNobody = [];

    // Who posts a whole history has all of it.
    private bool _allAtHand = true;

    // To whom something is owed at the close that is posted next.
    private readonly Dictionary<Missing.Owed, IReadOnlyList<SubjectName>> _owedTo = [];

    /// <summary>Goes on posting with nothing at hand yet.</summary>
    /// <param name="program">The program.</param>
    /// <param name="hand">The facts, of which there are none yet. New ones are added to it before they are posted.</param>
    /// <param name="start">What was posted before.</param>
    public Posting(PartnerProgram program, FactsAtHand hand, PostingStart start)
        : this(program, (hand ?? throw new ArgumentNullException(nameof(hand))).History, under: null)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(start);
        _hand = hand;
        (_position, _known, _horizon, _published) = (start.Entries, start.Known, start.Recorded, start.Published);
        _allAtHand = start.Known == 0;
        _isNamed = new bool[_history.Vocabulary.Kinds.Count];
        foreach (var reference in _history.Vocabulary.FactTypes.SelectMany(t => t.Carries).Select(c => c.Type).OfType<FieldType.Reference>()) { _isNamed[reference.Kind] = true; }
        foreach (var paid in start.Paid) { _payouts.Paid(hand.NumberOf(Vocabulary.MemberKind, paid.Member), paid.Unit, paid.Amount); }
        var book = RuleBook.InForce(program, _published);
        if (book.Editions.Count == 0) { return; }
        foreach (var table in start.Ranks)
        {
            var metric = book.At(table.At.JustBefore)!.Metrics.First(m => m.Name == table.Metric);
            _ranks.Add(new(table.At, metric, [.. table.Members.Select(m => new Ranked(hand.NumberOf(Vocabulary.MemberKind, m.Member), m.Place, m.By))]));
        }
        Compile(book);
    }

    /// <summary>How far it has come: another can go on from there, with nothing at hand.</summary>
    public PostingStart Reached => new(_position, _known, _horizon)
    {
        Published = _published,
        Paid = [.. _payouts.AllPaid.Select(p => new PaidSum(_history.NameOf(p.Member), p.Unit, p.Amount))],
        Ranks = [.. _ranks.All.OrderBy(r => r.At).Select(r => new RankTable(r.At, r.Metric.Name, [.. r.Members.Select(m => new RankRow(_history.NameOf(m.Member), m.Place, m.By))]))],
    };

    /// <summary>What has to be laid in before an item can be posted, as far as can be told by what is at hand. Ask again when it is; empty where nothing is missing.</summary>
    public IReadOnlyList<Missing> MissingFor(LogItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_allAtHand) { return []; }
        if (item.Published is not null || (_plan is not null && (_budgets!.Any || (item.IsClose && MayGive(item.Recorded))))) { return [new Missing.All()]; }
        if (item.IsClose) { return MissingForPayouts(item.Recorded); }
        if (_history.AboutOf(item.Fact) is not (>= 0 and var about)) { return Retracted(item.Fact) is var named && _toldByNobody.Contains(named) ? [] : [named]; }
        var missing = new HashSet<Missing>();
        var fresh = LookAbout(about, throughMembers: Enrols(item.Fact, about) || _readsMembers, missing);
        LookThrough(NamedBy(item.Fact), missing);
        if (missing.Count == 0) { _ready.UnionWith(fresh); }
        return [.. missing];
    }

    /// <summary>What has to be laid in of a subject before facts about it can be posted; what these name comes on top. Ask again when it is; empty where nothing is missing.</summary>
    public IReadOnlyList<Missing> MissingAbout(SubjectName subject)
    {
        if (Everything is { } everything) { return everything; }
        var missing = new HashSet<Missing>();
        LookAbout(NumberOf(subject), _readsMembers, missing);
        return [.. missing];
    }

    /// <summary>What has to be laid in of a subject before facts that name it can be posted, or before it can be told where requests about it stand. Ask again when it is; empty where nothing is missing.</summary>
    public IReadOnlyList<Missing> MissingThrough(SubjectName subject)
    {
        if (Everything is { } everything) { return everything; }
        var missing = new HashSet<Missing>();
        LookThrough([NumberOf(subject)], missing);
        return [.. missing];
    }

    /// <summary>What has to be laid in before a member can be assessed. Ask again when it is; empty where nothing is missing.</summary>
    public IReadOnlyList<Missing> MissingFor(SubjectName member)
    {
        if (Everything is { } everything) { return everything; }
        var (number, missing) = (NumberOf(member), new HashSet<Missing>());
        Reach(number, [], missing);
        MakeReady(number, missing);
        return [.. missing];
    }

    private IReadOnlyList<Missing> MissingForPayouts(Instant close)
    {
        if (_plan?.Book.At(close.JustBefore) is not { } edition) { return []; }
        var missing = new HashSet<Missing>();
        foreach (var payout in _payouts.Due(edition, close))
        {
            var owed = new Missing.Owed(_history.Vocabulary.Units[payout.Unit], close.JustBefore);
            if (_owedTo.TryGetValue(owed, out var members)) { missing.UnionWith(members.SelectMany(MissingFor)); }
            else { missing.Add(owed); }
        }
        return [.. missing];
    }

    /// <summary>The members whose standing an item may change, once nothing is missing for it.</summary>
    public IReadOnlyCollection<int> MayConcern(LogItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_plan is null) { return []; }
        if (item.IsClose)
        {
            TakeIn();
            if (!Ranks.AreDue(_plan, item.Recorded) && Closing(item.Recorded, ranked: false).Count == 0) { return []; }
        }
        if (item.Fact < 0 || _budgets!.Any) { return [.. _history.SubjectsOf(Vocabulary.MemberKind)]; }
        if (_history.AboutOf(item.Fact) is not (>= 0 and var about)) { return []; }
        var subjects = _mentions.Concerned(about, throughMembers: Enrols(item.Fact, about) || _readsMembers);
        return [.. _mentions.Reached([.. subjects, .. NamedBy(item.Fact)]).Where(s => _history.Kinds[s] == Vocabulary.MemberKind)];
    }

    /// <summary>The members whose standing facts about subjects, or that name others, may change, once nothing is missing for them; more may be.</summary>
    public IReadOnlyCollection<int> MayConcern(IEnumerable<SubjectName> about, IEnumerable<SubjectName> named)
    {
        ArgumentNullException.ThrowIfNull(about);
        ArgumentNullException.ThrowIfNull(named);
        var subjects = about.Select(NumberOf).SelectMany(s => _mentions.Concerned(s, _readsMembers)).Concat(named.Select(NumberOf));
        return [.. _mentions.Reached(subjects).Where(s => _history.Kinds[s] == Vocabulary.MemberKind)];
    }

    /// <summary>Lays in all facts about a subject that are in the log so far.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="facts">Its facts and their retractions, with their positions; in any order.</param>
    /// <exception cref="ArgumentException">A fact is refused: it is none of this program's log.</exception>
    public void LayIn(SubjectName subject, IEnumerable<(Fact Fact, int Position)> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var number = NumberOf(subject);
        foreach (var (fact, position) in facts)
        {
            if (_hand!.Add(fact, position) is Verdict.Refused refused) { throw new ArgumentException(refused.Refusal.Message, nameof(facts)); }
        }
        foreach (var fact in _history.FactsOf(number)) { _mentions.See(fact, number); }
        if (_history.Kinds[number] == Vocabulary.MemberKind) { _enrolment.Read(_history, _known, number); }
        _laidIn.Add(number);
        _notTaken.Add(number);
    }

    /// <summary>Says which subjects have facts that name one.</summary>
    public void LayInNaming(SubjectName subject, IEnumerable<SubjectName> naming)
    {
        ArgumentNullException.ThrowIfNull(naming);
        var number = NumberOf(subject);
        foreach (var name in naming) { _mentions.Add(number, NumberOf(name)); }
        _namingKnown.Add(number);
    }

    /// <summary>Says that nobody told a fact that is to be retracted, or that it has no subject.</summary>
    public void NobodyTold(string source, string id) => _toldByNobody.Add(new(source, id));

    /// <summary>Says to whom something is owed.</summary>
    public void LayInOwed(Missing.Owed owed, IEnumerable<SubjectName> members) => _owedTo[owed] = [.. members];

    /// <summary>Says that the facts of every subject have been laid in.</summary>
    public void LaidInAll() => _allAtHand = true;

    /// <summary>Where it does not depend on subjects what is missing: nothing, or all; null where it does.</summary>
    private IReadOnlyList<Missing>? Everything => _allAtHand ? [] : _budgets is { Any: true } ? [new Missing.All()] : null;

    /// <summary>Looks at a subject, at all that name it, and at all that these name.</summary>
    /// <returns>Those that were not ready.</returns>
    private List<int> LookAbout(int about, bool throughMembers, HashSet<Missing> missing)
    {
        var fresh = Naming(about, throughMembers, missing).Where(subject => !_ready.Contains(subject)).ToList();
        LookThrough(fresh, missing);
        return fresh;
    }

    /// <summary>Looks at subjects and all that they name; the members among these are to be settled and assessed. What they name later is looked at when that is told.</summary>
    private void LookThrough(IEnumerable<int> subjects, HashSet<Missing> missing)
    {
        var (fresh, members, own) = (subjects.Where(s => !_through.Contains(s)).ToList(), new HashSet<int>(), new HashSet<Missing>());
        foreach (var subject in fresh) { Reach(subject, members, own); }
        foreach (var member in members) { MakeReady(member, own); }
        if (own.Count == 0) { _through.UnionWith(fresh); }
        missing.UnionWith(own);
    }

    private Missing.FactOf Retracted(int retraction)
    {
        var data = _history.FactOf(retraction);
        return new(data["source"]?.ToString() ?? "", data["id"]?.ToString() ?? "");
    }

    private int NumberOf(SubjectName subject) => _hand!.NumberOf(_history.Vocabulary.Kinds.First(k => k.Name == subject.Kind).Index, subject.Name);

    private SubjectName NameOf(int subject) => new(_history.Vocabulary.Kinds[_history.Kinds[subject]].Name, _history.NameOf(subject));

    /// <summary>A subject, and all that name it directly or through others.</summary>
    private IReadOnlyCollection<int> Naming(int subject, bool throughMembers, HashSet<Missing> missing)
    {
        var concerned = _mentions.Concerned(subject, throughMembers);
        if (_history.Kinds[subject] == Vocabulary.MemberKind && !throughMembers) { return concerned; }
        foreach (var one in concerned)
        {
            if (_isNamed[_history.Kinds[one]] && !_namingKnown.Contains(one)) { missing.Add(new Missing.Naming(NameOf(one))); }
        }
        return concerned;
    }

    /// <summary>Goes from a subject to all that it names, and to what these name.</summary>
    /// <param name="members">The members among them.</param>
    private bool Reach(int subject, HashSet<int> members, HashSet<Missing> missing)
    {
        if (!_laidIn.Contains(subject))
        {
            missing.Add(new Missing.FactsOf(NameOf(subject)));
            return false;
        }
        if (_history.Kinds[subject] == Vocabulary.MemberKind && !members.Add(subject)) { return true; }
        var all = true;
        foreach (var named in _history.FactsOf(subject).SelectMany(NamedBy).Distinct()) { all &= Reach(named, members, missing); }
        if (all) { _reached.Add(subject); }
        return all;
    }

    /// <summary>A member is settled as a whole and assessed once all is at hand that names it.</summary>
    private void MakeReady(int member, HashSet<Missing> missing)
    {
        if (_readyMembers.Contains(member)) { return; }
        // What others miss too is missing for it all the same.
        var own = new HashSet<Missing>();
        foreach (var subject in Naming(member, throughMembers: true, own).Where(s => !_reached.Contains(s))) { Reach(subject, [], own); }
        missing.UnionWith(own);
        if (own.Count > 0 || !_laidIn.Contains(member)) { return; }
        _readyMembers.Add(member);
        _newMembers.Add(member);
    }

    private IEnumerable<int> NamedBy(int fact)
    {
        var shape = _history.Shapes[_history.Shape[fact]];
        var carries = _history.TypeOf(fact).Carries;
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            if (carries[shape.Fields[i]].Type is FieldType.Reference) { yield return (int)_history.Values[_history.FirstValue[fact] + i]; }
        }
    }

    /// <summary>What came to hand is derived as it was before the item that is posted next: that was posted of it.</summary>
    private void TakeIn()
    {
        if (_plan is null || _hand is null) { return; }
        if (_shapes < _history.Shapes.Length) { Compile(_plan.Book); }
        if (_notTaken.Count + _newMembers.Count == 0) { return; }
        var news = _news.Anew();
        foreach (var subject in _notTaken.Where(s => _allAtHand || _reached.Contains(s)).ToList())
        {
            _notTaken.Remove(subject);
            DerivedOf(subject)?.Trail?.Cut(Instant.Ever);
            Derive(subject, news);
        }
        // Nobody who was assessed has anything of it; whoever should is looked at from the beginning.
        foreach (var credit in news.Before.Concat(news.Now)) { _courses.Remove(credit.Member); }
        foreach (var member in news.Members) { _courses.Remove(member); }
        _rivals.Change(news.Left, news.Came);
        if (_asWhole) { SettleWholes(_allAtHand ? [.. _subjectsOf.Keys.Union(_laterOf.Keys)] : _newMembers); }
        _newMembers.Clear();
    }
}
