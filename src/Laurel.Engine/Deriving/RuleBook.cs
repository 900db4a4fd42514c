using Laurel.Engine.Programs;
using Laurel.Engine.Values;

namespace Laurel.Engine.Deriving;

/// <summary>
/// The rules that count, with when: the editions in force one after the other, or one edition as if it alone had always been in
/// force. Numbers all rules of all of them, and the built-in ones for adjustments and migrations.
/// </summary>
public sealed class RuleBook
{
    private readonly List<(int Edition, CreditRule Rule, Calendar Calendar)> _rules = [];
    private readonly int[] _first;
    private readonly int[] _nameNumbers;
    private readonly LimitKey.Path[][] _keyPaths;
    private readonly Func<Instant, RuleBook>? _asKnown;
    private readonly Lazy<EditionReads>[] _reads;
    private readonly Lazy<EditionReads>[] _readsForGiving;
    private readonly Lazy<AppliedLimit[][]> _limits;

    /// <param name="vocabulary">What can be told.</param>
    /// <param name="numbered">The editions whose rules have numbers, so that a rule keeps its number when another edition is published.</param>
    /// <param name="editions">Those of them that count.</param>
    /// <param name="asKnown">The same as known at an instant; null where publication does not matter.</param>
    private RuleBook(Vocabulary vocabulary, IReadOnlyList<Edition> numbered, IReadOnlyList<EditionSpan> editions, Func<Instant, RuleBook>? asKnown)
    {
        _asKnown = asKnown;
        Vocabulary = vocabulary;
        Editions = editions;
        _first = new int[editions.Count];
        foreach (var edition in numbered)
        {
            var place = editions.ToList().FindIndex(e => e.Edition == edition);
            if (place >= 0) { _first[place] = BuiltInCount + _rules.Count; }
            foreach (var rule in edition.Rules) { _rules.Add((place, rule, edition.Calendar)); }
        }
        var names = Enumerable.Range(0, Count).Select(NameOf).ToList();
        _nameNumbers = [.. names.Select(name => names.IndexOf(name))];
        _keyPaths = [.. Enumerable.Range(0, Count).Select(KeyPathsOf)];
        _reads = [.. editions.Select(e => new Lazy<EditionReads>(() => new(e.Edition, vocabulary, forGiving: false)))];
        _readsForGiving = [.. editions.Select(e => new Lazy<EditionReads>(() => new(e.Edition, vocabulary, forGiving: true)))];
        _limits = new(() => [.. editions.Select((_, e) => LimitsOf(e))]);
    }

    /// <summary>What can be told.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The editions in order, each with the span in which it gives.</summary>
    public IReadOnlyList<EditionSpan> Editions { get; }

    /// <summary>How many rules there are, the built-in ones included.</summary>
    public int Count => BuiltInCount + _rules.Count;

    /// <summary>The names of the built-in rules, of which each unit has one.</summary>
    private static readonly System.Collections.Immutable.ImmutableArray<string> BuiltInNames = ["adjusted", "migrated", "paid"];

    /// <summary>The number of the built-in rule by which a unit is paid.</summary>
    internal int PayingOf(int unit) => (2 * Vocabulary.Units.Count) + unit;

    /// <summary>The numbers below this are the built-in rules': adjustments of each unit, then migrations of each, then payouts of each.</summary>
    internal int BuiltInCount => Vocabulary.Units.Count * BuiltInNames.Length;

    /// <summary>The editions in force, as known at an instant: those published later are left out.</summary>
    public static RuleBook InForce(PartnerProgram program, Instant known)
    {
        var editions = program.Editions.Where(e => e.Published <= known).ToList();
        var spans = editions.Select((e, i) => new EditionSpan(
            e,
            new(i == 0 ? e.CountsFrom : e.Effective, i + 1 < editions.Count ? editions[i + 1].Effective : Instant.Never)));
        return new(program.Vocabulary, program.Editions, [.. spans], earlier => InForce(program, Instant.Min(earlier, known)));
    }

    /// <summary>One edition as if it alone had always been in force.</summary>
    public static RuleBook Under(PartnerProgram program, Edition edition) => new(program.Vocabulary, [edition], [new(edition, Span.Always)], asKnown: null);

    /// <summary>The editions in force until a date, and from then on another, with its transition: what publishing a draft would do.</summary>
    public static RuleBook With(PartnerProgram program, Edition draft, Instant from, Instant known)
    {
        var spans = InForce(program, known).Editions.Where(e => e.InForce.Starts < from && e.Edition != draft)
            .Select(e => e with { InForce = e.InForce with { Ends = Instant.Min(e.InForce.Ends, from) } })
            .Append(new(draft, new(from, Instant.Never))).ToList();
        // Before its date nobody knows of it.
        return new(
            program.Vocabulary, [.. program.Editions.Where(e => e != draft), draft], spans,
            earlier => earlier < from ? InForce(program with { Editions = [.. program.Editions.Where(e => e != draft)] }, Instant.Min(earlier, known)) : With(program, draft, from, Instant.Min(earlier, known)));
    }

    /// <summary>The same without the editions that were published after an instant.</summary>
    internal RuleBook KnownAt(Instant known) => _asKnown is null || Editions.All(e => e.Edition.Published <= known) ? this : _asKnown(known);

    /// <summary>The edition in force at an instant; the first one before that; null where there is none.</summary>
    public Edition? At(Instant at) =>
        Editions.LastOrDefault(e => e.InForce.Starts <= at)?.Edition ?? (Editions.Count > 0 ? Editions[0].Edition : null);

    /// <summary>The number of a rule.</summary>
    /// <param name="edition">The edition's place in <see cref="Editions"/>.</param>
    /// <param name="rule">The rule's index in the edition.</param>
    public int NumberOf(int edition, int rule) => _first[edition] + rule;

    /// <summary>True for adjustments, migrations and payouts.</summary>
    public bool IsBuiltIn(int number) => number < BuiltInCount;

    /// <summary>The rule of a number; null for a built-in one.</summary>
    public CreditRule? Rule(int number) => IsBuiltIn(number) ? null : _rules[number - BuiltInCount].Rule;

    /// <summary>The calendar by which the times of a rule are found; the zone's own for a built-in one.</summary>
    internal Calendar CalendarOf(int number) => IsBuiltIn(number) ? Calendar.Of(Vocabulary.Zone) : _rules[number - BuiltInCount].Calendar;

    /// <summary>The place in <see cref="Editions"/> of the edition whose rule it is; -1 for a built-in one, and for one of an edition that does not count.</summary>
    public int EditionOf(int number) => IsBuiltIn(number) ? -1 : _rules[number - BuiltInCount].Edition;

    /// <summary>The rule's name: "adjusted", "migrated" and "paid" for the built-in ones.</summary>
    public string NameOf(int number) => Rule(number)?.Name ?? BuiltInNames[number / Vocabulary.Units.Count];

    /// <summary>Equal for rules of one name.</summary>
    internal int NameNumber(int number) => _nameNumbers[number];

    /// <summary>The values that limits and metrics of any edition group a rule's credits by.</summary>
    internal IReadOnlyList<LimitKey.Path> KeyPaths(int number) => _keyPaths[number];

    /// <summary>The place of a path among <see cref="KeyPaths"/>.</summary>
    internal int KeyPlace(int number, string path) => Array.FindIndex(_keyPaths[number], p => p.Text == path);

    /// <summary>A limit is about its own edition's rules, those of the same name before, and those that its transition keeps.</summary>
    internal bool Concerns(Limit limit, int edition, int number)
    {
        if (IsBuiltIn(number) || EditionOf(number) < 0 || EditionOf(number) > edition) { return false; }
        var name = NameOf(number);
        var named = limit.OfKept.Contains(name) || limit.Of.Any(of => Editions[edition].Edition.Rules[of].Name == name);
        return named && limit.Per.OfType<LimitKey.Path>().All(p => p.Paths.ContainsKey(Rule(number)!.Kind));
    }

    /// <summary>What of the edition at a place is to be compiled.</summary>
    internal EditionReads ReadsOf(int edition, bool forGiving) => (forGiving ? _readsForGiving : _reads)[edition].Value;

    /// <summary>By edition: its limits, but for budgets, which are settled among all members.</summary>
    internal AppliedLimit[][] Limits => _limits.Value;

    /// <summary>The index of the unit that the rule gives.</summary>
    public int UnitOf(int number) => Rule(number)?.Unit ?? (number % Vocabulary.Units.Count);

    /// <summary>From when until when a credit counts as much as it does: spans of one moment that follow without a gap are one, whichever edition's rule of that name they are by.</summary>
    /// <param name="credit">One of the spans.</param>
    /// <param name="credits">The member's credits; those about the subject are enough.</param>
    public Span WholeSpanOf(Credit credit, IReadOnlyCollection<Credit> credits)
    {
        ArgumentNullException.ThrowIfNull(credits);
        var like = credits.Where(c => c.Moment == credit.Moment && c.Subject == credit.Subject && c.Status == credit.Status && c.Counted == credit.Counted && NameOf(c.Rule) == NameOf(credit.Rule))
            .OrderBy(c => c.Starts).ToList();
        var (starts, ends) = (credit.Starts, credit.Ends);
        foreach (var next in like.Where(c => c.Starts > credit.Starts)) { ends = next.Starts == ends ? next.Ends : ends; }
        foreach (var before in like.Where(c => c.Starts < credit.Starts).Reverse()) { starts = before.Ends == starts ? before.Starts : starts; }
        return new(starts, ends);
    }

    private AppliedLimit[] LimitsOf(int edition)
    {
        var limits = Editions[edition].Edition.Limits;
        var found = new List<AppliedLimit>();
        foreach (var limit in limits.Where(l => l.Kind != LimitKind.Budget))
        {
            var paths = limit.Per.OfType<LimitKey.Path>().ToList();
            var keys = new int[]?[Count];
            for (var rule = BuiltInCount; rule < Count; rule++)
            {
                if (Concerns(limit, edition, rule)) { keys[rule] = [.. paths.Select(p => KeyPlace(rule, p.Text))]; }
            }
            var shares = found.Exists(f => !f.Local && f.Keys.Where((k, rule) => k is not null && keys[rule] is not null).Any());
            found.Add(new(limit, keys, Local: !shares && paths.Exists(p => p.IsSubject)));
        }
        return [.. found];
    }

    private LimitKey.Path[] KeyPathsOf(int number)
    {
        var limits = Editions.SelectMany((span, e) => span.Edition.Limits.Where(limit => Concerns(limit, e, number)));
        var metrics = IsBuiltIn(number) ? [] : Editions.SelectMany(span => span.Edition.Metrics).Where(m => m.Unit >= 0).Select(m => m.Per).OfType<LimitKey.Path>().Where(p => p.Paths.ContainsKey(Rule(number)!.Kind));
        return [.. limits.SelectMany(limit => limit.Per).OfType<LimitKey.Path>().Concat(metrics).DistinctBy(path => path.Text)];
    }
}

/// <summary>An edition and when it gives.</summary>
/// <param name="Edition">The edition.</param>
/// <param name="InForce">From its effective date (the first: from where it counts) until the next edition's.</param>
public sealed record EditionSpan(Edition Edition, Span InForce);

/// <summary>A limit, and by rule number: which of the credit's key values it groups by; null for rules that it is not about.</summary>
internal sealed record AppliedLimit(Limit Limit, int[]?[] Keys, bool Local);
