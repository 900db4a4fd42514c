using Laurel.Engine.Programs.Checking;
using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>Reads one edition: its sections, in the order in which they need one another.</summary>
internal sealed class EditionReader
{
    private readonly Vocabulary _vocabulary;
    private readonly EditionText _text;
    private readonly IReadOnlyList<ReadEdition> _before;
    private readonly bool _allBefore;
    private readonly ReadEdition? _last;
    private readonly ReadingContext _context;

    /// <summary>Prepares to read an edition.</summary>
    /// <param name="before">The published editions before it, by rising date.</param>
    /// <param name="allBefore">False where some could not be read: then what is said of them is left alone.</param>
    public EditionReader(Vocabulary vocabulary, EditionText text, IReadOnlyList<ReadEdition> before, bool allBefore, ProblemList problems)
    {
        (_vocabulary, _text, _before, _allBefore) = (vocabulary, text, before, allBefore);
        _last = before.Count == 0 ? null : before[^1];
        var kept = TransitionReader.Kept(text.Keys.Find("transition"), Earlier, _last?.Kept ?? new Dictionary<string, KeptRule>());
        _context = new(new(vocabulary) { Kept = kept }, new(problems), new(problems), problems);
    }

    /// <summary>The rules of all editions before, the nearest of each name.</summary>
    private IReadOnlyDictionary<string, KeptRule> Earlier => _last?.Earlier ?? new Dictionary<string, KeptRule>();

    /// <summary>Reads it. What could not be read is left out; then there are errors.</summary>
    public ReadEdition Read()
    {
        var (states, rules, metrics, ladders) = (new StateReader(_context), new RuleReader(_context), new MetricReader(_context), new LadderReader(_context));
        var obligations = new ObligationReader(_context);
        var calendar = new CalendarReader(_context).Read(_text.Section("calendar"));
        new TableReader(_context).Read(_text.Section("tables"));
        states.Declare(_text.Section("states"), roles: false);
        states.Declare(_text.Section("roles"), roles: true);
        ladders.Declare(_text.Section("ladders"));
        rules.Declare(_text.Section("rules"));
        metrics.Declare(_text.Section("metrics"));
        obligations.Declare(_text.Section("obligations"));
        new Clashes(_context).Check(_text);
        if (_last is { Edition: var last }) { _context.Names.Before = (last.Name, Forgotten("states", last.States).Concat(Forgotten("roles", last.Roles)).ToHashSet(StringComparer.Ordinal)); }
        var transition = _text.Keys.Find("transition");
        var doc = _context.Plain.Doc(_text.Keys);
        var edition = ReadHead(doc) with
        {
            States = states.Read(_text.Section("states"), roles: false),
            Roles = states.Read(_text.Section("roles"), roles: true),
            Requests = new RequestReader(_context).Read(_text.Section("requests")),
            Rules = rules.Read(_text.Section("rules")),
            Metrics = metrics.Read(_text.Section("metrics"), doc),
            Obligations = obligations.Read(_text.Section("obligations")),
            Ladders = ladders.Read(_text.Section("ladders")),
            Benefits = new BenefitReader(_context).Read(_text.Section("benefits")),
            Payouts = new PayoutReader(_context).Read(_text.Section("payouts")),
            Limits = new LimitReader(_context, _context.Names.Kept, _allBefore).Read(_text.Section("limits")),
            Transitions = !_allBefore ? [] : new TransitionReader(_context, _last?.Rules ?? new HashSet<string>(), Earlier, _last is not null).Read(transition, transition is null ? _text.Place : _text.Keys.PlaceOf("transition")),
            Tables = _context.Names.Tables,
            Calendar = calendar.Calendar,
            HolidaysPlace = calendar.Holidays,
            Runs = [.. _context.Names.Runs.Values],
        };
        var counts = _context.Plain.HasBusinessDays || edition.Rules.Any(r => r.After is Delay.UntilRun { Run.Rolls: true })
            || EditionExpressions.Of(edition).SelectMany(e => e.Bindings.Values).OfType<AgoBinding>().Any(ago => ago.Length.BusinessDays > 0);
        edition = edition with { CountsBusinessDays = counts };
        var rulesRead = new Dictionary<string, KeptRule>(Earlier, StringComparer.Ordinal);
        foreach (var rule in _context.Names.Rules.Values) { rulesRead[rule.Name] = new(rule.Name, rule.Kind, rule.Unit); }
        return new(Finish(edition), _context.Names.Rules.Keys.ToHashSet(StringComparer.Ordinal), rulesRead, _context.Names.Kept);
    }

    private IEnumerable<string> Forgotten(string section, IReadOnlyList<StateRule> before) => _text.Section(section) is null ? before.Select(s => s.Name) : [];

    private Edition ReadHead(Documentation doc)
    {
        var countsFrom = _context.Plain.At(_text.Keys.Find("counts-from"), "`counts-from`", _vocabulary.Zone);
        if (_text.Keys.Find("counts-from") is { } node && _before.Count > 0)
        {
            _context.Error(
                "counts-from", node.Place, $"`counts-from` stands in an edition that comes after edition `{_before[^1].Edition.Name}`",
                "Only the first edition can count earlier facts: those of a later one count by the editions before it. Take the line out.");
        }
        else if (countsFrom > _text.Effective)
        {
            _context.Error("counts-from", _text.Keys.Find("counts-from")!.Place, "`counts-from` is after `effective`", "Write the date from which facts count, or take the line out.");
        }
        var published = _context.Plain.At(_text.Keys.Find("published"), "`published`", _vocabulary.Zone);
        var title = _context.Plain.Phrase(_text.Keys.Find("title"), "`title`");
        return new(
            _text.Name, "", _text.Effective, countsFrom ?? _text.Effective, published ?? _text.Effective, _text.Draft, doc with { Place = _text.Place },
            [], [], [], [], [], [], [], [], [], _context.Names.Tables)
        { Title = title, Calendar = Calendar.Of(_vocabulary.Zone) };
    }

    private Edition Finish(Edition edition)
    {
        if (new EditionOrder(_context).Sort(edition) is not { } sorted) { return edition; }
        MoneyCheck.Check(sorted, _context);
        RungCheck.Check(sorted, _context.Problems);
        BitsCheck.Check(sorted, _context);
        return _context.Problems.ErrorCount > 0 ? sorted : new Identity(_vocabulary, sorted).Sign();
    }
}
