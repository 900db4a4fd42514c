using Laurel.Engine.Expressions;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs;

/// <summary>A dated version of a program's rules; immutable once published. Cross references are indexes into this edition's own lists.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Its identity: SHA-256, lower-case hexadecimal, over its rules and the vocabulary they mean.</param>
/// <param name="Effective">In force from here until the next edition's.</param>
/// <param name="CountsFrom">First edition only: facts from here count; else equal to <paramref name="Effective"/>.</param>
/// <param name="Published">When it became known: questions as known earlier leave it out. Default: its effective date.</param>
/// <param name="Draft">True for an edition that is not published.</param>
/// <param name="States">What is true of a subject for a time. Ordered so that each reads only earlier ones (with <paramref name="Roles"/>, by <see cref="StateRule.Layer"/>).</param>
/// <param name="Roles">States that a member has on a subject.</param>
/// <param name="Requests">What a member asks and somebody answers.</param>
/// <param name="Rules">Who gets what.</param>
/// <param name="Limits">How rules compete; settled in this order.</param>
/// <param name="Metrics">Numbers about a member, each reading only earlier ones; every unit is one of them.</param>
/// <param name="Ladders">Levels; each reads only earlier ones and metrics.</param>
/// <param name="Benefits">What a level or state opens.</param>
/// <param name="Transitions">What becomes of the edition before.</param>
/// <param name="Tables">Constant look-ups.</param>
public sealed record Edition(
    string Name,
    string Hash,
    Instant Effective,
    Instant CountsFrom,
    Instant Published,
    bool Draft,
    Documentation Doc,
    IReadOnlyList<StateRule> States,
    IReadOnlyList<StateRule> Roles,
    IReadOnlyList<Request> Requests,
    IReadOnlyList<CreditRule> Rules,
    IReadOnlyList<Limit> Limits,
    IReadOnlyList<Metric> Metrics,
    IReadOnlyList<Ladder> Ladders,
    IReadOnlyList<Benefit> Benefits,
    IReadOnlyList<Transition> Transitions,
    IReadOnlyDictionary<string, Table> Tables)
{
    /// <summary>What pages call it; null for its name.</summary>
    public Phrase? Title { get; init; }

    /// <summary>Its zone, weekend and holidays.</summary>
    public required Calendar Calendar { get; init; }

    /// <summary>Where its holidays are listed; null where they are not.</summary>
    public Place? HolidaysPlace { get; init; }

    /// <summary>The runs that rules can wait for.</summary>
    public IReadOnlyList<ScheduledRun> Runs { get; init; } = [];

    /// <summary>True where a length of time or a run counts business days: then it matters where the list of holidays ends.</summary>
    public bool CountsBusinessDays { get; init; }

    /// <summary>When money that is owed is paid; one for each unit at most.</summary>
    public IReadOnlyList<Payout> Payouts { get; init; } = [];

    /// <summary>What a member should do in each period.</summary>
    public IReadOnlyList<Obligation> Obligations { get; init; } = [];

    /// <summary>What a ladder says: of one with <c>per</c>, a map.</summary>
    /// <param name="first">The index of the ladder, or of the first of those that are written as one.</param>
    /// <param name="levelOn">The level on each.</param>
    internal Value LevelsOf(int first, Func<Ladder, Value> levelOn)
    {
        if (Ladders[first].Per is not { } per) { return levelOn(Ladders[first]); }
        return Value.Map(ValueMap.Of(Ladders.Skip(first).TakeWhile(l => l.WrittenAs == per.Ladder).Select(l => KeyValuePair.Create(l.Per!.Value, levelOn(l)))));
    }

    /// <summary>True where what one member has depends on what others have: it ranks them, or has a budget for all.</summary>
    public bool ComparesMembers => Metrics.Any(m => m.Ranking is not null) || Limits.Any(l => l.Kind == LimitKind.Budget);

    /// <summary>The highest stage of its definitions: 0 where no rule or state reads a metric, a level or data of the member.</summary>
    public int Stages => Rules.Select(r => r.Stage).Concat(States.Select(s => s.Stage)).DefaultIfEmpty(0).Max();
}

/// <summary>A state of a subject, or a role of a member on a subject.</summary>
/// <param name="Name">Its full name: "site.premium".</param>
/// <param name="Index">Its position in <see cref="Edition.States"/> or <see cref="Edition.Roles"/>.</param>
/// <param name="Kind">The kind of subject.</param>
/// <param name="Layer">Rises along what reads what, over states, roles, rules, metrics and ladders together. A condition tested just before a fact need not be below.</param>
/// <param name="Condition">Where the state is a condition: that; then the rest is empty.</param>
/// <param name="Starts">What starts it.</param>
/// <param name="Ends">What ends it.</param>
/// <param name="For">How long after its last start it ends by itself; null for never.</param>
/// <param name="Until">The field (of type instant) that says when it ends; -1 for none.</param>
/// <param name="One">A role that one member at a time has: a start ends it for everybody else.</param>
/// <param name="Who">A role: the name of the field of its facts that names the member.</param>
public sealed record StateRule(
    string Name,
    int Index,
    int Kind,
    int Layer,
    Expression? Condition,
    IReadOnlyList<Trigger> Starts,
    IReadOnlyList<Trigger> Ends,
    Duration? For,
    int Until,
    bool One,
    string Who,
    Documentation Doc)
{
    /// <summary>How often members have to be assessed before it is known: 0 for what facts and time alone say.</summary>
    public int Stage { get; init; }
}

/// <summary>What makes something happen: a fact, perhaps only under a condition just before it; or a condition that becomes true.</summary>
/// <param name="Fact">The fact type's <see cref="FactType.Order"/>; -1 for a condition that becomes true.</param>
/// <param name="Condition">With a fact: tested just before it (null for always). Without: the condition that becomes true.</param>
/// <param name="For">Without a fact: how long it must have stayed true; null for at once.</param>
public sealed record Trigger(int Fact, Expression? Condition, Duration? For, Documentation Doc)
{
    /// <summary>The close of every such period; null for anything else. Then there is neither fact nor condition.</summary>
    public WindowKind? Each { get; init; }
}

/// <summary>What a member asks and somebody answers. It is facts: NAME.submitted, .approved, .declined, .reopened, .withdrawn.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">The kind of subject.</param>
/// <param name="Asks">Who answers: "client", "operator" or "member".</param>
/// <param name="Where">Who may ask; null for everybody. Tested when it is submitted, with the instant complete but for the request itself.</param>
/// <param name="Form">Fields that a submission carries.</param>
/// <param name="Remind">How long without an answer until the one reminder; null for none.</param>
/// <param name="Escalate">How long without an answer until operators see it; it stays open; null for never.</param>
/// <param name="Expires">How long without an answer until it is closed; null for never.</param>
/// <param name="Submitted">The <see cref="FactType.Order"/> of NAME.submitted.</param>
/// <param name="Approved">Of NAME.approved.</param>
/// <param name="Declined">Of NAME.declined.</param>
/// <param name="Reopened">Of NAME.reopened.</param>
/// <param name="Withdrawn">Of NAME.withdrawn.</param>
public sealed record Request(
    string Name, int Index, int About, string Asks, Expression? Where, IReadOnlyList<FactField> Form,
    Duration? Remind, Duration? Escalate, Duration? Expires,
    int Submitted, int Approved, int Declined, int Reopened, int Withdrawn, Documentation Doc)
{
    /// <summary>True for a type of its facts.</summary>
    internal bool Has(int type) => type == Submitted || type == Approved || type == Declined || type == Reopened || type == Withdrawn;
}

/// <summary>A rule: gives an amount of a unit to whoever is in a role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its position in <see cref="Edition.Rules"/>.</param>
/// <param name="Hash">SHA-256 over its text and every definition that it reads: equal in two editions where the credit just goes on.</param>
/// <param name="Kind">The kind that it is about.</param>
/// <param name="Unit">The unit that it gives.</param>
/// <param name="Give">How much, in whole units; rounded once to the unit's smallest part.</param>
/// <param name="To">Who: a condition over roles (type bool), or a path to a member (type reference); null: the member that the fact names or is about.</param>
/// <param name="OrLater">Who gains the role later in this window of the moment gets it too, from then; null for no.</param>
/// <param name="When">The moments; empty for a rule that holds while its conditions do.</param>
/// <param name="Where">Tested at the moment; null for true.</param>
/// <param name="While">Must stay true; null for true.</param>
/// <param name="After">Pending until then; null for at once.</param>
/// <param name="For">Lapses this long after the moment; null for never.</param>
/// <param name="Unless">Takes it back.</param>
/// <param name="Within">How long after the moment <paramref name="Unless"/> can; null for ever.</param>
public sealed record CreditRule(
    string Name, int Index, string Hash, int Kind, int Unit, Expression Give, Expression? To, Window? OrLater,
    IReadOnlyList<Trigger> When, Expression? Where, Expression? While, Delay? After, Duration? For,
    IReadOnlyList<Trigger> Unless, Duration? Within, Documentation Doc)
{
    /// <summary>How often members have to be assessed before it can give: 0 where it reads no metric, no level and no data of the member.</summary>
    public int Stage { get; init; }
}

/// <summary>A stretch of time around a moment.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Length">For <see cref="WindowKind.Last"/>: how long. For <see cref="WindowKind.These"/>: this many months, in <see cref="Duration.Months"/>.</param>
public sealed record Window(WindowKind Kind, Duration Length)
{
    /// <summary>For <see cref="WindowKind.ThisYear"/>: the year, where it is one of the program's own; null for one from January.</summary>
    public NamedYear? Year { get; init; }

    /// <summary>For <see cref="WindowKind.Since"/>: the type of fact, by <see cref="FactType.Order"/>; -1 for others.</summary>
    public int Fact { get; init; } = -1;
}

/// <summary>Kinds of window.</summary>
public enum WindowKind
{
    /// <summary>"last 90 days": from the moment until that much later.</summary>
    Last,

    /// <summary>"this day".</summary>
    ThisDay,

    /// <summary>"this week", from Monday.</summary>
    ThisWeek,

    /// <summary>"this month".</summary>
    ThisMonth,

    /// <summary>"this quarter".</summary>
    ThisQuarter,

    /// <summary>"this half-year", from January or July.</summary>
    ThisHalfYear,

    /// <summary>"this year", or "this" and the name of a year of the program's own.</summary>
    ThisYear,

    /// <summary>"these 6 months": this month and five before.</summary>
    These,

    /// <summary>"since a.fact": until the next such fact about the member.</summary>
    Since,
}

/// <summary>How credits of one member compete; of a budget, those of all members.</summary>
/// <param name="Of">The rules, by index.</param>
/// <param name="OfKept">Rules of an edition before, by name, that the transition keeps.</param>
/// <param name="Per">What makes a group of its own.</param>
/// <param name="Kind">How.</param>
/// <param name="Number">For best, first, from: n. For at-most and budget: the amount, in smallest parts.</param>
public sealed record Limit(string Name, int Index, IReadOnlyList<int> Of, IReadOnlyList<string> OfKept, IReadOnlyList<LimitKey> Per, LimitKind Kind, long Number, Documentation Doc);

/// <summary>How a limit chooses.</summary>
public enum LimitKind
{
    /// <summary>At any moment the n biggest count; of equals the earlier.</summary>
    Best,

    /// <summary>The first n by their moments count, for good; void ones left out.</summary>
    First,

    /// <summary>From the nth by their moments on they count, for good; void ones left out.</summary>
    From,

    /// <summary>In order of their moments, until the sum is reached.</summary>
    AtMost,

    /// <summary>The same among the credits of all members together.</summary>
    Budget,
}

/// <summary>What makes credits compete only among their like.</summary>
public abstract record LimitKey
{
    private LimitKey() { }

    /// <summary>The rule.</summary>
    public sealed record Rule : LimitKey;

    /// <summary>The period of the program's zone in which the moment lies.</summary>
    /// <param name="Year">For <see cref="WindowKind.ThisYear"/>: the year, where it is one of the program's own; null for one from January.</param>
    public sealed record Period(WindowKind Kind, NamedYear? Year) : LimitKey;

    /// <summary>A subject or a field: a path from the rule's kind ("site" is the path that has no further step).</summary>
    /// <param name="Text">The path as written.</param>
    /// <param name="Paths">For each kind among the limit's rules, the value; type reference, text, number, flag or instant.</param>
    public sealed record Path(string Text, IReadOnlyDictionary<int, Expression> Paths) : LimitKey
    {
        /// <summary>True where it is the rule's subject itself: then all credits of a group come from one subject.</summary>
        public bool IsSubject => Paths.Values.All(p => p.Bindings.GetValueOrDefault(p.Root.Id) is SubjectBinding.Itself { Path.Count: 0 });
    }
}

/// <summary>What a member should do in each period.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its position in <see cref="Edition.Obligations"/>.</param>
/// <param name="Unit">What is counted: the active credits of this unit whose moments lie in the period.</param>
/// <param name="AtLeast">How much of it, in smallest parts; 0 asks for nothing, and counts what is done.</param>
/// <param name="Each">The period.</param>
/// <param name="Term">While this holds it is asked for; when it fails the periods in a row are forgotten. Null for being enrolled.</param>
/// <param name="During">A period counts when this holds at the end of each of its days, within the term; null for always.</param>
/// <param name="Strength">How much depends on it.</param>
public sealed record Obligation(
    string Name, int Index, int Unit, long AtLeast, WindowKind Each, Expression? Term, Expression? During, Strength Strength, Documentation Doc)
{
    /// <summary>Rises along what reads what, over states, rules, metrics, ladders and obligations together.</summary>
    public int Layer { get; init; }
}

/// <summary>How much depends on an obligation.</summary>
public enum Strength
{
    /// <summary>It counts for compliance.</summary>
    Must,

    /// <summary>It is shown and asked about.</summary>
    Expected,

    /// <summary>It is counted and thanked.</summary>
    Encouraged,
}

/// <summary>What a level or state opens.</summary>
/// <param name="Kind">"on", "download" or "assigned".</param>
public sealed record Benefit(string Name, int Index, Expression While, string Kind, Documentation Doc);

/// <summary>When money that a member is owed is paid: all of it at the close of a period, or none.</summary>
/// <param name="Unit">The unit of money.</param>
/// <param name="Each">The period.</param>
/// <param name="After">How long after the close the money goes out; null for at once.</param>
/// <param name="AtLeast">What is owed must be so much, in smallest parts; at least 1.</param>
/// <param name="Where">What must hold at the close, of the member; null for nothing.</param>
public sealed record Payout(int Unit, WindowKind Each, Duration? After, long AtLeast, Expression? Where, Documentation Doc);

/// <summary>What becomes of the credits of a rule of the edition before.</summary>
/// <param name="Rule">The rule's name in an edition before.</param>
/// <param name="Kind">What.</param>
/// <param name="As">For <see cref="TransitionKind.As"/>: the index of the rule of this edition.</param>
public sealed record Transition(string Rule, TransitionKind Kind, int As, Documentation Doc);

/// <summary>What becomes of earlier credits.</summary>
public enum TransitionKind
{
    /// <summary>They go on by their old edition until they end by it; no new stretch begins.</summary>
    Keep,

    /// <summary>They end on the date.</summary>
    End,

    /// <summary>They go on as another rule's, with its amount.</summary>
    As,
}

/// <summary>A constant look-up: one key or two.</summary>
/// <param name="Rows">Row key to cells; a table of one key has a single cell with an empty key in each row. "else" answers for what is not listed.</param>
public sealed record Table(string Name, int Keys, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Number>> Rows, Documentation Doc);
